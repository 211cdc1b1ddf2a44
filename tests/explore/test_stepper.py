"""Positions: by operation or by event, through operations without events, from within an operation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.explore.stepper import EVENT, OPERATION, Place, Stepper
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.events import ObjectCarved
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


def test_operation_without_events_is_a_step_of_its_own(stepper):
    place = stepper.place(3)
    assert place == Place(stepper.history.op_end(1), 2)
    assert stepper.step(place) == stepper.place(4)
    assert stepper.back(place) == stepper.place(2)


def test_step_from_within_an_operation_ends_it_and_back_starts_it(stepper):
    inside = Place(stepper.history.op_end(0) - 3)
    assert stepper.position(inside) == 1
    assert stepper.step(inside).cursor == stepper.history.op_end(0)
    assert stepper.back(inside).cursor == 0


@pytest.mark.parametrize("op", [0, 1, 3])
def test_from_anywhere_within_an_operation_the_next_places_are_its_own_ends(op):
    stepper = Stepper(Machine(GC_OFF).run([*PROGRAM[:3], PROGRAM[1], PROGRAM[3]]))
    start, end = stepper.history.op_starts[op], stepper.history.op_end(op)
    assert end > start + 1
    for cursor in range(start + 1, end):
        assert stepper.step(Place(cursor)) == Place(end, op)
        assert stepper.back(Place(cursor)) == stepper.place(op)
        assert stepper.back(Place(cursor)).cursor == start


def test_ends_stay_where_they_are(stepper):
    assert stepper.back(Place(0)).cursor == 0
    assert stepper.step(stepper.place(10**9)) == stepper.place(stepper.last)
    assert stepper.place(-5).cursor == 0


def test_find_moves_right_behind_the_event(stepper):
    def is_carving(event):
        return isinstance(event, ObjectCarved)

    first = stepper.find(Place(0), is_carving, forwards=True)
    second = stepper.find(first, is_carving, forwards=True)
    assert is_carving(stepper.history.events[first.cursor - 1])
    assert second.cursor > first.cursor
    assert stepper.find(second, is_carving, forwards=True) is None
    assert stepper.find(second, is_carving, forwards=False) == first
    assert stepper.find(first, is_carving, forwards=False) is None
