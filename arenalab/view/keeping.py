"""Why a chunk is alive: what points into it, and a shortest way to it from a root.

Laws of this file:
1. A way begins at a root of this World and each of its steps is a pointer that a chunk holds now, in memory
   that the collector reads: a chunk that is noscan or on the ready list leads nowhere.
2. Roots come in the order in which marking visits them; of several ways the shortest is told.

What counts as a root follows markroot (mgcmark.go, Go 1.21) as far as chunks go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from arenalab.view.columns import Column, View
from arenalab.world.state import World
from arenalab.world.tables import MSPAN_IN_USE

GLOBAL, REFS, LIST, STACK = "global", "refs", "list", "stack"


class Root(NamedTuple):
    """Something outside all chunks that points into one."""

    kind: str  #: GLOBAL, REFS, LIST or STACK.
    name: str  #: as the collector's events call it.
    addr: int
    chunk: int  #: −1 when the address is in no chunk.
    user_arena: int = -1  #: whose refs it is.


@dataclass(frozen=True, eq=False)
class Pointers(View):
    """The pointers from one chunk into another, one row for each pair of chunks; by chunk, then by target."""

    source: Column
    target: Column
    count: Column  #: how many words of the source lead there.
    slot: Column  #: address of the first of them.
    pointee: Column  #: where that one leads.
    read: Column  #: whether the collector reads the source.


class Hop(NamedTuple):
    """One step of a way: from a root, or from a word of a chunk, into a chunk."""

    source: int  #: the chunk that holds the pointer, −1 for a root.
    name: str  #: of the root; "" for a chunk.
    slot: int  #: address of the word; 0 for a root.
    addr: int  #: what it holds.
    chunk: int  #: the chunk that this leads into.


Way = tuple[Hop, ...]


def roots(world: World) -> Iterator[Root]:
    """Yield every root, in the order of marking."""
    arenas = tuple(world.holding())
    for number, addr in world.holds.items():
        span = world.span_of(addr)
        yield Root(GLOBAL, f"global {number}", addr, -1 if span is None else span.chunk)
    for user_arena in arenas:
        for chunk in user_arena.refs:
            name = refs_name(world, user_arena.id)
            yield Root(REFS, name, world.spans[chunk].base, chunk, user_arena.id)
    for name in ("reuse", "fault"):
        for chunk in getattr(world, name):
            yield Root(LIST, f"the {name} list", world.spans[chunk].base, chunk)
    listed = {*world.ready, *world.quarantine, *world.reuse, *world.fault}
    listed.update(chunk for user_arena in arenas for chunk in user_arena.refs)
    for span in world.spans:
        if span.state == MSPAN_IN_USE and span.chunk not in listed:
            yield Root(STACK, "the stack of the goroutine that obtained it", span.base, span.chunk)


def refs_name(world: World, number: int) -> str:
    """Name the refs of a user arena as the collector's events do."""
    if world.user_arenas[number].dropped:
        return f"dropped user arena {number}, whose finalizer is yet to run,"
    return f"user arena {number}'s refs"


def chunks_of(world: World, addrs: Column) -> Column:
    """Return the chunk of each address, −1 outside all chunks."""
    size = world.rules.chunk.stride
    numbers = np.full(len(addrs), -1, dtype=np.int64)
    for heap_arena in world.heap_arenas:
        offset = addrs.astype(np.int64) - heap_arena.base
        inside = np.logical_and(offset >= 0, offset < heap_arena.chunks * size)
        numbers[inside] = heap_arena.first_chunk + offset[inside] // size
    return numbers


def pointers(world: World) -> Pointers:
    """Return what leads from chunk to chunk."""
    held = world.slots.now(lambda addrs: chunks_of(world, addrs)).astype(np.int64)
    slot, pointee, source = held[:, 0], held[:, 1], held[:, 2]
    target = chunks_of(world, pointee)
    used = np.array([span.is_user_arena_chunk for span in world.spans] + [False], dtype=bool)
    leads = np.logical_and(used[target], target != source)
    pairs, first, count = np.unique(
        np.column_stack((source, target))[leads], axis=0, return_index=True, return_counts=True
    )
    read = np.array([span.state == MSPAN_IN_USE and not span.noscan for span in world.spans], dtype=bool)
    return Pointers(
        source=pairs[:, 0], target=pairs[:, 1], count=count, slot=slot[leads][first],
        pointee=pointee[leads][first], read=read[pairs[:, 0]] if len(pairs) else np.zeros(0, dtype=bool),
    )  # fmt: skip


def ways(found: tuple[Root, ...], there: Pointers) -> dict[int, Hop]:
    """Return, for every chunk that a root leads to, the last hop of a shortest way."""
    last: dict[int, Hop] = {}
    for root in found:
        if root.chunk >= 0 and root.chunk not in last:
            last[root.chunk] = Hop(-1, root.name, 0, root.addr, root.chunk)
    hops: dict[int, list[Hop]] = {}
    columns = (there.source, there.target, there.slot, there.pointee, there.read)
    for source, target, slot, pointee, read in zip(*(column.tolist() for column in columns), strict=True):
        if read:
            hops.setdefault(source, []).append(Hop(source, "", slot, pointee, target))
    queue = list(last)
    for chunk in queue:
        for hop in hops.get(chunk, ()):
            if hop.chunk not in last:
                last[hop.chunk] = hop
                queue.append(hop.chunk)
    return last


def way_to(chunk: int, last: dict[int, Hop]) -> Way:
    """Return the way from a root to a chunk, () when nothing leads there."""
    hops: list[Hop] = []
    while chunk in last:
        hops.append(last[chunk])
        chunk = hops[-1].source
    return tuple(reversed(hops))
