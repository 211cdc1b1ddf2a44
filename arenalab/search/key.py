"""The key of a state: what decides all that can still happen and all that can be asked, and nothing else.

Two states with one key have the same moves, which lead to states with one key, and every held pointer finds the
same; `tests/search` compares pairs of states by that, for it is what the whole search rests on. Left out: how many
arenas and objects came before, counters (the collector starts when asked to), and capacities of the runtime's slices.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from arenalab.search.moves import living
from arenalab.world.state import World

BYTES = 8  #: of a digest.
FORM = 2  #: of marshal's forms the last one in which equal values are equal bytes; later ones note what is shared.
NOBODY = -1
Held = dict[int, int]  #: a global's number -> the ledger row of the object that it was made to point to.


def key(w: World, held: Held) -> int:
    """Return the digest of a state, 64 bits; `held` says which object each global was set to.

    Among 10⁷ states two that differ share a digest with a chance of 3 in a million; one of them is passed over then.
    """
    return int.from_bytes(blake2b(marshal.dumps(parts(w, held), FORM), digest_size=BYTES).digest())


def parts(w: World, held: Held) -> tuple[Any, ...]:
    """Return what tells a state from others, readable: for whoever wonders why two states differ."""
    # A freed arena's handle that is not swept yet is there for the sweeper alone; a dropped one's finalizer will run.
    known = [*living(w), *(it.id for it in w.user_arenas.values() if it.dropped and it.finalizer)]
    ranks = {number: rank for rank, number in enumerate(sorted(known))}
    return (
        w.died,
        _arenas(w, sorted(known)),
        _chunks(w, ranks, held),
        (w.ready, w.quarantine, w.reuse, w.fault),
        [(kind, sets[c]) for sets, kind in ((w.swept, 0), (w.unswept, 1)) for c in (0, 1)],
        [_place(w, addr) for addr in w.holds.values()],
        _collector(w, ranks),
    )


def _arenas(w: World, known: Iterable[int]) -> list[tuple[Any, ...]]:
    return [
        (
            it.active, it.full_list, it.refs, it.dropped, it.finalizer, it.marked,
            _object(w, it.last_object), _object(w, it.last_pointerful), w.handles.get(it.id, NOBODY),
        )
        for it in (w.user_arenas[number] for number in known)
    ]  # fmt: skip


def _object(w: World, row: int) -> tuple[int, int] | int:
    return NOBODY if row < 0 else _place(w, w.ledger.row(row)[0])


def _place(w: World, addr: int) -> tuple[int, int]:
    span = w.span_of(addr)
    return (NOBODY, addr) if span is None else (span.chunk, addr - span.base)


def _chunks(w: World, ranks: dict[int, int], held: Held) -> list[Any]:
    objects, pointers = _objects(w, ranks, held), dict[int, list[Any]]()
    for slot, target, chunk in stored(w):
        pointers.setdefault(chunk, []).append((slot - w.spans[chunk].base, _place(w, target)))
    sweepgen = w.gc.sweepgen
    return [
        (
            span.state, span.spanclass, span.free_base - span.base, span.free_limit - span.base, span.mark_bit,
            span.alloc_bit, span.faulted, span.poisoned, span.needzero,
            sweepgen - span.sweepgen, objects.get(span.chunk, ()), pointers.get(span.chunk, ()),
        )
        if span.is_user_arena_chunk else span.chunk
        for span in w.spans
    ]  # fmt: skip


def _objects(w: World, ranks: dict[int, int], held: Held) -> dict[int, list[Any]]:
    """Return the objects of each chunk's present life."""
    wanted, found = set(held.values()), dict[int, list[Any]]()
    for number, (addr, _, kind, _, owner, chunk) in enumerate(w.ledger.table().tolist()):
        if chunk >= 0 and number >= w.births.get(chunk, 0):
            place = addr - w.spans[chunk].base
            mine = (place, w.types[kind].noscan, ranks.get(owner, NOBODY), number in wanted)
            found.setdefault(chunk, []).append(mine)
    return found


def stored(w: World) -> list[tuple[int, int, int]]:
    """Return every pointer in chunk memory that is not nil, by slot: slot, target, chunk of the slot."""
    if not w.slots.journal.count:
        return []
    latest = {slot: (row, target) for row, (slot, target) in enumerate(w.slots.journal.table().tolist())}
    found = []
    for slot, (row, target) in sorted(latest.items()):
        span = w.span_of(slot)
        if target and span is not None and row >= w.slots.since.get(span.chunk, 0):
            found.append((slot, target, span.chunk))
    return found


def _collector(w: World, ranks: dict[int, int]) -> tuple[Any, ...]:
    gc = w.gc
    return (
        gc.phase, gc.grey, [ranks.get(number, NOBODY) for number in gc.finalizers], w.small.swept == gc.sweepgen,
        # Finalizers are queued in the order of the handles' slots, so it matters which one is next.
        [(slot, w.user_arenas[owner].marked) for slot, owner in sorted(w.handle_spans.taken.items())],
        w.handle_spans.unswept, w.handle_spans.partial, w.p.handle_span, w.p.freeindex,
    )  # fmt: skip
