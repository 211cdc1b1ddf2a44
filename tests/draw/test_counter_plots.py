"""The counters' plots hold the lines of the view, do not depend on the cursor, and show what Go recorded."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.draw.counter_plots import counters_now, counters_plots
from arenalab.draw.plots_state import chart_state
from arenalab.draw.plots_still import plots_scene
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.truth.check import history_of
from arenalab.truth.counter_series import recorded_counters
from arenalab.truth.recording import load_recording
from arenalab.view.counter_lines import Recorded, amount
from arenalab.view.counter_series import CounterSeries
from arenalab.view.counters import GROUP_NAMES, counters
from arenalab.world import ops
from tests.draw.fits import faults
from tests.programs import RECORDINGS
from tests.strategies import GC_OFF, programs

EVIL = type_of('struct{ p *int "<script>window.pwned=1</script>" }')
GROWING = [
    ops.NewArena(0),
    *[ops.New(0, type_of("[524288]byte"))] * 20,
    ops.Free(0),
    ops.NewArena(1),
    ops.RunGC(),
]


@pytest.fixture(scope="module")
def beside():
    """A recorded run: its series and what Go counted."""
    recording = load_recording(RECORDINGS / "chunks-1.jsonl")
    history = history_of(recording)
    found = recorded_counters(recording, history)
    return CounterSeries(history), Recorded(found.go, found.left, found.unseen, found.skipped)


@given(programs(max_ops=10), st.data(), st.sampled_from(GROUP_NAMES))
def test_lines_are_the_views_and_their_ids_are_unique(program, data, group):
    history = Machine(GC_OFF).run(program)
    view = counters(CounterSeries(history), data.draw(st.integers(0, len(history))), group=group)
    every = counters_plots(view).every()
    ids = [line.id for plot in every for line in plot.lines]
    assert len(set(ids)) == len(ids)
    for panel, plot in zip(view.panels, every, strict=True):
        drawn = {line.name: line for line in plot.lines}
        for line in panel.every():
            assert np.array_equal(drawn[line.name].x, line.drawn.x)
            assert np.array_equal(drawn[line.name].y, line.drawn.y)
            assert plot.upward.low <= line.drawn.y.min(initial=0)
            assert plot.upward.high >= line.drawn.y.max(initial=0)
        assert plot.upward.low <= 0 <= plot.upward.high


@pytest.mark.parametrize("group", GROUP_NAMES)
def test_cursor_changes_values_alone(group):
    history = Machine(GC_OFF).run(GROWING)
    series, told = CounterSeries(history), set()
    first = chart_state(counters_plots(counters(series, 0, group=group)))
    for op in (3, 21, 24):
        view = counters(series, history.op_end(op), group=group, op=op - 1)
        assert chart_state(counters_plots(view))["columns"] == first["columns"]
        now = counters_now(view).data()
        assert (now["at"], now["said"]) == (op, f"operation {op}")
        assert set(now["values"]) == {line["id"] for legend in first["legend"] for line in legend["lines"]}
        told.add(str(now["values"]))
    assert len(told) > 1


def test_values_stand_in_the_order_of_the_heads():
    history = Machine(GC_OFF).run(GROWING)
    done = np.arange(len(GROWING) + 1)
    recorded = Recorded({"heap_in_use": done * 1_000_003}, {"heap_in_use": done * 17}, {}, {})
    view = counters(CounterSeries(history), history.op_end(5), recorded=recorded)
    assert counters_plots(view).every()[0].heads == ("model", "Go", "left over")
    values = counters_now(view).values
    line = view.panels[0].lines[1]
    assert line.key == "heap_in_use"
    assert values["0 heap_in_use"] == tuple(amount(it, "bytes") for it in (line.now, 5 * 1_000_003, 5 * 17))
    assert values["0 heap_live"] == (amount(view.panels[0].lines[0].now, "bytes"), "", "")


@given(programs(max_ops=10), st.data(), st.sampled_from(GROUP_NAMES))
def test_where_one_points_the_counters_are_those_of_that_moment(program, data, group):
    history = Machine(GC_OFF).run(program)
    view = counters(CounterSeries(history), len(history), group=group)
    for panel, plot in zip(view.panels, counters_plots(view).every(), strict=True):
        x, tips = plot.probe
        at = data.draw(st.integers(0, len(x) - 1))
        assert (tips[0].label, tips[0].column[at]) == ("after operation", x[at])
        counted = history.at(history.op_end(int(x[at])) if x[at] else 0).counted()
        for line, tip in zip(panel.lines, tips[-len(panel.every()) :], strict=False):
            assert tip.label == line.name
            assert tip.column[at] == counted.get(line.key, tip.column[at])


@pytest.mark.parametrize("group", ["heap", "collector", "allocated"])
def test_flat_strip_of_what_is_left_over_stands_below_each_plot(beside, group):
    series, recorded = beside
    view = counters(series, 500, group=group, recorded=recorded)
    every = counters_plots(view).every()
    strips = [plot for plot in every if plot.strip]
    assert [plot.strip for plot in every] == [False, True] * len(view.panels)
    assert {plot.title for plot in strips} == {"left over of model − Go"}
    assert all(not np.any(line.y) for plot in strips for line in plot.lines)
    compared = sum(bool(line.beside and line.beside.left) for panel in view.panels for line in panel.every())
    assert sum(len(plot.lines) for plot in strips) == compared > 0
    shown = {line.id for plot in every for line in plot.legend()}
    assert {line.of for plot in strips for line in plot.lines} <= shown  # each is hidden with its counter


def test_planted_difference_bends_the_strip(beside):
    series, recorded = beside
    left = recorded.left["total_alloc"].copy()
    left[40:] = 4096
    wrong = Recorded(recorded.go, {**recorded.left, "total_alloc": left}, recorded.unseen, recorded.skipped)
    view = counters(series, len(series.history), group="allocated", recorded=wrong)
    bent = [
        plot
        for plot in counters_plots(view).every()
        if any(np.any(line.y) for line in plot.lines if plot.strip)
    ]
    assert [(plot.upward.low, plot.upward.high) for plot in bent] == [(-4096, 4096)]


def test_what_was_not_compared_is_said(beside):
    series, recorded = beside
    plots = counters_plots(counters(series, 500, group="mapped", recorded=recorded))
    strips = [plot for plot in plots.every() if plot.strip]
    assert [plot.title for plot in strips] == ["not compared: real Go does not repeat these either"] * 2
    assert any("page heap (not reproducible)" in line for line in plots.told)


@pytest.mark.parametrize("group", GROUP_NAMES)
def test_no_picture_is_higher_than_a_page_and_each_still_can_be_read(beside, group):
    series, recorded = beside
    for view in (counters(series, 300, group=group, recorded=recorded), counters(series, 300, group=group)):
        assert faults(plots_scene(counters_plots(view), counters_now(view))) == []


def test_hostile_type_is_nowhere_in_the_document():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, EVIL)])
    assert "<script" not in str(chart_state(counters_plots(counters(CounterSeries(history), 2))))


def test_run_without_operations_has_a_picture():
    plots = counters_plots(counters(CounterSeries(Machine(GC_OFF).history), 0))
    assert chart_state(plots)["whole"] == [0, 1]
    assert faults(plots_scene(plots)) == []
