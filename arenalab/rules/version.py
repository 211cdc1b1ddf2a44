"""Version: what Go's own source decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from arenalab.units import KiB, MiB

BitmapHome = Literal["heap arena", "chunk"]
MaskKind = Literal["program", "on demand"]


@dataclass(frozen=True, kw_only=True)
class Version:
    """Numbers and named variants of one Go release.

    The defaults are those of Go 1.21, from which `go/versions.py` makes the others, each by what it changed; and an
    old history, whose rules lack a field that came later, is of 1.21. So that nobody else gets 1.21 unasked, the
    version itself has no default: `go_rules` is where rules come from.
    """

    version: str  #: Go version that the rules follow.
    page_size: int = 8 * KiB  #: a runtime page, the same on every platform.
    heap_arena_meta_bytes: int = 1_133_584  #: sizeof(heapArena), charged to mappedReady.
    user_arena_chunk_bytes_max: int = 8 * MiB  #: userArenaChunkBytesMax.
    #: Where a chunk's pointer bits lie: in the heapArena with noMorePtrs marks, or in the chunk's own tail behind
    #: a dummy type whose PtrBytes says where a scan ends.
    bitmap_home: BitmapHome = "heap arena"
    max_alloc_fraction: int = 4  #: an object above chunk/fraction goes to the heap.
    max_small_size: int = 32 * KiB  #: above it a heap object gets a span of its own.
    max_oblet_bytes: int = 128 * KiB  #: a large object is scanned in pieces of this size.
    user_arena_handle_bytes: int = 48  #: sizeof(userArena).
    #: Words of an mspan before userArenaChunkFree, its small fields aside.
    mspan_words_before_range: int = 15
    max_ptrmask_words: int = 16_384  #: above so many pointer words a type's descriptor holds no mask.
    mask_kind: MaskKind = "program"  #: what it holds instead: a GC program, or a mask built at its first use.
    #: Whether the direct-interface bit is TFlag 32 rather than bit 5 of the kind.
    direct_iface_tflag: bool = False
    default_heap_minimum: int = 4 * MiB  #: heap goal at GOGC=100 while the heap is small.
    #: Bytes in front of a pointerful heap object above 64 words that say its type; smaller ones have their pointer
    #: bits at their span's end. 0 where the bits are elsewhere.
    malloc_header_bytes: int = 0
    inline_mark_bytes: int = 0  #: bytes at the end of a small span for the marks of the Green Tea collector.
    large_scan_in_pages: bool = False  #: whether a large object adds its whole pages to scanAlloc.
    #: Whether a small array of pointers adds one word to scanAlloc, however long it is.
    pointer_array_scans_one_word: bool = False
    #: Bytes of what a weak pointer leads to: 8 share a block of the tiny allocator, 16 don't. 0 where there are none.
    weak_handle_bytes: int = 0
    #: Whether addresses differ from run to run: the first chunk's is an input then.
    random_heap_base: bool = False
