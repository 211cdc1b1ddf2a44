"""What is proved of a chunk's layout, of the stores that write its bitmap, and of where a scan of it ends."""

from __future__ import annotations

from functools import partial
from typing import Any

import z3

from arenalab.go.rules import GoRules
from arenalab.rules.chunk_layout import BITMAP, OBJECTS
from tests.proofs.claims_layout import distinct, every_rules
from tests.proofs.numbers import Number, Truth, integer, paths, uintptr, whole
from tests.proofs.prover import all_of, claim, implies, prove

CHUNK, WRITER, SCAN = "arenalab.rules.chunk_layout", "arenalab.go.heapbits", "arenalab.go.scan_limit"
WORDS = (32, 64)  #: bits of a bitmap word, by platform.


def _layouts(chunk_layout: Any) -> list[tuple[GoRules, Any]]:
    """Return every version's chunk on every platform, laid out by the module at hand."""
    each = distinct(every_rules(), lambda rules: rules.chunk)
    return [
        (it, chunk_layout.chunk_layout(it.chunk.stride, [(r.name, r.nbytes) for r in it.chunk.regions[1:]]))
        for it in each
    ]


@claim(CHUNK)
def regions_of_a_chunk_are_disjoint_and_cover_it(module: Any) -> None:
    offset = uintptr.of("offset")
    for _, chunk in _layouts(module):
        inside = [
            all_of(offset >= region.offset, offset < region.offset + region.nbytes)
            for region in chunk.regions
        ]
        count = sum((_one(it) for it in inside), start=uintptr(0))
        prove(count == 1, [offset < chunk.stride], regions=count)


def _one(holds: Truth) -> Number:
    return Number(z3.If(holds.expr, uintptr(1).expr, uintptr(0).expr), uintptr)


@claim(CHUNK)
def each_offset_is_held_by_the_region_around_it(module: Any) -> None:
    offset = uintptr.of("offset")
    for _, chunk in _layouts(module):
        inside = [offset < chunk.stride]
        for when, name in paths(partial(chunk.held_at, offset), inside):
            region = next(it for it in chunk.regions if it.name == (name or OBJECTS))
            around = all_of(offset >= region.offset, offset < region.offset + region.nbytes)
            prove(around, [*inside, when])


@claim(CHUNK)
def objects_end_where_usable_bytes_do_and_chunks_follow_one_another(module: Any) -> None:
    offset, other, number, next_one = map(integer.of, ("offset", "other", "number", "next"))
    for _, chunk in _layouts(module):
        within = [offset >= 0, offset < chunk.mapped_bytes, other >= 0, other < chunk.mapped_bytes]
        apart = number * chunk.stride + offset < next_one * chunk.stride + other
        prove(apart, [*within, number >= 0, number < next_one])
        used = chunk.regions[0]
        prove((offset < used.offset + used.nbytes) == (offset < chunk.usable_bytes), [offset >= 0])


@claim(CHUNK)
def bitmap_of_a_chunk_has_a_bit_for_each_word_of_its_objects(module: Any) -> None:
    word = uintptr.of("word")
    for rules, chunk in _layouts(module):
        room = [it.nbytes for it in chunk.regions if it.name == BITMAP] or [
            rules.chunk_bitmap_words * rules.ptr_size
        ]
        given = [word * rules.ptr_size < chunk.usable_bytes, word < chunk.stride]
        prove((word // rules.ptr_bits + 1) * rules.ptr_size <= room[0], given)


def _writer(module: Any, bits: int) -> tuple[Any, Number, list[Truth]]:
    """Return a writer in the midst of a word, the bits that it holds, and what is given of it."""
    writer = module.HeapBitsWriter(0, bits)
    low, valid, mask = map(whole.of, ("low", "valid", "mask"))
    writer.low, writer.valid, writer.mask = low, valid, mask
    given = [low <= valid, valid <= bits, mask < (whole(1) << valid), (mask & ((whole(1) << low) - 1)) == 0]
    return writer, mask, given


@claim(WRITER)
def writing_loses_no_bit_and_adds_none(module: Any) -> None:
    """What was collected and what comes now is what is stored and what is collected then."""
    for bits in WORDS:
        data, nbits = whole.of("data"), whole.of("nbits")
        given = [nbits <= bits, data < (whole(1) << nbits)]
        for when, (writer, before, valid, store, mine) in paths(partial(_written, module, bits, data, nbits)):
            stream = before | (data << valid)
            kept = writer.mask if store is None else (writer.mask << bits) | store.data
            fresh = all_of(writer.mask < (whole(1) << writer.valid), writer.valid <= bits)
            prove(all_of(kept == stream, fresh), [*given, *mine, when], kept=kept, stream=stream)


def _written(
    module: Any, bits: int, data: Number, nbits: Number
) -> tuple[Any, Number, Number, Any, list[Truth]]:
    writer, before, mine = _writer(module, bits)
    valid = writer.valid
    return writer, before, valid, writer.write(data, nbits), mine


@claim(WRITER)
def full_word_keeps_what_was_below_the_writers_bits(module: Any) -> None:
    for bits in WORDS:
        data, nbits, before, at = map(whole.of, ("data", "nbits", "before", "at"))
        given = [nbits <= bits, data < (whole(1) << nbits), before < (whole(1) << bits), at < bits]
        for when, (writer, mask, valid, store, mine) in paths(partial(_written, module, bits, data, nbits)):
            if store is None:
                continue
            below, after = at < whole.of("low"), module.merged(before, store.keep, store.data)
            held = implies(below, _bit(after, at) == _bit(before, at))
            own = implies(_not(below), _bit(after, at) == _bit(mask | (data << valid), at))
            prove(all_of(held, own, writer.low == 0), [*given, *mine, when], after=after)


@claim(WRITER)
def flush_stores_the_writers_bits_and_leaves_all_others(module: Any) -> None:
    for bits in WORDS:
        before, at = whole.of("before"), whole.of("at")
        given = [before < (whole(1) << bits), at < bits]
        for when, (mask, mine, store) in paths(partial(_flushed, module, bits)):
            low, valid = whole.of("low"), whole.of("valid")
            if store is None:
                prove(low == valid, [*mine, when])
                continue
            after = module.merged(before, store.keep, store.data)
            ours = all_of(at >= low, at < valid)
            found = all_of(
                implies(ours, _bit(after, at) == _bit(mask, at)),
                implies(_not(ours), _bit(after, at) == _bit(before, at)),
            )
            prove(found, [*given, *mine, when], after=after)


def _flushed(module: Any, bits: int) -> tuple[Number, list[Truth], Any]:
    writer, mask, mine = _writer(module, bits)
    return mask, mine, writer.flush()


def _bit(word: Number, at: Number) -> Number:
    return (word >> at) & 1


def _not(it: Truth) -> Truth:
    return it == False  # noqa: E712  # a statement for the solver


@claim(SCAN)
def scan_that_ends_at_ptr_bytes_reads_every_pointer_before_them(module: Any) -> None:
    for ptr_size in (4, 8):
        _scan_ends(module, ptr_size * ptr_size * 8, ptr_size)


def _scan_ends(module: Any, word_bytes: int, ptr_size: int) -> None:
    ptr_bytes, first, count, slot = map(integer.of, ("ptr_bytes", "first", "count", "slot"))
    given = [ptr_bytes >= 0, first >= 0, count >= 0, slot >= 0]
    for when, end in paths(lambda: module.PtrBytes(ptr_bytes, word_bytes).end(first, count)):
        word = slot * ptr_size // word_bytes
        asked = all_of(word >= first, word < first + count, slot * ptr_size < ptr_bytes)
        bounds = all_of(end >= first, end <= first + count)
        wasted = implies(end > first, (end - 1) * word_bytes < ptr_bytes)
        prove(all_of(bounds, implies(asked, word < end), wasted), [*given, when], end=end)
