"""The program that notebook 12's numbers come from: builds, and does the same work on the heap and in arenas."""

import json
import subprocess

import pytest

from arenalab.oracle.releases import RELEASES
from tools.measure_costs import OUT, SOURCE, ways

pytestmark = pytest.mark.go


@pytest.fixture(scope="module")
def program(toolchain, tmp_path_factory):
    out = tmp_path_factory.mktemp("costs") / "costs"
    toolchain.run(["build", "-o", str(out), "."], SOURCE)
    return out


def served(program, on, *options):
    command = [program, "serve", "-on", on, "-live", "1", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"GOGC": "100"})
    return json.loads(done.stdout)


def test_arenas_need_fewer_cycles_for_the_same_requests(program):
    options = ("-nodes", "20000", "-requests", "40")
    heap, arena = (served(program, on, *options) for on in ("heap", "arena"))
    assert heap["cycles"] > arena["cycles"]


def test_arenas_that_are_open_together_cost_a_chunk_each(program):
    options = ("-nodes", "10", "-requests", "40", "-open", "20")
    heap, arena = (served(program, on, *options) for on in ("heap", "arena"))
    assert arena["peak_rss_mib"] - heap["peak_rss_mib"] > 20 * 8 - 16


def test_nonsense_is_refused(program):
    done = subprocess.run([program, "serve", "-nodes", "0"], capture_output=True, check=False)
    assert done.returncode == 2


@pytest.mark.parametrize("release", RELEASES.values(), ids=lambda it: it.line)
def test_committed_numbers_are_those_of_the_ways_that_the_tool_measures(release):
    rows = [json.loads(row) for row in (OUT / f"costs-{release.line}.jsonl").read_text().splitlines()]
    asked = [(w["nodes"], w["live"], w["open"], w["gogc"]) for w in ways() for _ in range(2)]
    assert [(r["nodes"], r["live_mib"], r["open"], r["gogc"]) for r in rows[2:]] == asked
    assert rows[0]["machine"]["go"] == f"go{release.tried}"
