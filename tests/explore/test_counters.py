"""The counters explorer's own controls, and the recording that it keeps."""

import pytest

from arenalab import load_recording
from arenalab.errors import ArgumentError
from arenalab.explore import ChunkMap, Counters
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.explore.test_film import unpack
from tests.player.fake_page import FakePage
from tests.player.telling import choose, sets, tell
from tests.programs import RECORDINGS
from tests.strategies import GC_OFF

PATH = RECORDINGS / "small-1.jsonl"


def test_choice_of_counters_and_axis_draws_another_picture():
    explorer = Counters(Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, type_of("*int"))]))
    before = explorer.drawn()
    sets(explorer, "group", "mapped")
    assert (explorer.group, explorer.shown.group) == ("mapped", "mapped")
    assert explorer.drawn() != before
    sets(explorer, "against", "event")
    assert (explorer.shown.against, explorer.shown.end) == ("event", len(explorer.history))
    assert explorer.error == ""


def test_recording_and_its_file_show_go_beside_the_model():
    given, by_path, by_text = (Counters(what) for what in (load_recording(PATH), PATH, str(PATH)))
    assert given.shown.recorded
    for each in (given, by_path, by_text):
        each.last()
    assert given.text() == by_path.text() == by_text.text()
    assert "heapInUse 26,214,400, Go 26,214,400, difference 0" in given.text()


def test_history_of_a_recording_alone_knows_nothing_of_go():
    explorer = Counters(Counters(PATH).history)
    assert not explorer.shown.recorded
    assert "Go " not in explorer.text().partition("counters:")[2]


def test_step_reads_no_event_twice(monkeypatch):
    explorer = Counters(PATH)
    explorer.last()
    explorer.view()
    monkeypatch.setattr("arenalab.view.counter_series.changes_of", None)  # reading one more would fail
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
    """Every state with a picture from now on."""
    wire = FakePage(explorer, monkeypatch).open()
    wire.sent.clear()
    return wire.sent


def zoom(explorer, start, end):
    tell(explorer, kind="zoom", pane="axis", start=start, end=end)


def chart(explorer):
    return explorer.chart_data()


def test_chart_is_sent_once_and_each_frame_moves_it(explorer, monkeypatch):
    wire = FakePage(explorer, monkeypatch).open()
    sent = wire.state["chart"]
    assert sent["across"] == "operation"
    assert sent["whole"] == [0, 1_203]
    assert set(sent["columns"]) >= {"0 heap_live", "1 quarantined"}
    wire.sent.clear()
    explorer.back()
    [state] = wire.sent
    assert "chart" not in state  # what the page knows of the run is as before
    frame = state["frame"]["chart"]
    assert (frame["at"], frame["said"]) == (1_202, "operation 1,202")
    assert set(frame["values"]) == {line["id"] for legend in sent["legend"] for line in legend["lines"]}
    assert state["frame"]["scene"]["size"][1] == 0


def test_machine_that_goes_on_has_a_longer_axis_in_the_same_document(explorer, monkeypatch):
    wire = FakePage(explorer, monkeypatch).open()
    key = wire.state["chart"]["key"]
    explorer.do(ops.NewArena(1))
    assert (wire.state["chart"]["key"], wire.state["chart"]["whole"]) == (key, [0, 1_204])


def test_click_on_another_axis_than_the_steps_goes_there(explorer):
    choose(explorer, "at 451")
    assert (explorer.cursor, explorer.chart_at(explorer.shown)["at"]) == (explorer.history.op_end(451), 451)
    explorer.against = "event"
    choose(explorer, "at 77")
    assert (explorer.cursor, explorer.chart_at(explorer.shown)["at"], explorer.error) == (77, 77, "")
    choose(explorer, "at nowhere")
    assert "nowhere" in explorer.error


def test_zoom_asks_for_a_part_the_whole_axis_for_none_and_another_axis_forgets_it(explorer, pictures):
    zoom(explorer, 520.2, 399.7)
    assert (explorer.window, explorer.shown.window, explorer.error) == ((399, 521), (399, 521), "")
    zoom(explorer, -3, 1_203.2)
    assert (explorer.window, explorer.shown.window) == (None, (0, 1_203))
    zoom(explorer, 400, 520)
    explorer.against = "event"
    assert (explorer.window, explorer.shown.window) == (None, (0, len(explorer.history)))
    assert len(pictures) == 4  # drawn once for each wish


def test_part_of_a_thinned_line_is_sent_whole(explorer, monkeypatch):
    monkeypatch.setattr("arenalab.view.counter_series.MOST_POINTS", 40)
    monkeypatch.setattr("arenalab.view.counter_series.STRETCHES", 8)
    wire = FakePage(explorer, monkeypatch).open()
    explorer.group = "collector"
    before = wire.state["chart"]
    assert before["thinned"]
    zoom(explorer, 400, 410)
    after = wire.state["chart"]
    assert after["key"] == before["key"]
    [line] = [line for line in before["columns"] if line.endswith("scan_alloc") and line[0].isdigit()]
    inside = [x for x in after["columns"][line]["x"] if 400 <= x <= 410]
    assert set(inside) == set(range(400, 411))
    assert len(before["columns"][line]["x"]) < len(after["columns"][line]["x"])


def test_nonsense_is_refused_and_said(explorer):
    before = explorer.drawn()
    zoom(explorer, float("nan"), 3)
    assert "nan" in explorer.error.lower()
    zoom(explorer, float("-inf"), float("inf"))
    assert explorer.error.startswith("OverflowError")
    for window in ((1, 2, 3), "all", (0.5, 7)):
        with pytest.raises(ArgumentError):
            explorer.window = window
    assert explorer.drawn() == before


def test_run_without_operations_stands_whatever_is_asked():
    explorer = Counters(Machine(GC_OFF))
    before = explorer.drawn()
    zoom(explorer, 0, 10)
    assert (explorer.drawn(), explorer.error) == (before, "")


def test_film_and_saved_page_hold_the_chart_and_what_moves_it(explorer, tmp_path):
    film = unpack(explorer.film(first=0, last=20))
    assert film["chart"]["key"] == chart(explorer)["key"]
    assert len(film["fields"]["chart"]) > 10  # a row for each step that changes something
    page = explorer.save_html(tmp_path / "page.html", first=0, last=20).read_text(encoding="utf-8")
    assert page.count('id="arenalab-bokeh"') == 1
    assert page.count("Bokeh.set_log_level") or len(page) > 1_200_000
    other = ChunkMap(explorer.history).save_html(tmp_path / "other.html", first=0, last=2)
    assert "arenalab-bokeh" not in other.read_text(encoding="utf-8").replace("getElementById", "")[-3_000:]


def test_still_holds_the_lines_and_the_cursor(explorer):
    still = explorer.still()
    assert still.count("<polyline") >= 5
    assert 'class="l-now"' in still
    assert "heapLive" in still
