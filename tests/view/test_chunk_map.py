"""The chunk map's columns are the world's, object by object, at every moment of random programs."""

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view import chunk_inside
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import PAGE, chunk_map, chunk_page
from arenalab.view.windows import WHOLE, Window
from arenalab.world import ops
from arenalab.world.chunk_events import ChunkZeroed
from arenalab.world.end_events import ChunkUnmapped
from arenalab.world.events import ObjectAllocated, ObjectsAllocated
from tests.programs import moments_of
from tests.strategies import GC_OFF, programs

INT, POINTER, ODD = type_of("int64"), type_of("*int"), type_of("[3]byte")


def carved(history, at):
    """What each chunk holds after `at` events, from the events alone: chunk -> {(offset, size, arena)}."""
    held = defaultdict(set)
    world = history.at(at)
    for event in history.events[:at]:
        match event:
            case ChunkZeroed():
                held[event.chunk] = set()
            case ObjectAllocated():
                offset = event.addr - world.spans[event.chunk].base
                held[event.chunk].add((offset, event.size, event.user_arena))
            case ObjectsAllocated():
                first = event.first - world.spans[event.chunk].base
                size = event.type.size * max(event.cap, 1)
                offsets = (first + event.stride * number for number in range(event.count))
                held[event.chunk] |= {(offset, size, event.user_arena) for offset in offsets}
    return held


def whole(index, at, chunk):
    """The chunk map that shows one chunk from end to end, each object alone."""
    return chunk_map(index, at, focus=chunk, fit=WHOLE)


@pytest.fixture(autouse=True)
def every_object_alone(request, monkeypatch):
    """Merge no objects, except where a whole recording is looked at as its readers do."""
    if "made_history" not in request.fixturenames:
        monkeypatch.setattr(chunk_inside, "MOST_OBJECTS", 10**9)


def run(program, *, in_bulk=False):
    return Machine(GC_OFF, in_bulk=in_bulk).run(program)


@given(programs(), st.data(), st.booleans())
def test_objects_are_those_that_events_carved(program, data, in_bulk):
    history = run(program, in_bulk=in_bulk)
    at = data.draw(st.integers(0, len(history)))
    index, held = ChunkIndex(history), carved(history, at)
    for chunk in range(len(history.at(at).spans)):
        view = whole(index, at, chunk)
        shown = zip(view.objects.left, view.objects.size, view.objects.user_arena, strict=True)
        row = list(view.chunks.chunk).index(chunk)
        expected = held[chunk] if view.chunks.condition[row] in {"usable", "set to fault"} else set()
        assert set(shown) == expected
        assert view.chunks.objects[row] == len(expected)


@given(programs(), st.data())
def test_objects_and_gaps_are_the_chunk_byte_for_byte(program, data):
    history = run(program)
    at = data.draw(st.integers(0, len(history)))
    for chunk in range(len(history.at(at).spans)):
        view = whole(ChunkIndex(history), at, chunk)
        parts = [(row.left, row.right) for row in (view.objects, view.gaps)]
        stretches = sorted(
            (int(a), int(b)) for left, right in parts for a, b in zip(left, right, strict=True)
        )
        assert stretches[0][0] == 0
        assert stretches[-1][1] == view.chunk_bytes
        assert all(before[1] == after[0] for before, after in pairwise(stretches))


@given(programs(), st.data())
def test_what_a_window_shows_is_covered_byte_for_byte(program, data):
    history = run(program)
    at, size = data.draw(st.integers(0, len(history))), history.rules.chunk.stride
    starts = st.integers(0, 512) | st.integers(size - 512, size - 64)
    low, high = sorted(data.draw(starts) for _ in range(2))
    window = Window((low, low + 64), (high, high + 64))
    for chunk in range(len(history.at(at).spans)):
        view = chunk_map(ChunkIndex(history), at, focus=chunk, window=window)
        shown = sorted(
            (int(left), int(right))
            for table in (view.objects, view.gaps)
            for left, right in zip(table.left, table.right, strict=True)
        )
        assert all(before[1] <= after[0] for before, after in pairwise(shown))  # nothing twice
        for start, end in window:
            seen = [max(0, min(right, end) - max(left, start)) for left, right in shown]
            assert sum(seen) == end - start


@given(programs(), st.data())
def test_bands_fill_each_chunk_and_name_the_free_range(program, data):
    history = run(program)
    at = data.draw(st.integers(0, len(history)))
    world, view = history.at(at), chunk_map(ChunkIndex(history), at)
    for chunk in view.chunks.chunk:
        mine = view.blocks.chunk == chunk
        assert (view.blocks.right - view.blocks.left)[mine].sum() == view.chunk_bytes
        row, span = int(np.flatnonzero(view.chunks.chunk == chunk)[0]), world.spans[chunk]
        if view.chunks.condition[row] == "usable":
            middle = np.logical_and(mine, np.isin(view.blocks.meaning, ["free", "waste"]))
            assert (view.blocks.right - view.blocks.left)[middle].sum() == span.free_bytes
            assert view.chunks.free[row] == span.free_bytes


@given(programs(), st.data(), st.integers(1, 40))
def test_merging_loses_no_object_and_no_byte(program, data, most):
    history = run(program)
    at = data.draw(st.integers(0, len(history)))
    index = ChunkIndex(history)
    for chunk in range(len(history.at(at).spans)):
        exact = whole(index, at, chunk).objects
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(chunk_inside, "MOST_OBJECTS", most)
            patch.setattr(chunk_inside, "CELLS", 8)
            merged = whole(index, at, chunk).objects
        for column in ("count", "size"):
            assert getattr(merged, column).sum() == getattr(exact, column).sum()
        for meaning in {*exact.meaning, *merged.meaning}:
            bytes_ = [view.size[view.meaning == meaning].sum() for view in (exact, merged)]
            assert bytes_[0] == bytes_[1]
        assert merged.count[merged.current].sum() == exact.current.sum()


@given(programs(), st.data())
def test_window_shows_what_it_touches_and_nothing_else(program, data):
    history = run(program)
    index, size = ChunkIndex(history), history.rules.chunk.stride
    edge = st.integers(0, size)
    low, high = (tuple(sorted((data.draw(edge), data.draw(edge)))) for _ in range(2))
    for chunk in range(len(history.world.spans)):
        every = whole(index, len(history), chunk).objects
        view = chunk_map(index, len(history), focus=chunk, window=Window(low, high)).objects
        touched = [
            (every.left < part[1]) * (every.right > part[0]) * (part[0] < part[1]) for part in (low, high)
        ]
        assert sorted(view.row) == sorted(every.row[np.logical_or(*touched)])


@given(programs(), st.data())
def test_two_looks_at_one_moment_are_equal(program, data):
    history = run(program)
    at = data.draw(st.integers(0, len(history)))
    one, two = (chunk_map(ChunkIndex(history), at) for _ in range(2))
    assert one == two
    assert one.text() == two.text()


@given(programs(), st.data())
def test_page_alone_says_what_the_whole_map_says_of_it(program, data):
    history = run(program)
    at = data.draw(st.integers(0, len(history)))
    focus = data.draw(st.none() | st.integers(0, len(history.world.spans)))
    page, shown = (look(ChunkIndex(history), at, focus=focus) for look in (chunk_page, chunk_map))
    assert page == (shown.chunks, shown.blocks, shown.all_chunks)


def test_every_recorded_moment_can_be_looked_at(made_history):
    index = ChunkIndex(made_history)
    for at in moments_of(made_history, 12):
        assert chunk_map(index, at).text().startswith("operation")


def test_current_is_what_the_operation_made():
    history = run([ops.NewArena(0), ops.New(0, INT), ops.Rep(0, POINTER, 3)])
    view = whole(ChunkIndex(history), len(history), 0).objects
    assert list(zip(view.type, view.current, view.op, strict=True)) == [("*int", True, 2)] * 3 + [
        ("int64", False, 1)
    ]


def test_reused_chunk_shows_the_freed_arena_apart():
    program = [
        ops.NewArena(0),
        ops.New(0, POINTER),
        ops.New(0, ODD),
        ops.Free(0),
        ops.NewArena(1),
        ops.New(1, POINTER),
    ]
    view = chunk_map(ChunkIndex(run(program)), len(run(program)))
    assert list(view.objects.meaning) == ["pointerful_former", "pointerful", "pointer_free_former"]
    assert list(view.objects.user_arena) == [0, 1, 0]
    shown = dict(zip(view.blocks.meaning, view.blocks.right - view.blocks.left, strict=True))
    assert (shown["pointerful_former"], shown["pointerful"], shown["pointer_free_former"]) == (8, 8, 3)


def test_chunk_filled_down_to_its_base_holds_its_objects_while_it_is_on_no_list():
    history = run([ops.NewArena(0), *[ops.New(0, type_of("[2097152]byte"))] * 5, ops.Free(0)])
    at = next(n for n, event in enumerate(history.events, 1) if type(event).__name__ == "FullUnlinked")
    view = chunk_map(ChunkIndex(history), at)
    assert (view.chunks.list[0], view.chunks.condition[0], view.chunks.objects[0]) == (
        "in transit",
        "usable",
        4,
    )


def test_retired_chunk_shows_its_waste():
    quarter = type_of("[262144]*int")
    history = run([ops.NewArena(0), ops.New(0, INT), *[ops.New(0, quarter)] * 4])
    view = chunk_map(ChunkIndex(history), len(history))
    assert list(view.chunks.list[:2]) == ["full", "active"]
    assert view.chunks.waste[0] == 2**21 - 8
    assert "waste" in view.blocks.meaning


def test_chunk_that_is_full_to_its_base_holds_its_objects():
    history = run([ops.NewArena(0), ops.Rep(0, type_of("[524288]byte"), 17)])
    view = whole(ChunkIndex(history), len(history), 0)
    assert (view.chunks.condition[0], view.chunks.objects[0], view.chunks.waste[0]) == ("usable", 16, 0)


def test_unmapped_chunk_is_dead_until_it_is_ready_again():
    quarter = type_of("[262144]*int")
    history = run([ops.NewArena(0), *[ops.New(0, quarter)] * 5, ops.Free(0), ops.RunGC()])
    index = ChunkIndex(history)
    unmapped = next(n for n, event in enumerate(history.events, 1) if isinstance(event, ChunkUnmapped))
    before, after, end = (whole(index, at, 0) for at in (unmapped - 1, unmapped, len(history)))
    assert set(before.objects.meaning) == {"pointerful"}
    assert set(after.objects.meaning) == {"dead"}
    assert (end.chunks.condition[0], list(end.objects.meaning)) == ("address space", [])


def test_chunk_beyond_the_page_turns_the_page():
    quarter = type_of("[262144]*int")
    history = run([ops.NewArena(0), *[ops.New(0, quarter)] * 4 * (PAGE + 3)])
    view = chunk_map(ChunkIndex(history), len(history))
    assert view.focus == PAGE + 2
    assert list(view.chunks.chunk) == list(range(PAGE, min(2 * PAGE, view.all_chunks)))
    assert view.chunks.focus.sum() == 1


def test_chunk_that_does_not_exist_yet_has_an_empty_inside():
    history = run([ops.NewArena(0)])
    view = chunk_map(ChunkIndex(history), 0, focus=0)
    assert (view.focus, len(view.chunks), len(view.objects), view.all_chunks) == (-1, 0, 0, 0)


def test_picture_keeps_its_scale_while_a_chunk_fills():
    history = run([ops.NewArena(0), *[ops.New(0, POINTER)] * 20])
    index = ChunkIndex(history)
    assert len({chunk_map(index, at, focus=0).window for at in range(len(history))}) == 1
    assert len({chunk_map(index, at).rows for at in range(len(history))}) == 1


def test_index_follows_a_history_that_grows():
    machine = Machine(GC_OFF)
    machine.do(ops.NewArena(0))
    index = ChunkIndex(machine.history)
    machine.do(ops.New(0, POINTER))
    index.refresh()
    fresh = ChunkIndex(machine.history)
    assert chunk_map(index, len(machine.history)) == chunk_map(fresh, len(machine.history))
    assert len(chunk_map(index, len(machine.history)).objects) == 1


def test_planted_wrong_row_is_seen():
    """The byte-for-byte law is not empty: an object moved by one byte breaks it."""
    history = run([ops.NewArena(0), ops.New(0, POINTER), ops.New(0, INT)])
    index = ChunkIndex(history)
    index.edges(1)._left[-1] -= 1
    held = carved(history, len(history))
    view = whole(index, len(history), 0).objects
    assert set(zip(view.left, view.size, view.user_arena, strict=True)) != held[0]
