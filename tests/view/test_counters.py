"""The counters' lines are the worlds' counters at every moment, thinned without losing a spike; sums are looked at."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import ScenarioError
from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload
from arenalab.syntax import type_of
from arenalab.view import counter_series
from arenalab.view.address_space import address_space
from arenalab.view.chunk_events import ChunkEvents
from arenalab.view.counter_groups import COMMITTED, GROUPS, HEAP, LARGE, MAPPED, PAGES
from arenalab.view.counter_lines import Recorded
from arenalab.view.counter_series import MOST_POINTS, NAMES, CounterSeries, Steps, part_line, step_line
from arenalab.view.counters import AXES, EVENT, OPERATION, counters
from arenalab.world import ops
from arenalab.world.chunk_events import ChunkMapped
from arenalab.world.events import BitmapWordWritten, SmallObjectMade
from arenalab.world.tables import GC_OFF as OFF
from tests.strategies import GC_OFF, programs

POINTER, OVER = type_of("*int"), type_of("[2097153]byte")
QUARTER = type_of("[262144]*int")
ALWAYS = (LARGE, PAGES, MAPPED, HEAP)


def run(program, *, rules=GC_OFF, in_bulk=False):
    machine = Machine(rules, in_bulk=in_bulk)
    for op in program:
        with suppress(ScenarioError):  # where a cycle started by itself, the program's own may come amiss
            machine.do(op)
    return machine.history


@given(programs(), st.booleans(), st.booleans())
def test_series_is_the_worlds_counters_after_every_event(program, in_bulk, paced):
    history = run(program, rules=GO_1_21 if paced else GC_OFF, in_bulk=in_bulk)
    series, moments = CounterSeries(history), np.arange(len(history) + 1)
    lines = {name: series.value(name, moments) for name in NAMES}
    for at in range(0, len(history) + 1, 1 + len(history) // 60):
        assert {name: int(line[at]) for name, line in lines.items()} == history.at(at).counted()


@given(programs(max_ops=12), st.data())
def test_series_follows_a_history_that_grows(program, data):
    machine = Machine(GC_OFF)
    cut = data.draw(st.integers(0, len(program)))
    machine.run(program[:cut])
    series = CounterSeries(machine.history)
    machine.run(program[cut:])
    series.refresh()
    fresh = CounterSeries(machine.history)
    assert np.array_equal(series.at, fresh.at)
    assert all(np.array_equal(series.column(name), fresh.column(name)) for name in NAMES)


def test_growing_reads_only_what_is_new(monkeypatch):
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.Rep(0, POINTER, 50)])
    series, read = CounterSeries(machine.history), []
    of = counter_series.changes_of
    monkeypatch.setattr(
        counter_series,
        "changes_of",
        lambda its, name, first, now: (read.append(first), of(its, name, first, now))[1],
    )
    counters(series, len(machine.history))
    assert read == []
    before = len(machine.history)
    machine.do(ops.Drop(0))
    counters(series, len(machine.history))
    assert set(read) == {before}


@given(programs(), st.booleans(), st.sampled_from(["plain", "race", "asan"]))
def test_what_is_stacked_adds_up_after_every_operation(program, paced, mode):
    history = run(program, rules=replace(GO_1_21 if paced else GC_OFF, build_mode=mode))
    series = CounterSeries(history)
    for number, end in enumerate(series.op_ends()):
        now = history.at(int(end))
        c, chunk = now.counters, history.rules.chunk.stride
        assert c.heap_in_use + c.large_free == c.large_alloc
        assert c.heap_in_use + len(now.quarantine) * chunk == c.pages_in_use * history.rules.page_size
        metadata = len(now.heap_arenas) * history.rules.heap_arena_meta_bytes
        assert c.committed + metadata == c.mapped_ready, number
        assert c.heap_in_use == c.in_heap
    assert [identity.broken(series) for identity in ALWAYS] == [-1] * 4


@given(programs())
def test_large_spans_add_up_after_every_single_event(program):
    series = CounterSeries(run(program))
    sums = series.column("heap_in_use") + series.column("large_free")
    assert np.array_equal(sums, series.column("large_alloc"))


@given(programs(max_ops=15), st.booleans())
def test_handing_scan_alloc_over_keeps_the_sum_of_the_stack(program, in_bulk):
    history = run(program, in_bulk=in_bulk)
    series = CounterSeries(history)
    sums = series.value("heap_scan", np.arange(len(history) + 1)) + series.value(
        "scan_alloc", np.arange(len(history) + 1)
    )
    for number, event in enumerate(history.events):
        if isinstance(event, SmallObjectMade) and history.at(number).gc.phase == OFF:
            assert sums[number + 1] - sums[number] == event.scan_bytes


def test_identity_that_fails_is_not_stacked_and_says_where(monkeypatch):
    monkeypatch.setitem(
        GROUPS, "heap", (replace(GROUPS["heap"][1], identity=COMMITTED, names=COMMITTED.parts),)
    )
    history = run([ops.NewArena(0), ops.New(0, POINTER), ops.New(0, OVER)])
    panel = counters(CounterSeries(history), len(history)).panels[0]
    assert not panel.stacked
    assert "not so here, first after operation 3: the page heap behind other large objects" in panel.words
    sound = run([ops.NewArena(0), ops.New(0, POINTER)])
    assert counters(CounterSeries(sound), 0).panels[0].stacked


@given(programs(max_ops=15), st.data(), st.sampled_from(list(GROUPS)), st.sampled_from(AXES))
def test_lines_hold_the_counters_at_the_moments_of_their_axis(program, data, group, against):
    history = run(program)
    at = data.draw(st.integers(0, len(history)))
    view = counters(CounterSeries(history), at, group=group, against=against)
    world = history.at(at)
    ends = [0, *(history.op_end(number + 1) for number in range(len(history.ops)))]
    moments = ends if against == OPERATION else range(len(history) + 1)
    assert view.end == len(moments) - 1
    for panel in view.panels:
        for line in panel.lines:
            if line.key in NAMES:
                assert line.now == world.counted()[line.key]
            if not panel.stacked and line.key in NAMES and len(line.drawn) < MOST_POINTS // 2:
                for x in range(0, len(moments), 1 + len(moments) // 25):
                    there = np.flatnonzero(line.drawn.x <= x)[-1]
                    assert line.drawn.y[there] == history.at(moments[x]).counted()[line.key]
            assert (line.drawn.x[-1], panel.low <= line.drawn.y.min(), line.drawn.y.max() <= panel.high) == (
                *(view.end, True),
                True,
            )


@given(programs(max_ops=15), st.data())
def test_top_of_a_stack_is_its_total(program, data):
    history = run(program)
    view = counters(CounterSeries(history), data.draw(st.integers(0, len(history))), group="allocated")
    stack = view.panels[0]
    assert stack.stacked
    assert stack.lines[-1].drawn == stack.total.drawn
    assert sum(line.now for line in stack.lines) == stack.total.now


@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(-(2**40), 2**40)), min_size=1, max_size=6_000),
    st.integers(0, 10_000),
)
def test_thinned_line_is_short_and_loses_no_spike(steps, beyond):
    x, y = (
        np.array(column, dtype=np.int64) for column in zip(*sorted(steps, key=lambda s: s[0]), strict=True)
    )
    line = step_line(x, y, int(x[-1]) + beyond)
    last = np.append(np.diff(x) > 0, True)  # of equal x the last counts
    assert len(line) <= MOST_POINTS + 5
    assert (line.y.max(), line.y.min()) == (y[last].max(), y[last].min())
    assert (line.x[0], line.x[-1], line.y[-1]) == (x[0], x[-1] + beyond, y[-1])
    assert (np.diff(line.x) >= 0).all()


def test_one_spike_among_300_000_values_is_drawn_where_it_is():
    x, y = np.arange(300_000), np.tile([0, 1, 2], 100_000)
    y[77_777] = 10**6
    line = step_line(x, y, 300_000)
    assert len(line) <= MOST_POINTS
    assert line.x[line.y.argmax()] == 77_777
    assert line.y.max() == 10**6


def held(points, moments):
    """Return the values of a line at some moments."""
    return points.y[np.searchsorted(points.x, moments, side="right") - 1]


def agrees(cut, steps, part):
    """Return whether a part that `cut` makes has the whole line's values at every moment inside, and no more."""
    seen, moments = cut(steps.x, steps.y, part), np.arange(part[0], part[1] + 1)
    edges = len(seen) > 0 and (seen.x[0], seen.x[-1]) == part
    return edges and np.array_equal(held(seen, moments), held(steps.whole, moments))


@st.composite
def parts(draw, end):
    first = draw(st.integers(0, end - 1))
    return first, draw(st.integers(first + 1, end))


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(-9, 9)), max_size=MOST_POINTS // 2 - 1), st.data())
def test_part_of_a_line_has_its_values_at_every_moment_inside(steps, data):
    x, y = np.array(sorted([(0, 5), *steps], key=lambda step: step[0]), dtype=np.int64).T
    end = int(x[-1]) + data.draw(st.integers(1, 50))
    part = data.draw(parts(end))
    assert agrees(part_line, Steps(x, y, end), part)


def too_late(x, y, part):
    left, right = np.searchsorted(x, part, side="right")
    return step_line(np.maximum(x[left:right], part[0]), y[left:right], part[1])


def too_short(x, y, part):
    left, right = np.searchsorted(x, part, side="left")
    return step_line(np.maximum(x[max(0, left - 1) : right], part[0]), y[max(0, left - 1) : right], part[1])


def shifted(x, y, part):
    return part_line(x + 1, y, part)


@pytest.mark.parametrize("wrong", [too_late, too_short, shifted])
def test_part_that_is_off_by_one_is_caught(wrong):
    steps = Steps(np.arange(0, 60, 2), np.arange(30) % 7, 60)
    every = [(first, last) for first in range(60) for last in range(first + 1, 61)]
    assert all(agrees(part_line, steps, part) for part in every)
    assert not all(agrees(wrong, steps, part) for part in every)


def test_part_of_a_long_line_keeps_every_spike_and_a_narrow_one_every_value():
    x, y = np.arange(300_000), np.tile([0, 1, 2], 100_000)
    y[[77_777, 80_000]] = 10**6, 10**5
    wide, narrow = (part_line(x, y, part) for part in ((70_000, 150_000), (79_900, 80_100)))
    assert len(wide) <= MOST_POINTS
    assert wide.x[wide.y.argmax()] == 77_777
    assert 10**5 in wide.y
    assert np.array_equal(held(narrow, np.arange(79_900, 80_101)), y[79_900:80_101])


@pytest.mark.parametrize("against", AXES)
def test_window_has_every_value_of_a_part_of_lines_that_are_thinned(against, monkeypatch):
    monkeypatch.setattr(counter_series, "MOST_POINTS", 40)
    monkeypatch.setattr(counter_series, "STRETCHES", 8)
    history = run([ops.NewArena(0), *[ops.New(0, POINTER), ops.New(0, POINTER), ops.RunGC()] * 60])
    series, at = CounterSeries(history), len(history) // 2
    whole = counters(series, at, group="collector", against=against)
    window = (whole.end // 2, whole.end // 2 + 9)
    view = counters(series, at, group="collector", against=against, window=window)
    assert (view.thinned, view.window, whole.window) == (True, window, (0, whole.end))
    assert view.text() == whole.text()
    finer = 0
    for panel, there in zip(view.panels, whole.panels, strict=True):
        assert (panel.low, panel.high, panel.words) == (there.low, there.high, there.words)
        for line, all_of_it in zip(panel.lines, there.lines, strict=True):
            assert (line.drawn.x[0], line.drawn.x[-1]) == (0, view.end)
            finer += len(line.drawn) > len(all_of_it.drawn)
            if not panel.stacked:
                moments = np.arange(window[0], window[1] + 1)
                events = series.op_ends()[moments] if against == OPERATION else moments
                assert np.array_equal(held(line.drawn, moments), series.value(line.key, events))
    assert finer


def test_window_beyond_the_run_is_cut():
    history = run([ops.NewArena(0), ops.New(0, POINTER)])
    view = counters(CounterSeries(history), 1, window=(-3, 99))
    assert view.window == (0, 2)
    assert view.panels[0].lines[0].drawn.x[-1] == 2


def test_where_one_points_every_line_is_told_at_the_corners_of_all():
    history = run([ops.NewArena(0), *[ops.New(0, QUARTER)] * 60])
    view = counters(CounterSeries(history), 0)
    probe = view.panels[0].probe
    assert set(probe.x) == {x for line in view.panels[0].every() for x in line.drawn.x}
    for at, x in enumerate(probe.x.tolist()):
        counted = history.at(history.op_end(x) if x else 0).counted()
        for line, values in zip(view.panels[0].lines, probe.values, strict=True):
            assert values[at] == counted[line.key]


@pytest.mark.parametrize("against", AXES)
def test_gos_value_and_the_difference_are_those_of_the_operation_that_is_done(against):
    history = run([ops.NewArena(0), *[ops.New(0, POINTER)] * 5, ops.Free(0)])
    done = np.arange(len(history.ops) + 1)
    go, left, unseen = ({"heap_in_use": done * step} for step in (1_000, 10, 1))
    series, recorded = CounterSeries(history), Recorded(go, left, unseen, {})
    for at in range(len(history) + 1):
        finished = sum(history.op_end(op + 1) <= at for op in range(len(history.ops)))
        panels = counters(series, at, against=against, recorded=recorded).panels
        beside = next(line.beside for panel in panels for line in panel.every() if line.beside)
        assert (beside.go_now, beside.left_now, beside.unseen) == (finished * 1_000, finished * 10, finished)
        model = history.after_op(finished).counters if finished else history.at(0).counters
        assert beside.apart == model.heap_in_use - finished * 1_000


@pytest.mark.parametrize("sign", [-1, 1])
def test_scale_of_what_is_left_holds_differences_both_ways(sign):
    history = run([ops.NewArena(0), ops.New(0, POINTER), ops.Free(0)])
    column = {"heap_in_use": sign * np.array([0, 3, -1, 2])}
    view = counters(CounterSeries(history), 0, recorded=Recorded(column, column, {}, {}))
    assert max(panel.far() for panel in view.panels) == 3


def test_every_counter_stands_in_a_group():
    named = {name for plots in GROUPS.values() for plot in plots for name in plot.names}
    totals = {plot.identity.total for plots in GROUPS.values() for plot in plots if plot.identity}
    assert set(NAMES) <= named | totals


def test_scale_stands_still_while_one_steps():
    history = run([ops.NewArena(0), *[ops.New(0, QUARTER)] * 9, ops.Free(0), ops.RunGC()])
    series = CounterSeries(history)
    for group in GROUPS:
        views = [counters(series, at, group=group) for at in range(0, len(history), 71)]
        assert len({tuple((p.low, p.high, p.stacked) for p in view.panels) for view in views}) == 1


def test_operation_without_events_stands_where_it_is_done():
    history = run([ops.NewArena(0), ops.Snapshot(), ops.Snapshot(), ops.New(0, POINTER)])
    series, inside = CounterSeries(history), history.op_end(1)
    assert counters(series, inside, op=2).at == 3
    assert counters(series, inside + 1).at == 3.5
    assert counters(series, 0).at == 0
    assert counters(series, len(history)).at == 4
    assert counters(series, 3, against=EVENT).at == 3


def test_every_recorded_moment_can_be_told(made_history):
    series = CounterSeries(made_history)
    for group in GROUPS:
        for at in (0, len(made_history) // 2, len(made_history)):
            assert counters(series, at, group=group).text().startswith("operation")


def test_bulk_replay_of_many_operations_is_read_by_its_few_events():
    history = replay(workload("mixed", 20_000))
    view = counters(CounterSeries(history), len(history), group="allocated")
    assert view.end == len(history.ops)
    assert view.panels[0].total.now == history.world.counters.large_alloc


def test_resident_is_what_the_address_space_says():
    program = [
        ops.NewArena(0),
        *[ops.New(0, QUARTER)] * 9,
        ops.Free(0),
        ops.RunGC(),
        ops.NewArena(1),
        ops.New(1, OVER),
    ]
    history = run(program)
    series, events = CounterSeries(history), ChunkEvents(history)
    kinds = [None, *map(type, history.events)]  # of the event before each moment
    for at, kind in enumerate(kinds):
        inside = (
            kind is BitmapWordWritten is kinds[at - 1] and at % 997
        )  # one of thousands of words of one value
        zeroing = kind is ChunkMapped  # being obtained: mapped, not zeroed yet
        if not zeroing and not inside:
            assert series.value("resident", np.array([at]))[0] == address_space(events, at).totals.resident
    grown = Machine(start=history.at(len(history)))
    assert CounterSeries(grown.history).column("resident")[-1] == series.column("resident")[-1] > 0


@pytest.mark.parametrize("first", [0, 1_234, 8_900])
def test_a_thinned_line_is_whole_in_a_part_and_as_ever_outside(first):
    y, part = np.random.default_rng(first).integers(-50, 50, 9_000), (first, first + 100)
    steps = Steps(np.arange(9_000), y, 9_000)
    near = steps.near(part)
    assert steps.thinned
    for at in range(part[0], part[1]):
        assert near.y[np.flatnonzero(near.x <= at)[-1]] == y[at]
    for outside in (near.x < part[0], near.x > part[1]):
        assert np.isin(near.x[outside], steps.whole.x).all()
    assert (near.y.min(), near.y.max()) == (y.min(), y.max())
    assert not Steps(np.arange(100), y[:100], 100).thinned
