"""Placement: where the objects of scopes that have an arena each would stand, and what that comes to.

Rule: it is solved for all scopes at once, and performed by the machine; the two are made apart, and
compared whole: every object's chunk and offset, every number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from arenalab.advice.operations import Operations
from arenalab.advice.performing import history_of
from arenalab.bulk.certify_arenas import certify_arenas
from arenalab.bulk.many_arenas import NEVER, Arenas, fill_arenas
from arenalab.errors import ModelBug
from arenalab.intake.log import Column, Narrow
from arenalab.narrow import SIGNED, narrow
from arenalab.world.chunk_events import ChunkMapped, ChunkObtained, HeapArenaReserved
from arenalab.world.end_events import ArenaEmptied, ChunkUnmapped, FullUnlinked
from arenalab.world.events import ChunkActivated, ChunkRetired
from arenalab.world.history import History
from arenalab.world.ops import Free, NewArena
from arenalab.world.state import LEDGER

ON_HEAP = -1  #: life of what no chunk can serve: the heap has it.


@dataclass(frozen=True)
class Placement:
    """A chunk's life begins when it is obtained and ends when it is set to fault; lives are numbered by their begin."""

    refills: int  #: times that a value did not fit the active chunk.
    wasted_bytes: int  #: left free in chunks that were given up because a value didn't fit.
    chunks_reserved: int  #: chunks that have an address by the end.
    open_at_once: int  #: arenas, at most.
    chunks_peak: int  #: chunks of open arenas, at most.
    mapped_peak: int  #: chunks with memory, at most.
    life: Narrow = field(repr=False)  #: of each object's chunk; ON_HEAP for none.
    offset: Narrow = field(repr=False)  #: of each object in its chunk; 0 on the heap.
    faulted: Column = field(repr=False)  #: of each life: the operation that set it to fault, NEVER for none.

    def differs(self, other: Placement) -> Iterator[str]:
        """Yield where two placements of one program differ."""
        for name in self.__dataclass_fields__:
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, int) and mine != theirs:
                yield f"{name}: {mine:,} and {theirs:,}"
            elif not isinstance(mine, int) and not np.array_equal(mine, theirs):
                yield f"{name}: {_first_difference(mine, theirs)}"


def _first_difference(mine: Narrow, theirs: Narrow) -> str:
    if len(mine) != len(theirs):
        return f"{len(mine):,} and {len(theirs):,} of them"
    at = int(np.argmax(mine != theirs))
    return f"{mine[at]} and {theirs[at]} at {at:,}"


def solved(program: Operations) -> Placement:
    """Return what comes of a program, all arenas solved at once; where its values stand is certified.

    Raises:
        ModelBug: the solver's answer broke a rule.
        GoThrow: the program would die of it.

    """
    rows, asked = _asked(program)
    filled = fill_arenas(asked, program.rules)
    stay, offset = certify_arenas(asked, filled, program.rules)
    lives = np.array([each.life for each in sorted(filled.stays, key=lambda each: (each.arena, each.start))])
    found = Placement(
        filled.refills, filled.wasted_bytes, filled.chunks, filled.open_at_once, filled.held_at_once,
        filled.mapped_at_once, *_nowhere(program),
        np.array(filled.faulted, np.int64),
    )  # fmt: skip
    if len(rows):
        found.life[rows], found.offset[rows] = lives[stay], offset
    return found


def _nowhere(program: Operations) -> tuple[Narrow, Narrow]:
    """Return life and offset of objects that all are on the heap; a chunk has at most 128 MiB."""
    return np.full(len(program.of), ON_HEAP, np.int32), np.zeros(len(program.of), np.int32)


def _asked(program: Operations) -> tuple[Narrow, Arenas]:
    """Return which objects fit a chunk, by arena and time, and what the solver is asked for."""
    values, nbytes = program.values, narrow(program.values.nbytes, SIGNED)
    fits = nbytes <= program.rules.user_arena_chunk_max_alloc_bytes
    rows = narrow(np.argsort(program.of, kind="stable"), SIGNED)
    if not fits.all():
        rows = rows[fits[rows]]
    align = np.array([each.align for each in values.types], np.uint8)
    free = {each.align for each in values.types if not each.ptr_bytes and each.align > 1}
    first = np.concatenate(([0], np.bincount(program.of[rows], minlength=program.arenas).cumsum()))
    return rows, Arenas(
        first, program.place[rows], values.pointerful[rows], nbytes[rows], align[values.type[rows]],
        tuple(sorted(free)), program.made, program.freed, program.cycles,
    )  # fmt: skip


def performed(program: Operations) -> Placement:
    """Return what comes of a program when the machine performs it."""
    history = history_of(program, "", program.arenas)
    moment, found = 0, _Counts()
    for number, event in enumerate(history.events):
        moment = history.log.op_of_event(number)
        found.take(event, moment, int(history.op_rows[moment]))
    for op in history.ops if program.arenas else ():
        found.open += isinstance(op, NewArena) - isinstance(op, Free)
        found.open_at_once = max(found.open_at_once, found.open)
    life, offset = _places(program, history, found)
    return Placement(
        found.refills, found.wasted, found.reserved, found.open_at_once, found.held_at_once,
        found.mapped_at_once, life, offset, np.array(found.faulted, np.int64),
    )  # fmt: skip


class _Counts:
    """What a history's events come to."""

    def __init__(self) -> None:
        self.refills = self.wasted = self.reserved = self.open = self.open_at_once = 0
        self.held = self.held_at_once = self.mapped = self.mapped_at_once = 0
        self.faulted: list[int] = []
        self.lives: list[tuple[int, int, int]] = []  #: chunk, ledger rows before it, number of the life.
        self.life_of: dict[int, int] = {}

    def take(self, event: object, moment: int, rows: int) -> None:
        """Count an event of operation `moment`, before which there were so many objects."""
        match event:
            case ChunkRetired():
                self.refills += 1
                self.wasted += event.wasted_bytes
            case HeapArenaReserved():
                self.reserved += event.count
            case ChunkActivated():
                self.held += 1
                self.held_at_once = max(self.held_at_once, self.held)
            case FullUnlinked() | ArenaEmptied():
                self.held -= 1
            case ChunkMapped():
                self.mapped += 1
                self.mapped_at_once = max(self.mapped_at_once, self.mapped)
            case ChunkObtained():
                self.life_of[event.chunk] = len(self.faulted)
                self.lives.append((event.chunk, rows, len(self.faulted)))
                self.faulted.append(NEVER)
            case ChunkUnmapped():
                self.mapped -= 1
                self.faulted[self.life_of[event.chunk]] = moment


def _places(program: Operations, history: History, found: _Counts) -> tuple[Narrow, Narrow]:
    """Return in which life of which chunk each object stands, and where."""
    life, offset = _nowhere(program)
    world, stride = history.world, len(program.of) + 1
    ledger = np.concatenate(
        [rows for _, rows in world.ledger.windows()] or [np.zeros((0, len(LEDGER)), np.int64)]
    )
    chunk, addr = ledger[:, LEDGER.index("chunk")], ledger[:, LEDGER.index("addr")]
    mine = np.flatnonzero(chunk >= 0)
    objects = np.argsort(program.place)[mine]
    lives = np.array(sorted(found.lives), np.int64).reshape(-1, 3)
    keys = lives[:, 0] * stride + lives[:, 1]
    life[objects] = lives[np.searchsorted(keys, chunk[mine] * stride + mine, side="right") - 1, 2]
    bases = np.array([span.base for span in world.spans], np.int64)
    offset[objects] = addr[mine] - bases[chunk[mine]]
    return life, offset


def certified(program: Operations) -> int:
    """Have the machine perform a program and compare with the solver's answer; return how many arenas it has.

    Raises:
        ModelBug: they differ; the text says in what.

    """
    differences = list(solved(program).differs(performed(program)))
    if differences:
        raise ModelBug(
            f"{program.arenas:,} arenas solved at once and by the machine: {'; '.join(differences)}"
        )
    return program.arenas
