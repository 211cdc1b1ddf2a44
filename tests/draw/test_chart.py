"""The chart's figure holds the numbers it was given; its paper changes colours alone; words stay words."""

import json

import pytest
from bokeh.document import Document
from bokeh.embed import json_item
from bokeh.models import FixedTicker, Legend, LogScale, PlainText

from arenalab.draw.chart import DASH, ChartFigure
from arenalab.draw.looks import SERIES_LOOKS

EVIL = "<img src=x onerror=window.pwned=1>"
LINES = [("in arenas", (281.25, 30.0)), ("on the heap", (60, 70.5)), ("in arenas", (61.0, 1234567.5))]


@pytest.fixture
def figure():
    return ChartFigure("Time, ns", "nodes", "ns", ("1", "1,000"), LINES)


def legend(figure):
    return figure.root.select_one(Legend)


def test_sources_hold_the_numbers_that_were_given(figure):
    given = [(source.data["name"][0], tuple(source.data["y"])) for source in figure.sources]
    assert given == LINES
    assert {tuple(source.data["x"]) for source in figure.sources} == {(0, 1)}


def test_hover_tells_all_digits_where_the_figure_rounds(figure):
    first, second, third = (source.data for source in figure.sources)
    assert first["exact"] == ["281.25 ns", "30 ns"]
    assert second["exact"] == ["60 ns", "70.5 ns"]
    assert third["exact"] == ["61 ns", "1,234,567.5 ns"]
    assert (first["said"], second["said"]) == (["281", "30"], ["60", "70"])
    assert first["where"] == ["nodes: 1", "nodes: 1,000"]


def test_value_stands_below_its_dot_where_another_line_lies_higher(figure):
    below = [[offset > 0 for offset in source.data["offset"]] for source in figure.sources]
    assert below == [[False, True], [True, True], [True, False]]


def test_scale_is_logarithmic_and_holds_every_value(figure):
    assert isinstance(figure.root.y_scale, LogScale)
    assert 0 < figure.root.y_range.start < 30
    assert figure.root.y_range.end > 1234567.5
    assert figure.root.y_range.bounds == figure.root.x_range.bounds == "auto"


def test_ticks_are_those_given_and_plain_text(figure):
    axis = figure.root.xaxis[0]
    assert isinstance(axis.ticker, FixedTicker)
    assert axis.ticker.ticks == [0, 1]
    assert {at: label.text for at, label in axis.major_label_overrides.items()} == {0: "1", 1: "1,000"}


def test_legend_hides_a_whole_line_and_names_the_one_that_ends_highest_first(figure):
    items = legend(figure).items
    assert legend(figure).click_policy == "hide"
    assert [item.label.value for item in items] == ["in arenas", "on the heap", "in arenas"]
    sources = [{id(it.data_source) for it in item.renderers} for item in items]
    assert sources == [{id(figure.sources[number])} for number in (2, 1, 0)]
    assert sum(len(item.renderers) for item in items) == len(figure.root.renderers)


def test_first_line_is_whole_the_others_are_dashed(figure):
    lines = [it.glyph for it in figure.root.renderers if type(it.glyph).__name__ == "Line"]
    assert [glyph.line_dash for glyph in lines] == [[], list(DASH), list(DASH)]


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_lines_and_dots_look_as_the_palette_says(figure, paper):
    figure.paint(paper)
    drawn = [it for it in figure.root.renderers if type(it.glyph).__name__ in {"Line", "Scatter"}]
    assert len(drawn) == 2 * len(LINES)
    for it in drawn:
        paint = SERIES_LOOKS[f"series_{figure.sources.index(it.data_source)}"].on(paper)
        assert it.glyph.line_color == paint.edge
        assert getattr(it.glyph, "fill_color", paint.fill) == paint.fill


def test_paper_changes_colours_and_nothing_else(figure):
    document, changed = Document(), []
    document.add_root(figure.root)
    before = json.dumps(document.to_json(), default=str, sort_keys=True)
    document.on_change(lambda event: changed.append(event.attr))
    figure.paint("dark")
    assert changed
    assert [name for name in changed if not name.endswith("color")] == []
    figure.paint("light")
    assert json.dumps(document.to_json(), default=str, sort_keys=True) == before


def test_document_has_no_fault_that_bokeh_knows(figure, caplog):
    document = Document()
    document.add_root(figure.root)
    document.validate()
    assert [record.message for record in caplog.records] == []


def test_words_from_outside_are_data_or_plain_text():
    """Neither a template (bokeh would fill it), nor code, nor a text that bokeh may set as a formula."""
    evil = f"{EVIL}$$x$$ @y"
    figure = ChartFigure(evil, evil, evil, (evil, "2"), [(evil, (1.0, 2.0))])
    axis = figure.root.xaxis[0]
    for words in (figure.root.title.text, axis.axis_label, axis.major_label_overrides[0]):
        assert isinstance(words, PlainText)
        assert words.text == evil
    item = json_item(figure.root)
    for name in ("tooltips", "major_code", "css", "description"):
        assert evil not in json.dumps(found(item, name))
    assert evil in json.dumps(item)


def found(item, name):
    """Return all values of a name in nested lists and objects."""
    if isinstance(item, dict):
        here = [item[name]] if name in item else []
        return here + [it for value in item.values() for it in found(value, name)]
    return [it for value in item for it in found(value, name)] if isinstance(item, list) else []


def test_what_is_looked_for_above_is_there(figure):
    item = json_item(figure.root)
    assert all(found(item, name) for name in ("tooltips", "major_code", "css", "description"))
