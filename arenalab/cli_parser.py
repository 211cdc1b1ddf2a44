"""The parser of every command: one form of help, and what is wrong with the arguments is one line."""

from __future__ import annotations

import argparse
import shutil
import textwrap
from pathlib import Path
from typing import Any, NoReturn, Self

from arenalab.cli_commands import DIFFERS, DONE, INTERRUPTED, REFUSED, Command, command_of

WIDEST = 100  #: columns of a help text.
MOST = 1_000_000  #: of whatever is asked for in numbers.


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose error is one line; exit status 2. An option is written whole: a part of one is none."""

    def __init__(self, **how: Any) -> None:
        """Take what ArgumentParser takes; help keeps the lines of its end as they are."""
        usual: dict[str, Any] = {"formatter_class": _Formatter, "allow_abbrev": False}
        super().__init__(**usual | how)
        self.register("type", Path, path)
        self.register("type", float, positive)

    @classmethod
    def of(cls, name: str, about: str = "", **how: Any) -> Self:
        """Make the parser of a command; `about` says more than its one line does."""
        command = command_of(name)
        return cls(
            prog=f"arenalab {name}",
            description=textwrap.fill(" ".join((about or _sentence(command.what)).split()), columns()),
            epilog=f"{examples(command.examples)}\n\n{statuses(command)}",
            **how,
        )

    def error(self, message: str) -> NoReturn:
        """End the process with one line on stderr, and with the option that was meant where one is near."""
        self.exit(REFUSED, f"{self.prog}: {message}{self._meant(message)}; try {self.prog} --help\n")

    def _meant(self, message: str) -> str:
        """Return a hint for an option that is not known, "" where none is like it."""
        _, unknown, given = message.partition("unrecognized arguments: ")
        if not unknown or not given.startswith("-"):
            return ""
        from difflib import get_close_matches  # noqa: PLC0415  # rarely needed

        near = get_close_matches(given.split()[0].partition("=")[0], self._option_string_actions, 1)
        return f" (did you mean {near[0]}?)" if near else ""


def path(text: str) -> Path:
    """Read the path of a file or folder.

    Raises:
        ArgumentTypeError: it is empty, as a variable that is not set leaves it.

    """
    if not text:
        raise argparse.ArgumentTypeError("got ''; expected the path of a file or folder")
    return Path(text)


def positive(text: str) -> float:
    """Read a number above 0.

    Raises:
        ArgumentTypeError: no such number.

    """
    number = float(text)
    if not 0 < number <= MOST:
        raise argparse.ArgumentTypeError(f"got {text!r}; expected a number above 0, at most {MOST:,}")
    return number


def count(text: str) -> int:
    """Read how many, 1 or more.

    Raises:
        ArgumentTypeError: no such whole number.

    """
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:20]) <= MOST:
        raise argparse.ArgumentTypeError(f"got {text!r}; expected a whole number from 1 to {MOST:,}")
    return int(text)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """As wide as the terminal, up to where lines are still read easily."""

    def __init__(self, prog: str, **how: Any) -> None:
        super().__init__(prog, **{"width": columns(), "max_help_position": 28} | how)


def columns() -> int:
    """Return the columns of a help text."""
    return min(shutil.get_terminal_size().columns - 2, WIDEST)


def examples(lines: tuple[str, ...]) -> str:
    """Return the end of a help text that shows how a command is called; what is said of each stands in one column."""
    told = [line.partition("  # ") for line in lines]
    width = max(len(call) for call, _, _ in told)
    shown = [f"  {call:<{width}}  # {said}" if said else f"  {call}" for call, _, said in told]
    return "\n".join(["examples:", *shown])


def statuses(command: Command) -> str:
    """Return what a command's exit statuses mean; as all have them in common, `arenalab --help` says more."""
    own = [f"{DIFFERS} {command.differs}"] if command.differs else []
    said = f"exit status: {'; '.join([f'{DONE} done', *own, f'{REFUSED} refused', f'{INTERRUPTED} interrupted'])}"
    return textwrap.fill(f"{said}; {command.status}" if command.status else said, columns())


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('?') else '.'}"
