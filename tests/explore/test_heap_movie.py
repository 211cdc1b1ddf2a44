"""The heap movie: steps by any unit, there and back; lanes and pages that are clicked; what it saves and refuses."""

import pytest

from arenalab.errors import ArgumentError, NoSuchError, ScenarioError, TraceError
from arenalab.explore import HeapMovie
from arenalab.notebook_parts import WIDGET
from arenalab.view.heap_steps import UNITS
from tests.kept import pictures
from tests.player.fake_page import FakePage
from tests.player.telling import choose, control, do, sets, tell
from tests.recorded import EVIL, ORDERS, PLAIN, evil_run, run_of


@pytest.fixture
def movie():
    return HeapMovie(run_of(ORDERS))


def drawn(movie):
    return movie.drawn(), movie.shown.pages, movie.shown.slots, movie.picture(movie.here(), 960).told


def stand(movie, position):
    tell(movie, kind="moved", key=movie.key_at(position), seq=1)


@pytest.mark.parametrize("unit", UNITS)
def test_stepping_back_draws_the_identical_picture(movie, unit):
    movie.unit = unit
    movie.go(movie.steps.moment(movie.steps.last // 2))
    before, told = drawn(movie), movie.text()
    movie.step()
    assert movie.text() != told
    movie.back()
    assert (drawn(movie), movie.text()) == (before, told)


def test_positions_are_moved_to_and_counted_by_the_unit(movie):
    opening, end = movie.index.opening, movie.index.moments
    assert movie.cursor == opening
    stand(movie, 3)
    assert movie.cursor == movie.steps.moment(3)
    sets(movie, "unit", "event")
    assert movie.about()["last"] == end - opening
    stand(movie, 7)
    assert movie.cursor == opening + 7
    stand(movie, 10**9)
    assert movie.cursor == end
    assert movie.beside(movie.here(), "next") is None
    tell(movie, kind="moved", key="e999999999", seq=2)
    assert (movie.cursor, "a moment of this trace" in movie.error) == (end, True)


def test_page_shows_what_is_so_wherever_it_goes(movie, monkeypatch):
    wire = FakePage(movie, monkeypatch).open()
    for way, unit in (("next", "scope"), ("back", "collection"), ("next", "event")):
        sets(movie, "unit", unit)
        wire.walk(way, 3)
        wire.is_true()
    sets(movie, "colour", "type")
    wire.is_true()


def test_find_goes_from_collection_to_collection_and_says_when_there_is_none(movie):
    movie.first()
    seen = []
    for _ in movie.steps.collections():
        do(movie, "find", text="a collection begins", forwards=True)
        seen.append(movie.cursor)
    assert seen == movie.steps.collections().tolist()
    movie.find()
    assert "no later collection" in movie.error
    do(movie, "find", text="a collection begins", forwards=False)
    assert (movie.cursor, movie.error) == (seen[-2], "")


def test_a_lane_that_is_clicked_is_chosen_and_its_end_shown(movie):
    assert movie.kind == "http"
    choose(movie, "scope 5")
    scope = movie.run.found["http"][5]
    assert movie.scope == 5
    assert movie.index.log.heap.time[movie.cursor - 1] <= scope.end < movie.index.log.heap.time[movie.cursor]
    movie.colour = "scope"
    assert any("of scope 6, the chosen one" in words for _, words, _ in movie.legend_of(movie.shown))
    choose(movie, "cycle 1")
    assert movie.steps.words(movie.cursor) == "GC 1 of 4"
    movie.kind = next(kind for kind in movie.run.scopes() if kind.startswith("goroutine"))
    assert (movie.scope, movie.error) == (None, "")


def test_a_page_that_is_clicked_shows_its_slots_until_the_step_is_followed_again(movie):
    span = int(movie.shown.moment.spans[3])
    cell = int(movie.index.first_cell[span])
    tell(movie, kind="word", raster="pages", word=cell, act="choose")
    assert (movie.shown.span, movie.page) == (span, movie.index.page_of(cell))
    assert not control(movie, "follow")["value"]
    sets(movie, "follow", value=True)
    assert movie.page is None
    sets(movie, "follow", value=False)
    assert movie.index.objects.spans.page[movie.shown.span] == movie.page


def test_page_and_slot_that_are_pointed_at_are_told(movie):
    movie.last()
    row = int(movie.shown.moment.held[-1])
    span = int(movie.index.objects.span[row])
    movie.page = int(movie.index.objects.spans.page[span])
    assert "used" in movie.word("pages", int(movie.index.first_cell[span]))
    assert f"{movie.index.objects.address[row]:#x}" in movie.word("slots", int(movie.index.number[row]))
    assert movie.word("slots", 10**9) == ""


def test_lanes_zoom_and_fit(movie):
    tell(movie, kind="zoom", pane="run", start=100, end=300)
    assert (movie.shown.window, movie.fit) == ((100, 300), "custom")
    movie.fit = "around the cursor"
    assert movie.window is None
    movie.fit = "whole run"
    assert movie.shown.window == (0, movie.shown.end)


def test_file_is_opened_and_what_is_no_trace_refused():
    with pytest.raises(TraceError):
        HeapMovie(__file__)
    with pytest.raises(ArgumentError, match="a TraceRun or the path"):
        HeapMovie(3)
    with pytest.raises(NoSuchError, match="scope: got 'http'"):
        HeapMovie(run_of(PLAIN), kind="http")
    with pytest.raises(NoSuchError, match="a moment of this trace"):
        HeapMovie(run_of(PLAIN), cursor=10**9)


def test_wrong_traits_are_refused_and_change_nothing(movie):
    before = movie.text()
    for name, wrong in (
        ("cursor", -1),
        ("scope", 10**6),
        ("colour", "red"),
        ("unit", "second"),
        ("kind", "x"),
    ):
        with pytest.raises((NoSuchError, ArgumentError)):
            setattr(movie, name, wrong)
    with pytest.raises(NoSuchError, match="did you mean cursor"):
        movie.cursr = 3
    assert movie.text() == before


def test_bundle_is_widget_words_and_picture_and_names_are_escaped():
    movie = HeapMovie(evil_run())
    bundle = movie._repr_mimebundle_()
    assert set(bundle) == {WIDGET, "text/plain", "text/html"}
    assert bundle["text/plain"] == movie.text() == repr(movie)
    [alt] = pictures(bundle["text/html"])
    assert alt.startswith("Heap movie, ")
    assert EVIL[:20] in movie.text()
    for html in (bundle["text/html"], str(movie.still())):
        assert "<script" not in html
        assert "<img src=x" not in html


def test_saved_page_holds_every_step_and_refuses_too_many(movie, tmp_path):
    path = movie.save_html(tmp_path / "movie.html")
    assert b"recorded" not in path.read_bytes()[:100]
    before = movie.cursor, movie.unit
    movie.save_html(path, unit="scope", first=2, last=9)
    assert (movie.cursor, movie.unit) == before
    with pytest.raises(ScenarioError, match="a saved page holds"):
        movie.save_html(path, unit="event")
    with pytest.raises(NoSuchError, match="unit"):
        movie.save_html(path, unit="second")


def test_closed_movie_comes_back_where_it_was(movie):
    movie.find()
    before = movie.text()
    movie.close()
    movie._repr_mimebundle_()
    assert movie.text() == before
    assert movie.widget.comm is not None
