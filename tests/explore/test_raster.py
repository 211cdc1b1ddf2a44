"""The raster's protocol: runs of changed words, none before the last frame is painted, exact words on asking."""

import numpy as np
import pytest

from arenalab.draw.raster import raster_colours
from arenalab.explore import ChunkMap
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.colouring import COLOURINGS
from arenalab.world import ops
from tests.strategies import GC_OFF

EVIL = type_of('struct{ p *int "<script>window.pwned=1</script>" }')


class Wire:
    """Stands in for the page: keeps the words as the page would, answers by hand."""

    def __init__(self, explorer, monkeypatch):
        self.explorer, self.raster, self.sent, self.words, self.ahead = (
            explorer,
            explorer.raster,
            [],
            None,
            {},
        )
        monkeypatch.setattr(type(self.raster), "send", lambda _, *message: self.take(*message))

    def take(self, content, buffers=()):
        if content["kind"] == "ahead":
            self.ahead = dict(
                zip(content["ways"], zip(content["ways"].values(), buffers, strict=True), strict=True)
            )
            return
        self.sent.append(content)
        if content["kind"] != "raster":
            return
        if content["whole"]:
            self.words = np.frombuffer(buffers[0], dtype=np.uint8).copy()
            return
        for start, length, number in np.frombuffer(buffers[0], dtype=np.uint32).reshape(-1, 3).tolist():
            self.words[start : start + length] = number

    def tell(self, **content):
        self.raster._hear(None, content, [])

    def paint(self):
        self.tell(kind="painted", frame=self.raster.frame)
        self.explorer.look_ahead()


@pytest.fixture
def explorer():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, EVIL)] * 5, ops.New(0, type_of("int"))])
    return ChunkMap(machine)


@pytest.fixture
def wire(explorer, monkeypatch):
    wire = Wire(explorer, monkeypatch)
    wire.tell(kind="open")
    wire.paint()
    return wire


def test_nothing_is_sent_before_somebody_looks(explorer, monkeypatch):
    wire = Wire(explorer, monkeypatch)
    explorer.back()
    assert wire.sent == []


def test_opened_view_gets_all_words_and_what_they_mean(explorer, wire):
    assert [content["whole"] for content in wire.sent] == [True]
    assert np.array_equal(wire.words, explorer.shown.raster.words)
    look = wire.sent[0]["look"]
    assert look["colours"] == raster_colours(explorer.shown.raster.keys, "light")
    assert look["base"] == str(0x40C000000000)


@pytest.mark.parametrize("colour", COLOURINGS)
def test_page_holds_the_kernels_words_after_every_step(explorer, wire, colour):
    explorer.colour = colour
    for act in (explorer.back, explorer.back, explorer.first, explorer.step, explorer.last):
        wire.paint()
        act()
        wire.paint()
        assert np.array_equal(wire.words, explorer.shown.raster.words)


def test_a_step_sends_its_runs_alone(explorer, wire):
    explorer.back()
    assert (len(wire.sent), wire.sent[1]["whole"], "look" in wire.sent[1]) == (2, False, False)


def test_frames_are_dropped_while_the_page_paints(explorer, wire):
    for _ in range(4):
        explorer.back()
    assert len(wire.sent) == 2
    wire.paint()
    assert len(wire.sent) == 3
    wire.paint()
    assert len(wire.sent) == 3
    assert np.array_equal(wire.words, explorer.shown.raster.words)


def test_nothing_is_sent_when_nothing_changed(explorer, wire):
    explorer.render()
    assert len(wire.sent) == 1


def test_frame_that_was_lost_is_not_waited_for_forever(explorer, wire, monkeypatch):
    explorer.back()
    monkeypatch.setattr("arenalab.explore.turn.PATIENCE", 0)
    explorer.back()
    assert len(wire.sent) == 3
    assert np.array_equal(wire.words, explorer.shown.raster.words)


def test_old_acknowledgement_counts_for_nothing(explorer, wire):
    explorer.back()
    wire.tell(kind="painted", frame=1)
    explorer.back()
    assert len(wire.sent) == 2


def test_paper_and_colour_change_looks_and_not_the_protocol(explorer, wire):
    explorer.page._hear(None, {"kind": "paper", "dark": True}, [])
    assert wire.sent[1]["look"]["colours"] == raster_colours(explorer.shown.raster.keys, "dark")
    wire.paint()
    explorer.colour = "type"
    assert [said for _, said in wire.sent[2]["look"]["legend"]] == [EVIL.expr, "int"]


def test_word_is_told_when_asked(wire):
    wire.tell(kind="ask", word=1)
    answer = wire.sent[-1]
    assert (answer["kind"], answer["word"]) == ("answer", 1)
    assert EVIL.expr in answer["text"]
    assert "8 bytes at 0x40c000000008, offset 8" in answer["text"]
    assert "operation 3: arena.New[" in answer["text"]


def test_chosen_word_is_shown_exactly(explorer, wire):
    wire.tell(kind="choose", word=3)
    low = explorer.shown.window.low
    assert low[0] <= 24
    assert low[1] >= 32
    assert low[1] - low[0] == 256
    assert explorer.fit == "as moved"
    wire.tell(kind="choose", word=2**20 - 2)
    assert explorer.shown.window.low == low
    assert explorer.shown.window.high == (2**23 - 256, 2**23)


@pytest.mark.parametrize("content", [{}, {"kind": "ask"}, {"kind": "ask", "word": "x"}, {"kind": "failed"}])
def test_nonsense_from_a_page_is_shown_or_ignored(explorer, wire, content):
    before = explorer.cursor
    wire.tell(**content)
    assert explorer.cursor == before
    assert bool(explorer.error) == bool(content)


def test_page_gets_one_step_on_and_one_back_ahead_of_time(explorer, wire):
    assert wire.ahead["step"][1] == b""  # there is none
    explorer.back()
    wire.paint()
    here = explorer.shown.raster.words
    for way in ("step", "back"):
        now, changed = wire.ahead[way]
        words = here.copy()
        for start, length, number in np.frombuffer(changed, dtype=np.uint32).reshape(-1, 3).tolist():
            words[start : start + length] = number
        getattr(explorer, way)()
        assert np.array_equal(words, explorer.shown.raster.words)
        assert now == [list(part) for part in explorer.shown.raster.now]
        explorer.back() if way == "step" else explorer.step()


def test_nothing_goes_ahead_where_the_colours_mean_something_else(explorer, wire):
    explorer.go(explorer.stepper.place(1))
    wire.paint()
    assert set(wire.ahead) == {"step"}  # one step back there is no chunk
