"""A scene's protocol: each shape once, no picture before the last is painted, both neighbours sent ahead."""

import pytest

from arenalab.explore import ChunkMap, scene_page
from arenalab.explore.reading import reading_html
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.strategies import GC_OFF


class Wire:
    """Stands in for the page: keeps what the kernel sends, knows the shapes, answers by hand."""

    def __init__(self, explorer, monkeypatch):
        self.page, self.sent, self.shapes = explorer.page, [], []
        monkeypatch.setattr(type(explorer.page), "send", lambda _, content, **__: self.take(content))

    def take(self, content):
        if content["kind"] == "whole":
            self.shapes = []
        assert content["known"] == len(self.shapes)
        self.shapes += content["shapes"]
        self.sent.append(content)

    def tell(self, **content):
        self.page._hear(None, content, [])

    def open(self):
        self.tell(kind="open", id="view", dark=False)
        self.rest()

    def rest(self):
        self.tell(kind="painted")
        self.tell(kind="idle")

    def kinds(self):
        return [content["kind"] for content in self.sent]

    def seen(self, picture):
        return [self.shapes[number] for number in picture["numbers"]]

    def last(self, *kinds):
        return next(content for content in reversed(self.sent) if content["kind"] in kinds)


@pytest.fixture
def explorer():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, type_of("*int"))] * 5])
    return ChunkMap(machine)


@pytest.fixture
def wire(explorer, monkeypatch):
    return Wire(explorer, monkeypatch)


def test_nothing_is_sent_before_somebody_looks(explorer, wire):
    explorer.back()
    assert wire.sent == []


def test_a_step_sends_the_shapes_that_are_new(explorer, wire):
    wire.open()
    known = list(wire.shapes)
    explorer.back()
    assert wire.kinds() == ["whole", "ahead", "patch"]
    assert wire.sent[-1]["shapes"] == []  # they went ahead
    assert wire.seen(wire.sent[-1]) == explorer.page.scene.shapes
    wire.tell(kind="painted")
    assert wire.shapes[: len(known)] == known
    assert len(set(wire.shapes)) == len(wire.shapes)


def test_frames_are_dropped_while_the_page_paints(explorer, wire):
    wire.open()
    for _ in range(4):
        explorer.back()
    assert wire.kinds() == ["whole", "ahead", "patch"]
    wire.tell(kind="painted")
    assert wire.kinds() == ["whole", "ahead", "patch", "patch"]
    assert wire.seen(wire.sent[-1]) == explorer.page.scene.shapes
    wire.rest()
    assert wire.kinds() == ["whole", "ahead", "patch", "patch", "ahead"]


def test_picture_that_was_lost_is_not_waited_for_forever(explorer, wire, monkeypatch):
    wire.open()
    explorer.back()
    monkeypatch.setattr("arenalab.explore.turn.PATIENCE", 0)
    explorer.back()
    assert wire.kinds() == ["whole", "ahead", "patch", "patch"]
    assert wire.seen(wire.sent[-1]) == explorer.page.scene.shapes


def test_nothing_goes_ahead_while_a_picture_is_being_painted(explorer, wire):
    wire.open()
    explorer.back()
    wire.tell(kind="idle")
    assert wire.kinds() == ["whole", "ahead", "patch"]


@pytest.mark.parametrize("way", ["step", "back"])
def test_what_goes_ahead_is_what_a_step_shows(explorer, wire, way):
    explorer.go(explorer.stepper.place(3))
    wire.open()
    ahead = wire.last("ahead")["ways"][way]
    shown, told = wire.seen(ahead), ahead["told"]
    getattr(explorer, way)()
    assert shown == explorer.page.scene.shapes
    assert told == reading_html(explorer.shown.reading)
    assert ahead["size"] == [explorer.page.scene.width, explorer.page.scene.height]


def test_looking_ahead_moves_nobody_and_shows_nothing(explorer, wire):
    place, drawn = explorer.place, explorer.drawn()
    wire.open()
    assert (explorer.place, explorer.drawn(), explorer.shown.reading.op) == (place, drawn, 5)


def test_kernel_has_the_last_word_after_a_picture_went_ahead(explorer, wire):
    wire.open()
    explorer.step()  # there is no later place: the page may have painted ahead, so it is told again
    assert wire.kinds() == ["whole", "ahead", "patch"]
    assert wire.seen(wire.sent[-1]) == explorer.page.scene.shapes


def test_error_stands_while_the_page_is_idle(explorer, wire):
    wire.open()
    explorer.controls.target.value = "ChunkMapped"
    explorer.controls.find_next.click()
    assert "no later moment" in explorer.error
    wire.tell(kind="idle")
    assert "no later moment" in explorer.error
    explorer.controls.back.click()
    assert explorer.error == ""


def test_nobody_looks_ahead_while_playing_or_when_a_picture_takes_long(explorer, wire):
    explorer.controls.play.playing = True
    wire.open()
    assert wire.kinds() == ["whole"]
    explorer.controls.play.playing = False
    explorer.took = 1.0
    explorer.look_ahead()
    assert wire.kinds() == ["whole"]


def test_reloaded_page_gets_the_present_picture(explorer, wire):
    wire.open()
    explorer.first()
    wire.open()
    assert wire.seen(wire.last("whole")) == explorer.page.scene.shapes
    assert "no chunk yet" not in explorer.page.scene.shapes


def test_page_that_knows_too_many_shapes_forgets_them_all(explorer, wire, monkeypatch):
    wire.open()
    monkeypatch.setattr(scene_page, "MOST_KNOWN", 5)
    for _ in range(40):
        for act in (explorer.first, explorer.step, explorer.last):
            act()
            wire.rest()
        explorer.chunk = (explorer.shown.focus + 1) % 8
        wire.rest()
        assert wire.seen(wire.last("whole", "patch")) == explorer.page.scene.shapes
    assert wire.kinds().count("whole") > 1
    assert len(wire.shapes) < 10 * len(explorer.page.scene.shapes)


@pytest.mark.parametrize(
    "content", [{}, {"kind": "zoom"}, {"kind": "zoom", "name": "low", "start": "x", "end": 1}]
)
def test_nonsense_from_a_page_is_shown_or_ignored(explorer, wire, content):
    wire.open()
    before = explorer.cursor
    wire.page._hear(None, content, [])
    assert explorer.cursor == before
    assert bool(explorer.error) == bool(content)
