"""A benchmark's iterations: their names, their objects and what the next iteration's collection tells of them."""

import os
import subprocess
from pathlib import Path

import pytest

from arenalab.advice.trace_run import TraceRun
from arenalab.intake.lifetimes import DEAD, ESCAPES, UNDECIDED
from tests.examples import some
from tests.intake.showing import START, Made

OWN = Path(__file__).parents[1] / "data/own"
ROOT, RUNN = ("testing.(*B).run1.func1", 1), ("testing.(*B).runN", 1)
FIRST = [("testing.(*B).Run", 1), ("testing.(*B).run1", 1)]
AGAIN = [("testing.(*B).Run", 2), ("testing.(*benchState).processBench", 1), ("testing.(*B).run1", 1)]


class Runs(Made):
    """Runs of benchmarks, one after the other, as package testing performs them."""

    def __init__(self):
        super().__init__()
        self.g, self.cycles = 10, 0

    def collect(self, gone=()):
        self.add("GCBegin", 2 * self.cycles + 1, 0)
        self.add("GCEnd", 2 * self.cycles + 2)
        self.cycles += 1
        for slot in gone:
            self.add("HeapObjectFree", 6 * slot)

    def timer(self, call):
        self.add(
            "STWBegin", 0, self.stack([ROOT, RUNN, (f"testing.(*B).{call}", 1), ("runtime.ReadMemStats", 1)])
        )

    def iterate(self, name=None, under=FIRST, creator=1, gone=(), ends=True, stops=True, late=None):
        """Run one iteration, of two objects; `gone` are those that its own first collection frees.

        The timer is stopped where that can be seen, or not: b.Loop does it itself. A goroutine that is `late` is
        gone only after that collection, though its run had ended before.
        """
        self.g += 1
        self.add("GoStatus", creator, 7, 2)
        self.add("GoCreate", self.g, self.stack([ROOT]), self.stack(under))
        self.add("GoStop", 1, 0)
        self.add("GoStart", self.g, 1)
        self.collect(gone)
        if late:
            for row in (("GoStop", 1, 0), ("GoStart", late, 2), ("GoDestroy",), ("GoStart", self.g, 2)):
                self.add(*row)
        self.allocate([])  # testing's own
        self.timer("StartTimer")
        self.allocate([])
        if name:
            self.add("GoUnblock", 1, 1, self.stack([ROOT, RUNN, (name, 1), ("runtime.chansend1", 1)]))
        self.allocate([])
        if stops:
            self.timer("StopTimer")
        self.allocate([])
        self.add("GoDestroy") if ends else self.add("GoStop", 1, 0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.trace"


def slots(run, found):
    return ((run.objects.address[found.objects] - START) // 48).tolist()


def test_one_run_that_shows_its_function_names_all_of_its_benchmark(path):
    runs = Runs()
    for name, under in (
        (None, FIRST), ("example.org/x/deep.BenchmarkA", AGAIN), (None, AGAIN),
        ("deep.BenchmarkB", FIRST), (None, AGAIN), (None, FIRST), (None, AGAIN), (None, FIRST),
    ):  # fmt: skip
        runs.iterate(name, under)
    found = runs.run(path).scopes()
    kinds = {kind: count for kind, count in found.items() if kind.startswith("benchmark")}
    assert kinds == {
        "benchmark BenchmarkA": 3,
        "benchmark BenchmarkB": 2,
        "benchmark ?": 2,
        "benchmark ? 2": 1,
    }


def test_benchmark_within_another_has_runs_of_its_own(path):
    """The creator of its goroutines is the outer one's."""
    runs = Runs()
    runs.iterate("x.BenchmarkOuter", ends=False)
    outer = runs.g
    runs.iterate("x.BenchmarkOuter.func1", creator=outer)
    runs.iterate(None, AGAIN, creator=outer)
    runs.iterate("x.BenchmarkOther")
    found = runs.run(path).scopes()
    assert found["benchmark BenchmarkOuter.func1"] == 2
    assert found["benchmark BenchmarkOther"] == 1
    assert "benchmark ?" not in found


def test_objects_are_those_between_the_timer_s_start_and_stop(path):
    runs = Runs()
    runs.iterate("x.BenchmarkA")
    runs.iterate(None, AGAIN)
    run = runs.run(path)
    assert slots(run, run.verdict("benchmark BenchmarkA")) == [1, 2, 5, 6]


def test_next_iteration_s_collection_decides_what_became_of_them(path):
    """It finds object 1 dead; 2 lives on, as the one after shows; of the last iteration nothing is known."""
    runs = Runs()
    runs.iterate("x.BenchmarkA")
    runs.iterate(None, AGAIN, gone=[1])
    runs.iterate(None, AGAIN, gone=[2, 5])
    run = runs.run(path)
    found = run.verdict("benchmark BenchmarkA")
    assert slots(run, found) == [1, 2, 5, 6, 9, 10]
    assert found.fate.tolist() == [DEAD, ESCAPES, DEAD, UNDECIDED, UNDECIDED, UNDECIDED]


def test_a_goroutine_that_is_gone_late_makes_its_iteration_no_longer(path):
    """Its objects live while the next run begins; the collection after that says nothing of them."""
    runs = Runs()
    runs.iterate("x.BenchmarkLoop", ends=False, stops=False)
    runs.iterate(None, AGAIN, stops=False, late=11)
    runs.iterate(None, AGAIN, gone=[1, 2], stops=False)
    found = runs.run(path).verdict("benchmark BenchmarkLoop")
    assert [fate for fate, of in zip(found.fate, found.of, strict=True) if of == 0] == [ESCAPES] * 3


def test_iteration_that_does_not_end_is_left_out_and_counted(path):
    runs = Runs()
    runs.iterate("x.BenchmarkA")
    runs.iterate(None, AGAIN, ends=False)
    found = runs.run(path).verdict("benchmark BenchmarkA")
    assert (found.scopes, found.left_out) == (1, 1)


@pytest.mark.go
@pytest.mark.slow
@pytest.mark.timeout(400)  # the first build of a Go compiles its library
@pytest.mark.parametrize("line", some(["1.27", "1.23"]))
def test_real_benchmarks_run_as_often_as_asked_and_allocate_what_they_do(line, go_of, tmp_path):
    go = go_of(line)
    program = tmp_path / "measured.test"
    go.run(["test", "-c", "-o", str(program), "./measured"], OWN)
    names = (["loop"] if line != "1.23" else []) + ["keeps", "drops", "one", "two", "parallel"]  # as they ran
    tries = [_nodes(program, tmp_path / "out.trace", names) for _ in range(TRIES)]
    stays, goes = [*names[:-5], "keeps", "one", "two"], ["drops"]
    for each in tries:
        assert [each[name][0] for name in names[-5:]] == [45, 45, 9, 21, 21]  # 3 × what -benchmem says
        assert [each[name][2] for name in stays] + [each[name][1] for name in goes] == [0] * len(names[1:])
    assert any(
        all(each[name][1] == each[name][0] for name in stays)
        and all(each[name][2] == each[name][0] for name in goes)
        for each in tries
    ), tries


TRIES = 3  #: on a busy machine stamps run far ahead, and some of what is true stays undecided.


def _nodes(program, out, names):
    """Run all benchmarks three times; return of each how many nodes there were, escaped, were dead in scope."""
    asked = ["-test.bench=.", "-test.benchtime=1x", "-test.count=3", f"-test.trace={out}"]
    environment = os.environ | {"GODEBUG": "traceallocfree=1", "GOMAXPROCS": "2"}
    subprocess.run([program, *asked], check=True, cwd=out.parent, env=environment)
    run = TraceRun.read(out)
    counts = {kind: len(scopes) for kind, scopes in run.found.items() if kind.startswith("benchmark")}
    assert counts.pop("benchmark BenchmarkWithin") == 1  # the two in it run three times, it does once
    assert set(counts.values()) == {3}
    assert len(counts) == len(names)
    assert "benchmark BenchmarkParallel" in counts
    assert "loop" not in names or "benchmark BenchmarkLoop" in counts
    told = {kind: run.verdict(kind) for kind in counts}
    nodes = [[nodes_of(found, fate) for fate in (None, ESCAPES, DEAD)] for found in told.values()]
    return dict(zip(names, nodes, strict=True))


def nodes_of(found, fate):
    """Return how many nodes there are, or how many have a fate."""
    return sum(
        name.endswith(".node")
        for name, its in zip(found.types, found.fate, strict=True)
        if fate in (None, its)
    )
