"""Sweeps: a table from a grid, wherever the cells run, however often it is stopped."""

import json
import os
from concurrent.futures import Executor, Future, ProcessPoolExecutor

import pytest

from arenalab.errors import ArgumentError, ScenarioError
from arenalab.replay.sweeps import sweep
from arenalab.replay.workloads import workload
from arenalab.units import MiB

GRID = {"max_alloc_fraction": [4, 128], "gogc": [100, -1], "operations": [4_000]}


def test_table_has_a_row_for_each_cell_in_the_grids_order():
    rows = sweep(GRID, "batch-decode")
    settings = [(row["max_alloc_fraction"], row["gogc"]) for row in rows]
    assert settings == [(4, 100), (4, -1), (128, 100), (128, -1)]
    assert all("error" not in row for row in rows)


def test_smaller_limit_sends_more_values_to_the_heap():
    large, small = sweep({"max_alloc_fraction": [4, 16_384]}, workload("batch-decode", 4_000))
    assert large["values_on_heap"] == 0 < small["values_on_heap"]
    assert large["values"] == small["values"]


def test_lower_gogc_means_more_cycles():
    frequent, rare = sweep({"gogc": [25, 1000], "operations": [60_000]}, "request-response")
    assert frequent["cycles"] > rare["cycles"]


def test_smaller_chunks_map_less_for_small_arenas():
    small, large = sweep(
        {"user_arena_chunk_bytes_max": [MiB, 8 * MiB], "gogc": [-1], "operations": [3_000]},
        "many-small-arenas",
    )
    assert small["mapped_bytes"] < large["mapped_bytes"]


def test_failed_cell_is_a_row_and_the_others_go_on():
    rows = sweep({"workload": ["tree-build", "nothing"], "operations": [500]})
    assert rows[0]["values"] == 499
    assert rows[1]["error"].startswith("ScenarioError: there is no workload 'nothing'")


def test_rules_that_go_would_not_start_with_are_a_failed_cell():
    (row,) = sweep({"user_arena_chunk_bytes_max": [3 * MiB], "operations": [10]})
    assert row["error"].startswith("GoThrow")


def made(operations, seed=1):
    return workload("tree-build", operations, seed=seed)


def test_cells_run_in_processes_give_the_same_table():
    here = sweep(GRID, made, jobs=1)
    with ProcessPoolExecutor(2) as executor:
        assert sweep(GRID, made, executor=executor) == here
    assert sweep(GRID, made) == here


def signed(folder, operations):
    """Make a program, and a file called as the process that made it."""
    (folder / str(os.getpid())).touch()
    return workload("tree-build", operations)


def test_processes_do_it_unless_they_could_not_find_the_program(tmp_path):
    def by(program, **more):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        sweep({"folder": [folder], "operations": [10, 20]}, program, **more)
        return {int(file.name) for file in folder.iterdir()}

    me = {os.getpid()}
    assert by(signed).isdisjoint(me)
    assert by(signed, jobs=1) == me
    assert by(lambda folder, operations: signed(folder, operations)) == me  # noqa: PLW0108  # which no process could find


@pytest.mark.parametrize("jobs", [0, -1, "2", 1.5, True])
def test_jobs_that_are_no_number_of_processes_are_refused(jobs):
    with pytest.raises(ArgumentError, match=r"jobs: got .*; expected how many processes, at least 1"):
        sweep(GRID, "tree-build", jobs=jobs)


def test_cells_run_on_a_dask_cluster_give_the_same_table():
    distributed = pytest.importorskip("distributed", reason="needs pip install 'arenalab[sweep]'")
    options = {"n_workers": 1, "threads_per_worker": 2, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        assert sweep(GRID, "tree-build", executor=client.get_executor()) == sweep(GRID, "tree-build", jobs=1)


class Dying(Executor):
    """An executor whose workers die."""

    def submit(self, *_, **__):
        future = Future()
        future.set_exception(RuntimeError("a worker died"))
        return future


def test_worker_that_dies_is_a_failed_cell():
    rows = sweep(GRID, "tree-build", executor=Dying())
    assert [row["error"] for row in rows] == ["RuntimeError: a worker died"] * 4


def test_stopped_sweep_goes_on_where_it_stopped(tmp_path):
    file, seen = tmp_path / "sweep.jsonl", []

    def stop(done, total, row):
        seen.append((done, total, row["gogc"]))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(GRID, "tree-build", results=file, progress=stop, jobs=1)
    with file.open("a") as out:
        out.write('{"cell": {"cut off')
    resumed = sweep(GRID, "tree-build", results=file, progress=lambda *row: seen.append(row[:2]))
    assert seen == [(1, 4, 100), (2, 4, -1), (3, 4), (4, 4)]
    assert resumed == sweep(GRID, "tree-build")
    assert len(file.read_text().splitlines()) == 4


def test_results_of_another_workload_or_other_rules_are_not_taken(tmp_path):
    file, ran = tmp_path / "sweep.jsonl", []
    for name in ("tree-build", "batch-decode"):
        sweep(GRID, name, results=file, progress=lambda *row: ran.append(row))
    assert len(ran) == 8


def test_failed_cell_is_tried_again(tmp_path):
    file = tmp_path / "sweep.jsonl"
    sweep(GRID, "tree-build", results=file, executor=Dying())
    assert all("error" not in row for row in sweep(GRID, "tree-build", results=file))


@pytest.mark.parametrize("text", ["hello\n", json.dumps([1]) + "\n", '{"cell": 1}\n'])
def test_file_that_holds_no_sweep_is_refused(tmp_path, text):
    file = tmp_path / "notes.txt"
    file.write_text(text)
    with pytest.raises(ScenarioError, match=r"notes.txt:1: not a row of a sweep"):
        sweep(GRID, "tree-build", results=file)
    assert file.read_text() == text


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        ({}, "0 cells"),
        ({"gogc": []}, "0 cells"),
        ({"seed": range(10**6)}, "1000000 cells"),
        ({"gc": [1]}, "varies gc"),
    ],
)
def test_grid_that_makes_no_sense_is_refused(grid, said):
    with pytest.raises(ScenarioError, match=said):
        sweep(grid)
