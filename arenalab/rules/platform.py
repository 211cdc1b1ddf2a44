"""Platform: what the operating system and the processor decide."""

from __future__ import annotations

from dataclasses import dataclass

from arenalab.units import KiB, MiB


@dataclass(frozen=True, kw_only=True)
class Platform:
    """Sizes and addresses of GOOS/GOARCH; the defaults are those of linux/amd64."""

    goos: str = "linux"  #: operating system.
    goarch: str = "amd64"  #: processor.
    ptr_size: int = 8  #: bytes of a pointer.
    phys_page_size: int = 4 * KiB  #: what the operating system maps at least.
    heap_arena_bytes: int = 64 * MiB  #: address space that one heapArena describes.
    user_arena_hint: int = 0x40C0_0000_0000  #: first address hint for user arenas.
    heap_hint: int = 0xC0_0000_0000  #: first address hint for the heap.
    max_alloc: int = 2**48  #: maxAlloc: no allocation is larger than the address space.
