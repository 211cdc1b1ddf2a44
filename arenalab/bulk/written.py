"""The pointer bits of a run in a World: gather the words it touches, solve, certify, tell them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from arenalab.bulk.ask import Placed
from arenalab.bulk.bits import (
    BITS,
    Ints,
    Kinds,
    MaskTable,
    Values,
    Window,
    certify_bits,
    heap_words,
    mask_table,
    pieces_of,
    solve_bits,
    values_of,
)  # fmt: skip
from arenalab.bulk.marks import certify_marks, solve_marks
from arenalab.bulk.prefixes import certify_prefixes, solve_prefixes
from arenalab.go.types import GoType
from arenalab.world.run_events import RunBitsWritten
from arenalab.world.state import World
from arenalab.world.tables import MSpan

WORD_BYTES = 8
_ONE_ROW = np.ones(1, dtype=np.intp)
_FIRST_KIND = Kinds(np.zeros(1, dtype=np.intp), _ONE_ROW)


def bits_of_run(
    w: World, spans: Sequence[MSpan], placed: Placed, kinds: Kinds, caps: Ints | None, masks: MaskTable
) -> RunBitsWritten:
    """Return the event that leaves the bits of a run's pointerful values.

    Args:
        w: the World before the run's bits are written.
        spans: the run's chunks.
        placed: where the values stand.
        kinds: types of the pointerful values, in the order of `placed`.
        caps: their capacities, None when all are single.
        masks: the types' masks.

    """
    groups = placed.groups[: len(spans) + 1]
    rows = groups[1:] - groups[:-1]
    used = rows.nonzero()[0]
    last = groups[used + 1] - 1
    start, size = placed.start[: placed.fronts], placed.rows.size[: placed.fronts]
    ends = heap_words(start[last] + size[last])
    chunks = [spans[position].chunk for position in used.tolist()]
    return _written(w, chunks, rows[used], heap_words(start), heap_words(size), ends, kinds, caps, masks)


def bits_of_values(w: World, go_type: GoType, count: int, addr: int, span: MSpan) -> RunBitsWritten:
    """Return the event that leaves the bits of equal values, laid end to end from an address on."""
    word, width = np.array([addr - span.base, count * go_type.size]).reshape(2, 1) // WORD_BYTES
    masks, caps = mask_table(go_type), np.array([count])
    return _written(w, [span.chunk], _ONE_ROW, word, width, word + width, _FIRST_KIND, caps, masks)


def _written(  # a run's columns
    w: World,
    chunks: list[int],
    rows: Ints,
    word: Ints,
    width: Ints,
    ends: Ints,
    kinds: Kinds,
    caps: Ints | None,
    masks: MaskTable,
) -> RunBitsWritten:
    """Solve and certify rows of values: so many of each chunk, at its heap words `word`, the last up to `ends`."""
    row = rows.cumsum() - rows
    # The word below may be stored to as well: a value on a boundary backs up by one bit.
    first = np.maximum(word.take(row).astype(np.intp) - 1, 0) // BITS
    counts = (ends - 1) // BITS - first + 1
    at = counts.cumsum() - counts
    window = Window(first, at, row, _before(w, chunks, first, counts))
    shift = (at - first) * BITS
    word = word + (shift.repeat(rows) if len(shift) > 1 else shift)
    values = values_of(window, kinds, word, width.astype(np.intp), caps, masks)
    pieces = pieces_of(values, masks)
    after = solve_bits(window, pieces)
    certify_bits(window, values, pieces, after)
    places = tuple(chunks), tuple(first.tolist()), tuple(counts.tolist())
    return RunBitsWritten(*places, after.tobytes(), *_scan_ends(w, window, values, masks))


def _scan_ends(w: World, window: Window, values: Values, masks: MaskTable) -> tuple[bytes, tuple[int, ...]]:
    """Return the marks that go, or each chunk's PtrBytes: whichever ends a scan in this Go."""
    if w.rules.bitmap_home == "heap arena":
        clears = solve_marks(window)
        certify_marks(window, values, clears)
        return clears.tobytes(), ()
    ptr_bytes = solve_prefixes(window, values, masks)
    certify_prefixes(window, values, ptr_bytes, masks)
    return b"", tuple(ptr_bytes.tolist())


def _before(w: World, chunks: list[int], first: Ints, counts: Ints) -> Ints:
    return w.bits.words_of_runs(chunks, first.tolist(), counts.tolist())
