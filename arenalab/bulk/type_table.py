"""Types as a run sees them: columns by type number, and which of them a solver may place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from arenalab.bulk.bits import MOST_MASK_BITS, MaskTable
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType


class TypeTable:
    """What a solver asks of types, as columns by their number."""

    def __init__(self, types: Sequence[GoType], rules: GoRules) -> None:
        """Read the types, laid out under the rules; these tell which values stay in a chunk."""
        self.types = tuple(types)
        self.size = np.array([t.size for t in types] or [0], dtype=np.int64)
        self.align = np.array([t.align for t in types] or [1], dtype=np.int32)
        self.pointerful = np.array([t.ptr_bytes > 0 for t in types] or [False], dtype=bool)
        self.back = np.logical_not(self.pointerful).view(np.uint8)  #: 1 where a chunk's back is the place.
        self.tail = self.size - np.array([t.ptr_bytes for t in types] or [0], dtype=np.int64)
        self.masks = MaskTable(types)
        #: Numbers of the pointerful types whose mask is built at their first use.
        self.on_demand = np.array(
            [i for i, t in enumerate(types) if t.on_demand and t.ptr_bytes], dtype=np.intp
        )
        solvable = np.array([_solvable(t, rules) for t in types] or [False], dtype=bool)
        self.most_bytes = rules.user_arena_chunk_max_alloc_bytes
        #: Bytes of a value that a solver may place, else 0, int32; `most_bytes` + 1 stands for all that are more.
        self.plain = np.where(solvable, np.minimum(self.size, self.most_bytes + 1), 0).astype(np.int32)


def _solvable(go_type: GoType, rules: GoRules) -> bool:
    """Return whether the columns can hold the type: a pointerful one must tile without gaps."""
    if rules.ptr_size != 8 or go_type.size <= 0:
        return False
    if not go_type.ptr_bytes:
        return True
    return go_type.align == 8 and go_type.size % 8 == 0 and go_type.mask.n <= MOST_MASK_BITS
