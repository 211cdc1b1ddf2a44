"""What was clicked, as a record: the numbers of the World at that moment, and nothing for a button."""

import re

import numpy as np
import pytest

from arenalab.draw.chunk_map import chunk_map_scene
from arenalab.draw.goroutines import goroutines_scene
from arenalab.draw.life_cycle import life_cycle_scene
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import chunk_map
from arenalab.view.doing import Doing
from arenalab.view.goroutines import goroutines
from arenalab.view.life_cycle import life_cycle
from arenalab.view.lives import Lives
from arenalab.view.selection import selected, selected_word
from arenalab.world import ops
from tests.concurrent import overtaking
from tests.strategies import GC_OFF

NODE, QUARTER = type_of("struct{ next *int; key string }"), type_of("[2097152]byte")
PROGRAM = [ops.NewArena(0), ops.New(0, NODE), *[ops.New(0, QUARTER)] * 4, ops.Free(0)]


@pytest.fixture(scope="module")
def history():
    return Machine(GC_OFF).run(PROGRAM)


def test_chunk_is_as_it_was_at_the_moment(history):
    early = selected(history, history.op_end(2), "chunk 0")
    late = selected(history, len(history), "chunk 0")
    assert (early.list, early.user_arena, early.objects, early.front_bytes, early.back_bytes) == (
        "active",
        0,
        1,
        24,
        0,
    )
    assert (late.list, late.condition, late.noscan) == ("quarantine", "set to fault", True)
    assert early.addr == history.world.spans[0].base
    assert early.free_bytes + 24 == GC_OFF.chunk.usable_bytes
    assert early.list == "active"  # what was selected stays what it was


def test_object_is_a_row_of_the_ledger(history):
    object_ = selected(history, len(history), "object 0")
    addr, size, _, cap, owner, chunk = history.world.ledger.row(0)
    assert (object_.addr, object_.size_bytes, object_.cap, object_.user_arena, object_.chunk) == (
        addr,
        size,
        cap,
        owner,
        chunk,
    )
    assert (object_.type, object_.call, object_.op, object_.freed) == (
        NODE.expr,
        f"arena.New[{NODE.expr}](a0)",
        1,
        True,
    )
    assert not selected(history, history.op_end(2), "object 0").freed


def test_record_is_numpys(history):
    record = selected(history, len(history), "object 1")
    assert isinstance(record, np.record)
    assert record["size_bytes"] == record.size_bytes == 2 << 20
    keys = ("chunk 0", "object 0", "op 0", "event 0", "who 1")
    names = {name for key in keys for name in selected(history, len(history), key).dtype.names}
    assert names.isdisjoint(dir(np.record))


@pytest.mark.parametrize("key", ["op 6", "op:6"])
def test_operation_is_told_with_its_events(history, key):
    op = selected(history, 0, key)
    assert (op.kind, op.call, op.events) == ("Free", "a0.Free()", len(history.events_of(7)))
    assert op.cursor == history.op_end(7)


def test_event_and_the_place_right_after_it_are_one(history):
    event = selected(history, 0, "event 3")
    assert event.sentence == history.events[3].sentence()
    assert event == selected(history, 0, "at 4")


def test_goroutine_is_counted_until_the_moment():
    run = overtaking()
    actor = run.actors[-1]
    all_of_it = selected(run, len(run), f"who {actor}")
    assert all_of_it.events == (run.log.column("actor") == actor).sum() > 0
    assert selected(run, 0, f"who {actor}").events == 0


def test_word_is_its_object_or_its_chunk(history):
    at = history.op_end(2)
    assert [selected_word(history, at, 0, word).object for word in (0, 2)] == [0, 0]
    assert selected_word(history, at, 0, 3).list == "active"
    assert selected_word(history, at, 9, 0) is None
    assert selected_word(history, at, 0, 2**20) is None


@pytest.mark.parametrize(
    "key",
    ["", "chunks +8", "word 512", "chunk 99", "chunk -1", "object 99", "op 99", "at 0", "who 99", "event -1"],
)
def test_button_or_what_is_not_there_selects_nothing(history, key):
    assert selected(history, 0, key) is None


def test_chunk_that_is_not_there_yet_is_none(history):
    assert selected(history, 0, "chunk 0") is None


def test_what_pictures_call_their_shapes_can_be_selected():
    """Each tap of a scene that is no button is a key that a record is found for."""
    run = overtaking()
    index = run.reader(ChunkIndex)
    scenes = [
        chunk_map_scene(chunk_map(index, len(run))), life_cycle_scene(life_cycle(run.reader(Lives), len(run))),
        goroutines_scene(goroutines(run.reader(Doing), len(run))),
    ]  # fmt: skip
    shapes = [shape for scene in scenes for shape in scene.shapes if "al-press" not in shape]
    taps = {tap for shape in shapes for tap in re.findall(r'data-tap="([^"]+)"', shape)}
    assert {tap.partition(" ")[0] for tap in taps} >= {"chunk", "op", "at", "who"}
    assert [tap for tap in sorted(taps) if selected(run, len(run), tap) is None] == []
