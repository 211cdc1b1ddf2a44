"""Usage: what a whole run made of its arenas, in numbers; what an engineer asks of a recording of a program.

Rules:
1. Bytes are those of the values as Go counts them (size times capacity); the padding between two is not among them.
2. A chunk is *in use* from when it leaves the ready list, or its heap arena is reserved, until it is ready again.
3. A pointer *outlived* an arena where a collection that began after a chunk was set to fault, and after the Free
   that let it go had come to its end, found the chunk marked: nothing but a pointer into it does that. While Free
   goes on, the arena's own refs lead to all of its chunks. A chunk that no collection looked at tells nothing, nor
   does one on the reuse list, which the collector keeps by itself.
"""

from __future__ import annotations

import heapq
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from arenalab.view.acting import asked, made
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.columns import Column
from arenalab.view.event_columns import EventColumns
from arenalab.view.lives import NUMBERS, Lives, Stays
from arenalab.view.reachability import kept_by
from arenalab.view.usage_who import FREED, NOT_YET, Asker, End, askers, ends
from arenalab.world import chunk_events as ch
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world import gc_events as gc
from arenalab.world import ops
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.life_cycle import ABSENT, FAULT, IN_TRANSIT, QUARANTINE, READY, STATES
from arenalab.world.many_ops import one_by_one
from arenalab.world.queries import only_on_heap
from arenalab.world.run_events import ArenaRun, freed_by
from arenalab.world.state import AT_ZEROBASE, LEDGER, NO_ARENA

ON_THE_WAY = (NUMBERS[IN_TRANSIT], NUMBERS[FAULT])  #: from full to quarantine.
IN_USE = tuple(state for state in STATES if state not in (ABSENT, READY))


@dataclass(frozen=True)
class Outlived:
    """A chunk that a pointer kept from being used again."""

    chunk: int  #: its number.
    user_arenas: tuple[int, ...]  #: whose values were in it.
    quarantined: int  #: operation that set it to fault.
    cycles: int  #: collections that found it marked.
    released: int | None  #: operation in which it became ready after all.
    freed: str = ""  #: who asked for the free that set it to fault, and where; "" where the run does not say.
    made: tuple[str, ...] = ()  #: who made those arenas, and where.
    kept_by: str = ""  #: what points into it at the end of the run, "" where nothing is known to.


@dataclass(frozen=True)
class Values:
    """Values of one kind of place."""

    number: int  #: how many there are.
    nbytes: int  #: of all together.


@dataclass(frozen=True)
class Usage:
    """What a run made of its arenas."""

    arenas: int  #: made.
    freed: int  #: by the program.
    finalized: int  #: dropped, and freed by their finalizers.
    unfreed: int  #: neither, up to the end.
    cut: bool  #: whether the run's end is missing, so that those may have been freed after all.
    in_chunks: Values  #: values that arenas hold.
    on_heap: Values  #: too large for a chunk: on the heap, where no arena frees them.
    of_size_zero: int  #: values without size.
    only_on_heap: tuple[int, ...]  #: arenas that have values, none of them in a chunk.
    chunk_bytes: int  #: room for values in one chunk.
    largest: int  #: bytes of the largest value that a chunk takes.
    obtained: int  #: times that a chunk was taken from the ready list or from new address space.
    reused: int  #: times that a partly filled one was taken over from a freed arena.
    full: int  #: times that a chunk was left since the next value did not fit.
    wasted: int  #: bytes that stayed unused in those.
    most_in_use: int  #: chunks.
    most_in_use_at: int | None  #: the first operation after which there were so many.
    in_use: int  #: chunks at the end.
    most_quarantined: int  #: chunks.
    cycles: int  #: collections that began.
    looked_at: int  #: times that a collection looked whether a chunk set to fault is pointed to.
    outlived: tuple[Outlived, ...]  #: chunks that a pointer kept after their arena was freed.
    quarantined: tuple[int, ...]  #: chunks that are in quarantine at the end.
    left: tuple[End, ...]  #: arenas that the program did not free: by a finalizer, or never.
    askers: tuple[
        Asker, ...
    ]  #: the lines, or goroutines, that asked for it all; none where the run does not say.

    @property
    def leaks(self) -> bool:
        """Whether the program left anything to the collector or to the end, or nobody looked whether it did."""
        left = [end for end in self.left if end.how != NOT_YET]
        return bool(left or self.outlived) or (self.most_quarantined > 0 and not self.looked_at)

    @property
    def share(self) -> float:
        """Return which part of the obtained chunks' room was used: 0 … 1, and 0 without a chunk."""
        room = self.obtained * self.chunk_bytes
        return self.in_chunks.nbytes / room if room else 0.0


def usage(history: History) -> Usage:
    """Return what a run made of its arenas, from its first operation to its last.

    >>> import arenalab
    >>> lab = arenalab.Lab(gogc="off")
    >>> events = lab.new_arena().new("int").arena.free()
    >>> usage(lab.history).freed
    1
    """
    lives = history.reader(Lives)
    lives.refresh()
    told = _Told(history, lives)
    in_use, quarantined = told.level(IN_USE), told.level((QUARANTINE,))
    most, ended = int(in_use.max(initial=0)), ends(history)
    return Usage(
        **_of_arenas(history, told),
        cut=history.end_is_missing,
        **_of_values(history),
        chunk_bytes=history.rules.chunk.usable_bytes,
        largest=history.rules.user_arena_chunk_max_alloc_bytes,
        obtained=told.moves(ch.ReadyTaken) + told.moves(ch.HeapArenaReserved),
        reused=told.moves(ev.ReuseTaken) + sum(len(run.made) // 4 for _, run in told.of(ArenaRun)),
        full=len(told.of(ev.ChunkRetired)),
        wasted=sum(event.wasted_bytes for _, event in told.of(ev.ChunkRetired)),
        most_in_use=most,
        most_in_use_at=history.log.op_at(int(lives.moment[np.argmax(in_use)])) if most else None,
        in_use=int(in_use[-1]) if len(in_use) else 0,
        most_quarantined=int(quarantined.max(initial=0)),
        cycles=len(told.of(gc.CycleStarted)),
        looked_at=len(told.verdicts),
        outlived=tuple(told.outlived()),
        quarantined=tuple(history.world.quarantine),
        left=tuple(each for each in ended.values() if each.how != FREED),
        askers=askers(history, ended),
    )


def _of_arenas(history: History, told: _Told) -> dict[str, Any]:
    made = history.world.user_arenas.values()
    seen = sum(isinstance(op, ops.Free) and op.by_finalizer for _, op in one_by_one(history.ops))
    finalized, defunct = len(told.of(gc.FinalizerRun)) + seen, sum(arena.defunct for arena in made)
    return {
        "arenas": len(made),
        "freed": defunct - finalized,
        "finalized": finalized,
        "unfreed": len(made) - defunct,
    }


def _of_values(history: History) -> dict[str, Any]:
    """Sort the ledger's values by where they lie, a window at a time."""
    size, owner, chunk = (LEDGER.index(name) for name in ("size", "user_arena", "chunk"))
    counts, nbytes = np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64)
    for _, rows in history.world.ledger.windows():
        mine = rows[rows[:, owner] != NO_ARENA]
        place = np.clip(mine[:, chunk], AT_ZEROBASE, 0) - AT_ZEROBASE
        counts += np.bincount(place, minlength=3)
        nbytes += np.bincount(place, weights=mine[:, size], minlength=3).astype(np.int64)
    zero, heap, chunks = (Values(*pair) for pair in zip(counts.tolist(), nbytes.tolist(), strict=True))
    return {
        "in_chunks": chunks,
        "on_heap": heap,
        "of_size_zero": zero.number,
        "only_on_heap": tuple(only_on_heap(history.world)),
    }


class _Verdict(NamedTuple):
    """What a collection found of a chunk that had been set to fault before it began."""

    at: int  #: number of the sweeper's event.
    chunk: int
    quarantined: int  #: moment when the chunk was set to fault.
    marked: bool  #: whether something points into it.


class _Told:
    """The events that say something about usage, read in one pass."""

    KINDS = (
        ev.ChunkRetired,
        gc.FinalizerRun,
        gc.CycleStarted,
        gc.ChunkSwept,
        gc.ChunkReadied,
        end.ArenaEmptied,
        ArenaRun,
    )

    def __init__(self, history: History, lives: Lives) -> None:
        self.history, self.lives = history, lives
        columns = history.reader(EventColumns)
        self._of: dict[type[Event], list[tuple[int, Any]]] = {
            kind: columns.events(kind) for kind in self.KINDS
        }
        self._moved_by = Counter[type[Event]]()
        for (_, kind), times in lives.counts(lives.moves(0, len(history))).items():
            self._moved_by[kind] += times
        self.emptied = {event.user_arena: number + 1 for number, event in self._of[end.ArenaEmptied]}
        for number, run in self._of[ArenaRun]:
            self.emptied |= dict.fromkeys(freed_by(run), number + 1)
        self.verdicts = list(self._verdicts())

    def of(self, kind: type[Event]) -> list[tuple[int, Any]]:
        """Return the events of a kind with their numbers."""
        return self._of[kind]

    def moves(self, kind: type[Event]) -> int:
        """Return how often events of a kind moved a chunk."""
        return self._moved_by[kind]

    def level(self, states: tuple[str, ...]) -> Column:
        """Return after each move how many chunks are in one of some states."""
        wanted = [NUMBERS[state] for state in states]
        before = np.logical_and(np.isin(self.lives.before, wanted), self.lives.kind >= 0)
        total: Column = np.cumsum(np.isin(self.lives.state, wanted).astype(np.int64) - before)
        return total

    def _verdicts(self) -> Iterator[_Verdict]:
        begun = [number for number, _ in self.of(gc.CycleStarted)]
        swept = heapq.merge(self.of(gc.ChunkSwept), self.of(gc.ChunkReadied), key=itemgetter(0))
        for number, event in swept:
            stays = self.lives.stays(event.chunk)
            now = int(np.searchsorted(stays.entered, number, side="right")) - 1
            since, cycle = int(stays.entered[now]), bisect(begun, number) - 1
            if stays.state[now] != NUMBERS[QUARANTINE] or cycle < 0:
                continue
            if self._let_go(stays, now) <= begun[cycle]:
                yield _Verdict(number, event.chunk, since, isinstance(event, gc.ChunkSwept))

    def _let_go(self, stays: Stays, now: int) -> int:
        """Return the moment from which on neither Free nor the lists lead to a chunk that is in quarantine."""
        first = now
        while first and stays.state[first - 1] in ON_THE_WAY:
            first -= 1
        history, unlinked, since = self.history, int(stays.entered[first]), int(stays.entered[now])
        user_arena = getattr(history.events[unlinked - 1], "user_arena", NO_ARENA)
        let_go = self.emptied.get(user_arena, len(history) + 1)
        return max(
            since, let_go if user_arena != NO_ARENA else history.log.op_end(history.log.op_at(unlinked))
        )

    def outlived(self) -> Iterator[Outlived]:
        """Report each chunk that a collection found marked though it was set to fault."""
        marked = Counter((found.chunk, found.quarantined) for found in self.verdicts if found.marked)
        ready = {(it.chunk, it.quarantined): it.at for it in self.verdicts if not it.marked}
        for (chunk, since), cycles in marked.items():
            at = ready.get((chunk, since))
            released = None if at is None else self.history.log.op_at(at + 1)
            owners, op = self._owners(chunk, since), self.history.log.op_at(since)
            by, made_by = asked(self.history, op).strip(), tuple(made(self.history, n) for n in owners)
            kept = kept_by(self.history.world, chunk) if released is None else ""
            yield Outlived(chunk, owners, op, cycles, released, by, made_by if any(made_by) else (), kept)

    def _owners(self, chunk: int, moment: int) -> tuple[int, ...]:
        index = self.history.reader(ChunkIndex)
        index.refresh()
        held = index.contents(chunk, self.history.at(moment))
        owners = [run.of("user_arena", slice(None)) for run in held if len(run)]
        return tuple(np.unique(np.concatenate(owners)).tolist()) if owners else ()
