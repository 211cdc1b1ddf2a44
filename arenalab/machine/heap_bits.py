"""Setting a value's pointer bits, store by store.

Laws of this file: one event per bitmap word stored, with the word before and after; the
GC program's output is in the object's own memory between two events, and gone after.

Follows userArenaHeapBitsSetType and userArenaHeapBitsSetSliceType in arena.go, Go 1.21.
"""

from __future__ import annotations

from arenalab.errors import GoPanic
from arenalab.go.heapbits import HeapBitsWriter, Store, merged, write_plan
from arenalab.go.layout import bit_is_set, bit_of, bitmap_word_of, ceil_div, is_aligned, mul_overflows
from arenalab.go.mirror import mirrors
from arenalab.go.types import GoType
from arenalab.machine.runtime import runtime
from arenalab.machine.steps import Steps
from arenalab.world.events import BitmapWordWritten, GCProgErased, GCProgExpanded
from arenalab.world.state import World
from arenalab.world.tables import MSpan

SIZE_OUT_OF_RANGE = "runtime: allocation size out of range"


ONE_VALUE = -1  #: capacity that means "a single value, not a slice".


def set_bits(w: World, go_type: GoType, cap: int, addr: int, span: MSpan) -> Steps[None]:
    """Set the bits of a value, or of a slice of `cap` values, as `userArenaNextFree` has it done."""
    if cap == ONE_VALUE:
        return runtime(w.rules).set_type(w, go_type, addr, span)
    return set_slice_type(w, go_type, cap, addr, span)


@mirrors("arena.go", "userArenaHeapBitsSetSliceType")
def set_slice_type(w: World, go_type: GoType, count: int, addr: int, span: MSpan) -> Steps[None]:
    """Set the bits of `count` values in a row, one after the other.

    Raises:
        GoPanic: the slice's bytes leave the address space (unreachable behind the redirect).

    """
    if mul_overflows(go_type.size, count) or go_type.size * count > w.rules.max_alloc:
        raise GoPanic(SIZE_OUT_OF_RANGE, f"{count} × {go_type.size} bytes", go_type="runtime.plainError")
    set_one = runtime(w.rules).set_type
    for number in range(count):
        yield from set_one(w, go_type, addr + number * go_type.size, span)


@mirrors("arena.go", "userArenaHeapBitsSetType")
def set_type(w: World, go_type: GoType, addr: int, span: MSpan) -> Steps[None]:
    """Set the bits of one value at `addr` in the chunk `span`.

    The back-up: a value that starts on a bitmap word's boundary would leave the mark of the word
    below it set, and the collector, to whom the chunk is one object, would stop there. So the
    last pointer bit below is written once more, which makes the writer clear that mark.
    """
    rules, chunk, ptr_size = w.rules, span.chunk, w.rules.ptr_size
    heap_word = (addr - span.base) // ptr_size
    writer = HeapBitsWriter(heap_word, rules.ptr_bits)
    if is_aligned(addr, rules.bitmap_word_bytes) and addr != span.base:
        writer = HeapBitsWriter(heap_word - 1, rules.ptr_bits)
        writer.write(pointer_bit(w, chunk, heap_word - 1), 1)
    nbits = go_type.mask.n if go_type.gcprog is not None else 0
    if nbits:
        yield GCProgExpanded(chunk, addr, nbits, go_type)
    for bits, count in write_plan(go_type, ptr_size):
        store = writer.write(bits, count)
        if store is not None:
            yield _written(w, chunk, store)
    store = writer.flush()
    if store is not None:
        yield _written(w, chunk, store)
    if nbits:
        yield GCProgErased(chunk, addr, ceil_div(nbits, 8))


def pointer_bit(w: World, chunk: int, heap_word: int) -> int:
    """Return the pointer bit of a chunk's heap word, 0 or 1."""
    bits = w.rules.ptr_bits
    bit: int = bit_is_set(w.bits.word(chunk, bitmap_word_of(heap_word, bits)), bit_of(heap_word, bits))
    return bit


def _written(w: World, chunk: int, store: Store) -> BitmapWordWritten:
    before = w.bits.word(chunk, store.word)
    return BitmapWordWritten(chunk, store.word, before, merged(before, store.keep, store.data), store.clears)
