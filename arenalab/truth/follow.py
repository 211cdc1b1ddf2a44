"""One machine that follows a recording and compares what Go reported on its way.

Law of this file: what the model does is decided by the operations and by the schedule given, never
by what Go reported.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

from arenalab.errors import RecordingError, ScenarioError, shown
from arenalab.go.rules import BuildMode, GoRules
from arenalab.go.versions import go_rules
from arenalab.machine.machine import Machine
from arenalab.truth.compare import Comparer
from arenalab.truth.counters import CounterComparer, values_of
from arenalab.truth.places import compare_observed, seen_before
from arenalab.truth.recording import Recording, Snap, Step
from arenalab.truth.report import Report
from arenalab.truth.snapshots import SnapshotComparer
from arenalab.world.event import Event
from arenalab.world.ops import Op

Schedule = tuple[int, ...]


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
        rules = go_rules(said or "1.21", build_mode=mode, experiments=said.partition("X:")[2])
    except ScenarioError as error:
        raise RecordingError(f"{recording.path}: {error}") from None
    base = recording.first_chunk if rules.random_heap_base else None
    if base is not None and 0 <= base < rules.max_alloc and base % rules.heap_arena_bytes == 0:
        rules = replace(rules, user_arena_hint=base)
    return replace(rules, gogc=-1, heap_known=not recording.partial)


class Follower:
    """A machine, its comparers and its report; `fork` makes one that tries another schedule."""

    def __init__(self, recording: Recording, *, in_bulk: bool) -> None:
        """Stand before the first row of a recording."""
        self.recording = recording
        self.machine = Machine(rules_of(recording), in_bulk=in_bulk)
        self.facts = Comparer(Report(), self.machine, recording.path)
        self.counters = CounterComparer(self.facts)
        bits = str(recording.header.get("bits"))
        self.snaps = SnapshotComparer(self.facts, self.counters, recording.start, bits=bits)
        self.refused = False  #: the model can't do an operation; nothing after it is followed.
        #: Counters before the first operation whose row tells no change, and what happened since.
        self.untold: tuple[dict[str, int], list[Event]] | None = None
        self.schedules: dict[int, Schedule] = {}  #: operation at which orders differ -> the one taken.

    @property
    def report(self) -> Report:
        """What was found so far."""
        return self.facts.report

    def fork(self) -> Follower:
        """Return a follower that stands at the same row and has found the same; its history begins there."""
        twin = Follower.__new__(Follower)
        twin.recording, twin.refused, twin.schedules = self.recording, self.refused, dict(self.schedules)
        twin.machine, twin.untold = self.machine.fork(), self.untold
        twin.facts = self.facts.fork(twin.machine)
        twin.counters = self.counters.fork(twin.facts)
        twin.snaps = self.snaps.fork(twin.facts, twin.counters)
        return twin

    def take(self, item: Step | Snap, op: Op | None = None) -> list[Event]:
        """Follow one row; `op` stands in for a step's own, with a schedule that the row doesn't tell."""
        if self.refused:
            return []
        if isinstance(item, Snap):
            self.facts.at(item.line, item.after)
            self.snaps.compare(self.machine.world, item.seen)
            return []
        return self._step(item, op or item.op)

    def _step(self, item: Step, op: Op) -> list[Event]:
        """Do one operation and compare; note when the model refuses it."""
        self.facts.at(item.line, item.index, op)
        self.report.operations += 1
        world = self.machine.world
        counted, before = values_of(world), seen_before(world, op)
        try:
            events = self.machine.do(op)
        except ScenarioError as error:
            self.facts.fact("operation", f"refused: {error}", "done")
            self.refused = True
            return []
        partial = self.recording.partial
        compare_observed(self.facts, self.machine, item.seen, op, before, events, partial=partial)
        self._counted(item.seen, counted, events)
        return events

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
