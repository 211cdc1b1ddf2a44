"""The same operations under every build: what each answers, where one ends, what it refuses."""

from dataclasses import replace

import pytest

from arenalab.explore.builds import BUILDS, Builds
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.strategies import GC_OFF

NODE, QUARTER = type_of("struct{ next *int; value int }"), type_of("[2097152]byte")
FULL = (ops.NewArena(0), ops.New(0, NODE), *[ops.New(0, QUARTER)] * 4)


def by_build(builds):
    return {run.build: run for run in builds.runs()}


def test_each_build_does_the_same_operations_under_its_own_rules():
    history = Machine(GC_OFF).run([*FULL, ops.Free(0)])
    runs = by_build(Builds(history))
    assert tuple(runs) == BUILDS
    for build, run in runs.items():
        there = run.changes.history
        assert there.rules == replace(GC_OFF, build_mode=build)
        assert list(there.ops) == list(history.ops)
        assert there.world == Machine(there.rules).run(history.ops).world
    assert runs["plain"].changes.history is history
    assert runs["race"].changes.history.world.quarantine == [1, 0]
    assert history.world.reuse == [1]


def test_own_build_may_be_any():
    history = Machine(replace(GC_OFF, build_mode="asan")).run([*FULL, ops.Free(0)])
    builds = Builds(history)
    assert (builds.own, by_build(builds)["asan"].changes.history) == ("asan", history)
    assert by_build(builds)["plain"].changes.history.world.reuse == [1]


def test_history_that_grows_is_followed():
    machine = Machine(GC_OFF)
    machine.run(FULL)
    builds = Builds(machine.history)
    builds.runs()
    machine.do(ops.Free(0))
    assert {len(run.changes.history.ops) for run in builds.runs()} == {len(FULL) + 1}


def test_program_that_dies_under_another_build_ends_there():
    machine = Machine(GC_OFF)
    machine.run([*FULL[:2], ops.Free(0), ops.Read(0, 8), ops.NewArena(1)])
    race = by_build(Builds(machine.history))["race"].changes.history
    assert len(race.ops) == 4
    assert race.world.died == "accessed data from freed user arena 0xc004000008"


def test_stored_pointer_is_stored_where_the_object_is_in_that_build():
    machine = Machine(GC_OFF)
    machine.run(FULL)
    slot, target = (machine.world.ledger.row(row)[0] for row in (0, 3))
    machine.run([ops.Store(slot, target + 5), ops.Store(slot, 0), ops.Store(slot, target + 9)])
    race = by_build(Builds(machine.history))["race"].changes.history.world
    there = [race.ledger.row(row)[0] for row in (0, 3)]
    assert there[0] != slot
    assert race.slots.target(0, there[0]) == there[1] + 9


def test_sweeper_takes_the_next_chunk_where_the_one_of_this_build_is_not_due():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, NODE), ops.Free(0), ops.NewArena(1), ops.RunGC()])
    machine.run([ops.MarkBegin(), ops.FinishMark(), ops.SweepStep(0)])  # chunk 0 is on race's ready list
    for run in Builds(machine.history).runs():
        assert run.trouble == ""
        assert not any(run.changes.history.world.unswept.values())


def test_refused_operation_is_said_and_ends_that_build():
    machine = Machine(GC_OFF)
    machine.run([*FULL, ops.MarkBegin(), ops.MarkEnd()])
    machine.history.ops.insert(2, ops.Free(7))  # planted: no run could hold it
    for run in Builds(machine.history).runs():
        if run.build != "plain":
            assert run.trouble == "operation 3 is refused: there is no user arena 7; made so far: 0"
            assert len(run.changes.history.ops) == 2


def test_run_that_goes_on_from_another_one_has_no_other_builds():
    first = Machine(GC_OFF).run(FULL)
    second = Machine(GC_OFF, start=first.at(len(first)))
    second.do(ops.Free(0))
    runs = by_build(Builds(second.history))
    assert runs["race"].changes is None
    assert "goes on from a moment of another one" in runs["race"].trouble


def test_trace_is_repeated_in_bulk():
    trace = workload("mixed", 2_000)
    history = replay(trace)
    race = by_build(Builds(history))["race"].changes.history
    assert race.world == replay(trace, replace(history.rules, build_mode="race")).world


@pytest.mark.parametrize("limit", [3])
def test_very_long_run_of_single_steps_is_not_repeated(monkeypatch, limit):
    monkeypatch.setattr("arenalab.explore.builds.MOST_OPS", limit)
    runs = by_build(Builds(Machine(GC_OFF).run(FULL)))
    assert runs["race"].trouble == "6 operations are not repeated; a trace of them would be, in bulk"
