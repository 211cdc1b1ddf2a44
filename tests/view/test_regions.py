"""Where Go keeps something of its own in a chunk, every view says what it is, and counts it as no object's room."""

import numpy as np
import pytest

from arenalab.go.versions import VERSIONS, go_rules
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.address_space import address_space
from arenalab.view.bit_raster import KEYS, bit_raster
from arenalab.view.chunk_events import ChunkEvents
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import chunk_map
from arenalab.view.chunk_raster import word_said
from arenalab.view.chunk_state import ChunkState
from arenalab.view.heap_bitmap import heap_bitmap
from arenalab.view.nearby import nearby
from arenalab.view.windows import WHOLE
from arenalab.world import ops
from arenalab.world.events import BitmapWordWritten
from arenalab.world.touch import touch

USABLE, BITMAP, CHUNK = 0x7DFFD0, 0x7E0000, 0x800000
TAIL = [(USABLE, BITMAP, "reserve"), (BITMAP, CHUNK, "reserve")]
EACH = pytest.mark.parametrize("version", VERSIONS)
SINCE = pytest.mark.parametrize("version", list(VERSIONS)[1:])


def run(version, *program, build_mode="plain"):
    rules = go_rules(version, build_mode=build_mode)
    types = [type_of(text, rules=rules) for text in ("*int", "[3]int", "[130]*int")]
    start = [ops.NewArena(0), *(ops.New(0, go_type) for go_type in types)]
    return Machine(rules).run([*start, *program])


def freed(version, *after):
    """A run whose first chunk is set to fault: its arena is freed, and nobody points into it."""
    big = type_of("[262144]int")
    return run(version, *[ops.New(0, big)] * 4, ops.Free(0), *after)


@SINCE
@pytest.mark.parametrize(("build_mode", "zone"), [("plain", 0), ("asan", 2048)])
def test_chunk_ends_in_a_dummy_type_and_a_bitmap_of_their_own(version, build_mode, zone):
    history = run(version, build_mode=build_mode)
    view = chunk_map(ChunkIndex(history), len(history), focus=0, fit=WHOLE)
    for table in (view.gaps, view.blocks):
        rows = zip(table.chunk, table.left, table.right, table.meaning, strict=True)
        there = [row[1:] for row in rows if row[0] == 0 and row[1] >= USABLE - zone and row[3] != "free"]
        red = [(USABLE - zone, USABLE, "red_zone")] if zone else []
        assert [row for row in there if row[2] in ("red_zone", "reserve")] == red + TAIL
    assert "48 B dummy type: its PtrBytes say where a scan of the chunk ends" in view.gaps.said
    assert "128 KiB heap bitmap: a bit for each word of the chunk" in view.gaps.said
    taken = view.chunks.front[0] + view.chunks.back[0] + view.chunks.free[0]
    assert taken == USABLE - zone
    assert "8 MiB each, 7.875 MiB usable" in view.text()
    assert "the runtime's own: the chunk's dummy type and heap bitmap" in view.text()


def test_up_to_1_21_a_chunk_is_objects_from_end_to_end():
    history = run("1.21")
    view = chunk_map(ChunkIndex(history), len(history), focus=0, fit=WHOLE)
    assert "reserve" not in {*view.gaps.meaning, *view.blocks.meaning}
    assert "runtime's own" not in view.text()
    assert "8 MiB each\n" in view.text()
    assert not address_space(ChunkEvents(history), len(history)).cells.reserve.any()


@SINCE
def test_words_of_the_tail_say_what_they_hold(version):
    history = run(version)
    index, world = ChunkIndex(history), history.world
    its = ChunkState(index, world, 0)
    said, part = word_said(index, its, USABLE // 8)
    assert part == (USABLE, BITMAP)
    assert said.startswith("dummy type")
    assert f"PtrBytes {8 + 130 * 8:,}" in said
    said, part = word_said(index, its, BITMAP // 8)
    assert part == (BITMAP, CHUNK)
    assert f"bitmap word 0: {world.bits.word(0, 0):#018x}" in said


@SINCE
def test_a_chunk_set_to_fault_has_no_region_left(version):
    history = freed(version)
    chunk = next(
        span.chunk for span in history.world.spans if span.faulted and span.chunk in history.world.births
    )
    view = chunk_map(ChunkIndex(history), len(history), focus=chunk, fit=WHOLE)
    assert set(view.gaps.meaning) | set(view.objects.meaning) <= {"dead", "address_space", "padding"}
    assert "dummy type" not in view.text()


@SINCE
def test_address_space_shows_the_runtimes_part_apart_from_the_back(version):
    history = run(version)
    view = address_space(ChunkEvents(history), len(history))
    cells = view.cells
    assert (cells.front[0], cells.back[0], cells.tail[0], cells.reserve[0]) == (
        8 + 1040,
        24,
        0,
        CHUNK - USABLE,
    )
    assert cells.back_pages[0] == 1
    assert cells.resident[0] == CHUNK
    assert "8 chunks of 8 MiB, 7.875 MiB usable" in view.text()


@EACH
def test_memory_near_the_end_of_the_objects(version):
    history = run(version)
    world = history.world
    base = world.spans[0].base
    start, near = nearby(world, base + USABLE - 24, 0, 0)
    held = [
        (left + start - base, right + start - base) for left, right in zip(near.left, near.right, strict=True)
    ]
    kept = [part for part, meaning in zip(held, near.meaning, strict=True) if meaning == "reserve"]
    assert kept == ([] if version == "1.21" else [(USABLE, start - base + 64)])
    assert ("the chunk's own dummy type" in str(touch(world, base + USABLE))) == (version != "1.21")
    assert ("the chunk's own bitmap" in str(touch(world, base + BITMAP))) == (version != "1.21")


@SINCE
def test_ptr_bytes_say_where_scans_end(version):
    history = run(version)
    view = heap_bitmap(ChunkIndex(history), len(history), focus=0, first=0)
    ends = 1 + 130
    assert view.page.ptr_bytes == 8 * ends
    assert view.cursor == ((ends - 1) // 64, (ends - 1) % 64 + 1)
    assert view.scan.end == view.cursor[0] + 1
    assert f"the chunk's {8 * ends:,} PtrBytes, in word 2" in view.text()
    assert f"PtrBytes of the chunk's dummy type: {8 * ends:,}" in view.text()
    assert "noMorePtrs" not in view.text()
    assert " mark " not in view.text()
    shaded = bit_raster(history.world, 0, (0, 8)).words[: USABLE // 8] == 2 * KEYS.index("bit_zero") + 1
    assert not shaded[:ends].any()
    assert shaded[ends:].all()


@SINCE
def test_before_any_pointer_ptr_bytes_end_at_the_base(version):
    history = Machine(go_rules(version)).run([ops.NewArena(0), ops.New(0, type_of("int"))])
    view = heap_bitmap(ChunkIndex(history), len(history))
    assert view.cursor == (0, 0)
    assert "reads nothing" in view.scan.text()


def test_marks_have_no_cursor():
    history = run("1.21")
    view = heap_bitmap(ChunkIndex(history), len(history), focus=0, first=0)
    assert view.cursor is None
    assert "PtrBytes" not in view.text()
    assert "no more pointers" in view.text()


@pytest.mark.parametrize("after", [(), (ops.RunGC(),)], ids=["quarantine", "ready"])
@EACH
def test_bits_of_a_chunk_set_to_fault_are_gone_where_they_lay_in_it(version, after):
    history = freed(version, *after)
    world = history.world
    chunk = next(span.chunk for span in world.spans if span.faulted and span.chunk in world.births)
    view, raster = (
        heap_bitmap(ChunkIndex(history), len(history), focus=chunk, first=0),
        bit_raster(world, chunk, (0, 8)),
    )
    if version == "1.21":
        assert "unmapped" not in view.text()
        assert set(view.cells.meaning) == {"bit_one", "bit_zero"}
        return
    assert "unmapped: the bits lay in the chunk" in view.text()
    assert "0x0000000000000000" not in view.text()
    gone = "address_space" if world.list_of(chunk) == "ready" else "dead"
    assert set(view.cells.meaning) == set(view.strips.meaning) == {gone}
    assert view.cursor is None
    assert set(raster.words.tolist()) == {2 * KEYS.index(gone)}
    never = heap_bitmap(ChunkIndex(history), len(history), focus=len(world.spans) - 1)
    assert "unmapped: the bits are to lie in the chunk" in never.text()


@SINCE
def test_bitmap_words_behind_the_objects_describe_the_runtimes_own(version):
    history = run(version)
    view = heap_bitmap(ChunkIndex(history), len(history), focus=0, first=16_127)
    last = view.strips.word == 16_127
    rows = zip(
        view.strips.left[last],
        view.strips.right[last],
        view.strips.meaning[last],
        view.strips.type[last],
        strict=True,
    )
    assert [row for row in rows if row[2] == "reserve"] == [(58, 64, "reserve", "dummy type")]
    beyond = heap_bitmap(ChunkIndex(history), len(history), focus=0, first=16_128)
    assert set(zip(beyond.strips.meaning, beyond.strips.type, strict=True)) == {("reserve", "bitmap")}
    assert set(beyond.cells.type) == {"bitmap"}
    assert set(beyond.scanned) == {"in no oblet"}
    assert "no oblet is there" in beyond.text()
    assert "not scanned" in set(view.scanned)
    tail = bit_raster(history.world, 0, (0, 8)).words[USABLE // 8 :]
    assert set(tail.tolist()) == {2 * KEYS.index("reserve")}


@EACH
def test_stores_name_write_and_flush_by_the_word_that_runs_over(version):
    history = run(version, ops.MakeSlice(0, type_of("struct{ p *int; n [40]int }"), 9))
    index, stores = ChunkIndex(history), 0
    for number, event in enumerate(history.events):
        if not isinstance(event, BitmapWordWritten):
            continue
        store, stores = heap_bitmap(index, number + 1).store, stores + 1
        behind = np.flatnonzero(store.bits.origin == "kept")
        if version == "1.21":
            assert store.full == bool(event.clears)
            continue
        assert "noMorePtrs" not in store.text()
        assert "back-up" not in store.text()
        assert not store.full or 63 not in behind  # what runs over reaches the word's last bit
    assert stores > 9


@pytest.mark.parametrize("version", [version for version in VERSIONS if version != "1.21"])
def test_word_that_a_value_fills_to_its_last_bit_is_left_to_flush(version):
    filler, word = type_of("[61]*int"), type_of("struct{ p *int; n [63]int }")  # 131 words are there
    history = run(version, ops.New(0, filler), ops.MakeSlice(0, word, 3))
    index = ChunkIndex(history)
    stored = [n for n, event in enumerate(history.events, 1) if isinstance(event, BitmapWordWritten)]
    calls = [heap_bitmap(index, number).store.call for number in stored]
    assert calls[-4:] == ["writeHeapBits.flush"] * 4
