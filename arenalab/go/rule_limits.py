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
MOST_HEAP_ARENAS = 2**22  #: of 64 MiB, on a 64-bit platform.


class _Words(Container[str]):
    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and re.fullmatch(r"[a-z0-9.]{1,20}", text) is not None


class _Counts(Container[tuple[int, ...]]):
    def __contains__(self, value: object) -> bool:
        if not isinstance(value, tuple) or len(value) > MOST_HEAP_ARENAS:
            return False
        return all(type(number) is int and 0 <= number <= MOST_HEAP_ARENAS for number in value)


#: Field -> its values.
WITHIN: dict[str, Container[Any]] = {
    "version": _Words(),
    "goos": _Words(),
    "goarch": _Words(),
    "build_mode": ("plain", "race", "msan", "asan"),
    "asan_red_zone": range(64 * KiB),
    "ptr_size": (4, 8),
    "page_size": range(512, MiB + 1),
    "phys_page_size": range(512, 16 * MiB + 1),
    "heap_arena_bytes": range(64 * KiB, 1024 * MiB + 1),
    "heap_arena_meta_bytes": range(1024 * MiB),
    "user_arena_chunk_bytes_max": range(64 * KiB, 128 * MiB + 1),
    "max_alloc_fraction": range(1, 2**16 + 1),
    "user_arena_hint": range(MiB, _ADDRESSES),
    "heap_hint": range(MiB, _ADDRESSES),
    "max_alloc": range(MiB, 2**48 + 1),
    "max_small_size": range(KiB + 1, 32 * KiB + 1),
    "max_oblet_bytes": range(4 * KiB, 1024 * MiB + 1),
    "user_arena_handle_bytes": range(8, 512),
    "bitmap_home": ("heap arena", "chunk"),
    "mspan_words_before_range": range(100),
    "mask_kind": ("program", "on demand"),
    "direct_iface_tflag": (True, False),
    "malloc_header_bytes": range(65),
    "inline_mark_bytes": range(257),
    "large_scan_in_pages": (True, False),
    "pointer_array_scans_one_word": (True, False),
    "weak_handle_bytes": range(17),
    "random_heap_base": (True, False),
    "max_ptrmask_words": range(1, MiB + 1),
    "default_heap_minimum": range(2**40),
    "gogc": range(-(2**31), 100_001),
    "start_heap_live": range(2**40),
    "other_root_bytes": range(2**40),
    "heap_known": (True, False),
    "heap_arenas_between": _Counts(),
    "reuse_order": ("lifo", "fifo"),
}


def said(values: Container[Any]) -> str:
    """Describe what values a field may have."""
    if isinstance(values, range):
        return f"a whole number from {values.start:,} to {values.stop - 1:,}"
    if isinstance(values, tuple):
        return f"one of {', '.join(map(repr, values))}"
    return (
        f"whole numbers from 0 to {MOST_HEAP_ARENAS:,}, in a list"
        if isinstance(values, _Counts)
        else "a short name"
    )


def fits(value: Any, values: Container[Any]) -> bool:
    """Return whether a value is one of those that a field may have; True is no number, nor is 4.0."""
    # The type comes first: a range looks for anything but an int by walking through all its numbers.
    if isinstance(values, range | tuple) and type(value) is not type(values[0]):
        return False
    return value in values
