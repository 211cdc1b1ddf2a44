"""The collector at work: phase, roots, chunks in three colours, the grey queue, verdicts, and why a chunk lives.

Laws of this file:
1. Colours are those of the mark bits and the grey queue of this World; off the mark phase a mark is one that
   the sweeper has yet to look at.
2. The way that explains why a chunk lives is made of this World's roots and pointers (`keeping`); how the
   cycle came upon it is what its events told (`cycles`). The two may differ, and both are said.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np

from arenalab.go.layout import ceil_div
from arenalab.go.pacing import OFF, goal_and_trigger
from arenalab.units import hex_addr, human
from arenalab.view.columns import Column, View, listing, text_column
from arenalab.view.cycles import SWEEP_DUE, Cycle, Cycles, StateRows
from arenalab.view.keeping import Hop, Pointers, Way, pointers, way_to, ways
from arenalab.view.reading import Reading, chunk_in_focus, reading
from arenalab.world.gc_events import PointerFollowed, RootFound
from arenalab.world.queries import Root, roots
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF, MSPAN_DEAD

PAGE = 24  #: chunks that a picture shows at a time.
WHITE, GREY, BLACK, NONE = "white", "grey", "black", "no memory"


@dataclass(frozen=True, eq=False)
class ChunkRows(View):
    """The chunks of a page, one row each."""

    chunk: Column
    list: Column  #: where it is: Go's list, "active", "in transit".
    user_arena: Column  #: whose it is, −1 for nobody's.
    colour: Column  #: WHITE, GREY or BLACK; NONE on the ready list.
    queued: Column  #: oblets in the grey queue.
    oblets: Column  #: oblets in all; 0 when it is noscan, so never read.
    sweep: Column  #: "" or "1st of 3 to sweep", "kept", "made ready".
    found: Column  #: how this cycle came upon it, "" if it has not.
    focus: Column


@dataclass(frozen=True, eq=False)
class RootRows(View):
    """The roots, one row for each name."""

    kind: Column
    name: Column
    chunks: Column  #: the chunks that it points into, as tuples.
    state: Column  #: what else is so: of a handle, of a list.
    way: Column  #: whether the way to the chunk in focus begins here.
    now: Column  #: whether the last event followed it.


@dataclass(frozen=True, eq=False)
class GreyRows(View):
    """The grey queue in its order, neighbouring oblets of a chunk as one row."""

    chunk: Column
    first: Column  #: number of the first oblet.
    count: Column


@dataclass(frozen=True)
class Pace:
    """heapLive on its way to the next cycle, in bytes."""

    live: int
    trigger: int  #: 0 while GOGC is off.
    goal: int
    marked: int  #: marked by the cycle under way, 0 when none is.
    known: bool  #: whether heapLive, goal and trigger are those of the whole program.
    most: int  #: greatest of these in the whole history, for a scale that stands still.


@dataclass(frozen=True)
class Collector:
    """All that the collector's picture shows."""

    reading: Reading
    focus: int  #: the chunk whose way from a root is shown, −1 for none.
    phase: str  #: Go's phase, one of tables.PHASE_NAMES.
    state: str  #: the same, or that sweeping is due: one of cycles.STATES.
    cycle: int  #: number of the latest cycle, 0 before the first.
    states: StateRows  #: of the whole history.
    events: int
    pace: Pace
    roots: RootRows
    chunks: ChunkRows  #: of one page.
    pointers: Pointers  #: between any two chunks.
    followed: Column  #: of `pointers`: whether marking went along it in this cycle.
    now: tuple[int, int]  #: the two chunks of the pointer that the last event followed, (−1, −1) for none.
    grey: GreyRows
    unswept: tuple[int, ...]  #: in the sweeper's order.
    waiting: tuple[int, ...]  #: the fault list, oldest first.
    released: tuple[int, ...]  #: what the fault list held when it was taken in this cycle.
    finalizers: tuple[int, ...]  #: user arenas whose finalizer is queued, oldest first.
    way: Way  #: from a root to the chunk in focus.
    why: tuple[str, ...]  #: the same in words.
    rows: int  #: chunks of a page, as many as the whole history needs.
    all_chunks: int

    def text(self) -> str:
        """Tell what the picture shows, in words and numbers."""
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
            "roots": self.roots,
            "chunks": self.chunks,
            "pointers": self.pointers,
            "grey queue": self.grey,
        }
        parts += [f"{name}\n{listing(table.columns())}" for name, table in tables.items() if len(table)]
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
    found, pointing = tuple(roots(world)), pointers(world)
    way = way_to(there, ways(found, pointing))
    event = history.events[at - 1] if at else None
    return Collector(
        reading=reading(history, at, op),
        focus=there,
        phase=cycles.phase(at),
        state=cycles.state(at),
        cycle=world.gc.cycles,
        states=cycles.rows(),
        events=len(history),
        pace=_pace(world, cycles),
        roots=_roots(world, found, way, event.source if isinstance(event, RootFound) else ""),
        chunks=_chunks(world, told, range(chunk // rows * rows, len(world.spans))[:rows], there),
        pointers=pointing,
        followed=_followed(pointing, told),
        now=(event.chunk, event.to_chunk) if isinstance(event, PointerFollowed) else (-1, -1),
        grey=_grey(world),
        unswept=(*world.unswept[0], *world.unswept[1]),
        waiting=tuple(world.fault),
        released=told.taken,
        finalizers=tuple(world.gc.finalizers),
        way=way,
        why=_why(world, told, there, way),
        rows=rows,
        all_chunks=len(world.spans),
    )


def _followed(pointing: Pointers, told: Cycle) -> Column:
    pairs = zip(pointing.source.tolist(), pointing.target.tolist(), strict=True)
    return np.array([pair in told.followed for pair in pairs], dtype=bool)


def _pace(world: World, cycles: Cycles) -> Pace:
    rules, gc = world.rules, world.gc
    first = goal_and_trigger(0, rules.other_root_bytes, rules)
    goal, trigger = (gc.goal, gc.trigger) if gc.goal else first
    aims = (0, 0) if goal == OFF or not rules.heap_known else (goal, trigger)
    most = max(
        cycles.most_live + rules.start_heap_live, cycles.highest, first[0] if first[0] != OFF else 0, 1
    )
    marked = gc.bytes_marked if gc.phase != GC_OFF else 0
    return Pace(
        world.counters.heap_live + rules.start_heap_live, aims[1], aims[0], marked, rules.heap_known, most
    )


def _roots(world: World, found: tuple[Root, ...], way: Way, now: str) -> RootRows:
    """Group the roots by name; a queued finalizer and a handle without chunks are told as well."""
    groups: dict[str, list[Root]] = {}
    for root in found:
        groups.setdefault(root.name, []).append(root)
    names = list(groups)
    return RootRows(
        kind=text_column([groups[name][0].kind for name in names]),
        name=text_column([name.rstrip(",") for name in names]),
        chunks=text_column([tuple(dict.fromkeys(root.chunk for root in groups[name])) for name in names]),  # type: ignore[misc]  # objects
        state=text_column([_state(world, groups[name][0]) for name in names]),
        way=np.array([bool(way) and way[0].name == name for name in names], dtype=bool),
        now=np.array([name == now for name in names], dtype=bool),
    )


def _state(world: World, root: Root) -> str:
    """Tell what else is so of a root: where a global points, what becomes of a handle."""
    if root.kind == "global":
        return hex_addr(root.addr)
    if root.kind != "refs":
        return ""
    if root.user_arena in world.gc.finalizers:
        return "finalizer queued"
    return "handle dropped" if world.user_arenas[root.user_arena].dropped else "handle in use"


def _chunks(world: World, told: Cycle, page: range, focus: int) -> ChunkRows:
    queued: dict[int, int] = {}
    for chunk, _ in world.gc.grey:
        queued[chunk] = queued.get(chunk, 0) + 1
    unswept = [*world.unswept[0], *world.unswept[1]]
    place = {chunk: number for number, chunk in enumerate(unswept, 1)}
    owners = {chunk: u.id for u in world.holding() for chunk in u.refs}
    verdicts = [_verdict(chunk, place, told, world) for chunk in page]
    return ChunkRows(
        chunk=np.array(page, dtype=np.int64),
        list=text_column([world.list_of(chunk) for chunk in page]),
        user_arena=np.array([owners.get(chunk, -1) for chunk in page], dtype=np.int64),
        colour=text_column([_colour(world, chunk, queued) for chunk in page]),
        queued=np.array([queued.get(chunk, 0) for chunk in page], dtype=np.int64),
        oblets=np.array([_oblets(world, chunk) for chunk in page], dtype=np.int64),
        sweep=text_column(verdicts),
        found=text_column([told.found[chunk].words if chunk in told.found else "" for chunk in page]),
        focus=np.array([chunk == focus for chunk in page], dtype=bool),
    )


def _colour(world: World, chunk: int, queued: dict[int, int]) -> str:
    span = world.spans[chunk]
    if span.state == MSPAN_DEAD:
        return NONE
    if not span.mark_bit:
        return WHITE
    return GREY if chunk in queued else BLACK


def _oblets(world: World, chunk: int) -> int:
    span = world.spans[chunk]
    return 0 if span.noscan else ceil_div(span.elemsize, world.rules.max_oblet_bytes)


def _verdict(chunk: int, place: dict[int, int], told: Cycle, world: World) -> str:
    """Tell what the sweeper has said, or when it comes, of the latest cycle that swept."""
    if world.gc.phase != GC_OFF:
        return ""
    if chunk in place:
        return f"to sweep: {place[chunk]} of {len(place)}"
    return told.verdicts.get(chunk, "")


def _grey(world: World) -> GreyRows:
    """Join neighbouring oblets of one chunk."""
    runs = [
        [oblet for _, oblet in run]
        for _, run in groupby(
            (((chunk, oblet - place), (chunk, oblet)) for place, (chunk, oblet) in enumerate(world.gc.grey)),
            key=lambda entry: entry[0],
        )
    ]
    return GreyRows(
        chunk=np.array([run[0][0] for run in runs], dtype=np.int64),
        first=np.array([run[0][1] for run in runs], dtype=np.int64),
        count=np.array([len(run) for run in runs], dtype=np.int64),
    )


def hop_words(world: World, hop: Hop) -> str:
    """Tell one step of a way."""
    if hop.source < 0:
        return f"{hop.name.rstrip(',')} points to {hex_addr(hop.addr)} in chunk {hop.chunk}"
    offset = hop.slot - world.spans[hop.source].base
    return f"chunk {hop.source}, word at +{offset:#x}, points to {hex_addr(hop.addr)} in chunk {hop.chunk}"


def _why(world: World, told: Cycle, chunk: int, way: Way) -> tuple[str, ...]:
    """Tell why a chunk is alive, or what becomes of it."""
    if chunk < 0:
        return ("no chunk is looked at",)
    span = world.spans[chunk]
    where = f"chunk {chunk} ({world.list_of(chunk)})"
    came = told.found.get(chunk)
    cycle = (f"this cycle: {came.words}",) if came and world.gc.phase != GC_OFF else ()
    if span.state == MSPAN_DEAD:
        return (f"{where} is address space only: there is nothing to keep",)
    if way:
        return (f"{where} is alive:", *(hop_words(world, hop) for hop in way), *cycle)
    if span.mark_bit:
        return (
            f"nothing leads to {where} now; it is marked all the same and stays for one more cycle",
            *cycle,
        )
    return (f"nothing leads to {where}: {_end(world, chunk)}",)


def _end(world: World, chunk: int) -> str:
    """Tell when a chunk becomes ready that nothing leads to."""
    if world.gc.phase != GC_OFF:
        return "unless a pointer into it is found before marking ends, this cycle's sweep makes it ready"
    if any(chunk in unswept for unswept in world.unswept.values()):
        return "this sweep makes it ready"
    return "the sweep after the next marking makes it ready"
