"""Any legal interleaving, at points and between events, keeps every law; and a log is a schedule."""

from collections import deque
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import ScenarioError
from arenalab.go.versions import go_rules
from arenalab.machine.machine import Machine
from arenalab.machine.rerun import rerun
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.events import ObjectAllocated, PlacedAtZerobase, RedirectedToHeap
from arenalab.world.invariants import check, check_settled
from arenalab.world.schedule import POINTS, Begin, GoOn
from tests.examples import examples

RULES = {version: replace(go_rules(version), gogc=-1) for version in ("1.21", "1.27")}
#: Small; a quarter of a chunk, so that few fill one; with a GC program in 1.21; too large for a chunk.
TEXTS = ("*int", "[2080000]byte", "struct{ a [1 << 14]*int; b int }", "[400000]*byte")
TYPES = {version: [type_of(text, rules=rules) for text in TEXTS] for version, rules in RULES.items()}
#: What makes a row of the ledger each.
PLACED = (ObjectAllocated, RedirectedToHeap, PlacedAtZerobase)
REFUSED = ("drives the collector", "stops the world")
CYCLES = [
    [ops.RunGC()],
    [
        ops.StartGC(),
        ops.MarkStep(),
        ops.MarkStep(),
        ops.FinishMark(),
        *[ops.SweepStep()] * 4,
        ops.RunFinalizers(),
    ],
    [ops.MarkBegin(detail=True), ops.MarkEnd(finalizers_after=(2,))],
]

MOVES = st.lists(
    st.tuples(st.sampled_from(["new", "new", "make", "free", "drop"]), st.integers(0, 3)), max_size=14
)
GOROUTINE = st.tuples(MOVES, st.integers(0, 2))
PROGRAMS = st.tuples(
    st.sampled_from(list(RULES)),
    st.lists(GOROUTINE, min_size=2, max_size=3),
    st.lists(st.sampled_from(CYCLES), max_size=2),
)
#: Who is asked to go on, how far: by an event, to a point, to the end.
SCHEDULE = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["event", "event", "end", *POINTS])), max_size=120
)


def program_of(goroutine, moves, types):
    """Turn moves into operations of a goroutine on user arenas of its own, which it makes as it needs them."""
    live, made, told = [], 0, []
    for move, number in moves:
        if move == "make" or not live:
            live.append(100 * goroutine + made)
            made += 1
            told.append(ops.NewArena(live[-1]))
        if move == "new":
            told.append(ops.New(live[number % len(live)], types[number]))
        elif move in ("free", "drop"):
            told.append({"free": ops.Free, "drop": ops.Drop}[move](live.pop(number % len(live))))
    return told


def queues(drawn):
    """Return goroutine -> its operations to do and its P; the last goroutine drives the collector."""
    version, goroutines, cycles = drawn
    told = {
        number: (deque(program_of(number, moves, TYPES[version])), p)
        for number, (moves, p) in enumerate(goroutines, 1)
    }
    told[len(told) + 1] = deque(op for cycle in cycles for op in cycle), 1
    return told


def go_on(machine, goroutine, left, p, far):
    """Have a goroutine go on with what it is within, or begin what comes next."""
    until = far if far in POINTS else ""
    if goroutine in machine.within:
        return machine.step(goroutine) if far == "event" else machine.take(GoOn(goroutine, until))
    if not left:
        return None
    try:
        if far == "event":
            machine.begin(left[0], goroutine, p)
            machine.step(goroutine)
        else:
            machine.take(Begin(goroutine, left[0], until, p))
    except ScenarioError as refused:
        assert any(text in str(refused) for text in REFUSED), refused  # noqa: PT017
        return None
    return left.popleft()


@examples(60)
@given(PROGRAMS, SCHEDULE)
def test_every_law_holds_after_every_event_and_the_log_performs_it_again(drawn, schedule):
    todo = queues(drawn)
    machine = Machine(RULES[drawn[0]], check=check)
    for number, far in schedule:
        goroutine = 1 + number % len(todo)
        go_on(machine, goroutine, *todo[goroutine], far)
    again = rerun(machine.history)
    assert again.events == machine.history.events
    assert again.world.differences(machine.world) == []
    assert again.log.column("actor").tolist() == machine.history.log.column("actor").tolist()
    log, rows, total = machine.history.log, len(machine.world.ledger), len(machine.history.ops)
    assert log.ops_of_rows(0, rows).tolist() == [log.op_of_row(row) for row in range(rows)]
    placed = [isinstance(event, PLACED) for event in machine.history.events]
    assert log.ops_of_rows(0, rows).tolist() == log.column("op")[placed].tolist()
    assert log.goroutines().tolist() == [log.goroutine_of(op) for op in range(total)]
    machine.finish()
    assert not machine.within
    check_settled(machine.world)
    assert machine.history.at(len(machine.history)).differences(machine.world) == []


@examples(40)
@given(PROGRAMS, SCHEDULE, st.sampled_from(["beside", "held"]))
def test_so_it_is_while_allocations_start_cycles(drawn, schedule, cycles):
    version, goroutines, _ = drawn
    todo = queues((version, goroutines, []))
    machine = Machine(go_rules(version), check=check, cycles=cycles)
    for number, far in schedule:
        goroutine = 1 + number % len(todo)
        go_on(machine, goroutine, *todo[goroutine], far)
        if number == 0:
            machine.step_beside()
    again = rerun(machine.history)
    assert again.events == machine.history.events
    assert again.world.differences(machine.world) == []


@examples(25)
@given(PROGRAMS, st.lists(st.integers(0, 3), max_size=40), st.sampled_from(list(POINTS)))
def test_where_nobody_overtakes_it_is_as_in_sequence(drawn, order, point):
    todo = queues(drawn)
    in_turns, in_sequence = (Machine(RULES[drawn[0]]) for _ in range(2))
    for number in order:
        goroutine = 1 + number % len(todo)
        left, p = todo[goroutine]
        if left:
            op = left.popleft()
            in_turns.take(Begin(goroutine, op, point, p))
            while goroutine in in_turns.within:
                in_turns.take(GoOn(goroutine, point))
            in_sequence.do(op, goroutine, p)
    assert in_turns.history.events == in_sequence.history.events
    assert in_turns.world.differences(in_sequence.world) == []
