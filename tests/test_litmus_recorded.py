"""What seven releases of Go were seen to do with the litmus programs: nothing that the model forbids."""

import re
from dataclasses import replace

import pytest

from arenalab.go.versions import NEWEST, VERSIONS
from arenalab.oracle import litmus as real
from arenalab.oracle.toolchain import find_toolchain
from arenalab.scenarios.litmus import catalogue, compare, load_litmus, recorded, seen
from arenalab.scenarios.litmus.question import FAMILIES
from tests.left import slow
from tools import litmus as page
from tools.record_litmus import recordable

TOLD = catalogue()


@pytest.mark.parametrize("version", [v if v == NEWEST else slow(v) for v in VERSIONS])
@pytest.mark.parametrize("family", FAMILIES)
def test_the_model_answers_as_the_file_does_and_real_go_ended_in_no_other_state(family, version):
    mine = [each for each in TOLD if each.family == family and version in each.versions]
    assert mine or family in ("weak pointers", "versions")
    assert compare(mine, version).troubles == ()


def test_what_is_so_sometimes_was_seen_both_ways_but_for_what_the_page_says_was_never_seen():
    for each in TOLD:
        runs = [found for version in each.versions if (found := seen(each, version))]
        if each.answer(NEWEST) == "sometimes":
            met = sum(found.met(each) for found in runs)
            assert met < sum(found.runs for found in runs), each.name
            assert met or any(each.holds(end) for end in page.unseen(each)), each.name


def test_the_page_is_the_one_that_the_generator_writes_and_has_no_empty_cell():
    told = page.PAGE.read_text()
    assert told == page.page(TOLD), "write it again: python -m tools.litmus"
    rows = [line for line in told.splitlines() if line.startswith("| [")]
    assert len(rows) == len(TOLD) >= 100
    assert not [row for row in rows if re.search(r"\|\s*\|", row)]


def test_a_recording_of_another_program_is_none_of_this_one():
    litmus = load_litmus("read-of-a-full-chunk-faults")
    assert seen(litmus, NEWEST).runs == real.RUNS
    shorter = replace(litmus, scenario=replace(litmus.scenario, rows=litmus.scenario.rows[:-1]))
    assert seen(shorter, NEWEST) is None


def test_nothing_is_recorded_that_no_program_asks_for():
    for version, rows in recorded.recordings().items():
        wanted = {each.name for each in TOLD if version in each.versions and not each.model_only}
        assert rows.keys() == wanted
    assert list(recorded.recordings()) == list(VERSIONS)


# real Go, again


@pytest.mark.go
@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "read-of-a-recycled-chunk-finds-a-strangers-value",
        "marking-ends-before-the-sweep-and-the-chunk-faults",
        "handle-copied-before-free-is-fatal-to-allocate-through",
    ],
)
def test_real_go_does_today_what_was_recorded(name):
    litmus, go = load_litmus(name), find_toolchain()
    runner, types = real.build_runner(go, recordable(go.minor), litmus.build)  # one build for all of them
    assert set(real.run(litmus, runner, types, times=2)) == set(seen(litmus, go.minor).states)
