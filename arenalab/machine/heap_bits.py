"""Setting a value's pointer bits, store by store.

Rules: one event per bitmap word stored, with the word before and after; the
GC program's output is in the object's own memory between two events, and gone after.

Follows userArenaHeapBitsSetType and userArenaHeapBitsSetSliceType in arena.go, Go 1.21 to 1.27.
"""

from __future__ import annotations

from collections.abc import Iterator

from arenalab.errors import ArgumentError, GoPanic
from arenalab.go.heapbits import HeapBitsWriter, Store, merged, write_plan
from arenalab.go.layout import bit_is_set, bit_of, bitmap_word_of, ceil_div, is_aligned, mul_overflows
from arenalab.go.mirror import mirrors
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.machine.runtime import runtime
from arenalab.machine.steps import Lock, Steps, Unlock
from arenalab.world.events import BitmapWordWritten, GCProgErased, GCProgExpanded, MaskBuilt, PtrBytesSet
from arenalab.world.schedule import GCPROG_LOCK
from arenalab.world.state import World
from arenalab.world.tables import MSpan

_TAKE_GCPROG, _LET_GCPROG_GO = Lock(GCPROG_LOCK), Unlock(GCPROG_LOCK)
SIZE_OUT_OF_RANGE = "runtime: allocation size out of range"


ONE_VALUE = -1  #: capacity that means "a single value, not a slice".


def check_home(rules: GoRules) -> None:
    """Refuse a what-if whose bits lie where its version of Go does not look for them.

    Raises:
        ArgumentError: saying where they have to lie.

    """
    home = "heap arena" if runtime(rules).set_type is set_type_and_marks else "chunk"
    if rules.bitmap_home != home:
        raise ArgumentError("bitmap_home", rules.bitmap_home, f"{home!r}, as Go {rules.version} has it")


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


@mirrors("arena.go", "userArenaHeapBitsSetType", until="1.22")
def set_type_and_marks(w: World, go_type: GoType, addr: int, span: MSpan) -> Steps[None]:
    """Set the bits of one value at `addr` in the chunk `span`, and clear the noMorePtrs marks below its last word.

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
    return _bits_set(w, go_type, addr, chunk, writer, 0)


@mirrors("arena.go", "userArenaHeapBitsSetType", since="1.22")
def set_type(w: World, go_type: GoType, addr: int, span: MSpan) -> Steps[None]:
    """Set the bits of one value at `addr` in the chunk `span`, then move the dummy type's PtrBytes past it."""
    offset = addr - span.base
    writer = HeapBitsWriter(offset // w.rules.ptr_size, w.rules.ptr_bits)
    return _bits_set(w, go_type, addr, span.chunk, writer, offset + go_type.ptr_bytes)


def _bits_set(
    w: World, go_type: GoType, addr: int, chunk: int, writer: HeapBitsWriter, ptr_bytes: int
) -> Steps[None]:
    """Hand a value's mask to the writer, and then what the dummy type's PtrBytes become.

    Without PtrBytes (0) there are marks: a store that overflows a word clears its noMorePtrs mark.
    """
    program = go_type.mask.n if go_type.gcprog is not None else 0
    if program:
        yield _TAKE_GCPROG
        yield GCProgExpanded(chunk, addr, program, go_type)
    elif go_type.mask_kind != "mask":
        yield from mask_built(w, go_type)
    for bits, count in write_plan(go_type, w.rules.ptr_size):
        store = writer.write(bits, count)
        if store is not None:
            yield _written(w, chunk, store, 0 if ptr_bytes else store.clears)
    store = writer.flush()
    if store is not None:
        yield _written(w, chunk, store, 0)
    if program:
        yield GCProgErased(chunk, addr, ceil_div(program, 8))
        yield _LET_GCPROG_GO
    if ptr_bytes:
        yield PtrBytesSet(chunk, ptr_bytes)


@mirrors("type.go", "getGCMaskOnDemand", since="1.24")
def mask_built(w: World, go_type: GoType) -> Iterator[MaskBuilt]:
    """Build a type's mask if its descriptor holds none and this is its first use."""
    if go_type.on_demand and w.type_index.get(go_type) not in w.masks:
        yield MaskBuilt(go_type, w.rules.ptr_size * ceil_div(go_type.mask.n, w.rules.ptr_bits))


def pointer_bit(w: World, chunk: int, heap_word: int) -> int:
    """Return the pointer bit of a chunk's heap word, 0 or 1."""
    bits = w.rules.ptr_bits
    bit: int = bit_is_set(w.bits.word(chunk, bitmap_word_of(heap_word, bits)), bit_of(heap_word, bits))
    return bit


def _written(w: World, chunk: int, store: Store, clears: int) -> BitmapWordWritten:
    before = w.bits.word(chunk, store.word)
    return BitmapWordWritten(chunk, store.word, before, merged(before, store.keep, store.data), clears)
