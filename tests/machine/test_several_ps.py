"""Several Ps: whose mcache it is, what one goroutine holds while another waits, and what that leaves."""

import pytest

from arenalab.errors import ArgumentError, HistoryError, ScenarioError
from arenalab.machine.machine import Machine
from arenalab.machine.rerun import rerun
from arenalab.replay.replay import expand
from arenalab.replay.trace import Trace
from arenalab.replay.what_if import WhatIf
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.history import History
from arenalab.world.invariants import check
from arenalab.world.schedule import Begin, GoOn
from arenalab.world.schedule_events import GoroutineScheduled
from tests.strategies import GC_OFF

SMALL = type_of("*int", rules=GC_OFF)


def machine_with(*program):
    machine = Machine(GC_OFF, check=check)
    machine.run(program)
    return machine


def test_main_alone_on_its_p_is_never_scheduled():
    machine = machine_with(ops.NewArena(0), ops.RunGC())
    assert not [event for event in machine.history.events if isinstance(event, GoroutineScheduled)]


def test_scan_alloc_is_each_ps_own_and_the_world_counts_both():
    machine = machine_with(ops.NewArena(0))
    before = machine.world.scan_alloc
    machine.do(ops.NewArena(1), goroutine=2, p=1)
    machine.do(ops.New(1, SMALL), goroutine=2)
    assert machine.world.p.scan_alloc != before == machine.world.ps[0].scan_alloc
    assert machine.world.ps[1].scan_alloc > 8
    assert machine.world.counted()["scan_alloc"] == machine.world.scan_alloc
    assert (machine.world.running, machine.world.on_p) == (2, 1)


def test_a_goroutine_stays_on_its_p_until_another_is_named():
    machine = machine_with(ops.NewArena(0))
    for p in (1, None, 0, None):
        machine.do(ops.New(0, SMALL), goroutine=2, p=p)
        machine.do(ops.New(0, SMALL))
    told = [e for e in machine.history.events if isinstance(e, GoroutineScheduled) and e.goroutine == 2]
    assert [event.p for event in told] == [1, 1, 0, 0]


def test_who_reserves_a_heap_arena_holds_the_lock_and_another_waits_for_it():
    machine = Machine(GC_OFF, check=check)
    machine.take(Begin(1, ops.NewArena(0), "HeapArenaReserved"))
    machine.take(Begin(2, ops.NewArena(1), p=1))
    assert machine.waits_for(2) == "goroutine 1 holds mheap.lock"
    machine.take(GoOn(1))
    machine.take(GoOn(2))
    assert [machine.world.user_arenas[number].active for number in (0, 1)] == [0, 1]
    assert len(machine.world.heap_arenas) == 1


def test_on_one_p_nobody_runs_while_another_holds_its_m():
    machine = machine_with(ops.NewArena(0))
    machine.take(Begin(2, ops.New(0, SMALL), "ObjectAllocated"))
    machine.take(Begin(3, ops.NewArena(1)))
    assert machine.waits_for(3) == "goroutine 2 holds its M on P 0"
    with pytest.raises(ScenarioError, match="goroutine 2 holds its M on P 0"):
        machine.do(ops.NewArena(2), goroutine=4)
    assert machine.history.ops[-1] == ops.NewArena(1)
    machine.take(GoOn(2))
    machine.take(GoOn(3))
    assert 1 in machine.world.user_arenas


def test_the_world_is_not_stopped_while_a_goroutine_holds_its_m():
    machine = machine_with(ops.NewArena(0))
    machine.take(Begin(2, ops.New(0, SMALL), "ObjectAllocated"))
    with pytest.raises(ScenarioError, match="stops the world, and a goroutine holds its M"):
        machine.take(Begin(1, ops.RunGC()))
    machine.take(GoOn(2))
    machine.take(Begin(1, ops.RunGC()))


def test_nobody_runs_while_the_world_is_stopped():
    machine = machine_with(ops.NewArena(0))
    machine.take(Begin(2, ops.RunGC(), "MarkTerminated"))
    machine.take(Begin(1, ops.New(0, SMALL), p=1))
    assert machine.waits_for(1) == "goroutine 2 has stopped the world"
    machine.take(GoOn(2))
    machine.take(GoOn(1))
    assert machine.world.user_arenas[0].last_object == 0


def test_mark_termination_flushes_every_p_and_sweeps_what_each_had_cached():
    machine = machine_with(ops.NewArena(0))
    machine.do(ops.NewArena(1), goroutine=2, p=1)
    assert sorted(machine.world.handles.values()) == [0, GC_OFF.handles_per_span]
    machine.run([ops.MarkBegin(), ops.FinishMark()])
    assert [(p.handle_span, p.cached, p.scan_alloc) for p in machine.world.ps] == [(-1, {}, 0)] * 2
    assert machine.world.handle_spans.unswept == []
    assert sorted(machine.world.handle_spans.partial) == [0, 1]


@pytest.mark.parametrize(
    ("mine", "other", "said"),
    [
        (ops.New(0, SMALL), ops.Free(0), "both use user arena 0, which Go forbids"),
        (ops.RunGC(), ops.RunGC(), "one goroutine at a time drives the collector"),
        (ops.NewArena(7), ops.NewArena(7), "both use user arena 7"),
    ],
)
def test_what_two_must_not_be_in_at_once_is_refused_by_name(mine, other, said):
    machine = machine_with(ops.NewArena(0))
    machine.begin(mine)
    machine.step()
    before = len(machine.history)
    for attempt in (lambda: machine.take(Begin(2, other)), lambda: machine.do(other, goroutine=2)):
        with pytest.raises(ScenarioError, match=f"goroutine 2 can't begin while goroutine 1 .*{said}"):
            attempt()
    assert (len(machine.history), len(machine.history.ops)) == (before, 2)


@pytest.mark.parametrize("p", [-1, 256, "0", True, 1.5])
def test_a_p_that_there_is_not(p):
    with pytest.raises(ArgumentError, match="expected the number of a P"):
        Machine(GC_OFF).do(ops.NewArena(0), p=p)


def test_turns_points_and_ps_come_back_from_a_file(tmp_path):
    machine = machine_with(ops.NewArena(0))
    machine.take(Begin(2, ops.NewArena(1), "reuse empty", p=1))
    machine.do(ops.Snapshot(), goroutine=3)
    machine.take(Begin(1, ops.Free(0)))
    machine.take(GoOn(2))
    machine.history.save(tmp_path / "run.jsonl")
    loaded = History.load(tmp_path / "run.jsonl")
    assert loaded.world == machine.world
    assert loaded.log.stops == machine.history.log.stops
    assert [loaded.log.goroutine_of(op) for op in range(4)] == [1, 2, 3, 1]
    again = rerun(loaded)
    assert (again.events, again.world) == (machine.history.events, machine.world)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('{"stop":[0,"nowhere"]}', "stop: got .*expected .operation, point."),
        ('{"stop":[9,"reuse empty"]}', "stop: got .*expected .operation, point."),
        ('{"stop":3}', "stop: got 3; expected .operation, point."),
        ('{"op":"snapshot","g":0}', "g: got 0; expected the number of a goroutine"),
        ('{"op":"snapshot","g":"2"}', "g: got '2'; expected the number of a goroutine"),
        ('{"event":"GoroutineScheduled","goroutine":2,"p":256}', "GoroutineScheduled.p: got 256"),
    ],
)
def test_a_row_that_makes_no_sense_is_named_with_its_line(tmp_path, row, said):
    path = tmp_path / "run.jsonl"
    machine_with(ops.NewArena(0)).history.save(path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, row]) + "\n")
    with pytest.raises(HistoryError, match=rf"run\.jsonl:{len(lines) + 1}: .*{said}"):
        History.load(path)


def test_a_trace_is_one_goroutines():
    with pytest.raises(
        ScenarioError, match=r"row 0, Begin.*: a trace is main's goroutine's; Machine.take performs turns"
    ):
        Trace.from_ops([Begin(2, ops.NewArena(0))])


def test_an_operation_that_was_overtaken_is_not_told_alone():
    machine = machine_with(ops.NewArena(0))
    machine.do(ops.New(0, SMALL), goroutine=2)
    assert expand(machine.history, len(machine.history) - 1).log.goroutine_of(0) == 2
    machine.take(Begin(2, ops.NewArena(1), "reuse empty"))
    machine.take(GoOn(2))
    with pytest.raises(ScenarioError, match=r"operation 3, NewArena.*, was overtaken; rerun performs it"):
        expand(machine.history, len(machine.history) - 1)


def test_what_if_keeps_the_goroutines():
    machine = machine_with(ops.NewArena(0))
    machine.do(ops.NewArena(1), goroutine=2)
    run = WhatIf(machine.history).run({"gogc": 50})
    assert run.history.log.goroutine_of(1) == 2


def test_the_assist_debt_is_the_goroutines_own():
    machine = machine_with(ops.NewArena(0), ops.MarkBegin())
    machine.do(ops.NewArena(1), goroutine=2)
    assert {who: g.assist_bytes for who, g in machine.world.gs.items()} == {1: 0, 2: -GC_OFF.chunk.stride}


def test_whoever_goes_on_in_the_midst_of_a_chunk_still_holds_its_m():
    machine = machine_with(ops.NewArena(0))
    machine.take(Begin(2, ops.NewArena(1), "SpanInitialised", p=1))
    machine.do(ops.New(0, SMALL))
    assert isinstance(machine.step(2), GoroutineScheduled)
    assert not machine.can_stop_the_world
