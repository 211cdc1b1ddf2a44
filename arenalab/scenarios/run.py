"""Running a scenario in the model, and saying what did not come out as it says."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import NamedTuple

from arenalab.asked import called
from arenalab.errors import GoThrow, ScenarioError
from arenalab.machine.machine import Machine
from arenalab.machine.scheduler import Check
from arenalab.scenarios.read import Scenario
from arenalab.scenarios.turns import spans_of
from arenalab.world.access_events import Faulted
from arenalab.world.asked import Asked
from arenalab.world.end_events import Panicked, Threw
from arenalab.world.event import Event
from arenalab.world.events import (
    BitmapWordWritten,
    GCProgErased,
    GCProgExpanded,
    ObjectAllocated,
    ScanAllocAdded,
)
from arenalab.world.gc_events import ChunksMarked
from arenalab.world.history import History
from arenalab.world.invariants import check_settled
from arenalab.world.ops import MarkBegin, Op, Rep, RunGC
from arenalab.world.schedule import Begin
from arenalab.world.state import World

MOST_STEPS = 20_000  #: values that a scenario may make one by one.
MOST_STORES = 200_000  #: words of pointer bits that they may store one by one.
DEATHS = (Panicked, Threw, Faulted)


class Engine(NamedTuple):
    """One way to perform a program; all ways must end in equal Worlds."""

    in_bulk: bool  #: solve long runs of equal values at once, certified.
    oblets: bool  #: mark oblet by oblet in every cycle, not only where the scenario asks for it.
    unseen: frozenset[type[Event]]  #: kinds of events that it tells in one event of another kind.


ENGINES = {
    "step": Engine(in_bulk=False, oblets=False, unseen=frozenset()),
    "oblets": Engine(in_bulk=False, oblets=True, unseen=frozenset({ChunksMarked})),
    "bulk": Engine(
        in_bulk=True,
        oblets=False,
        unseen=frozenset({ObjectAllocated, BitmapWordWritten, GCProgExpanded, GCProgErased, ScanAllocAdded}),
    ),
}


@called
def run(
    scenario: Scenario,
    engine: Engine = ENGINES["step"],
    *,
    check: Check | None = None,
    after_op: Callable[[World], None] = check_settled,
) -> History:
    """Perform a scenario's operations and check the run against its [[expect]] tables.

    Args:
        scenario: what to perform.
        engine: how.
        check: called with the World after every event.
        after_op: called with the World after every operation; by default every law is checked.

    Raises:
        ScenarioError: an operation makes no sense where it stands, or an expectation does not hold.
        GoThrow: Go would not even start under such rules.
        ModelBug: a law is broken.

    """
    history = perform(scenario, engine, check=check, after_op=after_op)
    if complaints := broken(scenario, history, unseen=engine.unseen):
        more = f"; and {len(complaints) - 1} more" if len(complaints) > 1 else ""
        raise ScenarioError(f"{complaints[0]}{more}")
    return history


def perform(
    scenario: Scenario, engine: Engine, *, check: Check | None = None, after_op: Callable[[World], None] = check_settled
) -> History:  # fmt: skip
    """Perform a scenario's operations as `run` does, and leave its [[expect]] tables to `broken`."""
    machine = Machine(scenario.rules, in_bulk=engine.in_bulk, check=check)
    if scenario.scheduled:
        return _take_turns(machine, scenario, engine, after_op)
    paused = False
    for number, (op, stop) in enumerate(zip(scenario.ops, scenario.stops, strict=True)):
        asked = _by_oblets(op) if engine.oblets else op
        try:
            _perform(machine, asked, stop, paused=paused)
        except ScenarioError as error:
            raise ScenarioError(f"{scenario.path}: ops[{number}]: {error}") from None
        paused = bool(stop)
        if not paused:
            after_op(machine.world)
    machine.finish()
    return machine.history


def _take_turns(
    machine: Machine, scenario: Scenario, engine: Engine, after_op: Callable[[World], None]
) -> History:
    for number, turn in enumerate(scenario.turns):
        asked = replace(turn, op=_by_oblets(turn.op)) if engine.oblets and isinstance(turn, Begin) else turn
        try:
            machine.take(asked)
        except ScenarioError as error:
            raise ScenarioError(f"{scenario.path}: ops[{number}]: {error}") from None
        if bool(turn.until) is not (turn.goroutine in machine.within):
            why = f"comes by no point {turn.until!r}" if turn.until else machine.waits_for(turn.goroutine)
            raise ScenarioError(f"{scenario.path}: ops[{number}]: it can't end so: {why}")
        if not machine.within:
            after_op(machine.world)
    return machine.history


def _perform(machine: Machine, op: Op, stop: str, *, paused: bool) -> None:
    """Do an operation, between two steps of the one before if that is `paused`; pause it at an event `stop`."""
    if stop:
        machine.begin(op)
        if machine.until(lambda event: type(event).__name__ == stop) is None:
            raise ScenarioError(f"{stop} never happens in it, so it can't pause there")
    elif paused:
        machine.interleave(op)
        machine.finish()
    else:
        machine.do(op)


def _by_oblets(op: Op) -> Op:
    return replace(op, detail=True) if isinstance(op, RunGC | MarkBegin) else op


def broken(scenario: Scenario, history: History, *, unseen: Collection[type[Event]] = ()) -> list[str]:
    """Return a sentence for each fact that does not hold in a history; empty when all hold."""
    spans = spans_of(scenario.rows, history) if scenario.scheduled else []
    complaints = [
        text for expect in scenario.expected for text in expect.broken(history, unseen=unseen, spans=spans)
    ]
    announced = {
        spans[expect.after].operation if expect.after < len(spans) and expect.after >= 0 else expect.after
        for expect in scenario.expected
        if {"panic", "throw", "faults"}.intersection(expect.facts)
    }
    events = () if scenario.litmus else enumerate(history.events)  # how a litmus program ends is what it asks
    ends = ((history.op_of(at + 1) - 1, event) for at, event in events if isinstance(event, DEATHS))
    rows = [index for index, row in enumerate(scenario.rows) if "op" in row]
    return complaints + [
        f"{scenario.path}: ops[{rows[op]}]: {event.sentence()}" for op, event in ends if op not in announced
    ]


def checked(scenario: Scenario) -> list[str]:
    """Perform a scenario, in bulk when it is large, and return a sentence for each expectation that is broken.

    Raises:
        ScenarioError: an operation makes no sense where it stands.

    """
    if trouble := start_trouble(scenario):
        foreseen = any((each.after, each.facts) == (-1, {"throw": trouble}) for each in scenario.expected)
        return [] if foreseen else [f"{scenario.path}: Go would not start: {trouble}"]
    engine = engine_for(scenario)
    return broken(scenario, perform(scenario, engine, after_op=lambda _: None), unseen=engine.unseen)


def engine_for(scenario: Scenario) -> Engine:
    """Return single steps, or bulk for a scenario that makes very many values: that tells runs of them at once."""
    asked = Asked()
    for op in scenario.ops:
        if isinstance(op, Rep):
            asked.add(op.n, op.type)
    return ENGINES["step" if asked.values <= MOST_STEPS and asked.words <= MOST_STORES else "bulk"]


def start_trouble(scenario: Scenario) -> str:
    """Return the throw with which Go would refuse to start under a scenario's rules, "" when it starts."""
    try:
        Machine(scenario.rules)
    except GoThrow as thrown:
        return thrown.text
    return ""
