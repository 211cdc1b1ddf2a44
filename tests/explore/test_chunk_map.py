"""The chunk map's own controls: which chunk is looked into, which part of it, in which colours."""

import re

import pytest

from arenalab.explore import ChunkMap
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.player.telling import control, tell
from tests.strategies import GC_OFF


@pytest.fixture
def explorer():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, type_of("*int"))] * 5])
    return ChunkMap(machine)


def test_zoom_shows_the_part_and_a_step_keeps_it(explorer):
    tell(explorer, kind="zoom", pane="low", start=0.2, end=127.8)
    assert explorer.fit == "custom"
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
        tell(explorer, kind="zoom", pane="low", start=8, end=200)
        explorer.fit = fit
        assert (explorer.fit, explorer.window, explorer.shown.window) == (fit, None, window)
    explorer.fit = "custom"  # what is shown is kept
    assert explorer.window == fitted["this step"]


def test_part_that_lies_outside_is_moved_into_the_chunk(explorer):
    tell(explorer, kind="zoom", pane="high", start=2**23 - 64, end=2**23 + 64)
    assert explorer.shown.window.high == (2**23 - 128, 2**23)
    assert explorer.error == ""


def test_click_on_a_row_looks_into_that_chunk(explorer):
    tell(explorer, kind="choose", key="chunk 2")
    assert (explorer.chunk, explorer.shown.focus) == (2, 2)
    assert control(explorer, "follow")["value"] is False


def test_view_is_undone_and_stepping_is_not(explorer):
    before = explorer.text()
    tell(explorer, kind="zoom", pane="low", start=8, end=200)
    tell(explorer, kind="zoom", pane="low", start=16, end=208)
    tell(explorer, kind="choose", key="chunk 2")
    explorer.undo()
    assert (explorer.chunk, explorer.shown.window.low) == (None, (16, 208))
    explorer.undo()
    assert (explorer.window, explorer.fit, explorer.text()) == (None, "both ends", before)
    tell(explorer, kind="do", name="undo")
    assert explorer.error == "there is nothing to undo"


def test_what_was_clicked_last_is_the_selection(explorer):
    assert explorer.selection is None
    tell(explorer, kind="choose", key="chunk 0")
    assert explorer.selection.chunk == 0
    tell(explorer, kind="word", raster="words", word=3, act="choose")
    assert (explorer.selection.object, explorer.selection.addr) == (3, 0x40C000000018)


def test_object_that_is_clicked_is_selected_and_nothing_moves(explorer):
    before = explorer.shown
    tapped = re.findall(r'data-tap="(object \d+)"', "".join(explorer.draw(before, 960).shapes))
    assert "object 3" in tapped
    tell(explorer, kind="choose", key="object 3")
    assert (explorer.selection.object, explorer.chunk, explorer.error) == (3, None, "")
    assert explorer.shown == before
