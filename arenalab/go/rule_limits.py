"""What each of GoRules' fields may be: beyond it no arithmetic of the runtime, or of ours, makes sense.

Wide enough for every Go there is and for every what-if; a chunk size with which Go would not start
(`init_checks`) is allowed here, since Go's own words about it are to be seen.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any

from arenalab.units import KiB, MiB

_ADDRESSES = 2**47  #: user addresses of 64-bit Linux end here.
MOST_CHUNKS = 1024  #: of a heap arena.


class _Words(Container[str]):
    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and re.fullmatch(r"[a-z0-9.]{1,20}", text) is not None


class _Reserve(Container[Any]):
    """At most eight pairs of what stands there and its bytes; a saved history has lists for tuples."""

    def __contains__(self, pairs: object) -> bool:
        return isinstance(pairs, tuple | list) and len(pairs) <= 8 and all(map(self._is_pair, pairs))

    @staticmethod
    def _is_pair(pair: object) -> bool:
        return (
            isinstance(pair, tuple | list)
            and len(pair) == 2
            and isinstance(pair[0], str)
            and 0 < len(pair[0]) <= 40
            and type(pair[1]) is int
            and 0 <= pair[1] < MiB
        )


#: Field -> its values.
WITHIN: dict[str, Container[Any]] = {
    "version": _Words(),
    "goos": _Words(),
    "goarch": _Words(),
    "build_mode": ("plain", "race", "msan", "asan"),
    "ptr_size": (4, 8),
    "page_size": range(512, MiB + 1),
    "phys_page_size": range(512, 16 * MiB + 1),
    "heap_arena_bytes": range(64 * KiB, 1024 * MiB + 1),
    "heap_arena_meta_bytes": range(1024 * MiB),
    "user_arena_chunk_bytes_max": range(64 * KiB, 128 * MiB + 1),
    "chunk_reserve": _Reserve(),
    "max_alloc_fraction": range(1, 2**16 + 1),
    "user_arena_hint": range(MiB, _ADDRESSES),
    "heap_hint": range(MiB, _ADDRESSES),
    "max_alloc": range(MiB, 2**48 + 1),
    "max_small_size": range(KiB + 1, 32 * KiB + 1),
    "max_oblet_bytes": range(4 * KiB, 1024 * MiB + 1),
    "user_arena_handle_bytes": range(8, 512),
    "max_ptrmask_words": range(1, MiB + 1),
    "default_heap_minimum": range(2**40),
    "gogc": range(-(2**31), 100_001),
    "start_heap_live": range(2**40),
    "other_root_bytes": range(2**40),
    "heap_known": (True, False),
    "reuse_order": ("lifo", "fifo"),
}


def said(values: Container[Any]) -> str:
    """Say what values a field may have."""
    if isinstance(values, range):
        return f"a whole number from {values.start:,} to {values.stop - 1:,}"
    if isinstance(values, tuple):
        return f"one of {', '.join(map(repr, values))}"
    return (
        "a short name" if isinstance(values, _Words) else "pairs of a name and bytes, fewer than 1 MiB each"
    )


def fits(value: Any, values: Container[Any]) -> bool:
    """Return whether a value is one of those that a field may have; True is no number, nor is 4.0."""
    # The type comes first: a range looks for anything but an int by walking through all its numbers.
    if isinstance(values, range | tuple) and type(value) is not type(values[0]):
        return False
    return value in values
