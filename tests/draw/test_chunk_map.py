"""The chunk map as shapes: all that a view holds is drawn, to scale, told when pointed at, and stays in place."""

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.draw import chunk_map_parts
from arenalab.draw import chunk_map_parts as parts
from arenalab.draw.chunk_map import BAND_WIDTH, BAND_X, HALF, MARGIN, chunk_map_scene
from arenalab.explore import ChunkMap
from arenalab.go.versions import go_rules
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import chunk_map
from arenalab.view.windows import Window
from arenalab.world import ops
from tests.strategies import GC_OFF, programs

EVIL = 'struct{ x int "</text><script>alert(1)</script>&\\"\'" }'
PROGRAM = [
    ops.NewArena(0),
    ops.New(0, type_of("*int")),
    ops.New(0, type_of("[3]byte")),
    ops.New(0, type_of("int")),
]


@pytest.fixture
def history():
    return Machine(GC_OFF).run(PROGRAM)


def seen(history, at=None, **choice):
    return chunk_map(ChunkIndex(history), len(history) if at is None else at, **choice)


def found(pattern, scene):
    return [unescape(text) for text in re.findall(pattern, "".join(scene.shapes))]


def tips(scene):
    return found(r"<title>([^<]*)</title>", scene)


def boxes(scene, tip):
    """(x, width) of the areas of which a text is told."""
    shapes = (shape for shape in scene.shapes if tip in unescape(shape))
    return [
        tuple(map(float, re.search(r'x="([^"]*)".*?width="([^"]*)"', shape).groups())) for shape in shapes
    ]


@given(programs(max_ops=12), st.data())
def test_every_row_of_the_view_is_drawn_where_it_can_be_seen(program, data):
    history = Machine(GC_OFF).run(program)
    view = seen(history, data.draw(st.integers(0, len(history))))
    told = tips(chunk_map_scene(view))
    for chunk, left, right, said in zip(
        view.blocks.chunk, view.blocks.left, view.blocks.right, view.blocks.said, strict=True
    ):
        assert told.count(f"chunk {chunk}, offsets {left:,} to {right:,}\n{said}") == 1
    inside = [(view.objects, f"at {address}, offsets") for address in view.objects.address]
    inside += [(view.gaps, f"\n{said}") for said in view.gaps.said]
    for number, (table, text) in enumerate(inside):
        row = number if table is view.objects else number - len(view.objects)
        seen_in = sum(table.right[row] > start and table.left[row] < end for start, end in view.window)
        offsets = f"offsets {table.left[row]:,} to {table.right[row]:,}"
        assert sum(text in tip and offsets in tip and not tip.startswith("chunk") for tip in told) == seen_in


def test_bands_and_objects_are_to_scale(history):
    view = seen(history, window=Window((0, 64), (2**23 - 64, 2**23)))
    scene = chunk_map_scene(view)
    [pointer] = boxes(scene, "*int, 8 bytes")
    assert pointer == (MARGIN, pytest.approx(HALF / 8, abs=0.01))
    [free] = boxes(scene, "chunk 0, offsets 8 to 8,388,592")
    assert free == (pytest.approx(BAND_X, abs=0.01), pytest.approx(BAND_WIDTH, abs=0.01))


def test_tip_of_an_object_tells_type_place_arena_and_operation(history):
    assert (
        "[3]byte, 3 bytes\nat 0x40c0007ffffd, offsets 8,388,605 to 8,388,608\narena 0, operation 3"
        in tips(chunk_map_scene(seen(history)))
    )


def test_what_the_step_made_is_outlined_and_marked(history):
    scene = chunk_map_scene(seen(history))
    [outline] = [shape for shape in scene.shapes if 'class="l-now"' in shape]
    [box] = boxes(scene, "int, 8 bytes\nat 0x40c0007ffff0")
    assert f'x="{box[0]:.2f}"' in outline
    [mark] = [shape for shape in scene.shapes if 'class="t-now"' in shape]
    assert f"M{box[0] + box[1] / 2:.2f}," in mark


def test_neighbours_made_at_once_have_one_outline():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.Rep(0, type_of("*int"), 9)])
    scene = chunk_map_scene(seen(history))
    assert sum('class="l-now"' in shape for shape in scene.shapes) == 1
    assert sum("*int, 8 bytes" in tip for tip in tips(scene)) == 9


def test_what_a_step_leaves_alone_is_the_same_shape(history):
    before = chunk_map_scene(seen(history, history.op_end(1)))
    after = chunk_map_scene(seen(history))
    [kept] = [shape for shape in before.shapes if "*int, 8 bytes" in shape]
    assert kept in after.shapes
    assert (before.height, before.width) == (after.height, after.width)


def test_every_chunk_can_be_clicked_and_says_what_it_is(history):
    scene = chunk_map_scene(seen(history))
    assert set(found(r'data-tap="([^"]*)"', scene)) == {f"chunk {number}" for number in range(8)}
    assert any(
        tip.startswith("chunk 0 at 0x40c000000000: active, arena 0, usable\n3 objects;")
        for tip in tips(scene)
    )


def test_both_panes_say_which_part_they_show(history):
    view = seen(history, window=Window((0, 64), (2**23 - 128, 2**23)))
    panes = found(r'data-pane="([^"]*)" data-part="[^"]*"', chunk_map_scene(view))
    parts = found(r'data-part="([^"]*)"', chunk_map_scene(view))
    assert (panes, parts) == (["low", "high"], ["0 64", f"{2**23 - 128} {2**23}"])
    assert found(r'data-pane="([^"]*)"', chunk_map_scene(seen(history, 0))) == []


def test_script_in_a_type_stays_text():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, type_of("int").but(expr=EVIL))])
    drawn = "".join(chunk_map_scene(seen(history)).shapes)
    assert "<script" not in drawn
    assert EVIL in unescape(drawn)


def test_legend_names_the_red_zone_where_there_is_one():
    plain = ChunkMap(Machine(GC_OFF))
    asan = ChunkMap(Machine(replace(GC_OFF, build_mode="asan")))
    assert set(asan.legend()) - set(plain.legend()) == {"red_zone"}


def test_narrow_gap_says_its_bytes_whole_or_nothing(history):
    view = seen(history, window=Window((0, 64), (2**23 - 64, 2**23)))
    labels = {label.text for label in chunk_map_parts.labels(view, view.window.high, HALF)}
    assert "5 B" in labels
    assert not any(text.startswith("5 B ") and text.endswith("…") for text in labels)


def test_high_end_is_labelled_from_where_objects_end():
    end = go_rules("1.27").chunk.usable_bytes
    found = parts.ticks((end - 300, end + 64), end)
    assert [parts.offset_text(at, end, from_end=True) for at in found] == ["−256 B", "−128 B", "7.875 MiB"]
    assert parts.offset_text(end + 48, end, from_end=True) == "+48 B"


def test_tail_of_a_chunk_is_hovered_by_name():
    history = Machine(replace(go_rules("1.27"), gogc=-1)).run([ops.NewArena(0), ops.New(0, type_of("int"))])
    drawn = unescape("".join(chunk_map_scene(seen(history)).shapes))
    assert (
        "offsets 8,257,488 to 8,257,536\n48 B dummy type: its PtrBytes say where a scan of the chunk ends"
        in drawn
    )
    assert "offsets 8,257,536 to 8,388,608\n128 KiB heap bitmap: a bit for each word of the chunk" in drawn
