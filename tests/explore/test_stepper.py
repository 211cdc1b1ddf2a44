"""Positions: by operation or by event, through operations without events, from within an operation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import NoSuchError
from arenalab.explore.stepper import EVENT, OPERATION, Place, Stepper
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.schedule import Begin, GoOn
from tests.strategies import GC_OFF, programs

PROGRAM = [ops.NewArena(0), ops.New(0, type_of("*int")), ops.Snapshot(), ops.New(0, type_of("int"))]


@pytest.fixture
def stepper():
    return Stepper(Machine(GC_OFF).run(PROGRAM))


@given(programs(max_ops=10), st.sampled_from([OPERATION, EVENT]))
def test_walking_there_and_back_visits_each_position_once(program, unit):
    stepper = Stepper(Machine(GC_OFF).run(program))
    stepper.unit = unit
    there, place = [], Place(0)
    for _ in range(stepper.last + 1):
        there.append(place)
        place = stepper.step(place)
    assert [stepper.position(place) for place in there] == list(range(stepper.last + 1))
    assert there[-1].cursor == len(stepper.history)
    back, place = [], there[-1]
    for _ in range(stepper.last + 1):
        back.append(place)
        place = stepper.back(place)
    assert [place.cursor for place in back] == [place.cursor for place in reversed(there)]


def test_goroutine_that_waits_stands_waiting_while_others_are_stepped_through():
    machine = Machine(GC_OFF)
    machine.take(Begin(1, ops.NewArena(0)))
    machine.take(Begin(2, ops.NewArena(1), until="reuse empty", p=1))
    machine.run([ops.New(0, type_of("*int"))] * 3)
    machine.take(GoOn(2))
    stepper, log = Stepper(machine.history), machine.history.log
    at = [stepper.place(position).cursor for position in range(stepper.last + 1)]
    assert at == sorted(set(at))  # each step shows something new
    assert at[2] < log.op_end(1) == at[-1]  # operation 2 waits from its own step to the last
    assert [stepper.position(stepper.place(position)) for position in range(6)] == [0, 1, 2, 3, 4, 5]


def test_operation_without_events_is_a_step_of_its_own(stepper):
    place = stepper.place(3)
    assert place == Place(stepper.history.op_end(2), 2)
    assert stepper.step(place) == stepper.place(4)
    assert stepper.back(place) == stepper.place(2)


def test_step_from_within_an_operation_ends_it_and_back_starts_it(stepper):
    inside = Place(stepper.history.op_end(1) - 3)
    assert stepper.position(inside) == 1
    assert stepper.step(inside).cursor == stepper.history.op_end(1)
    assert stepper.back(inside).cursor == 0


@pytest.mark.parametrize("op", [0, 1, 3])
def test_from_anywhere_within_an_operation_the_next_places_are_its_own_ends(op):
    stepper = Stepper(Machine(GC_OFF).run([*PROGRAM[:3], PROGRAM[1], PROGRAM[3]]))
    start, end = stepper.history.op_starts[op], stepper.history.op_end(op + 1)
    assert end > start + 1
    for cursor in range(start + 1, end):
        assert stepper.step(Place(cursor)) == Place(end, op)
        assert stepper.back(Place(cursor)) == stepper.place(op)
        assert stepper.back(Place(cursor)).cursor == start


def test_ends_stay_where_they_are(stepper):
    assert stepper.back(Place(0)).cursor == 0
    assert stepper.step(stepper.place(10**9)) == stepper.place(stepper.last)
    assert stepper.place(-5).cursor == 0


@given(programs(max_ops=8))
def test_equal_places_have_equal_keys_by_whatever_unit_and_keys_lead_back(program):
    history = Machine(GC_OFF).run(program)
    by_op, by_event = Stepper(history), Stepper(history)
    by_event.unit = EVENT
    for stepper in (by_op, by_event):
        places = [stepper.place(position) for position in range(stepper.last + 1)]
        keys = [stepper.key(place) for place in places]
        assert len(set(keys)) == len(keys)
        for place, key in zip(places, keys, strict=True):
            there = stepper.place_of(key)
            assert (there.cursor, stepper.key(there)) == (place.cursor, key)
            assert stepper.position(there) == stepper.position(place)
    for number in range(len(history) + 1):
        assert by_op.key(Place(number)) == by_event.key(Place(number))


@pytest.mark.parametrize("key", ["", "x", "-1", "5", "e999", "e1.9", "e", "1.2", "e1.", "9" * 99])
def test_key_of_no_place_is_refused(stepper, key):
    with pytest.raises(NoSuchError):
        stepper.place_of(key)
