"""The log of answers: a file of JSON lines in the notebook's folder, written only when the reader asks for it.

Rules:
1. Nothing is written unless `keep` is called, and nothing leaves the machine.
2. A line holds what is listed in `Sheet`: no time, no name but the code word that the reader chose.
3. A line that can't be read is passed over and counted; the file is only ever added to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from arenalab.asked import instance, one_of, path_of
from arenalab.course.inventory.item import Item
from arenalab.errors import ArgumentError, ScenarioError
from arenalab.go.versions import NEWEST, VERSIONS

FILE = "arenalab-inventory.jsonl"
FORM = "arenalab inventory"  #: key of a line's version, so that no other file is taken for one.
OCCASIONS = ("before", "after")
LONGEST_WORD = 40  #: characters of a code word.


@dataclass(frozen=True)
class Sheet:
    """The answers that one person gave on one occasion."""

    occasion: str  #: "before" the course or "after" it.
    word: str  #: a code word by which one person's two sheets are found; "" without one.
    go: str = NEWEST  #: version of Go that the answers are about.
    answers: dict[str, str] = field(
        default_factory=dict
    )  #: item -> key of the choice; one left out is missing.

    def __post_init__(self) -> None:
        """Check what each part is.

        Raises:
            ArgumentError: a part of the wrong kind.

        """
        if self.occasion not in OCCASIONS:
            raise ArgumentError("occasion", self.occasion, f"one of {', '.join(OCCASIONS)}")
        one_of("go", self.go, VERSIONS, "a version of Go")
        if len(instance("word", self.word, str, "a text")) > LONGEST_WORD:
            raise ArgumentError("word", self.word, f"a text of at most {LONGEST_WORD} characters")
        if not _is_texts(self.answers):
            raise ArgumentError("answers", self.answers, "a table of items to keys of choices")

    def right(self, items: Iterable[Item]) -> dict[str, bool]:
        """Return of each item that was answered whether it was right, under its version of Go."""
        return {
            item.name: self.answers[item.name] == item.right(self.go)
            for item in items
            if item.name in self.answers
        }


def keep(sheet: Sheet, folder: Path | None = None) -> Path:
    """Add a sheet to the log in a folder, the notebook's without one; return the file.

    Raises:
        OSError: it can't be written.

    """
    path = log_path(folder)
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps({FORM: 1, **asdict(sheet)}, sort_keys=True) + "\n")
    return path


def read_kept(folder: Path | None = None) -> tuple[list[Sheet], int]:
    """Return the sheets of the log in a folder, and how many of its lines can't be read; none without a log."""
    try:
        lines = log_path(folder).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return [], 0
    sheets = [_sheet(line) for line in lines if line.strip()]
    return [sheet for sheet in sheets if sheet is not None], sheets.count(None)


def log_path(folder: Path | None = None) -> Path:
    """Return where the log of a folder is, or would be."""
    return (Path.cwd() if folder is None else path_of("folder", folder)) / FILE


def _sheet(line: str) -> Sheet | None:
    try:
        held: Any = json.loads(line)
        if held.pop(FORM) != 1:
            return None
        return Sheet(**held)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ScenarioError):
        return None


def _is_texts(given: Mapping[str, str]) -> bool:
    return isinstance(given, dict) and all(isinstance(text, str) for pair in given.items() for text in pair)


# before and after


@dataclass(frozen=True)
class Change:
    """What a group answered before and after, as far as both sheets of a person are there."""

    people: int  #: with a sheet of both occasions.
    before: float  #: mean share of right answers; NaN without anybody.
    after: float  #: the same, after.
    items: dict[str, tuple[int, int]]  #: item -> people who had it right before, and after.

    def text(self) -> str:
        """Describe it in a line that claims no more than was counted."""
        if not self.people:
            return "Nobody has answered both before and after: nothing can be said of a change."
        share = f"{self.before:.0%} right before, {self.after:.0%} after"
        return f"{self.people} answered twice: {share}. Without a group that had no course, that says nothing of why."


def change(sheets: Iterable[Sheet], items: Iterable[Item]) -> Change:
    """Compare the sheets of people who answered twice; of several on one occasion the last counts.

    A sheet without a code word can't be joined to another and is left out.
    """
    items, by_word = list(items), dict[str, dict[str, Sheet]]()
    for sheet in sheets:
        if sheet.word:
            by_word.setdefault(sheet.word, {})[sheet.occasion] = sheet
    pairs = [[held[one].right(items) for one in OCCASIONS] for held in by_word.values() if len(held) == 2]
    shares = [sum(sum(right.values()) for right in side) / len(items) for side in zip(*pairs, strict=True)]
    before, after = (share / len(pairs) for share in shares) if pairs else (float("nan"),) * 2
    counts = {
        item.name: (sum(p[0].get(item.name, False) for p in pairs), sum(p[1].get(item.name, False) for p in pairs))
        for item in items
    }  # fmt: skip
    return Change(len(pairs), before, after, counts)
