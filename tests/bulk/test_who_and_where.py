"""Whose rows a run's are, and which slots handles take: numbers of any size, and answers that no solver gives."""

import numpy as np
import pytest

from arenalab.bulk.handle_slots import Slots, certify_slots
from arenalab.bulk.turns import Stretch, Turns, certify_turns
from arenalab.errors import ModelBug
from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.replay import replay as replay_module
from arenalab.replay.replay import replay
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.run_events import BumpRun
from arenalab.world.state import World
from tests.strategies import GC_OFF


@pytest.mark.parametrize(
    "arenas",
    [(300, 301, 302), (254, 255, 256), (0, 254), (0, 255), (7, 100_000), tuple(range(40))],
    ids=str,
)
def test_arenas_of_a_run_may_have_any_numbers(arenas, monkeypatch):
    monkeypatch.setattr(replay_module, "SHORT", 2)
    node = type_of("struct{ next *int; n [3]int }")
    program = [ops.NewArena(number) for number in arenas]
    program += [ops.New(number, node) for number in (*arenas, *reversed(arenas[:-1])) for _ in range(2)]
    bulk = replay(program, GC_OFF)
    assert [event.user_arenas for event in bulk.events if isinstance(event, BumpRun)] == [arenas]
    assert bulk.world.differences(Machine(GC_OFF).run(program).world) == []


def test_slot_that_is_taken_is_no_second_handles():
    world = World(GO_1_21)
    world.handle_spans.made, world.handle_spans.partial = 1, [0]
    world.handle_spans.taken.update({0: 8, 2: 9})
    certify_slots(world, Slots(np.array([1, 3]), (0,)))
    with pytest.raises(ModelBug, match="two handles are in one slot"):
        certify_slots(world, Slots(np.array([1, 2]), (0,)))


def test_arena_that_is_made_twice_is_refused():
    none = np.zeros(4, bool)
    stretch = Stretch(np.array([1, 0, 1, 0], bool), none, none, np.array([5, 5, 5, 5]))
    turns = Turns(4, *map(np.array, ([0, 2], [4, 4], [5, 5], [1, 3], [0, 1])), np.zeros(0, int))
    with pytest.raises(ModelBug, match="turns of 2 arenas"):
        certify_turns(stretch, turns)
