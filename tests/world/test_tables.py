"""Rows are copied as `dataclasses.replace` copies them, and arrays are alike as numpy says."""

from dataclasses import fields, replace

import numpy as np
import pytest

from arenalab.world import tables
from arenalab.world.deferred import alike

ROWS = [
    tables.MSpan(3, 2**40, 1024),
    tables.UserArena(1),
    tables.GCState(phase=1, grey=[(1, 2)]),
    tables.Counters(heap_live=7),
    tables.HandleSpans(made=2),
    tables.SmallHeap(made=5),
    tables.P(),
    tables.G(),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: type(row).__name__)
def test_renewed_row_is_what_replace_makes(row):
    last = fields(row)[-1].name
    assert tables.renewed(row) == replace(row)
    assert tables.renewed(row) is not row
    twin = tables.renewed(row, **{last: 41})
    assert (twin, getattr(row, last) != 41) == (replace(row, **{last: 41}), True)


def test_windows_on_the_same_bytes_are_alike_where_they_show_the_same():
    packed = np.arange(6, dtype=np.uint64).tobytes()
    whole, again, twin = (
        np.frombuffer(given, np.uint64) for given in (packed, packed, bytes(bytearray(packed)))
    )
    assert alike(whole, again)
    assert alike(whole, twin)
    assert not alike(np.frombuffer(packed, np.uint64, 3), np.frombuffer(packed, np.uint64, 3, 8))
    assert not alike(whole, np.frombuffer(packed, np.uint64, 5))
    assert not alike(whole, np.frombuffer(packed, np.uint8))
