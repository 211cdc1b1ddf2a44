"""What a run of arenas changes. Law: it writes what the event says and decides nothing.

Rows of arenas that were made and freed in a run, and of their small objects, are made when somebody looks:
`late_arenas`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from arenalab.world.apply_run import ValueRows, type_numbers
from arenalab.world.event import Event
from arenalab.world.late_arenas import FreedArenas, Garbage, NewestOf, Numbers
from arenalab.world.run_events import ArenaRun
from arenalab.world.state import World
from arenalab.world.tables import class_key


def _arena_run(w: World, e: ArenaRun) -> None:
    first, numbers = w.ledger.count, Numbers(np.frombuffer(e.made, np.int32))
    w.user_arenas.add_late(FreedArenas(e, numbers, first))
    _take_slots(w, e, numbers.all)
    _make_objects(w, e, numbers)
    for position, chunk in enumerate(e.homes):
        span = w.span_to_write(chunk)
        span.free_base, span.free_limit = e.free_bases[position], e.free_limits[position]
    last, pointerful = (
        np.frombuffer(column, np.int32)[len(numbers.all) :] for column in (e.last, e.last_pointerful)
    )
    for place, number in enumerate(e.stay):
        row = w.user_arena_to_write(number)
        row.last_object = first + int(last[place])
        if pointerful[place] >= 0:
            row.last_pointerful = first + int(pointerful[place])
    w.reuse[len(w.reuse) - len(e.reuse) :] = e.reuse
    arenas, homes = np.frombuffer(e.arenas, np.uint16), np.frombuffer(e.slots, np.uint16)
    everybody = np.append(np.frombuffer(e.made, np.int32), np.array(e.stay, np.int32))
    w.ledger.extend_later(e.count, ValueRows(e, type_numbers(w, e), arenas, everybody, homes))


def _take_slots(w: World, e: ArenaRun, numbers: list[int]) -> None:
    slots: list[int] = np.frombuffer(e.handles, np.int64).tolist()
    w.handles.update(zip(numbers, slots, strict=True))
    spans, p = w.handle_spans, w.p
    spans.taken.update(zip(slots, numbers, strict=True))
    p.handle_span, p.freeindex, spans.made = e.span, e.freeindex, e.spans_made
    for span in e.refilled:
        spans.partial.remove(span)


def _make_objects(w: World, e: ArenaRun, numbers: Numbers) -> None:
    small, p, made = w.small, w.p, len(numbers.all)
    objects = Garbage(e, numbers, small.made, w.gc.sweepgen)
    small.objects.add_late(objects)
    small.newest.add_late(NewestOf(objects))
    small.made += len(objects)
    for nbytes, scanned in zip(e.sizes, e.scan_bytes, strict=True):
        p.cached[class_key(nbytes, scanned)] += made * nbytes
    p.scan_alloc += made * e.scan_alloc


HANDLERS: dict[type[Event], Callable[[World, Any], None]] = {ArenaRun: _arena_run}
