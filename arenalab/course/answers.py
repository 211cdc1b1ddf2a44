"""Kinds of answers: how a reader gives one, how it is read, how it is written.

Rule: `read(show(value)) == value` for every value of a kind, and `read` raises a
ScenarioError that tells what to write instead. A mistyped answer does not count as an attempt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from numbers import Integral
from typing import Any, ClassVar

from arenalab.errors import ScenarioError, shown
from arenalab.units import hex_addr

WORD_BITS = 64
LONGEST = 200  #: characters of a number; the longest that is asked for has 64.


def _typed(given: Any) -> str:
    """Return what was typed, or a number as it would be; "" for what is no number or too long for one."""
    if isinstance(given, bool) or not isinstance(given, Integral | str):
        return ""
    if isinstance(given, Integral) and abs(int(given)) >= 2 ** (3 * LONGEST):
        return ""
    text = str(given)
    return text.strip().lower() if len(text) <= LONGEST else ""


@dataclass(frozen=True)
class Answer:
    """How a question is to be answered; `label` names the field that the reader fills in."""

    label: str = "Your answer"
    block: ClassVar[bool] = False  #: whether values are texts of several lines.

    def how(self) -> str:
        """Describe briefly what an answer looks like."""
        raise NotImplementedError

    def read(self, given: Any) -> Any:
        """Return the value of what the reader gave.

        Raises:
            ScenarioError: it is no such answer; the text says what one looks like.

        """
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """Write a value as the reader would."""
        return str(value)

    def others(self, value: Any) -> Iterator[Any]:
        """Yield a few values of the same kind other than `value`: what a wrong answer may be."""
        near = (value - 1, value + 1, value + 8, value * 2 + 1, 0)
        return (other for other in near if other >= 0 and other != value)


@dataclass(frozen=True)
class Choice(Answer):
    """One of several texts."""

    options: tuple[str, ...] = ()  #: what can be chosen.

    def how(self) -> str:
        """List the options."""
        return f"one of: {'; '.join(self.options)}"

    def read(self, given: Any) -> str:
        """Return the option chosen."""
        if not isinstance(given, str) or given not in self.options:
            raise ScenarioError("choose one of the answers first")
        return given

    def others(self, value: str) -> Iterator[str]:
        """Yield the other options."""
        return (option for option in self.options if option != value)


def choice(*options: str, label: str = "Your answer") -> Choice:
    """Return a choice among texts: `choice("front", "back")`."""
    return Choice(label, options)


def which_list() -> Choice:
    """Return a choice among the places where a chunk can be."""
    return choice("active", "full", "reuse", "fault", "quarantine", "ready", label="The chunk's list")


@dataclass(frozen=True)
class Several(Answer):
    """Any number of several texts, also none; a value is a frozenset."""

    options: tuple[str, ...] = ()  #: what can be chosen.

    def how(self) -> str:
        """List the options."""
        return f"none, one or more of: {'; '.join(self.options)}"

    def read(self, given: Any) -> frozenset[str]:
        """Return the options chosen, given as texts or as one text that `show` wrote."""
        if isinstance(given, str):
            given = () if given == "none" else given.split("; ")
        if not isinstance(given, Iterable):
            raise ScenarioError(f"{shown(given)}: choose among {'; '.join(self.options)}")
        chosen = list(given)
        for it in chosen:
            if not isinstance(it, str) or it not in self.options:
                raise ScenarioError(f"{shown(it)}: choose among {'; '.join(self.options)}")
        return frozenset(chosen)

    def show(self, value: Iterable[str]) -> str:
        """Write the options in the order in which they were offered."""
        return "; ".join(option for option in self.options if option in set(value)) or "none"

    def others(self, value: frozenset[str]) -> Iterator[frozenset[str]]:
        """Yield what differs from `value` in one option."""
        return (value.symmetric_difference({option}) for option in self.options)


def several(*options: str, label: str = "All that apply") -> Several:
    """Return a choice of any number of texts."""
    return Several(label, options)


@dataclass(frozen=True)
class Whole(Answer):
    """A whole number, of `unit` if one is named."""

    unit: str = ""

    def how(self) -> str:
        """Name the unit."""
        return f"a whole number{f' of {self.unit}' if self.unit else ''}"

    def read(self, given: Any) -> int:
        """Read a number; 8,388,608 and 8_388_608 and 0x800000 are the same."""
        text = _typed(given).replace(",", "").replace("_", "").replace(" ", "")
        for unit in (self.unit, self.unit.removesuffix("s")):
            text = text.removesuffix(unit.lower().replace(" ", ""))
        try:
            return int(text, 16) if text.startswith("0x") else int(text)
        except ValueError:
            raise ScenarioError(f"{shown(given)} is not {self.how()}, such as 24") from None

    def show(self, value: int) -> str:
        """Write the number with its unit: "1 byte", "24 bytes"."""
        unit = self.unit.removesuffix("s") if value == 1 else self.unit
        return f"{value:,} {unit}".strip()


@dataclass(frozen=True)
class Offset(Answer):
    """An offset or an address, in hex."""

    label: str = "Offset"  #: what stands before the field.

    def how(self) -> str:
        """Show one."""
        return "a number in hex, such as 0x18"

    def read(self, given: Any) -> int:
        """Read a hex number; without 0x it could be meant as a decimal one, so it is refused."""
        text = _typed(given).replace("_", "")
        try:
            if text.startswith("0x"):
                return int(text, 16)
        except ValueError:
            pass
        raise ScenarioError(f"{shown(given)}: write the number in hex with 0x in front, such as 0x18")

    def show(self, value: int) -> str:
        """Write it as Go prints addresses."""
        return hex_addr(value)


@dataclass(frozen=True)
class Bits(Answer):
    """A word of 64 bits as text, the bit of the lowest address last, as in a number."""

    label: str = "Bits"  #: what stands before the field.

    def how(self) -> str:
        """Show both ways to write one."""
        return "64 bits, the highest first: in hex such as 0x2b, or as 0 and 1 such as 101011"

    def read(self, given: Any) -> int:
        """Read hex after 0x, else 0s and 1s; leading zeros may be left out, spaces and _ put in."""
        text = "".join(_typed(given).replace("_", "").split())
        try:
            value = int(text, 16) if text.startswith("0x") else int(text.removeprefix("0b"), 2)
        except ValueError:
            raise ScenarioError(f"{shown(given)} is not {self.how()}") from None
        if not 0 <= value < 2**WORD_BITS:
            raise ScenarioError(f"{shown(given)} has more than {WORD_BITS} bits")
        return value

    def others(self, value: int) -> Iterator[int]:
        """Yield words that differ from `value` in one bit."""
        turned = (2**bit * (-1 if value // 2**bit % 2 else 1) for bit in (0, 1, WORD_BITS - 1))
        return (value + change for change in turned)

    def show(self, value: int) -> str:
        """Write all digits in hex, as the heap bitmap explorer does."""
        return f"{value:#018x}"
