"""Whatever a run does, its pictures fit each width: texts large enough, inside, apart; nothing jumps on a step."""

from functools import cache

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from arenalab.draw.address_space import address_space_scene
from arenalab.draw.chunk_map import chunk_map_scene
from arenalab.draw.collector import collector_scene
from arenalab.draw.life_cycle import life_cycle_scene
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.address_space import address_space
from arenalab.view.axis_part import FITS
from arenalab.view.chunk_events import ChunkEvents
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import chunk_map
from arenalab.view.collector import collector
from arenalab.view.cycles import Cycles
from arenalab.view.life_cycle import life_cycle
from arenalab.view.lives import Lives
from arenalab.world import ops
from tests.draw.fits import WIDTHS, faults, spilled
from tests.examples import examples
from tests.strategies import GC_OFF, programs

BIG, NODE = type_of("[2097152]byte"), type_of("struct{ next *int; key string }")


def _life_cycle(history, at, focus, fit):
    return life_cycle(Lives(history), at, focus=focus, scale="events", fit=fit)


def _collector(history, at, focus, _):
    return collector(Cycles(history), at, focus=focus)


def _address_space(history, at, focus, _):
    return address_space(ChunkEvents(history), at, focus=focus)


def _chunk_map(history, at, focus, _):
    return chunk_map(ChunkIndex(history), at, focus=137 if focus is None and len(history) > 9_999 else focus)


PICTURES = {
    "chunk_map": (_chunk_map, chunk_map_scene),
    "life_cycle": (_life_cycle, life_cycle_scene), "collector": (_collector, collector_scene),
    "address_space": (_address_space, address_space_scene),
}  # fmt: skip
EACH = pytest.mark.parametrize("name", PICTURES)


@cache
def long_run():
    """A run of 300 chunks on all lists, with arenas of three digits."""
    many = [
        op for n in range(101, 140) for op in (ops.NewArena(n), ops.New(n, NODE), *[ops.New(n, BIG)] * 24)
    ]
    return Machine(GC_OFF).run([
        *many, *[ops.Hold(n, n) for n in range(101, 120)], ops.StartGC(), *[ops.MarkStep()] * 3,
        *[ops.Free(n) for n in range(102, 139, 3)], ops.FinishMark(), ops.SweepStep(), ops.Free(101), ops.RunGC(),
    ])  # fmt: skip


@EACH
@examples(10, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(program=programs(max_ops=10, micro_gc=True), data=st.data())
def test_picture_of_any_run_fits(name, program, data):
    history = Machine(GC_OFF).run(program)
    view, draw = PICTURES[name]
    at = data.draw(st.integers(0, len(history)))
    focus = data.draw(st.none() | st.integers(0, max(len(history.world.spans) - 1, 0)))
    its = view(history, at, focus, data.draw(st.sampled_from(FITS[:2])))
    for width in WIDTHS:
        scene = draw(its, width)
        assert (width, faults(scene) + spilled(scene)) == (width, [])


@EACH
@pytest.mark.parametrize("width", [*WIDTHS, 320, 360, 400, 560, 640, 800, 920, 1280])
def test_picture_of_a_long_run_fits_and_keeps_its_height(name, width):
    history, (view, draw) = long_run(), PICTURES[name]
    heights = set()
    for at in (0, len(history) // 3, len(history) - 40, len(history)):
        scene = draw(view(history, at, None, "whole run"), width)
        assert faults(scene) + spilled(scene) == []
        heights.add(scene.height)
    assert len(heights) == 1


@pytest.mark.parametrize(
    ("planted", "told"),
    [(("life_cycle_lanes.PITCH", 8), "lies on"), (("life_cycle_tokens.SIZE", 30), "leaves its area"),
     (("life_cycle_lanes.FIRST", 6), "lies on"), (("life_cycle_lanes.AXIS", 90), "is the most")],
)  # fmt: skip
def test_planted_layout_that_does_not_fit_is_seen(planted, told, monkeypatch):
    history, (view, draw) = long_run(), PICTURES["life_cycle"]
    its = view(history, len(history), None, "whole run")
    assert faults(draw(its, 960)) == []
    monkeypatch.setattr(f"arenalab.draw.{planted[0]}", planted[1])
    scene = draw(its, 960)
    assert any(told in fault for fault in faults(scene) + spilled(scene))
