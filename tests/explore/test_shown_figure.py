"""A figure in a notebook: it follows the page's theme in one patch, is named, and hides no error."""

import pytest
from bokeh.plotting import figure

from arenalab.explore import figure_page
from arenalab.explore.shown_figure import ShownFigure


class Point:
    """The least that can be shown."""

    def __init__(self):
        self.root = figure(width=100, height=100)
        self.glyph = self.root.scatter([1], [2], fill_color="#000001").glyph

    def paint(self, paper):
        self.glyph.fill_color = "#000002" if paper == "dark" else "#000001"


@pytest.fixture
def sent(monkeypatch):
    sent = []
    monkeypatch.setattr(figure_page.FigurePage, "send", lambda _, content, **__: sent.append(content))
    return sent


@pytest.fixture
def shown():
    return ShownFigure(Point(), "A <point>", "it is at 1, <b>2</b>")


def tell(shown, **content):
    shown.page._hear(None, content, [])


@pytest.mark.parametrize("dark", [False, True])
def test_first_view_has_the_colours_of_its_paper(shown, sent, dark):
    tell(shown, kind="open", id="view", missing=False, dark=dark)
    assert [it["kind"] for it in sent] == ["open"]
    assert ("#000002" in str(sent[0]["item"])) is dark


def test_a_change_of_theme_is_one_patch_of_colours(shown, sent):
    tell(shown, kind="open", id="view", missing=False, dark=False)
    tell(shown, kind="painted")
    tell(shown, kind="paper", dark=True)
    assert [it["kind"] for it in sent] == ["open", "patch"]
    assert [event["attr"] for event in sent[1]["patch"]["events"]] == ["fill_color"]
    tell(shown, kind="painted")
    tell(shown, kind="paper", dark=True)
    assert len(sent) == 2


def test_what_changes_while_the_page_paints_waits_and_goes_once(shown, sent):
    tell(shown, kind="open", id="view", missing=False, dark=False)
    for dark in (True, False, True):
        tell(shown, kind="paper", dark=dark)
    assert [it["kind"] for it in sent] == ["open"]
    tell(shown, kind="painted")
    [event] = sent[1]["patch"]["events"]
    assert (event["attr"], "#000002" in str(event["new"])) == ("fill_color", True)


def test_view_gets_bokehs_script_only_when_it_lacks_it(shown, sent):
    for missing in (True, False):
        tell(shown, kind="open", id="view", missing=missing, dark=False)
    assert [it["scripts"] for it in sent] == [figure_page.scripts(), []]


def test_words_for_screen_readers_are_escaped(shown):
    assert shown.page.label == "A <point>"
    told = shown.widget.children[-2].value
    assert "it is at 1, &lt;b&gt;2&lt;/b&gt;" in told
    assert "<b>" not in told


def test_failure_of_the_page_stands_above_the_figure(shown):
    tell(shown, kind="failed", text="<script>")
    assert shown.error == "RuntimeError: the page could not draw: <script>"
    box = shown.widget.children[0].value
    assert 'role="alert"' in box
    assert "&lt;script&gt;" in box
    tell(shown, kind="paper", dark=False)
    assert shown.error == shown.widget.children[0].value == ""


@pytest.mark.parametrize("content", [{"kind": "paper"}, {"kind": "open", "dark": False}, {}])
def test_a_message_that_makes_no_sense_is_an_error_that_is_seen(shown, content):
    tell(shown, **content)
    assert shown.error


def test_an_error_while_painting_or_sending_is_seen(shown, monkeypatch):
    def planted(*_):
        raise ValueError("planted")

    monkeypatch.setattr(figure_page, "json_item", planted)
    tell(shown, kind="open", id="view", missing=False, dark=False)
    assert shown.error.endswith("ValueError: planted")
    monkeypatch.setattr(Point, "paint", planted)
    tell(shown, kind="paper", dark=True)
    assert shown.error == "ValueError: planted"
