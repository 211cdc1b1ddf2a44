"""Questions about a World that machine, views and measures all ask: each is answered here, once.

Rules:
1. A query reads a World and decides nothing; what a Go program would die of is the machine's to tell.
2. Roots come in the order in which marking visits them, edges by chunk and then by target.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.world.state import LEDGER, NO_ARENA, ON_HEAP, World
from arenalab.world.tables import MSPAN_IN_USE
from arenalab.world.weak import Spot

Ints = npt.NDArray[np.int64]

GLOBAL, REFS, LIST, STACK = "global", "refs", "list", "stack"


class Root(NamedTuple):
    """Something outside all chunks that points into one."""

    kind: str  #: GLOBAL, REFS, LIST or STACK.
    name: str  #: as the collector's events call it.
    addr: int  #: address that it holds.
    chunk: int  #: −1 when the address is in no chunk.
    user_arena: int = -1  #: whose refs it is.


def roots(w: World) -> Iterator[Root]:
    """Yield every root that marking starts from, as far as chunks go. Go: markroot, mgcmark.go, 1.21."""
    for number, addr in w.holds.items():
        span = w.span_of(addr)
        yield Root(GLOBAL, f"global {number}", addr, -1 if span is None else span.chunk)
    listed = {*w.ready, *w.quarantine, *w.reuse, *w.fault}
    for user_arena in w.holding():
        name = refs_name(w, user_arena.id)
        for chunk in user_arena.refs:
            listed.add(chunk)
            yield Root(REFS, name, w.spans[chunk].base, chunk, user_arena.id)
    for name in ("reuse", "fault"):
        for chunk in getattr(w, name):
            yield Root(LIST, f"the {name} list", w.spans[chunk].base, chunk)
    for span in w.spans:
        if span.state == MSPAN_IN_USE and span.chunk not in listed:
            yield Root(STACK, "the stack of the goroutine that obtained it", span.base, span.chunk)


def weak_spot(w: World, weak: int) -> Spot | None:
    """Return what a weak pointer of the program leads to, None when it is nil; asking nothing of the runtime."""
    handle = w.weak_handles.get(w.weak_pointers[weak])
    return None if handle is None or handle.cleared else handle.spot


def only_on_heap(w: World) -> list[int]:
    """Return the user arenas that have values, all of them too large for a chunk; what is unwritten stays so."""
    on_heap, elsewhere = set[int](), set[int]()
    owner, chunk = LEDGER.index("user_arena"), LEDGER.index("chunk")
    for _, rows in w.ledger.windows():
        there = rows[:, chunk] == ON_HEAP
        on_heap.update(np.unique(rows[there, owner]).tolist())
        elsewhere.update(np.unique(rows[np.logical_not(there), owner]).tolist())
    return sorted(on_heap - elsewhere - {NO_ARENA})


def refs_name(w: World, number: int) -> str:
    """Name the refs of a user arena as the collector's events do."""
    if w.user_arenas[number].dropped:
        return f"dropped user arena {number}, whose finalizer is yet to run,"
    return f"user arena {number}'s refs"


def is_unswept(w: World, chunk: int) -> bool:
    """Return whether the sweeper has yet to visit a chunk."""
    return any(chunk in unswept for unswept in w.unswept.values())


def chunks_of(w: World, addrs: npt.NDArray[Any]) -> Ints:
    """Return the chunk that covers each address, −1 outside all chunks. Go: spanOf, mheap.go, 1.21."""
    stride, wanted = w.rules.chunk.stride, addrs.astype(np.int64)
    numbers = np.full(len(addrs), -1, dtype=np.int64)
    for heap_arena in w.heap_arenas:
        offset = wanted - heap_arena.base
        inside = np.logical_and(offset >= 0, offset < heap_arena.chunks * stride)
        numbers[inside] = heap_arena.first_chunk + offset[inside] // stride
    return numbers


class Edges(NamedTuple):  # noqa: PLW1641  # arrays have no hash
    """The pointers from one chunk into another, a row for each pair of chunks."""

    source: Ints  #: chunk that holds the pointers.
    target: Ints  #: chunk that they lead into.
    words: Ints  #: how many words of the source lead there.
    slot: Ints  #: address of the first of them.
    pointee: Ints  #: where that one leads.
    read: npt.NDArray[np.bool_]  #: whether the collector reads the source: it is in use and not noscan.

    def __eq__(self, other: object) -> bool:
        """Compare all columns."""
        return isinstance(other, Edges) and all(map(np.array_equal, self, other))


def edges(w: World) -> Edges:
    """Return what leads from chunk to chunk; a chunk that was never used is no target."""
    held = w.slots.now(lambda addrs: chunks_of(w, addrs)).astype(np.int64)
    slot, pointee, source = held[:, 0], held[:, 1], held[:, 2]
    target = chunks_of(w, pointee)
    used = np.array([span.is_user_arena_chunk for span in w.spans] + [False], dtype=bool)
    leads = np.logical_and(used[target], target != source)
    keys = source[leads] * len(used) + target[leads]  # whole rows are sorted far more slowly
    pairs, first, count = np.unique(keys, return_index=True, return_counts=True)
    sources, targets = np.divmod(pairs, len(used))
    scanned = np.array([span.state == MSPAN_IN_USE and not span.noscan for span in w.spans], dtype=bool)
    read = scanned[sources] if len(pairs) else np.zeros(0, dtype=bool)
    return Edges(sources, targets, count, slot[leads][first], pointee[leads][first], read)


def left_by_a_copy(w: World, number: int) -> bool:
    """Return whether a user arena was freed through a copy of its Arena value, which still reaches the handle."""
    row = w.user_arenas[number]
    return row.defunct and row.active is None and number in w.holders
