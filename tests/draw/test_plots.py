"""Plots as a bokeh document and as a still: what is drawn, told, hidden together, and travels to a page."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from bokeh import models
from bokeh.document import Document

from arenalab.draw.looks import SERIES_LOOKS
from arenalab.draw.plots import BYTES, NUMBER, PERCENT, SECONDS, Axis, Line, Now, Plot, Plots, Tip
from arenalab.draw.plots_figure import PlotsFigure
from arenalab.draw.plots_state import chart_state
from arenalab.draw.plots_still import Scale, plots_scene, rounds, written
from tests.draw.fits import WIDTHS, faults, texts

EVIL = "<img src=x onerror=window.pwned=1>$$x$$ @y"
X = np.array([0, 3, 3, 9])
FIRST = Line("a", "alpha", "series_0", X, np.array([0, 0, 5, 5]))
SECOND = Line("b", "beta", "series_1", X, np.array([4, 4, 2, 2]), "9 3", filled=True)
GO = Line("go a", "alpha of real Go", "series_0", X, np.array([0, 0, 6, 6]), "2 4", of="a", tone="text")
EMPTY = Line("c", "gamma", "series_2", X[:0], X[:0], "4 3")
ACROSS = Axis("operations", 0, 9)
PROBE = (X, (Tip("after operation", X, NUMBER), Tip("alpha", FIRST.y * 2**53, BYTES)))
MAIN = Plot(
    "upper",
    ACROSS,
    Axis("", 0, 6, BYTES),
    (FIRST, GO, SECOND, EMPTY),
    150,
    PROBE,
    ("here",),
    "what adds up",
    bare=True,
)
LEFT = Line("left a", "left over", "series_0", X, X * 0, of="a")
STRIP = Plot("what is left", ACROSS, Axis("", -0.5, 0.5, BYTES), (LEFT,), 80, strip=True)
PLOTS = Plots("a picture", ((MAIN,), (STRIP,)), "operation", beside=True, told=("a sentence",))
DOTS = Line(
    "d", "delta", "series_1", np.array([1.0, 2.0, 400.0]), np.array([10.0, np.nan, 1000.0]), joined=False,
    marker="square", tips=(Tip("objects", np.array([1, 2, 400]), NUMBER),),
)  # fmt: skip
LOG = Plots(
    "dots",
    ((Plot("sizes", Axis("objects", 1, 500, log=True), Axis("size", 8, 2000, BYTES, log=True), (DOTS,)),),),
    selects="d",
)


@pytest.fixture
def made():
    return PlotsFigure(PLOTS)


def named(made, name):
    return [it for it in made.root.references() if it.name == name]


def test_lines_are_drawn_dashed_filled_and_hatched_as_they_say(made):
    lines = {
        it.name: it.glyph
        for it in made.root.references()
        if isinstance(getattr(it, "glyph", None), models.Line)
    }
    assert [lines[name].line_dash for name in ("a", "b", "go a")] == [[], [9, 3], [2, 4]]
    [area] = [it.glyph for it in named(made, "b") if isinstance(getattr(it, "glyph", None), models.VArea)]
    assert (area.y2, area.hatch_pattern) == (0, "/")
    assert SERIES_LOOKS["series_1"].hatch == "slash"


def test_columns_travel_beside_the_document_and_hold_every_number(made):
    assert made.columns["a"] == {"x": [0, 3, 3, 9], "y": [0, 0, 5, 5]}
    assert all(list(column) == [] for source in made.sources.values() for column in source.data.values())
    assert chart_state(LOG)["columns"]["d"]["y"] == [10.0, None, 1000.0]  # what is no number lies nowhere
    json.dumps(chart_state(LOG), allow_nan=False)


def test_plots_of_one_axis_share_its_range_which_keeps_a_reader_inside(made):
    ranges = {id(plot.x_range) for plot in made.root.references() if isinstance(plot, models.Plot)}
    assert len(ranges) == 1
    [across] = named(made, "across")
    assert (across.start, across.end, across.bounds) == (0, 9, (0, 9))


def test_cursor_lies_above_all_so_that_moving_it_paints_nothing_else(made):
    spans = named(made, "cursor")
    assert [(span.dimension, span.level) for span in spans] == [("height", "overlay")] * 2
    assert named(PlotsFigure(LOG), "cursor") == []  # nobody can step along it


def test_legend_names_what_is_there_and_what_is_hidden_with_it():
    [legend] = chart_state(PLOTS)["legend"]
    assert [(line["name"], line["names"]) for line in legend["lines"]] == [
        ("alpha", ["a", "go a", "left a"]),
        ("beta", ["b"]),
    ]
    assert (legend["heads"], legend["words"], legend["height"]) == (["here"], "what adds up", 230)


def test_scales_say_that_they_are_logarithmic_and_sizes_begin_at_0(made):
    labels = [
        axis.axis_label.text
        for axis in PlotsFigure(LOG).root.references()
        if isinstance(axis, models.LogAxis)
    ]
    assert sorted(labels) == ["objects (log scale)", "size (log scale)"]
    [upper, _] = sorted(named(made, "plot") + named(made, "strip"), key=lambda plot: -plot.height)
    assert (upper.y_range.start <= 0, upper.y_range.end > 6) == (True, True)


def test_a_document_is_the_same_while_numbers_alone_differ():
    grown = replace(FIRST, x=X + 1, y=X * 7)
    other = replace(MAIN, lines=(grown, GO, SECOND, EMPTY), across=replace(ACROSS, high=10))
    key = chart_state(PLOTS)["key"]
    assert chart_state(replace(PLOTS, rows=((other,), (STRIP,))))["key"] == key
    dashed = replace(MAIN, lines=(replace(FIRST, dash="1 1"), GO, SECOND, EMPTY))
    assert chart_state(replace(PLOTS, rows=((dashed,), (STRIP,))))["key"] != key


def test_colours_of_both_papers_travel_along_and_are_properties_of_the_document(made):
    ids = {model.id: model for model in made.root.references()}
    assert made.colours()
    for model, name, light, dark in made.colours():
        assert re.fullmatch("#[0-9a-f]{6} #[0-9a-f]{6}", f"{light} {dark}")
        assert name.endswith("color")
        found = getattr(ids[model], name)
        assert (found.value if hasattr(found, "value") else found) == light


def test_document_has_no_fault_that_bokeh_knows(made, caplog):
    document = Document()
    document.add_root(made.root)
    document.validate()
    assert [record.message for record in caplog.records if "MISSING_RENDERERS" not in record.message] == []


def test_words_from_outside_are_data_or_plain_text():
    """Neither a template (bokeh would fill it), nor code, nor a text that bokeh may set as a formula."""
    line = Line(
        "a", EVIL, "series_0", X, X + 1, marker="circle", said=(EVIL,) * 4, tips=(Tip("", [EVIL] * 4),)
    )
    plot = Plot(EVIL, Axis(EVIL, 0, 3, ticks=(EVIL, "2")), Axis(EVIL, 0.5, 20, log=True), (line,))
    state = chart_state(Plots(EVIL, ((plot,),)))
    told = found(state["item"], "text") + [
        it for pairs in found(state["item"], "major_label_overrides") for it in [pairs]
    ]
    assert EVIL in json.dumps(told)
    for name in ("tooltips", "code", "major_code", "css", "description", "label"):
        assert EVIL not in json.dumps(found(state["item"], name))
    assert state["columns"]["a"]["t0"] == [EVIL] * 4
    kinds = [it["name"] for it in objects(state["item"]) if it.get("attributes", {}).get("text") == EVIL]
    assert set(kinds) == {"PlainText"}
    assert EVIL not in "".join(plots_scene(Plots(EVIL, ((plot,),))).shapes)


def objects(item):
    """Return all bokeh models in nested JSON."""
    if isinstance(item, dict):
        here = [item] if item.get("type") == "object" else []
        return here + [it for value in item.values() for it in objects(value)]
    return [it for value in item for it in objects(value)] if isinstance(item, list) else []


def found(item, name):
    """Return all values of a name in nested lists and objects."""
    if isinstance(item, dict):
        here = [item[name]] if name in item else []
        return here + [it for value in item.values() for it in found(value, name)]
    return [it for value in item for it in found(value, name)] if isinstance(item, list) else []


# the still


def lines_of(scene, meaning):
    found_ = re.findall(r'<polyline points="([^"]*)" class="([^"]*)"', "".join(scene.shapes))
    return [
        [tuple(map(float, it.split(","))) for it in points.split()]
        for points, look in found_
        if look == meaning
    ]


def test_still_draws_each_line_where_its_numbers_are():
    scene = plots_scene(PLOTS)
    line = lines_of(scene, "e-series_0")[0]
    across = [x for x, _ in line]
    assert np.allclose(np.diff(across) / (across[-1] - across[0]), np.diff(X) / 9, atol=1e-3)
    heights = [y for _, y in line]
    low, high = heights[0], heights[-1]
    [other] = lines_of(scene, "l-text")
    assert (low - other[-1][1]) / (low - high) == pytest.approx(6 / 5, abs=0.01)


def test_still_shows_the_cursor_and_its_values_and_no_line_that_is_not_there():
    scene = plots_scene(PLOTS, Now(3, "operation 3", {"a": ("5 B",)}))
    words = [it.words for it in texts(scene)]
    assert {"upper", "alpha", "beta", "5 B", "here", "what is left", "a sentence"} <= set(words)
    assert "gamma" not in words
    cursors = re.findall(r'<line x1="([\d.]+)"[^>]*class="l-now"', "".join(scene.shapes))
    line = lines_of(scene, "e-series_0")[0]
    assert [float(x) for x in cursors] == [line[1][0]] * 2


@pytest.mark.parametrize("beside", [True, False])
def test_still_can_be_read(beside):
    assert (
        faults(plots_scene(replace(PLOTS, beside=beside), Now(3, "", {"a": ("5 B",)}), width=WIDTHS[-1]))
        == []
    )


@pytest.mark.parametrize(
    ("axis", "told"),
    [
        (Axis("", 0, 100 << 20, BYTES), ["0 B", "32 MiB", "64 MiB", "96 MiB"]),
        (Axis("", 0, 3), ["0", "1", "2", "3"]),
        (Axis("", -7, 1203), ["0", "500", "1,000"]),
        (Axis("", 0, 100, PERCENT), ["0 %", "25 %", "50 %", "75 %", "100 %"]),
        (Axis("", 0, 0.021, SECONDS), ["0", "10 ms", "20 ms"]),
        (Axis("", 30, 600, log=True), ["50", "100", "200", "500"]),
        (Axis("", 5, 10**6, log=True), ["10", "100", "1,000", "10,000", "100,000", "1,000,000"]),
        (Axis("", 100, 10_000, BYTES, log=True), ["256 B", "1 KiB", "4 KiB"]),
    ],
)
def test_rulers_are_few_and_round(axis, told):
    assert [written(value, axis.unit) for value in rounds(axis)] == told


def test_scale_lays_equal_ratios_at_equal_distances_where_it_is_logarithmic():
    assert Scale(Axis("", 1, 100, log=True), 0, 200)(np.array([1, 10, 100, 0])).tolist() == [0, 100, 200, 0]
    assert Scale(Axis("", 0, 10), 100, 0)(5) == 50
