"""The collector's view: its roots, pointers and colours are the World's, and each way to a root can be walked."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import ScenarioError
from arenalab.go.versions import GO_1_21
from arenalab.machine import reach
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.collector import PAGE, collector
from arenalab.view.collector_rows import BLACK, GREY, NONE, WHITE
from arenalab.view.cycles import STATES, SWEEP_DUE, Cycles
from arenalab.view.reachability import Edge, path_to, paths
from arenalab.world import gc_events as gc
from arenalab.world import ops
from arenalab.world.apply import apply
from arenalab.world.queries import edges, roots
from arenalab.world.tables import GC_MARK, PHASE_NAMES
from tests.programs import moments_of
from tests.strategies import GC_OFF, programs

NODE, BIG, INT = (type_of(expr) for expr in ("struct{ next *int; key string }", "[262144]*int", "int"))
micro = st.lists(
    st.sampled_from([ops.StartGC(), *[ops.MarkStep()] * 6, ops.FinishMark(), *[ops.SweepStep()] * 3]),
    max_size=9,
)


@st.composite
def collected(draw):
    """A history in which cycles run whole, in bulk, by oblets or piece by piece among the operations."""
    machine = Machine(
        replace(GO_1_21, gogc=draw(st.sampled_from([-1, 25, 100]))), in_bulk=draw(st.booleans())
    )
    for op in draw(programs(max_ops=14, micro_gc=draw(st.booleans()))):
        for each in (*(draw(micro) if draw(st.booleans()) else ()), op):
            try:
                machine.do(each)
            except ScenarioError:
                continue  # a cycle that started by itself, or none to go on with
    return machine.history


def moments(history, data, most=6):
    """Some moments, those of collecting more often than chance would have it."""
    of_cycles = [at for at, event in enumerate(history.events, 1) if type(event).__module__ == gc.__name__]
    some = st.sampled_from(of_cycles) if of_cycles else st.nothing()
    return data.draw(st.lists(st.one_of(some, st.integers(0, len(history))), max_size=most))


@given(collected(), st.data())
def test_way_begins_at_a_root_and_each_step_is_a_pointer_that_is_there(history, data):
    cycles = Cycles(history)
    for at in moments(history, data):
        world = history.at(at)
        real = {(root.name, root.addr) for root in roots(world)}
        for chunk in range(len(world.spans)):
            way = collector(cycles, at, focus=chunk).path
            for number, edge in enumerate(way):
                assert world.span_of(edge.addr).chunk == edge.chunk
                if number == 0:
                    assert (edge.name, edge.addr) in real
                    continue
                assert edge.source == way[number - 1].chunk
                assert world.slots.target(edge.source, edge.slot) == edge.addr
                source = world.spans[edge.source]
                assert source.base <= edge.slot < source.limit
                assert source.state
                assert not source.noscan
            assert not way or way[-1].chunk == chunk


@given(collected(), st.data())
def test_way_is_there_exactly_where_marking_would_come_and_none_is_shorter(history, data):
    for at in moments(history, data):
        world = history.at(at)
        reached = reach.solve_reach(reach.root_chunks(world), reach.edges_read(world))
        last = paths(tuple(roots(world)), edges(world))
        assert set(last) == set(reached)
        for chunk, parent in reached.items():
            depth = len(path_to(chunk, last))
            assert depth == (1 if parent < 0 else len(path_to(parent, last)) + 1)


@given(collected(), st.data())
def test_pointers_are_those_that_marking_follows(history, data):
    for at in moments(history, data):
        world = history.at(at)
        there = edges(world)
        read = {(int(s), int(t)) for s, t, r in zip(there.source, there.target, there.read, strict=True) if r}
        assert read == {(s, t) for s, targets in reach.edges_read(world).items() for t in targets}
        for row in range(len(there.source)):
            slot, source = int(there.slot[row]), int(there.source[row])
            assert world.slots.target(source, slot) == there.pointee[row]
            span = world.spans[source]
            targets = world.slots.within(source, span.base, span.base + history.rules.chunk.stride)[:, 1]
            size = history.rules.chunk.stride
            base = world.spans[int(there.target[row])].base
            assert sum(base <= int(target) < base + size for target in targets) == there.words[row]


@given(collected(), st.data())
def test_colours_are_mark_bits_and_the_grey_queue(history, data):
    cycles = Cycles(history)
    for at in moments(history, data):
        world, view = history.at(at), collector(cycles, at, focus=0)
        queue = [chunk for chunk, _ in world.gc.grey]
        for row, chunk in enumerate(view.chunks.chunk.tolist()):
            span = world.spans[chunk]
            colour = (
                NONE if not span.state else WHITE if not span.mark_bit else GREY if chunk in queue else BLACK
            )
            assert view.chunks.colour[row] == colour
            assert view.chunks.queued[row] == queue.count(chunk)
        runs = zip(view.grey.chunk.tolist(), view.grey.first.tolist(), view.grey.count.tolist(), strict=True)
        assert [(c, first + n) for c, first, count in runs for n in range(count)] == world.gc.grey
        assert view.unswept == (*world.unswept[0], *world.unswept[1])
        assert view.waiting == tuple(world.fault)


@given(collected())
def test_sweep_is_due_while_anything_is_unswept(history):
    cycles = Cycles(history)
    for at in range(0, len(history) + 1, 1 + len(history) // 300):
        world = history.at(at)
        assert (cycles.state(at) == SWEEP_DUE) == (cycles.phase(at) == "off" and world.sweep_due)
    rows = cycles.rows()
    assert (rows.first[0], rows.last[-1]) == (0, len(history))
    assert (rows.first[1:] == rows.last[:-1]).all()
    assert set(rows.state) <= set(STATES)


def test_phase_is_the_worlds_at_every_event_of_every_scenario_and_recording(made_history):
    cycles, world = Cycles(made_history), made_history.at(0)
    for at, event in enumerate([None, *made_history.events]):
        if event is not None:
            apply(world, event)
        assert cycles.phase(at) == PHASE_NAMES[world.gc.phase], f"event {at}: {event}"


@pytest.mark.parametrize("done", [[ops.StartGC()], [ops.StartGC(), ops.FinishMark()]])
def test_history_that_goes_on_from_the_middle_of_a_cycle_knows_its_phase(done):
    before = Machine(GC_OFF).run([ops.NewArena(0), *done])
    cycles = Cycles(Machine(GC_OFF, start=before.at(len(before))).run([ops.New(0, INT)]))
    assert cycles.state(0) == Cycles(before).state(len(before))


@given(collected(), st.data())
def test_found_is_every_chunk_that_this_cycle_marked(history, data):
    cycles = Cycles(history)
    for at in moments(history, data):
        world = history.at(at)
        if world.gc.phase == GC_MARK:
            assert set(cycles.cycle(at).found) == {span.chunk for span in world.spans if span.mark_bit}


@given(collected(), st.data())
def test_two_looks_and_a_grown_index_agree(history, data):
    at = data.draw(st.integers(0, len(history)))
    one, two = (collector(Cycles(history), at) for _ in range(2))
    assert one.text() == two.text()
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, INT)])
    cycles = Cycles(machine.history)
    machine.run([ops.StartGC(), ops.FinishMark(), ops.SweepStep()])
    cycles.refresh()
    assert cycles.rows() == Cycles(machine.history).rows()


def linked(*more):
    """Three arenas: a global holds an object of the third, whose pointer leads on to the first's full chunk."""
    program = [
        *(
            ops.NewArena(0),
            ops.New(0, NODE),
            ops.NewArena(1),
            ops.New(1, NODE),
            ops.Link(1, 0),
            ops.Hold(0, 1),
        ),
        *([ops.New(0, BIG)] * 4),
        *(ops.Free(0), ops.Free(1)),
        *more,
    ]
    return Machine(GC_OFF).run(program)


def test_one_leaked_pointer_keeps_a_quarantined_chunk_and_the_way_says_so():
    history = linked(ops.RunGC(detail=True))
    view = collector(Cycles(history), len(history), focus=0)
    assert view.chunks.list[0] == "quarantine"
    assert [(edge.source, edge.chunk) for edge in view.path] == [(-1, 1), (1, 0)]
    assert view.path[0].name == "global 0"
    assert view.why[0] == "chunk 0 (quarantine) is alive:"
    assert "chunk 1, word at +0x0, points to 0x40c000000000 in chunk 0" in view.why
    assert view.roots.path.tolist() == [name == "global 0" for name in view.roots.name]


def test_without_the_pointer_the_sweep_makes_it_ready():
    history = linked(ops.Unhold(0), ops.Store(0x40C0_0080_0000, 0), ops.RunGC(detail=True))
    cycles = Cycles(history)
    swept = next(n for n, event in enumerate(history.events, 1) if isinstance(event, gc.SweepStarted))
    before, after = collector(cycles, swept, focus=0), collector(cycles, len(history), focus=0)
    assert before.chunks.sweep[0].startswith("to sweep: ")
    assert before.why == ("nothing leads to chunk 0 (quarantine): this sweep makes it ready",)
    assert (after.chunks.colour[0], after.chunks.sweep[0]) == (NONE, "made ready")
    assert "address space only" in after.why[0]


def test_noscan_chunk_leads_nowhere():
    """Both chunks are in quarantine; the first one's pointer into the second is never read again."""
    program = [
        *(
            ops.NewArena(0),
            ops.New(0, NODE),
            ops.NewArena(1),
            ops.New(1, NODE),
            ops.Link(0, 1),
            ops.Hold(0, 0),
        ),
        *([ops.New(0, BIG)] * 4 + [ops.New(1, BIG)] * 4),
        *(ops.Free(0), ops.Free(1)),
    ]
    history = Machine(GC_OFF).run(program)
    first, second = (collector(Cycles(history), len(history), focus=chunk) for chunk in (0, 1))
    assert len(first.path) == 1
    assert second.pointers.read.tolist() == [False]
    assert (second.path, second.why[0][:33]) == ((), "nothing leads to chunk 1 (quarant")


@pytest.mark.parametrize("detail", [True, False])
def test_how_the_cycle_came_upon_a_chunk_is_told_in_detail_and_in_bulk(detail):
    history = linked(ops.MarkBegin(detail=detail))
    view = collector(Cycles(history), len(history), focus=0)
    said = (
        "found from chunk 1 by the GC worker" if detail else "marked in bulk, from chunk 1 by the GC worker"
    )
    assert view.chunks.found[0] == said
    assert view.why[-1] == f"this cycle: {said}"
    assert view.followed.tolist() == [True]


def test_chunk_freed_while_marking_waits_and_is_released_at_the_end():
    program = [ops.NewArena(0), *[ops.New(0, BIG)] * 5, ops.StartGC(), ops.Free(0), ops.FinishMark()]
    history = Machine(GC_OFF).run(program)
    cycles = Cycles(history)
    waiting, after = (
        collector(cycles, history.op_end(op + 1)) for op in (len(program) - 2, len(program) - 1)
    )
    assert (waiting.waiting, waiting.phase) == ((0,), "mark")
    assert (after.waiting, after.released, after.state) == ((), (0,), "sweep due")
    row = list(waiting.roots.name).index("the fault list")
    assert waiting.roots.chunks[row] == (0,)


def test_pace_knows_the_first_goal_before_any_cycle_and_none_with_the_collector_off():
    paced = Machine(GO_1_21).run([ops.NewArena(0)])
    view = collector(Cycles(paced), 0)
    assert (view.pace.goal, view.pace.trigger, view.pace.live) == (4_194_304, 3_997_696, 0)
    off = Machine(GC_OFF).run([ops.NewArena(0)])
    assert collector(Cycles(off), len(off)).pace.goal == 0


def test_scale_of_the_pace_stands_still_and_holds_everything():
    history = Machine(GO_1_21).run([ops.NewArena(0), *[ops.New(0, BIG)] * 30, ops.Free(0), ops.RunGC()])
    cycles = Cycles(history)
    paces = [collector(cycles, at).pace for at in range(0, len(history) + 1, 101)]
    assert len({pace.most for pace in paces}) == 1
    assert max(max(pace.live, pace.goal, pace.trigger) for pace in paces) <= paces[0].most


def test_handle_is_told_to_be_in_use_until_it_is_dropped():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.NewArena(1), ops.Drop(0)])
    for op, states in ((1, ["handle in use"] * 2), (2, ["handle dropped", "handle in use"])):
        roots = collector(Cycles(history), history.op_end(op + 1), op=op).roots
        assert [
            state for kind, state in zip(roots.kind, roots.state, strict=True) if kind == "refs"
        ] == states


def test_chunks_to_sweep_are_numbered_from_1_in_the_sweepers_order():
    history = Machine(GC_OFF).run([*map(ops.NewArena, range(3)), ops.StartGC(), ops.FinishMark()])
    view = collector(Cycles(history), len(history))
    assert len(view.unswept) == 3
    told = dict(zip(view.chunks.chunk.tolist(), view.chunks.sweep, strict=True))
    assert [told[chunk] for chunk in view.unswept] == [f"to sweep: {place} of 3" for place in (1, 2, 3)]


def test_queued_finalizer_is_told_beside_the_root_that_it_keeps():
    program = [ops.NewArena(0), ops.New(0, INT), ops.Drop(0), ops.StartGC(), ops.FinishMark()]
    history = Machine(GC_OFF).run(program)
    view = collector(Cycles(history), len(history))
    assert view.finalizers == (0,)
    assert list(view.roots.state) == ["finalizer queued"]


def test_page_follows_the_focus():
    history = Machine(GC_OFF).run([ops.NewArena(0), *[ops.New(0, BIG)] * 4 * (PAGE + 2)])
    view = collector(Cycles(history), len(history))
    assert (view.focus, view.chunks.chunk[0], len(view.chunks)) == (
        PAGE + 1,
        8,
        PAGE,
    )  # the last page is full, too
    assert view.chunks.focus.sum() == 1


def test_chunk_that_does_not_exist_yet_has_no_way():
    history = Machine(GC_OFF).run([ops.NewArena(0)])
    view = collector(Cycles(history), 0, focus=3)
    assert (view.focus, view.path, len(view.chunks), len(view.roots)) == (-1, (), 0, 0)


def test_planted_wrong_hop_is_not_a_pointer_of_this_world():
    """The law of the way is not empty: a edge from another chunk, or to another address, fails it."""
    history = linked(ops.RunGC())
    world, edge = history.world, collector(Cycles(history), len(history), focus=0).path[1]
    assert world.slots.target(edge.source, edge.slot) == edge.addr
    wrong = Edge(edge.source, "", edge.slot + 8, edge.addr, edge.chunk)
    assert world.slots.target(wrong.source, wrong.slot) != wrong.addr


def test_every_recorded_moment_can_be_looked_at(made_history):
    cycles = Cycles(made_history)
    for at in moments_of(made_history, 12):
        assert collector(cycles, at).text().startswith("operation")
