"""Every scenario on every engine: step by step, by oblets, in bulk, re-applied, from a file, and real Go."""

import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import GoThrow, ScenarioError
from arenalab.scenarios import load_scenario, parse_scenario, read_scenario, scenarios
from arenalab.scenarios.read import KEYS, Scenario
from arenalab.scenarios.run import ENGINES, broken, run, start_trouble
from arenalab.scenarios.turns import spans_of
from arenalab.world import invariants
from arenalab.world.history import History
from arenalab.world.schedule import POINTS
from tests.examples import TRIES_ALL
from tests.left import LONG, about
from tests.programs import is_large

DATA = Path(__file__).parent / "data"
STARTING = [scenario for scenario in scenarios() if not start_trouble(scenario)]
SMALL = [scenario for scenario in STARTING if not is_large(scenario)]
LARGE = [scenario for scenario in STARTING if is_large(scenario)]
#: Large ones are not performed in single steps; bulk, whose runs are certified, and real Go do.
RUNS = [pytest.param(s, engine, id=f"{s}-{engine}") for s in SMALL for engine in ENGINES] + [
    pytest.param(s, "bulk", id=f"{s}-bulk", marks=pytest.mark.slow) for s in LARGE
]


class Laws:
    """Checks the laws of a settled World after each operation, or after each tenth.

    Each tenth is looked at in a long program and, but for a weekly run, in the engines that end in the stepped World.
    """

    def __init__(self, scenario, engine):
        each = engine == "step" or TRIES_ALL
        self.left = self.every = 1 if each and len(scenario.rows) <= 50 else 10

    def __call__(self, world):
        self.left -= 1
        if self.left == 0:
            self.left = self.every
            invariants.check_settled(world)


def turns(scenario):
    """Return the versions of Go with which a scenario expects something else than before, those it holds for."""
    named = {scenario.go, *(expect.go for expect in scenario.expects)}
    versions = {version for go in named for version in re.findall(r"\d+\.\d+", go)}
    return {version for version in versions if scenario.runs_on(version)}


def few(scenario, versions):
    """Return those of some versions that a scenario holds for, in order; of a long one the last, but once a week."""
    return sorted(filter(scenario.runs_on, versions))[-1 if scenario.name in LONG and not TRIES_ALL else 0 :]


#: Besides the newest that it holds for: the first, each with which something changes, those with which much did.
IN_VERSIONS = [
    about(str(scenario), scenario, version, id=f"{scenario}-{version}")
    for scenario in SMALL
    for version in few(scenario, {scenario.first, *turns(scenario), "1.22", "1.24"} - {scenario.version})
]


@lru_cache(maxsize=2)
def performed(name, version=""):
    """Return a scenario's history, step by step where that is feasible."""
    scenario = load_scenario(name)
    scenario = scenario.under(version) if version else scenario
    engine = ENGINES["bulk" if is_large(scenario) else "step"]
    return run(scenario, engine, after_op=lambda _: None), engine


@pytest.mark.parametrize(("scenario", "engine"), RUNS)
def test_scenario_holds_with_all_laws(scenario, engine):
    check = invariants.check if engine == "step" else None
    history = run(scenario, ENGINES[engine], check=check, after_op=Laws(scenario, engine))
    assert broken(scenario, history, unseen=ENGINES[engine].unseen) == []
    assert history.world.differences(performed(scenario.name)[0].world) == []


@pytest.mark.parametrize(("scenario", "version"), IN_VERSIONS)
def test_scenario_holds_in_every_version_that_it_names(scenario, version):
    engine = ENGINES["bulk" if version == scenario.first else "step"]
    history = run(scenario.under(version), engine, after_op=lambda _: None)
    invariants.check_settled(history.world)


@pytest.mark.parametrize("scenario", [about(str(it), it, id=str(it)) for it in STARTING])
def test_scenario_holds_in_the_log_re_applied_and_in_a_file(scenario, tmp_path):
    history, engine = performed(scenario.name)
    assert history.at(len(history)).differences(history.world) == []
    history.save(tmp_path / "history.jsonl")
    loaded = History.load(tmp_path / "history.jsonl")
    assert loaded.world.differences(history.world) == []
    assert broken(scenario, loaded, unseen=engine.unseen) == []


@pytest.mark.parametrize("scenario", [s for s in scenarios() if start_trouble(s)], ids=str)
def test_go_would_not_start(scenario):
    (expect,) = scenario.expects
    assert (expect.after, expect.facts) == (-1, {"throw": start_trouble(scenario)})
    with pytest.raises(GoThrow):
        run(scenario)


def test_names_are_topic_situation_outcome():
    assert [s.name for s in scenarios() if s.name.count("-") < 2] == []
    assert [s.name for s in scenarios() if not s.about.endswith(".") or not s.expects] == []


# the facts themselves


FACTS_IN = [
    about(str(s), s, version, id=f"{s}-{version}")
    for s in SMALL
    for version in few(s, {s.version, *turns(s)})
]


@pytest.mark.parametrize(("scenario", "version"), FACTS_IN)
def test_every_fact_could_fail(scenario, version):
    history, _ = performed(scenario.name, version)
    spans = spans_of(scenario.rows, history) if scenario.scheduled else ()
    anew = [e for e in scenario.under(version).expected if version == scenario.version or version in e.go]
    for expect in anew:
        for name, wanted in expect.facts.items():
            for lie in lies(name, wanted):
                told = list(type(expect)(expect.after, {name: lie}, "", 0).broken(history, spans=spans))
                assert told, f"{name} = {lie!r} passes as well as {wanted!r}"


def test_no_scenario_is_without_facts_that_could_fail():
    told = {
        s.name: [lie for e in s.expects for fact in e.facts.items() for lie in lies(*fact)] for s in SMALL
    }
    assert [name for name, lies_told in told.items() if not lies_told] == []


def lies(name, wanted):  # noqa: C901  # one case per kind of fact
    """Yield values near the wanted one that must not hold."""
    if name == "never":
        return
    if name == "events":
        yield [*wanted, "Threw", "Threw"]
        for at, entry in enumerate(wanted):
            for key, value in entry.items() if isinstance(entry, dict) else ():
                if key != "kind":
                    yield [*wanted[:at], entry | {key: wrong(value)}, *wanted[at + 1 :]]
    elif name in ("places", "touch"):
        for entry in wanted:
            for key in entry.keys() - {"op", "nth", "object", "offset", "write"}:
                yield [entry | {key: wrong(entry[key])}]
    elif wanted == {}:
        yield {"0": [0, 0]}
    elif isinstance(wanted, dict):
        yield from ({key: lie} for key, value in wanted.items() for lie in lies("", value))
    else:
        yield wrong(wanted)


def wrong(value):
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, list):
        return [*value, 99]
    if isinstance(value, str):
        return "0x123" if value.startswith("0x") else f"{value}?"
    return value + 1_000_003  # so far off that nothing else has it


# scenarios that make no sense


HEAD = {"name": "a", "about": "It is."}
MAKE = {"op": "new_arena", "arena": 0}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"name": "b"}, "name: got 'b'; expected the file's own, 'a'"),
        ({**HEAD, "op": []}, "unknown key 'op'; expected one of: name, about"),
        ({**HEAD, "about": 3}, "about: got 3; expected a text"),
        ({**HEAD, "go": "new"}, "go: got 'new'; expected a version"),
        ({**HEAD, "shows": "1"}, "shows: got '1'; expected a list of texts"),
        ({**HEAD, "recordable": False}, "give a reason"),
        ({**HEAD, "reason": "so"}, "give a reason with recordable = false, and only then"),
        ({**HEAD, "recordable": "no", "reason": "so"}, "recordable: got 'no'; expected true or false"),
        ({**HEAD, "ops": [{"op": "start_gc"}]}, "real Go can't be asked for operation 'start_gc'"),
        ({**HEAD, "ops": [{**MAKE, "until": "HandleMade"}]}, "real Go can't be asked for 'until'"),
        ({**HEAD, "rules": {"gogc": 50}}, r"real Go can't be asked for \[rules\]"),
        ({**HEAD, "rules": {"gogc": "50"}}, "rules.gogc: got '50'; expected a whole number from"),
        ({**HEAD, "rules": {"chunk": 3}}, "rules: unknown key 'chunk'"),
        ({**HEAD, "types": {"A B": "int"}}, "types.A B: got 'int'; expected a Go type expression"),
        ({**HEAD, "rules": {"ptr_size": 0}}, "rules.ptr_size: got 0; expected one of 4, 8"),
        ({**HEAD, "rules": {"max_alloc_fraction": 0}}, "max_alloc_fraction: got 0; expected a whole number from 1"),
        ({**HEAD, "rules": {"heap_arena_bytes": 2**30, "user_arena_chunk_bytes_max": 65536}}, "at least 1/1024"),
        ({**HEAD, "rules": {"goos": []}}, r"rules: goos: got \[\]; expected a text"),
        ({**HEAD, "ops": [{"op": ["new"]}]}, r"ops\[0\]: unknown operation \['new'\]; expected one of"),
        ({**HEAD, "ops": [{**MAKE, "until": {}}]}, r"ops\[0\]: until: got \{\}; expected a kind of event, or a point"),
        ({**HEAD, "types": {"T": "int"}, "ops": [{"op": "new", "arena": 0, "type": ["T"]}]}, "new.type: got .'T'"),
        ({**HEAD, "ops": [{"op": "grow"}]}, r"ops\[0\]: unknown operation 'grow'; expected one of: new_arena"),
        ({**HEAD, "ops": [{"op": "new_arena"}]}, r"ops\[0\]: new_arena: arena is missing; its keys are arena"),
        ({**HEAD, "ops": [{"op": "add_cleanup", "object": -3}]}, r'add_cleanup came with Go 1.24; write go = ">=1.24"'),
        ({**HEAD, "ops": [{**MAKE, "size": 3}]}, r"ops\[0\]: new_arena: unknown key 'size'; expected one of: op, u"),
        ({**HEAD, "ops": [{**MAKE, "arena": True}]}, "arena: got .*; expected a whole number from 0"),
        ({**HEAD, "ops": [{**MAKE, "arena": 2**63}]}, "arena: got .*; expected a whole number from 0"),
        ({**HEAD, "ops": [{**MAKE, "until": "Lunch"}]}, "until: got 'Lunch'; expected a kind of event, or a point"),
        ({**HEAD, "ops": [{"op": "new", "arena": 0, "type": "T"}]}, r"new.type: got 'T'; expected one of .*: none"),
        ({**HEAD, "ops": [{"op": "gc", "detail": 1}]}, "detail: got 1; expected True or False"),
        ({**HEAD, "expect": [{"after": 0}]}, r"expect\[0\]: after: got 0; expected an index of ops, -1"),
        ({**HEAD, "ops": [MAKE], "expect": [{"after": 0, "readies": []}]}, "unknown key 'readies'; expected one of: r"),
        ({**HEAD, "ops": [MAKE], "expect": [{"after": 0, "ready": ["1"]}]}, "ready: got .*; expected a list of chunk"),
        ({**HEAD, "ops": [MAKE], "expect": [{"after": 0, "events": ["Lunch"]}]}, "events: got .*; expected a list of"),
        ({**HEAD, "ops": [MAKE], "expect": [{"after": 0, "bits": {"0": {"0": 3}}}]}, "bitmap words in hex"),
        ({**HEAD, "ops": [MAKE], "expect": [{"after": 0, "counters": {"heapLove": 3}}]}, "a table of Go counters"),
    ],
)  # fmt: skip
def test_a_scenario_without_sense_is_refused_by_file_and_key(data, says):
    with pytest.raises(ScenarioError, match=says) as refused:
        parse_scenario(data, "a.toml")
    assert str(refused.value).startswith("a.toml")


@pytest.mark.parametrize(
    ("types", "op", "says"),
    [
        ({"T": "struct{ a Nowhere }"}, {"op": "new", "arena": 0, "type": "T"}, "types.T: undefined: Nowhere"),
        ({"T": "int"}, {"op": "rep", "arena": 0, "type": "T", "n": 2**24}, "of one file may ask for 10,000,000 values"),
        ({"T": "[4294967296]byte"}, {"op": "rep", "arena": 0, "type": "T", "n": 9}, "of one file may ask for"),
    ],
)  # fmt: skip
def test_types_and_sizes_are_refused_before_anything_runs(types, op, says):
    scenario = parse_scenario({**HEAD, "types": types, "ops": [MAKE, op]}, "a.toml")
    with pytest.raises(ScenarioError, match=says):
        run(scenario)


def test_a_pause_that_never_comes_is_refused():
    data = {
        **HEAD,
        "recordable": False,
        "reason": "it pauses",
        "ops": [{**MAKE, "until": "ReuseTaken"}, {"op": "gc"}],
    }
    with pytest.raises(ScenarioError, match=r"a\.toml: ops\[0\]: ReuseTaken never happens in it"):
        run(parse_scenario(data, "a.toml"))


def test_a_death_that_no_expectation_announces_is_told():
    rows = [MAKE, {"op": "slice", "arena": 0, "type": "T", "cap": -1}]
    scenario = parse_scenario({**HEAD, "types": {"T": "int"}, "ops": rows}, "a.toml")
    said = r"a\.toml: ops\[1\]: panic: userArena.slice: negative cap \(cap is -1\)"
    with pytest.raises(ScenarioError, match=said):
        run(scenario)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ({"after": 0, "ready": [5]}, r"a\.toml: expect\[0\] \(after = 0\): the ready list is \[1, 2"),
        ({"after": 0, "chunks": {"99": {"list": "full"}}}, r"expect\[0\].*: chunk 99's list is 'missing'"),
        ({"after": 0, "touch": [{"object": 9, "outcome": "fine"}]}, r"touch: Pointer.object: got 9"),
        ({"after": -1, "phase": "mark"}, r"the phase is 'off', expected 'mark'"),
        ({"after": 0, "ready": [5], "fault": [1]}, r"; and 1 more"),
    ],
)
def test_expectation_that_does_not_hold_fails_the_run(engine, expect, says):
    scenario = parse_scenario({**HEAD, "ops": [MAKE], "expect": [expect]}, "a.toml")
    with pytest.raises(ScenarioError, match=says):
        run(scenario, ENGINES[engine])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = ", "not TOML"),
        ("name = 'a'\nops = 3", "ops: got 3; expected a list of tables"),
        ("#" * 1_000_001, "larger than"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(tmp_path, text, says):
    path = tmp_path / "a.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=says):
        read_scenario(path)


def test_a_scenario_that_is_not_there_is_refused():
    with pytest.raises(ScenarioError, match="unknown scenario 'refill-nothing'"):
        load_scenario("refill-nothing")
    with pytest.raises(ScenarioError, match=r"can.t be read"):
        load_scenario("nowhere/a.toml")


@pytest.mark.parametrize(
    ("go", "first", "versions"),
    [
        (">=1.21", "1.21", ["1.21", "1.22", "1.23", "1.24", "1.27"]),
        ("1.21", "1.21", ["1.21"]),
        ("<1.24", "1.21", ["1.21", "1.22", "1.23"]),
        (">=1.22,<1.24", "1.22", ["1.22", "1.23"]),
        (">=1.24", "1.24", ["1.24", "1.27"]),
    ],
)
def test_a_scenario_runs_on_the_versions_that_it_names(go, first, versions):
    scenario = parse_scenario({**HEAD, "go": go}, "a.toml")
    assert (scenario.first, scenario.version) == (first, versions[-1])
    assert [v for v in ("1.20", "1.21", "1.22", "1.23", "1.24", "1.27") if scenario.runs_on(v)] == versions


@pytest.mark.parametrize(
    "go", ["new", "", "1", ">1.21", "<=1.22", ">=1.22<1.24", ">=1.24,<1.22", ",<1.24", 1.21]
)
def test_go_versions_that_are_none_are_refused(go):
    with pytest.raises(ScenarioError, match=r"a\.toml: go: got .*; expected a version"):
        parse_scenario({**HEAD, "go": go}, "a.toml")


WORDS = ["op", "arena", "type", "after", "ready", "bits", "events", "0", "T", "gogc"]
NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["new", "int", "a", "0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(WORDS), inner, max_size=3
    ),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS), NESTED, max_size=6))
def test_any_tables_are_a_scenario_or_one_clear_error(data):
    with suppress(ScenarioError):
        assert isinstance(parse_scenario({**data, "name": "a"}, "a.toml"), Scenario)


@pytest.fixture
def type_of():
    from arenalab.syntax import type_of  # noqa: PLC0415

    return type_of


def in_turns(*rows, **more):
    about = {"name": "x-y-z", "about": "A.", "go": ">=1.21", "recordable": False, "reason": "b"}
    return parse_scenario(about | {"ops": list(rows)} | more, "x-y-z.toml")


MADE = {"op": "new_arena", "arena": 0}
STANDING = {"op": "new_arena", "arena": 1, "goroutine": 2, "until": "reuse empty"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([MADE, {"go_on": 2}], r"ops\[1\]: goroutine 2 is within no operation; those that are: none"),
        ([MADE, STANDING], r"ops\[1\] never ends; write { go_on = 2 }"),
        (
            [STANDING, STANDING | {"arena": 3}],
            r"goroutine 2 stands within ops\[0\]; write { go_on = 2 } first",
        ),
        (
            [STANDING | {"until": "reuse full"}, {"go_on": 2}],
            r"until: got .reuse full.; expected a point .reuse empty",
        ),
        ([STANDING | {"until": "ChunkMapped"}, {"go_on": 2}], r"until: got 'ChunkMapped'; expected a point"),
        ([MADE | {"until": "nothing"}], r"until: got 'nothing'; expected a kind of event, or a point"),
        ([MADE | {"goroutine": 0}], r"goroutine: got 0; expected the number of a goroutine"),
        ([MADE | {"goroutine": "2"}], r"goroutine: got '2'; expected the number of a goroutine"),
        ([MADE | {"p": 999}], r"p: got 999; expected the number of a P"),
        ([STANDING, {"go_on": True}], r"go_on: got True; expected the number of a goroutine"),
        ([STANDING, {"go_on": 2, "arena": 1}], r"ops\[1\].*arena"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_named_before_anything_runs(rows, said):
    with pytest.raises(ScenarioError, match=said):
        in_turns(*rows)


def test_a_value_is_that_of_the_operation_that_made_it_whoever_came_in_between():
    full = {"op": "rep", "type": "Quarter", "n": 4}
    stands = {"op": "new", "type": "Quarter", "until": "reuse empty"}
    places = [
        {"op": 4, "chunk": 2, "off": 0},
        {"op": 5, "chunk": 3, "off": 0},
        {"op": 4, "nth": 1, "at": "nowhere"},
    ]
    scenario = in_turns(
        MADE, {"op": "new_arena", "arena": 1}, full | {"arena": 0}, full | {"arena": 1},
        stands | {"arena": 0}, stands | {"arena": 1, "goroutine": 2, "p": 1}, {"go_on": 1}, {"go_on": 2},
        go="1.21", types={"Quarter": "[1 << 18]*byte"}, expect=[{"after": 7, "places": places}],
    )  # fmt: skip
    assert list(broken(scenario, run(scenario))) == []


def test_a_point_that_an_operation_does_not_come_by_is_named():
    scenario = in_turns(MADE, {"op": "free", "arena": 0, "until": "chunk freed"}, {"go_on": 1})
    with pytest.raises(ScenarioError, match=r"ops\[1\]: it can't end so: comes by no point 'chunk freed'"):
        run(scenario)


def test_real_go_is_not_asked_for_goroutines():
    with pytest.raises(ScenarioError, match="real Go can't be asked for 'goroutine'; add recordable = false"):
        parse_scenario(
            {"name": "x-y-z", "about": "A.", "go": ">=1.21", "ops": [MADE | {"goroutine": 2}]}, "x-y-z.toml"
        )


def test_the_docs_name_every_point():
    page = (Path(__file__).parent.parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
    assert [point for point in POINTS if f"| `{point}` | " not in page] == []
