"""Who runs first after mark termination, the sweeper or the finalizer goroutine, is an input of the model."""

import pytest

from arenalab.errors import ScenarioError
from arenalab.machine.machine import Machine
from arenalab.replay.trace import Trace
from arenalab.scenarios.read import parse_scenario
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.end_events import MarkedDefunct
from arenalab.world.events import HandleMade
from arenalab.world.gc_events import ChunkSwept, FinalizerQueued, FinalizerRun, HandleSpanSwept
from arenalab.world.history import History
from tests.strategies import GC_OFF

BIG = type_of("[262144]*int", rules=GC_OFF)  # 2 MiB: four fill a chunk
FILLED = [ops.NewArena(0), *[ops.New(0, BIG)] * 9]  # three chunks, two of them full
LATE = ops.RunGC(finalizers_after=ops.SWEEP_FIRST)


def dropped(collection):
    machine = Machine(GC_OFF)
    machine.run([*FILLED, ops.Drop(0)])
    return machine, [type(event) for event in machine.do(collection)]


def test_the_finalizer_goroutine_runs_before_the_sweep_unless_told_otherwise():
    machine, kinds = dropped(ops.RunGC())
    assert kinds.index(FinalizerRun) < kinds.index(ChunkSwept)
    assert machine.world.swept == {0: [2], 1: [0, 1]}  # set to fault first, so swept as noscan


def test_a_caller_that_does_not_yield_sweeps_first():
    machine, kinds = dropped(LATE)
    assert kinds.index(FinalizerRun) > kinds.index(ChunkSwept)
    assert machine.world.swept == {0: [0, 1, 2], 1: []}  # still scannable when they were swept


@pytest.mark.parametrize(("visits", "noscan"), [(0, [0, 1]), (1, [1]), (2, [])])
def test_after_some_spans_those_left_are_swept_as_the_finalizer_left_them(visits, noscan):
    machine, _ = dropped(ops.RunGC(finalizers_after=(visits,)))
    assert machine.world.swept[1] == noscan
    assert machine.world.user_arenas[0].defunct


def test_a_held_cycle_ends_under_its_own_schedule():
    machine, _ = dropped(ops.MarkBegin())
    machine.do(ops.MarkEnd(finalizers_after=ops.SWEEP_FIRST))
    assert machine.world.swept[0] == [0, 1, 2]


def test_a_schedule_that_names_no_visit_runs_everything_at_the_end():
    machine, _ = dropped(ops.RunGC(finalizers_after=(99,)))
    assert machine.world == dropped(LATE)[0].world


HUGE = type_of("[3145728]byte")  # above 2 MiB: on the heap


def test_what_is_made_while_sweeping_is_due_is_not_swept_by_it():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, HUGE), ops.MarkBegin(), ops.FinishMark(), ops.New(0, HUGE)])
    machine.run([ops.SweepStep(), ops.SweepStep()])
    assert list(machine.world.heap_objects) == [1]
    machine.do(ops.RunGC())
    assert not machine.world.heap_objects


def test_a_new_handle_takes_a_slot_that_the_sweep_which_is_due_would_free():
    """Go sweeps a span before it caches it, so the allocator queues the finalizers of dropped handles in it."""
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.NewArena(1), ops.RunGC(), ops.Free(0), ops.Drop(1)])
    machine.run([ops.MarkBegin(), ops.FinishMark()])
    kinds = [type(event) for event in machine.do(ops.NewArena(2))]
    assert kinds.index(FinalizerQueued) < kinds.index(HandleMade)
    assert machine.world.handles[2] == 0


def test_a_free_sweeps_the_span_of_its_handle_first():
    """A finalizer can't be removed from an unswept span, so those of its dropped neighbours are queued by a Free."""
    machine = Machine(GC_OFF)
    machine.run(
        [ops.NewArena(0), ops.NewArena(1), ops.RunGC(), ops.Drop(1), ops.MarkBegin(), ops.FinishMark()]
    )
    kinds = [type(event) for event in machine.do(ops.Free(0))]
    assert kinds.index(FinalizerQueued) < kinds.index(MarkedDefunct)
    machine.run([ops.SweepStep()] * 3)
    assert machine.world.gc.finalizers == [1]


def test_finalizers_queued_while_others_run_come_after_them():
    """Handle 2 is dropped later, and the span with the three is swept by the first finalizer's free."""
    machine = Machine(GC_OFF)
    machine.run([*map(ops.NewArena, range(3)), ops.RunGC(), ops.Drop(0), ops.Drop(1)])
    machine.run([ops.MarkBegin(), ops.FinishMark(), *[ops.SweepStep()] * 4])
    assert machine.world.gc.finalizers == [0, 1]
    machine.run([ops.Drop(2), ops.MarkBegin(), ops.FinishMark()])
    assert machine.world.gc.finalizers == [0, 1]
    run = [event.user_arena for event in machine.do(ops.RunFinalizers()) if isinstance(event, FinalizerRun)]
    assert run == [1, 0, 2]


def test_a_span_that_a_finalizer_swept_out_of_turn_is_not_visited_again():
    """Of 400 handles in three spans two are dropped; the finalizer of the first's frees, in the last visit but two."""
    machine = Machine(GC_OFF)
    machine.run([*map(ops.NewArena, range(400)), ops.RunGC(), ops.Drop(0), ops.MarkBegin(), ops.FinishMark()])
    machine.run([*[ops.SweepStep()] * 401, ops.Drop(1)])
    assert machine.world.gc.finalizers == [0]
    events = machine.do(ops.RunGC(finalizers_after=(400,)))
    swept = [event.span for event in events if isinstance(event, HandleSpanSwept)]
    assert sorted(swept) == [0, 1, 2]
    assert machine.world.gc.finalizers == []


def test_a_schedule_is_saved_loaded_and_run_again(tmp_path):
    machine, _ = dropped(ops.RunGC(finalizers_after=(1,)))
    machine.history.save(tmp_path / "run.jsonl")
    loaded = History.load(tmp_path / "run.jsonl")
    assert loaded.ops == machine.history.ops
    assert Machine(GC_OFF).run(loaded.ops).world == machine.world


def test_a_trace_refuses_what_its_rows_cannot_say():
    with pytest.raises(ScenarioError, match="operation 1"):
        Trace.from_ops([LATE])


def test_a_scenario_may_give_a_schedule():
    row = {"op": "gc", "finalizers_after": [2]}
    rows = {"name": "s", "about": "", "ops": [row]}
    assert parse_scenario(rows, "s.toml").ops == (ops.RunGC(finalizers_after=(2,)),)
    row["finalizers_after"] = [0, "1"]
    with pytest.raises(ScenarioError, match=r"finalizers_after: got .* expected a tuple of whole numbers"):
        parse_scenario(rows, "s.toml")
