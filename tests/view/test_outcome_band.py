"""A band asks a few operations and answers for all: it must say what `touch` says after each."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.go.rules import BuildMode
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload
from arenalab.syntax import type_of
from arenalab.view.outcome_band import SEVERITY, Band, Changes, thinned
from arenalab.world import ops
from arenalab.world.touch import Outcome, Pointer, touch
from tests.examples import examples
from tests.strategies import GC_OFF, programs

NODE, QUARTER = type_of("struct{ next *int; value int }"), type_of("[2097152]byte")
BUILDS = BuildMode.__args__


def asked_at_every_operation(history, pointer):
    """Return (read, write, state) before each next operation once the object exists, the slow way."""
    answers = {}
    for op, until in enumerate([*history.op_starts, len(history)][1:]):
        world = history.at(until)
        if pointer.object < len(world.ledger):
            read, write = touch(world, pointer), touch(world, pointer, write=True)
            state = world.list_of(read.chunk) if read.chunk >= 0 else ""
            answers[op] = (str(read.outcome), str(write.outcome), max(read.row, write.row), state)
    return answers


def told_by(band):
    return {
        op: (band.read[row], band.write[row], int(band.there[row]), band.state[row])
        for row in range(len(band))
        for op in range(int(band.first[row]), int(band.last[row]) + 1)
    }


@given(programs(max_ops=30), st.sampled_from(BUILDS), st.data())
@examples(80)
def test_band_says_what_touch_says_after_every_operation(program, build, data):
    history = Machine(replace(GC_OFF, build_mode=build)).run(program)
    if not len(history.world.ledger):
        return
    row = data.draw(st.integers(0, len(history.world.ledger) - 1))
    size = history.world.ledger.row(row)[1]
    pointer = Pointer(row, data.draw(st.integers(0, max(size - 1, 0))))
    assert told_by(Changes(history).band(pointer)) == asked_at_every_operation(history, pointer)


@pytest.mark.parametrize("build", BUILDS)
def test_recycled_chunk_is_asked_when_somebody_elses_object_covers_the_address(build):
    program = [
        *(ops.NewArena(0), *[ops.New(0, QUARTER)] * 5, ops.Free(0), ops.RunGC(), ops.NewArena(1)),
        *([ops.New(1, QUARTER)] * 8 + [ops.Free(1), ops.RunGC()]),
    ]
    history = Machine(replace(GC_OFF, build_mode=build)).run(program)
    band = Changes(history).band(Pointer(1, 77))
    assert told_by(band) == asked_at_every_operation(history, Pointer(1, 77))
    assert Outcome.OTHER in set(band.read)
    assert Outcome.FAULTS in set(band.read)


def test_few_operations_are_asked_of_many():
    history = Machine(GC_OFF).run([ops.NewArena(0), *[ops.New(0, NODE)] * 500, ops.Free(0)])
    changes = Changes(history)
    assert changes.ops_to_ask(Pointer(7)) == [8, 501]
    assert told_by(changes.band(Pointer(7, 8))) == asked_at_every_operation(history, Pointer(7, 8))


def test_run_solved_in_bulk_is_told_at_its_end():
    history = replay(workload("mixed", 2_000))
    changes, rows = Changes(history), len(history.world.ledger)
    for row in (0, rows // 3, rows - 1):
        assert told_by(changes.band(Pointer(row))) == asked_at_every_operation(history, Pointer(row))


def test_history_that_grows_is_read_on():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, NODE)])
    changes = Changes(machine.history)
    assert changes.band(Pointer(0)).last.tolist() == [1]
    machine.do(ops.Snapshot())
    assert changes.band(Pointer(0)).last.tolist() == [2]
    machine.do(ops.Free(0))
    assert list(changes.band(Pointer(0)).read) == ["fine", "stale data"]


@pytest.mark.parametrize("row", [-1, 99])
def test_object_never_made_has_an_empty_band(row):
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, NODE)])
    assert len(Changes(history).band(Pointer(row))) == 0


def many_stretches(count):
    words = [str(SEVERITY[number % len(SEVERITY)]) for number in range(count)]
    first = np.arange(count) * 3 + 5
    column = np.array(words, dtype=object)
    return Band(first, first + 2, column, column, np.zeros(count), column, first, column)


@pytest.mark.parametrize("count", [241, 300, 5_000])
def test_thinned_band_covers_the_same_operations_and_shows_the_gravest(count):
    whole = many_stretches(count)
    few = thinned(whole)
    assert len(few) <= 240
    assert (few.first[0], few.last[-1]) == (5, 5 + 3 * count - 1)
    assert np.array_equal(few.first[1:], few.last[:-1] + 1)
    rank = {str(outcome): number for number, outcome in enumerate(SEVERITY)}
    outcomes = told_by(whole)
    for first, last, read in zip(few.first, few.last, few.read, strict=True):
        assert rank[read] == max(rank[outcomes[op][0]] for op in range(first, last + 1))


HARMLESS = (Outcome.FINE, Outcome.NIL, Outcome.OUTSIDE, Outcome.NOTHING)
HARMFUL = (Outcome.STALE, Outcome.OTHER, Outcome.FAULTS, Outcome.REPORTED)


@pytest.mark.parametrize(
    ("less", "graver"),
    [
        *((Outcome.FINE, other) for other in Outcome if other is not Outcome.FINE),
        *((less, graver) for less in HARMLESS for graver in HARMFUL),
        *((Outcome.STALE, graver) for graver in HARMFUL[1:]),
        *((Outcome.OTHER, graver) for graver in HARMFUL[2:]),
    ],
)
@pytest.mark.parametrize("column", ["read", "write"])
def test_of_two_outcomes_too_short_to_be_seen_the_graver_one_is_shown(less, graver, column):
    first, fine = np.arange(1_000), np.array([str(Outcome.FINE)] * 1_000, dtype=object)
    mixed = np.array([str(less), str(graver)] * 500, dtype=object)
    columns = {"read": fine, "write": fine} | {column: mixed}
    few = thinned(Band(first, first, **columns, there=first, state=fine, op=first, by=fine))
    assert set(getattr(few, column)) == {str(graver)}
    assert {*HARMLESS, *HARMFUL} == set(Outcome)


def test_band_that_can_be_seen_whole_is_not_thinned():
    band = many_stretches(240)
    assert thinned(band) is band
    assert set(SEVERITY) == set(Outcome)


LIFE = [
    *(ops.NewArena(0), ops.New(0, NODE), *[ops.New(0, QUARTER)] * 4, ops.New(0, NODE), ops.MarkBegin()),
    *(ops.Free(0), ops.MarkEnd(), ops.RunGC(), ops.NewArena(1), *[ops.New(1, QUARTER)] * 5, ops.New(1, NODE)),
    *(ops.NewArena(2), *[ops.New(2, QUARTER)] * 4, ops.New(2, NODE), ops.Free(1), ops.Free(2)),
    *(ops.RunGC(), ops.NewArena(3), ops.New(3, NODE)),
]


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("row", [0, 1, 5])
def test_operation_that_others_interrupt_after_every_event_is_told_piece_by_piece(build, row):
    machine = Machine(replace(GC_OFF, build_mode=build))
    for op in LIFE:
        machine.begin(op)
        while machine.step():
            machine.interleave(ops.Snapshot())
    history, pointer = machine.history, Pointer(row)
    assert len(history.ops) > 180
    changes = Changes(history)
    assert told_by(changes.band(pointer)) == asked_at_every_operation(history, pointer)
    assert len(changes.ops_to_ask(pointer)) < len(history.ops) / 2
