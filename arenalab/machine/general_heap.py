"""The ordinary heap, as far as it meets user arenas: handles, redirected objects.

Out of scope, and said so: which address an ordinary object gets, and the small spans that the
runtime refills for its own use. Redirected objects are large (above 2 MiB), so each has a span
of its own whose pages and counters the model does follow.

Follows mallocgc and newarray in malloc.go, Go 1.21.
"""

from __future__ import annotations

from arenalab.errors import GoPanic, GoThrow
from arenalab.go.layout import align_up, ceil_div
from arenalab.go.mirror import mirrors
from arenalab.go.sizeclasses import span_of_own_pages
from arenalab.go.types import GoType
from arenalab.machine.heap_bits import SIZE_OUT_OF_RANGE
from arenalab.machine.steps import Steps
from arenalab.world.events import RedirectedToHeap
from arenalab.world.state import World

PALLOC_CHUNK_PAGES = 512  #: the heap grows by multiples of it.
USER_ADDRESSES = 2**47  #: where a process's addresses end on 64-bit linux.


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
    yield _redirected(w, number, go_type, count)


@mirrors("malloc.go", "newobject")
def newobject(w: World, number: int, go_type: GoType) -> Steps[None]:
    """Make one value on the ordinary heap."""
    yield _redirected(w, number, go_type, -1)


def _redirected(w: World, number: int, go_type: GoType, cap: int) -> RedirectedToHeap:
    size = go_type.size * max(cap, 1)
    _check_hole(w, size)
    return RedirectedToHeap(number, go_type, cap, size, span_of_own_pages(size, w.rules), go_type.noscan)


@mirrors("mheap.go", "(*mheap).grow")
def _check_hole(w: World, size: int) -> None:
    """Refuse what no hole in the process's addresses can take; memory itself is taken to suffice.

    The heap begins at its hint and user arenas at theirs, so the holes are what lies between
    them and what lies behind the arenas.
    """
    rules, counters = w.rules, w.counters
    ask = align_up(ceil_div(size, rules.page_size), PALLOC_CHUNK_PAGES) * rules.page_size
    below = rules.user_arena_hint - rules.heap_hint
    above = min(rules.max_alloc, USER_ADDRESSES) - rules.user_arena_hint
    if ask > max(below, above):
        in_use = counters.heap_in_use + counters.heap_free + counters.heap_released
        before = f"runtime: out of memory: cannot allocate {ask}-byte block ({in_use} in use)"
        raise GoThrow("out of memory", "no hole in the address space is so large", before=before)


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
