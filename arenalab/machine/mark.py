"""Marking: roots, the grey queue, scanning a chunk through its bitmap.

Rules:
1. Any pointer into a chunk, its free part included, marks the whole chunk.
2. A scannable chunk is read in oblets of 128 KiB, each through the bitmap alone; an oblet ends
   where the chunk's ScanLimit says: at a noMorePtrs mark, or at the dummy type's PtrBytes. A noscan
   (faulted) chunk is never read.
3. The order of marking decides nothing: the marked set is what is reachable, which the
   invariants re-derive.

Modelled roots: the program's globals, handles it can reach, handles whose finalizer is yet to
run, the global reuse and fault lists, and the chunk in the hands of a goroutine. Stacks are
taken to hold nothing else. Follows mgcmark.go, Go 1.21.
"""

from __future__ import annotations

from collections.abc import Iterator

from arenalab.errors import GoThrow
from arenalab.go.bitscan import oblet_scan
from arenalab.go.layout import ceil_div
from arenalab.go.mirror import mirrors
from arenalab.machine.general_heap import mark_small, reachable_handles
from arenalab.machine.steps import Steps
from arenalab.world import gc_events as gc
from arenalab.world.queries import left_by_a_copy, roots
from arenalab.world.state import World
from arenalab.world.tables import MSPAN_IN_USE, MSpan

BAD_POINTER = "found bad pointer in Go heap (incorrect use of unsafe or cgo?)"


def handles_reached(w: World) -> Iterator[int]:
    """Return the user arenas whose handle the program or the finalizer queue can reach."""
    queued = (number for number in w.gc.finalizers if number not in w.handles)
    for number in (*reachable_handles(w), *queued):
        user_arena = w.user_arenas[number]
        named = not user_arena.dropped and (not user_arena.defunct or left_by_a_copy(w, number))
        mine = number in w.handles and named
        if (mine or number in w.gc.finalizers) and not user_arena.marked:
            yield number


@mirrors("mbitmap.go", "findObject")
def find_object(w: World, addr: int) -> MSpan | None:
    """Return the chunk in use that a pointer leads into, None where the runtime knows no span.

    Raises:
        GoThrow: the chunk was used and is on the ready list: no pointer may lead there any more.

    """
    span = w.span_of(addr)
    if span is None or not span.is_user_arena_chunk:
        return None
    if span.state != MSPAN_IN_USE:
        where = f"span.base()={span.base:#x} span.limit={span.limit:#x} span.state={span.state}"
        before = f"runtime: pointer {addr:#x} to unallocated span {where}"
        raise GoThrow(BAD_POINTER, f"chunk {span.chunk} is on the ready list", before=before)
    return span


@mirrors("mgcmark.go", "markroot")
def mark_roots(w: World) -> Steps[None]:
    """Mark the reachable handles and grey the chunk behind every root."""
    for number in tuple(handles_reached(w)):
        yield gc.HandleMarked(number)
    yield from mark_small(w)
    for root in tuple(roots(w)):
        span = find_object(w, root.addr)
        if span is not None and not span.mark_bit:
            yield gc.RootFound(root.name, root.addr, span.chunk)
            yield from grey_object(w, span)


@mirrors("mgcmark.go", "greyobject")
def grey_object(w: World, span: MSpan) -> Steps[None]:
    """Mark a chunk once; queue a scannable one whole, count a noscan one."""
    if not w.spans[span.chunk].mark_bit:
        oblets = 0 if span.noscan else ceil_div(span.elemsize, w.rules.max_oblet_bytes)
        yield gc.ChunkGreyed(span.chunk, oblets, span.elemsize)


@mirrors("mgcmark.go", "scanobject")
def scan_oblet(w: World, chunk: int, oblet: int) -> Steps[None]:
    """Read one oblet through the bitmap and grey what its pointers lead to."""
    span, rules = w.spans[chunk], w.rules
    start = span.base + oblet * rules.max_oblet_bytes
    nbytes = min(rules.max_oblet_bytes, span.base + span.elemsize - start)
    work, end = oblet_scan(w.bits.words(chunk), w.scan_limits.of(chunk), oblet, nbytes, rules)
    limit = min(start + nbytes, span.base + end * rules.bitmap_word_bytes)
    for slot, target in w.slots.within(chunk, start, limit):
        found = find_object(w, int(target))
        # A pointer into its own oblet is skipped before any lookup.
        if found is not None and not start <= target < start + nbytes:
            yield gc.PointerFollowed(chunk, int(slot), int(target), found.chunk)
            yield from grey_object(w, found)
    yield gc.ObletScanned(chunk, oblet, nbytes, work, end)


def drain(w: World) -> Steps[None]:
    """Scan until the grey queue is empty, oldest first. Go: gcDrain, mgcmark.go, 1.21."""
    while w.gc.grey:
        yield from scan_oblet(w, *w.gc.grey[0])


def shade(w: World, addr: int) -> Steps[None]:
    """Grey the chunk behind a pointer that the write barrier saw. Go: wbBufFlush1, mwbbuf.go, 1.21."""
    span = find_object(w, addr) if addr else None
    if span is not None and not span.mark_bit:
        yield gc.BarrierShaded(addr, span.chunk)
        yield from grey_object(w, span)
