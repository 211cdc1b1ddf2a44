"""Report: how much was compared, how much skipped and why, and what differed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from arenalab.names import Named
from arenalab.units import counted, plainly

KEPT = 20  #: differences that are kept whole; the rest are counted.
STORY = 12  #: events of a chunk's story that are shown.


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact on which the model and Go disagree."""

    where: str  #: file and line.
    op: int  #: index of the operation, from 0; −1 for what is of none.
    what: str  #: the operation, as a call.
    fact: str  #: name of the fact.
    model: Any  #: what the model has.
    go: Any  #: what Go reported.
    story: tuple[str, ...] = ()  #: what happened to the chunk before, latest last.

    def lines(self) -> list[str]:
        """Return the difference as lines of text."""
        asked = f"operation {self.op + 1} {self.what}" if self.op >= 0 else self.what
        head = f"{self.where}: {asked}: {self.fact}"
        told = [f"    {line}" for line in self.story]
        return [head, f"  model: {_brief(self.model)}", f"  Go:    {_brief(self.go)}", *told]


def _brief(value: Any) -> str:
    written = value if isinstance(value, str) else repr(value)
    return written if len(written) <= 200 else written[:197] + "..."


@dataclass(slots=True)
class Report(Named):
    """What `check` found; `ok` is true when something was compared and nothing differed."""

    offered: ClassVar[tuple[str, ...]] = (
        *("compared", "different", "differences", "facts", "lines", "ok", "operations", "remarks", "skipped"),
        *("schedules", "summary"),
    )

    operations: int = 0  #: that were performed.
    compared: Counter[str] = field(default_factory=Counter)  #: fact name -> how often.
    skipped: Counter[str] = field(default_factory=Counter)  #: fact name and why -> how often.
    differences: list[Difference] = field(default_factory=list)  #: the first ones.
    different: int = 0  #: how many in all.
    schedules: Counter[str] = field(default_factory=Counter)  #: who ran first, as read off -> how often.
    read_off: str = ""  #: a sentence about the version of Go, where the file doesn't say it.
    missing: str = ""  #: a sentence about what is missing of the run's end.
    stopped: str = ""  #: why what follows was not compared, though the model did not differ.
    empty: int = 0  #: runs without operations.

    @property
    def facts(self) -> int:
        """Number of facts compared."""
        return sum(self.compared.values())

    @property
    def ok(self) -> bool:
        """Whether facts were compared, of every run, and all agree."""
        return self.different == 0 and self.facts > 0 and not self.empty and not self.stopped

    def copy(self) -> Report:
        """Return a report that goes on by itself."""
        return replace(
            self,
            compared=Counter(self.compared),
            skipped=Counter(self.skipped),
            differences=list(self.differences),
        )

    def add(self, other: Report) -> None:
        """Take another file's report in."""
        self.operations += other.operations
        self.compared += other.compared
        self.skipped += other.skipped
        self.schedules += other.schedules
        self.different += other.different
        self.empty += other.empty
        self.missing, self.stopped = self.missing or other.missing, self.stopped or other.stopped
        self.read_off = self.read_off or other.read_off
        self.differences += other.differences[: KEPT - len(self.differences)]

    def summary(self) -> str:
        """Return the one line that says it all."""
        names = ", ".join(f"{name} {count}" for name, count in sorted(self.skipped.items()))
        orders = ", ".join(
            f"{name} at {counted(count, 'collection')}" for name, count in sorted(self.schedules.items())
        )
        return (
            f"compared {plainly(self.facts, 'fact')} over {plainly(self.operations, 'operation')}; "
            f"skipped {sum(self.skipped.values())} ({names or 'nothing'}); "
            + (f"schedule: {orders}; " if orders else "")
            + plainly(self.different, "difference")
            + (" in what was recorded of the run" if self.missing else "")
            + (" up to where it stopped" if self.stopped else "")
        )

    def remarks(self) -> list[str]:
        """Return what the numbers don't say, a sentence each."""
        said = [self.read_off, self.missing, f"stopped at {self.stopped}" if self.stopped else ""]
        if self.empty:
            said.append("nothing was compared: the recording holds no operation")
        return list(filter(None, said))

    def lines(self) -> list[str]:
        """Return the first difference, if any, and the summary."""
        first = self.differences[0].lines() if self.differences else []
        return [*first, *self.remarks(), self.summary()]

    def __repr__(self) -> str:
        """Return how much was compared and how much differs; `print` writes all of it."""
        compared = f"{counted(self.facts, 'fact')} over {counted(self.operations, 'operation')}"
        return f"<Report: {compared}, {counted(self.different, 'difference')}>"

    def __str__(self) -> str:
        """Return the report as text."""
        return "\n".join(self.lines())
