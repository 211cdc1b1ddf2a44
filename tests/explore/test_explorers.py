"""What every explorer must do: each control moves it, each answer is shown, nothing is swallowed.

Subclasses are picked up by themselves.
"""

import pytest
import traitlets

from arenalab import explore, load_recording
from arenalab.errors import NoSuchError, ScenarioError
from arenalab.explore.bundle import WIDGET
from arenalab.explore.controls import dropdown
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.gc_events import ChunkSwept
from tests.kept import pictures
from tests.programs import RECORDINGS
from tests.strategies import GC_OFF

EXPLORERS = [
    kind
    for kind in (getattr(explore, name) for name in explore.__all__)
    if issubclass(kind, explore.Explorer) and hasattr(kind, "view") and kind.name != "Explorer"
]
BIG = type_of("[262144]*int")
PROGRAM = [
    *(ops.NewArena(0), ops.New(0, type_of("*int")), ops.MakeSlice(0, type_of("byte"), 13)),
    *([ops.New(0, BIG)] * 4),
    *(ops.NewArena(1), ops.Free(0), ops.RunGC(), ops.New(1, type_of("string"))),
]
each_explorer = pytest.mark.parametrize("kind", EXPLORERS, ids=lambda kind: kind.__name__)
pytestmark = each_explorer


@pytest.fixture
def machine():
    machine = Machine(GC_OFF)
    machine.run(PROGRAM)
    return machine


@pytest.fixture
def explorer(kind, machine):
    return kind(machine)


def drawn(explorer):
    return explorer.drawn()


def press(explorer, key):
    explorer.page._hear(None, {"kind": "key", "key": key}, [])


def test_buttons_move(explorer):
    controls, last = explorer.controls, len(explorer.history)
    assert explorer.cursor == last
    controls.first.click()
    assert explorer.cursor == 0
    controls.step.click()
    assert explorer.cursor == explorer.history.op_end(0)
    controls.back.click()
    assert explorer.cursor == 0
    controls.last.click()
    assert explorer.cursor == last
    assert explorer.error == ""


def test_keys_do_what_the_buttons_do(explorer):
    places = []
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowLeft", "End"):
        press(explorer, key)
        places.append(explorer.stepper.position(explorer.place))
    assert places == [0, 1, 2, 1, len(PROGRAM)]
    press(explorer, " ")
    assert explorer.controls.play.playing


def test_stepping_back_draws_the_identical_picture(explorer):
    end, told = drawn(explorer), explorer.text()
    explorer.back()
    assert explorer.text() != told
    explorer.step()
    assert (drawn(explorer), explorer.text()) == (end, told)


def test_slider_and_jump_and_play_follow_the_unit(explorer):
    controls = explorer.controls
    assert controls.slider.max == controls.jump.max == controls.play.max == len(PROGRAM)
    controls.unit.value = "event"
    assert controls.slider.max == controls.jump.max == controls.play.max == len(explorer.history)
    controls.slider.value = 5
    assert (explorer.cursor, controls.jump.value) == (5, 5)
    controls.jump.value = 7
    assert (explorer.cursor, controls.slider.value) == (7, 7)


def test_speed_is_the_players(explorer):
    explorer.controls.speed.value = 1000
    assert explorer.controls.play.interval == 1000


def test_chunk_is_followed_or_chosen(explorer):
    assert explorer.controls.follow.value
    explorer.controls.chunk.value = 3
    assert (explorer.chunk, explorer.controls.follow.value, explorer.shown.focus) == (3, False, 3)
    explorer.first()
    explorer.last()
    assert explorer.shown.focus == 3
    explorer.controls.follow.value = True
    assert explorer.chunk is None


def test_find_stops_at_the_next_moment_of_its_kind(explorer):
    explorer.first()
    explorer.controls.target.value = "ChunkSwept"
    explorer.controls.find_next.click()
    assert isinstance(explorer.history.events[explorer.cursor - 1], ChunkSwept)


def test_playing_stops_at_a_breakpoint_and_goes_on_after_it(explorer):
    controls = explorer.controls
    explorer.first()
    controls.target.value = "ChunkSwept"
    controls.stop.value = True
    controls.play.playing = True
    controls.slider.value = len(PROGRAM)
    assert isinstance(explorer.history.events[explorer.cursor - 1], ChunkSwept)
    assert not controls.play.playing
    first = explorer.cursor
    controls.slider.value = len(PROGRAM)
    assert explorer.cursor > first
    controls.target.value = "ObjectCarved"
    assert not controls.stop.value
    controls.target.value = "ChunkSwept"
    assert controls.stop.value
    controls.stop.value = False
    explorer.first()
    controls.play.playing = True
    controls.slider.value = len(PROGRAM)
    assert explorer.cursor == len(explorer.history)


def test_find_that_finds_nothing_says_so(explorer):
    explorer.controls.target.value = "ChunkSwept"
    explorer.controls.find_next.click()
    assert "no later moment" in explorer.error
    assert "no later moment" in explorer._error.value
    assert explorer._error.layout.display == ""
    explorer.controls.first.click()
    assert explorer.error == explorer._error.value == ""


def test_error_in_a_callback_is_shown_and_not_swallowed(explorer, monkeypatch):
    def broken(*_):
        raise ValueError("planted <b>fault</b>")

    monkeypatch.setattr(explorer.stepper, "back", broken)
    explorer.controls.back.click()
    assert explorer.error == "ValueError: planted <b>fault</b>"
    assert "<b>" not in explorer._error.value


def test_failure_of_the_page_is_shown(explorer):
    explorer.page._hear(None, {"kind": "failed", "text": "no canvas"}, [])
    assert "no canvas" in explorer.error


def test_cursor_outside_the_history_is_refused(explorer):
    before = explorer.cursor
    with pytest.raises(NoSuchError, match=f"a moment of this history.*: 0 to {len(explorer.history)}"):
        explorer.cursor = len(explorer.history) + 1
    assert explorer.cursor == before


def test_linked_explorers_move_together(kind, machine):
    one, other = kind(machine), kind(machine)
    traitlets.link((one, "cursor"), (other, "cursor"))
    one.first()
    assert other.cursor == 0
    other.step()
    assert drawn(one) == drawn(other)


def test_operation_done_later_is_shown(explorer, machine):
    explorer.do(ops.New(1, type_of("int64")))
    assert explorer.cursor == len(machine.history)
    machine.do(ops.New(1, type_of("int64")))
    explorer.last()
    assert explorer.cursor == len(machine.history)


def test_finished_run_takes_no_operation(kind, machine):
    with pytest.raises(ScenarioError, match="give it a Machine"):
        kind(machine.history).do(ops.New(1, type_of("int64")))


def test_recording_is_opened_as_it_is(kind):
    explorer = kind(load_recording(RECORDINGS / "small-1.jsonl"), cursor=40)
    assert explorer.cursor == 40


def test_anything_else_is_refused(kind):
    with pytest.raises(ScenarioError, match="this is a list"):
        kind([])


def test_bundle_holds_widget_text_and_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert set(bundle) == {WIDGET, "text/plain", "text/html"}
    assert bundle["text/plain"] == explorer.text() == repr(explorer)
    [alt] = pictures(bundle["text/html"])
    assert alt.startswith(f"{explorer.text().splitlines()[0]} ")


def test_text_twin_is_the_same_for_the_same_run(kind):
    texts = {kind(Machine(GC_OFF).run(PROGRAM)).text() for _ in range(2)}
    assert len(texts) == 1


def test_still_is_a_picture_for_both_papers(explorer):
    light, dark = explorer.still(), explorer.still("dark")
    assert light.startswith("<svg")
    assert light != dark
    assert light._repr_svg_() == light


def test_page_theme_changes_paper_and_legend(explorer):
    before = explorer.legend_box.value
    explorer.page._hear(None, {"kind": "paper", "dark": True}, [])
    assert explorer.paper == "dark"
    assert explorer.legend_box.value != before


def test_every_dropdown_shows_what_is_chosen(explorer):
    boxes = [
        it
        for row in explorer.widget.children
        for it in getattr(row, "children", ())
        if hasattr(it, "options")
    ]
    assert len(boxes) >= 3
    assert [box.label for box in boxes if box.index is None or not str(box.label).strip()] == []


def test_option_without_a_value_is_refused(kind):
    with pytest.raises(ValueError, match=f"{kind.__name__} as it is; give each one"):
        dropdown([("one", 1), (f"{kind.__name__} as it is", None)], "hint", "90px")


def test_every_control_has_a_name(explorer):
    nameless = [
        widget
        for row in explorer.widget.children[:2]
        for widget in row.children
        if not (
            getattr(widget, "description", "")
            or getattr(widget, "tooltip", "")
            or getattr(widget, "value", "")
        )
    ]
    assert nameless == []
    assert explorer.page.label == explorer.name != "Explorer"
    assert explorer.__doc__.count("Look for") == 1
