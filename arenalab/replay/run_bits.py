"""The pointer bits of a run: gather the words it touches, solve, certify, tell them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.go.mixedbits import (
    BITS,
    MaskTable,
    Window,
    certify_mixed,
    elements,
    heap_words,
    pieces_of,
    solve_mixed,
)
from arenalab.replay.bump import Placed
from arenalab.world.run_events import RunBitsWritten
from arenalab.world.state import World
from arenalab.world.tables import MSpan

Ints = npt.NDArray[Any]
WORD_BYTES = 8


def bits_of_run(
    w: World, spans: Sequence[MSpan], placed: Placed, kinds: Ints, caps: Ints | None, masks: MaskTable
) -> RunBitsWritten:
    """Return the event that leaves the bits of a run's pointerful values.

    Args:
        w: the World before the run's bits are written.
        spans: the run's chunks.
        placed: where the values stand.
        kinds: type numbers of the pointerful values, in the order of `placed`.
        caps: their capacities, None when all are single.
        masks: the types' masks.

    """
    chunks, fronts = len(spans), placed.fronts
    groups = placed.groups[: chunks + 1]
    used = (groups[1:] > groups[:-1]).nonzero()[0]
    chunk_bases = np.array([span.base for span in spans], dtype=np.int64)[used]
    begin, behind = groups[used], groups[used + 1]
    starts = (placed.start[begin] - chunk_bases) // WORD_BYTES
    ends = (placed.start[behind - 1] + placed.size[behind - 1] - chunk_bases) // WORD_BYTES
    # The word below may be stored to as well: a value on a boundary backs up by one bit.
    first, last = np.maximum(starts - 1, 0) // BITS, (ends - 1) // BITS
    counts = last - first + 1
    at = counts.cumsum() - counts
    numbers = [spans[position].chunk for position in used.tolist()]
    window = Window(first, at, _before(w, numbers, first, counts))
    origin = chunk_bases - (at - first) * BITS * WORD_BYTES
    word = heap_words(placed.start[:fronts] - origin.repeat(behind - begin))
    values = elements(kinds, word, caps, masks)
    pieces = pieces_of(values, masks)
    solved = solve_mixed(window, pieces)
    certify_mixed(window, values, pieces, masks, solved)
    after, clears = solved.after.tobytes(), solved.clears.tobytes()
    return RunBitsWritten(tuple(numbers), tuple(first.tolist()), tuple(counts.tolist()), after, clears)


def _before(w: World, chunks: list[int], first: Ints, counts: Ints) -> Ints:
    words = [
        w.bits.some_words(chunk, low, count)
        for chunk, low, count in zip(chunks, first.tolist(), counts.tolist(), strict=True)
    ]
    return np.concatenate(words)
