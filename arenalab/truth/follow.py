"""One machine that follows a recording and compares what Go reported on its way.

Rule: what the model does is decided by the operations and by the schedule given, never
by what Go reported.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

from arenalab.errors import RecordingError, ScenarioError, shown
from arenalab.go.rule_limits import MOST_HEAP_ARENAS
from arenalab.go.rules import BuildMode, GoRules
from arenalab.go.versions import go_rules, version_of
from arenalab.machine.machine import Machine
from arenalab.machine.values import ManyValues, Types, type_table
from arenalab.truth.compare import Comparer
from arenalab.truth.counters import CounterComparer, values_of
from arenalab.truth.goroutines import Goroutines, UnderWay
from arenalab.truth.items import GoesOn, Item, Snap, Step, ValueRun
from arenalab.truth.places import compare_observed, compare_values, seen_before
from arenalab.truth.recording import Recording
from arenalab.truth.report import Report
from arenalab.truth.snapshots import SnapshotComparer
from arenalab.world.apply_forget import forget
from arenalab.world.event import Event
from arenalab.world.many_ops import ManyOps
from arenalab.world.ops import Op

Schedule = tuple[int, ...]
REMEMBERED = 100_000  #: events of a history that is not kept.


def rules_of(recording: Recording) -> GoRules:
    """Return the rules under which a recorded program ran, as far as it was recorded.

    Raises:
        RecordingError: there is no such build mode, or a Go that is not modelled made it.

    """
    mode = recording.header.get("build", "plain")
    if mode not in get_args(BuildMode):
        known = ", ".join(get_args(BuildMode))
        raise RecordingError(f"{recording.path}: 'build' is {shown(mode)}; it must be one of {known}")
    said = recording.go
    try:
        rules = go_rules(version_of(said or "1.21"), build_mode=mode, experiments=said.partition("X:")[2])
    except ScenarioError as error:
        raise RecordingError(f"{recording.path}: {error}") from None
    base = recording.first_chunk if rules.random_heap_base else None
    if base is not None and 0 <= base < rules.max_alloc and base % rules.heap_arena_bytes == 0:
        rules = replace(rules, user_arena_hint=base)
    if mode == "race":
        rules = replace(rules, heap_arenas_between=_between(recording.heap_arenas, rules))
    return replace(rules, gogc=-1, heap_known=not recording.partial)


def _between(bases: list[int], rules: GoRules) -> tuple[int, ...]:
    """Return how many heap arenas lie before each of those at `bases`; none where they can't be so."""
    ends = [base + rules.heap_arena_bytes for base in (rules.heap_hint, *bases)]
    gaps = [divmod(base - end, rules.heap_arena_bytes) for base, end in zip(bases, ends, strict=False)]
    can_be = all(0 <= gap <= MOST_HEAP_ARENAS and not odd for gap, odd in gaps)
    return tuple(gap for gap, _ in gaps) if can_be else ()


class Follower:
    """A machine, its comparers and its report; `fork` makes one that tries another schedule."""

    def __init__(self, recording: Recording, *, in_bulk: bool, keep: bool = True) -> None:
        """Stand before the first row of a recording; without `keep` the history is forgotten as the World goes on."""
        self.recording, self.keep, self.in_bulk = recording, keep, in_bulk
        self.machine = Machine(rules_of(recording), in_bulk=in_bulk)
        self.machine.history.ops = ManyOps()
        self.facts = Comparer(Report(), self.machine, recording.path)
        self.counters = CounterComparer(self.facts)
        bits = str(recording.header.get("bits"))
        self.snaps = SnapshotComparer(self.facts, self.counters, recording.start, bits=bits)
        self.goroutines = Goroutines(self.machine, several=recording.several)
        self.types: Types | None = None  #: of the recording, made when a run of values asks for it.
        self.refused = False  #: the model can't do an operation; nothing after it is followed.
        self.why = ""  #: where and why it was refused.
        #: Counters before the first operation whose row tells no change, and what happened since.
        self.untold: tuple[dict[str, int], list[Event]] | None = None
        self.schedules: dict[int, Schedule] = {}  #: operation at which orders differ -> the one taken.
        self.remember = REMEMBERED  #: events after which the history is forgotten.

    @property
    def report(self) -> Report:
        """What was found so far."""
        return self.facts.report

    def fork(self) -> Follower:
        """Return a follower that stands at the same row and has found the same; its history begins there."""
        twin = Follower.__new__(Follower)
        twin.recording, twin.refused, twin.schedules = self.recording, self.refused, dict(self.schedules)
        twin.why = self.why
        twin.machine, twin.untold = self.machine.fork(), self.untold
        twin.keep, twin.in_bulk, twin.types, twin.remember = (
            self.keep,
            self.in_bulk,
            self.types,
            self.remember,
        )
        twin.goroutines = Goroutines(twin.machine, several=self.goroutines.several)
        twin.facts = self.facts.fork(twin.machine)
        twin.counters = self.counters.fork(twin.facts)
        twin.snaps = self.snaps.fork(twin.facts, twin.counters)
        return twin

    def take(self, item: Item, op: Op | None = None) -> list[Event]:
        """Follow one row; `op` stands in for a step's own, with a schedule that the row doesn't tell."""
        if self.refused:
            return []
        if isinstance(item, Step):
            events = self._step(item, op or item.op)
        else:
            events = []
            self._other(item)
        if not self.keep and len(self.machine.history.events) >= self.remember:
            self.forget()
        return events

    def _other(self, item: Item) -> None:
        if isinstance(item, Snap):
            self.facts.at(item.line, item.after)
            self.snaps.compare(self.machine.world, item.seen)
        elif isinstance(item, ValueRun):
            self._values(item)
        elif isinstance(item, GoesOn):
            self._go_on(item)

    def _refuse(self, why: str) -> list[Event]:
        """Note that the model can't do what the row says, nor what follows."""
        self.facts.fact("operation", f"refused: {why}", "done")
        self.refused, self.why = True, f"{self.facts.where}: operation {self.facts.op + 1}: {why}"
        return []

    def _step(self, item: Step, op: Op) -> list[Event]:
        """Do one operation, or its first part, and compare; note when the model refuses it."""
        self.facts.at(item.line, item.index, op)
        self.report.operations += 1
        actor = self.goroutines.actor(item)
        if trouble := self.goroutines.trouble(actor, op):
            return self._refuse(trouble)
        world = self.machine.world
        counted, before = values_of(world), seen_before(world, op)
        try:
            events, done = self.goroutines.perform(actor, op, item.until)
        except ScenarioError as error:
            return self._refuse(str(error))
        now = UnderWay(item, op, before, counted, events)
        if not done:
            self.goroutines.under_way[actor] = now
        if item.until or not done:
            self._stands(item.until, done=done)
        if done:
            self._compare(now)
        return events

    def _stands(self, until: str, *, done: bool) -> None:
        """Compare whether an operation is done where the recording has its end, and only there."""
        model, go = ("is done" if ended else f"stops at {until!r}" for ended in (done, not until))
        self.facts.fact("schedule", model, go, label="the operation")

    def _go_on(self, item: GoesOn) -> None:
        self.facts.at(item.line, self.facts.op)
        try:
            now, done = self.goroutines.go_on(item)
        except ScenarioError as error:
            self.facts.what = f"goroutine {item.goroutine} goes on"
            self._refuse(str(error))
            return
        self.facts.at(item.line, now.step.index, now.op)
        self._stands(item.until, done=done)
        if done:
            self._compare(now)

    def _compare(self, now: UnderWay) -> None:
        """Compare what Go reported of an operation that is done."""
        partial = self.recording.partial
        compare_observed(
            self.facts, self.machine, now.step.seen, now.op, now.before, now.events, partial=partial
        )
        self._counted(now.step.seen, now.counted, now.events)

    def _values(self, item: ValueRun) -> None:
        """Allocate values in turn and compare their places."""
        self.facts.at(item.line, item.index, item.ops[0])
        self.report.operations += len(item)
        actor = self.goroutines.number(item.goroutine)
        if trouble := self.goroutines.trouble(actor, item.ops[0]):
            self._refuse(trouble)
            return
        if self.types is None:
            self.types = type_table(item.types, self.machine.rules)
        first = self.machine.world.ledger.count
        values = ManyValues(self.types, item.user_arena, item.values.types, item.values.caps, item.ops)
        try:
            values.perform(self.machine, actor, in_bulk=self.in_bulk)
        except ScenarioError as error:
            self._refuse(str(error))
            return
        compare_values(self.facts, self.machine.world, item, first)

    def _counted(self, seen: dict[str, Any], before: dict[str, int], events: list[Event]) -> None:
        """Compare what an operation changed; where rows tell nothing while sweeping is due, what they did in all."""
        if "d" in seen:
            before, earlier = self.untold or (before, [])
            self.untold = None
            self.counters.compare_changes(self.machine.world, before, seen["d"], earlier + events)
        elif self.recording.partial:
            self.facts.skip("counters not looked at in this recording")
        else:
            first, earlier = self.untold or (before, [])
            self.untold = first, earlier + events

    def forget(self) -> bool:
        """Go on from the World alone; return False where somebody is within an operation, and nothing is forgotten."""
        machine = self.machine
        if machine.within or machine.cycle_beside:
            return False
        fresh = Machine(machine.rules, start=forget(machine.world), in_bulk=self.in_bulk)
        fresh.named, fresh.history.ops = machine.named, ManyOps()
        fresh.bind()
        self.machine = self.facts.machine = self.goroutines.machine = fresh
        self.remember = max(REMEMBERED, 4 * len(fresh.world.user_arenas))
        return True
