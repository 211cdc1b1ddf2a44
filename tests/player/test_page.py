"""The player's protocol: whatever is asked, moved and set, in any order, what the page shows is what is so."""

from threading import Thread

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from arenalab.explore import ChunkMap, Goroutines, HeapBitmap, LifeCycle
from arenalab.machine.machine import Machine
from arenalab.player import page
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.examples import examples
from tests.player.fake_page import FakePage
from tests.strategies import GC_OFF

INT, BIG = type_of("*int"), type_of("[262144]*int")
PROGRAM = [
    *(
        ops.NewArena(0),
        ops.New(0, INT),
        ops.Snapshot(),
        ops.New(0, BIG),
        ops.MakeSlice(0, type_of("byte"), 13),
    ),
    *([ops.New(0, BIG)] * 4),
    *(ops.NewArena(1), ops.Free(0), ops.RunGC(), ops.New(1, type_of("string"))),
]


def machine():
    made = Machine(GC_OFF)
    made.run(PROGRAM)
    return made


@pytest.fixture
def explorer():
    return ChunkMap(machine())


@pytest.fixture
def wire(explorer, monkeypatch):
    return FakePage(explorer, monkeypatch)


def kinds(wire):
    return [content["kind"] for content in wire.sent]


def test_nothing_is_sent_or_drawn_before_somebody_looks(explorer, wire, monkeypatch):
    monkeypatch.setattr(explorer, "draw", None)
    explorer.back()
    explorer.chunk = 0
    assert wire.sent == []


def test_opened_page_is_told_all_and_shows_where_the_explorer_stands(wire):
    wire.open()
    assert kinds(wire) == ["state"]
    [state] = wire.sent
    assert (state["reset"], state["known"], state["name"], state["last"]) == (
        True,
        0,
        "Chunk map",
        len(PROGRAM),
    )
    assert {"controls", "finds", "can", "keys", "doc", "hatches", "rasters"} <= set(state)
    wire.is_true()


def test_a_page_moves_among_its_frames_and_is_answered_nothing(explorer, wire):
    wire.open().ask(4, key=wire.key, way="back", rasters=False)
    sent = len(wire.sent)
    for _ in range(4):
        wire.key, wire.seq = wire.frame["back"], wire.seq + 1
        wire.tell(kind="moved", key=wire.key, seq=wire.seq)
    assert len(wire.sent) == sent
    assert explorer.stepper.position(explorer.place) == len(PROGRAM) - 4
    wire.is_true()


def test_a_shape_travels_once_and_a_raster_as_what_changed(wire, monkeypatch):
    monkeypatch.setattr(page, "SOON", 1e9)  # all in one answer, however slow the machine
    wire.open().ask(8, position=0)
    [frames] = [content for content in wire.sent if content["kind"] == "frames"]
    whole = [frame["rasters"]["words"]["whole"] for frame in frames["frames"]]
    sizes = [frame["rasters"]["words"]["words"] for frame in frames["frames"]]
    assert len(frames["frames"]) == 8
    assert whole == [n == 0 or sizes[n] != sizes[n - 1] for n in range(8)]  # no chunk at first, then one
    assert frames["done"]


def test_long_answers_come_in_parts(wire, monkeypatch):
    monkeypatch.setattr(page, "SOON", 0)
    wire.open().ask(3, position=0)
    parts = [content for content in wire.sent if content["kind"] == "frames"]
    assert [len(it["frames"]) for it in parts] == [1, 1, 1, 0]
    assert [it["done"] for it in parts] == [False, False, False, True]


def test_changed_trait_begins_an_epoch_and_a_moved_cursor_does_not(explorer, wire):
    wire.open()
    epoch = wire.epoch
    explorer.back()
    assert wire.epoch == epoch
    wire.is_true()
    explorer.colour = "type"
    assert wire.epoch > epoch
    wire.is_true()


def test_state_that_is_older_than_the_pages_own_move_moves_it_nowhere(wire):
    wire.open().walk("back")
    stood = wire.key
    wire.seq += 1  # a move is on its way
    wire.tell(kind="set", name="unit", value="event")
    assert wire.key == stood


def test_run_that_grows_is_told_with_the_next_question(explorer, wire):
    wire.open()
    epoch = wire.epoch
    explorer._machine.do(ops.New(1, INT))
    wire.ask(1, key=wire.key, way="next")
    assert wire.epoch > epoch
    assert wire.state["last"] == len(PROGRAM) + 1
    wire.stand(str(len(PROGRAM) + 1))
    wire.is_true()


def test_message_that_is_lost_on_the_way_costs_a_moment(explorer, wire):
    wire.open()
    wire.lose = 1
    explorer.chunk = 0  # new shapes, which never come
    explorer.first()
    assert wire.lost
    wire.stand("3")
    wire.is_true()


def test_page_that_asks_while_a_cell_moves_the_explorer_is_told_shapes_in_order(explorer, wire, monkeypatch):
    wire.open()
    asking = Thread(target=lambda: wire.ask(4, way="back", key=wire.key))  # as JupyterLab's subshells do
    picture = explorer.picture

    def interrupted(*place):
        if asking.ident is None:
            asking.start()
            asking.join(0.2)  # long enough to be answered, were it not for its turn
        return picture(*place)

    monkeypatch.setattr(explorer, "picture", interrupted)
    explorer.first()
    asking.join()
    assert "frames" in kinds(wire)
    assert not wire.lost
    wire.is_true()


def test_numbers_begin_anew_where_a_page_knows_too_many_shapes(wire, monkeypatch):
    monkeypatch.setattr(page, "MOST_KNOWN", 60)
    wire.open()
    for way in ("back", "next", "back"):
        wire.walk(way, len(PROGRAM))
        wire.is_true()
    assert sum(bool(content.get("reset")) for content in wire.sent) > 1
    assert len(wire.shapes) < 400


def test_page_says_how_wide_it_is_and_is_drawn_anew(wire):
    wire.open(width=1000)
    epoch = wire.epoch
    for width, drawn in ((999, 960), (640, 640), (20, 280), (5000, 1280), (None, 960)):
        wire.tell(kind="size", width=width)
        assert wire.player.width == drawn
    assert wire.epoch > epoch
    wire.is_true()


def test_lost_beginning_of_an_epoch_without_a_new_shape_is_noticed_when_the_page_moves(explorer, wire):
    wire.open().walk("back")
    wire.walk("next")
    before = wire.epoch
    wire.lose = 1
    explorer.render()  # the same shapes, in another epoch
    assert (wire.epoch, explorer.page_shown.epoch) == (before, before + 1)
    wire.walk("back")
    assert wire.epoch > before + 1
    wire.is_true()


def test_page_whose_state_may_still_be_under_way_is_not_told_everything_again(explorer, wire, monkeypatch):
    wire.open()
    monkeypatch.setattr(page, "LATE", 60)
    wire.lose = 1
    explorer.render()
    wire.tell(kind="moved", key=wire.key, seq=1, epoch=wire.epoch)
    assert not any(content.get("reset") for content in wire.sent[1:])


def test_error_stands_until_the_reader_does_something(explorer, wire):
    wire.open()
    wire.tell(kind="do", name="find", text="ChunkMapped", forwards=True)
    assert "no later match" in wire.state["error"]
    wire.ask(2, key=wire.key, way="back")
    assert "no later match" in wire.state["error"]
    wire.walk("back")
    assert wire.state["error"] == explorer.error == ""


@pytest.mark.parametrize("content", [
    {}, {"kind": "zoom"}, {"kind": "zoom", "pane": "low", "start": "x", "end": 1}, {"kind": "moved", "key": "e99999"},
    {"kind": "ask", "key": "<b>", "count": "x"}, {"kind": "set", "name": "cursor", "value": 3},
    {"kind": "set", "name": "chunk", "value": "3"}, {"kind": "do", "name": "explode"}, {"kind": "do", "name": "save"},
    {"kind": "failed", "text": "no canvas"}, {"kind": "word", "raster": "words", "word": "x", "act": "ask"},
])  # fmt: skip
def test_nonsense_from_a_page_is_shown_or_ignored(explorer, wire, content):
    wire.open()
    before = explorer.here(), explorer.text()
    wire.tell(**content)
    assert (explorer.here(), explorer.text()) == before
    assert bool(explorer.error) == bool(content)
    assert wire.state["error"] == explorer.error


def test_error_of_a_picture_is_shown_and_the_page_goes_on(explorer, wire, monkeypatch):
    wire.open()

    def broken(*_):
        raise ValueError("planted <b>fault</b>")

    with monkeypatch.context() as patched:
        patched.setattr(type(explorer), "draw", broken)
        explorer.colour = "age"
        assert wire.state["error"] == "ValueError: planted <b>fault</b>"
    wire.walk("back")
    explorer.colour = "type"
    wire.is_true()


def test_two_views_of_one_explorer_move_together(explorer, wire, monkeypatch):
    other = FakePage(explorer, monkeypatch, view="other")
    monkeypatch.setattr(page.Player, "send", lambda *message: [it.take(*message) for it in (wire, other)])
    wire.open().walk("back", 3)
    other.open(dark=True)
    assert (explorer.paper, other.key) == ("dark", wire.key)
    wire.ask(2, key=wire.key, way="back")  # a view that is there asks again once all are told anew
    other.walk("back")
    assert (wire.key, explorer.here()) == (other.key, other.key)
    wire.walk("next", 2)
    assert (wire.key, explorer.here()) == (other.key, other.key)
    for each in (wire, other):
        each.is_true()


def test_one_view_alone_is_answered_nothing_though_another_was_there_before(wire):
    wire.tell(kind="open", id="gone", dark=False, width=1000)
    wire.open().walk("back")
    sent = len(wire.sent)
    wire.seq += 1
    wire.tell(kind="moved", key=wire.frame["back"] or wire.key, seq=wire.seq)
    assert [it["kind"] for it in wire.sent[sent:]] == []


def test_word_is_told_when_asked_and_words_of_the_picture(explorer, wire):
    wire.open().tell(kind="word", raster="words", word=1, act="ask")
    answer = wire.sent[-1]
    assert (answer["kind"], answer["raster"], answer["word"]) == ("answer", "words", 1)
    wire.tell(kind="words", key=wire.key)
    assert wire.sent[-1] == {"kind": "words", "key": wire.key, "text": explorer.text()}


def test_saved_picture_and_page_are_given_as_files(wire, monkeypatch):
    given = []
    monkeypatch.setattr(page.Player, "file", lambda _, *file: given.append(file))
    for what in ("picture", "svg", "page"):
        wire.open().tell(kind="do", name="save", what=what)
    (png, kind, data), (svg, _, drawn), (html, _, saved) = given
    assert (png, kind, data[:4]) == ("chunk-map.png", "image/png", b"\x89PNG")
    assert svg.endswith(".svg")
    assert drawn.startswith(b"<svg")
    assert html == "chunk-map.html"
    assert saved.startswith(b"<!doctype html>")


KINDS = {
    ChunkMap: [("colour", "type"), ("colour", "age"), ("fit", "whole chunk"), ("chunk", 0)],
    HeapBitmap: [("first_word", 64), ("chunk", 1)],
    LifeCycle: [("scale", "events"), ("chunk", 1)],
    Goroutines: [("scale", "events")],
}
ACTS = st.one_of(
    st.tuples(st.just("walk"), st.sampled_from(["next", "back"]), st.integers(1, 4)),
    st.tuples(st.just("jump"), st.integers(0, 60)),
    st.tuples(st.just("at"), st.integers(0, len(PROGRAM))),
    st.tuples(st.just("set"), st.integers(0, 9)),
    st.tuples(st.just("unit"), st.sampled_from(["operation", "event"])),
    st.sampled_from(
        [("grow",), ("python",), ("follow",), ("undo",), ("size",), ("lose",), ("find",), ("reopen",)]
    ),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@examples(8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=12))
def test_whatever_happens_the_last_frame_is_what_is_so(kind, acts, monkeypatch):
    explorer = kind(machine())
    with monkeypatch.context() as patched:
        wire = FakePage(explorer, patched).open()
        for act, *how in acts:
            perform(wire, explorer, kind, act, how)
            if wire.lost:
                wire.stand(explorer.here())
        wire.lose = 0
        wire.stand(wire.key or explorer.here())
        wire.is_true()
        patched.undo()
        explorer.close()


def perform(wire, explorer, kind, act, how):
    acts = {
        "walk": lambda: wire.walk(*how), "jump": lambda: jump(wire, explorer, how[0]),
        "at": lambda: wire.stand(str(how[0])), "set": lambda: choose(wire, KINDS[kind], how[0]),
        "unit": lambda: wire.tell(kind="set", name="unit", value=how[0]),
        "follow": lambda: wire.tell(kind="set", name="follow", value=True),
        "grow": lambda: explorer.do(ops.New(1, INT)), "python": lambda: explorer.go(explorer.stepper.place(2)),
        "size": lambda: wire.tell(kind="size", width=640), "lose": lambda: setattr(wire, "lose", 1),
        "reopen": lambda: (setattr(wire, "seq", 0), wire.open()), "undo": lambda: wire.tell(kind="do", name="undo"),
        "find": lambda: wire.tell(kind="do", name="find", text="ObjectAllocated", forwards=True),
    }  # fmt: skip
    acts[act]()


def jump(wire, explorer, position):
    wire.ask(2, position=position)
    wire.stand(explorer.key_at(position))


def choose(wire, choices, number):
    name, value = choices[number % len(choices)]
    wire.tell(kind="set", name=name, value=value)
