"""Selection: what a reader clicked, as a numpy record to go on with in Python.

Rules:
1. A record is a pure function of the history, the moment and what was clicked; a later step does not change it.
2. Fields are named as in the World and in the ledger, but for what numpy's records have a meaning of their own for
   (`size`, `base`), so that each is an attribute too. Operations and events count from 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from arenalab.units import hex_addr
from arenalab.view.acting import performer, site
from arenalab.view.calls import call_of
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_state import ChunkState
from arenalab.view.reading import LONGEST_SENTENCE, sentence_of
from arenalab.world.actors import actor_name
from arenalab.world.history import History
from arenalab.world.touch import object_at

_KEY = re.compile(r"([a-z]+)[ :](-?\d+)")
_FORMATS = {int: "i8", bool: "?", str: "O"}


def selected(history: History, cursor: int, key: str) -> np.record | None:
    """Return what a shape stands for after `cursor` events; None for a shape that only turns a page or a switch.

    Args:
        history: what happened.
        cursor: events that have happened in the picture.
        key: the shape's `tap`: "chunk 3", "object 17", "op 5", "event 40", "at 41" (right after
            event 40), "who 7".

    """
    found = _KEY.fullmatch(key)
    if found is None or found[1] not in _READERS:
        return None
    reader, size = _READERS[found[1]]
    number = int(found[2])
    return reader(history, cursor, number) if number in size(history) else None


def selected_word(history: History, cursor: int, chunk: int, word: int) -> np.record | None:
    """Return what lies at a word of a chunk after `cursor` events: its object, or the chunk where there is none."""
    world = history.at(cursor)
    if not 0 <= chunk < len(world.spans) or not 0 <= word * world.rules.ptr_size < world.rules.chunk.stride:
        return None
    span = world.spans[chunk]
    row = object_at(world, span, span.base + word * world.rules.ptr_size)
    return _object(history, cursor, row) if row >= 0 else _chunk(history, cursor, chunk)


def _record(**values: Any) -> np.record:
    """Return values as one record: numbers, truth values and texts by their names."""
    kinds = [(name, _FORMATS[type(value)]) for name, value in values.items()]
    made: np.record = np.array([tuple(values.values())], dtype=kinds).view(np.recarray)[0]
    return made


def _object(history: History, cursor: int, row: int) -> np.record:
    addr, size, number, cap, owner, chunk = history.world.ledger.row(row)
    world = history.at(cursor)
    made = history.log.op_of_row(row)
    return _record(
        object=row, addr=addr, address=hex_addr(addr), size_bytes=size, type=history.world.types[number].expr, cap=cap,
        user_arena=owner, chunk=chunk, offset=addr - history.world.spans[chunk].base if chunk >= 0 else -1,
        freed=owner in world.user_arenas and world.user_arenas[owner].defunct, op=made, call=call_of(history.ops[made]),
    )  # fmt: skip


def _chunk(history: History, cursor: int, chunk: int) -> np.record | None:
    world, index = history.at(cursor), history.reader(ChunkIndex)
    if chunk >= len(world.spans):
        return None
    index.refresh()
    its = ChunkState(index, world, chunk)
    left, right, end = its.edges
    return _record(
        chunk=chunk, addr=its.span.base, address=hex_addr(its.span.base), list=its.list, condition=its.condition,
        user_arena=its.owner, objects=its.held.objects, front_bytes=left, free_bytes=right - left,
        back_bytes=end - right, noscan=its.span.noscan, marked=bool(its.span.mark_bit),
    )  # fmt: skip


def _op(history: History, _: int, op: int) -> np.record:
    numbers = history.log.numbers_of(op)
    return _record(
        op=op, kind=type(history.ops[op]).__name__, call=call_of(history.ops[op]), goroutine=performer(history, op),
        site=site(history, op), events=len(numbers), first_event=history.op_starts[op], cursor=history.log.op_end(op),
    )  # fmt: skip


def _event(history: History, _: int, number: int) -> np.record:
    event, log = history.events[number], history.log
    return _record(
        event=number, kind=type(event).__name__, sentence=sentence_of(history, number, LONGEST_SENTENCE), go=event.go,
        op=log.op_of_event(number), actor=actor_name(log.actor_of_event(number)),
        chunk=event.chunks[0] if event.chunks else -1,
    )  # fmt: skip


def _actor(history: History, cursor: int, actor: int) -> np.record:
    log = history.log
    mine = log.column("actor")[:cursor] == actor
    ops = np.unique(log.column("op")[:cursor][mine])
    return _record(
        actor=actor, name=actor_name(actor), events=int(mine.sum()), operations=int((ops >= 0).sum())
    )


_Reader = Callable[[History, int, int], np.record | None]
#: What a key names -> its reader, and the numbers that there are.
_READERS: dict[str, tuple[_Reader, Callable[[History], Any]]] = {
    "chunk": (_chunk, lambda history: range(len(history.world.spans))),
    "object": (_object, lambda history: range(len(history.world.ledger))),
    "op": (_op, lambda history: range(len(history.ops))),
    "event": (_event, lambda history: range(len(history))),
    "at": (
        lambda history, _, moment: _event(history, moment, moment - 1),
        lambda history: range(1, len(history) + 1),
    ),
    "who": (_actor, lambda history: history.actors),
}
