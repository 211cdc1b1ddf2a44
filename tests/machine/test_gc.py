"""The collector around user arenas: marks, verdicts, lists, and what a wrong search would cost."""

import pytest

from arenalab.errors import ModelBug, ScenarioError
from arenalab.machine.machine import Machine
from arenalab.machine.reach import A_ROOT, certify_reach, edges_read, mark_in_bulk, root_chunks, solve_reach
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.gc_events import ChunkGreyed, ObletScanned
from tests.strategies import GC_OFF

NODE = type_of("struct{ next *int; val int }")
BIG = type_of("[262144]*int")  # 2 MiB: four fill a chunk


def program(*more):
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, BIG)] * 4, ops.New(0, NODE), *more])
    return machine


def kinds(events):
    return [type(event).__name__ for event in events]


def test_an_unreferenced_full_chunk_needs_one_cycle_to_become_ready():
    machine = program(ops.Free(0))
    assert machine.world.quarantine == [0]
    machine.do(ops.RunGC())
    assert machine.world.quarantine == []
    assert machine.world.ready[0] == 0


def test_one_pointer_keeps_a_quarantined_chunk_and_costs_eight_mebibytes_of_heap_live_again():
    machine = program()
    machine.run([ops.NewArena(1), ops.New(1, NODE), ops.Hold(0, 0)])
    machine.do(ops.New(0, BIG))
    machine.run([ops.Hold(0, 0), ops.Free(0)])
    held = machine.world.span_of(machine.world.holds[0]).chunk
    before = machine.world.counters.heap_live
    machine.do(ops.RunGC())
    if held in machine.world.quarantine:
        assert machine.world.counters.heap_live > before - 8 * 2**20
    machine.do(ops.Unhold(0))
    machine.do(ops.RunGC())
    assert held not in machine.world.quarantine


def test_a_chunk_freed_while_marking_needs_the_next_cycle_too():
    machine = program(ops.MarkBegin(), ops.Free(0))
    assert machine.world.fault == [0]
    assert not machine.world.spans[0].faulted
    machine.do(ops.MarkEnd())
    assert (machine.world.fault, machine.world.quarantine) == ([], [0])
    machine.do(ops.RunGC())
    assert machine.world.ready[0] == 0


def test_a_dropped_arena_is_freed_by_its_finalizer_and_ready_one_cycle_later():
    machine = program(ops.Drop(0))
    events = machine.do(ops.RunGC())
    assert kinds(events).index("FinalizerQueued") < kinds(events).index("FinalizerRun")
    assert machine.world.user_arenas[0].defunct
    machine.do(ops.RunGC())
    assert 0 in machine.world.ready


def test_the_pending_fault_list_goes_with_the_next_free_once_the_collector_is_off():
    machine = program(ops.NewArena(1), *[ops.New(1, BIG)] * 5)
    machine.run([ops.StartGC(), ops.Free(0)])
    assert machine.world.fault == [0]
    machine.begin(ops.FinishMark())
    machine.until(lambda event: type(event).__name__ == "GoalSet")
    machine.interleave(ops.Free(1))
    # The chunk freed now goes first, what had waited follows; each is put at the front.
    assert machine.world.fault == []
    assert machine.world.quarantine[0] == 0
    machine.finish()


def test_marking_stops_where_no_more_pointers_follow():
    machine = program()
    machine.do(ops.StartGC())
    assert machine.world.gc.grey[0] == (0, 0)
    machine.run([ops.MarkStep()] * 65)
    scans = [event for event in machine.history.events if isinstance(event, ObletScanned)]
    assert [scan.scan_work for scan in scans[:64]] == [131_072] * 64
    assert (scans[64].chunk, scans[64].scan_work) == (1, 8)


def test_a_faulted_chunk_is_marked_but_never_read():
    machine = program(ops.Hold(0, 0), ops.New(0, BIG))
    machine.run([ops.NewArena(1), ops.Link(1, 1), ops.Free(0)])
    events = machine.do(ops.RunGC(detail=True))
    faulted = {span.chunk for span in machine.world.spans if span.faulted}
    assert not [e for e in events if isinstance(e, ObletScanned) and e.chunk in faulted]
    assert all(e.oblets == 0 for e in events if isinstance(e, ChunkGreyed) and e.chunk in faulted)


def test_what_is_due_is_refused_at_the_wrong_time():
    machine = program()
    for wrong in (ops.MarkStep(), ops.FinishMark(), ops.MarkEnd()):
        with pytest.raises(ScenarioError, match="no cycle"):
            machine.do(wrong)
    machine.do(ops.StartGC())
    for wrong in (ops.StartGC(), ops.MarkBegin()):
        with pytest.raises(ScenarioError, match="under way"):
            machine.do(wrong)


@pytest.fixture
def linked():
    machine = Machine(GC_OFF)
    for number in range(4):
        machine.run([ops.NewArena(number), ops.New(number, NODE)])
    machine.run([ops.Link(0, 1), ops.Link(1, 2)])
    return machine.world


def test_the_search_follows_pointers_from_chunk_to_chunk(linked):
    edges = edges_read(linked)
    assert edges == {0: (1,), 1: (2,)}
    assert solve_reach((0,), edges) == {0: A_ROOT, 1: 0, 2: 1}


@pytest.mark.parametrize(
    ("found", "complaint"),
    [
        ({1: A_ROOT}, "is a root's and was not marked"),
        ({0: A_ROOT, 1: 0}, "points into chunk 2"),
        ({0: A_ROOT, 1: 0, 2: 1, 3: A_ROOT}, "no root points into it"),
        ({0: A_ROOT, 1: 0, 2: 1, 3: 2}, "does not lead to it"),
        ({2: 1, 0: A_ROOT, 1: 0}, "does not lead to it"),
    ],
)
def test_a_wrong_search_is_refused(linked, found, complaint):
    with pytest.raises(ModelBug, match=complaint):
        certify_reach((0,), edges_read(linked), found)


def test_a_planted_search_that_forgets_a_chunk_is_refused_by_the_cycle_itself(linked):
    def forgetful(starts, edges):
        found = solve_reach(starts, edges)
        del found[next(reversed(found))]
        return found

    with pytest.raises(ModelBug, match="marked"):
        list(mark_in_bulk(linked, forgetful))


def test_roots_are_found_without_repeats_in_order(linked):
    assert root_chunks(linked) == (0, 1, 2, 3)
