"""A trace's objects as columns: moments in order, scopes as the verdict has them, pandas and Arrow say the same."""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import arenalab
from arenalab.errors import MissingExtraError, NoSuchError

SAMPLES = Path(__file__).parents[1] / "data/execution-traces"
KIND = "task request"


@pytest.fixture(scope="module")
def run():
    return arenalab.open(SAMPLES / "plain-go1.27.3.trace.gz")


def test_all_columns_have_a_row_for_each_object(run):
    assert {len(column) for column in run.columns(KIND).values()} == {len(run.objects)}
    assert set(run.columns(KIND)) - set(run.columns()) == {"scope", "fate"}


def test_moments_are_seconds_in_order(run):
    its = run.columns()
    new = np.logical_not(its["before"])
    assert (its["birth"][its["before"]] == -np.inf).all()
    assert its["birth"][new].min() >= 0
    assert its["birth"][new].max() <= run.seconds < 10
    assert (its["dies_after"] <= its["dies_by"]).all()
    assert (its["dies_by"] <= its["freed"]).all()
    ended = np.isfinite(its["freed"])
    assert 0 < ended.sum() < len(ended)
    assert (its["birth"][ended] < its["freed"][ended]).all()
    ticks = run.log.heap.time[run.objects.end[ended]] - run.log.heap.time[0]
    assert np.allclose(its["freed"][ended], ticks / run.log.ticks)


def test_a_run_says_what_it_is(run):
    assert repr(run) == f"<TraceRun of {run.path}: {len(run.objects):,} objects, {run.seconds:.3g} s>"


def test_an_object_lies_in_its_slot(run):
    its = run.columns()
    inside = its["address"] - its["slot"]
    assert (inside >= 0).all()
    assert (inside < its["size"]).all()


def test_scopes_and_fates_are_the_verdicts(run):
    its, verdict = run.columns(KIND), run.verdict(KIND)
    member = its["scope"] >= 0
    assert Counter(its["scope"][member].tolist()) == Counter(verdict.of.tolist())
    for fate in (-1, 0, 1):
        assert (its["fate"][member] == fate).sum() == verdict.count(fate) > 0
    assert not its["fate"][np.logical_not(member)].any()
    names = [run.types[number] for number in its["type"][its["fate"] == 1]]
    assert Counter(names).most_common() == verdict.by_type(1)


def test_a_kind_that_is_not_there_is_refused(run):
    with pytest.raises(NoSuchError, match="scope: got 'task answer'; expected one of: "):
        run.columns("task answer")


def test_pandas_and_arrow_say_the_same_by_name(run):
    its, frame, table = run.columns(KIND), run.to_pandas(KIND), run.to_arrow(KIND)
    assert list(frame) == list(its) == table.column_names
    for name in set(its) - {"type", "fate"}:
        assert np.array_equal(frame[name].to_numpy(), its[name])
        assert np.array_equal(table[name].to_numpy(), its[name])
    names = [run.types[number] for number in its["type"]]
    fates = [{-1: "dead in scope", 0: "undecided", 1: "escapes"}[fate] for fate in its["fate"].tolist()]
    assert list(frame["type"]) == table["type"].to_pylist() == names
    assert list(frame["fate"]) == table["fate"].to_pylist() == fates


@pytest.mark.parametrize(("library", "method"), [("pandas", "to_pandas"), ("pyarrow", "to_arrow")])
def test_without_the_library_the_command_that_installs_it_is_told(run, library, method, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=rf"{library} is missing; install with: .*\[tables\]"):
        getattr(run, method)()
