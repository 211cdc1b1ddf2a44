"""Work in pieces: the same answers in the same order wherever it is done, whoever is killed; and nobody outlives it."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from arenalab.cli import main
from arenalab.errors import ScenarioError
from arenalab.pools import workers
from arenalab.replay.sweeps import sweep
from arenalab.replay.workloads import workload
from arenalab.search import Bounds, Search
from arenalab.workers import WorkerLost, Workers
from tests.oracle.waiting import within

RECORDINGS = Path(__file__).parent / "data" / "recordings"
RUN = """
import subprocess, sys
from concurrent.futures import ProcessPoolExecutor
from arenalab.pools import start_worker
with ProcessPoolExecutor(2, initializer=start_worker) as executor:
    list(executor.map(subprocess.run, [["sleep", "100"]] * 2))
"""


def living(session):
    """Return the processes of a session that are not merely waiting to be taken."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, *numbers = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:  # it has ended
            continue
        found += [entry.name] if int(numbers[2]) == session and state != "Z" else []
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_killed_leaves_no_worker_and_no_program(number):
    with subprocess.Popen([sys.executable, "-c", RUN], start_new_session=True) as run:
        assert within(30, lambda: len(living(run.pid)) == 5)  # the run, two workers, two programs
        os.kill(run.pid, number)
        run.wait(timeout=30)
    assert within(10, lambda: not living(run.pid))


def squared(number):
    return number * number


def fatal(number, marks, lives):
    """Kill the worker that this runs in, as often as it says, and answer after that."""
    mark = marks / f"{number}"
    deaths = len(mark.read_text()) if mark.exists() else 0
    if deaths < lives.get(number, 0):
        mark.write_text("x" * (deaths + 1))
        os.kill(os.getpid(), signal.SIGKILL)
    return squared(number)


def failing(number):
    if number == 3:
        raise ScenarioError("three is refused")
    return number


@pytest.mark.parametrize("jobs", [1, 2])
def test_answers_come_in_the_order_of_the_pieces(jobs):
    with workers(jobs) as hands:
        assert list(hands.in_order(squared, range(50))) == [squared(number) for number in range(50)]
        assert sorted(hands.as_done(squared, range(50))) == [
            (number, squared(number)) for number in range(50)
        ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_piece_raises_comes_when_its_answer_is_due(jobs):
    with workers(jobs) as hands:
        answers = hands.in_order(failing, range(20))
        assert [next(answers) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(ScenarioError, match="three is refused"):
            next(answers)
        told = hands.in_order(failing, range(5), instead=lambda piece, error: f"{piece}: {error}")
        assert list(told) == [0, 1, 2, "3: three is refused", 4]


def test_what_a_quick_piece_raises_waits_for_the_answers_before_it():
    failed = threading.Event()

    def quick_to_fail(number):
        if number == 3:
            failed.set()
            raise ScenarioError("three is refused")
        failed.wait(30)
        time.sleep(0.1)
        return number

    with ThreadPoolExecutor(4) as executor:
        answers = Workers.of(executor).in_order(quick_to_fail, range(4))
        assert [next(answers) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(ScenarioError, match="three is refused"):
            next(answers)


def test_pieces_whose_worker_is_killed_are_given_out_again(tmp_path):
    with workers(2) as hands:
        answers = hands.in_order(partial(fatal, marks=tmp_path, lives={4: 1, 11: 2}), range(20))
        assert list(answers) == [squared(number) for number in range(20)]
    assert {mark.name: len(mark.read_text()) for mark in tmp_path.iterdir()} == {"4": 1, "11": 2}


def test_a_piece_that_kills_each_worker_is_one_error_and_no_other_piece_suffers(tmp_path):
    do = partial(fatal, marks=tmp_path, lives={4: 99})
    with workers(2) as hands:
        told = list(hands.in_order(do, range(8), instead=lambda piece, error: (piece, type(error))))
        assert told == [0, 1, 4, 9, (4, WorkerLost), 25, 36, 49]
        with pytest.raises(WorkerLost, match="killed, 3 times"):
            list(hands.in_order(do, range(8)))


def test_an_executor_of_ones_own_that_lost_a_worker_is_one_error(tmp_path):
    do = partial(fatal, marks=tmp_path, lives={4: 99})
    with ProcessPoolExecutor(2) as executor:
        with pytest.raises(WorkerLost, match="takes no more work"):
            list(Workers.of(executor).in_order(do, range(8)))
        rows = Workers.of(executor).in_order(squared, range(3), instead=lambda _, error: type(error))
        assert list(rows) == [WorkerLost] * 3


def test_time_that_is_over_ends_it_whatever_is_under_way():
    began, gate = time.monotonic(), threading.Event()
    with ThreadPoolExecutor(2) as executor:
        asked = Workers(executor, 2)
        assert list(asked.in_order(lambda number: number or gate.wait(30), range(9), seconds=0.3)) == []
        gate.set()
    assert time.monotonic() - began < 20
    assert list(Workers.of(None).in_order(squared, range(3), seconds=0)) == []


class Waiting(ThreadPoolExecutor):
    """Gives its pieces to nobody."""

    def submit(self, *_, **__):
        self.asked = [*getattr(self, "asked", []), Future()]
        self.asked[0].done() or self.asked[0].set_result(0)
        return self.asked[-1]


def test_who_stops_asking_takes_back_what_waits():
    executor = Waiting()
    answers = Workers(executor, 5).in_order(squared, range(100))
    assert next(answers) == 0
    answers.close()
    assert [each.cancelled() for each in executor.asked] == [False, True, True, True, True]


STOPPED = """
import sys, time
from arenalab.pools import workers
def slow(_):
    time.sleep(0.2)
if __name__ == "__main__":
    with workers(2) as hands:
        for _ in hands.in_order(slow, range(10**6)):
            print("one", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_ends_a_run_in_processes_at_once(tmp_path):
    program = tmp_path / "slow.py"
    program.write_text(STOPPED)
    with subprocess.Popen([sys.executable, program], stdout=-1, stderr=-1, start_new_session=True) as run:
        assert run.stdout.readline() == b"one\n"
        os.killpg(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=30)
    assert said.count(b"KeyboardInterrupt") == 1


def test_types_and_traces_go_to_other_processes():
    trace = workload("tree-build", 2_000)
    grid = {"gogc": [50, 100]}
    with workers(2) as hands:
        assert sweep(grid, trace, executor=hands) == sweep(grid, trace)


# a cluster


def kill_one(cluster):
    """Kill one of its worker processes; the nanny starts another."""
    nanny = next(iter(cluster.workers.values()))
    os.kill(nanny.process.pid, signal.SIGKILL)


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_in_the_middle_gives_the_same_result(monkeypatch, capsys):
    distributed = pytest.importorskip("distributed", reason="needs pip install 'arenalab[sweep]'")
    alone = Search(Bounds(), piece=16)
    levels = list(alone.levels(5))
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster, workers(dask=cluster.scheduler_address) as hands:
        together, killed = Search(Bounds(), executor=hands, piece=16), []

        def watch(depth, done, _):
            if depth == 5 and done > 100 and not killed:
                killed.append(kill_one(cluster))

        assert list(together.levels(5, watch=watch)) == levels
        assert killed
        assert np.array_equal(together.frontier, alone.frontier)
        grid = {"gogc": [25, 50, 100, -1], "operations": [4_000]}
        assert sweep(grid, "tree-build", executor=hands) == sweep(grid, "tree-build")
        monkeypatch.chdir(RECORDINGS)  # where the workers are not
        assert main(["check", "--dask", cluster.scheduler_address, "small-1.jsonl"]) == 0
        assert capsys.readouterr().out.startswith(f"{RECORDINGS / 'small-1.jsonl'}: compared ")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", ""])
def test_a_scheduler_that_is_not_there_is_one_error(address, monkeypatch):
    pytest.importorskip("distributed", reason="needs pip install 'arenalab[sweep]'")
    monkeypatch.setattr("arenalab.pools.ANSWERS_WITHIN", 0.5)
    with pytest.raises(ScenarioError, match="no dask scheduler answers there"), workers(dask=address):
        pass
