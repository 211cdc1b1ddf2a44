"""Where a heap object goes: size classes, spans of their own, zerobase.

Follows runtime/sizeclasses.go and msize.go of Go 1.21 to 1.27; only what redirected and cloned
objects need. The class sizes are the runtime's, printed from it.
"""

from __future__ import annotations

from bisect import bisect_left

from arenalab.go.layout import ceil_div
from arenalab.go.rules import GoRules

#: Object sizes in bytes of classes 1 … 67; class 0 means a span of its own.
CLASS_SIZES = (
    8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352,
    384, 416, 448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048,
    2304, 2688, 3072, 3200, 3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728,
    10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
)  # fmt: skip

#: Runtime pages of a span of each class.
CLASS_PAGES = (
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    2, 1, 2, 1, 2, 1, 3, 2, 3, 1, 3, 2, 3, 4, 5, 6, 1, 7, 6, 5, 4, 3, 5, 7, 2, 9, 7, 5, 8, 3, 10, 7, 4,
)  # fmt: skip

TINY_SIZE = 16


def span_of_own_pages(size: int, rules: GoRules) -> int:
    """Return the pages of a large object's span, 0 when it shares a span of a size class."""
    return ceil_div(size, rules.page_size) if is_large(size, rules) else 0


def is_large(size: int, rules: GoRules) -> bool:
    """Return whether an object has a span of its own; room for a header is kept free also where none is needed."""
    return size > rules.max_small_size - rules.malloc_header_bytes


def header_bytes(size: int, rules: GoRules, *, noscan: bool) -> int:
    """Return the bytes in front of a small object that say its type. Go: heapBitsInSpan, mbitmap.go, 1.22."""
    return 0 if noscan or size <= rules.header_above or is_large(size, rules) else rules.malloc_header_bytes


def elem_size(size: int, rules: GoRules, *, noscan: bool) -> int:
    """Return the bytes that a heap object of `size` bytes really takes (0 for size 0).

    Pointer-free objects below 16 bytes share 16-byte blocks of the tiny allocator.
    Go: mallocgc, malloc.go, 1.21.
    """
    if size == 0:
        return 0
    if is_large(size, rules):
        return ceil_div(size, rules.page_size) * rules.page_size
    if noscan and size < TINY_SIZE:
        return TINY_SIZE
    return CLASS_SIZES[bisect_left(CLASS_SIZES, size + header_bytes(size, rules, noscan=noscan))]


def round_up_size(size: int, rules: GoRules, *, noscan: bool) -> int:
    """Return the bytes that an object of `size` bytes may use of what it takes. Go: roundupsize, msize.go, 1.21."""
    return elem_size(size, rules, noscan=noscan) - header_bytes(size, rules, noscan=noscan)


def span_bytes(size: int, rules: GoRules) -> int:
    """Return the bytes of a span of the class whose objects have `size` bytes; a large object's span is its own."""
    if size > CLASS_SIZES[-1]:
        return size
    return CLASS_PAGES[CLASS_SIZES.index(size)] * rules.page_size


def make_span_class(sizeclass: int, *, noscan: bool) -> int:
    """Return sizeclass × 2, plus 1 for pointer-free objects. Go: makeSpanClass, mheap.go, 1.21."""
    return sizeclass * 2 + int(noscan)
