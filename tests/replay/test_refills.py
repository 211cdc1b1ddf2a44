"""Refills and the Free of full chunks in a replay: the step machine's World and events, without its single values."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.go.versions import GO_NEWEST
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload
from arenalab.world import ops
from arenalab.world.events import ChunkRetired, ObjectAllocated
from arenalab.world.history import History
from arenalab.world.run_events import ArenaRun, BumpRun, freed_by
from tests.replay.test_arena_runs import FEW, short_runs  # noqa: F401  # a fixture
from tests.replay.test_replay import differing, expanded_events
from tests.strategies import GC_OFF


def large_requests(count=24, values=100):
    """Return a program of requests of three quarters of a chunk each, some hundred values."""
    page, node = workload("many-small-arenas", 10).types[16], workload("many-small-arenas", 10).types[9]
    program = []
    for number in range(count):
        one = [ops.New(number, node), ops.New(number, page), ops.MakeSlice(number, page, 1400 // values)]
        program += [ops.NewArena(number), *(one * values), ops.Free(number)]
    return program


def test_refills_and_the_free_of_full_chunks_stand_in_runs(tmp_path):
    program = large_requests()
    history, steps = replay(program, GC_OFF), Machine(GC_OFF).run(program)
    refills = [at for at, event in enumerate(history.events) if isinstance(event, ChunkRetired)]
    freed = sum(len(freed_by(event)) for event in history.events if isinstance(event, ArenaRun))
    assert (len(refills), freed > 12) == (17, True)
    placed = (ObjectAllocated, BumpRun, ArenaRun)
    after = [next(each for each in history.events[at:] if isinstance(each, placed)) for at in refills]
    assert ObjectAllocated not in map(type, after)
    assert history.world.differences(steps.world) == []
    assert expanded_events(history) == steps.events
    history.save(tmp_path / "requests.npz")
    assert History.load(tmp_path / "requests.npz").certify() is None


@st.composite
def large_values(draw):
    """Draw a program of values of up to a quarter of a chunk in three arenas, each freed and followed now and then."""
    page, node = workload("many-small-arenas", 10).types[16], workload("many-small-arenas", 10).types[9]
    lanes, program = [0, 1, 2], [*map(ops.NewArena, range(3))]
    asked = st.tuples(
        st.integers(0, 2), st.sampled_from([1, 60, 250, 400, 512]), st.sampled_from([0, 0, 1, 2])
    )
    for made, (lane, count, then) in enumerate(draw(st.lists(asked, min_size=30, max_size=60)), 3):
        program += [ops.MakeSlice(lanes[lane], page, count), ops.New(lanes[lane], node)]
        if then:
            program += [ops.Free(lanes[lane]), ops.NewArena(made)]
            lanes[lane] = made
        if then == 2:  # another one comes and goes
            program += [ops.NewArena(made + 1000), ops.New(made + 1000, node), ops.Free(made + 1000)]
    return program


@pytest.mark.usefixtures("short_runs")
@FEW
@given(large_values(), st.sampled_from([GC_OFF, replace(GO_NEWEST, gogc=-1), replace(GO_NEWEST, gogc=100)]))
def test_random_large_values_end_in_the_step_machines_world_by_its_events(program, rules):
    bulk, steps = replay(program, rules), Machine(rules).run(program)
    assert bulk.world.differences(steps.world) == []
    assert bulk.op_rows.numbers.tolist() == steps.op_rows.numbers.tolist()
    if rules.gogc < 0:  # a cycle goes on beside other operations than its own
        assert differing(bulk, steps) == []
        assert expanded_events(bulk) == steps.events


def megabytes(number, *counts):
    """Return values of so many MiB without pointers, each followed by one with a pointer."""
    page, node = workload("many-small-arenas", 10).types[16], workload("many-small-arenas", 10).types[9]
    return [
        op for mib in counts for op in (ops.MakeSlice(number, page, int(256 * mib)), ops.New(number, node))
    ]


WHOLE = [2, 2, 2, 1.9]  #: MiB that fill a chunk.
REFILLS = {
    "the chunk that comes has no room either": [
        *map(ops.NewArena, range(2)), *megabytes(0, 2, 2, 2, 1), *megabytes(1, *WHOLE),
        ops.Free(0), *megabytes(1, 2, 0.5, 2),
    ],
    "two with full chunks are freed, the one made last first": [
        ops.NewArena(8), ops.NewArena(9), ops.Free(8), ops.Free(9),  # the reuse list has room for two
        *map(ops.NewArena, range(3)), *megabytes(0, *WHOLE, 1), *megabytes(1, *WHOLE, 1),
        ops.Free(1), *megabytes(2, 0.1), ops.NewArena(3), *megabytes(3, 0.1), ops.Free(0), ops.NewArena(4), ops.Free(4),
    ],
    "the value is the last thing of its arena": [
        *map(ops.NewArena, range(2)), *megabytes(0, 2, 2), ops.Free(0),
        *megabytes(1, *WHOLE), megabytes(1, 1)[0], ops.Free(1), ops.NewArena(2), *megabytes(2, 0.1), ops.Free(2),
    ],
}  # fmt: skip


@pytest.mark.usefixtures("short_runs")
@pytest.mark.parametrize("case", REFILLS)
def test_refill_where(case):
    history, steps = replay(REFILLS[case], GC_OFF), Machine(GC_OFF).run(REFILLS[case])
    assert history.world.differences(steps.world) == []
    assert history.op_rows.numbers.tolist() == steps.op_rows.numbers.tolist()
    assert expanded_events(history) == steps.events


@pytest.mark.usefixtures("short_runs")
def test_refill_that_starts_a_cycle_is_the_machines():
    program, rules = [*map(ops.NewArena, range(2)), *megabytes(0, *WHOLE * 6)], replace(GO_NEWEST, gogc=100)
    history, steps = replay(program, rules), Machine(rules).run(program)
    assert steps.world.counters.numgc == 4
    assert any(isinstance(event, BumpRun) for event in history.events)
    assert history.world.differences(steps.world) == []
