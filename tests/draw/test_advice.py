"""The advice explorer's figures: markers and looks by sort, one source for both scatters, no markup of the trace."""

import re
from dataclasses import replace

import numpy as np
import pytest

from arenalab.draw.advice_plots import LOOKS, MOST, advice_plots, drawn_scopes
from arenalab.draw.advice_still import advice_scene, advice_still
from arenalab.draw.plots_state import chart_state
from arenalab.draw.theme import EVERY_LOOK
from arenalab.explore import Advice
from arenalab.view.scope_points import SORTS
from tests.draw.test_plots import objects
from tests.draw.test_theme import BOTH, SEEN_BY, distance
from tests.recorded import ORDERS, evil_run, run_of


@pytest.fixture(scope="module")
def view():
    return Advice(run_of(ORDERS)).view()


@BOTH
@pytest.mark.parametrize("eyes", SEEN_BY)
def test_sorts_differ_to_all_eyes_besides_their_markers(eyes, paper):
    fills = [EVERY_LOOK[look].on(paper).fill for look, _ in LOOKS]
    assert (
        min(distance(one, other, eyes) for one, other in zip(fills, fills[1:] + fills[:1], strict=True)) >= 10
    )


def test_of_very_many_scopes_the_largest_and_evenly_chosen_ones_are_drawn(view):
    count = 40_000
    columns = {name: np.resize(column, count) for name, column in view.points.columns().items()}
    columns["bytes"] = np.arange(count)
    rows = drawn_scopes(replace(view.points, **columns))
    assert len(rows) <= MOST
    assert set(range(count - MOST // 10, count)) <= set(rows.tolist())
    assert max(np.diff(rows)) <= 2 * count // (MOST - 2 * (MOST // 10))
    plots = advice_plots(replace(view, points=replace(view.points, **columns)))
    assert "are not drawn" in plots.every()[-1].title


def test_still_is_safe_and_can_be_read():
    view = Advice(evil_run()).view()
    for paper in ("light", "dark"):
        still = advice_still(view, view.text(), paper)
        assert "<script" not in still
        assert "&lt;script&gt;" in still
        assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', still)) >= 11
    assert still.png().startswith(b"\x89PNG")


def test_no_word_of_the_trace_is_markup_or_template_in_the_document():
    state = chart_state(advice_plots(Advice(evil_run()).view()))
    words = [it["attributes"].get("text") for it in objects(state["item"]) if it["name"] == "PlainText"]
    evil = [text for text in words if "script>window" in str(text)]
    assert str(state["item"]).count("script>window") == len(evil)
    assert any("script>window" in title for title in state["titles"])


def test_each_scope_is_a_point_of_its_sort_in_both_plots_and_a_selection_is_one(view):
    plots = advice_plots(replace(view, selected=(3, 7)))
    sizes, times, _ = plots.every()
    assert [line.marker for line in sizes.lines] == [marker for _, marker in LOOKS]
    assert sorted(np.concatenate([line.rows for line in sizes.lines]).tolist()) == list(
        range(len(view.points))
    )
    state = chart_state(plots)
    assert (state["selects"], state["selected"]) == ([line.id for line in sizes.lines], [3, 7])
    for sort, (one, other) in enumerate(zip(sizes.lines, times.lines, strict=True)):
        assert other.shares == other.of == one.id
        assert (view.points.sort[one.rows] == sort).all()
        columns = state["columns"][one.id]
        assert columns["row"] == one.rows.tolist()
        assert columns[f"y {other.id}"] == pytest.approx(
            (100 * view.points.escapes[one.rows] / np.maximum(view.points.objects[one.rows], 1)).tolist()
        )
    names = {line["name"] for legend in state["legend"] for line in legend["lines"]}
    assert names >= {SORTS[number] for number in set(view.points.sort.tolist())}
    assert len(names & set(SORTS)) == len(
        set(view.points.sort.tolist())
    )  # a legend names what is there alone


def test_a_scope_without_objects_lies_nowhere_on_a_logarithmic_scale(view):
    points = replace(view.points, objects=np.where(view.points.scope == 5, 0, view.points.objects))
    sizes, times, _ = advice_plots(replace(view, points=points)).every()
    [line] = [line for line in sizes.lines if 5 in line.rows]
    at = line.rows.tolist().index(5)
    assert (np.isnan(line.x[at]), np.isnan(line.y[at])) == (True, True)
    assert (sizes.across.log, sizes.upward.log, times.upward.log) == (True, True, False)


def test_a_selection_changes_data_and_titles_alone(view):
    whole, part = (chart_state(advice_plots(replace(view, selected=its))) for its in ((), (1, 2)))
    assert whole["key"] == part["key"]
    assert whole["titles"][-1] != part["titles"][-1]


def test_still_outlines_what_is_selected_and_draws_each_sort_its_own_way(view):
    outlined = "".join(advice_scene(replace(view, selected=tuple(range(len(view.points))))).shapes).count(
        "l-now"
    )
    assert outlined == 2 * len(view.points)
    assert "l-now" not in "".join(advice_scene(view).shapes)
