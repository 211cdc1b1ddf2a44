"""The states that a litmus program can end in: it is performed under every order of its goroutines' turns.

Rules:
1. A goroutine's turn is an operation, or a part of one: where Go lets others overtake (`world.schedule`), they do.
2. When a finalizer runs is nobody's decision either: a cycle is tried with the finalizers first, between and last.
3. What an operation found is read off its events, in the words in which the runner of real Go says it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import product

from arenalab.errors import ScenarioError
from arenalab.go.rules import GoRules
from arenalab.machine.machine import Machine
from arenalab.scenarios.litmus.question import ALWAYS, NEVER, SOMETIMES, Litmus, State, state_of
from arenalab.world import ops as asked
from arenalab.world import schedule
from arenalab.world.access_events import CloneKept, Faulted, ValueRead
from arenalab.world.end_events import Panicked, Threw
from arenalab.world.event import Event
from arenalab.world.ops import NIL, Op
from arenalab.world.state import World
from arenalab.world.weak_events import WeakPointerRead

#: When the finalizer goroutine gets to run in a cycle, in spans swept by then.
SCHEDULES = (asked.FINALIZERS_FIRST, (1,), asked.SWEEP_FIRST)
MOST_ORDERS = 2_000


def states(litmus: Litmus, version: str) -> dict[State, int]:
    """Return state -> how many orders of turns end in it, under a version of Go.

    Raises:
        ScenarioError: an operation makes no sense where it stands; or there are too many orders.

    """
    scenario = litmus.scenario.under(version)
    ends: dict[State, int] = {}
    for ops in _under_schedules(scenario.ops):
        for state in _Orders(litmus, version, ops).ends():
            ends[state] = ends.get(state, 0) + 1
            if sum(ends.values()) > MOST_ORDERS:
                raise ScenarioError(f"{scenario.path}: more than {MOST_ORDERS} orders; make it shorter")
    return ends


def answer_of(litmus: Litmus, ends: Collection[State]) -> str:
    """Return whether the condition holds in all of some states, in none or in some."""
    held = [litmus.holds(state) for state in ends]
    return ALWAYS if all(held) else SOMETIMES if any(held) else NEVER


def _under_schedules(ops: Sequence[Op]) -> Iterator[list[Op]]:
    """Yield the program with each cycle under each schedule, if finalizers are there to run."""
    drops = any(isinstance(op, asked.Drop) for op in ops)
    tried = [SCHEDULES if drops and isinstance(op, asked.RunGC | asked.MarkEnd) else (None,) for op in ops]
    for chosen in product(*tried):
        yield [
            op if visits is None else replace(op, finalizers_after=visits)  # type: ignore[call-arg]
            for op, visits in zip(ops, chosen, strict=True)
        ]


class _Orders:
    """One program, performed again under each order of turns."""

    def __init__(self, litmus: Litmus, version: str, ops: Sequence[Op]) -> None:
        self.first, self.beside, self.last = litmus.parts
        self.rules, self.ops = litmus.scenario.under(version).rules, ops

    def ends(self) -> Iterator[State]:
        """Yield the state that each order ends in."""
        waiting: list[tuple[int, ...]] = [()]
        while waiting:
            order = waiting.pop()
            run = _Run(self.rules, self.ops)
            run.all_of(self.first)
            if not run.turns(order, self.beside):
                continue  # a goroutine that has to wait can't go on
            more = [] if run.died else run.may_go_on(self.beside)
            waiting += [(*order, goroutine) for goroutine in more]
            if not more:
                run.all_of(self.last)
                yield state_of(run.found)


class _Run:
    """One performance, and what its operations found."""

    def __init__(self, rules: GoRules, ops: Sequence[Op]) -> None:
        self.machine, self.ops = Machine(rules), ops
        self.found: dict[int, str] = {}
        self.begun: dict[int, int] = {}  # goroutine -> how many of its operations it has begun

    @property
    def died(self) -> bool:
        """Whether the program is dead."""
        return bool(self.machine.world.died)

    def all_of(self, rows: Sequence[int]) -> None:
        """Have main perform some rows."""
        for row in rows:
            if self.died:
                return
            before = self.machine.world.ledger.count
            self._note(row, self.machine.do(self.ops[row]), before)

    def may_go_on(self, beside: dict[int, list[int]]) -> list[int]:
        """Return the goroutines that have something left to do."""
        within = self.machine.within
        return [g for g, rows in beside.items() if g in within or self.begun.get(g, 0) < len(rows)]

    def turns(self, order: Sequence[int], beside: dict[int, list[int]]) -> bool:
        """Have goroutines take their turns; return whether all could."""
        return all(self._turn(goroutine, beside[goroutine]) for goroutine in order)

    def _turn(self, goroutine: int, rows: Sequence[int]) -> bool:
        number, within = self.begun.get(goroutine, 0), goroutine in self.machine.within
        row = rows[number - 1 if within else number]
        until = point_of(self.ops[row])
        turn = schedule.GoOn(goroutine, until) if within else schedule.Begin(goroutine, self.ops[row], until)
        before = self.machine.world.ledger.count
        try:
            events = self.machine.take(turn)
        except ScenarioError:
            return False
        self.begun[goroutine] = number if within else number + 1
        self._note(row, events, before)
        return True

    def _note(self, row: int, events: Sequence[Event], before: int) -> None:
        said = [text for event in events if (text := said_by(event))]
        if isinstance(self.ops[row], asked.New | asked.MakeSlice) and not said:
            said = placed(self.machine.world, before)
        if said:
            self.found[row] = said[-1]


def point_of(op: Op) -> str:
    """Return the point at which others can overtake an operation, "" for none."""
    return schedule.CHUNK_FREED if isinstance(op, asked.Free) else schedule.REUSE_EMPTY


def said_by(event: Event) -> str:
    """Return what an event means to the program, "" where it can't see it."""
    match event:
        case ValueRead():
            said = str(event.value)
        case WeakPointerRead():
            said = "nil" if event.object == NIL else "its object"
        case CloneKept():
            said = "the same"
        case Panicked():
            said = f"panic: {event.text}"
        case Threw():
            said = f"throw: {event.text}"
        case Faulted():
            said = ("report: " if event.tool else "fault: ") + (event.text.rpartition(" 0x")[0] or event.text)
        case _:
            said = ""
    return said


def placed(w: World, before: int) -> list[str]:
    """Return which earlier value a new one lies in the place of, if it does."""
    if w.ledger.count == before:
        return []
    addr, *_, chunk = w.ledger.row(before)
    rows = [row for row in range(before) if w.ledger.row(row)[0] == addr and w.ledger.row(row)[5] == chunk]
    return [f"where object {rows[-1]} was"] if rows else []
