"""What package runtime checks of its own constants before any program runs.

Follows the init function of runtime/arena.go, Go 1.21. On every platform the checks pass; under a
what-if they say which sizes could not work.
"""

from __future__ import annotations

from arenalab.errors import GoThrow
from arenalab.go.mirror import mirrors
from arenalab.go.rules import GoRules

PARTIAL_PAGES = "user arena chunk size is not a multiple of the page size"
PARTIAL_PHYSICAL_PAGES = "user arena chunk size is not a multiple of the physical page size"
SPLITS_NO_HEAP_ARENA = "user arena chunk size is smaller than a heap arena, but doesn't divide it"


@mirrors("arena.go", "init")
def check_constants(rules: GoRules) -> None:
    """Refuse chunk sizes with which Go would not start.

    The check of chunks larger than a heap arena is left out: a chunk is at most one, by definition.

    Raises:
        GoThrow: with the text with which Go's init would end the program.

    """
    chunk, page, physical = rules.chunk.stride, rules.page_size, rules.phys_page_size
    if rules.user_arena_chunk_pages * page != chunk:
        raise GoThrow(PARTIAL_PAGES, f"{chunk} bytes, in pages of {page}")
    if chunk % physical:
        raise GoThrow(PARTIAL_PHYSICAL_PAGES, f"{chunk} bytes, in pages of {physical}")
    if rules.heap_arena_bytes % chunk:
        raise GoThrow(SPLITS_NO_HEAP_ARENA, f"{chunk} bytes in a heap arena of {rules.heap_arena_bytes}")
