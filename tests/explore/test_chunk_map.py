"""The chunk map's own controls: which chunk is looked into, which part of it, in which colours."""

import pytest

from arenalab.explore import ChunkMap
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.strategies import GC_OFF


@pytest.fixture
def explorer():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, type_of("*int"))] * 5])
    return ChunkMap(machine)


def tell(explorer, **content):
    explorer.page._hear(None, content, [])


def test_zoom_shows_the_part_and_a_step_keeps_it(explorer):
    tell(explorer, kind="zoom", name="low", start=0.2, end=127.8)
    assert explorer.fit == "as moved"
    low = explorer.shown.window.low
    assert low == (0, 128)
    explorer.back()
    assert explorer.shown.window.low == low
    explorer.fit = "both ends"
    assert explorer.window is None


def test_every_choice_fits_after_moving(explorer):
    fitted = {}
    for fit in ("whole chunk", "both ends", "this step"):
        explorer.fit = fit
        fitted[fit] = explorer.shown.window
    for fit, window in fitted.items():
        tell(explorer, kind="zoom", name="low", start=8, end=200)
        explorer.fit = fit
        assert (explorer.fit, explorer.window, explorer.shown.window) == (fit, None, window)
    explorer.fit = "as moved"  # what is shown is kept
    assert explorer.window == fitted["this step"]


def test_part_that_lies_outside_is_moved_into_the_chunk(explorer):
    tell(explorer, kind="zoom", name="high", start=2**23 - 64, end=2**23 + 64)
    assert explorer.shown.window.high == (2**23 - 128, 2**23)
    assert explorer.error == ""


def test_plus_and_minus_zoom(explorer):
    before = explorer.shown.window.low
    tell(explorer, kind="key", key="-")
    assert explorer.shown.window.low == (0, 2 * before[1])
    tell(explorer, kind="key", key="+")
    assert explorer.shown.window.low == before


def test_click_on_a_row_looks_into_that_chunk(explorer):
    tell(explorer, kind="choose", key="chunk 2")
    assert (explorer.chunk, explorer.shown.focus) == (2, 2)
    assert explorer.controls.follow.value is False
