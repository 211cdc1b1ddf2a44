"""Life: which object each word of a chunk holds, from when the chunk is obtained until it is given away.

Rules:
1. A word that several objects share belongs to the one that was allocated first. So within a life no word
   ever changes hands, and one raster serves every moment: a word is taken from the moment on that its
   object was allocated.
2. Objects are painted once, the new ones beside the old.
"""

from __future__ import annotations

import numpy as np

from arenalab.view.chunk_index import ChunkIndex, Contents, Run
from arenalab.view.chunk_state import ChunkState
from arenalab.view.columns import Column

WORD = 8  #: bytes: one bit of the heap bitmap, one cell of a raster.
NEVER = np.iinfo(np.int32).max  #: in a column of ledger rows: no object yet.
MOST_LIVES = 3  #: so many are kept for going from chunk to chunk and back, some 13 MiB each.


class Life:
    """One row per word of the chunk."""

    def __init__(self, words: int) -> None:
        """Start with a chunk that holds nothing."""
        self.row = np.full(words, NEVER, dtype=np.int32)  #: ledger row of the object.
        self.type = np.zeros(words, dtype=np.int32)  #: index into World.types.
        self.user_arena = np.zeros(words, dtype=np.int32)
        self.shade = np.zeros(words, dtype=np.uint8)  #: 0 and 1 by turns, so that neighbours differ.
        self.low, self.high = 0, words  #: words that objects took from either end.
        self.seen = {True: 0, False: 0}  #: whether pointerful -> objects that have a word of their own.
        self.until = 0  #: ledger rows that are painted already.

    def grow(self, held: Contents, until: int) -> None:
        """Paint the objects that were allocated since the last time."""
        for run in held:
            first, last = run.made_since(self.until)
            if last > first:
                self._paint(run, first, last)
        self.until = until

    def _paint(self, run: Run, first: int, last: int) -> None:
        start, stop = (
            run.left[first:last].astype(np.int64) // WORD,
            -(-run.right[first:last].astype(np.int64) // WORD),
        )
        if run.pointerful:
            start = np.maximum(start, np.concatenate(([self.low], stop[:-1])))
            self.low = int(stop[-1])
        else:
            stop = np.minimum(stop, np.concatenate((start[1:], [self.high])))
            self.high = int(start[0])
        lengths = _woven(stop - start, start[1:] - stop[:-1])
        there = slice(int(start[0]), int(stop[-1]))
        kind, owner = run.table(slice(first, last), "type", "user_arena").T
        for column, values, between in (
            (self.row, run.row[first:last], NEVER),
            (self.type, kind, 0),
            (self.user_arena, owner, 0),
            (self.shade, self._shades(stop > start, run.pointerful), 0),
        ):
            column[there] = np.repeat(_woven(values, np.full(len(values) - 1, between)), lengths)

    def _shades(self, seen: Column, pointerful: bool) -> Column:
        """Return 0 and 1 by turns for those objects that have a word of their own, in the order of time."""
        order = np.cumsum(seen if pointerful else seen[::-1]) + self.seen[pointerful]
        self.seen[pointerful] = int(order[-1])
        shades: Column = (order if pointerful else order[::-1]) % 2
        return shades


def _woven(values: Column, between: Column) -> Column:
    """Return the values with one of `between` after each but the last."""
    both = np.empty(2 * len(values) - 1, dtype=np.int64)
    both[::2], both[1::2] = values, between
    return both


def life_of(index: ChunkIndex, its: ChunkState) -> Life:
    """Return the present life of a chunk, painted at least up to the moment of `its`."""
    lives: dict[tuple[int, int], Life] = index.keep("lives", dict)
    now = its.world.ledger.count
    key = (its.chunk, its.world.births.get(its.chunk, now))
    life = lives.pop(key, None) or Life(its.size // WORD)
    lives[key] = life  # the latest stands last
    while len(lives) > MOST_LIVES:
        del lives[next(iter(lives))]
    if now > life.until:
        life.grow(index.contents(its.chunk, its.world), now)
    return life
