"""Equal values, one after the other in the active chunk: where they stand.

A value's size is a multiple of its alignment. So `count` values stand as one value of all their bytes does, and the
rule for that one (`take_from_*`) is asked; how many fit, an untrusted division says.
"""

from __future__ import annotations

from arenalab.errors import ModelBug
from arenalab.go import layout
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.world.events import ObjectsAllocated
from arenalab.world.run_events import SINGLE
from arenalab.world.state import World
from arenalab.world.tables import MSpan

#: Fewer steps than this are taken one by one: a macro event would hide more than it saves.
SHORT = 32


def many(rules: GoRules, go_type: GoType, count: int) -> bool:
    """Return whether so many values are worth a macro event: by their number, or by their bitmap words.

    One value of 2 MiB that holds pointers is 4,096 stores. On 32-bit platforms nothing is solved in bulk.
    """
    stores = count * go_type.size // rules.bitmap_word_bytes if go_type.ptr_bytes else 0
    return rules.ptr_size == 8 and max(count, stores) >= SHORT


def run_length(w: World, number: int, go_type: GoType) -> int:
    """Return how many values of a type fit the active chunk before it must be refilled (0: not a run)."""
    active, size = w.user_arenas[number].active, go_type.size
    if active is None or not 0 < size <= w.rules.user_arena_chunk_max_alloc_bytes or size % go_type.align:
        return 0
    span = w.spans[active]
    if go_type.ptr_bytes:
        low, high = layout.align_up(span.free_base, go_type.align), span.free_limit
    else:
        low, high = span.free_base, layout.align_down(span.free_limit, go_type.align)
    return int(max(0, high - low) // size)


def run_of_equal(number: int, span: MSpan, go_type: GoType, count: int) -> ObjectsAllocated:
    """Return the event of `count` values allocated from a chunk for user arena `number`.

    Raises:
        ModelBug: the rule finds no room for all.

    """
    size, take = go_type.size, layout.take_from_front if go_type.ptr_bytes else layout.take_from_back
    start, _, fits = take(span.free_base, span.free_limit, count * size, go_type.align)
    if not fits:
        raise ModelBug(f"{count} values of {go_type.expr} don't fit the free range of chunk {span.chunk}")
    first, stride = (start, size) if go_type.ptr_bytes else (start + (count - 1) * size, -size)
    return ObjectsAllocated(number, span.chunk, go_type, SINGLE, first, stride, count)
