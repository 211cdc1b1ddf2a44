"""Whose an address was: the value, its arena, who made and freed them, and what the chunk is at the end."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.whose import whose, whose_words
from arenalab.world import ops
from arenalab.world.tables import MSPAN_IN_USE
from tests.concurrent import overtaking, with_sites
from tests.strategies import GC_OFF, programs

NODE, QUARTER = type_of("struct{ p *int; n int }"), type_of("[2097152]byte")


@given(programs(), st.data())
def test_values_at_an_address_are_those_of_a_walk_through_all(program, data):
    world = (history := Machine(GC_OFF, in_bulk=True).run(program)).world
    spans = [span for span in world.spans if span.state == MSPAN_IN_USE] or world.spans
    if not spans:
        return
    base, ledger = data.draw(st.sampled_from(spans)).base, world.ledger.table().tolist()
    edges = [edge - base for row in ledger for edge in (row[0], row[0] + row[1] - 1, row[0] + row[1])]
    anywhere = st.integers(0, world.rules.chunk.stride - 1)
    near = st.sampled_from([at for at in edges if 0 <= at < world.rules.chunk.stride] or [0])
    address = base + data.draw(st.one_of(near, anywhere))
    its, span = whose(history, address), world.span_of(address)
    rows = [n for n, row in enumerate(ledger) if row[5] == span.chunk and row[0] <= address < row[0] + row[1]]
    assert [held.object for held in its.held] == rows[::-1]
    assert (its.chunk, its.offset, its.state) == (span.chunk, address - span.base, world.list_of(span.chunk))
    for held in its.held:
        assert held.byte < held.nbytes
        assert isinstance(history.ops[held.made], ops.New | ops.MakeSlice | ops.Rep)
        assert (held.end.how == "never") == (not world.user_arenas[held.user_arena].defunct)
    assert whose_words(its)


def test_crash_in_quarantine_is_told_with_who_made_and_who_freed(tmp_path):
    history = with_sites(tmp_path)
    made, freed = history.ops.index(ops.New(0, QUARTER)), history.ops.index(ops.Free(0))
    lines = whose_words(whose(history, history.world.ledger.row(0)[0] + 16))
    assert lines[1] == "byte 16 of a value of user arena 0: [2097152]byte, 2 MiB"
    assert (
        lines[2]
        == f"  made by operation {made + 1}, arena.New[[2097152]byte](a0) by goroutine 5 at server.go:4"
    )
    assert lines[4] == f"  its arena was freed by operation {freed + 1} by goroutine 5 at free.go:9"
    assert lines[5].endswith("touching it faults: SIGSEGV")


def test_chunk_that_another_arena_uses_again_tells_both_the_latest_first():
    program = [ops.NewArena(0), ops.New(0, NODE), *[ops.New(0, QUARTER)] * 4, ops.Free(0), ops.RunGC()]
    history = Machine(GC_OFF).run([*program, ops.NewArena(1), ops.NewArena(2), ops.New(2, NODE)])
    its = whose(history, history.world.spans[0].base + 8)
    assert [held.user_arena for held in its.held] == [2, 0]
    assert (its.user_arena, its.fault) == (2, False)
    told = "\n".join(whose_words(its))
    assert "before that, byte 8 of a value of user arena 0" in told
    assert "its arena was never freed" in told
    assert "chunk 0 is being filled, by user arena 2 since operation" in told


def test_arena_that_a_finalizer_freed_is_said_to_be():
    row = next(n for n, op in enumerate(overtaking().ops) if op == ops.New(2, NODE))
    its = whose(overtaking(), overtaking().world.ledger.row(overtaking().op_rows[row])[0])
    assert "dropped, and freed by its finalizer" in "\n".join(whose_words(its))


@pytest.mark.parametrize("address", [0, 1, 0x40C0190219B0, 2**63, 2**64 - 1])
def test_address_in_no_chunk_says_so_and_where_the_chunks_are(address):
    its = whose(overtaking(), address)
    assert its.chunk is None
    assert (
        "is in no chunk of this run (its chunks lie between 0x40c000000000 and 0x40c003ffffff)"
        in whose_words(its)[0]
    )
    assert "(it has none)" in whose_words(whose(Machine(GC_OFF).history, address))[0]


def test_free_room_belongs_to_no_value():
    history = Machine(replace(GC_OFF)).run([ops.NewArena(0), ops.New(0, NODE)])
    lines = whose_words(whose(history, history.world.spans[0].base + 64))
    assert "where no value ever lay" in lines[0]
    assert len(lines) == 2


def test_values_last_byte_is_its_own_and_the_next_is_nobodys():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, NODE)])
    addr, size, *_ = history.world.ledger.row(0)
    assert [held.object for held in whose(history, addr + size - 1).held] == [0]
    assert not whose(history, addr + size).held
