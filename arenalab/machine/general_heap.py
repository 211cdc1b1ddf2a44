"""The heap, as far as it meets user arenas: handles, redirected objects.

Out of scope, and said so: which address an ordinary object gets, and how full the small spans
already are that the runtime refills for its own use. Redirected objects are large (above 2 MiB), so each has a span
of its own whose pages and counters the model does follow.

Follows mallocgc and newarray in malloc.go, Go 1.21.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from operator import itemgetter

from arenalab.errors import GoPanic
from arenalab.go.mirror import mirrors
from arenalab.go.sizeclasses import (
    elem_size,
    header_bytes,
    is_large,
    round_up_size,
    span_bytes,
    span_of_own_pages,
)
from arenalab.go.types import GoType
from arenalab.machine.address_space import check_hole
from arenalab.machine.heap_bits import SIZE_OUT_OF_RANGE
from arenalab.machine.steps import Steps
from arenalab.world.events import HandleMade, RedirectedToHeap, ScanAllocAdded, SmallObjectMade
from arenalab.world.gc_events import SmallMarked, SmallSwept
from arenalab.world.late_arenas import Garbage
from arenalab.world.queries import left_by_a_copy
from arenalab.world.state import World
from arenalab.world.tables import SmallObject, class_key

HANDLE_SCAN_WORDS = 3  #: words of a handle up to its last pointer, the refs slice's.
GROWS_SLOWER_FROM = 256  #: elements from which append no longer doubles.


@mirrors("malloc.go", "newarray")
def newarray(w: World, number: int, go_type: GoType, count: int) -> Steps[None]:
    """Make an array of `count` values on the heap.

    Raises:
        GoPanic: more bytes than the address space holds.
        GoThrow: more bytes than one hole of it holds.

    """
    if count != 1 and go_type.size * count > w.rules.max_alloc:
        why = f"{count} × {go_type.size} bytes are more than maxAlloc"
        raise GoPanic(SIZE_OUT_OF_RANGE, why, go_type="runtime.plainError")
    yield from _redirected(w, number, go_type, count)


@mirrors("malloc.go", "newobject")
def newobject(w: World, number: int, go_type: GoType) -> Steps[None]:
    """Make one value on the heap."""
    yield from _redirected(w, number, go_type, -1)


def _redirected(w: World, number: int, go_type: GoType, cap: int) -> Steps[None]:
    size = go_type.size * max(cap, 1)
    check_hole(w, size)
    npages = span_of_own_pages(size, w.rules)
    yield RedirectedToHeap(
        number, go_type, cap, size, npages, go_type.noscan, npages * w.rules.page_size, w.gc.marking
    )
    if not go_type.noscan:
        to_last_pointer = size - (go_type.size - go_type.ptr_bytes)
        yield ScanAllocAdded(npages * w.rules.page_size if w.rules.large_scan_in_pages else to_last_pointer)


def small_object(
    w: World,
    what: str,
    size: int,
    scan_bytes: int,
    *,
    owner: int = -1,
    cap: int = 1,
    scan_alloc: int | None = None,
) -> Steps[None]:
    """Make a small object for the runtime itself. Go: mallocgc, malloc.go, 1.21.

    The collector will read `scan_bytes` of it; scanAlloc counts as many, or `scan_alloc`.
    """
    taken = elem_size(size, w.rules, noscan=scan_bytes == 0)
    key = class_key(taken, scan_bytes)
    own_span = is_large(size, w.rules)
    refilled = 0 if key in w.p.cached and not own_span else span_bytes(taken, w.rules)
    used = _used(w, key) if refilled else 0
    # While a cycle marks, heapScan is frozen and what the P had counted is lost.
    to_heap_scan = w.p.scan_alloc if refilled and not w.gc.marking else 0
    counted = scan_bytes if scan_alloc is None else scan_alloc
    yield SmallObjectMade(
        what, owner, cap, taken, scan_bytes, counted, refilled, used, to_heap_scan, w.gc.marking
    )


def _used(w: World, key: int) -> int:
    """Return the bytes that our own objects take in a class whose span is about to be cached."""
    return sum(kept.size for kept in survivors(w).values() if class_key(kept.size, kept.scan_bytes) == key)


def survivors(w: World) -> dict[int, SmallObject]:
    """Return the small objects that are there, or will be once the sweep that is due has come by.

    A dropped handle that no mark keeps survives when its finalizer is queued: `handles` tells.
    """
    if w.small.swept == w.gc.sweepgen:
        return w.small.objects
    return _survivors(w, w.small.objects.items())


def _survivors(w: World, objects: Iterable[tuple[int, SmallObject]]) -> dict[int, SmallObject]:
    return {
        number: kept
        for number, kept in objects
        if kept.marked
        or kept.sweepgen == w.gc.sweepgen
        or (kept.what == "handle" and kept.owner in w.handles)
    }


def finalizer_set(w: World) -> Steps[None]:
    """While marking, scan a new handle at once for its finalizer's sake. Go: addfinalizer, mheap.go, 1.21."""
    if w.gc.marking:
        handle = elem_size(w.rules.user_arena_handle_bytes, w.rules, noscan=False)
        yield SmallMarked((), handle, HANDLE_SCAN_WORDS * w.rules.ptr_size)


def finalizer_frame(w: World) -> Steps[None]:
    """Make the finalizer goroutine's argument frame, once for all. Go: runfinq, mfinal.go, 1.21."""
    if ("frame", -1) not in w.small.newest:
        yield from small_object(w, "frame", 2 * w.rules.ptr_size, 0)


def mark_small(w: World) -> Steps[None]:
    """Mark what the runtime keeps for reachable user arenas and for the global lists."""
    found: list[int] = []
    extra = 0
    for number in reachable_handles(w):
        kinds, twice = _kept_of(w, number)
        found += [w.small.newest[kind, number] for kind in kinds if (kind, number) in w.small.newest]
        extra += twice
    found += [w.small.newest[kind, -1] for kind in _lists_kept(w)]
    found += [w.small.newest[kind, -1] for kind in ("frame",) if (kind, -1) in w.small.newest]
    found += dict.fromkeys(handle.block for handle in w.weak_handles.values() if handle.block >= 0)
    fresh = tuple(number for number in found if not w.small.objects[number].marked)
    kept = [w.small.objects[number] for number in fresh]
    handle, word = w.rules.user_arena_handle_bytes, w.rules.ptr_size
    nbytes = sum(each.size for each in kept) + extra * elem_size(handle, w.rules, noscan=False)
    yield SmallMarked(fresh, nbytes, sum(each.scan_bytes for each in kept) + extra * HANDLE_SCAN_WORDS * word)


def reachable_handles(w: World) -> list[int]:
    """Return the user arenas whose handle may be reachable: of those that are freed the queued ones alone are."""
    queued = frozenset(w.gc.finalizers)
    if (
        not queued
    ):  # most handles are those of arenas that came and went; holders come in the order of handles
        return [number for number in w.holders if number in w.handles]
    return [number for number in w.handles if number in w.holders or number in queued]


def _kept_of(w: World, number: int) -> tuple[tuple[str, ...], int]:
    """Return which small objects of a user arena are reachable, and how often its handle is scanned again."""
    user_arena = w.user_arenas[number]
    queued = number in w.gc.finalizers
    if user_arena.defunct:
        left = left_by_a_copy(w, number) and not user_arena.dropped
        return ("handle", "Arena") if left else ("handle",) if queued else (), 0
    if not user_arena.dropped:
        return ("handle", "refs", "Arena"), int(user_arena.finalizer)
    if queued:
        return ("handle", "refs"), 0
    return ("refs",) if user_arena.finalizer else (), int(user_arena.finalizer)


def _lists_kept(w: World) -> list[str]:
    caps = {"reuse": w.small.reuse_cap, "fault": w.small.fault_cap}
    return [kind for kind, cap in caps.items() if cap and (kind, -1) in w.small.newest]


def sweep_small(w: World) -> Steps[None]:
    """Free the small objects that the cycle did not mark, once a cycle."""
    if w.small.swept == w.gc.sweepgen:
        return
    runs = _garbage(w)
    objects = list(
        w.small.objects.made() if len(runs) == len(w.small.objects.late) else w.small.objects.items()
    )
    kept = _survivors(w, objects)
    gone = {number: each for number, each in objects if number not in kept}
    newest = [n for n, each in gone.items() if w.small.newest.get((each.what, each.owner)) == n]
    unmarked = tuple(number for number, each in kept.items() if each.marked)
    nbytes = sum(each.size for each in gone.values()) + sum(each.nbytes for each in runs)
    ranges = [range(each.start, each.stop) for each in runs]
    swept = _with(gone, ranges)
    yield SmallSwept(swept, nbytes, swept if len(newest) == len(gone) else _with(newest, ranges), unmarked)


def _garbage(w: World) -> list[Garbage]:
    """Return the small objects of arenas that came and went in runs, where no mark and no handle keeps any of them."""
    runs = [each for each in w.small.objects.late if isinstance(each, Garbage)]
    dead = w.small.objects.untouched and all(
        each.sweepgen != w.gc.sweepgen and w.handles.keys().isdisjoint(each.owners.all) for each in runs
    )
    return runs if dead else []


def _with(numbers: Iterable[int], ranges: list[range]) -> tuple[int, ...]:
    """Return numbers and those of some ranges, which they are not in, rising."""
    parts = sorted((*zip(numbers, strict=True), *ranges), key=itemgetter(0))
    return tuple(chain.from_iterable(parts))


def appended(w: World, what: str, length: int, cap: int, elem_bytes: int, *, owner: int = -1) -> Steps[None]:
    """Grow a slice of the runtime's when one more element does not fit. Go: append, growslice, slice.go, 1.21."""
    if length < cap:
        return
    new_cap = grown_cap(cap, elem_bytes, w)
    size = new_cap * elem_bytes
    counted = array_scan_alloc(size, elem_bytes, w)
    yield from small_object(w, what, size, size, owner=owner, cap=new_cap, scan_alloc=counted)


def array_scan_alloc(size: int, elem_bytes: int, w: World) -> int:
    """Return what an array full of pointers adds to scanAlloc. Go: heapSetType, mbitmap.go, 1.22."""
    if header_bytes(size, w.rules, noscan=False):
        return elem_size(size, w.rules, noscan=False)
    one_word = w.rules.pointer_array_scans_one_word and elem_bytes == w.rules.ptr_size
    return elem_bytes if one_word else size


def grown_cap(cap: int, elem_bytes: int, w: World) -> int:
    """Return the capacity that append chooses for one element more: doubling, later by a quarter.

    The bytes are rounded up to a size class. Go: growslice, slice.go, 1.21.
    """
    wanted = max(1, 2 * cap) if cap < GROWS_SLOWER_FROM else cap + (cap + 3 * GROWS_SLOWER_FROM) // 4
    return round_up_size(wanted * elem_bytes, w.rules, noscan=False) // elem_bytes


def handle_made(w: World, number: int, slot: int) -> HandleMade:
    """Return the event that makes a user arena's handle in a slot."""
    span, index = divmod(slot, w.rules.handles_per_span)
    made, from_partial = max(w.handle_spans.made, span + 1), span in w.handle_spans.partial
    return HandleMade(number, slot, span, index + 1, made, from_partial, w.gc.marking)


def handle_slot(w: World) -> int:
    """Return the slot that the next handle takes: the lowest free one of the cached span.

    When none is left, or none is cached, the span swept first among those with room follows, then
    a fresh one. Finalizers are queued in the order of slots. Go: (*mcache).nextFree, malloc.go, 1.21.
    """
    spans, size = w.handle_spans, w.rules.handles_per_span
    lows = [(w.p.handle_span, w.p.freeindex)] if w.p.handle_span >= 0 else []
    lows += [(span, 0) for span in spans.partial]
    for span, low in lows:
        for slot in range(span * size + low, (span + 1) * size):
            if slot not in spans.taken:
                return slot
    return spans.made * size
