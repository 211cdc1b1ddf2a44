"""The holes in a process's addresses: what a huge ordinary object doesn't fit.

How much memory the machine has is no fact of Go, so memory is taken to suffice; addresses are not.
Follows (*mheap).grow in mheap.go, Go 1.21.
"""

from __future__ import annotations

from arenalab.errors import GoThrow
from arenalab.go.layout import align_up, ceil_div
from arenalab.go.mirror import mirrors
from arenalab.world.state import World

PALLOC_CHUNK_PAGES = 512  #: the heap grows by multiples of it.
USER_ADDRESSES = 2**47  #: where a process's addresses end on 64-bit linux.


@mirrors("mheap.go", "(*mheap).grow")
def check_hole(w: World, size: int) -> None:
    """Refuse an object that no hole can take.

    The heap's first heap arena is at its hint and user arenas begin at theirs, so the holes are
    what lies between the two and what follows.

    Raises:
        GoThrow: out of memory.

    """
    rules, counters = w.rules, w.counters
    ask = align_up(ceil_div(size, rules.page_size), PALLOC_CHUNK_PAGES) * rules.page_size
    between = rules.user_arena_hint - rules.heap_hint - rules.heap_arena_bytes
    behind = min(rules.max_alloc, USER_ADDRESSES) - rules.user_arena_hint
    if ask > max(between, behind):
        in_use = counters.heap_in_use + counters.heap_free + counters.heap_released
        before = f"runtime: out of memory: cannot allocate {ask}-byte block ({in_use} in use)"
        raise GoThrow("out of memory", "no hole in the address space is so large", before=before)
