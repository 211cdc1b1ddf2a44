"""Where a nil pointer is read: the offset that a fault at a nil pointer shows.

A nil pointer's field is read at the field's own offset, so the address in a crash tells which
field of which struct it was. Offsets follow the structs of Go 1.21 in runtime and internal/abi.
"""

from __future__ import annotations

from arenalab.go.rules import GoRules

#: Addresses below it belong to a nil pointer's fields. Go: sigpanic, signal_unix.go, 1.21.
NIL_PAGE_BYTES = 4096


def arena_handle() -> int:
    """Return the offset of Arena.a, the public value's only field."""
    return 0


def user_arena_active(ptr_size: int) -> int:
    """Return the offset of userArena.active, after fullList."""
    return ptr_size


def user_arena_defunct(ptr_size: int) -> int:
    """Return the offset of userArena.defunct, after fullList, active and the slice refs."""
    return 5 * ptr_size


def span_free_base(rules: GoRules) -> int:
    """Return the offset of mspan.userArenaChunkFree.base, which an allocation from the front reads first.

    Before it stand words (fifteen in 1.21), the 64-bit allocCache, two 32-bit and eight bytes of small fields.
    """
    return rules.mspan_words_before_range * rules.ptr_size + 3 * 8


def span_free_limit(rules: GoRules) -> int:
    """Return the offset of mspan.userArenaChunkFree.limit, which an allocation from the back reads first."""
    return span_free_base(rules) + rules.ptr_size


def type_kind(ptr_size: int) -> int:
    """Return the offset of abi.Type.Kind_, after Size_, PtrBytes, Hash, TFlag and two alignments."""
    return 2 * ptr_size + 7


def slice_len(ptr_size: int) -> int:
    """Return the offset of a slice header's len, the word of the header that is written first."""
    return ptr_size
