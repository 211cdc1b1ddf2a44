"""A saved history keeps the lines that asked for its operations, and Go's own counters."""

import json

import numpy as np
import pytest

from arenalab.errors import HistoryError
from arenalab.view.counter_series import CounterSeries
from arenalab.view.counters import AXES, counters
from arenalab.view.reading import reading
from arenalab.world.history import History
from tests.concurrent import overtaking, with_sites


def saved_as(tmp_path, name):
    """Return the path of a saved history with both."""
    history = with_sites(tmp_path)
    history.real = {"op": np.array([3, 5]), "heapLive": np.array([-1, 2**62])}
    history.save(tmp_path / name)
    return tmp_path / name


@pytest.fixture
def saved(tmp_path):
    """The path of such a history as JSON lines."""
    return saved_as(tmp_path, "run.jsonl")


@pytest.mark.parametrize("name", ["run.jsonl", "run.history"])
def test_they_come_back_as_they_were(tmp_path, name):
    loaded, history = History.load(saved_as(tmp_path, name)), with_sites(tmp_path)
    assert {name: column.tolist() for name, column in loaded.real.items()} == {
        "op": [3, 5],
        "heapLive": [-1, 2**62],
    }
    assert loaded.sites.of_op.tolist() == history.sites.of_op.tolist()
    for op in range(len(history.ops)):
        before, after = (reading(it, it.op_end(op + 1), op) for it in (history, loaded))
        assert (after.asked, after.listing) == (before.asked, before.listing)


def test_history_without_them_has_no_row(tmp_path):
    overtaking().save(tmp_path / "run.jsonl")
    assert '{"program":' not in (tmp_path / "run.jsonl").read_text()
    loaded = History.load(tmp_path / "run.jsonl")
    assert (loaded.sites, loaded.real) == (None, {})


@pytest.mark.parametrize(
    "program",
    [
        3,
        {"sites": 3, "of_op": []},
        {"sites": [["f", "a.go"]], "of_op": []},
        {"sites": [["f", "a.go", True]], "of_op": []},
        {"sites": [["f", "a.go", 3]]},
        {"sites": [["f", "a.go", 3]], "of_op": [1]},
        {"sites": [["f", "a.go", 3]], "of_op": [-2]},
        {"real": 3},
        {"real": {"heapLive": [1]}},
        {"real": {"op": [1], "heapLive": []}},
        {"real": {"op": [1], "heapLive": [2**63]}},
        {"real": {"op": ["1"]}},
    ],
)
def test_row_that_lies_is_refused_with_its_place(saved, program):
    rows = saved.read_text().splitlines()
    saved.write_text("\n".join([rows[0], json.dumps({"program": program}), *rows[2:]]) + "\n")
    with pytest.raises(HistoryError, match=r"run\.jsonl:2: "):
        History.load(saved)


@pytest.mark.parametrize("against", AXES)
def test_cycle_of_an_operation_that_never_was_is_shown_at_the_end(saved, against):
    history = History.load(saved)
    history.real = {"op": np.array([10**6]), "heapLive": np.array([7])}
    view = counters(CounterSeries(history), len(history), group="process", against=against)
    assert view.panels[0].lines[0].beside.marks.x.tolist() == [view.end]
