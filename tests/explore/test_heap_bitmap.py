"""The heap bitmap's own controls: which page of words is shown."""

import re

import pytest

from arenalab.explore import HeapBitmap
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.player.telling import control, press, sets, tell
from tests.strategies import GC_OFF


@pytest.fixture
def explorer():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, type_of("[70]*int"))] * 12])
    return HeapBitmap(machine)


def test_page_follows_the_store(explorer):
    assert explorer.shown.store.word == 13
    assert (explorer.shown.first, control(explorer, "first_word")["value"]) == (8, None)
    explorer.go(explorer.stepper.place(3))
    assert explorer.shown.first == 0
    assert explorer.error == ""


def test_arrows_turn_the_page_and_stop_at_the_ends(explorer):
    shown = []
    for key in ("ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"):
        press(explorer, key)
        shown.append(explorer.shown.first)
    assert shown == [16, 8, 0, 0]
    assert explorer.fit == "custom"
    explorer.first_word = 16_376
    press(explorer, "ArrowDown")
    assert explorer.shown.first == 16_376


def test_word_is_typed_and_left_again(explorer):
    sets(explorer, "first_word", 1000)
    assert (explorer.shown.first, control(explorer, "first_word")["value"], explorer.fit) == (
        1000,
        1000,
        "custom",
    )
    explorer.first()
    explorer.last()
    assert explorer.shown.first == 1000
    explorer.fit = "this step"
    assert (explorer.first_word, explorer.shown.first) == (None, 8)


def test_scans_end_is_shown(explorer):
    explorer.go(explorer.stepper.place(3))
    explorer.fit = "scan stop"
    assert explorer.shown.scanned.tolist().index("scan stops here") == (explorer.shown.scan.end - 1) % 8


def test_chosen_page_stays_where_it_is(explorer):
    explorer.fit = "custom"
    assert explorer.first_word == 8
    explorer.first_word = None
    assert explorer.fit == "this step"


def test_word_chosen_in_the_raster_turns_the_page(explorer):
    assert explorer.raster_of(explorer.shown).now == ((512, 1024),)
    tell(explorer, kind="word", raster="words", word=3, act="choose")
    assert (explorer.shown.first, explorer.error) == (0, "")
    tell(explorer, kind="word", raster="words", word=700_000, act="choose")
    assert explorer.shown.first == 700_000 // 64 // 8 * 8


def test_object_that_is_clicked_is_selected_and_nothing_moves(explorer):
    before = explorer.shown
    tapped = re.findall(r'data-tap="(object \d+)"', "".join(explorer.draw(before, 960).shapes))
    assert "object 8" in tapped
    tell(explorer, kind="choose", key="object 8")
    assert (explorer.selection.object, explorer.first_word, explorer.error) == (8, None, "")
    assert explorer.shown == before
