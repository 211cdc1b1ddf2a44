"""The counters explorer's own controls, and the recording that it keeps."""

from arenalab import load_recording
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
