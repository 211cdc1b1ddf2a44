"""What an operation did, as a whole: one sentence for each kind, never just its last event."""

from dataclasses import replace

import pytest

from arenalab.errors import NoSuchError
from arenalab.go.mirror import within
from arenalab.go.versions import VERSIONS
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.syntax import type_of
from arenalab.view.outcome import outcome
from arenalab.view.reading import reading
from arenalab.world import ops
from arenalab.world.schedule import Begin, GoOn
from tests.strategies import GC_OFF

INT, NODE = type_of("int"), type_of("struct{ next *int; n int }")
QUARTER, HUGE = type_of("[2097152]byte"), type_of("[3145728]byte")

#: A program, and of each of its operations what its outcome must say.
TOLD = [
    (ops.NewArena(0), ["user arena 0 made", "reserved 64 MiB of address space", "chunk 0 obtained"]),
    (ops.New(0, NODE), ["16 bytes", "front of chunk 0"]),
    (ops.New(0, HUGE), ["3145728 bytes", "384 pages"]),
    (ops.MakeSlice(0, INT, 5), ["40 bytes", "back of chunk 0"]),
    (ops.Rep(0, NODE, 100), ["100 values", "1.562 KiB", "in chunk 0"]),
    (ops.Hold(0, 0), ["global 0"]),
    (ops.Rep(0, QUARTER, 9), ["9 values", "18 MiB", "chunks 0, 1, 2", "chunks 1, 2 obtained"]),
    (ops.NewArena(1), ["user arena 1 made", "chunk 3 obtained"]),
    (ops.New(1, NODE), ["16 bytes"]),
    (ops.Hold(1, 1), ["global 1"]),
    (ops.Link(1, 0), ["0x40c001800000"]),
    (ops.Write(0, 8, 5), ["5", "object 0"]),
    (ops.Read(0, 8), ["5", "object 0"]),
    (ops.Clone(0, NODE), ["Clone copies", "16 B"]),
    (ops.SetFinalizer(1), ["nothing"]),
    (ops.Pin(1), ["nothing"]),
    (ops.Snapshot(), ["nothing"]),
    (ops.MarkBegin(), ["GC cycle 1 started", "4 chunks marked"]),
    (ops.Store(0x40C000000000, 0x40C001800000), ["0x40c001800000"]),
    (ops.Unhold(0), ["global 0"]),
    (ops.Free(0), ["user arena 0 freed", "chunks 1, 0 on the fault list", "chunk 2 put on the reuse list"]),
    (ops.MarkEnd(), ["GC cycle 1: marked 32 MiB", "4 chunks swept and kept", "1 heap object freed",
                     "chunks 1, 0 set to fault and quarantined"]),
    (ops.RunGC(), ["GC cycle 2: marked", "chunks swept to ready", "1 handle freed"]),
    (ops.NewArena(2), ["user arena 2 made", "chunk 2 taken off the reuse list"]),
    (ops.StartGC(), ["GC cycle 3 started", "roots found", "queued for scanning"]),
    (ops.MarkStep(), ["oblet 0"]),
    (ops.FinishMark(), ["GC cycle 3: marked"]),
    (ops.SweepStep(), ["1 chunk swept and kept"]),
    (ops.Drop(2), ["user arena 2"]),
    (ops.StartGC(), ["GC cycle 4 started"]),
    (ops.FinishMark(), ["GC cycle 4: marked"]),
    *[(ops.SweepStep(), [])] * 4,
    (ops.RunFinalizers(), ["1 finalizer run", "user arena 2 freed"]),
    (ops.Free(1), ["user arena 1 freed", "chunk 3 put on the reuse list"]),
    (ops.Free(1, copied=True), ["panic: arena double free"]),
]  # fmt: skip


#: The same of what later versions alone have.
LATER = [
    (ops.NewArena(0), ["user arena 0 made"]),
    (ops.New(0, NODE), ["front of chunk 0"]),
    (ops.New(0, HUGE), ["384 pages"]),
    (ops.AddCleanup(1), ["nothing"]),
    (ops.AddCleanup(0), ["panic: runtime.AddCleanup: ptr is arena-allocated"]),
    (ops.MakeWeak(0, 0), ["weak pointer 0 made, with weak handle 0"]),
    (ops.MakeWeak(1, ops.NIL), ["weak pointer 1 made of nil"]),
    (ops.MakeWeak(2, 1), ["weak pointer 2 made, with weak handle 1"]),
    (ops.Rep(0, QUARTER, 4), ["4 values"]),
    (ops.Free(0), ["user arena 0 freed"]),
    (ops.WeakValue(0), ["weak pointer 0: Value returns a pointer to object 0"]),
    (ops.RunGC(), ["1 chunk swept to ready", "2 weak handles set to nil"]),
    (ops.WeakValue(0), ["weak pointer 0: Value returns nil"]),
    (ops.WeakValue(1), ["weak pointer 1: Value returns nil"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def history():
    return Machine(GC_OFF).run([op for op, _ in TOLD])


def test_every_kind_of_operation_is_told_of():
    assert {type(op) for op, _ in TOLD + LATER} == set(ops.OPS.values())


@pytest.mark.parametrize("version", [version for version in VERSIONS if within(version, "1.24")])
def test_outcome_says_what_an_operation_of_a_later_go_did(version):
    history = Machine(replace(VERSIONS[version], gogc=-1)).run([op for op, _ in LATER])
    told = [outcome(history, number) for number in range(len(LATER))]
    assert [(n, part) for n, (_, parts) in enumerate(LATER) for part in parts if part not in told[n]] == []


@pytest.mark.parametrize(
    "number", range(len(TOLD)), ids=[f"{n}-{type(op).__name__}" for n, (op, _) in enumerate(TOLD)]
)
def test_outcome_says_what_the_operation_did(history, number):
    told = outcome(history, number)
    assert [part for part in TOLD[number][1] if part not in told] == []


def test_collection_is_not_headed_by_its_last_event(history):
    number = next(n for n, op in enumerate(history.ops) if isinstance(op, ops.RunGC))
    end = history.op_end(number + 1)
    last = f"goroutine 1: {history.events[end - 1].sentence()}"  # the collector has acted beside it
    head = reading(history, end, number)
    assert head.sentence == outcome(history, number) != last
    assert (head.last, head.event_sentence) == (last, last)
    assert f"last event: {last}" in head.text()
    assert last in head.footnote()


def test_within_an_operation_the_last_event_is_the_headline(history):
    inside = history.op_end(1) - 1
    assert reading(history, inside).sentence == f"goroutine 1: {history.events[inside - 1].sentence()}"
    assert reading(history, inside).last == ""


def test_single_event_is_not_told_twice(history):
    number = next(n for n, op in enumerate(history.ops) if isinstance(op, ops.Drop))
    assert reading(history, history.op_end(number + 1), number).last == ""


def test_cycle_that_an_allocation_starts_is_named():
    history = Machine(replace(GC_OFF, gogc=100)).run([ops.NewArena(0)])
    assert "GC cycle 1 started: heapLive 8.008 MiB reached the trigger" in outcome(history, 0)


def test_write_barrier_is_told_of():
    filled = [ops.NewArena(0), ops.New(0, NODE), ops.Rep(0, QUARTER, 5), ops.NewArena(1), ops.New(1, NODE)]
    machine = Machine(GC_OFF)
    machine.run([*filled, ops.Free(0), ops.StartGC()])
    machine.run([ops.Store(machine.world.ledger.row(6)[0], 0x40C000000000)])
    assert "write barrier shaded 1 pointer" in outcome(machine.history, 7)


def test_operation_within_a_run_is_not_told_to_do_nothing():
    history = replay([ops.NewArena(0), *[ops.New(0, NODE)] * 500, ops.Free(0)], GC_OFF)
    told = {outcome(history, number) for number in range(1, 501)}
    assert not any("nothing" in text for text in told)
    assert any("values" in text for text in told)


def test_many_chunks_are_counted_rather_than_named():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.Rep(0, QUARTER, 80), ops.Free(0)])
    assert (
        "80 values, 160 MiB, in 20 chunks; reserved 128 MiB of address space; 19 chunks obtained"
        in outcome(history, 1)
    )
    assert "19 chunks set to fault and quarantined" in outcome(history, 2)


def test_outcome_grows_with_the_operation_under_way():
    machine = Machine(GC_OFF)
    machine.do(ops.NewArena(0))
    machine.begin(ops.Rep(0, INT, 3))
    machine.step()
    assert "8 bytes" in outcome(machine.history, 1)
    machine.finish()
    assert "3 values, 24 B" in outcome(machine.history, 1)


def test_outcome_of_no_operation_is_refused(history):
    with pytest.raises(NoSuchError, match="got 99"):
        outcome(history, 99)


def test_an_operation_that_another_goroutine_overtakes_keeps_its_value():
    machine = Machine(GC_OFF)
    machine.do(ops.NewArena(0))
    machine.begin(ops.New(0, NODE))
    machine.do(ops.NewArena(1), goroutine=2)
    machine.finish()
    assert outcome(machine.history, 2).startswith("user arena 1 made")
    assert "16 bytes" not in outcome(machine.history, 2)


def test_goroutines_that_refill_at_once_claim_a_value_each():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.NewArena(1), ops.Rep(0, QUARTER, 4), ops.Rep(1, QUARTER, 4)])
    machine.take(Begin(1, ops.New(0, QUARTER), until="reuse empty"))
    machine.take(Begin(2, ops.Rep(1, QUARTER, 2), until="reuse empty", p=1))
    machine.take(GoOn(1))
    machine.take(GoOn(2))
    first, second = (outcome(machine.history, number) for number in (4, 5))
    assert "2097152 bytes" in first
    assert "in chunk 2" not in second
    assert second.startswith("allocated 2 values, 4 MiB, in chunk 3")
