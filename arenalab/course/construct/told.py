"""What a goal tells of the reader's own run: its values, chunks and arenas, in words."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from arenalab.view.statements import arena_of
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.ops import NewArena, Op

MOST_TOLD = 8  #: values that a sentence lists.


class Value(NamedTuple):
    """A value that a program made."""

    chunk: int  #: negative outside of chunks.
    offset: int  #: in its chunk.
    size: int
    expr: str
    noscan: bool
    ptr_bytes: int


def values(run: History) -> list[Value]:
    """Return the values that lie in chunks, in the order of making."""
    world = run.world
    rows = (world.ledger.row(number) for number in range(len(world.ledger)))
    found = []
    for addr, size, kind, many, _, chunk in rows:
        if chunk >= 0:
            of = world.types[kind]
            expr = of.expr if many < 0 else f"{many} × {of.expr}"
            found.append(Value(chunk, addr - world.spans[chunk].base, size, expr, of.noscan, of.ptr_bytes))
    return found


def chunks_of_values(run: History) -> set[int]:
    """Return the chunks in which values lie."""
    return {value.chunk for value in values(run)}


def made_nothing(run: History) -> str:
    """Return what is said of a program that made no value, "" of any other."""
    if not any(isinstance(op, NewArena) for op in run.ops):
        return "Your program makes no arena: `a := arena.NewArena()`."
    return "" if values(run) else "Your arena holds no value: `arena.New[int](a)` makes one."


def of_values(run: History) -> str:
    """List the values, with how many of one type follow each other."""
    told = []
    for expr, some in groupby(values(run), key=lambda value: value.expr):
        many = len(list(some))
        told.append(f"`{expr}`" if many == 1 else f"{many:,} × `{expr}`")
    more = f", and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
    return ", ".join(told[:MOST_TOLD]) + more


def chunks_on(run: History, place: str) -> list[int]:
    """Return the chunks that are on a list, such as "quarantine", at the end; one that nobody has used is on none."""
    used = (span.chunk for span in run.world.spans if span.is_user_arena_chunk)
    return [chunk for chunk in used if run.world.list_of(chunk) == place]


def count_of(run: History, kind: type[Event]) -> int:
    """Return how many events of a kind the run has."""
    return sum(isinstance(event, kind) for event in run.events)


def arenas_of(run: History, kind: type[Op]) -> list[int]:
    """Return the arenas of the operations of a kind, such as Free."""
    return [arena_of(op) for op in run.ops if isinstance(op, kind)]
