"""Why a chunk is alive: what points into it, and a shortest path to it from a root.

Rules:
1. A path begins at a root of this World and each of its steps is a pointer that a chunk holds now, in memory
   that the collector reads: a chunk that is noscan or on the ready list leads nowhere.
2. Of several paths the shortest is shown.
"""

from __future__ import annotations

from typing import NamedTuple

from arenalab.world.queries import Edges, Root, edges, roots
from arenalab.world.state import World


class Edge(NamedTuple):
    """One step of a path: from a root, or from a word of a chunk, into a chunk."""

    source: int  #: the chunk that holds the pointer, −1 for a root.
    name: str  #: of the root; "" for a chunk.
    slot: int  #: address of the word; 0 for a root.
    addr: int  #: what it holds.
    chunk: int  #: the chunk that this leads into.


Path = tuple[Edge, ...]


def paths(found: tuple[Root, ...], there: Edges) -> dict[int, Edge]:
    """Return, for every chunk that a root leads to, the last edge of a shortest path."""
    last: dict[int, Edge] = {}
    for root in found:
        if root.chunk >= 0 and root.chunk not in last:
            last[root.chunk] = Edge(-1, root.name, 0, root.addr, root.chunk)
    outgoing: dict[int, list[Edge]] = {}
    columns = (there.source, there.target, there.slot, there.pointee, there.read)
    for source, target, slot, pointee, read in zip(*(column.tolist() for column in columns), strict=True):
        if read:
            outgoing.setdefault(source, []).append(Edge(source, "", slot, pointee, target))
    queue = list(last)
    for chunk in queue:
        for edge in outgoing.get(chunk, ()):
            if edge.chunk not in last:
                last[edge.chunk] = edge
                queue.append(edge.chunk)
    return last


def path_to(chunk: int, last: dict[int, Edge]) -> Path:
    """Return the path from a root to a chunk, () when nothing leads there."""
    path: list[Edge] = []
    while chunk in last:
        path.append(last[chunk])
        chunk = path[-1].source
    return tuple(reversed(path))


def kept_by(world: World, chunk: int) -> str:
    """Describe what leads to a chunk now, from its root on: "global 0", "global 0 → chunk 3"; "" when nothing does."""
    path = path_to(chunk, paths(tuple(roots(world)), edges(world)))
    return " → ".join(edge.name or f"chunk {edge.source}" for edge in path)
