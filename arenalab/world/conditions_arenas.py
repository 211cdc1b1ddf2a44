"""What must be so for events of runs of arenas. Each is a condition on the World before an event: see `event_rules`."""

from __future__ import annotations

import numpy as np

from arenalab.world import gc_events as gc
from arenalab.world import run_events as run
from arenalab.world.deferred import IntArray
from arenalab.world.state import World
from arenalab.world.tables import ARENA_OBJECTS, GC_OFF, class_key


def _made(e: run.ArenaRun) -> list[int]:
    return list(memoryview(e.made).cast("i"))


def _column(column: bytes, kind: type[np.integer]) -> IntArray:
    return np.frombuffer(column, dtype=kind)


def its_columns_fit(_: World, e: run.ArenaRun) -> bool:
    """Its columns have one entry for each value, arena or chunk."""
    if e.count < 1 or len(e.made) % 4 or not (e.made or e.ended) or not e.types:
        return False
    made, homes = len(e.made) // 4, {len(each) for each in (e.homes, e.bases, e.free_bases, e.free_limits)}
    arenas = made + len(e.ended) + len(e.stay)
    return (
        len(e.handles) == 8 * made
        and len(e.slots) == 2 * arenas
        and len(e.last) == len(e.last_pointerful) == 4 * arenas
        and len(homes) == 1
        and len(e.sizes) == len(e.scan_bytes) == len(ARENA_OBJECTS)
        and len(e.arenas) == len(e.kinds) == 2 * e.count
        and len(e.offsets) == 4 * e.count
        and len(e.caps) in (0, 8 * e.count)
    )


def its_arenas_are_new(w: World, e: run.ArenaRun) -> bool:
    """The arenas that it makes are new, the others live, each is named once, and no cycle is marking."""
    made, before = _made(e), (*e.ended, *e.stay)
    known = all(number in w.user_arenas and not w.user_arenas[number].defunct for number in before)
    return (
        known
        and min(made, default=0) >= 0
        and len({*made, *before}) == len(made) + len(before)
        and set(made) >= set(e.opened)
        and len(set(e.opened)) == len(e.opened)
        and (not made or w.user_arenas.has_none(made))
        and w.gc.phase == GC_OFF
    )


def its_chunks_are_handed_on(w: World, e: run.ArenaRun) -> bool:
    """Each arena gets a chunk off the reuse list, or has one; no chunk is lost or in two places."""
    slots, made, chunks = _column(e.slots, np.uint16), _made(e), set(e.homes)
    if not 0 <= e.kept <= len(w.reuse) or int(slots.max()) >= len(e.homes):
        return False
    homes, before = [e.homes[slot] for slot in slots.tolist()], (*e.ended, *e.stay)
    ended = homes[len(made) : len(made) + len(e.ended)]
    opened = [home for number, home in zip(made, homes, strict=False) if number in e.opened]
    return (
        sorted([*w.reuse[e.kept :], *ended]) == sorted([*e.reuse, *opened])
        and set(homes[: len(made)]) <= {*w.reuse[e.kept :], *ended}
        and homes[len(made) :] == [w.user_arenas[number].active for number in before]
        and all((row := w.user_arenas[number]).refs == row.chunks for number in e.ended)
        and len(chunks) == len(e.homes)
        and list(e.bases) == [w.spans[chunk].base for chunk in e.homes]
    )


def its_edges_move_inwards(w: World, e: run.ArenaRun) -> bool:
    """Each chunk's free range shrinks."""
    edges = zip((w.spans[chunk] for chunk in e.homes), e.free_bases, e.free_limits, strict=True)
    return all(span.free_base <= low <= high <= span.free_limit for span, low, high in edges)


def its_values_are_in_their_chunks(w: World, e: run.ArenaRun) -> bool:
    """Each value has a type and an arena of the run, and is in its chunk; each arena's last values are its own."""
    arenas, kinds = _column(e.arenas, np.uint16), _column(e.kinds, np.uint16)
    if int(arenas.max()) >= len(e.slots) // 2 or int(kinds.max()) >= len(e.types):
        return False
    stride = w.rules.chunk.stride
    sizes = np.array([min(go_type.size, stride + 1) for go_type in e.types], dtype=np.int64)[kinds]
    caps = _column(e.caps, np.int64) if e.caps else np.full(e.count, run.SINGLE)
    if caps.min() < run.SINGLE or caps.max() > stride or sizes.min() < 1:
        return False
    ends = _column(e.offsets, np.uint32) + sizes * np.where(caps < 0, 1, caps)
    return int(ends.max()) <= stride and all(
        _are_theirs(arenas, _column(last, np.int32)) for last in (e.last, e.last_pointerful)
    )


def _are_theirs(arenas: IntArray, last: IntArray) -> bool:
    there = np.flatnonzero(last >= 0)
    if not len(there):
        return True
    return int(last.max()) < len(arenas) and np.array_equal(arenas[last[there]], there)


def its_handles_are_free(w: World, e: run.ArenaRun) -> bool:
    """Its handles take free slots, and its small objects come from size classes that are cached."""
    slots, size, spans = _column(e.handles, np.int64).tolist(), w.rules.handles_per_span, w.handle_spans
    keys = [class_key(*pair) for pair in zip(e.sizes, e.scan_bytes, strict=True)]
    if not slots:
        return (e.span, e.freeindex, e.spans_made) == (
            w.p.handle_span,
            w.p.freeindex,
            spans.made,
        ) and not e.refilled
    return (
        len(set(slots)) == len(slots)
        and spans.taken.keys().isdisjoint(slots)
        and min(slots) >= 0
        and max(slots) < e.spans_made * size
        and spans.made <= e.spans_made <= spans.made + len(slots)
        and divmod(slots[-1], size) == (e.span, e.freeindex - 1)
        and set(e.refilled) <= set(spans.partial)
        and w.p.cached.keys() >= set(keys)
        and all(scanned <= nbytes for nbytes, scanned in zip(e.sizes, e.scan_bytes, strict=True))
    )


def its_arenas_were_made(w: World, e: gc.HandlesSwept) -> bool:
    """Its user arenas were made, and are named once."""
    return len(set(e.user_arenas)) == len(e.user_arenas) and all(
        each in w.user_arenas for each in e.user_arenas
    )
