"""The tables of the collector's picture: chunks in three colours, roots, the grey queue, and heapLive on its path.

Rule: colours are those of the mark bits and the grey queue of this World; off the mark phase a mark
is one that the sweeper has yet to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np

from arenalab.go.layout import ceil_div
from arenalab.go.pacing import OFF, goal_and_trigger
from arenalab.units import hex_addr
from arenalab.view.acting import made_column
from arenalab.view.columns import Column, View, text_column
from arenalab.view.cycles import Cycle, Cycles, Verdict
from arenalab.view.reachability import Path
from arenalab.world.history import History
from arenalab.world.queries import Root
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF, MSPAN_DEAD

WHITE, GREY, BLACK, NONE = "white", "grey", "black", "no memory"
NO_VERDICT = Verdict("", "")


@dataclass(frozen=True, eq=False)
class ChunkRows(View):
    """The chunks of a page, one row each."""

    chunk: Column
    list: Column  #: where it is: Go's list, "active", "in transit".
    user_arena: Column  #: whose it is, −1 for nobody's.
    made: Column  #: who made that arena, and where in the program; "" where the run does not say.
    colour: Column  #: WHITE, GREY or BLACK; NONE on the ready list.
    queued: Column  #: oblets in the grey queue.
    oblets: Column  #: oblets in all; 0 when it is noscan, so never read.
    sweep: Column  #: "" or "1st of 3 to sweep", "kept", "made ready".
    swept_by: Column  #: who swept it, "" if nobody has, and where only one acts.
    found: Column  #: how this cycle reached it, "" if it has not.
    focus: Column


@dataclass(frozen=True, eq=False)
class RootRows(View):
    """The roots, one row for each name."""

    kind: Column
    name: Column
    chunks: Column  #: the chunks that it points into, as tuples.
    state: Column  #: what else is so: of a handle, of a list.
    path: Column  #: whether the path to the chunk in focus begins here.
    now: Column  #: whether the last event followed it.


@dataclass(frozen=True, eq=False)
class GreyRows(View):
    """The grey queue in its order, neighbouring oblets of a chunk as one row."""

    chunk: Column
    first: Column  #: number of the first oblet.
    count: Column


@dataclass(frozen=True)
class Pace:
    """heapLive on its path to the next cycle, in bytes."""

    live: int
    trigger: int  #: 0 while GOGC is off.
    goal: int
    marked: int  #: marked by the cycle under path, 0 when none is.
    known: bool  #: whether heapLive, goal and trigger are those of the whole program.
    most: int  #: greatest of these in the whole history, for a scale that stands still.


def pace_of(world: World, cycles: Cycles) -> Pace:
    """Return heapLive and what it is compared with."""
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


def root_rows(world: World, found: tuple[Root, ...], path: Path, now: str) -> RootRows:
    """Group the roots by name; a queued finalizer and a handle without chunks are listed as well."""
    groups: dict[str, list[Root]] = {}
    for root in found:
        groups.setdefault(root.name, []).append(root)
    names = list(groups)
    return RootRows(
        kind=text_column([groups[name][0].kind for name in names]),
        name=text_column([name.rstrip(",") for name in names]),
        chunks=text_column([tuple(dict.fromkeys(root.chunk for root in groups[name])) for name in names]),  # type: ignore[misc]  # objects
        state=text_column([_state(world, groups[name][0]) for name in names]),
        path=np.array([bool(path) and path[0].name == name for name in names], dtype=bool),
        now=np.array([name == now for name in names], dtype=bool),
    )


def _state(world: World, root: Root) -> str:
    """Describe what else is so of a root: where a global points, what becomes of a handle."""
    if root.kind == "global":
        return hex_addr(root.addr)
    if root.kind != "refs":
        return ""
    if root.user_arena in world.gc.finalizers:
        return "finalizer queued"
    return "handle dropped" if world.user_arenas[root.user_arena].dropped else "handle in use"


def chunk_rows(history: History, world: World, told: Cycle, page: range, focus: int) -> ChunkRows:
    """Return the chunks of a page; `focus` is the chunk whose path is shown."""
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
        made=made_column(history, [owners.get(chunk, -1) for chunk in page]),
        colour=text_column([_colour(world, chunk, queued) for chunk in page]),
        queued=np.array([queued.get(chunk, 0) for chunk in page], dtype=np.int64),
        oblets=np.array([_oblets(world, chunk) for chunk in page], dtype=np.int64),
        sweep=text_column([verdict.words for verdict in verdicts]),
        swept_by=text_column([verdict.by for verdict in verdicts]),
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


def _verdict(chunk: int, place: dict[int, int], told: Cycle, world: World) -> Verdict:
    """Describe what the sweeper has said, or when it comes, of the latest cycle that swept."""
    if world.gc.phase != GC_OFF:
        return NO_VERDICT
    if chunk in place:
        return Verdict(f"to sweep: {place[chunk]} of {len(place)}", "")
    return told.verdicts.get(chunk, NO_VERDICT)


def grey_rows(world: World) -> GreyRows:
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
