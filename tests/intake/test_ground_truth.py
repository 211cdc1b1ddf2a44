"""Escapes planted in 22 ways: with a collection at each task's end all are found; without, no verdict is false.

And at a scale at which one in ten thousand shows: allocations and frees are those that the runtime counts.
"""

import os
import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from arenalab.advice.trace_run import TraceRun
from arenalab.intake.lifetimes import DEAD, ESCAPES, UNDECIDED
from tests.intake.test_objects import between
from tests.left import slow

ROOT = Path(__file__).parents[2]
KINDS = 22
pytestmark = [pytest.mark.go, pytest.mark.timeout(400)]  # the first build of a Go compiles its library


@pytest.fixture(scope="module")
def traced(go_of, tmp_path_factory):
    """Return a function that builds a program with a Go, runs it, and returns its trace and what it printed."""
    folder = tmp_path_factory.mktemp("truth")

    def run(line, source, *arguments, after=()):
        go, program, out = go_of(line), folder / f"{source.name}-{line}", folder / "out.trace"
        if not program.exists():
            go.run(["build", "-o", str(program), f"./{source.name}"], source.parent)
        asked = os.environ | {"GODEBUG": "traceallocfree=1", "GOMAXPROCS": "2"}
        done = subprocess.run(
            [program, *arguments, out, *after], env=asked, capture_output=True, text=True, check=True
        )
        return TraceRun.read(out), done.stdout.splitlines()

    return run


def planted(run, name):
    """Return what became of the objects that were planted to stay, and of those that were to go."""
    found = run.verdict(f"task {name}")
    if name == "grown":  # of the four arrays of a slice that grew the last one stays
        mine = np.flatnonzero(np.array(found.types) == "main.grown")
        stays = np.diff(found.of[mine], append=found.scopes) != 0
    elif name == "text":
        mine = np.flatnonzero(np.isin(found.size, (1280, 1408)))
        stays = found.size[mine] == 1280
    else:
        mine = np.flatnonzero(np.isin(found.types, ("main.stays", "main.goes")))
        stays = np.array(found.types)[mine] == "main.stays"
    fates = found.fate[mine]
    return Counter(fates[stays].tolist()), Counter(fates[np.logical_not(stays)].tolist())


def expected(printed):
    """Return the kinds and how many objects of each stay and go."""
    return {name: (int(stay), int(go)) for name, stay, go in map(str.split, printed[1:])}


@pytest.mark.parametrize("line", [slow("1.24"), "1.27"])
def test_with_a_collection_at_each_end_all_escapes_are_found_and_no_other(line, traced):
    run, printed = traced(line, ROOT / "tests/data/own/keeps", "-audit")
    kinds = expected(printed)
    assert len(kinds) == KINDS
    for name, (stay, go) in kinds.items():
        assert (name, *planted(run, name)) == (name, {ESCAPES: stay}, {DEAD: go})


@pytest.mark.parametrize("line", ["1.24", "1.27"])
def test_without_it_nothing_false_is_said(line, traced):
    run, printed = traced(line, ROOT / "tests/data/own/keeps")
    told = Counter()
    for name, (stay, go) in expected(printed).items():
        stays, goes = planted(run, name)
        assert (name, stays[DEAD], goes[ESCAPES]) == (name, 0, 0)
        assert (stays.total(), goes.total()) == (stay, go)
        told += stays + goes
    assert told[ESCAPES] > 200  # the program ends with three collections
    assert told[DEAD] > 0
    assert told[UNDECIDED] > 0  # or the test shows nothing


def test_allocations_and_frees_are_those_that_the_runtime_counts_to_a_ten_thousandth(traced):
    run, printed = traced("1.27", ROOT / "examples/go/plain", after=["3000"])
    allocated, freed = map(int, printed[0].split())
    log, objects = run.log, run.objects
    assert allocated > 150_000
    assert (objects.unresolved, int(objects.lost.sum()), objects.strays) == (0, 0, 0)
    born = np.logical_and(between(log, log.heap.time[objects.birth]), np.logical_not(objects.before))
    assert int(born.sum()) == pytest.approx(allocated, rel=1e-4)
    gone = between(log, log.heap.time[log.heap.rows("HeapObjectFree")]).sum()
    tiny = np.flatnonzero(np.logical_and(born, objects.tiny))
    lives = set(zip(objects.slot[tiny].tolist(), objects.end[tiny].tolist(), strict=True))
    assert int(gone) + len(tiny) - len(lives) == pytest.approx(
        freed, rel=1e-4
    )  # one that found room counts as freed
