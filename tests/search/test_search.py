"""The bounded search: states by their key, level by level, in one process and in two; every planted fault is found."""

import inspect
import random
import sys
import textwrap
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module

import numpy as np
import pytest

from arenalab import explore
from arenalab.errors import ArgumentError, ScenarioError
from arenalab.machine.machine import Machine
from arenalab.search import Bounds, Search
from arenalab.search.bounds import BY_HAND
from arenalab.search.expand import differ
from arenalab.search.key import parts
from arenalab.search.node import Node, program_of, walk
from arenalab.search.properties import PROPERTIES, broken
from arenalab.search.starts import STARTS
from arenalab.world.touch import Outcome
from tests.search.faults import FAULTS

EACH = [
    Bounds(), Bounds(links=True, holds=2), Bounds(go="1.21", arenas=3, links=True),
    Bounds(collector=BY_HAND, holds=2, links=True), Bounds(go="1.21", build_mode="asan", collector=BY_HAND),
]  # fmt: skip


def wandered(bounds, moves, dice):
    """Return a random path, and the state that it leads to."""
    node, path = Node(bounds), ()
    for _ in range(moves):
        move = dice.choice(list(node.moves()))
        after = node.after(move)
        if after is not None:
            node, path = after, (*path, move)
    return path, node


@pytest.mark.parametrize("bounds", EACH, ids=str)
def test_states_of_one_key_answer_all_queries_alike(bounds):
    dice, by_key, pairs = random.Random(7), {}, 0  # noqa: S311
    for _ in range(400):
        path, node = wandered(bounds, dice.randint(4, 12), dice)
        other = by_key.setdefault(node.key(), path)
        if other != path:
            pairs += 1
            assert differ(bounds, path, other) == "", (path, other)
    assert pairs > 10


def test_a_digest_tells_apart_just_what_the_parts_tell_apart():
    bounds, dice, told = Bounds(links=True, holds=2), random.Random(5), {}  # noqa: S311
    nodes = [wandered(bounds, dice.randint(2, 9), dice)[1] for _ in range(200)]
    for node in nodes:
        written = repr(parts(node.world, node.held))
        assert told.setdefault(node.key(), written) == written
    assert 50 < len(set(told.values())) == len(told) < len(nodes)


@pytest.mark.parametrize("bounds", EACH, ids=str)
def test_each_move_that_is_offered_makes_sense(bounds):
    dice = random.Random(11)  # noqa: S311
    for _ in range(20):
        _, node = wandered(bounds, dice.randint(1, 10), dice)
        assert all(node.after(move) is not None for move in node.moves())


@pytest.mark.parametrize("bounds", EACH, ids=str)
def test_a_path_is_a_program_that_a_machine_performs_alike(bounds):
    dice = random.Random(3)  # noqa: S311
    for _ in range(10):
        path, node = wandered(bounds, 10, dice)
        machine = Machine(bounds.rules, cycles="asked")
        machine.run(program_of(bounds, path))
        assert machine.world.differences(node.world) == []


def test_two_processes_find_what_one_does_in_the_same_order():
    alone = Search(Bounds(), piece=16)
    levels = list(alone.levels(5))
    with ProcessPoolExecutor(2) as executor:
        together = Search(Bounds(), executor=executor, piece=16)
        assert list(together.levels(5)) == levels
    assert np.array_equal(alone.frontier, together.frontier)
    assert np.array_equal(alone.seen, together.seen)
    assert alone.states == 1 + sum(level.states for level in levels)
    larger = Search(Bounds())
    assert list(larger.levels(5)) == levels
    assert np.array_equal(alone.frontier, larger.frontier)


def test_a_search_that_was_saved_goes_on_where_it_was(tmp_path):
    whole, first = Search(Bounds()), Search(Bounds())
    list(whole.levels(5))
    list(first.levels(3))
    first.save(tmp_path / "search.npz")
    second = Search.resumed(tmp_path / "search.npz")
    assert [level.depth for level in second.levels(5)] == [4, 5]
    assert second.done == whole.done
    assert np.array_equal(second.frontier, whole.frontier)
    (tmp_path / "not.npz").write_bytes(b"no archive")
    with pytest.raises(ScenarioError, match="no saved search"):
        Search.resumed(tmp_path / "not.npz")


def test_a_level_that_time_does_not_suffice_for_is_not_counted():
    search = Search(Bounds())
    assert list(search.levels(5, seconds=0)) == []
    assert search.states == 1


@pytest.mark.parametrize("build", ["plain", "race", "msan", "asan"])
def test_a_pointer_that_is_seen_never_finds_a_strangers_value_and_one_that_is_hidden_may(build):
    search = Search(Bounds(build_mode=build, hidden=True), STARTS["recycled"])
    held, hidden = Counter(), Counter()
    for level in search.levels(3):
        held.update(level.outcomes)
        hidden.update(level.hidden)
    stranger, stale = str(Outcome.OTHER), str(Outcome.STALE)
    assert hidden[stranger] > 50 > held[stranger] == 0
    assert (hidden[stale] > 0) == (held[stale] > 0) == (build == "plain")


@pytest.mark.parametrize("name", STARTS)
def test_a_start_breaks_nothing_and_leads_where_it_says(name):
    [(_, node)] = walk(Bounds(links=True), [STARTS[name]])
    assert broken(node) == ""
    assert node.recycled == (name == "recycled")


@pytest.mark.parametrize(("given", "said"), [
    ({"arenas": 0}, "arenas"), ({"holds": -1}, "holds"), ({"collector": "fast"}, "by hand"), ({"go": "1.2"}, "1.27"),
])  # fmt: skip
def test_bounds_that_make_no_sense_are_refused(given, said):
    with pytest.raises((ArgumentError, ScenarioError), match=said):
        Bounds(**given)


@contextmanager
def planted(module, name, old, new):
    """Have a function of the model do something else, wherever it was imported."""
    function = getattr(import_module(module), name)
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(old) >= 1, f"{old!r} does not stand in {name} any more"
    space = dict(sys.modules[module].__dict__)
    body = source[source.index("def ") :].replace(old, new, 1)
    exec(compile(f"from __future__ import annotations\n{body}", module, "exec"), space)  # noqa: S102  # our own source
    kept, function.__code__ = function.__code__, space[name].__code__
    try:
        yield
    finally:
        function.__code__ = kept


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[0])
def test_a_fault_in_the_models_rules_is_found_by_a_shortest_program(fault):
    _, module, name, old, new, bounds, start, depth = fault
    with planted(module, name, old, new):
        search = Search(bounds, STARTS[start])
        list(search.levels(depth))
        assert search.found, "no program of so many moves shows it"
        first = search.found[0]
        assert len(first.path) <= len(STARTS[start]) + depth
        assert first.wrong.split(":")[0].replace(" ", "_") in {each.__name__ for each in PROPERTIES}
    assert not Search(bounds, first.path).found  # without the fault it is a program like any other
    assert broken(next(walk(bounds, [first.path]))[1]) == ""


def test_a_counterexample_opens_in_the_life_cycle():
    _, module, name, old, new, bounds, start, depth = FAULTS[1]
    with planted(module, name, old, new):
        search = Search(bounds, STARTS[start])
        list(search.levels(depth))
    machine = Machine(bounds.rules, cycles="asked")
    history = machine.run(search.found[0].program)
    assert "chunk" in explore.LifeCycle(history, cursor=len(history)).text()
