"""The moment in words: counts, calls as a Go programmer writes them, operations without events."""

import pytest

from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.calls import call_of
from arenalab.view.reading import chunk_in_focus, reading
from arenalab.world import ops
from tests.strategies import GC_OFF

INT = type_of("int")


@pytest.mark.parametrize(
    ("op", "call"),
    [
        (ops.NewArena(3), "a3 := arena.NewArena()"),
        (ops.New(0, INT), "arena.New[int](a0)"),
        (ops.MakeSlice(0, INT, 8), "arena.MakeSlice[int](a0, 8, 8)"),
        (ops.MakeSlice(0, INT, 8, 2), "arena.MakeSlice[int](a0, 2, 8)"),
        (ops.Rep(0, INT, 5000), "5,000 × arena.New[int](a0)"),
        (ops.Free(0), "a0.Free()"),
        (ops.RunGC(), "runtime.GC()"),
        (ops.SweepStep(), "SweepStep()"),
    ],
)
def test_call_is_written_as_in_go(op, call):
    assert call_of(op) == call


def test_call_of_an_endless_type_is_cut():
    assert len(call_of(ops.New(0, INT.but(expr="x" * 100_000)))) <= 200


def test_start_has_no_operation():
    history = Machine(GC_OFF).run([ops.NewArena(0)])
    told = reading(history, 0)
    assert (told.op, told.call, told.kind, told.go) == (-1, "", "", "")
    assert "nothing has happened yet" in told.text()


def test_operation_without_events_is_told_as_such():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.Snapshot()])
    told = reading(history, len(history), op=1)
    assert (told.op, told.call, told.kind) == (1, "Snapshot()", "")
    assert told.sentence == "the runtime does nothing for it"


def test_focus_is_the_chunk_of_the_latest_event_that_has_one():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.NewArena(1), ops.Drop(0)])
    assert chunk_in_focus(history, len(history)) == 1
    assert chunk_in_focus(history, 0) == 0
