"""Every rule of the seed has a model, a scenario in which it is at work, and a proof by real Go."""

import re
from dataclasses import replace

import pytest

from arenalab.go.versions import VERSIONS as OF_GO
from arenalab.scenarios import load_scenario, scenarios
from tests.examples import some
from tools import seed_coverage
from tools.seed_rules import AROUND, FUNCTIONS, HOLDS, LATER, LIFECYCLE

KNOWN = list(scenarios())
VERSIONS = list(OF_GO)
KEYS = [
    *LIFECYCLE,
    *AROUND,
    *LATER,
    *FUNCTIONS,
    *(f"{name}: {b}" for name, (_, bs) in FUNCTIONS.items() for b in bs),
]


@pytest.mark.slow
def test_no_rule_lacks_a_model_a_scenario_or_a_proof():
    assert seed_coverage.problems(KNOWN, some(KEYS)) == []


def test_the_page_is_the_one_that_the_generator_writes():
    assert seed_coverage.PAGE.read_text() == seed_coverage.page(seed_coverage.rows(KNOWN)), (
        "write it again: python -m tools.seed_coverage"
    )


def test_every_function_of_the_file_is_a_rule():
    """The functions that runtime/arena.go of Go 1.21 declares."""
    assert {go for go, _ in FUNCTIONS.values()} == {
        "arena_newArena", "arena_arena_New", "arena_arena_Slice", "arena_arena_Free", "arena_heapify", "init",
        "newUserArena", "(*userArena).new", "(*userArena).slice", "(*userArena).free", "(*userArena).alloc",
        "(*userArena).refill", "(*mspan).userArenaNextFree", "userArenaHeapBitsSetType",
        "userArenaHeapBitsSetSliceType", "newUserArenaChunk", "(*mspan).isUnusedUserArenaChunk",
        "(*mspan).setUserArenaChunkToFault", "inUserArenaChunk", "freeUserArenaChunk",
        "(*mheap).allocUserArenaChunk",
    }  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_a_rule_that_no_scenario_shows_is_named(key):
    silent = [
        replace(s, shows=tuple(k for k in s.shows if k != key and not k.startswith(f"{key}: ")))
        for s in KNOWN
    ]
    [row] = (row for row in seed_coverage.rows(silent) if row.key == key)
    assert list(row.trouble()) == [
        f"{key}: no scenario shows it",
        f"{key}: nothing that real Go did proves it",
    ]


@pytest.mark.parametrize(
    ("key", "at"), [("2a", "1.23"), ("scan: ends at PtrBytes", "1.27"), ("init", "1.24")]
)
def test_a_rule_that_nobody_shows_in_a_version_that_has_it_is_named(key, at):
    """Scenarios that show it say nothing of that version any more."""
    of_branch = f"{key}: "
    without = [
        replace(s, go=f">={s.first},<{at}")
        if any(k == key or k.startswith(of_branch) for k in s.shows)
        else s
        for s in KNOWN
    ]
    found = seed_coverage.problems(without, [key])
    assert f"{key}: nothing that Go {at} did shows it" in found


def test_a_case_that_a_release_was_not_asked_proves_nothing_there():
    assert seed_coverage.exists("errors.jsonl: api_double_free", "1.25")
    assert seed_coverage.exists("errors.jsonl: add_cleanup_to_arena_object", "1.24")
    assert not seed_coverage.exists("errors.jsonl: add_cleanup_to_arena_object", "1.22")
    assert seed_coverage.exists("recordings: bits-gc-program-runs-in-the-object", "1.23")
    assert not seed_coverage.exists("recordings: bits-gc-program-runs-in-the-object", "1.24")
    assert seed_coverage.exists("surroundings.jsonl: asan", "1.26")


def test_rules_that_not_all_versions_have_are_rules():
    assert set(HOLDS) <= set(KEYS)
    assert set(LATER) <= set(HOLDS)


def test_a_rule_that_is_not_at_work_where_it_is_said_to_be_is_named():
    lying = replace(load_scenario("alloc-zero-size-takes-no-room"), shows=("2a", "arena_heapify: pointer"))
    assert seed_coverage.problems([*KNOWN, lying], ["2a", *(key for key in KEYS if "heapify" in key)]) == [
        "2a: alloc-zero-size-takes-no-room shows it, but there it is not at work",
        "arena_heapify: alloc-zero-size-takes-no-room shows it, but there it is not at work",
        "arena_heapify: pointer: alloc-zero-size-takes-no-room shows it, but there it is not at work",
    ]


def test_a_proof_that_is_not_there_and_a_rule_that_is_none_are_named():
    base = load_scenario("free-twice-through-a-copy-panics")
    strays = [replace(base, proof=(p,), shows=("5",)) for p in ("errors.jsonl: no_such_case", "hearsay: x")]
    assert seed_coverage.problems([*KNOWN, *strays], ["5"]) == [
        f"{base.name}: shows '5', which is no rule",
        f"{base.name}: 'errors.jsonl: no_such_case' is not there",
        f"{base.name}: shows '5', which is no rule",
        f"{base.name}: 'hearsay: x' is not there",
    ]


GO_TESTS = (seed_coverage.ROOT / "docs" / "go-tests.md").read_text()


def test_gos_own_tests_are_restated_by_scenarios_that_exist():
    named = set(re.findall(r"\b(?:gotest|clone)-[a-z0-9-]+[a-z0-9]\b", GO_TESTS))
    known = {scenario.name for scenario in KNOWN}
    assert named - known == {"gotest-alloc"}  # "every gotest-alloc-…"
    assert {name for name in known if name.startswith("gotest-")} <= named


@pytest.mark.parametrize(
    "line", [line for line in GO_TESTS.splitlines() if re.search(r"\| (gotest|clone)-", line)]
)
def test_gos_own_tests_are_restated_and_proved_in_the_versions_that_the_page_says(line):
    test, name, go, turns = [cell.strip() for cell in line.split("|")[1:-1]]
    scenario = load_scenario(name.split()[0])
    held = [v for v in VERSIONS if scenario.runs_on(v)]
    for version in held:
        assert all(seed_coverage.exists(proof, version) for proof in seed_coverage.proofs_of(scenario)), test
    assert go == seed_coverage.when(held)
    since = {v for e in scenario.expects for v in re.findall(r"1\.\d+", e.go)} - {VERSIONS[0]}
    assert turns == ", ".join(sorted(since))
