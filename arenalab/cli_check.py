"""`arenalab check FILE...`: recordings beside the model, scenarios beside their own expectations."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from arenalab.errors import ArenaLabError, ScenarioError
from arenalab.file_kind import HISTORY, SCENARIO, TRACE, known_kind
from arenalab.progress_line import ProgressLine
from arenalab.scenarios.read import read_scenario
from arenalab.scenarios.run import checked
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording
from arenalab.truth.report import Report

NOTHING_OF_GO = {
    HISTORY: "a saved history is what the model did and holds no fact of real Go",
    TRACE: "a trace is a program and holds no fact of real Go",
}


class Files:
    """What came of all files so far."""

    def __init__(self, *, in_bulk: bool) -> None:
        """Begin with nothing; `in_bulk` solves long runs at once, certified."""
        self.in_bulk = in_bulk
        self.total = Report()
        self.scenarios = self.broken = self.unread = 0

    def check(self, path: Path) -> None:
        """Compare one file and print what came of it; one that can't be read is told of and counted."""
        try:
            self._check(path)
        except (ArenaLabError, OSError) as trouble:
            text = str(trouble)
            print(f"arenalab check: {text if str(path) in text else f'{path}: {text}'}", file=sys.stderr)
            self.unread += 1

    def _check(self, path: Path) -> None:
        kind = SCENARIO if path.suffix == ".toml" else known_kind(path)
        if kind in NOTHING_OF_GO:
            raise ScenarioError(f"{path}: {NOTHING_OF_GO[kind]}; `arenalab lab {path}` shows it")
        if kind == SCENARIO:
            self._scenario(path)
        elif not kind and not _looks_like_rows(path):
            raise ScenarioError(f"{path}: neither a recording (`arenalab record` makes one) nor a scenario")
        else:
            self._recording(path)

    def _recording(self, path: Path) -> None:
        with ProgressLine() as line:
            line.show(f"{path}: reading")
            recording = load_recording(path)
            report = check(recording, in_bulk=self.in_bulk, steps=lambda items: line.over(items, "rows"))
        print("\n".join([*report.lines()[:-1], f"{path}: {report.summary()}"]))
        self.total.add(report)

    def _scenario(self, path: Path) -> None:
        scenario = read_scenario(path)
        complaints = checked(scenario)
        self.scenarios += 1
        self.broken += bool(complaints)
        number = len(scenario.expected)
        told = f"{number} expectation{'' if number == 1 else 's'}, {len(complaints)} broken"
        print("\n".join([*complaints, f"{path}: a scenario, no real Go in it: {told}"]))

    def summary(self) -> str:
        """Return the line about all files."""
        parts = [self.total.summary()] if self.total.facts or not self.scenarios else []
        if self.scenarios:
            parts.append(f"scenarios: {self.scenarios - self.broken} of {self.scenarios} hold")
        if self.unread:
            parts.append(f"files that can't be checked: {self.unread}")
        return "; ".join(parts)

    @property
    def status(self) -> int:
        """Return the exit status: 2 when a file could not be read, 1 when something differs, else 0."""
        if self.unread:
            return 2
        compared = self.total.ok if self.total.facts or not self.scenarios else True
        return 0 if compared and not self.broken else 1


def _looks_like_rows(path: Path) -> bool:
    """Tell whether a file may be rows of JSON, even if there is no telling which or they are cut off."""
    with path.open("rb") as file:
        return file.read(1) in {b"{", b""}


def check_files(paths: Sequence[Path], *, in_bulk: bool = True) -> int:
    """Check files one by one; print the first difference of each, and of several a summary; return the exit status."""
    files = Files(in_bulk=in_bulk)
    for path in paths:
        files.check(path)
    if len(paths) > 1:
        print(files.summary())
    return files.status
