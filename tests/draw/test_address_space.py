"""The address space as shapes: every chunk of the page is drawn with its state, memory and fill, and can be clicked."""

import re
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree as ET

import pytest

from arenalab.draw.address_space import address_space_scene, plan_of
from arenalab.draw.scene_still import scene_still
from arenalab.go.versions import go_rules
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.address_space import ACROSS, PAGE, address_space
from arenalab.view.chunk_events import ChunkEvents
from arenalab.view.explained import explain_state
from arenalab.world import ops
from tests.strategies import GC_OFF

BIG = type_of("[2097152]byte")  #: a quarter of a chunk
EVIL = 'struct{ x int "</text><script>alert(1)</script>&\\"\'" }'
PROGRAM = [ops.NewArena(0), ops.New(0, type_of("int").but(expr=EVIL)), *[ops.New(0, BIG)] * 5, ops.Free(0)]


@pytest.fixture(scope="module")
def history():
    return Machine(GC_OFF).run(PROGRAM)


def drawn(history, at, **choice):
    return address_space_scene(address_space(ChunkEvents(history), at, **choice))


def cell_of(history, scene):
    return plan_of(scene, address_space(ChunkEvents(history), 0)).cell


def found(pattern, scene):
    return [unescape(text) for text in re.findall(pattern, "".join(scene.shapes))]


def test_every_chunk_says_number_state_and_memory(history):
    scene = drawn(history, len(history))
    shown = found(r"<text[^>]*>([^<]*)</text>", scene)
    assert shown.count("ready") == 6
    assert (shown.count("quarantine"), shown.count("set to fault")) == (1, 1)
    assert (shown.count("reuse"), shown.count("8 MiB resident")) == (1, 3)  # a cell, its row, the totals
    assert "64 MiB of addresses reserved, 8 MiB mapped: 1 heap arena, 8 chunks of 8 MiB" in shown
    assert {f"chunk {n}" for n in range(8)} == set(found(r'data-tap="([^"]*)"', scene))


def test_tip_tells_range_owner_and_bytes_of_both_ends(history):
    scene = drawn(history, history.op_end(len(history.ops) - 1))
    tips = {text for text in found(r"<title>([^<]*)</title>", scene) if text.startswith("chunk 1:")}
    tip, head = sorted(tips, key=len)
    assert head == f"{tip}\n{explain_state('active')}"
    assert tip.splitlines() == [
        "chunk 1: active, resident",
        "0x40c000800000 to 0x40c001000000",
        "of user arena 0",
        "8 MiB resident",
        "from the low end 0 bytes: 0 pages begun",
        "from the high end 4,194,304 bytes: 512 pages begun",
    ]


def test_fill_is_drawn_to_scale(history):
    scene = drawn(history, history.op_end(len(history.ops) - 1))
    cell = cell_of(history, scene)
    widths = found(r'width="([\d.]+)" height="14.00" class="f-pointer_free ', scene)
    assert sorted(set(map(float, widths))) == pytest.approx([cell / 2, cell * 3 / 4], abs=0.01)


def test_red_zone_of_asan_is_drawn():
    history = Machine(replace(GC_OFF, build_mode="asan")).run([ops.NewArena(0)])
    assert any("f-red_zone" in shape for shape in drawn(history, len(history)).shapes)


def test_zeroed_base_is_marked_and_the_tail_named(history):
    shown = found(r"<text[^>]*>([^<]*)</text>", drawn(history, len(history)))
    assert "zeroed_base 16 MiB; 48 MiB behind it never handed out" in shown


def test_step_at_hand_is_outlined(history):
    for at in range(0, len(history), 5):
        view = address_space(ChunkEvents(history), at)
        shapes = "".join(address_space_scene(view).shapes)
        assert shapes.count("<polyline") == view.cells.now.sum()


def test_picture_keeps_its_height_while_heap_arenas_come():
    history = Machine(GC_OFF).run([ops.NewArena(0), *[ops.New(0, BIG)] * 4 * ACROSS * (PAGE + 1)])
    events = ChunkEvents(history)
    scenes = [
        address_space_scene(address_space(events, at)) for at in range(0, len(history), len(history) // 9)
    ]
    assert len({scene.height for scene in scenes}) == 1
    last = found(r"<text[^>]*>([^<]*)</text>", drawn(history, len(history), focus=0))
    assert f"rows 1 to {PAGE} of {PAGE + 1}, each of at most {ACROSS} chunks" in last


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_script_in_a_type_stays_text(history, paper):
    at = next(n for n, event in enumerate(history.events, 1) if "script" in event.sentence())
    view = address_space(ChunkEvents(history), at)
    still = scene_still(address_space_scene(view), view.reading, ["state_full"], view.text(), paper)
    assert "<script" not in still
    texts = list(ET.fromstring(still).itertext())  # noqa: S314  # our own
    assert any("<script>alert(1)</script>" in text for text in texts)


def test_nothing_reserved_is_a_picture_too(history):
    assert "no address is reserved yet" in found(r"<text[^>]*>([^<]*)</text>", drawn(history, 0))


def test_the_runtimes_own_is_drawn_at_each_chunks_end_and_told():
    history = Machine(go_rules("1.27")).run([ops.NewArena(0)])
    scene = drawn(history, len(history))
    [shape] = [shape for shape in scene.shapes if "f-reserve" in shape]
    assert float(re.search(r'width="([\d.]+)"', shape)[1]) == pytest.approx(
        131_120 / 2**23 * cell_of(history, scene), abs=0.01
    )
    assert "131,120 bytes are the runtime's own: the chunk's dummy type and heap bitmap" in unescape(shape)
    assert "8 chunks of 8 MiB, 7.875 MiB usable" in "".join(scene.shapes)
