"""Forecast: what a kind of scope costs with its objects on the heap, and what it would cost in arenas.

Costs come from a table (`costs.py`), objects from a trace (`scope_facts.py`), goals and triggers from the pacer's
formulas (`go/pacing.py`). Processor time is that of what differs between the two forms; the program's own work stands
apart, the same in both. Each assumption is named where it is made; docs/advice.md compares all of it with programs that
exist in both forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from arenalab.advice.costs import CostTable
from arenalab.advice.scope_facts import Column, Groups, Numbers, ScopeFacts
from arenalab.go.pacing import goal_and_trigger
from arenalab.go.rules import GoRules
from arenalab.go.versions import go_rules

HANDLE = 56  #: bytes of the heap for each arena: the handle of 48, the Arena that points to it of 8.
ROOTS = (
    256 * 1024
)  #: bytes of globals and stacks that the goal grows by; a program's own are not in the trace.
#: How fast a program allocates while a cycle marks, as a share of allocating and nothing else: it has work of its own,
#: has to assist, and shares the processors. From the programs of docs/advice.md, where it is 0.15 to 0.45.
SPEED = 0.25


#: How far the costs of either form may be off: with it nearly all changes of docs/advice.md lie in the interval.
ERROR = 0.25


@dataclass(frozen=True)
class Form:
    """One form of the program: processor time in ns, bytes, counts; all for the same number of scopes."""

    values: float  #: allocating the scopes' objects, sweeping included.
    arenas: float  #: NewArena and Free.
    chunks: float  #: mapping, zeroing, first touch and unmapping of chunks.
    marking: float  #: all cycles.
    cycles: float  #: how many, a fraction as it is a forecast.
    peak: float  #: bytes resident, at most.

    @property
    def ns(self) -> float:
        """Processor time of all of it."""
        return self.values + self.arenas + self.chunks + self.marking


@dataclass(frozen=True)
class Forecast:
    """The two forms side by side."""

    heap: Form  #: with the scopes' objects on the heap.
    arena: Form  #: with an arena for each scope.
    rest: float  #: ns of what is the same in both.

    @property
    def change(self) -> float:
        """What the arenas cost more (ns); negative where they save."""
        return self.arena.ns - self.heap.ns

    @property
    def total(self) -> float:
        """The heap form's processor time, its own work included (ns)."""
        return self.heap.ns + self.rest

    def change_within(self) -> tuple[float, float]:
        """Return between what the change lies (ns), if the costs of either form are off by ERROR at most."""
        heap, arena = self.heap.ns, self.arena.ns
        off = ERROR * (heap + arena)
        return arena - heap - off, arena - heap + off


@dataclass(frozen=True)
class Setting:
    """What a forecast is asked for."""

    gogc: int = 100  #: percent; the trace's own unless said otherwise.
    scopes: int = 0  #: how many; 0: those of the trace.
    unsampled: float = 1.0  #: share that goes to arenas of undecided objects of which there is no sample.


def forecast(facts: ScopeFacts, table: CostTable, setting: Setting | None = None) -> Forecast:
    """Return what the scopes cost in both forms."""
    asked = setting or Setting()
    scopes = asked.scopes or facts.scopes
    times = scopes / facts.scopes
    rules = replace(go_rules(table.line), gogc=asked.gogc)
    placed = in_arenas(facts.within, asked.unsampled)
    heap = _on_heap(facts, table, rules, times)
    own = _rest(facts, table) * times
    return Forecast(heap, _in_arenas(facts, table, rules, times, placed), own)


def in_arenas(groups: Groups, unsampled: float = 1.0) -> Numbers:
    """Return how many objects of each group would be in an arena: not those that escape.

    Of the undecided ones the share of their group that was gone in the cycle after its scope. Where the trace has no
    such sample: `unsampled` of them, none if some of the group escape.
    """
    seen = groups.gone + groups.kept
    share = np.where(groups.escapes > 0, 0.0, unsampled)
    share = np.where(seen > 0, groups.gone / np.maximum(seen, 1), share)
    return np.asarray(groups.dead + groups.undecided * share, np.float64)


def _values(table: CostTable, groups: Groups, count: Numbers | Column) -> float:
    """Return what that many objects of each group cost on the heap."""
    return float((table.heap_value(groups.slot, groups.pointers > 0) * count).sum())


def _cycle(facts: ScopeFacts, table: CostTable) -> float:
    """Return what a cycle costs with what stays alive in the program."""
    there = facts.there
    return table.one("cycle") + float((table.mark(there.slot, there.pointers > 0) * there.count).sum())


def _rest(facts: ScopeFacts, table: CostTable) -> float:
    """Return the program's own processor time: the trace's, without what noting each object took, and without ours."""
    ours = _values(table, facts.within, facts.within.count) + _values(
        table, facts.outside, facts.outside.count
    )
    noted = table.one("traced value") * facts.allocated
    return max(1e9 * facts.program - noted - ours, 0.0)


def _on_heap(facts: ScopeFacts, table: CostTable, rules: GoRules, times: float) -> Form:
    """Return the heap form: a cycle each time that its room is full."""
    live, marking = facts.live, _cycle(facts, table)
    allocated = facts.within.sum(facts.within.slot) + facts.outside.sum(facts.outside.slot)
    values = _values(table, facts.within, facts.within.count)
    through = SPEED * marking / table.machine["processors"] * allocated / values if values else 0.0
    marked = live + through  # what is allocated while a cycle marks survives it
    goal, _ = goal_and_trigger(int(marked), ROOTS, rules)
    cycles = times * allocated / max(goal - marked, 1.0)
    garbage = max(min(goal, marked + times * allocated) - live, 0.0)
    return Form(times * values, 0.0, 0.0, cycles * marking, cycles, table.resident(live) + garbage)


def _in_arenas(facts: ScopeFacts, table: CostTable, rules: GoRules, times: float, placed: Numbers) -> Form:
    """Return the arena form: what escapes stays on the heap, chunks count in heapLive while an arena has them."""
    within = facts.within
    left = within.count - placed
    values = (table.arena_value(within.asked, within.pointers > 0, within.elements) * placed).sum()
    values += _values(table, within, left)
    scopes = times * facts.scopes
    bytes_ = float((within.asked * placed).sum()) * times
    chunks = bytes_ / rules.chunk.usable_bytes
    outside = (float((within.slot * left).sum()) + facts.outside.sum(facts.outside.slot)) * times
    ours = times * float(values) + scopes * table.one("arena") + chunks * table.one("chunk")
    marking = _cycle(facts, table) / table.machine["processors"]  # on all of them at once
    late = int(marking * chunks / ours) if chunks >= 1 else 0
    walk = Walk(facts.live, outside + HANDLE * scopes, chunks, facts.open_at_once, late, rules)
    cycles, beside = walk.over()
    return Form(
        times * float(values), scopes * table.one("arena"), max(chunks, walk.held) * table.one("chunk"),
        cycles * _cycle(facts, table), cycles, table.resident(walk.live) + beside,
    )  # fmt: skip


@dataclass(frozen=True)
class Walk:
    """The arena form chunk by chunk: when do cycles begin, and how much is resident at most?

    Each arena that is open holds a chunk. A full one counts until its arena is freed: one more than are held, for the
    moment. What is freed while a cycle marks counts until its end.
    """

    live: float  #: bytes that stay alive on the heap.
    outside: float  #: bytes that are allocated on the heap meanwhile, all dead by the next cycle.
    chunks: float  #: chunks that are used up.
    open_at_once: int  #: arenas, at most.
    late: int  #: chunks that are used up while a cycle marks.
    rules: GoRules  #: of the Go that is asked about.

    @property
    def held(self) -> int:
        """Chunks of open arenas."""
        return max(self.open_at_once, 1)

    def over(self) -> tuple[int, float]:
        """Return how many cycles begin, and the bytes that are resident at most beside what stays alive.

        A chunk's addresses come back a cycle after it was freed; until then another one is mapped, and each eight of
        them have a heapArena of their own.
        """
        nbytes, meta = self.rules.chunk.usable_bytes, self.rules.heap_arena_meta_bytes
        cycles, fresh, most, before = 0, 0.0, 0.0, 0
        mapped = ready = quarantined = 0
        trigger = self._trigger(0)
        for held, grown in self._steps():
            if held > before:
                mapped, ready = (mapped, ready - 1) if ready else (mapped + 1, 0)
            quarantined += held < before
            before = held
            fresh += grown
            most = max(most, min(fresh, trigger) + held * self.rules.chunk.stride + -(-mapped // 8) * meta)
            full = self.live + held * nbytes
            if full + fresh >= trigger:
                most = max(
                    most,
                    (held + self.late) * self.rules.chunk.stride
                    + min(fresh, trigger)
                    + -(-mapped // 8) * meta,
                )
                fresh = max(full + fresh - max(trigger, full), 0.0)
                trigger = self._trigger(held + self.late)
                more, fresh = divmod(
                    fresh, max(trigger - full, 1.0)
                )  # all that is allocated with these chunks
                cycles += 1 + int(more)
                ready, quarantined = ready + quarantined, 0
        return cycles, most

    def _trigger(self, held: int) -> int:
        """Return the heapLive that begins a cycle, after one that found so many chunks in use."""
        marked = self.live + held * self.rules.chunk.usable_bytes
        return max(goal_and_trigger(int(marked), ROOTS, self.rules)[1], int(marked) + 1)

    def _steps(self) -> Iterator[tuple[int, float]]:
        """Yield the chunks that are held and the bytes allocated on the heap since the step before."""
        yield from ((held, 0.0) for held in range(1, self.held + 1))
        more = max(int(self.chunks) - self.held, 0)
        each = self.outside / (more + 1)
        for _ in range(more):
            yield self.held, each
            yield self.held + 1, 0.0
        yield self.held, each
