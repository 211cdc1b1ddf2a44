"""GoRules: every number and named variant that differs by Go version, platform or build mode.

Laws of this file: one documented field per fact; no code elsewhere asks "which version am I".
All values of the defaults were printed from a real linux/amd64 runtime of Go 1.21.13.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from arenalab.units import KiB, MiB

BuildMode = Literal["plain", "race", "msan", "asan"]
ReuseOrder = Literal["lifo", "fifo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoRules:
    """What Go 1.21 on linux/amd64 does, in numbers; `dataclasses.replace` makes a variant.

    A variant that no Go has (another chunk size, another reuse order) is a what-if: the model
    follows it, but nothing verified it.
    """

    version: str = "1.21"  #: Go version that the rules follow.
    goos: str = "linux"  #: operating system.
    goarch: str = "amd64"  #: processor.
    build_mode: BuildMode = "plain"  #: plain, or one of the sanitizer builds.

    ptr_size: int = 8  #: bytes of a pointer.
    page_size: int = 8 * KiB  #: a runtime page, the same on every platform.
    phys_page_size: int = 4 * KiB  #: what the operating system maps at least.
    heap_arena_bytes: int = 64 * MiB  #: address space that one heapArena describes.
    heap_arena_meta_bytes: int = 1_133_584  #: sizeof(heapArena), charged to mappedReady.
    user_arena_chunk_bytes_max: int = 8 * MiB  #: userArenaChunkBytesMax.
    max_alloc_fraction: int = 4  #: an object above chunk/fraction goes to the ordinary heap.
    user_arena_hint: int = 0x40C0_0000_0000  #: first address hint for user arenas.
    heap_hint: int = 0xC0_0000_0000  #: first address hint for the ordinary heap.
    max_alloc: int = 2**48  #: maxAlloc: no allocation is larger than the address space.
    max_small_size: int = 32 * KiB  #: above it an ordinary object gets a span of its own.
    max_oblet_bytes: int = 128 * KiB  #: a large object is scanned in pieces of this size.
    user_arena_handle_bytes: int = 48  #: sizeof(userArena).

    max_ptrmask_words: int = 16_384  #: above so many pointer words a type has a GC program.
    default_heap_minimum: int = 4 * MiB  #: heap goal at GOGC=100 while the heap is small.
    gogc: int = 100  #: GOGC in percent; negative is "off".
    start_heap_live: int = 0  #: heapLive before the program's first operation.
    other_root_bytes: int = 0  #: stacks and globals that every cycle scans, an input to the pacer.
    reuse_order: ReuseOrder = "lifo"  #: which end of the reuse list refill takes.

    @property
    def user_arena_chunk_bytes(self) -> int:
        """Bytes of a chunk: the maximum, or a whole heap arena where that is smaller."""
        return min(self.user_arena_chunk_bytes_max, self.heap_arena_bytes)

    @property
    def user_arena_chunk_pages(self) -> int:
        """Runtime pages of a chunk."""
        return self.user_arena_chunk_bytes // self.page_size

    @property
    def user_arena_chunk_max_alloc_bytes(self) -> int:
        """Largest object that stays in a chunk; one byte more goes to the ordinary heap."""
        return self.user_arena_chunk_bytes // self.max_alloc_fraction

    @property
    def ptr_bits(self) -> int:
        """Bits of one bitmap word (ptrBits in Go)."""
        return 8 * self.ptr_size

    @property
    def bitmap_word_bytes(self) -> int:
        """Heap bytes that one bitmap word describes: 512 with 8-byte pointers."""
        return self.ptr_bits * self.ptr_size

    @property
    def handles_per_span(self) -> int:
        """Handles that share one span of their size class: 170 on 64-bit."""
        return self.page_size // self.user_arena_handle_bytes

    @property
    def chunk_bitmap_words(self) -> int:
        """Bitmap words that describe one chunk: 16,384 on linux/amd64."""
        return self.user_arena_chunk_bytes // self.bitmap_word_bytes

    @property
    def sanitizer(self) -> bool:
        """Whether a race, msan or asan build is modelled: free never fills the reuse list then."""
        return self.build_mode != "plain"
