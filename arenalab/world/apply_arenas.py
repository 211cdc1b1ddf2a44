"""What a run of arenas changes. Law: it writes what the event says and decides nothing.

Rows of arenas that were made and freed in a run, and of their small objects, are made when somebody looks:
`late_arenas`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from arenalab.world.apply_run import ValueRows, type_numbers
from arenalab.world.deferred import IntArray
from arenalab.world.event import Event
from arenalab.world.late_arenas import FreedArenas, Garbage, NewestOf, Numbers
from arenalab.world.run_events import ArenaRun
from arenalab.world.state import World
from arenalab.world.tables import ARENA_OBJECTS, SmallObject, UserArena, class_key


def _arena_run(w: World, e: ArenaRun) -> None:
    made = np.frombuffer(e.made, np.int32)
    homes = np.frombuffer(e.slots, np.uint16)
    _take_slots(w, e, made.tolist())
    _make(w, e, made, homes)
    for position, chunk in enumerate(e.homes):
        span = w.span_to_write(chunk)
        span.free_base, span.free_limit = e.free_bases[position], e.free_limits[position]
    _go_on(w, e, len(made))
    w.reuse[e.kept :] = e.reuse
    arenas = np.frombuffer(e.arenas, np.uint16)
    everybody = np.append(made, np.array((*e.ended, *e.stay), np.int32))
    w.ledger.extend_later(e.count, ValueRows(e, type_numbers(w, e), arenas, everybody, homes))


def _make(w: World, e: ArenaRun, made: IntArray, homes: IntArray) -> None:
    """Make arenas: those that are freed in the run in blocks, those that stay open one by one."""
    opened = np.isin(made, e.opened).nonzero()[0].tolist() if e.opened else []
    begin = 0
    for place in (*opened, len(made)):
        if place > begin:
            numbers = Numbers(made[begin:place])
            w.user_arenas.add_late(FreedArenas(e, numbers, w.ledger.count, begin))
            _make_objects(w, e, numbers)
        if place < len(made):
            _open(w, e, int(made[place]), place, e.homes[homes[place]])
        begin = place + 1
    count = len(made)
    for nbytes, scanned in zip(e.sizes, e.scan_bytes, strict=True):
        w.p.cached[class_key(nbytes, scanned)] += count * nbytes
    w.p.scan_alloc += count * e.scan_alloc


def _open(w: World, e: ArenaRun, number: int, place: int, chunk: int) -> None:
    """Make an arena that stays open, with its small objects."""
    w.user_arenas[number] = UserArena(
        number, finalizer=True, active=chunk, refs=[chunk], refs_cap=e.refs_cap, epoch=w.epoch
    )
    _last_values(w, e, number, place)
    w.holders[number] = None
    for what, nbytes, scanned in zip(ARENA_OBJECTS, e.sizes, e.scan_bytes, strict=True):
        w.small.objects[w.small.made] = SmallObject(what, number, nbytes, scanned, w.gc.sweepgen)
        w.small.newest[what, number] = w.small.made
        w.small.made += 1


def _last_values(w: World, e: ArenaRun, number: int, place: int) -> None:
    row = w.user_arena_to_write(number)
    last, pointerful = (memoryview(column).cast("i")[place] for column in (e.last, e.last_pointerful))
    if last >= 0:
        row.last_object = w.ledger.count + last
    if pointerful >= 0:
        row.last_pointerful = w.ledger.count + pointerful


def _go_on(w: World, e: ArenaRun, made: int) -> None:
    """Note what becomes of arenas that were there before."""
    for place, number in enumerate((*e.ended, *e.stay), made):
        _last_values(w, e, number, place)
    for number in e.ended:
        row = w.user_arena_to_write(number)
        row.defunct, row.finalizer, row.active, row.refs = True, False, None, []
        w.holders.pop(number, None)


def _take_slots(w: World, e: ArenaRun, numbers: list[int]) -> None:
    slots: list[int] = np.frombuffer(e.handles, np.int64).tolist()
    w.handles.update(zip(numbers, slots, strict=True))
    spans, p = w.handle_spans, w.p
    spans.taken.update(zip(slots, numbers, strict=True))
    p.handle_span, p.freeindex, spans.made = e.span, e.freeindex, e.spans_made
    for span in e.refilled:
        spans.partial.remove(span)


def _make_objects(w: World, e: ArenaRun, numbers: Numbers) -> None:
    small = w.small
    objects = Garbage(e, numbers, small.made, w.gc.sweepgen)
    small.objects.add_late(objects)
    small.newest.add_late(NewestOf(objects))
    small.made += len(objects)


HANDLERS: dict[type[Event], Callable[[World, Any], None]] = {ArenaRun: _arena_run}
