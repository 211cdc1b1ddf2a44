"""Version: what Go's own source decides."""

from __future__ import annotations

from dataclasses import dataclass

from arenalab.units import KiB, MiB


@dataclass(frozen=True, kw_only=True)
class Version:
    """Numbers of one Go release; the defaults were printed from a real runtime of Go 1.21.13."""

    version: str = "1.21"  #: Go version that the rules follow.
    page_size: int = 8 * KiB  #: a runtime page, the same on every platform.
    heap_arena_meta_bytes: int = 1_133_584  #: sizeof(heapArena), charged to mappedReady.
    user_arena_chunk_bytes_max: int = 8 * MiB  #: userArenaChunkBytesMax.
    chunk_reserve: tuple[
        tuple[str, int], ...
    ] = ()  #: (what, bytes) at a chunk's end, by address; none in 1.21.
    max_alloc_fraction: int = 4  #: an object above chunk/fraction goes to the ordinary heap.
    max_small_size: int = 32 * KiB  #: above it an ordinary object gets a span of its own.
    max_oblet_bytes: int = 128 * KiB  #: a large object is scanned in pieces of this size.
    user_arena_handle_bytes: int = 48  #: sizeof(userArena).
    max_ptrmask_words: int = 16_384  #: above so many pointer words a type has a GC program.
    default_heap_minimum: int = 4 * MiB  #: heap goal at GOGC=100 while the heap is small.
