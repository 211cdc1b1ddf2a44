"""GoRules: every number and named variant that differs by Go version, platform or build mode.

The product of the four records of `arenalab.rules`, and what follows from them. Rule: no code
elsewhere asks "which version am I".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from arenalab.asked import Called, as_int
from arenalab.errors import LONGEST_NAME, ArgumentError, cut, shown
from arenalab.go.rule_limits import MOST_CHUNKS, WITHIN, fits, said
from arenalab.names import no_such_name
from arenalab.rules.build import Build, BuildMode
from arenalab.rules.chunk_layout import BITMAP, DUMMY_TYPE, OBJECTS, ChunkLayout, chunk_layout
from arenalab.rules.platform import Platform
from arenalab.rules.settings import ReuseOrder, Settings
from arenalab.rules.version import Version

__all__ = ["BITMAP", "DUMMY_TYPE", "OBJECTS", "BuildMode", "ChunkLayout", "GoRules", "ReuseOrder"]


def _unchanged(rules: GoRules, name: str, value: Any) -> NoReturn:  # noqa: ARG001  # as __setattr__ has it
    """Refuse: rules never change."""
    new = f"other rules, such as dataclasses.replace(rules, {cut(name, LONGEST_NAME)}={shown(value, LONGEST_NAME)})"
    raise ArgumentError(f"GoRules.{cut(name, LONGEST_NAME)}", value, f"no assignment: make {new}")


Part = TypeVar("Part", Platform, Version, Build, Settings)


@dataclass(frozen=True, kw_only=True)
class GoRules(Platform, Version, Build, Settings, metaclass=Called):
    """What a Go on a platform does, in numbers; `dataclasses.replace` makes a variant.

    A variant that no Go has (another chunk size, another reuse order) is a what-if: the model
    follows it, but nothing verified it.

    Raises:
        ArgumentError: a setting of the wrong kind, or a size of 0.

    """

    chunk: ChunkLayout = field(init=False, repr=False)  #: sizes and regions of a chunk.
    type_bytes: int = field(init=False)  #: sizeof(abi.Type): 48 on 64-bit.
    header_above: int = field(
        init=False
    )  #: bytes above which a pointerful heap object has a header: 512 on 64-bit.
    user_arena_chunk_pages: int = field(init=False)  #: runtime pages of a chunk.
    user_arena_chunk_max_alloc_bytes: int = field(init=False)  #: largest object that stays in a chunk.
    ptr_bits: int = field(init=False)  #: bits of one bitmap word (ptrBits in Go).
    bitmap_word_bytes: int = field(init=False)  #: heap bytes that one bitmap word describes: 512 on 64-bit.
    chunk_bitmap_words: int = field(init=False)  #: bitmap words of one chunk: 16,384 on linux/amd64.
    handles_per_span: int = field(init=False)  #: handles that share one span of their class: 170 in Go 1.21.
    max_ptrmask_bytes: int = field(init=False)  #: longest pointer prefix that a mask describes.

    def __repr__(self) -> str:
        """Return which Go it is, where, and what is set otherwise than a program starts with."""
        usual = ((each, getattr(self, each.name)) for each in fields(Settings))
        chosen = [f"{each.name}={value!r}" for each, value in usual if value != each.default]
        return f"<GoRules of Go {self.version} on {self.goos}/{self.goarch}{': ' if chosen else ''}{', '.join(chosen)}>"

    def __post_init__(self) -> None:
        """Check what was chosen; derive what follows from it, once: the step machine reads it at every allocation.

        Raises:
            ArgumentError: a field holds what it may not, or two that don't go together; the text says which.

        """
        if isinstance(self.heap_arenas_between, list):  # as a file has it
            object.__setattr__(self, "heap_arenas_between", tuple(self.heap_arenas_between))
        for name, values in WITHIN.items():
            if not fits(given := getattr(self, name), values):
                if not (isinstance(values, range) and fits(number := as_int(given), values)):
                    raise ArgumentError(name, given, said(values))
                object.__setattr__(self, name, number)  # an integer of another library
        bits, type_bytes = 8 * self.ptr_size, 4 * self.ptr_size + 16
        stride = min(self.user_arena_chunk_bytes_max, self.heap_arena_bytes)
        in_chunk = ((DUMMY_TYPE, type_bytes), (BITMAP, stride // self.ptr_size // 8))
        chunk = chunk_layout(stride, in_chunk if self.bitmap_home == "chunk" else ())
        span_bits = self.page_size // bits if self.malloc_header_bytes else 0
        for name, value in (
            ("type_bytes", type_bytes),
            ("header_above", bits * self.ptr_size),
            ("chunk", chunk),
            ("user_arena_chunk_pages", chunk.stride // self.page_size),
            ("user_arena_chunk_max_alloc_bytes", chunk.stride // self.max_alloc_fraction),
            ("ptr_bits", bits),
            ("bitmap_word_bytes", bits * self.ptr_size),
            ("chunk_bitmap_words", chunk.stride // (bits * self.ptr_size)),
            (
                "handles_per_span",
                (self.page_size - span_bits - self.inline_mark_bytes) // self.user_arena_handle_bytes,
            ),
            ("max_ptrmask_bytes", self.max_ptrmask_words * self.ptr_size),
        ):
            object.__setattr__(self, name, value)
        for name, expected in _together(self):
            raise ArgumentError(name, getattr(self, name), expected)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Refuse a name that there is not."""
            if name.startswith("_"):
                raise AttributeError(f"'GoRules' object has no attribute {name!r}")
            raise no_such_name("GoRules", name, [f.name for f in fields(self)])

    def part(self, record: type[Part]) -> Part:
        """Return one of the four records: `rules.part(Platform)`."""
        return record(**{f.name: getattr(self, f.name) for f in fields(record)})

    def settings(self) -> dict[str, Any]:
        """Return what was chosen, by field; `GoRules(**rules.settings())` makes an equal one."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.init}


GoRules.__setattr__ = _unchanged  # type: ignore[assignment]  # a frozen dataclass refuses one of its own


def _together(rules: GoRules) -> Iterator[tuple[str, str]]:
    """Yield (field, what it should be) where fields that may be so each for itself don't go together."""
    chunk, heap_arena = rules.chunk.stride, rules.heap_arena_bytes
    if heap_arena > chunk * MOST_CHUNKS:
        yield "user_arena_chunk_bytes_max", f"at least 1/{MOST_CHUNKS} of a heap arena of {heap_arena} bytes"
    if rules.user_arena_hint % rules.page_size:
        yield "user_arena_hint", f"a multiple of the page size {rules.page_size}"
    if rules.heap_hint % rules.page_size:
        yield "heap_hint", f"a multiple of the page size {rules.page_size}"
    if rules.max_oblet_bytes % rules.bitmap_word_bytes:
        yield "max_oblet_bytes", f"a multiple of {rules.bitmap_word_bytes}, the bytes of one bitmap word"
