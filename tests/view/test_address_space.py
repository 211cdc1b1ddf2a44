"""The address space is the World's: every chunk's place, list, owner and fill, and what memory is behind it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.units import MiB
from arenalab.view.address_space import (
    ACROSS,
    FAULTED,
    MAPPED,
    NEVER_USED,
    PAGE,
    RESIDENT,
    address_space,
)
from arenalab.view.chunk_events import ChunkEvents, step_at_hand
from arenalab.world import ops
from arenalab.world.chunk_events import ChunkMapped, ChunkZeroed
from arenalab.world.end_events import ChunkUnmapped
from arenalab.world.gc_events import ChunkSwept
from arenalab.world.history import History
from arenalab.world.life_cycle import states_of
from tests.examples import examples
from tests.programs import moments_of
from tests.strategies import GC_OFF, programs

BIG = type_of("[2097152]byte")  #: a quarter of a chunk
LIVES = [ops.NewArena(0), ops.New(0, type_of("*int")), *[ops.New(0, BIG)] * 5, ops.Free(0), ops.RunGC()]


def run(program, rules=GC_OFF):
    return Machine(rules).run(program)


def every_cell(history, at):
    """The chunks of all pages of a moment, in order: each a row of the view's columns, by name."""
    events, chunks = ChunkEvents(history), len(history.at(at).spans)
    views = [address_space(events, at, focus=chunk) for chunk in range(0, chunks, ACROSS * PAGE)]
    cells = [
        dict(zip(view.cells.columns(), row, strict=True))
        for view in views
        for row in zip(*view.cells.columns().values(), strict=True)
    ]
    return [cell for _, cell in sorted({cell["chunk"]: cell for cell in cells}.items())]


@examples(40)
@given(programs(micro_gc=True), st.data(), st.sampled_from(["plain", "asan"]))
def test_cells_are_the_worlds_chunks(program, data, mode):
    history = run(program, replace(GC_OFF, build_mode=mode))
    at = data.draw(st.integers(0, len(history)))
    world, cells = history.at(at), every_cell(history, at)
    size = world.rules.chunk.stride
    assert [cell["chunk"] for cell in cells] == list(range(len(world.spans)))
    assert [cell["state"] for cell in cells] == states_of(world)
    for cell, span in zip(cells, world.spans, strict=True):
        owner = world.owner_of(span.chunk)
        assert cell["user_arena"] == (-1 if owner is None else owner)
        assert cell["base"] == span.base
        assert (cell["memory"] in {MAPPED, RESIDENT}) != span.faulted
        assert cell["resident"] == (size if cell["memory"] == RESIDENT else 0)
        taken = cell["front"] + cell["back"] + cell["tail"]
        if cell["memory"] == RESIDENT and span.free_limit:
            assert size - taken == span.free_bytes
            assert cell["base"] + cell["front"] == span.free_base
        else:
            assert taken == 0


@examples(40)
@given(programs(micro_gc=True), st.data())
def test_totals_add_up_and_agree_with_gos_own_counter(program, data):
    history = run(program)
    at = data.draw(st.integers(0, len(history)))
    world, totals = history.at(at), address_space(ChunkEvents(history), at).totals
    rules = world.rules
    assert totals.reserved == len(world.heap_arenas) * rules.heap_arena_bytes
    assert totals.reserved == totals.mapped + totals.faulted + totals.never
    meta = len(world.heap_arenas) * rules.heap_arena_meta_bytes
    assert totals.mapped + meta == world.counters.mapped_ready
    cells = every_cell(history, at)
    assert totals.resident == sum(cell["resident"] for cell in cells)
    if at == history.op_end(history.log.op_at(at) + 1):
        assert totals.resident == totals.mapped
    assert totals.unzeroed == totals.reserved - sum(h.zeroed_base for h in world.heap_arenas)


@examples(40)
@given(programs(), st.data())
def test_rows_are_the_worlds_heap_arenas(program, data):
    history = run(program)
    at = data.draw(st.integers(0, len(history)))
    world, rows = history.at(at), address_space(ChunkEvents(history), at).rows
    assert rows.heap_arena.tolist() == list(range(len(world.heap_arenas)))
    for row, heap_arena in enumerate(world.heap_arenas):
        assert (rows.base[row], rows.first[row]) == (heap_arena.base, heap_arena.first_chunk)
        assert rows.end[row] - rows.base[row] == 64 * MiB
        assert rows.zeroed[row] == rows.zeroed_base[row] == heap_arena.zeroed_base


def test_every_recorded_moment_can_be_looked_at(made_history):
    events = ChunkEvents(made_history)
    for at in moments_of(made_history, 12):
        assert address_space(events, at).text().startswith("operation")


def test_memory_of_a_chunk_through_its_life():
    history = run(LIVES)
    events, seen = ChunkEvents(history), []
    for at in range(len(history) + 1):
        view = address_space(events, at, focus=0)
        memory = view.cells.memory[0] if len(view.cells) else "none"
        if not seen or seen[-1] != memory:
            seen.append(memory)
    assert seen == ["none", NEVER_USED, MAPPED, RESIDENT, FAULTED]


def test_chunk_is_resident_from_its_zeroing_on():
    history = run(LIVES)
    events = ChunkEvents(history)
    at = {
        kind: n
        for n, e in enumerate(history.events_of(1), 1)
        if (kind := type(e)) in {ChunkMapped, ChunkZeroed}
    }
    totals = [address_space(events, moment).totals for moment in at.values()]
    assert [(one.mapped, one.resident) for one in totals] == [(8 * MiB, 0), (8 * MiB, 8 * MiB)]


def test_fill_is_told_in_bytes_and_begun_pages():
    history = run([ops.NewArena(0), ops.New(0, type_of("[1025]*int")), ops.New(0, type_of("byte"))])
    cells = address_space(ChunkEvents(history), len(history)).cells
    assert (cells.front[0], cells.back[0], cells.front_pages[0], cells.back_pages[0]) == (8200, 1, 2, 1)


def test_chunk_that_is_full_to_the_last_byte_is_full():
    history = run([ops.NewArena(0), *[ops.New(0, BIG)] * 4])
    cells = address_space(ChunkEvents(history), len(history)).cells
    assert (cells.front[0], cells.back[0]) == (0, 8 * MiB)


def test_step_at_hand_is_outlined():
    history = run(LIVES)
    events = ChunkEvents(history)
    freed = history.op_end(len(history.ops) - 1)
    cells = address_space(events, freed).cells
    assert cells.chunk[cells.now].tolist() == [0, 1]
    assert step_at_hand(history, freed - 1) == (freed - 2, freed - 1)
    assert step_at_hand(history, 0) == (0, 0)


def test_page_follows_the_focus_and_keeps_its_height():
    history = run([ops.NewArena(0), *[ops.New(0, BIG)] * 4 * ACROSS * (PAGE + 1)])
    events, end = ChunkEvents(history), len(history)
    views = [address_space(events, end, focus=chunk) for chunk in (0, ACROSS * PAGE)]
    assert [(view.first, view.rows.heap_arena[0]) for view in views] == [(0, 0), (1, 1)]
    assert {address_space(events, at).page for at in range(0, end, 50)} == {PAGE}


def test_heap_arena_of_many_small_chunks_takes_several_rows():
    rules = replace(GC_OFF, user_arena_chunk_bytes_max=2 * MiB)
    history = run([ops.NewArena(0), *[ops.New(0, type_of("[65536]*int"))] * 4 * 9], rules)
    view = address_space(ChunkEvents(history), len(history), focus=0)
    assert view.rows.heap_arena.tolist() == [0] * 4
    assert view.rows.zeroed.tolist() == [16 * MiB, 2 * MiB, 0, 0]
    assert (view.all_rows, view.chunks) == (4, 32)


def test_history_that_goes_on_from_a_world_knows_what_was_mapped():
    history = run([*LIVES[:-1], ops.NewArena(1), ops.New(1, BIG)])
    world, at_end = history.world, address_space(ChunkEvents(history), len(history))
    anew = address_space(ChunkEvents(History(world.rules, world.fork())), 0)
    assert anew.totals == at_end.totals
    assert anew.cells.memory.tolist() == at_end.cells.memory.tolist()


def test_nothing_is_reserved_at_the_start():
    view = address_space(ChunkEvents(run(LIVES)), 0)
    assert (len(view.rows), len(view.cells), view.totals.reserved, view.focus) == (0, 0, 0, -1)
    assert "no heap arena yet" in view.text()


def test_planted_lost_event_is_seen(monkeypatch):
    """The law of memory is not empty: an index that forgets what was unmapped tells another story."""
    history = run(LIVES)
    events = ChunkEvents(history)
    of = events.rows_of
    monkeypatch.setattr(
        events, "rows_of", lambda kind, *part: of(ChunkSwept if kind is ChunkUnmapped else kind, *part)
    )
    view = address_space(events, len(history), focus=0)
    assert view.totals.faulted == 0
