"""What every explorer must do: each control moves it, each answer is shown, nothing is swallowed.

Subclasses are picked up by themselves.
"""

import re

import pytest
import traitlets

from arenalab import explore, load_recording
from arenalab.errors import NoSuchError, ScenarioError
from arenalab.explore.controls import dropdown
from arenalab.machine.machine import Machine
from arenalab.notebook_parts import WIDGET
from arenalab.player import assets
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.gc_events import ChunkSwept
from tests.kept import pictures
from tests.player.fake_page import FakePage
from tests.player.telling import control, do, sets, tell
from tests.programs import RECORDINGS
from tests.strategies import GC_OFF

EXPLORERS = [
    kind
    for kind in (getattr(explore, name) for name in explore.__all__)
    if issubclass(kind, explore.Explorer) and kind.name != "Explorer"
]
BIG = type_of("[262144]*int")
PROGRAM = [
    *(ops.NewArena(0), ops.New(0, type_of("*int")), ops.MakeSlice(0, type_of("byte"), 13)),
    *([ops.New(0, BIG)] * 4),
    *(ops.NewArena(1), ops.Free(0), ops.RunGC(), ops.New(1, type_of("string"))),
]
each_explorer = pytest.mark.parametrize("kind", EXPLORERS, ids=lambda kind: kind.__name__)
pytestmark = each_explorer


def performed():
    """Return a machine that has performed the program."""
    made = Machine(GC_OFF)
    made.run(PROGRAM)
    return made


@pytest.fixture(scope="module")
def machine():
    """One for all who only look at it."""
    return performed()


@pytest.fixture
def explorer(kind, machine):
    return kind(machine)


@pytest.fixture
def wire(explorer, monkeypatch):
    return FakePage(explorer, monkeypatch).open()


def drawn(explorer):
    return explorer.drawn()


def test_run_that_is_over_begins_at_its_start_and_a_machine_at_its_present(kind, machine):
    assert kind(machine).cursor == len(machine.history)
    assert kind(machine.history).cursor == 0
    assert kind(machine.history, cursor=7).cursor == 7


def test_every_place_is_shown_as_it_is(explorer, wire):
    wire.walk("back", len(PROGRAM) + 1)
    assert explorer.cursor == 0
    wire.is_true()
    for _ in range(3):
        wire.walk("next")
        wire.is_true()
    sets(explorer, "unit", "event")
    wire.is_true()
    assert wire.state["last"] == len(explorer.history)
    wire.stand(explorer.key_at(40))
    wire.is_true()
    assert explorer.cursor == 40


@pytest.mark.parametrize("width", [280, 600, 1280])
def test_page_is_drawn_for_its_width(wire, width):
    tell(wire.explorer, kind="size", width=width)
    wire.is_true()


def test_stepping_back_draws_the_identical_picture(explorer):
    end, told = drawn(explorer), explorer.text()
    explorer.back()
    assert explorer.text() != told
    explorer.step()
    assert (drawn(explorer), explorer.text()) == (end, told)
    explorer.first()
    assert explorer.cursor == 0
    explorer.last()
    assert (drawn(explorer), explorer.text()) == (end, told)


def test_chunk_is_followed_or_chosen(explorer):
    assert control(explorer, "follow")["value"]
    sets(explorer, "chunk", 3)
    assert (explorer.chunk, control(explorer, "follow")["value"], explorer.shown.focus) == (3, False, 3)
    explorer.first()
    explorer.last()
    assert explorer.shown.focus == 3
    sets(explorer, "follow", value=True)
    assert explorer.chunk is None
    sets(explorer, "follow", value=False)
    assert explorer.chunk == explorer.shown.focus


def test_find_stops_at_the_next_moment_of_its_kind(explorer, wire):
    explorer.first()
    assert "ChunkSwept" in wire.state["finds"]
    do(explorer, "find", text="ChunkSwept", forwards=True)
    assert isinstance(explorer.history.events[explorer.cursor - 1], ChunkSwept)
    assert wire.key == explorer.here()
    wire.is_true()


def test_frame_says_where_playing_stops_on_the_way_to_it(explorer, wire):
    do(explorer, "break", text="ChunkSwept", on=True)
    [stop] = wire.state["breakpoints"]
    assert stop["text"] == "ChunkSwept"
    assert stop["count"] == sum(isinstance(event, ChunkSwept) for event in explorer.history.events) > 0
    wire.stand("9")
    wire.ask(1, key="9", way="next")
    assert explorer.breakpoints == ("ChunkSwept",)
    place = explorer.stepper.place_of(wire.frames["10"]["break"])
    first = next(n for n, event in enumerate(explorer.history.events) if isinstance(event, ChunkSwept))
    assert place.cursor == first + 1
    assert wire.frames["9"]["break"] is None
    do(explorer, "break", text="ChunkSwept", on=False)
    wire.stand("10")
    assert (wire.frame["break"], wire.state["breakpoints"]) == (None, [])


def test_find_that_finds_nothing_says_so(explorer, wire):
    do(explorer, "find", text="ChunkSwept", forwards=True)
    assert "no later match" in explorer.error == wire.state["error"]
    wire.walk("back")
    assert explorer.error == wire.state["error"] == ""


def test_failure_of_the_page_is_shown(explorer):
    tell(explorer, kind="failed", text="no canvas")
    assert "no canvas" in explorer.error


def test_cursor_outside_the_history_is_refused(explorer):
    before = explorer.cursor
    with pytest.raises(NoSuchError, match=f"a moment of this history.*: 0 to {len(explorer.history)}"):
        explorer.cursor = len(explorer.history) + 1
    assert explorer.cursor == before


def test_linked_explorers_move_together(kind, machine, monkeypatch):
    one, other = kind(machine), kind(machine)
    traitlets.link((one, "cursor"), (other, "cursor"))
    wire = FakePage(other, monkeypatch).open()
    tell(one, kind="moved", key="3", seq=1)
    assert wire.key == "3"
    wire.is_true()
    other.step()
    assert drawn(one) == drawn(other)


def test_operation_done_later_is_shown(kind, monkeypatch):
    explorer = kind(machine := performed())
    wire = FakePage(explorer, monkeypatch).open()
    explorer.do(ops.New(1, type_of("int64")))
    assert explorer.cursor == len(machine.history)
    wire.is_true()
    machine.do(ops.New(1, type_of("int64")))
    explorer.last()
    assert explorer.cursor == len(machine.history)
    wire.is_true()


def test_finished_run_takes_no_operation(kind, machine):
    with pytest.raises(ScenarioError, match="give it a Machine"):
        kind(machine.history).do(ops.New(1, type_of("int64")))


def test_recording_is_opened_as_it_is(kind):
    explorer = kind(load_recording(RECORDINGS / "small-1.jsonl"), cursor=40)
    assert explorer.cursor == 40


def test_anything_else_is_refused(kind):
    with pytest.raises(ScenarioError, match=r"source: got \["):
        kind([])


def test_bundle_holds_widget_text_and_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert set(bundle) == {WIDGET, "text/plain", "text/html"}
    assert bundle["text/plain"] == explorer.text() == repr(explorer)
    [alt] = pictures(bundle["text/html"])
    assert alt.startswith(f"{explorer.text().splitlines()[0]} ")


def test_text_twin_is_the_same_for_the_same_run(kind):
    texts = {kind(performed()).text() for _ in range(2)}
    assert len(texts) == 1


def test_still_is_a_picture_for_both_papers(explorer):
    light, dark = explorer.still(), explorer.still("dark")
    assert light.startswith("<svg")
    assert light != dark
    assert light._repr_svg_() == light


def test_legend_explains_what_is_in_the_picture_and_nothing_else(explorer):
    for position in (0, len(PROGRAM)):
        picture = explorer.picture(str(position), 960)
        told = [meaning for meaning, _, _ in picture.legend]
        assert told == [meaning for meaning in explorer.legend() if meaning in picture.scene.meanings]
        assert all(word for _, word, _ in picture.legend)


def test_every_control_has_a_name_and_a_hint_and_shows_what_is_chosen(explorer):
    looks = set(re.findall(r"\.al-([\w-]+)", assets.script("player.css")))
    for its in explorer.controls_data():
        assert its["name"] not in looks  # its class in the page would be another part's
        assert its["label"]
        assert its["hint"]
        if its["kind"] == "choice":
            assert its["value"] in [value for _, value in its["options"]]
    assert sum(its["place"] == "bar" for its in explorer.controls_data()) <= 4
    assert explorer.page_shown.label == explorer.name != "Explorer"
    assert explorer.__doc__.count("Look for") == 1


def test_option_without_a_value_is_refused(kind):
    with pytest.raises(ValueError, match=f"{kind.__name__} as it is; give each one"):
        dropdown([("one", 1), (f"{kind.__name__} as it is", None)], "hint", "90px")
