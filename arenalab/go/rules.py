"""GoRules: every number and named variant that differs by Go version, platform or build mode.

Laws of this file: one documented field per fact; no code elsewhere asks "which version am I".
All values of the defaults were printed from a real linux/amd64 runtime of Go 1.21.13.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal

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

    user_arena_chunk_bytes: int = field(init=False)  #: bytes of a chunk: the maximum, or a whole heap arena.
    user_arena_chunk_pages: int = field(init=False)  #: runtime pages of a chunk.
    user_arena_chunk_max_alloc_bytes: int = field(init=False)  #: largest object that stays in a chunk.
    ptr_bits: int = field(init=False)  #: bits of one bitmap word (ptrBits in Go).
    bitmap_word_bytes: int = field(init=False)  #: heap bytes that one bitmap word describes: 512 on 64-bit.
    chunk_bitmap_words: int = field(init=False)  #: bitmap words of one chunk: 16,384 on linux/amd64.
    handles_per_span: int = field(init=False)  #: handles that share one span of their class: 170 on 64-bit.

    def __post_init__(self) -> None:
        """Derive what follows from the rest, once: the step machine reads these at every allocation."""
        chunk = min(self.user_arena_chunk_bytes_max, self.heap_arena_bytes)
        bits = 8 * self.ptr_size
        for name, value in (
            ("user_arena_chunk_bytes", chunk),
            ("user_arena_chunk_pages", chunk // self.page_size),
            ("user_arena_chunk_max_alloc_bytes", chunk // self.max_alloc_fraction),
            ("ptr_bits", bits),
            ("bitmap_word_bytes", bits * self.ptr_size),
            ("chunk_bitmap_words", chunk // (bits * self.ptr_size)),
            ("handles_per_span", self.page_size // self.user_arena_handle_bytes),
        ):
            object.__setattr__(self, name, value)

    @property
    def sanitizer(self) -> bool:
        """Whether a race, msan or asan build is modelled: free never fills the reuse list then."""
        return self.build_mode != "plain"

    def settings(self) -> dict[str, Any]:
        """Return what was chosen, by field; `GoRules(**rules.settings())` makes an equal one."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.init}
