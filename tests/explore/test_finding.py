"""Finding in an explorer: whatever a reader types, and playing that stops at it."""

import pytest

from arenalab.explore.chunk_map import ChunkMap
from arenalab.explore.finding import THIS_CHUNK
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.end_events import MarkedDefunct
from tests.strategies import GC_OFF

QUARTER = type_of("[2097152]byte")
PROGRAM = [ops.NewArena(0), *[ops.New(0, QUARTER)] * 5, ops.Snapshot(), ops.Free(0), ops.RunGC()]


@pytest.fixture
def explorer():
    return ChunkMap(Machine(GC_OFF).run(PROGRAM))


@pytest.mark.parametrize(
    ("text", "op"),
    [("a0.Free()", 7), ("snapshot", 6), ("op 3", 2), (QUARTER.expr, 1), ("quarantined", 7), ("runtime.gc()", 8)],
)  # fmt: skip
def test_text_is_found(explorer, text, op):
    explorer.find(text)
    assert explorer.error == ""
    assert explorer.view().reading.op == op


def test_operation_without_events_is_stood_on(explorer):
    explorer.find("Snapshot()")
    assert (explorer.place.op, explorer.view().reading.call) == (6, "Snapshot()")
    explorer.find("op 6")
    explorer.find("Snapshot()", forwards=True)
    assert explorer.place.op == 6


def test_address_is_found_and_again_what_was_looked_for_last(explorer):
    addr = explorer.history.world.ledger.row(0)[0]
    explorer.find(hex(addr + 8))
    first = explorer.cursor
    explorer.find()
    assert explorer.cursor > first
    explorer.find(forwards=False)
    assert explorer.cursor == first


def test_events_of_the_chunk_in_focus_are_found(explorer):
    explorer.chunk = 1
    explorer.find(THIS_CHUNK)
    assert 1 in explorer.history.events[explorer.cursor - 1].chunks
    explorer.stop_at(THIS_CHUNK)
    assert explorer.first_stop(0, len(explorer.history)) == explorer.cursor


def test_what_is_not_there_is_said(explorer):
    explorer.find("no such thing")
    assert explorer.error == "“no such thing”: no later match in this run"
    assert explorer.cursor == 0


def test_playing_stops_at_the_first_of_all_breakpoints(explorer):
    explorer.stop_at("a0.Free()")
    explorer.stop_at("MarkedDefunct")
    end, events = len(explorer.history), explorer.history.events
    freed = next(n for n, event in enumerate(events) if isinstance(event, MarkedDefunct))
    assert explorer.first_stop(0, end) == freed + 1
    assert explorer.first_stop(freed + 1, end) == explorer.history.op_end(8)
    assert explorer.first_stop(0, freed) is None
    assert dict(explorer._breakpoints) == {"a0.Free()": None, "MarkedDefunct": 1}


def test_kinds_and_types_are_offered(explorer):
    offered = explorer.finds()
    assert offered[0] == THIS_CHUNK
    assert {"MarkedDefunct", QUARTER.expr} <= set(offered)
    assert "WeakPointerMade" not in offered
