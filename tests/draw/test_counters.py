"""The counters' picture holds the lines of the view, stands still while one steps, and shows what Go recorded."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.draw.counters import (
    ALL,
    GO_AT,
    LEFT,
    LEFT_AT,
    MODEL_AT,
    NAMES_AT,
    RIGHT,
    RIM,
    TICK_ROW,
    Frame,
    counters_scene,
    ticks,
)
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.truth.check import history_of
from arenalab.truth.counter_series import recorded_counters
from arenalab.truth.recording import load_recording
from arenalab.view.counter_lines import Recorded, amount
from arenalab.view.counter_series import CounterSeries
from arenalab.view.counters import GROUP_NAMES, counters
from arenalab.world import ops
from tests.programs import RECORDINGS
from tests.strategies import GC_OFF, programs

EVIL = type_of('struct{ p *int "<script>window.pwned=1</script>" }')


@pytest.fixture(scope="module")
def beside():
    """A recorded run: its series and what Go counted."""
    recording = load_recording(RECORDINGS / "chunks-1.jsonl")
    history = history_of(recording)
    found = recorded_counters(recording, history)
    return CounterSeries(history), Recorded(found.go, found.left, found.unseen, found.skipped)


def words(scene):
    return re.findall(r"<text [^>]*>([^<]*)</text>", "".join(scene.shapes))


@given(programs(max_ops=10), st.data(), st.sampled_from(GROUP_NAMES))
def test_lines_of_the_view_are_drawn_where_they_belong(program, data, group):
    history = Machine(GC_OFF).run(program)
    view = counters(CounterSeries(history), data.draw(st.integers(0, len(history))), group=group)
    scene = counters_scene(view)
    drawn = re.findall(r'<polyline points="([^"]*)"', "".join(scene.shapes))
    assert len(drawn) >= sum(len(panel.every()) for panel in view.panels)
    for points in drawn:
        places = [tuple(map(float, point.split(","))) for point in points.split()]
        assert all(x >= LEFT - 0.01 and 0 <= y <= scene.height for x, y in places)
        assert places == sorted(places, key=lambda place: place[0])


GROWING = [
    ops.NewArena(0),
    *[ops.New(0, type_of("[524288]byte"))] * 20,
    ops.Free(0),
    ops.NewArena(1),
    ops.RunGC(),
]


@pytest.mark.parametrize("group", GROUP_NAMES)
def test_dot_of_each_line_stands_on_it(group):
    history = Machine(GC_OFF).run(GROWING)
    series, found = CounterSeries(history), 0
    for op in range(len(GROWING)):
        view = counters(series, history.op_end(op), group=group, op=op)
        each, shapes = ALL / len(view.panels), "".join(counters_scene(view).shapes)
        dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="3.50" class="f-(series_\d)', shapes)
        lines = re.findall(r'<polyline points="([^"]*)" class="e-(series_\d)"', shapes)
        for x, y, look in ((float(x), float(y), look) for x, y, look in dots):
            found += 1
            panel = int(y // each)
            places = [
                [tuple(map(float, point.split(","))) for point in points.split()]
                for points, meaning in lines
                if meaning == look and int(float(points.partition(",")[2].partition(" ")[0]) // each) == panel
            ]
            assert any(
                left - 0.02 <= x <= right + 0.02 and min(a, b) - 0.02 <= y <= max(a, b) + 0.02
                for line in places
                for (left, a), (right, b) in pairwise(line)
            )
    assert found


def test_each_value_stands_in_its_column():
    history = Machine(GC_OFF).run(GROWING)
    done = np.arange(len(GROWING) + 1)
    recorded = Recorded({"heap_in_use": done * 1_000_003}, {"heap_in_use": done * 17}, {}, {})
    view = counters(CounterSeries(history), history.op_end(4), recorded=recorded)
    shapes = "".join(counters_scene(view).shapes)
    rows = {}
    for x, y, word in re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>', shapes):
        rows.setdefault(y, {})[float(x)] = word
    told = [[row.get(float(x)) for x in (NAMES_AT + 28, MODEL_AT, GO_AT, LEFT_AT)] for row in rows.values()]
    lines = [(line, panel.unit) for panel in view.panels for line in panel.every()]
    assert any(line.beside for line, _ in lines)
    for line, unit in lines:
        values = [line.now, *([line.beside.go_now, line.beside.left_now] if line.beside else ())]
        assert [line.name, *(amount(value, unit) for value in values), *[None] * (3 - len(values))] in told


def test_height_stands_still_while_one_steps():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, EVIL), ops.Free(0), ops.RunGC()])
    series = CounterSeries(history)
    heights = {
        counters_scene(counters(series, at, group=g)).height
        for at in range(len(history))
        for g in GROUP_NAMES
    }
    assert len(heights) == 1


@pytest.mark.parametrize("group", ["heap", "collector", "allocated"])
def test_flat_line_of_what_is_left_over_stands_below_each_plot(beside, group):
    series, recorded = beside
    view = counters(series, 500, group=group, recorded=recorded)
    scene = counters_scene(view)
    assert words(scene).count("left over of model − Go") == len(view.panels)
    flat = [
        points
        for points in re.findall(r'<polyline points="([^"]*)"', "".join(scene.shapes))
        if len({point.split(",")[1] for point in points.split()}) == 1 and points.count(" ") == 1
    ]
    compared = sum(bool(line.beside and line.beside.left) for panel in view.panels for line in panel.every())
    assert len([points for points in flat if points.startswith(f"{LEFT}.00,")]) >= compared


def test_planted_difference_bends_the_line(beside):
    series, recorded = beside
    left = recorded.left["total_alloc"].copy()
    left[40:] = 4096
    wrong = Recorded(recorded.go, {**recorded.left, "total_alloc": left}, recorded.unseen, recorded.skipped)
    scene = counters_scene(counters(series, len(series.history), group="allocated", recorded=wrong))
    assert "±4 KiB" in words(scene)
    assert words(scene).count("4 KiB") == 1


def test_what_was_not_compared_is_said(beside):
    series, recorded = beside
    scene = counters_scene(counters(series, 500, group="mapped", recorded=recorded))
    assert words(scene).count("not compared: real Go does not repeat these either") == 2
    assert any("page heap (not reproducible)" in text for text in words(scene))
    assert words(scene).count("–") == 5


@given(programs(max_ops=10), st.data(), st.sampled_from(GROUP_NAMES))
def test_window_fills_the_plots_and_nothing_lies_outside(program, data, group):
    history = Machine(GC_OFF).run([ops.NewArena(90), *[ops.New(90, EVIL)] * 30, *program])
    series, at = CounterSeries(history), data.draw(st.integers(0, len(history)))
    first = data.draw(st.integers(0, len(history.ops) - 10))
    scene = counters_scene(counters(series, at, group=group, window=(first, first + 10)))
    for points in re.findall(r'<polyline points="([^"]*)"', "".join(scene.shapes)):
        places = [tuple(map(float, point.split(","))) for point in points.split()]
        if places[0][0] < RIGHT:  # the samples beside the plots are lines as well
            assert (places[0][0], places[-1][0]) == (LEFT, RIGHT)
            assert places == sorted(places, key=lambda place: place[0])
    areas = re.findall(r'<polygon points="([^"]*)" class="f-free', "".join(scene.shapes))
    edges = [float(point.split(",")[0]) for area in areas for point in area.split()]
    assert (min(edges), max(edges)) == (LEFT, RIGHT)


def long_run():
    return Machine(GC_OFF).run([ops.NewArena(0), *[ops.New(0, EVIL)] * 1_202])


def test_pane_covers_all_plots_and_tells_the_window():
    history = long_run()
    view = counters(CounterSeries(history), history.op_end(450), window=(400, 520))
    pane = counters_scene(view).shapes[0]  # at the very bottom, so that one can point at what is upon it
    assert f'x="{LEFT}.00" y="{RIM}.00" width="{RIGHT - LEFT}.00" height="{ALL + TICK_ROW - RIM}.00"' in pane
    assert 'data-pane="axis" data-part="400 520" data-whole="1203" data-fixed="451.0"' in pane
    assert 'data-said="heap, operations 400 to 520 of 1,203"' in pane


def test_ticks_and_words_are_those_of_the_window():
    history = long_run()
    series = CounterSeries(history)
    told = words(counters_scene(counters(series, history.op_end(450), window=(400, 520))))
    assert {"400", "450", "500", "operations 400 to 520 of 1,203"} <= set(told)
    assert not {"0", "1,000"} & set(told[told.index("450") :])
    assert not any("operations 0 to" in text for text in words(counters_scene(counters(series, 9))))


@pytest.mark.parametrize(("cursor", "said"), [(99, "operation 100"), (900, "operation 901")])
def test_cursor_beyond_the_window_is_pointed_to(cursor, said):
    history = long_run()
    series = CounterSeries(history)
    scene = counters_scene(counters(series, history.op_end(cursor), window=(400, 520)))
    [line] = [shape for shape in scene.shapes if 'class="l-now"' in shape]
    x1, x2 = (float(x) for x in re.findall(r'x[12]="([^"]*)"', line))
    assert (x2, x2 < x1) == ((LEFT, True) if cursor < 400 else (RIGHT, False))
    assert f"the cursor is at {said}" in words(scene)
    assert "▲" not in words(scene)
    assert not any("<circle" in shape for shape in scene.shapes)
    inside = counters_scene(counters(series, history.op_end(450), window=(400, 520)))
    assert "▲" in words(inside)
    assert sum("<circle" in shape for shape in inside.shapes) == 5


def test_run_without_operations_has_no_pane():
    scene = counters_scene(counters(CounterSeries(Machine(GC_OFF).history), 0))
    assert not any("data-pane" in shape for shape in scene.shapes)


def test_hover_tells_the_values_at_that_place():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, EVIL), ops.Drop(0)])
    shapes = "".join(counters_scene(counters(CounterSeries(history), 0)).shapes)
    assert "after operation 2\nheapLive 8.016 MiB\nheapInUse 8 MiB\ninHeap 8 MiB" in shapes


def test_hostile_type_stays_out_of_the_shapes():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, EVIL)])
    assert "<script" not in "".join(counters_scene(counters(CounterSeries(history), 2)).shapes)


@given(st.integers(-(2**45), 0), st.integers(1, 2**45), st.booleans())
def test_ticks_are_few_and_round_and_hold_zero(low, high, in_bytes):
    found = ticks(low, high, in_bytes=in_bytes)
    assert 0 in found
    assert 1 <= len(found) <= 6
    assert all(low <= value <= high for value in found)


def test_frame_puts_the_ends_of_the_axis_at_the_edges():
    frame = Frame(0, 100, 0, 10, 0, 50)
    assert (frame.x(0), frame.x(50), frame.y(0), frame.y(10)) == (LEFT, RIGHT, 100, 0)
