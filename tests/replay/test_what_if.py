"""A program under other settings: what changes, what is refused, how far it goes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given

from arenalab.errors import ScenarioError
from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.replay import what_if_performed, what_if_run
from arenalab.replay.measures import kept_by_pointers
from arenalab.replay.replay import replay
from arenalab.replay.trace import Trace
from arenalab.replay.what_if import ARENA, PLAIN, WhatIf
from arenalab.replay.workloads import workload
from arenalab.scenarios import scenarios
from arenalab.scenarios.run import ENGINES, start_trouble
from arenalab.scenarios.run import run as perform
from arenalab.syntax import type_of
from arenalab.units import MiB
from arenalab.world import ops
from tests.examples import examples, some
from tests.left import slow
from tests.programs import is_large
from tests.strategies import GC_OFF, programs

NODE, PIECE = type_of("struct{ next *int; value int }"), type_of("[524288]byte")
KEPT = [
    *(ops.NewArena(0), ops.Rep(0, NODE, 3000), ops.Hold(0, 0), ops.Rep(0, PIECE, 16)),
    *(ops.Free(0), ops.RunGC(), ops.RunGC(), ops.NewArena(1), ops.Rep(1, NODE, 10)),
]


def what_if(program=KEPT, rules=GC_OFF):
    return WhatIf(Machine(rules, in_bulk=True).run(program))


def test_unchanged_settings_are_the_recorded_history_itself():
    under = what_if()
    run = under.run({})
    assert run.recorded
    assert run.history is under.history
    assert under.run({"gogc": -1}) is run


def test_one_pointer_keeps_a_chunk_of_dead_values_and_on_the_plain_heap_only_its_own():
    arenas, plain = what_if().run({}).totals(len(KEPT)), what_if().run({}, PLAIN).totals(len(KEPT))
    assert (arenas["kept_objects"], arenas["kept_bytes"]) == (3000 + 15, 8 * MiB)
    assert (plain["kept_objects"], plain["kept_bytes"]) == (1, 16)
    assert arenas["heap_live"] > 8 * MiB > plain["heap_live"]


@examples(30)
@example([ops.NewArena(0), ops.MakeSlice(0, PIECE, 64), ops.Drop(0), ops.RunGC(), ops.RunGC()])  # memory goes
@given(programs(max_ops=15))
def test_peak_is_the_highest_value_of_any_moment_so_far(program):
    history = Machine(GC_OFF).run(program)
    run, highest, resident = WhatIf(history).run({}), 0, 0
    for done in range(len(program) + 1):
        for at in range(run.events(done - 1) if done else 0, run.events(done) + 1):
            counters = history.at(at).counters
            highest, resident = max(highest, counters.heap_live), max(resident, counters.heap_in_use)
        totals = run.totals(done)
        assert (totals["heap_live_peak"], totals["in_use_peak"]) == (highest, resident)


def test_peak_of_the_plain_heap_stays_when_a_cycle_frees():
    program = [ops.NewArena(0), ops.Rep(0, PIECE, 16), ops.Free(0), ops.RunGC(), ops.NewArena(1)]
    program.append(ops.New(1, PIECE))  # the peak is looked at where something is made
    before, after = (what_if(program).run({}, PLAIN).totals(done) for done in (2, 6))
    assert after["heap_live"] < before["heap_live"] == before["heap_live_peak"] == after["heap_live_peak"]
    assert before["in_use_peak"] == after["in_use_peak"] >= before["in_use"]


@pytest.mark.parametrize(("settings", "heap"), [({}, PLAIN), ({"gogc": 50}, ARENA)])
def test_long_program_is_performed_part_by_part(monkeypatch, settings, heap):
    program = [*KEPT, ops.Free(1), *(ops.NewArena(2), *[ops.New(2, PIECE)] * 20, ops.Free(2), ops.RunGC())]
    under = what_if(program)
    whole = under.run(settings, heap)
    assert whole.go_on is None
    monkeypatch.setattr(what_if_performed, "AT_ONCE", 7)
    part = what_if(program).run(settings, heap)
    for _ in range(len(program) // 7):
        done = part.done(len(program))
        assert part.stopped == (done, "it was not performed further yet")
        assert part.totals(len(program)) == part.totals(done) == whole.totals(done)
        part.go_on()
    assert (part.go_on, part.stopped) == (None, None)
    for name, column in whole.columns.items():
        assert part.columns[name].tolist() == column.tolist()
    assert all(part.totals(n) == whole.totals(n) for n in range(len(program) + 1))


@pytest.mark.parametrize("heap", [ARENA, PLAIN])
def test_totals_are_the_same_whatever_was_asked_before(monkeypatch, heap):
    there = range(len(KEPT) + 1)
    first = {at: what_if().run({}, heap).totals(at) for at in there}
    monkeypatch.setattr(what_if_run, "MOST_TOTALS", 3)
    run = what_if().run({}, heap)
    assert [run.totals(at) for at in (5, 0, *there, 5, *reversed(there), *there)] == [
        first[at] for at in (5, 0, *there, 5, *reversed(there), *there)
    ]


def test_nothing_is_kept_before_free_and_after_the_pointer_is_gone():
    machine = Machine(GC_OFF)
    machine.run(KEPT[:4])
    assert kept_by_pointers(machine.world) == {}
    machine.run([ops.Free(0), ops.Unhold(0), ops.RunGC()])
    assert kept_by_pointers(machine.world) == {}


def test_recycled_chunk_counts_the_values_of_its_present_life_only():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.Rep(0, PIECE, 17), ops.Free(0), ops.RunGC(), ops.NewArena(1)])
    machine.run([ops.Rep(1, PIECE, 18), ops.Hold(0, 1), ops.Rep(1, PIECE, 14), ops.Free(1), ops.RunGC()])
    assert kept_by_pointers(machine.world) == {0: 16}


def test_smaller_chunks_keep_less():
    run = what_if().run({"user_arena_chunk_bytes_max": 2 * MiB})
    assert run.totals(len(KEPT))["kept_bytes"] == 2 * MiB
    assert not run.refused
    assert run.stopped is None


def test_chunk_size_with_which_go_would_not_start_is_told():
    run = what_if().run({"user_arena_chunk_bytes_max": 3 * MiB})
    assert run.history is None
    assert run.stopped == (
        0,
        "Go would not start: user arena chunk size is smaller than a heap arena, but doesn't divide it",
    )
    assert run.totals(5)["chunks"] == run.totals(5)["heap_live"] == 0


def test_operation_that_makes_no_sense_is_left_out_and_the_rest_goes_on():
    program = [
        *(ops.NewArena(0), ops.New(0, NODE), ops.New(0, NODE), ops.Store(0, 0)),
        *(ops.Write(1, 8, 5), ops.New(0, NODE)),
    ]  # fmt: skip
    machine = Machine(GC_OFF)
    machine.run(program[:3])
    program[3] = ops.Store(machine.world.ledger.row(0)[0], machine.world.ledger.row(1)[0])
    machine.run(program[3:])
    under = WhatIf(machine.history)
    carried = under.run({"user_arena_chunk_bytes_max": 4 * MiB})
    assert not carried.refused
    refused = under.run({"max_alloc_fraction": 2**16, "user_arena_chunk_bytes_max": 2**19})
    assert set(refused.refused) == {3}
    assert len(refused.ends) == len(program)


def test_program_that_dies_under_a_setting_ends_there():
    program = [ops.NewArena(0), ops.New(0, NODE), ops.Free(0), ops.Read(0, 8), ops.NewArena(1)]
    under = what_if(program)
    alive, dead = under.run({}), under.run({"build_mode": "race"})
    assert alive.stopped is None
    assert dead.stopped[0] == 3
    assert dead.stopped[1].startswith("the program dies: ")
    assert dead.done(5) == 4
    assert dead.totals(5) == dead.totals(4)


def test_cycles_that_allocations_start_come_to_their_end():
    program = [ops.NewArena(0), ops.Rep(0, type_of("struct{ next *int; rest [1016]byte }"), 62_500)]
    run = what_if(program).run({"gogc": 100})
    assert run.columns["cycles"][-1] >= 2
    assert run.history.world.gc.phase == 0
    ended = what_if([*program[:1], ops.FinishMark()], replace(GO_1_21, gogc=100)).run({"gogc": -1})
    assert ended.columns["cycles"][-1] == 0
    assert not ended.refused


def test_history_that_goes_on_from_another_world_has_no_other_settings():
    start = Machine(GC_OFF).run(KEPT[:2]).world
    run = WhatIf(Machine(GC_OFF, start=start).run([ops.New(0, NODE)])).run({"gogc": 50})
    assert "earlier World" in run.stopped[1]


def test_grown_history_is_run_anew():
    machine = Machine(GC_OFF)
    machine.run(KEPT)
    under = WhatIf(machine.history)
    assert under.run({"gogc": 50}).operations == len(KEPT)
    machine.do(ops.NewArena(9))
    assert under.run({"gogc": 50}).operations == len(KEPT) + 1


def test_unknown_setting_is_refused():
    with pytest.raises(ScenarioError, match="page_size can't be chosen"):
        what_if().run({"page_size": 4096})
    with pytest.raises(ScenarioError, match="stack can't be chosen"):
        what_if().run({}, "stack")


def test_trace_is_replayed_in_bulk_and_its_operations_are_the_programs():
    trace = workload("request-response", 3000)
    history = replay(trace, GO_1_21)
    under = WhatIf(history)
    assert len(under.program) == len(trace) == len(history.ops)
    bulk = under.run({"gogc": 400})
    stepped = WhatIf(Machine(GC_OFF).run(trace)).run({"gogc": 400})
    assert bulk.columns["in_use"][-1] == stepped.columns["in_use"][-1]
    assert bulk.columns["cycles"][-1] <= under.run({"gogc": 50}).columns["cycles"][-1]


def test_trace_that_can_not_go_on_under_a_setting_ends_there():
    trace = Trace.from_ops(
        [ops.NewArena(0), ops.New(0, NODE), ops.MarkBegin(), ops.MarkEnd(), ops.New(0, NODE)]
    )
    history = replay(trace, GC_OFF)
    run = WhatIf(history).run({"gogc": 1})
    assert run.done(5) <= 5


@examples(25)
@given(programs(max_ops=12))
def test_rerun_under_equal_rules_ends_in_the_recorded_world(program):
    history = Machine(GC_OFF).run(program)
    again = WhatIf(history).run({"gogc": -2})  # off as well, but not the recorded number
    assert not again.recorded
    assert [name for name in again.history.world.differences(history.world) if name != "rules"] == []
    recorded = WhatIf(history).run({})
    for name, column in recorded.columns.items():
        if "peak" not in name:
            assert np.array_equal(column, again.columns[name]), name


STARTING = [each for each in scenarios() if not start_trouble(each)]


@pytest.mark.parametrize(
    "scenario",
    [
        *(each for each in STARTING if not is_large(each)),
        *map(slow, some(each for each in STARTING if is_large(each))),
    ],
    ids=str,
)
def test_every_scenario_can_be_compared(scenario):
    history = perform(scenario, ENGINES["bulk"], after_op=lambda _: None)
    under = WhatIf(history)
    for chosen, heap in (({"user_arena_chunk_bytes_max": 4 * MiB}, ARENA), ({"gogc": 100}, PLAIN)):
        run = under.run(chosen, heap)
        for position in (0, run.operations // 2, run.operations):
            assert run.totals(position)["heap_live"] >= 0
