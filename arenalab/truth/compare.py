"""Comparing facts one by one, with the story told when one differs."""

from __future__ import annotations

from copy import deepcopy
from itertools import islice
from typing import Any

from arenalab.machine.machine import Machine
from arenalab.truth.report import KEPT, STORY, Difference, Report
from arenalab.world.ops import Op


class Comparer:
    """Holds the model against what Go reported at one moment; counts into a Report."""

    def __init__(self, report: Report, machine: Machine, path: str) -> None:
        """Compare `machine`'s World with rows of the file `path`."""
        self.report = report
        self.machine = machine
        self.path = path
        self.line = 0
        self.op = -1
        self._what: object = ""

    def fork(self, machine: Machine) -> Comparer:
        """Return a comparer for a fork of the machine, with a report of its own."""
        twin = Comparer(self.report.copy(), machine, self.path)
        twin.line, twin.op, twin._what = self.line, self.op, self._what
        return twin

    def at(self, line: int, op: int, asked: Op | None = None) -> None:
        """Describe where the facts that follow come from."""
        self.line, self.op = line, op
        if asked is not None:
            self._what = asked

    @property
    def what(self) -> str:
        """The operation under comparison, as a call; it is written when somebody asks."""
        return str(self._what)

    @what.setter
    def what(self, text: str) -> None:
        self._what = text

    @property
    def where(self) -> str:
        """File and line of the row under comparison."""
        return f"{self.path}:{self.line}"

    def fact(self, name: str, model: Any, go: Any, *, label: str = "", chunk: int | None = None) -> bool:
        """Compare one fact; `name` is what it is counted under, `label` says which one it is."""
        self.report.compared[name] += 1
        if model == go:
            return True
        self.report.different += 1
        if len(self.report.differences) < KEPT:
            # A list of the World goes on changing; what is reported is how it was.
            told, story = deepcopy(model), self._story(chunk)
            self.report.differences.append(
                Difference(self.where, self.op, self.what, label or name, told, go, story)
            )
        return False

    def alike(self, name: str, ours: tuple[Any, ...], theirs: tuple[Any, ...]) -> bool:
        """Compare several facts of one name at once and count them; where any differs count none, and return False."""
        if ours != theirs:
            return False
        self.report.compared[name] += len(ours)
        return True

    def skip(self, name: str, count: int = 1) -> None:
        """Count a fact that is not compared, under a name that says why."""
        self.report.skipped[name] += count

    def _story(self, chunk: int | None) -> tuple[str, ...]:
        if chunk is None or chunk < 0:
            return ()
        latest = islice(self.machine.history.backwards(chunk), STORY)
        return tuple(reversed([str(moment) for moment in latest]))
