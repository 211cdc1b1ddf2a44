"""Several goroutines: whose turn it is, where it stops, and what another does in between."""

import pytest

from arenalab.errors import ArgumentError, ScenarioError
from arenalab.machine.machine import Machine
from arenalab.machine.rerun import rerun
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.chunk_events import HeapArenaReserved
from arenalab.world.end_events import ChunkQuarantined, ReusePut
from arenalab.world.schedule import POINTS, Begin, GoOn
from tests.strategies import GC_OFF

BIG = type_of("[262144]*int", rules=GC_OFF)  # 2 MiB: a chunk holds four, or three since Go 1.22
SMALL = type_of("*int", rules=GC_OFF)


def machine_with(*program, **settings):
    machine = Machine(GC_OFF, **settings)
    machine.run(program)
    return machine


def overtaken(between, **settings):
    """Goroutine 2 makes user arena 1 and has seen the reuse list empty when goroutine 1 does something."""
    machine = machine_with(ops.NewArena(0), **settings)
    machine.take(Begin(2, ops.NewArena(1), "reuse empty"))
    machine.take(Begin(1, between))
    machine.take(GoOn(2))
    return machine


def test_who_saw_the_reuse_list_empty_takes_a_new_chunk_though_one_was_put_there_meanwhile():
    world = overtaken(ops.Free(0)).world
    assert world.reuse == [0]
    assert world.user_arenas[1].active == 1


def test_in_sequence_the_chunk_that_was_put_there_is_taken():
    machine = machine_with(ops.NewArena(0))
    machine.do(ops.Free(0))
    machine.do(ops.NewArena(1), goroutine=2)
    assert machine.world.user_arenas[1].active == 0


def test_two_that_reserve_at_once_take_chunks_in_the_order_in_which_they_came_by_the_heap_lock():
    machine = Machine(GC_OFF)
    machine.take(Begin(1, ops.NewArena(0), "reuse empty"))
    second = machine.take(Begin(2, ops.NewArena(1)))
    first = machine.take(GoOn(1))
    assert machine.world.user_arenas[1].active == 0
    assert machine.world.user_arenas[0].active == 1
    assert [any(isinstance(event, HeapArenaReserved) for event in turn) for turn in (second, first)] == [
        True,
        False,
    ]


def test_a_free_stops_after_each_full_chunk():
    machine = machine_with(ops.NewArena(0), *[ops.New(0, BIG)] * 9)
    full = len(machine.world.user_arenas[0].full_list)
    turns = [machine.take(Begin(1, ops.Free(0), "chunk freed"))]
    turns += [machine.take(GoOn(1, "chunk freed")) for _ in range(full)]
    counts = [sum(isinstance(event, ChunkQuarantined) for event in turn) for turn in turns]
    assert full >= 2
    assert counts == [1] * full + [0]
    assert any(isinstance(event, ReusePut) for event in turns[-1])
    assert not machine.within


def test_a_goroutine_takes_the_chunk_that_a_free_under_way_has_not_come_to():
    machine = machine_with(ops.NewArena(0), *[ops.New(0, BIG)] * 5)
    machine.take(Begin(1, ops.Free(0), "chunk freed"))
    machine.do(ops.NewArena(1), goroutine=2)
    assert machine.within == {1: machine.history.ops.index(ops.Free(0))}
    machine.take(GoOn(1))
    assert machine.world.reuse == [1]
    assert machine.world.user_arenas[1].active == 2


@pytest.mark.parametrize("in_bulk", [False, True])
def test_what_a_goroutine_repeats_is_its_own(in_bulk):
    machine = machine_with(ops.NewArena(0), in_bulk=in_bulk)
    machine.take(Begin(2, ops.NewArena(1), "reuse empty"))
    machine.do(ops.Rep(0, SMALL, 5000), goroutine=7)
    events = machine.history.log.numbers_of(2)
    assert {machine.history.log.actor_of_event(event) for event in events} == {7}
    assert machine.within == {2: 1}
    assert machine.world.user_arenas[0].last_object == 4999


def test_nobody_overtaken_is_as_in_sequence():
    program = [ops.NewArena(0), ops.New(0, BIG), ops.NewArena(1), ops.Free(0), ops.NewArena(2)]
    machine = Machine(GC_OFF)
    for number, op in enumerate(program):
        machine.take(Begin(1 + number % 2, op, "reuse empty"))
        if machine.within:
            machine.take(GoOn(1 + number % 2))
    alone = Machine(GC_OFF)
    for number, op in enumerate(program):
        alone.do(op, goroutine=1 + number % 2)
    assert machine.history.events == alone.history.events
    assert machine.world == alone.world


def test_points_that_nobody_asks_for_leave_no_trace():
    assert machine_with(ops.NewArena(0)).history.events == Machine(GC_OFF).do(ops.NewArena(0))


@pytest.mark.parametrize("point", POINTS)
def test_an_operation_that_comes_by_no_such_point_ends(point):
    machine = machine_with(ops.NewArena(0))
    machine.take(Begin(3, ops.New(0, SMALL), point))
    assert not machine.within


WITHIN = [
    (lambda m: m.take(GoOn(1)), "goroutine 1 is within no operation; those that are: 2"),
    (lambda m: m.take(Begin(2, ops.NewArena(2))), "goroutine 2 is within operation 2"),
    (lambda m: m.take(Begin(3, ops.NewArena(0))), "user arena 0 exists already"),
    (lambda m: m.take(ops.NewArena(2)), "turn: got .*expected a turn"),
    (lambda m: m.take(GoOn(2, "nowhere")), "GoOn.until: got 'nowhere'; expected"),
    (lambda m: m.take(Begin(0, ops.NewArena(2))), "Begin.goroutine: got 0; expected"),
    (lambda m: m.take(Begin("two", ops.NewArena(2))), "Begin.goroutine: got 'two'; expected"),
    (lambda m: m.take(Begin(3, "NewArena")), "Begin.op: got 'NewArena'; expected an operation"),
    (lambda m: m.take(GoOn(2, None)), "GoOn.until: got None; expected"),
    (lambda m: m.do(ops.NewArena(2), goroutine=-3), "goroutine: got -3; expected"),
    (lambda m: m.do(ops.NewArena(2), goroutine=True), "goroutine: got True; expected"),
    (lambda m: m.do(ops.NewArena(0), goroutine=3), "user arena 0 exists already"),
]


@pytest.mark.parametrize(("wrong", "said"), WITHIN)
def test_a_turn_that_makes_no_sense_is_refused_and_leaves_no_trace(wrong, said):
    machine = machine_with(ops.NewArena(0))
    machine.take(Begin(2, ops.NewArena(1), "reuse empty"))
    before, events, within = machine.world.fork(), len(machine.history), machine.within
    with pytest.raises(ScenarioError, match=said):
        wrong(machine)
    assert (machine.world, len(machine.history), machine.within) == (before, events, within)
    assert len(machine.history.ops) == 2
    machine.take(GoOn(2))
    assert machine.world.user_arenas[1].active == 1


def test_an_unknown_point_is_named_with_those_there_are():
    with pytest.raises(ArgumentError, match="reuse empty, chunk freed"):
        GoOn(1, "reuse")


def test_who_died_goes_on_with_nothing():
    machine = machine_with(ops.NewArena(0), ops.NewArena(1))
    machine.take(Begin(2, ops.NewArena(2), "reuse empty"))
    machine.do(ops.New(0, type_of("*int", rules=GC_OFF), given="int"))
    with pytest.raises(ScenarioError, match="the program has died"):
        machine.take(GoOn(2))


def test_the_log_says_who_was_next():
    machine = overtaken(ops.Free(0))
    assert machine.history.actors == [1, 2]
    again = rerun(machine.history)
    assert again.events == machine.history.events
    assert again.world == machine.world


def test_an_operation_without_events_is_its_goroutines_too():
    machine = machine_with(ops.NewArena(0))
    for goroutine in (3, 3, 1, 2):
        machine.do(ops.Snapshot(), goroutine=goroutine)
    with pytest.raises(ScenarioError):
        machine.do(ops.NewArena(0), goroutine=9)
    machine.do(ops.NewArena(1), goroutine=2)
    assert [machine.history.log.goroutine_of(op) for op in range(6)] == [1, 3, 3, 1, 2, 2]
    again = rerun(machine.history)
    assert [again.log.goroutine_of(op) for op in range(6)] == [1, 3, 3, 1, 2, 2]
