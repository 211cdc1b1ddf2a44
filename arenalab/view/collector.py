"""The collector at work: phase, roots, chunks in three colours, the grey queue, verdicts, and why a chunk lives.

Rule: the path that explains why a chunk lives is made of this World's roots and pointers (`reachability`);
how the cycle reached it is what its events told (`cycles`). The two may differ, and both are said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arenalab.units import hex_addr, human
from arenalab.view.collector_rows import (
    ChunkRows,
    GreyRows,
    Pace,
    RootRows,
    chunk_rows,
    grey_rows,
    pace_of,
    root_rows,
)
from arenalab.view.columns import Column, listing
from arenalab.view.cycles import SWEEP_DUE, Cycle, Cycles, StateRows
from arenalab.view.reachability import Edge, Path, path_to, paths
from arenalab.view.reading import Reading, chunk_in_focus, reading
from arenalab.world.gc_events import PointerFollowed, RootFound
from arenalab.world.queries import Edges, edges, is_unswept, roots
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF, MSPAN_DEAD

PAGE = 24  #: chunks that a picture shows at a time.


@dataclass(frozen=True)
class Collector:
    """All that the collector's picture shows."""

    reading: Reading  #: where in the history it is, in words.
    focus: int  #: the chunk whose path from a root is shown, −1 for none.
    phase: str  #: Go's phase, one of tables.PHASE_NAMES.
    state: str  #: the same, or that sweeping is due: one of cycles.STATES.
    cycle: int  #: number of the latest cycle, 0 before the first.
    states: StateRows  #: of the whole history.
    events: int  #: that the whole history has.
    pace: Pace  #: heapLive, goal and trigger.
    roots: RootRows  #: what points into chunks from outside.
    chunks: ChunkRows  #: of one page.
    pointers: Edges  #: between any two chunks.
    followed: Column  #: of `pointers`: whether marking went along it in this cycle.
    now: tuple[int, int]  #: the two chunks of the pointer that the last event followed, (−1, −1) for none.
    grey: GreyRows  #: the queue of what is marked and yet to be read.
    unswept: tuple[int, ...]  #: in the sweeper's order.
    waiting: tuple[int, ...]  #: the fault list, oldest first.
    released: tuple[int, ...]  #: what the fault list held when it was taken in this cycle.
    finalizers: tuple[int, ...]  #: user arenas whose finalizer is queued, oldest first.
    path: Path  #: from a root to the chunk in focus.
    why: tuple[str, ...]  #: the same in words.
    rows: int  #: chunks of a page, as many as the whole history needs.
    all_chunks: int  #: so far.
    most: int  #: in the whole history.

    def text(self) -> str:
        """Return the picture as text, with its numbers."""
        pace = self.pace
        aims = f", trigger {human(pace.trigger)}, goal {human(pace.goal)}" if pace.goal else ", GOGC off"
        if not pace.known:
            aims = (
                " of chunks and redirected objects; the rest of the heap, goal and trigger were not recorded"
            )
        due = ", sweep due" if self.state == SWEEP_DUE else ""
        head = f"phase {self.phase}{due}, cycle {self.cycle}; heapLive {human(pace.live)}{aims}"
        parts = [self.reading.text(), head, self._queues(), *self.why]
        tables = {
            "roots": self.roots.columns(),
            "chunks": self.chunks.columns(),
            "pointers": self.pointers._asdict(),
            "grey queue": self.grey.columns(),
        }
        parts += [
            f"{name}\n{listing(table)}" for name, table in tables.items() if len(next(iter(table.values())))
        ]
        return "\n\n".join(part for part in parts if part)

    def _queues(self) -> str:
        told = {"to sweep": self.unswept, "fault list": self.waiting, "finalizers queued": self.finalizers}
        told["taken off the fault list"] = self.released
        return "\n".join(f"{name}: {', '.join(map(str, row))}" for name, row in told.items() if row)


def collector(cycles: Cycles, at: int, *, focus: int | None = None, op: int | None = None) -> Collector:
    """Return the collector after `at` events of `cycles`' history; `focus` None follows the events.

    `op` is the operation that led here, when it made no event of its own.
    """
    cycles.refresh()
    history = cycles.history
    world, told = history.at(at), cycles.cycle(at)
    chunk = chunk_in_focus(history, at) if focus is None else focus
    rows = min(PAGE, max(1, len(history.world.spans)))
    there = chunk if 0 <= chunk < len(world.spans) else -1
    found, pointing = tuple(roots(world)), edges(world)
    path = path_to(there, paths(found, pointing))
    event = history.events[at - 1] if at else None
    return Collector(
        reading=reading(history, at, op),
        focus=there,
        phase=cycles.phase(at),
        state=cycles.state(at),
        cycle=world.gc.cycles,
        states=cycles.rows(),
        events=len(history),
        pace=pace_of(world, cycles),
        roots=root_rows(world, found, path, event.source if isinstance(event, RootFound) else ""),
        chunks=chunk_rows(history, world, told, _page(chunk, rows, len(world.spans)), there),
        pointers=pointing,
        followed=_followed(pointing, told),
        now=(event.chunk, event.to_chunk) if isinstance(event, PointerFollowed) else (-1, -1),
        grey=grey_rows(world),
        unswept=(*world.unswept[0], *world.unswept[1]),
        waiting=tuple(world.fault),
        released=told.taken,
        finalizers=tuple(world.gc.finalizers),
        path=path,
        why=_why(world, told, there, path),
        rows=rows,
        all_chunks=len(world.spans),
        most=len(history.world.spans),
    )


def _page(chunk: int, rows: int, there: int) -> range:
    """Return the chunks of the page that a chunk is on; the last page is as full as the others."""
    first = min(max(chunk, 0) // rows * rows, max(there - rows, 0))
    return range(first, min(first + rows, there))


def _followed(pointing: Edges, told: Cycle) -> Column:
    pairs = zip(pointing.source.tolist(), pointing.target.tolist(), strict=True)
    return np.array([pair in told.followed for pair in pairs], dtype=bool)


def edge_words(world: World, edge: Edge) -> str:
    """Describe one step of a path."""
    if edge.source < 0:
        return f"{edge.name.rstrip(',')} points to {hex_addr(edge.addr)} in chunk {edge.chunk}"
    offset = edge.slot - world.spans[edge.source].base
    return f"chunk {edge.source}, word at +{offset:#x}, points to {hex_addr(edge.addr)} in chunk {edge.chunk}"


def _why(world: World, told: Cycle, chunk: int, path: Path) -> tuple[str, ...]:
    """Explain why a chunk is alive, or what becomes of it."""
    if chunk < 0:
        return ("no chunk is looked at",)
    span = world.spans[chunk]
    where = f"chunk {chunk} ({world.list_of(chunk)})"
    came = told.found.get(chunk)
    cycle = (f"this cycle: {came.words}",) if came and world.gc.phase != GC_OFF else ()
    if span.state == MSPAN_DEAD:
        return (f"{where} is address space only: there is nothing to keep",)
    if path:
        return (f"{where} is alive:", *(edge_words(world, edge) for edge in path), *cycle)
    if span.mark_bit:
        return (
            f"nothing leads to {where} now; it is marked all the same and stays for one more cycle",
            *cycle,
        )
    return (f"nothing leads to {where}: {_end(world, chunk)}",)


def _end(world: World, chunk: int) -> str:
    """Describe when a chunk becomes ready that nothing leads to."""
    if world.gc.phase != GC_OFF:
        return "unless a pointer into it is found before marking ends, this cycle's sweep makes it ready"
    if is_unswept(world, chunk):
        return "this sweep makes it ready"
    return "the sweep after the next marking makes it ready"
