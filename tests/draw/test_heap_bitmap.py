"""The heap bitmap as shapes: every bit, object and store of the view is drawn where it belongs; text stays text."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.draw import heap_bitmap_parts as parts
from arenalab.draw.heap_bitmap import heap_bitmap_scene
from arenalab.draw.heap_bitmap_plan import Plan
from arenalab.draw.room import Room
from arenalab.draw.theme import EVERY_LOOK
from arenalab.explore import HeapBitmap
from arenalab.go.versions import go_rules
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.bit_store import ORIGINS
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.heap_bitmap import BITS_SAID, heap_bitmap
from arenalab.world import ops
from tests.draw.fits import WIDTHS, faults, texts
from tests.strategies import GC_OFF, programs

EVIL = type_of('struct{ p *int "<script>alert(1)</script>"; q [20]*int }')
PROGRAM = [ops.NewArena(0), ops.New(0, EVIL), ops.MakeSlice(0, type_of("struct{ p *int; n int }"), 40)]
PLAN = Plan(Room(960), 64)


@pytest.fixture
def history():
    return Machine(GC_OFF).run(PROGRAM)


def seen(history, at=None):
    return heap_bitmap(ChunkIndex(history), len(history) if at is None else at)


DRAWN = re.compile(r'<title>bit (\d+) of word ([\d,]+)\n.*?x="([^"]*)" y="([^"]*)".*?f-(\w+)', re.DOTALL)


def areas(scene, tip):
    """(class, x, y) of each area of which a text is told."""
    shapes = [unescape(shape) for shape in scene.shapes if f"<title>{tip}" in unescape(shape)]
    pattern = r'x="([^"]*)" y="([^"]*)".*?class="f-(\w+)'
    return [
        (found[3], float(found[1]), float(found[2])) for found in (re.search(pattern, it) for it in shapes)
    ]


@given(programs(max_ops=10), st.data(), st.sampled_from([*WIDTHS, 800]), st.sampled_from(["1.21", "1.27"]))
def test_every_bit_and_object_of_the_view_is_drawn_once_and_in_its_place(program, data, width, go):
    history = Machine(replace(go_rules(go), gogc=-1)).run(program)
    view = seen(history, data.draw(st.integers(0, len(history))))
    scene, plan = heap_bitmap_scene(view, width), Plan(Room(width), 64, view.rows)
    assert faults(scene) == []
    assert scene.height == heap_bitmap_scene(seen(history, 0), width).height
    cells, drawn = view.cells, {}
    for shape in scene.shapes:
        if found := re.search(
            r"<title>bit (\d+) of word ([\d,]+)\n.*?x=\"([^\"]*)\" y=\"([^\"]*)\".*?f-(\w+)", shape, re.DOTALL
        ):
            bit, word, x, y, meaning = found.groups()
            drawn[int(word.replace(",", "")), int(bit)] = (float(x), float(y), meaning)
    shown = cells.word - view.first < view.rows
    assert (
        view.store is None
        or view.first
        or view.store.word < max(view.rows, 8 * (view.store.chunk != view.focus))
    )
    assert len(drawn) == shown.sum()
    assert not any(cells.meaning[~shown] == "bit_one")  # what has no row is never written
    for word, bit, meaning in zip(*(it[shown] for it in (cells.word, cells.bit, cells.meaning)), strict=True):
        x, y, looks = drawn[int(word), int(bit)]
        left, top, *_ = plan.box(word - view.first, plan.bits_part, (bit, bit + 1))
        assert (x, y) == (pytest.approx(left, abs=0.01), pytest.approx(top, abs=0.01))
        assert looks == meaning
    strips = [shape for shape in scene.shapes if re.search(r"\nfrom 0x\w+, bits ", shape)]
    assert len(strips) == (view.strips.word - view.first < view.rows).sum()


def test_store_shows_before_after_and_where_each_bit_is_from(history):
    view = seen(history)
    scene = heap_bitmap_scene(view)
    [bit] = view.store.bits.bit[view.store.bits.changed].tolist()
    before, after = areas(scene, f"bit {bit}: ")
    plan = Plan(Room(960), 64, view.rows)
    assert (before[0], after[0]) == ("bit_zero", "bit_one")
    assert (before[2], after[2]) == tuple(
        plan.store_box(row, (0, 1))[1] for row in (parts.BEFORE, parts.AFTER)
    )
    assert sum("changed: yes" in shape for shape in scene.shapes) == 1
    origins = [shape for shape in scene.shapes if re.search(r"<title>bits \d+ to", shape)]
    assert [re.search(r"f-(\w+)", shape)[1] for shape in origins] == ["kept", "mask", "pad", "kept"]


def test_stored_word_is_outlined(history):
    view = seen(history)
    [outline] = [
        shape for shape in heap_bitmap_scene(view).shapes if shape.startswith("<rect") and "l-now" in shape
    ]
    row = view.store.word - view.first
    assert f'y="{PLAN.box(row, PLAN.bits_part, (0, 64))[1] - 2:.2f}"' in outline


def test_shapes_that_a_step_leaves_alone_stay(history):
    before, after = (heap_bitmap_scene(seen(history, at)) for at in (len(history) - 2, len(history)))
    assert (before.width, before.height) == (after.width, after.height)
    kept = set(before.shapes) & set(after.shapes)
    assert len(kept) > 300


def test_still_keeps_its_size_while_one_steps_and_has_its_raster(history):
    explorer, sizes = HeapBitmap(history), set()
    for at in range(len(history) + 1):
        explorer.cursor = at
        root = ET.fromstring(explorer.still())  # noqa: S314  # our own text
        sizes.add((root.get("width"), root.get("height")))
    assert len(sizes) == 1
    assert explorer.still().count("data:image/png;base64,") == 1


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_still_shows_script_as_text(history, paper):
    explorer = HeapBitmap(history, cursor=history.op_end(2))
    svg = explorer.still(paper)
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg
    assert svg.png().startswith(b"\x89PNG")


def test_every_meaning_has_a_look_and_a_legend():
    assert set(parts.MEANINGS) == set(BITS_SAID) | set(ORIGINS)
    assert set(parts.MEANINGS) <= set(EVERY_LOOK)


@pytest.mark.parametrize("first", [0, 1_000, 16_376])
def test_name_of_a_row_ends_before_its_bits(first):
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, type_of("[65536]struct{ a, b *int; c int }"))])
    scene = heap_bitmap_scene(heap_bitmap(ChunkIndex(history), len(history), first=first))
    names = [its for its in texts(scene) if re.match("word [^ ]+ at", its.words)]
    assert len(names) == 8
    assert max(its.right for its in names) < PLAN.cells_x


def test_run_that_writes_few_words_has_rows_for_these_and_says_so(history):
    view = seen(history)
    assert view.rows == 3  # 176 bytes and 640: two words of 512 bytes and one behind them
    said = [its.words for its in texts(heap_bitmap_scene(view))]
    assert sum(words.startswith("word ") and " at " in words for words in said) == 3
    assert "words 3 to 7: never written in this run" in said


def newest(*program):
    return Machine(replace(go_rules("1.27"), gogc=-1)).run([ops.NewArena(0), *program])


def test_cursor_stands_where_ptr_bytes_end_and_says_so():
    view = seen(newest(ops.New(0, type_of("[70]*int"))))
    scene = heap_bitmap_scene(view)
    [line] = [shape for shape in scene.shapes if "PtrBytes of the chunk's dummy type: 560" in unescape(shape)]
    x, y = PLAN.cells_x + 6 * PLAN.cell, PLAN.top + PLAN.row
    assert re.search(rf'x1="{x:.2f}" y1="{y:.2f}" x2="{x:.2f}"', line)
    words = [row.mark for row in parts.row_words(view)]
    assert words == [parts.WITHIN, "▏PtrBytes 560", *[parts.BEYOND] * 6]


def test_marks_draw_no_cursor(history):
    assert not any("PtrBytes" in unescape(shape) for shape in heap_bitmap_scene(seen(history)).shapes)


def test_tips_name_what_the_runtime_keeps():
    history = newest(ops.New(0, type_of("*int")))
    tail = heap_bitmap(ChunkIndex(history), len(history), first=16_127)
    told = unescape("".join(heap_bitmap_scene(tail).shapes))
    assert (
        "bit 63 of word 16,127\n0: the collector passes over it\n0x40c0007dfff8: the chunk's dummy type"
        in told
    )
    assert (
        "the runtime's own: the chunk's dummy type and heap bitmap\ndummy type\nfrom 0x40c0007dffd0" in told
    )


def test_legend_lists_what_the_version_has():
    old, new = (set(HeapBitmap(it).legend()) for it in (Machine(GC_OFF), newest()))
    assert old - new == {"back_up", "scratch"}
    assert new - old == {"reserve", "dead", "address_space"}
    assert "scratch" in HeapBitmap(Machine(go_rules("1.23"))).legend()


def taps(scene):
    return re.findall(r'class="al-press" data-tap="([^"]*)"', "".join(scene.shapes))


def test_page_is_turned_by_buttons_and_by_nothing_at_the_ends(history):
    index = ChunkIndex(history)
    first, middle, last = (
        heap_bitmap_scene(heap_bitmap(index, len(history), first=word)) for word in (0, 8, 16_376)
    )
    assert (taps(first), taps(middle), taps(last)) == (["word 8"], ["word 0", "word 16"], ["word 16368"])
    explorer = HeapBitmap(history, cursor=len(history))
    explorer.on_choose("word 16")
    assert (explorer.shown.first, explorer.fit) == (16, "custom")


def test_equal_objects_are_told_apart_by_their_numbers():
    history = Machine(GC_OFF).run([
        ops.NewArena(0), ops.Rep(0, type_of("struct{ p *int; n int }"), 64), ops.New(0, type_of("[100]*int"))
    ])  # fmt: skip
    labels = [label.text for label in parts.strip_labels(seen(history), PLAN.cell)]
    assert labels == [
        "objects 0–31: struct{ p *int; n int }", "objects 32–63: struct{ p *int; n int }", "object 64: [100]*int",
        "object 64 goes on",
    ]  # fmt: skip


@pytest.mark.parametrize("width", range(280, 1001, 80))
def test_objects_without_bits_behind_the_rows_are_not_drawn(width):
    history = Machine(GC_OFF).run([
        ops.NewArena(0), ops.New(0, type_of("*int")), *[ops.New(0, type_of("[2097000]byte"))] * 4
    ])  # fmt: skip
    view = seen(history)
    scene = heap_bitmap_scene(view, width)
    assert (view.rows, max(view.strips.word)) == (2, 7)
    assert faults(scene) == []
