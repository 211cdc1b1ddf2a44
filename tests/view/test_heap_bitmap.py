"""The heap bitmap's view: the World's bits, the ledger's objects, and each store taken apart rightly."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.go.versions import go_rules
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.heap_bitmap import CHOSEN, ROWS, STOP, heap_bitmap
from arenalab.view.pointer_bits import pointer_bits
from arenalab.world import ops
from arenalab.world.events import BitmapWordWritten, GCProgErased, GCProgExpanded
from arenalab.world.gc_events import ObletScanned
from tests.examples import examples
from tests.strategies import GC_OFF, programs

NODE = type_of("struct{ next *int; n int; m int }")


NEWEST = replace(go_rules("1.27"), gogc=-1)


def history_of(*program, rules=GC_OFF):
    return Machine(rules).run([ops.NewArena(0), *program])


def after(history, kind, which=0):
    """How many events have happened right after the first (or another) one of a kind."""
    return [number for number, event in enumerate(history.events) if isinstance(event, kind)][which] + 1


def views(history):
    index = ChunkIndex(history)
    return [heap_bitmap(index, at) for at in range(len(history) + 1)]


@examples(40)
@given(programs(max_ops=12), st.data())
def test_cells_are_the_worlds_bits_and_strips_fill_every_word(program, data):
    history = Machine(GC_OFF).run(program)
    at = data.draw(st.integers(0, len(history)))
    view, world = heap_bitmap(ChunkIndex(history), at), history.at(at)
    if view.focus < 0:
        assert len(view.cells) == len(view.strips) == 0
        return
    for word in range(view.first, view.first + ROWS):
        here = view.cells.word == word
        digits = "".join("1" if bit == "bit_one" else "0" for bit in view.cells.meaning[here][::-1])
        assert int(digits, 2) == world.bits.word(view.focus, word)
        strip = view.strips.word == word
        left, right = view.strips.left[strip], view.strips.right[strip]
        assert (left[0], right[-1]) == (0, 64)
        assert np.array_equal(left[1:], right[:-1])


@pytest.mark.parametrize("rules", [GC_OFF, NEWEST], ids=["1.21", "1.27"])
@examples(60)
@given(programs(max_ops=12), st.data())
def test_every_bit_of_a_store_comes_from_where_it_says(rules, program, data):
    history = Machine(rules).run(program)
    stores = [n for n, event in enumerate(history.events) if isinstance(event, BitmapWordWritten)]
    if not stores:
        return
    number = data.draw(st.sampled_from(stores))
    event, world = history.events[number], history.at(number + 1)
    store = heap_bitmap(ChunkIndex(history), number + 1).store
    addr, _, type_number, *_ = world.ledger.row(world.ledger.count - 1)
    go_type = world.types[type_number]
    first = (addr - world.spans[event.chunk].base) // 8 + store.value * (go_type.size // 8) - 64 * event.word
    bits = store.bits
    assert (store.word, store.before, store.after) == (event.word, event.before, event.after)
    for bit, before, now, origin in zip(bits.bit, bits.before, bits.after, bits.origin, strict=True):
        match origin:
            case "kept" | "back_up":
                assert before == now
            case "mask":
                assert now == go_type.mask.bits(int(bit) - first, int(bit) - first + 1)[0]
            case "pad":
                assert not now
    assert "mask" in bits.origin or "pad" in bits.origin or "back_up" in bits.origin


@pytest.mark.parametrize("rules", [GC_OFF, NEWEST], ids=["1.21", "1.27"])
@given(st.integers(1, 70), st.integers(1, 5), st.integers(0, 66))
@examples(40)
def test_values_of_a_slice_are_told_in_order_and_to_the_last(rules, cap, words, offset):
    value = type_of(f"struct{{ p *int; n [{words - 1}]int }}")
    before = [ops.New(0, type_of(f"[{offset}]*int"))] if offset else []
    history = history_of(*before, ops.MakeSlice(0, value, cap), rules=rules)
    index, start = ChunkIndex(history), history.op_starts[-1]
    told = [
        heap_bitmap(index, number + 1).store.value
        for number in range(start, len(history))
        if isinstance(history.events[number], BitmapWordWritten)
    ]
    assert told == sorted(told)
    assert set(told) == set(range(cap))


def test_the_mark_of_a_word_goes_by_the_back_up_of_the_value_above():
    history = history_of(ops.New(0, type_of("[64]*int")), ops.New(0, type_of("*int")))
    store = views(history)[after(history, BitmapWordWritten, 1)].store
    assert (store.word, store.full, store.call) == (0, True, "writeHeapBits.write")
    assert store.bits.origin.tolist() == ["kept"] * 63 + ["back_up"]


def test_a_gc_programs_output_covers_the_object_for_a_moment():
    history = history_of(ops.New(0, type_of("*int")), ops.New(0, type_of("[16385]*int")))
    shown = views(history)
    covered = shown[after(history, GCProgExpanded)].strips
    scratch = covered.meaning == "scratch"
    assert int((covered.right - covered.left)[scratch].sum()) == 257  # 16,385 bits in 8-byte words
    assert (
        "16,385 mask bits stand in the object at offset 8"
        in shown[after(history, GCProgExpanded)].scratch_text
    )
    assert "scratch" not in shown[after(history, GCProgErased)].strips.meaning
    assert shown[after(history, GCProgErased)].scratch_text == ""


def test_the_scan_stops_where_the_collectors_own_does():
    history = history_of(*[ops.New(0, type_of("[70]*int"))] * 3, ops.Hold(0, 0), ops.RunGC(detail=True))
    at = after(history, ObletScanned)
    event, view = history.events[at - 1], views(history)[at]
    assert (view.scan.end, view.scan.work) == (event.read_to, event.scan_work)
    assert view.scanned.tolist()[event.read_to - 1] == "scan stops here"
    assert set(view.scanned.tolist()[event.read_to :]) == {"not scanned"}


def test_a_freed_chunk_is_not_scanned():
    history = history_of(*[ops.New(0, type_of("[262144]*int"))] * 5, ops.Free(0), ops.RunGC())
    assert "does not scan this chunk" in heap_bitmap(ChunkIndex(history), len(history), focus=0).text()


def test_objects_of_a_freed_arena_are_told_from_those_of_the_next():
    history = history_of(ops.New(0, NODE), ops.Free(0), ops.NewArena(1), ops.New(1, NODE))
    strips = heap_bitmap(ChunkIndex(history), len(history)).strips
    assert strips.meaning.tolist()[:2] == ["pointerful_former", "pointerful"]


def test_pages_do_not_slide_and_stay_inside():
    history = history_of(ops.New(0, NODE))
    index = ChunkIndex(history)
    firsts = [heap_bitmap(index, len(history), first=n, fit=CHOSEN).first for n in (-5, 0, 7, 8, 15, 10**9)]
    assert firsts == [0, 0, 0, 8, 8, 16_376]
    assert heap_bitmap(index, len(history), fit=STOP).first == 0


def test_text_of_the_start_and_of_the_end():
    history = history_of(ops.New(0, NODE))
    first, last = views(history)[0].text(), views(history)[-1].text()
    assert "no chunk yet" in first
    assert "writeHeapBits.flush stores word 0 of chunk 0" in last
    assert "mpp" in last


@pytest.mark.parametrize("op", [ops.New(0, type_of("int")), ops.New(0, type_of("[0]*int"))])
def test_an_operation_that_writes_no_bits_shows_no_store(op):
    history = history_of(ops.New(0, NODE), op)
    view = heap_bitmap(ChunkIndex(history), len(history), op=2)
    assert view.store is None
    assert "no bitmap word is stored" in view.text()


@given(programs(max_ops=12), st.integers(0, 2**23), st.integers(0, 2**14))
def test_objects_looked_up_for_a_page_are_those_found_among_all(program, left, nbytes):
    history = Machine(GC_OFF).run(program)
    index, world = ChunkIndex(history), history.world
    for span in world.spans:
        rows = index.contents(span.chunk, world).rows_in(left, left + nbytes)
        first, behind = left // 512, -(-(left + nbytes) // 512)
        narrow = pointer_bits(world, span.chunk, first, behind - first, rows).heap_words
        every = pointer_bits(world, span.chunk, first, behind - first).heap_words
        seen = (every.heap_word * 8 >= left) & (every.heap_word * 8 + 8 <= left + nbytes)
        for name in ("row", "type", "at", "expected"):
            assert np.array_equal(getattr(narrow, name)[seen], getattr(every, name)[seen])
