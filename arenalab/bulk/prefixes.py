"""The PtrBytes that a run leaves in each chunk's dummy type: solved and certified. Since Go 1.22.

Each pointerful value moves its chunk's PtrBytes past its own last pointer word. Values stand upwards, so the
solver takes each chunk's last one; the certificate asks all of them and demands the farthest.
"""

from __future__ import annotations

import numpy as np

from arenalab.bulk.bits import BITS, Ints, MaskTable, Values, Window
from arenalab.bulk.first import NOWHERE, ends_of, first
from arenalab.errors import ModelBug

WORD_BYTES = 8


def solve_prefixes(window: Window, values: Values, table: MaskTable) -> Ints:
    """Return each chunk's PtrBytes, int64. Untrusted: see `certify_prefixes`."""
    last = ends_of(values.first, len(values.word)) - 1
    ends = values.word.take(last) + values.bits(last, table)
    ptr_bytes: Ints = WORD_BYTES * (ends + (window.first - window.at) * BITS)
    return ptr_bytes


def certify_prefixes(window: Window, values: Values, ptr_bytes: Ints, table: MaskTable) -> None:
    """Refuse a solver's PtrBytes unless they reach as far as the farthest of the chunk's values.

    Raises:
        ModelBug: naming the chunk of the run whose PtrBytes are wrong.

    """
    reached = values.word + values.bits(slice(None), table)
    farthest = np.maximum.reduceat(reached, values.first) - window.at * BITS
    at = first(ptr_bytes != WORD_BYTES * (farthest + window.first * BITS))
    if at != NOWHERE:
        raise ModelBug(f"PtrBytes of the run's chunk {at} are {ptr_bytes[at]}, which no value of it reaches")
