"""Controls as data: what a reader can choose beside the steps. The page draws them; a value is a trait's.

Rule: a control has words and a hint, so that a screen reader finds it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

BAR, MORE = "bar", "more"  #: in the first row of controls, or behind "⋯".


@dataclass(frozen=True)
class Control:
    """What all controls have in common."""

    name: str  #: of the trait that it sets, or of what it does.
    label: str  #: words beside it.
    hint: str  #: what it is for, in some words more.
    place: str = MORE  #: BAR or MORE.
    kind: ClassVar[str] = ""

    def data(self, value: Any) -> dict[str, Any]:
        """Return it as JSON data, with the value that it shows."""
        its = {"name": self.name, "kind": self.kind, "label": self.label, "hint": self.hint}
        return its | {"place": self.place, "value": value}


@dataclass(frozen=True)
class Choice(Control):
    """One of some values; `options` are values that are their own words, or (words, value)."""

    options: Sequence[Any] = ()
    kind = "choice"

    def data(self, value: Any) -> dict[str, Any]:
        """Return it as JSON data; a value that is not on offer joins the others."""
        pairs = [list(it) if isinstance(it, tuple) else [it, it] for it in self.options]
        if value not in [offered for _, offered in pairs]:
            pairs.append([str(value), value])
        return super().data(value) | {"options": pairs}


@dataclass(frozen=True)
class Toggle(Control):
    """On or off."""

    kind = "toggle"


@dataclass(frozen=True)
class Number(Control):
    """A whole number from `low` to `high`; None, an empty field, where that means something."""

    low: int = 0
    high: int = 0
    step: int = 1
    kind = "number"

    def data(self, value: Any) -> dict[str, Any]:
        """Return it as JSON data."""
        return super().data(value) | {"min": self.low, "max": self.high, "step": self.step}


@dataclass(frozen=True)
class Text(Control):
    """A line of text."""

    kind = "text"


@dataclass(frozen=True)
class Press(Control):
    """A button; the page sends {"kind": "do", "name": its name}."""

    kind = "button"
