"""Globals and links that a program sets between the allocations of a run: the step machine's World and events."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import ModelBug, ScenarioError
from arenalab.go.versions import GO_NEWEST
from arenalab.machine.machine import Machine
from arenalab.replay import moves
from arenalab.replay import replay as replay_module
from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload
from arenalab.world import ops
from arenalab.world.end_events import PointerHeld, PointerReleased, PointerStored
from arenalab.world.invariants import check_settled
from arenalab.world.run_events import BumpRun
from tests.examples import examples
from tests.replay.test_replay import differing, expanded_events
from tests.strategies import GC_OFF, small_types

ARENAS = st.integers(0, 3)


@pytest.fixture
def short_runs(monkeypatch):
    """Let two values be a run."""
    monkeypatch.setattr(replay_module, "SHORT", 2)


@st.composite
def programs_with_moves(draw):
    """Draw a program of four arenas, one empty, one freed: values, moves between them, some collections."""
    program = [*map(ops.NewArena, range(4)), ops.Free(2)]
    value = st.builds(ops.New, st.sampled_from([0, 0, 1, 3]), small_types)
    elements = st.builds(ops.MakeSlice, st.sampled_from([0, 1]), small_types, st.integers(1, 40))
    held = st.builds(ops.Hold, st.integers(0, 2), ARENAS)
    link, gone = st.builds(ops.Link, ARENAS, ARENAS), st.builds(ops.Unhold, st.integers(0, 2))
    some = st.one_of(value, value, value, value, elements, held, link, gone, st.builds(ops.Drop, ARENAS))
    for more in draw(st.lists(st.lists(some, max_size=30), max_size=4)):
        named = {op.hold for op in program if isinstance(op, ops.Hold)}
        for op in more:
            named |= {op.hold} if isinstance(op, ops.Hold) else set()
            if not isinstance(op, ops.Unhold) or op.hold in named:
                program.append(op)
        program.append(draw(st.sampled_from([ops.RunGC(), ops.StartGC(), ops.Hold(0, 0)])))
        if isinstance(program[-1], ops.StartGC):
            program += [
                *draw(st.lists(some.filter(lambda op: not isinstance(op, ops.Unhold)), max_size=6)),
                ops.RunGC(),
            ]
    return without_the_dropped(program)


def without_the_dropped(program):
    """Return a program without what needs an arena that it has dropped; a global or link of one is no mistake."""
    left, gone = [], set()
    for op in program:
        if isinstance(op, ops.Hold | ops.Link) or getattr(op, "user_arena", -1) not in gone:
            left.append(op)
        gone |= {op.user_arena} if isinstance(op, ops.Drop) else set()
    return left


@pytest.mark.usefixtures("short_runs")
@examples(40, suppress_health_check=["function_scoped_fixture", "too_slow"])
@given(programs_with_moves(), st.sampled_from([GC_OFF, replace(GO_NEWEST, gogc=-1)]))
def test_random_moves_end_in_the_step_machines_world_by_its_events(program, rules):
    bulk, steps = replay(program, rules), Machine(rules).run(program)
    assert differing(bulk, steps) == []
    assert bulk.world.differences(steps.world) == []
    assert expanded_events(bulk) == steps.events
    assert bulk.op_rows.numbers.tolist() == steps.op_rows.numbers.tolist()
    check_settled(bulk.world)


def with_moves():
    """Return values of two arenas by the hundred, with moves between them."""
    node, word = workload("mixed", 10).types[9], workload("mixed", 10).types[3]
    program = [ops.NewArena(0), ops.NewArena(1)]
    for number in range(120):
        program += [ops.New(0, node), ops.New(1, word), ops.New(1, node), ops.New(0, word)]
        program += {7: [ops.Hold(0, 0)], 40: [ops.Link(1, 0)], 41: [ops.Unhold(0), ops.Hold(1, 1)]}.get(
            number, []
        )
    return program


def test_arena_is_dropped_in_a_run_that_ends_where_it_is_used_again():
    values = with_moves()
    own = [op for op in values if getattr(op, "user_arena", 0) == 0]
    program = [*values[:200], ops.Drop(1), *own[-100:]]
    history, steps = replay(program, GC_OFF), Machine(GC_OFF).run(program)
    (_,) = (event for event in history.events if isinstance(event, BumpRun))
    assert history.world.differences(steps.world) == []
    assert expanded_events(history) == steps.events
    for late in (ops.New(1, workload("mixed", 10).types[9]), ops.Free(1), ops.Drop(1)):
        with pytest.raises(ScenarioError, match="dropped user arena 1"):
            replay([*program, late, *own[-50:]], GC_OFF)


def test_moves_stand_in_one_run():
    history, steps = replay(with_moves(), GC_OFF), Machine(GC_OFF).run(with_moves())
    (run,) = (event for event in history.events if isinstance(event, BumpRun))
    assert run.count == 480
    kinds = (PointerHeld, PointerReleased, PointerStored)
    moved = [[event for event in each.events if isinstance(event, kinds)] for each in (history, steps)]
    assert moved[0] == moved[1]
    assert len(moved[0]) == 4
    assert history.world.differences(steps.world) == []


#: A fault of the solver -> where it says that the value is which is meant, from where it is and how many come before.
FAULTS = {
    "the one before": lambda place, _: place - 2,
    "another arena's": lambda place, _: place - 1,
    "one that comes later": lambda _, before: before,
    "none": lambda *_: -1,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_another_value_is_refused(fault, monkeypatch):
    right = moves.solve_latest

    def wrong(owners, owner, before, *which):
        return FAULTS[fault](right(owners, owner, before, *which), before)

    monkeypatch.setattr(moves, "solve_latest", wrong)
    with pytest.raises(ModelBug, match="is not the last one of its owner"):
        replay(with_moves(), GC_OFF)


@pytest.mark.parametrize("nonsense", [ops.Hold(0, 7), ops.Link(0, 7), ops.Link(7, 0), ops.Unhold(5)])
def test_move_that_makes_no_sense_is_the_machines(nonsense):
    program = with_moves()
    program[100:100] = [nonsense]
    found = []
    for run in (replay, lambda rows, rules: Machine(rules).run(rows)):
        with pytest.raises(ScenarioError) as refused:
            run(program, GC_OFF)
        found.append(str(refused.value).removeprefix("operation 101: "))
    assert found[0] == found[1]
