"""Sweeping: what the cycle's marks decide about chunks, large objects and handles.

Laws of this file:
1. Chunks are swept in the order in which they were pushed on their set, class 0 before class 1.
2. A marked chunk stays on whatever list it is; an unmarked one must be in quarantine and
   becomes the head of the ready list.
3. A handle found unmarked with its finalizer on is kept once more and the finalizer queued.

Follows mgcsweep.go and mfinal.go, Go 1.21.
"""

from __future__ import annotations

from arenalab.errors import GoThrow
from arenalab.go.mirror import mirrors
from arenalab.machine.steps import Steps
from arenalab.world import gc_events as gc
from arenalab.world.state import World

WRONG_LIST = "user arena span is on the wrong list"


@mirrors("mgcsweep.go", "sweepone")
def sweep_all(w: World) -> Steps[None]:
    """Sweep whatever is left: chunks, then large objects, then handles."""
    while any(w.unswept.values()):
        yield from sweep_one(w)
    for row, kept in tuple(w.heap_objects.items()):
        if not kept.marked and not kept.held:
            yield gc.HeapObjectSwept(row, kept.npages)
    yield from sweep_handles(w)


def sweep_one(w: World) -> Steps[None]:
    """Sweep the next chunk, if one is left."""
    for spanclass in (0, 1):
        if w.unswept[spanclass]:
            yield from sweep_chunk(w, w.unswept[spanclass][0])
            return


@mirrors("mgcsweep.go", "(*sweepLocked).sweep")
def sweep_chunk(w: World, chunk: int) -> Steps[None]:
    """Decide about one chunk by its mark bit.

    Raises:
        GoThrow: an unmarked chunk that was never set to fault (unreachable in a safe program).

    """
    if w.spans[chunk].mark_bit:
        yield gc.ChunkSwept(chunk)
        return
    if chunk not in w.quarantine:
        raise GoThrow(WRONG_LIST, f"chunk {chunk} is unmarked and on the {w.list_of(chunk)} list")
    yield gc.ChunkReadied(chunk)


def sweep_handles(w: World) -> Steps[None]:
    """Sweep the 48-byte handles by slot; finalizers are queued in that order."""
    for number, _ in sorted(w.handles.items(), key=lambda pair: pair[1]):
        user_arena = w.user_arenas[number]
        if user_arena.marked:
            yield gc.HandleKept(number)
        elif user_arena.finalizer:
            yield gc.FinalizerQueued(number)
        else:
            yield gc.HandleSwept(number)
