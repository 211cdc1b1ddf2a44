"""What the collector reads of a large ordinary object that has pointers.

Follows typePointers (mbitmap.go) and scanobject (mgcmark.go), Go 1.24.
"""

from __future__ import annotations

import numpy as np

from arenalab.go.rules import GoRules
from arenalab.go.types import GoType


def large_scan_work(go_type: GoType, elemsize: int, rules: GoRules) -> int:
    """Return the scan work in bytes: of each oblet up to its last pointer slot.

    The span's one object is taken as values of its type to the end of its pages, `elemsize` bytes, whatever was
    asked for.
    """
    work = 0
    for start in range(0, elemsize, rules.max_oblet_bytes):
        last = _last_slot(go_type, min(start + rules.max_oblet_bytes, elemsize), rules.ptr_size)
        work += max(0, last + rules.ptr_size - start)
    return work


def _last_slot(go_type: GoType, end: int, word: int) -> int:
    """Return the offset of the last pointer slot that begins below `end`; negative where there is none."""
    values, rest = divmod(end, go_type.size)
    words = min(-(-rest // word), go_type.mask.n)
    slots = np.flatnonzero(go_type.mask.bits(0, words)) if words else np.empty(0, dtype=np.int64)
    if len(slots):
        return values * go_type.size + int(slots[-1]) * word
    return (values - 1) * go_type.size + go_type.ptr_bytes - word
