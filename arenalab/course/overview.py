"""Overview: the map of the course, and how far its reader is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from arenalab.course.progress import Progress
from arenalab.course.registry import families
from arenalab.explore.bundle import Shown, alive


@dataclass(frozen=True)
class Line:
    """One chapter: how many kinds of exercises it has, tried and right at the first try."""

    chapter: int
    titles: tuple[str, ...]  #: of its kinds of exercises.
    tried: int = 0  #: kinds that were tried.
    right: int = 0  #: kinds that were right at the first try.


class Overview(Shown):
    """Shows which exercises each chapter has; where a kernel runs, also how they went."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read the progress file in `folder`; None is the notebook's folder."""
        self.progress = Progress(folder)

    def lines(self, verdicts: dict[str, dict[str, bool]]) -> list[Line]:
        """Return a line for each chapter, counted from verdicts by family and seed."""
        chapters = sorted({it.chapter for it in families()})
        return [self._line(chapter, verdicts) for chapter in chapters]

    @staticmethod
    def _line(chapter: int, verdicts: dict[str, dict[str, bool]]) -> Line:
        kinds = sorted(
            families(chapter), key=lambda kind: kind.name.startswith("build-")
        )  # last, as in a chapter
        given = [right for kind in kinds for right in verdicts.get(kind.name, {}).values()]
        return Line(chapter, tuple(kind.title for kind in kinds), len(given), sum(given))

    def __repr__(self) -> str:
        """List the exercises without their progress: the same text for every reader."""
        return "\n".join(f"{line.chapter:>2}  {'; '.join(line.titles)}" for line in self.lines({}))

    def shown_widget(self) -> Any:
        """Return the reader's own table as a widget."""
        verdicts, trouble = self.progress.read()
        told = f"<p>{escape(trouble)}</p>" if trouble else ""
        return alive("overview", widgets.HTML(_table(self.lines(verdicts), own=True) + told))

    def kept(self) -> str:
        """Return the table without progress: the same for every reader."""
        return _table(self.lines({}), own=False)


OWN = '<td style="white-space: nowrap">{}</td>'


def _table(lines: Iterable[Line], *, own: bool) -> str:
    """Write the lines as a table; `own` adds how far the reader is."""
    head = (
        '<tr><th>Chapter</th><th style="text-align: left">Exercises</th>'
        + ("<th>You</th>" if own else "")
        + "</tr>"
    )
    rows = "".join(
        f'<tr><td>{line.chapter}</td><td style="text-align: left">{escape(" · ".join(line.titles))}</td>'
        f"{OWN.format(_how(line)) if own else ''}</tr>"
        for line in lines
    )
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _how(line: Line) -> str:
    return f"{line.right} of {line.tried} right at the first try" if line.tried else "not tried yet"
