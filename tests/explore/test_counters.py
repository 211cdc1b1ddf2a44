"""The counters explorer's own controls, and the recording that it keeps."""

import re

import pytest

from arenalab import load_recording
from arenalab.errors import ArgumentError
from arenalab.explore import Counters
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.programs import RECORDINGS
from tests.strategies import GC_OFF

PATH = RECORDINGS / "small-1.jsonl"


def choices(explorer):
    """The dropdowns beside the common controls, by their hint."""
    return {
        getattr(w, "tooltip", ""): w
        for row in explorer.widget.children[:3]
        for w in getattr(row, "children", ())
    }


def test_choice_of_counters_and_axis_draws_another_picture():
    explorer = Counters(Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, type_of("*int"))]))
    found, before = choices(explorer), explorer.drawn()
    found["Which counters to show"].value = "mapped"
    assert (explorer.group, explorer.shown.group) == ("mapped", "mapped")
    assert explorer.drawn() != before
    found["What runs from left to right"].value = "event"
    assert (explorer.shown.against, explorer.shown.end) == ("event", len(explorer.history))
    assert explorer.error == ""


def test_recording_and_its_file_show_go_beside_the_model():
    given, by_path, by_text = (Counters(what) for what in (load_recording(PATH), PATH, str(PATH)))
    assert given.shown.recorded
    assert given.text() == by_path.text() == by_text.text()
    assert "heapInUse 26,214,400, Go 26,214,400, difference 0" in given.text()


def test_history_of_a_recording_alone_knows_nothing_of_go():
    explorer = Counters(Counters(PATH).history)
    assert not explorer.shown.recorded
    assert "Go " not in explorer.text().partition("counters:")[2]


def test_step_reads_no_event_twice(monkeypatch):
    explorer = Counters(PATH)
    monkeypatch.setattr("arenalab.view.counter_series.apply", None)  # reading one more would fail
    for _ in range(3):
        explorer.back()
    explorer.first()
    assert explorer.error == ""


def test_machine_that_goes_on_is_followed():
    explorer = Counters(Machine(GC_OFF))
    explorer.do(ops.NewArena(0))
    assert "heapInUse 8,388,608" in explorer.text()


@pytest.fixture
def explorer():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, type_of("*int"))] * 1_202])
    return Counters(machine)


@pytest.fixture
def pictures(explorer, monkeypatch):
    """Every picture from now on."""
    painted, paint = [], explorer.paint
    monkeypatch.setattr(explorer, "paint", lambda view: (painted.append(view), paint(view)))
    return painted


def tell(explorer, **content):
    explorer.page._hear(None, content, [])


def zoom(explorer, start, end):
    tell(explorer, kind="zoom", name="axis", start=start, end=end)


def test_whole_run_is_shown_to_begin_with(explorer):
    assert (explorer.window, explorer.fit, explorer.shown.window) == (None, "whole run", (0, 1_203))


def test_zoom_shows_the_part_and_a_step_keeps_it(explorer, pictures):
    zoom(explorer, 399.7, 519.7)
    assert (explorer.window, explorer.fit, explorer.shown.window) == ((400, 520), "as moved", (400, 520))
    assert len(pictures) == 1  # drawn once, though two traits changed
    assert "operations 400 to 520 of 1,203" in explorer.text()
    zoomed = explorer.drawn()
    explorer.back()
    explorer.step()
    assert explorer.drawn() == zoomed
    assert explorer.error == ""


def test_wholly_zoomed_out_is_the_whole_run_however_it_grows(explorer, pictures):
    before = explorer.drawn()
    zoom(explorer, 400, 520)
    zoom(explorer, -3, 1_203.2)
    assert (explorer.window, explorer.fit) == (None, "whole run")
    assert explorer.drawn() == before
    assert len(pictures) == 2
    explorer.do(ops.NewArena(1))
    assert explorer.shown.window == (0, 1_204)


def test_choice_fits_again(explorer, pictures):
    found = choices(explorer)["What to show of the run"]
    zoom(explorer, 400, 520)
    assert found.value == "as moved"
    found.value = "around the cursor"
    assert (explorer.window, explorer.shown.window) == (None, (1_143, 1_203))
    found.value = "as moved"  # what is shown is kept
    assert explorer.window == (1_143, 1_203)
    explorer.first()
    assert explorer.shown.window == (1_143, 1_203)
    found.value = "whole run"
    assert (explorer.window, explorer.shown.window) == (None, (0, 1_203))
    assert len(pictures) == 5
    assert explorer.error == ""


def test_window_around_the_cursor_goes_with_it(explorer):
    explorer.fit = "around the cursor"
    explorer.cursor = explorer.history.op_end(600)
    first, last = explorer.shown.window
    assert (last - first, first < 601 < last) == (60, True)
    explorer.step()
    assert explorer.shown.window == (first, last)  # not at every step
    explorer.cursor = explorer.history.op_end(700)
    assert explorer.shown.window[0] > last
    assert explorer.fit == "around the cursor"


def test_keys_zoom_around_the_cursor(explorer):
    explorer.cursor = explorer.history.op_end(299)
    tell(explorer, kind="key", key="+")
    first, last = explorer.shown.window
    assert last - first == 602
    assert (300 - first) / 602 == pytest.approx(300 / 1_203, abs=1 / 602)
    for _ in range(20):
        tell(explorer, kind="key", key="+")
    first, last = explorer.shown.window
    assert (last - first, first <= 300 <= last) == (10, True)
    for _ in range(20):
        tell(explorer, kind="key", key="-")
    assert (explorer.shown.window, explorer.fit) == ((0, 1_203), "whole run")


def test_other_axis_shows_the_whole_run_again(explorer, pictures):
    zoom(explorer, 400, 520)
    explorer.against = "event"
    assert (explorer.window, explorer.fit) == (None, "whole run")
    assert explorer.shown.window == (0, len(explorer.history))
    assert len(pictures) == 2
    explorer.fit = "around the cursor"
    explorer.against = "operation"
    assert explorer.fit == "around the cursor"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [((520, 400), (400, 520)), ((-90, 30), (0, 120)), ((1_190, 1_310), (1_083, 1_203)), ((7, 7), (2, 12))],
)
def test_part_that_cannot_be_is_moved_to_where_it_can(explorer, asked, shown):
    zoom(explorer, *asked)
    assert explorer.shown.window == shown
    explorer.window = None
    explorer.window = asked
    assert explorer.shown.window == shown
    assert explorer.error == ""


def test_nonsense_is_refused_and_said(explorer):
    before = explorer.drawn()
    zoom(explorer, float("nan"), 3)
    assert "nan" in explorer.error.lower()
    zoom(explorer, float("-inf"), float("inf"))
    assert explorer.error.startswith("OverflowError")
    for window in ((1, 2, 3), "all", (0.5, 7)):
        with pytest.raises(ArgumentError):
            explorer.window = window
    with pytest.raises(ArgumentError):
        explorer.fit = "nearby"
    assert explorer.drawn() == before


def test_run_without_operations_stands_whatever_is_asked():
    explorer = Counters(Machine(GC_OFF))
    before = explorer.drawn()
    zoom(explorer, 0, 10)
    for key in ("+", "-"):
        tell(explorer, kind="key", key=key)
    explorer.fit = "around the cursor"
    assert (explorer.drawn(), explorer.error) == (before, "")


def test_film_shows_the_window(explorer):
    explorer.window = (400, 520)
    [reel] = explorer.reels()
    for step, position in enumerate((0, 451)):
        reel.take(step, explorer.view_of(explorer.stepper.place(position)))
    shapes = "".join(reel.rolled()["shapes"])
    assert set(re.findall(r'data-part="([^"]*)"', shapes)) == {"400 520"}
    assert "the cursor is at operation 0" in shapes
