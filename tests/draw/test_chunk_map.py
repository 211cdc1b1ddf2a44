"""The chunk map as shapes: all that a view holds is drawn, to scale, told when pointed at, and stays in place."""

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.draw import chunk_map_parts as parts
from arenalab.draw.chunk_map import chunk_map_scene
from arenalab.draw.chunk_map_plan import plan_of
from arenalab.explore import ChunkMap
from arenalab.go.versions import go_rules
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import chunk_map
from arenalab.view.explained import explain_state
from arenalab.view.windows import Window
from arenalab.world import ops
from tests.draw.fits import WIDTHS, faults, spilled
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
        drawn = told.count(f"chunk {chunk}, offsets {left:,} to {right:,}\n{said}")
        assert drawn == (chunk < view.used)  # the others stand in a line
    inside = [(view.objects, f"at {address}, offsets") for address in view.objects.address]
    inside += [(view.gaps, f"\n{said}") for said in view.gaps.said]
    for number, (table, text) in enumerate(inside):
        row = number if table is view.objects else number - len(view.objects)
        seen_in = sum(table.right[row] > start and table.left[row] < end for start, end in view.window)
        offsets = f"offsets {table.left[row]:,} to {table.right[row]:,}"
        assert sum(text in tip and offsets in tip and not tip.startswith("chunk") for tip in told) == seen_in


@pytest.mark.parametrize("width", WIDTHS)
def test_bands_and_objects_are_to_scale(history, width):
    view = seen(history, window=Window((0, 64), (2**23 - 64, 2**23)))
    scene, plan = chunk_map_scene(view, width), plan_of(view, width)
    [pointer] = boxes(scene, "*int, 8 bytes")
    left, _, half = plan.panels[0]
    assert pointer == (left, pytest.approx(half / 8, abs=0.01))
    [free] = boxes(scene, "chunk 0, offsets 8 to 8,388,592")
    assert free == (pytest.approx(plan.band_x, abs=0.01), pytest.approx(plan.band_width, abs=0.01))


def test_tip_of_an_object_tells_type_place_arena_and_operation(history):
    assert (
        "object 1: [3]byte, 3 bytes\nat 0x40c0007ffffd, offsets 8,388,605 to 8,388,608\narena 0, operation 3"
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
    assert "9 × *int: objects 0 to 8" in found(r">([^<]*)</text>", scene)


def test_what_a_step_leaves_alone_is_the_same_shape(history):
    before = chunk_map_scene(seen(history, history.op_end(2)))
    after = chunk_map_scene(seen(history))
    [kept] = [shape for shape in before.shapes if "object 0: *int, 8 bytes" in shape]
    assert kept in after.shapes
    assert (before.height, before.width) == (after.height, after.width)


def test_every_chunk_can_be_clicked_and_says_what_it_is(history):
    scene = chunk_map_scene(seen(history))
    objects = {f"object {row}" for row in range(3)}
    assert set(found(r'data-tap="([^"]*)"', scene)) == {"chunk 0"} | objects
    assert "chunks 1–7: addresses only" in found(r">([^<]*)</text>", scene)
    asked = chunk_map_scene(seen(history, focus=3))
    assert set(found(r'data-tap="(chunk[^"]*)"', asked)) == {f"chunk {number}" for number in range(4)}
    assert any(
        tip.startswith("chunk 0 at 0x40c000000000: active, arena 0, usable\n3 objects;")
        for tip in tips(scene)
    )


@given(programs(max_ops=16), st.data(), st.sampled_from(WIDTHS), st.sampled_from(["1.21", "1.27"]))
def test_every_moment_can_be_read_at_every_width(program, data, width, go):
    history = Machine(replace(go_rules(go), gogc=-1)).run(program)
    choice = {"fit": data.draw(st.sampled_from(["both ends", "whole chunk", "this step"]))}
    at = data.draw(st.integers(0, len(history)))
    scene = chunk_map_scene(seen(history, at, **choice), width)
    assert faults(scene) + spilled(scene) == []
    assert scene.height == chunk_map_scene(seen(history, 0, **choice), width).height


def test_large_run_is_turned_by_buttons_and_keeps_its_height():
    history = Machine(GC_OFF).run([ops.NewArena(0), *[ops.New(0, type_of("[2097152]byte"))] * 104])
    first, second, last = (chunk_map_scene(seen(history, focus=chunk)) for chunk in (0, 12, 25))
    taps = [found(r'class="al-press" data-tap="([^"]*)"', scene) for scene in (first, second, last)]
    assert taps == [["chunk 12"], ["chunk 0", "chunk 24"], ["chunk 12"]]
    assert first.height == second.height == last.height
    for width in WIDTHS:
        assert faults(chunk_map_scene(seen(history, focus=12), width)) == []


def test_equal_labels_are_told_apart(history):
    many = Machine(GC_OFF).run([ops.NewArena(0), *[ops.New(0, type_of("[1048576]byte"))] * 7])
    for width in WIDTHS:
        scene = chunk_map_scene(seen(many), width)
        assert any(words.startswith("7 × [1048576]byte") for words in found(r">([^<]*)</text>", scene))
        inside = found(r'class="i-pointer_free" [^>]*>([^<]*)</text>', scene)
        assert sorted(words.removeprefix("object ") for words in inside) == list("0123456")
    said = found(r">([^<]*)</text>", chunk_map_scene(seen(history)))
    assert sum(words == "8 MiB − 24 B free" for words in said) <= 1
    assert any(words.startswith("the same 8 MiB") for words in said)


def test_ends_of_different_scale_say_so(history):
    one = Window((0, 64), (2**23 - 64, 2**23))
    other = Window((0, 64), (2**22, 2**23))
    said = [found(r">([^<]*)</text>", chunk_map_scene(seen(history, window=w))) for w in (one, other)]
    assert "both parts to one scale" in said[0]
    assert "not to one scale: 64 B on the left, 4 MiB on the right" in said[1]


def test_list_of_a_chunk_is_explained_where_one_points_at_it(history):
    [told] = {tip for tip in tips(chunk_map_scene(seen(history))) if tip.startswith("chunk 0 at ")}
    assert f"\nactive: {explain_state('active')}\n" in told


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
    labels = {label.text for label in parts.labels(view, view.window.high, 446)}
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
