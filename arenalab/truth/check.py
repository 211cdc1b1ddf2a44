"""check: re-execute a recorded run in the model and compare every fact that Go reported.

Rules: a fact is compared or named as skipped, never passed over; what the model
does is decided by the operations and, where two goroutines might run in either order, by an order
that is read off, counted and named (`schedules.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from arenalab.asked import called, instance
from arenalab.errors import RecordingError
from arenalab.go.rules import GoRules
from arenalab.go.versions import VERSIONS
from arenalab.install import install_command
from arenalab.machine.machine import Machine, collector_at_rest
from arenalab.syntax.compare import row_facts
from arenalab.truth import rows
from arenalab.truth.cases import compare_case
from arenalab.truth.claims import compare_goroutines
from arenalab.truth.compare import Comparer
from arenalab.truth.follow import Follower
from arenalab.truth.items import Item, Step, ValueRun
from arenalab.truth.raced import Race, race_in
from arenalab.truth.real import real_of
from arenalab.truth.recording import Recording
from arenalab.truth.report import Report
from arenalab.truth.schedules import Followers
from arenalab.truth.sites import sites_of
from arenalab.truth.type_rows import declarations as declared
from arenalab.truth.unsaid import missing_end, on_the_heap
from arenalab.units import counted
from arenalab.world import ops
from arenalab.world.history import History

MOST_EVENTS = 200_000  #: of a history that is shown: a few seconds' work.
Steps = Callable[[Sequence[Item]], Iterator[Item]]


@called
def check(recording: Recording, *, in_bulk: bool = True, steps: Steps = iter) -> Report:
    """Re-execute a recording and compare; `in_bulk` solves long runs at once, certified.

    `steps` hands on the operations and snapshots one by one: a progress bar, say.

    Raises:
        RecordingError: a row is not what the format says.

    """
    keep = not _recording(recording).partial
    return Checker(recording, in_bulk=in_bulk, keep=keep).run(steps)


@called
def history_of(recording: Recording, *, in_bulk: bool = True, first: int = 0) -> History:
    """Return the model's history of a recorded run, for views and explorers; it says where Go reported otherwise.

    Of a very long run it holds a part, and says which: what comes after the first `first` operations, 200,000
    events. The operations before are performed and forgotten.

    Raises:
        RecordingError: an operation makes no sense where it stands; names file and line.

    """
    _recording(recording)
    history = _read_off(recording, in_bulk=in_bulk)
    if history is not None:
        return _remarked(recording, history, None)
    follower, part = _performed(recording, in_bulk=in_bulk, first=first)
    return _remarked(recording, follower.machine.history, follower.report, part)


@called
def check_and_follow(recording: Recording, *, steps: Steps = iter) -> tuple[Report, History]:
    """Compare as `check` does and return the history of that very run; where they differ, `history_of` makes one.

    Raises:
        RecordingError: as `check` and `history_of`.

    """
    checker = Checker(_recording(recording), in_bulk=True)
    report = checker.run(steps)
    if report.ok:
        return report, _remarked(recording, checker.machine.history, report)
    return report, history_of(recording)


def _remarked(recording: Recording, history: History, report: Report | None, part: str = "") -> History:
    """Have a history say what must be said of its recording, and what only that knows: lines, Go's own counters.

    `report` is what a comparison found on the way, `part` which part of the run it holds.
    """
    if not part:
        history.sites, history.real = sites_of(recording), real_of(recording)
    remarks = (part, missing_end(recording), *_of_a_program(recording, history, report))
    history.remarks = tuple(filter(None, remarks))
    return history


def _performed(recording: Recording, *, in_bulk: bool, first: int) -> tuple[Follower, str]:
    """Follow a recording from operation `first` on, as far as is kept; say which part that is, "" for all of it."""
    follower, begun, done = Follower(recording, in_bulk=in_bulk, keep=not first), first, 0
    with collector_at_rest():
        for item in recording.items:
            if not follower.keep and getattr(item, "index", -1) >= first and follower.forget():
                follower.keep, begun = True, done
            if follower.keep and _enough(follower.machine):
                return follower, _part(begun, done, recording)
            follower.take(item)
            if follower.refused:
                raise RecordingError(follower.why)
            done += len(item) if isinstance(item, ValueRun) else isinstance(item, Step)
        compare_goroutines(follower.facts, recording)
    return follower, _part(begun, done, recording) if first else ""


def _enough(machine: Machine) -> bool:
    """Return whether a history is as long as is shown; it ends where nobody is within an operation, if that comes."""
    return len(machine.history) >= MOST_EVENTS * (2 if machine.within else 1)


def _part(begun: int, done: int, recording: Recording) -> str:
    return (
        f"a part of the run: operations {begun + 1:,} to {done:,} of {recording.op_count:,}; "
        f"arenalab.history_of(recording, first={done}) shows those that follow"
    )


def _recording(given: Recording) -> Recording:
    return instance("recording", given, Recording, "a Recording; arenalab.load_recording(path) reads one")


def _of_a_program(recording: Recording, history: History, report: Report | None) -> tuple[str, ...]:
    """Return what must be said of the recording of a person's own program wherever it is shown."""
    if not recording.partial:
        return (_differing(report),)
    race = race_in(recording)
    return (on_the_heap(history), f"not to be trusted: {race.words}" if race else _differing(report))


def _differing(report: Report | None) -> str:
    """Report that the model differs from what Go reported, "" where it doesn't."""
    if report is None or not report.different:
        return ""
    first = report.differences[0]
    where = f"operation {first.op + 1:,}, {first.what}" if first.op >= 0 else first.what
    return (
        f"not to be trusted: {counted(report.different, 'difference')} between the model and what Go reported, "
        f"the first at {where}: {first.fact}"
    )


def _read_off(recording: Recording, *, in_bulk: bool) -> History | None:
    """Return the history of a run whose finalizers ran in an order that what Go reported shows; None for others."""
    if recording.partial or not any(isinstance(op, ops.Drop) for op in recording.ops):
        return None
    checker = Checker(recording, in_bulk=in_bulk)
    checker.run()
    return None if checker.followers.trunk.refused else checker.machine.history


class Checker:
    """One recording beside one machine, or several while who ran first is not known."""

    def __init__(self, recording: Recording, *, in_bulk: bool, keep: bool = True) -> None:
        """Prepare to follow a recording; without `keep` no history is kept, only what was found."""
        self.recording = recording
        self.followers = Followers(recording, in_bulk=in_bulk, keep=keep)
        self.facts = self.followers.trunk.facts
        self.race: Race | None = None  #: what was found when the first difference asked for it.

    @property
    def machine(self) -> Machine:
        """The machine whose report counts."""
        return self.followers.trunk.machine

    @property
    def report(self) -> Report:
        """What was found so far."""
        return self.followers.trunk.report

    def run(self, steps: Steps = iter) -> Report:
        """Follow the recording to its end, or to where the model can't follow."""
        with collector_at_rest():
            self._outside_the_run()
            if self.recording.header:
                self._start()
                for item in steps(self.recording.items):
                    if not self.followers.take(item) or self._raced():
                        break
                self.followers.close()
                compare_goroutines(self.facts, self.recording)
                self._say()
        return self.report

    def _raced(self) -> bool:
        """Whether the first difference has its cause in the program; what follows can't be compared then."""
        different = self.followers.best.report.different
        if not different or not self.recording.partial or self.race is not None:
            return False
        self.race = race_in(self.recording)
        if self.race is None:
            self.race = Race(-1, -1, "")
        if not self.race.words:
            return False
        self.followers.decide()
        report = self.report
        report.stopped = f"line {self.race.line}: {self.race.words}; compared up to here"
        report.differences.clear()
        report.different = 0
        return True

    def _say(self) -> None:
        """Add what the numbers of a run don't say: that there was none, or that its end is missing."""
        self.report.empty = int(not self.recording.op_count)
        if missing := missing_end(self.recording):
            self.report.missing = missing

    def _outside_the_run(self) -> None:
        """Compare types and cases; where a file doesn't say which Go made it, the newest that fits is taken."""
        if not (self.recording.type_rows or self.recording.cases):
            return
        if self.recording.go:
            self._compare_rows(self.facts, self.machine.rules)
            return
        tried = []
        for version, rules in reversed(VERSIONS.items()):
            facts = self.facts.fork(self.machine)
            facts.report = Report()
            self._compare_rows(facts, replace(rules, gogc=-1))
            tried.append((facts.report.different, version, facts.report))
            if not facts.report.different:
                break
        _, version, report = min(tried, key=lambda each: each[0])
        self.report.add(report)
        self.report.read_off = f"read as Go {version}: the file doesn't say, and no newer one fits better"

    def _compare_rows(self, facts: Comparer, rules: GoRules) -> None:
        self._types(facts, rules)
        for line, row in self.recording.cases:
            facts.at(line, -1)
            compare_case(facts, row, rules)

    def _types(self, facts: Comparer, rules: GoRules) -> None:
        """Compare each type row with what its own expression makes here."""
        rows_given = self.recording.type_rows
        if rows_given and find_spec("lark") is None:
            facts.skip(f"type (no parser: {install_command('types')})", len(rows_given))
            return
        if self.recording.partial:
            # The program's own names, whose declarations nobody recorded: taken as data.
            facts.skip("type known by its name only", len(rows_given))
            return
        declarations = declared(row for _, row in rows_given)
        for line, row in rows_given:
            facts.at(line, -1)
            facts.what = f"type {row['expr']}"
            for fact in row_facts(row, rules, declarations):
                facts.fact("type", fact.model, fact.real, label=fact.name)

    def _start(self) -> None:
        start, rules, where = self.recording.start, self.machine.rules, self.recording.path
        for name, ours in (
            ("chunk", rules.chunk.stride),
            ("maxalloc", rules.user_arena_chunk_max_alloc_bytes),
            ("heaparena", rules.heap_arena_bytes),
            ("page", rules.page_size),
        ):
            self.facts.fact("constant", ours, rows.integer(start, name, where), label=name)
        rows.text(start, "go", where)
        if self.recording.header["oracle"] > 1 and not (self.recording.partial and "sizes" not in start):
            self._sizes(rows.mapping(start, "sizes", where))
            reserve = rules.chunk.stride - rules.chunk.usable_bytes
            self.facts.fact("constant", reserve, rows.integer(start, "reserve", where), label="reserve")

    def _sizes(self, sizes: dict[str, Any]) -> None:
        rules = self.machine.rules
        for name, ours in (
            ("heapArena", rules.heap_arena_meta_bytes),
            ("userArena", rules.user_arena_handle_bytes),
            ("type", rules.type_bytes),
        ):
            self.facts.fact(
                "constant", ours, rows.integer(sizes, name, self.recording.path), label=f"sizeof {name}"
            )
        self.facts.skip("sizeof mspan, which the model has no use for", int("mspan" in sizes))
