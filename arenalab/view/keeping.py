"""Why a chunk is alive: what points into it, and a shortest way to it from a root.

Laws of this file:
1. A way begins at a root of this World and each of its steps is a pointer that a chunk holds now, in memory
   that the collector reads: a chunk that is noscan or on the ready list leads nowhere.
2. Of several ways the shortest is told.
"""

from __future__ import annotations

from typing import NamedTuple

from arenalab.world.queries import Edges, Root, edges, roots
from arenalab.world.state import World


class Hop(NamedTuple):
    """One step of a way: from a root, or from a word of a chunk, into a chunk."""

    source: int  #: the chunk that holds the pointer, −1 for a root.
    name: str  #: of the root; "" for a chunk.
    slot: int  #: address of the word; 0 for a root.
    addr: int  #: what it holds.
    chunk: int  #: the chunk that this leads into.


Way = tuple[Hop, ...]


def ways(found: tuple[Root, ...], there: Edges) -> dict[int, Hop]:
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


def kept_by(world: World, chunk: int) -> str:
    """Say what leads to a chunk now, from its root on: "global 0", "global 0 → chunk 3"; "" when nothing does."""
    way = way_to(chunk, ways(tuple(roots(world)), edges(world)))
    return " → ".join(hop.name or f"chunk {hop.source}" for hop in way)
