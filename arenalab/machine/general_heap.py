"""The ordinary heap, as far as it meets user arenas: handles, redirected objects.

Out of scope, and said so: which address an ordinary object gets, and how full the small spans
already are that the runtime refills for its own use. Redirected objects are large (above 2 MiB), so each has a span
of its own whose pages and counters the model does follow.

Follows mallocgc and newarray in malloc.go, Go 1.21.
"""

from __future__ import annotations

from arenalab.errors import GoPanic
from arenalab.go.mirror import mirrors
from arenalab.go.sizeclasses import elem_size, span_of_own_pages
from arenalab.go.types import GoType
from arenalab.machine.address_space import check_hole
from arenalab.machine.heap_bits import SIZE_OUT_OF_RANGE
from arenalab.machine.steps import Steps
from arenalab.world.events import RedirectedToHeap, ScanAllocAdded, SmallObjectMade
from arenalab.world.state import World

GROWS_SLOWER_FROM = 256  #: elements from which append no longer doubles.


@mirrors("malloc.go", "newarray")
def newarray(w: World, number: int, go_type: GoType, count: int) -> Steps[None]:
    """Make an array of `count` values on the ordinary heap.

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
    """Make one value on the ordinary heap."""
    yield from _redirected(w, number, go_type, -1)


def _redirected(w: World, number: int, go_type: GoType, cap: int) -> Steps[None]:
    size = go_type.size * max(cap, 1)
    check_hole(w, size)
    yield RedirectedToHeap(number, go_type, cap, size, span_of_own_pages(size, w.rules), go_type.noscan)
    if not go_type.noscan:
        yield ScanAllocAdded(size - (go_type.size - go_type.ptr_bytes))


def small_object(
    w: World, what: str, size: int, scan_bytes: int, *, owner: int = -1, cap: int = 1
) -> Steps[None]:
    """Make a small pointerful object for the runtime itself. Go: mallocgc, malloc.go, 1.21."""
    taken = elem_size(size, w.rules, noscan=False)
    yield SmallObjectMade(what, owner, cap, taken, scan_bytes, taken not in w.small.cached)


def appended(w: World, what: str, length: int, cap: int, elem_bytes: int, *, owner: int = -1) -> Steps[None]:
    """Grow a slice of the runtime's when one more element does not fit. Go: append, growslice, slice.go, 1.21."""
    if length < cap:
        return
    new_cap = grown_cap(cap, elem_bytes, w)
    yield from small_object(w, what, new_cap * elem_bytes, new_cap * elem_bytes, owner=owner, cap=new_cap)


def grown_cap(cap: int, elem_bytes: int, w: World) -> int:
    """Return the capacity that append chooses for one element more: doubling, later by a quarter.

    The bytes are rounded up to a size class. Go: growslice, slice.go, 1.21.
    """
    wanted = max(1, 2 * cap) if cap < GROWS_SLOWER_FROM else cap + (cap + 3 * GROWS_SLOWER_FROM) // 4
    return elem_size(wanted * elem_bytes, w.rules, noscan=False) // elem_bytes


def handle_slot(w: World) -> int:
    """Return the slot that the next handle takes: the lowest free one of the cached span.

    When none is left, or none is cached, the span swept first among those with room follows, then
    a fresh one. Finalizers are queued in the order of slots. Go: (*mcache).nextFree, malloc.go, 1.21.
    """
    spans, size = w.handle_spans, w.rules.handles_per_span
    taken = set(w.handles.values())
    lows = [(spans.cached, spans.freeindex)] if spans.cached >= 0 else []
    lows += [(span, 0) for span in spans.partial]
    for span, low in lows:
        for slot in range(span * size + low, (span + 1) * size):
            if slot not in taken:
                return slot
    return spans.made * size
