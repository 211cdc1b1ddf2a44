"""The litmus catalogue: what a file may say, and in which states a program may end."""

import pytest

import arenalab
from arenalab.errors import ScenarioError
from arenalab.go.versions import NEWEST, VERSIONS
from arenalab.scenarios import load_scenario
from arenalab.scenarios.litmus import catalogue, litmus_of, load_litmus, states
from arenalab.scenarios.litmus.question import FAMILIES, found_in, state_of
from arenalab.scenarios.read import parse_scenario
from arenalab.scenarios.run import checked
from arenalab.world.apply_forget import forget

FIRST = next(iter(VERSIONS))
TOLD = catalogue()


def test_each_program_teaches_something_of_its_own():
    assert len({each.lesson for each in TOLD}) == len({each.name for each in TOLD}) == len(TOLD)
    assert {each.family for each in TOLD} == set(FAMILIES)
    assert all(each.lesson.endswith(".") and len(each.scenario.rows) <= 16 for each in TOLD)


def test_one_program_is_asked_twice_only_with_another_question():
    asked = [(each.digest, each.exists) for each in TOLD]
    assert len(set(asked)) == len(asked)


def test_an_end_is_written_and_read_alike():
    found = {4: "41", 7: "panic: runtime error: invalid memory address or nil pointer dereference"}
    assert found_in(state_of(found)) == found
    assert found_in(state_of({})) == {}


def test_goroutines_take_their_turns_in_every_order():
    """Two goroutines with one operation each that nothing can overtake end in both orders, and in no third way."""
    ends = states(load_litmus("goroutine-makes-an-arena-while-another-frees"), NEWEST)
    assert set(ends) == {"6: 0", "6: 99"}
    assert states(load_litmus("goroutine-reads-a-begun-chunk-while-another-frees"), NEWEST) == {"4: 41": 2}


def test_what_was_written_where_no_value_was_is_in_the_value_that_comes_there():
    dirty = load_litmus("write-before-the-stranger-comes-is-in-its-new-value")
    clean = load_litmus("write-is-lost-when-the-chunk-is-obtained")
    for version in (FIRST, NEWEST):
        assert all(found_in(state)[9] == "7" for state in states(dirty, version))
        assert all(found_in(state)[12] == "0" for state in states(clean, version))


def test_a_world_that_forgets_its_objects_keeps_what_lies_where_none_is():
    scenario = load_scenario("write-beyond-the-last-value-is-in-the-next-one")
    machine = arenalab.Machine(scenario.rules)
    machine.run(scenario.ops[:4])
    assert list(forget(machine.world).cells.values()) == [7]


# what a file may say

GOOD = {
    "name": "a-b-c",
    "about": "It reads.",
    "types": {"Int": "int"},
    "ops": [
        {"op": "new_arena", "arena": 0},
        {"op": "new", "arena": 0, "type": "Int"},
        {"op": "read", "object": 0, "offset": 0},
    ],
}
ASKS = {"family": "reuse", "asks": "it finds 0", "exists": {"2": 0}, "answer": "always"}


def read(**changed):
    """Return the question of a small program with some keys of [litmus] changed; None removes one."""
    asked = {key: value for key, value in (ASKS | changed).items() if value is not None}
    return litmus_of(parse_scenario(GOOD | {"litmus": asked}, "a-b-c.toml"))


def test_a_small_question_is_read():
    litmus = read(answer={"<1.22": "always", ">=1.22": "never"})
    assert (litmus.answer("1.21"), litmus.answer("1.27")) == ("always", "never")
    assert litmus.exists == ((2, "0"),)
    assert not litmus.scenario.recordable
    assert states(litmus, NEWEST) == {"2: 0": 1}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"family": "zoo"}, "litmus: family: got 'zoo'; expected one of: reads after free"),
        ({"asks": None}, "litmus: asks: got ''; expected the question in words"),
        ({"exists": {}}, "expected what operations must have found, such as { 4 = 41 }"),
        ({"exists": {"3": 0}}, "litmus: exists.3: got 0; expected what one of ops[0] to ops[2] can find"),
        ({"exists": {"2": "done"}}, "litmus: exists.2: got 'done'; expected what one of ops[0]"),
        ({"answer": "perhaps"}, "expected one of: always, sometimes, never"),
        ({"answer": {"<1.22": "always"}}, "expected one answer for Go 1.22"),
        ({"answer": {">=1.21": "always", ">=1.22": "never"}}, "expected one answer for Go 1.22"),
        ({"colour": "red"}, "litmus: unknown key 'colour'"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(changed, says):
    with pytest.raises(ScenarioError) as refused:
        read(**changed)
    assert says in str(refused.value)


def test_a_program_that_says_whose_turn_it_is_asks_no_litmus_question():
    ops = [*GOOD["ops"][:2], {"op": "free", "arena": 0, "until": "chunk freed"}, {"go_on": 1}]
    with pytest.raises(ScenarioError, match="has no order of turns"):
        litmus_of(parse_scenario(GOOD | {"ops": ops, "litmus": ASKS | {"exists": {"1": 0}}}, "a-b-c.toml"))


def test_an_unknown_program_is_refused_by_its_name():
    with pytest.raises(ScenarioError, match="unknown litmus program 'nobody'"):
        load_litmus("nobody")


@pytest.mark.parametrize(
    "name", ["read-of-a-full-chunk-faults", "goroutine-reads-while-another-frees-a-full-chunk"]
)
def test_a_litmus_program_opens_as_any_scenario_does_however_it_ends(name):
    scenario = load_scenario(name)
    history = arenalab.open(scenario.path)
    assert len(history.ops) == len(scenario.rows)
    assert checked(scenario) == []
