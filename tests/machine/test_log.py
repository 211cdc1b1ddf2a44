"""Whose each event is, however operations, collector and finalizers take turns; and a log is a schedule."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import ModelBug, ScenarioError
from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.machine.procedures import BY_HAND, STOPS_THE_WORLD
from arenalab.machine.rerun import rerun
from arenalab.replay.replay import replay
from arenalab.syntax import type_of
from arenalab.units import MiB
from arenalab.world import ops
from arenalab.world.actors import FINALIZER, GC_WORKER, MAIN, SWEEPER
from arenalab.world.history import History
from arenalab.world.invariants import check
from arenalab.world.schedule import Begin, GoOn
from tests.examples import examples
from tests.strategies import GC_OFF, programs

QUARTER = type_of("[2097152]byte")
OFTEN = replace(GO_1_21, gogc=100)


def names(events):
    return [type(event).__name__ for event in events]


def freed_while_a_cycle_starts():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, QUARTER)] * 5])
    machine.begin(ops.Free(0))
    machine.step()
    machine.step()
    machine.interleave(ops.StartGC())
    machine.finish()
    return machine.history


def test_interrupted_operation_keeps_its_events_and_the_one_in_between_has_its_own():
    history = freed_while_a_cycle_starts()
    free, start = names(history.events_of(7)), names(history.events_of(8))
    assert free[:2] == ["MarkedDefunct", "FullUnlinked"]
    assert free[-1] == "ArenaEmptied"
    assert start[0] == "CycleStarted"
    assert "FaultDeferred" in free
    assert not set(free[2:]) & set(start)
    assert (history.op_end(7), history.op_end(8)) == (len(history), len(history) - len(free) + 2)
    assert {m.actor for m in history.moments() if m.op == 7} == {MAIN}


def test_object_made_by_a_resumed_operation_is_that_operations():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.NewArena(1)])
    machine.begin(ops.Rep(0, type_of("int"), 3))
    machine.step()
    machine.interleave(ops.New(1, type_of("byte")))
    machine.finish()
    machine.do(ops.New(1, type_of("byte")))
    assert [machine.history.log.op_of_row(row) for row in range(5)] == [2, 3, 2, 2, 4]


def test_object_of_the_operation_begun_last_is_its_own_after_an_earlier_one_went_on():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.NewArena(1)])
    machine.run([ops.New(arena, QUARTER) for arena in (0, 0, 0, 0, 1, 1, 1, 1)])
    machine.take(Begin(1, ops.New(0, QUARTER), until="reuse empty"))
    machine.take(Begin(2, ops.New(1, QUARTER), until="reuse empty", p=1))
    machine.take(GoOn(1))
    machine.take(GoOn(2))
    assert machine.history.log.ops_of_rows(8, 2).tolist() == [10, 11]


def test_ends_are_those_of_what_was_done_instead_where_operations_were_taken_back():
    both = [ops.New(0, type_of("byte")), ops.New(0, type_of("*int"))]
    machine = Machine(GC_OFF)
    history = machine.run([ops.NewArena(0), *both])
    before = history.log.steps().tolist(), history.log.settled().tolist()
    history.take_back(1, history.op_end(1))
    again = machine.run(both[::-1])
    fresh = Machine(GC_OFF).run([ops.NewArena(0), *both[::-1]])
    assert len(again) == len(fresh) == before[0][-1]
    told = [(each.log.steps().tolist(), each.log.settled().tolist()) for each in (again, fresh)]
    assert told[0] == told[1] != before


def test_collection_names_worker_finalizer_goroutine_and_caller():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, QUARTER)] * 5, ops.Drop(0), ops.RunGC()])
    by = {type(m.event).__name__: m.actor for m in machine.history.moments() if m.op == 8}
    assert by["MarkTerminated"] == GC_WORKER
    assert by["FinalizerRun"] == by["ChunkQuarantined"] == FINALIZER
    assert by["SmallSwept"] == MAIN
    assert machine.history.actors == [MAIN, GC_WORKER, FINALIZER]


def test_who_goes_on_from_a_world_follows_its_go():
    """The newest is meant only where a program begins."""
    begun = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, QUARTER)])
    at_once = Machine(GC_OFF).run([*begun.ops, *[ops.New(0, QUARTER)] * 4])
    for more in (
        Machine(start=begun.at(len(begun))).run([ops.New(0, QUARTER)] * 4),
        replay([ops.New(0, QUARTER)] * 4, start=begun.at(len(begun))),
    ):
        assert more.rules == GC_OFF
        assert more.world.differences(at_once.world) == []


@pytest.mark.parametrize("version", ["1.21", "1.27"])
def test_six_rounds_of_make_fill_free_leave_what_go_leaves(version):
    machine = Machine(go=version)
    for number in range(6):
        machine.run([ops.NewArena(number), *[ops.New(number, QUARTER)] * 5, ops.Free(number)])
        machine.go_on()
        assert machine.world.gc.phase == 0
        assert machine.world.fault == []
        assert machine.rules.chunk.usable_bytes <= machine.world.counters.heap_live < 17 * MiB


def test_cycle_that_an_allocation_started_ends_beside_the_program_before_its_next_operation():
    machine = Machine()
    machine.do(ops.NewArena(0))
    assert machine.cycle_beside
    assert machine.history.after_op(1).gc.phase == 1
    own = machine.do(ops.New(0, QUARTER))
    assert names(own) == ["ObjectAllocated"]
    history = machine.history
    assert history.after_op(2).gc.phase == 0
    beside = range(history.op_end(1), history.op_starts[1])
    assert {history.log.actor_of_event(event) for event in beside} == {GC_WORKER, SWEEPER}
    assert {history.log.op_at(event + 1) for event in beside} == {0}


@pytest.mark.parametrize(("cycles", "phase", "started"), [("held", 1, 1), ("asked", 0, 0)])
def test_cycle_can_be_held_or_left_to_operations(cycles, phase, started):
    machine = Machine(cycles=cycles)
    machine.run([ops.NewArena(0), ops.New(0, QUARTER), ops.New(0, QUARTER)])
    assert (machine.world.gc.phase, machine.world.gc.cycles) == (phase, started)


def test_unknown_way_to_treat_cycles_is_refused():
    with pytest.raises(ScenarioError, match="expected one of: beside, held, asked"):
        Machine(cycles="never")


def test_operation_by_hand_takes_over_the_cycle_beside_the_program():
    machine = Machine()
    machine.run([ops.NewArena(0), ops.MarkStep(), ops.FinishMark()])
    assert not machine.cycle_beside
    assert machine.world.gc.phase == 0
    assert any(machine.world.unswept.values())  # nobody swept: the hand has not asked for it


def test_refused_operation_leaves_the_cycle_beside_where_it_is():
    machine = Machine()
    machine.do(ops.NewArena(0))
    before = len(machine.history)
    with pytest.raises(ScenarioError):
        machine.do(ops.New(7, QUARTER))
    assert len(machine.history) == before
    assert machine.cycle_beside


def turns_of(history):
    return [(m.op, m.actor, history.log.is_beside(m.at)) for m in history.moments()]


@examples(40)
@given(program=programs(max_ops=10, micro_gc=True), data=st.data())
def test_drawn_schedule_saved_loaded_and_run_again_gives_an_equal_log(program, data, tmp_path_factory):
    machine = Machine(OFTEN, check=check)
    for op in program:
        if data.draw(st.booleans()):
            machine.go_on()
        try:
            alone = isinstance(op, (*STOPS_THE_WORLD, *BY_HAND))  # two don't drive one cycle
            (machine.begin if alone or not machine.cycle_beside else machine.start)(op)
            while machine.step() is not None:
                for _ in range(data.draw(st.sampled_from([0, 0, 0, 1, 5]))):
                    machine.step_beside()
        except ScenarioError:
            continue
    history = machine.history
    path = tmp_path_factory.mktemp("log") / "history.jsonl"
    history.save(path)
    loaded = History.load(path)
    assert turns_of(loaded) == turns_of(history)
    again = rerun(loaded)
    assert again.events == history.events
    assert turns_of(again) == turns_of(history)
    assert again.world == history.world


def test_log_of_another_run_is_refused():
    history = freed_while_a_cycle_starts()
    history.ops[6] = ops.Snapshot()
    with pytest.raises(ModelBug, match="nothing is left to do in operation 7"):
        rerun(history)
