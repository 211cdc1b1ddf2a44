"""Event rows of an older history, given the amounts that their events carry today.

Once `apply` worked these out from the rules and the World; now the machine does, and the event says so.
What is filled in here is what `apply` did then, which followed Go 1.21.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arenalab.go.layout import ceil_div
from arenalab.world import access_events as access
from arenalab.world import chunk_events as ch
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world import gc_events as gc
from arenalab.world import run_events as run
from arenalab.world.event import EVENTS, Event
from arenalab.world.run_events import RunBitsWritten
from arenalab.world.state import World

Row = dict[str, Any]
#: Name that an event had once -> its name.
NAMES = {"ObjectCarved": ev.ObjectAllocated.__name__, "ObjectsCarved": ev.ObjectsAllocated.__name__}


def renamed(row: Row) -> Row:
    """Return an event row by the name and the fields it has today: bits of one chunk were a kind of their own once."""
    if row["event"] in ("ObjectCarved", "ObjectsCarved"):
        return row | {"event": NAMES[row["event"]]}
    if row["event"] != "WordsWritten":
        return row
    after, clears = (row.get(name) for name in ("after", "clears"))
    count = len(clears) // 2 if isinstance(clears, str) else 0
    return {
        "event": RunBitsWritten.__name__, "homes": [row.get("chunk")], "firsts": [row.get("first")],
        "counts": [count], "after": after, "clears": clears, "ptr_bytes": [],
    }  # fmt: skip


def upgraded(row: Row, world: World) -> list[Row]:
    """Return the rows that tell today what an older event row told, in the World in which it happens.

    Raises:
        ArithmeticError, AttributeError, LookupError, TypeError: the row makes no sense in this World.

    """
    kind = EVENTS.get(row["event"]) if isinstance(row["event"], str) else None
    rows = [row | AMOUNTS[kind](row, world)] if kind in AMOUNTS else [row]
    rows[0].pop("stopped_at", None)  # `read_to` tells it now
    if kind is ch.ChunkPushedSwept:  # it told of these as well
        limit = world.spans[row["chunk"]].base + world.rules.chunk.usable_bytes
        rows.append({"event": ch.LimitSet.__name__, "chunk": row["chunk"], "limit": limit})
        rows.append({"event": ch.SpanFilled.__name__, "chunk": row["chunk"]})
    return rows


def _handle_made(row: Row, w: World) -> Row:
    span, index = divmod(row["slot"], w.rules.handles_per_span)
    return {
        "span": span, "freeindex": index + 1, "spans_made": max(w.handle_spans.made, span + 1),
        "from_partial": span in w.handle_spans.partial, "black": w.gc.marking,
    }  # fmt: skip


def _small_object_made(row: Row, w: World) -> Row:
    handed_over = row["refilled"] and not w.gc.marking
    handed = w.scan_alloc if handed_over else 0
    return {"scan_alloc": row["scan_bytes"], "to_heap_scan": handed, "black": w.gc.marking}


def _pages(_: Row, w: World) -> Row:
    return {"npages": w.rules.user_arena_chunk_pages}


def _heap_arena_reserved(row: Row, w: World) -> Row:
    return _pages(row, w) | {"meta_bytes": w.rules.heap_arena_meta_bytes}


def _chunk_bytes(_: Row, w: World) -> Row:
    return {"nbytes": w.rules.chunk.mapped_bytes}


def _span_initialised(row: Row, w: World) -> Row:
    base, size = w.spans[row["chunk"]].base, w.rules.chunk.stride
    number = [0 <= base - h.base < h.chunks * size for h in w.heap_arenas].index(True)
    offset, zeroed = base - w.heap_arenas[number].base, w.heap_arenas[number].zeroed_base
    return {
        "elemsize": w.rules.chunk.usable_bytes, "needzero": int(zeroed > offset),
        "heap_arena": number, "zeroed_base": max(zeroed, offset + size),
    }  # fmt: skip


def _mapped_bytes(row: Row, _: World) -> Row:
    return {"mapped_bytes": row["nbytes"]}


def _red_zone_set(row: Row, w: World) -> Row:
    span = w.spans[row["chunk"]]
    limit = span.limit - row["nbytes"]
    return {"elemsize": span.elemsize - row["nbytes"], "limit": limit, "free_limit": limit}


def _own_span(row: Row, w: World) -> Row:
    return {"span_bytes": row["npages"] * w.rules.page_size, "black": w.gc.marking}


def _small_swept(row: Row, w: World) -> Row:
    gone, newest = set(row["numbers"]), set(w.small.newest.values())
    return {
        "newest": [number for number in row["numbers"] if number in newest],
        "kept": [n for n, each in w.small.objects.items() if each.marked and n not in gone],
    }


def _found(row: Row, w: World) -> Row:
    return {"found": 0 if row["chunk"] in w.unswept[0] else 1}


def _heap_object_swept(row: Row, w: World) -> Row:
    return {"nbytes": row["npages"] * w.rules.page_size}


def _handle_span_swept(row: Row, w: World) -> Row:
    size = w.rules.handles_per_span
    taken = sum(slot // size == row["span"] for slot in w.handles.values())
    return {"was_cached": bool(w.cached_by(row["span"])), "has_room": taken < size}


def _marks(_: Row, w: World) -> Row:
    return {"marks": w.rules.chunk_bitmap_words - 1}


def _no_ptr_bytes(_: Row, __: World) -> Row:
    return {"ptr_bytes": []}


def _unmapped(_: Row, __: World) -> Row:
    return {"bits_too": False}


def _oblet_scanned(row: Row, w: World) -> Row:
    words = w.rules.max_oblet_bytes // w.rules.bitmap_word_bytes
    whole = row["oblet"] * words + ceil_div(row["nbytes"], w.rules.bitmap_word_bytes)
    return {"read_to": row["stopped_at"] + 1 if row["stopped_at"] >= 0 else whole}


AMOUNTS: dict[type[Event] | None, Callable[[Row, World], Row]] = {
    ev.HandleMade: _handle_made,
    ev.SmallObjectMade: _small_object_made,
    ev.RedirectedToHeap: _own_span,
    access.ClonedToHeap: _own_span,
    ch.HeapArenaReserved: _heap_arena_reserved,
    ch.ChunkSplitOff: _pages,
    ch.ChunkMapped: _chunk_bytes,
    ch.ChunkBitsCleared: _marks,
    run.RunBitsWritten: _no_ptr_bytes,
    end.ChunkUnmapped: _unmapped,
    gc.ObletScanned: _oblet_scanned,
    ch.SpanInitialised: _span_initialised,
    ch.ChunkAccounted: _mapped_bytes,
    ch.RedZoneSet: _red_zone_set,
    end.ChunkUncounted: _mapped_bytes,
    gc.SmallSwept: _small_swept,
    gc.ChunkSwept: _found,
    gc.ChunkReadied: _found,
    gc.HeapObjectSwept: _heap_object_swept,
    gc.HandleSpanSwept: _handle_span_swept,
}
