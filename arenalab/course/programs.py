"""Programs that several families draw: arenas whose chunks are filled, with a global or two that point into them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from arenalab.course.draws import GO, go_type
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.units import MiB, counted
from arenalab.world.gc_events import ChunkReadied, SweepStarted
from arenalab.world.history import History
from arenalab.world.ops import Hold, NewArena, Op, Rep

QUARTERS = 4  #: values of a quarter of a chunk that fill one.


def node() -> GoType:
    """Return a small type with a pointer."""
    return go_type("struct{ next *int; value int }")


def quarter(rules: GoRules = GO) -> GoType:
    """Return a type without pointers, four of which fill a chunk exactly under these rules."""
    return go_type(f"[{rules.chunk.usable_bytes // QUARTERS}]byte")


def four_fill(rules: GoRules) -> str:
    """Describe how many of what fill a chunk under these rules."""
    return f"Four values of {counted(quarter(rules).size, 'byte')} fill a chunk."


def filled(user_arena: int, chunks: int, held: Collection[int] = (), rules: GoRules = GO) -> Iterator[Op]:
    """Make an arena that fills `chunks` chunks and begins another.

    Args:
        user_arena: the program's number for it.
        chunks: how many are filled up.
        held: which of them, counted from 0, a global points into; globals are numbered in that order.
        rules: of the Go, which has chunks of its own size.

    """
    yield NewArena(user_arena)
    for number in range(chunks):
        yield Rep(user_arena, quarter(rules), QUARTERS)
        if number in held:
            yield Hold(sorted(held).index(number), user_arena)
    yield Rep(user_arena, quarter(rules), 1)


def chunk_names(count: int) -> tuple[str, ...]:
    """Return "chunk 0", "chunk 1", ..."""
    return tuple(f"chunk {number}" for number in range(count))


def cycle_that_readied(run: History, chunk: int) -> int:
    """Return the number of the collection whose sweep made a chunk ready, 0 when none did."""
    cycle = 0
    for event in run.events:
        cycle += isinstance(event, SweepStarted)
        if isinstance(event, ChunkReadied) and event.chunk == chunk:
            return cycle
    return 0


def readied_or_last(run: History, chunk: int) -> int:
    """Return the moment after a chunk became ready, or after the last event that concerns it."""
    about = [at for at, event in enumerate(run.events, 1) if chunk in event.chunks]
    ready = [at for at in about if isinstance(run.events[at - 1], ChunkReadied)]
    return (ready or about)[-1]


def in_mib(count: int) -> int:
    """Return whole MiB: the runtime's own small objects make no difference."""
    return count // MiB
