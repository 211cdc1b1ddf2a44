"""Go's own counters of a person's program, at the end of each cycle, beside the model's lines."""

from dataclasses import replace

import numpy as np
import pytest

from arenalab.draw.counter_plots import counters_plots
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view import reading
from arenalab.view.counter_series import CounterSeries
from arenalab.view.counters import AXES, NOT_RECORDED, OPERATION, counters
from arenalab.world import ops
from tests.strategies import GC_OFF

POINTER = type_of("*int")


class TestOfAPersonsProgram:
    """Go's own counters at the end of each cycle, beside the model's."""

    @pytest.fixture
    def history(self):
        made = Machine(replace(GC_OFF, heap_known=False))
        plain = type_of("[2097152]byte")
        made.run([ops.NewArena(0), ops.RunGC(), *[ops.New(0, plain)] * 5, ops.RunGC(), ops.New(0, POINTER)])
        ends = [number for number, op in enumerate(made.history.ops) if isinstance(op, ops.RunGC)]
        values = {"op": ends, "heapLive": [9_000_000, -1], "resident": [20_000_000, 30_000_000]}
        made.history.real = {name: np.array(column) for name, column in values.items()}
        return made.history

    def line(self, history, at, key, **how):
        view = counters(CounterSeries(history), at, group="process", **how)
        return view, next(line for panel in view.panels for line in panel.every() if line.key == key)

    @pytest.mark.parametrize("against", AXES)
    def test_value_is_that_of_the_latest_cycle(self, history, against):
        first, second = history.real["op"].tolist()
        for op, known in (
            (first - 1, None),
            (first, 20_000_000),
            (second - 1, 20_000_000),
            (second, 30_000_000),
        ):
            _, line = self.line(history, history.op_end(op + 1), "resident", against=against)
            assert line.beside.go_now == known
        view, line = self.line(history, len(history), "resident", against=against)
        places = (
            [first + 1, second + 1]
            if against == OPERATION
            else [history.op_end(first + 1), history.op_end(second + 1)]
        )
        assert (line.beside.marks.x.tolist(), line.beside.marks.y.tolist()) == (
            places,
            [20_000_000, 30_000_000],
        )
        assert (view.recorded, view.cycles) == (True, 2)

    def test_cycle_at_which_a_counter_was_not_recorded_has_no_mark(self, history):
        _, line = self.line(history, len(history), "heap_live")
        assert line.beside.marks.y.tolist() == [9_000_000]
        assert self.line(history, len(history), "mapped_ready")[1].beside is None

    def test_text_and_picture_say_which_is_which(self, history):
        view, _ = self.line(history, len(history), "resident")
        text, plots = view.text(), counters_plots(view)
        assert "resident 16,777,216, Go 30,000,000, not compared" in text
        assert "the model's are of arenas alone" in text
        assert "dotted, with dots: as real Go counted it at the end of each of 2 cycles" in plots.told
        lines = [line for plot in plots.every() for line in plot.lines]
        assert sum(len(line.x) for line in lines if line.marker) == 3
        assert all(line.of for line in lines if line.marker)
        assert not any(plot.strip for plot in plots.every())
        start = self.line(history, 0, "resident")[0].text()
        assert "resident 0, Go not looked at yet" in start

    def test_without_them_the_lines_are_said_not_to_be_recorded(self, history):
        history.real = {}
        view, line = self.line(history, len(history), "resident")
        assert line.beside is None
        assert not view.recorded
        assert NOT_RECORDED in view.text()
        assert reading.NOT_RECORDED in view.text()
