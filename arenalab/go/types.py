"""`GoType`: a Go type as the collector sees it, and how its layout is put together.

Rules:
1. A GoType never changes, and its mask has `ptr_bytes / pointer size` bits.
2. What the compiler computes is computed here in the compiler's own order: alignment, offsets,
   the extra byte after a last field of size zero, pointer prefix, mask or GC program.

Follows cmd/compile/internal/types/size.go and reflectdata/reflect.go, Go 1.21.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from arenalab.go.mask import MAX_BITS, MAX_DIGEST_BITS, Mask
from arenalab.go.mask_tree import EMPTY
from arenalab.go.type_rows import DIRECT_IFACE, GC_PROG, KINDS, TFLAG_DIRECT_IFACE, TypeFacts, read_row
from arenalab.names import Named


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a struct, where it stands and what it is."""

    name: str  #: "_" for a blank field; the type's own name for an embedded one
    type: GoType  #: its Go type.
    offset: int  #: bytes from the start of the struct
    embedded: bool = False  #: whether the program gave it no name of its own.
    tag: str | None = None  #: the literal as written, quotes included


def _up_to_last_pointer(facts: TypeFacts) -> int:
    """Return the bytes of a prefix that a program may have rounded up."""
    mask = facts.mask
    return mask.end_of_ones() * (facts.ptr_bytes // mask.n) if mask.n else 0


def _mask_kind(gcprog: bytes | None, *, on_demand: bool) -> str:
    if on_demand:
        return "on demand"
    return "mask" if gcprog is None else "program"


class GoType(Named):
    """What a Go type descriptor says: `size`, `align`, `ptr_bytes`, `kind`, pointer `mask`.

    Immutable and hashable. Make one from Go text with `arenalab.type_of("[4]*int")`, from a
    recording's row with `GoType.from_row`, or from parts with `arenalab.go.type_layout`.
    Go: abi.Type, internal/abi, 1.21 to 1.27.
    """

    offered: ClassVar[tuple[str, ...]] = (
        *(
            "align",
            "array",
            "but",
            "elem",
            "expr",
            "fields",
            "gcprog",
            "kind",
            "length",
            "mask",
            "mask_kind",
            "noscan",
        ),
        *("offsets", "ptr_bytes", "size"),
    )

    __slots__ = (
        "_hash", "_key", "alg", "align", "depth", "direct_iface", "elem", "expr", "field_align", "fields", "gcprog",
        "kind", "length", "mask", "mask_kind", "ptr_bytes", "ptr_data_bytes", "row_array", "row_offsets",
        "size", "tflag",
    )  # fmt: skip

    expr: str  #: Go type expression, or the name of a declared type
    size: int  #: bytes of one value, a multiple of `align`
    align: int  #: bytes
    field_align: int  #: bytes; equals `align` in every type of Go 1.21
    ptr_bytes: int  #: bytes of the prefix that may hold pointers, 0 means noscan
    kind: str  #: as reflect.Kind prints it: "struct", "ptr", "unsafe.Pointer", ...
    gcprog: bytes | None  #: the GC program without its 4-byte length; None when a mask is used
    mask: Mask  #: ptr_bytes / 8 bits, also where a program is used or it is built at first use
    mask_kind: (
        str  #: what the descriptor holds: "mask", "program", or "on demand": nothing until the first use
    )
    fields: tuple[Field, ...] | None  #: of a struct, in order
    elem: GoType | None  #: of an array
    length: int | None  #: of an array
    direct_iface: bool  #: an interface holds the value itself, not a pointer to it
    depth: int  #: how many types stand in one another, itself included
    alg: str | None  #: how `==` compares: "mem", "noeq" (it cannot) or "special"; None when not known
    #: abi.TFlag: 1 uncommon, 2 extra star, 4 named, 8 regular memory, 16 mask on demand, 32 direct interface (1.26 on)
    tflag: int
    ptr_data_bytes: int  #: the prefix as part of a larger type: a program may round `ptr_bytes` up

    def __init__(  # one argument per field of the descriptor
        self,
        *,
        expr: str,
        size: int,
        align: int,
        ptr_bytes: int,
        kind: str,
        mask: Mask = EMPTY,
        field_align: int | None = None,
        gcprog: bytes | None = None,
        on_demand: bool = False,
        fields: tuple[Field, ...] | None = None,
        elem: GoType | None = None,
        length: int | None = None,
        direct_iface: bool = False,
        alg: str | None = None,
        tflag: int = 0,
        depth: int = 1,
        ptr_data_bytes: int | None = None,
        row_offsets: tuple[int, ...] | None = None,
        row_array: tuple[int, int] | None = None,
    ) -> None:
        """Keep the facts as they are; the builders and `from_row` see to it that they agree."""
        for name, value in (
            ("expr", expr), ("size", size), ("align", align), ("ptr_bytes", ptr_bytes), ("kind", kind),
            ("mask", mask), ("field_align", align if field_align is None else field_align),
            ("gcprog", gcprog), ("fields", fields), ("elem", elem), ("length", length),
            ("direct_iface", direct_iface), ("alg", alg), ("tflag", tflag), ("depth", depth),
            ("row_offsets", row_offsets), ("row_array", row_array),
            ("mask_kind", _mask_kind(gcprog, on_demand=on_demand)),
            ("ptr_data_bytes", ptr_bytes if ptr_data_bytes is None else ptr_data_bytes),
            ("_key", (expr, size, align, ptr_bytes, kind, gcprog, mask, on_demand)),
        ):  # fmt: skip
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_hash", hash(self._key))

    _key: tuple[object, ...]
    _hash: int
    row_offsets: tuple[int, ...] | None  #: of a struct read from a row, whose fields are not known
    row_array: tuple[int, int] | None  #: length and element size of an array read from a row

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: ledgers, chunks and pictures share one GoType."""
        raise AttributeError(f"a GoType cannot be changed (tried to set {name!r})")

    def __setstate__(self, state: tuple[None, dict[str, object]]) -> None:
        """Take over what another process sent, or what is copied; texts have other hashes in each process."""
        for name, value in state[1].items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_hash", hash(self._key))

    def __eq__(self, other: object) -> bool:
        """Compare expression, size, alignment, pointer prefix, kind, program and mask."""
        if self is other:
            return True
        return self._key == other._key if isinstance(other, GoType) else NotImplemented

    def __hash__(self) -> int:
        """Agree with `==`; computed once."""
        return self._hash

    def __repr__(self) -> str:
        """Show the expression and the numbers that decide where a value goes."""
        shown = self.expr if len(self.expr) <= 60 else self.expr[:57] + "..."
        return f"GoType({shown!r}, size={self.size}, align={self.align}, ptr_bytes={self.ptr_bytes})"

    def but(self, **changes: Any) -> GoType:  # fields of several types
        """Return a copy in which the named facts are others."""
        kept = {
            name: getattr(self, name) for name in GoType.__slots__ if name[0] != "_" and name != "mask_kind"
        }
        return GoType(**(kept | {"on_demand": self.on_demand} | changes))

    @property
    def on_demand(self) -> bool:
        """Whether the mask is built when the type is first used."""
        return self.mask_kind == "on demand"

    @property
    def noscan(self) -> bool:
        """Whether the collector finds no pointer in it."""
        return self.ptr_bytes == 0

    @property
    def offsets(self) -> tuple[int, ...] | None:
        """Byte offsets of a struct's fields, None for any other type."""
        return self.row_offsets if self.fields is None else tuple(field.offset for field in self.fields)

    @property
    def array(self) -> tuple[int, int] | None:
        """Length and element size in bytes of an array, None for any other type."""
        return self.row_array if self.elem is None or self.length is None else (self.length, self.elem.size)

    @property
    def rawkind(self) -> int:
        """The descriptor's kind byte: kind number, direct-interface bit 32, GC program bit 64."""
        program_bit = 0 if self.gcprog is None else GC_PROG
        in_kind = self.direct_iface and not self.tflag & TFLAG_DIRECT_IFACE
        return KINDS[self.kind] | (DIRECT_IFACE if in_kind else 0) | program_bit

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> GoType:
        """Build a type from a recording's row, taken as data.

        Raises RecordingError naming the key when the row contradicts itself.
        """
        facts = read_row(row)
        return cls(
            expr=facts.expr, size=facts.size, align=facts.align, field_align=facts.field_align,
            ptr_bytes=facts.ptr_bytes, kind=facts.kind, gcprog=facts.gcprog, mask=facts.mask,
            direct_iface=bool(facts.rawkind & DIRECT_IFACE or facts.tflag & TFLAG_DIRECT_IFACE),
            tflag=facts.tflag, on_demand=facts.on_demand, row_offsets=facts.offsets,
            length=facts.array[0] if facts.array else None, row_array=facts.array,
            ptr_data_bytes=None if facts.gcprog is None else _up_to_last_pointer(facts),
        )  # fmt: skip

    def to_row(self, index: int | None = None, hex_up_to_bits: int | None = None) -> dict[str, Any]:
        """Return the type as a recording's row: `{"type": index, "expr": ..., ...}`.

        The hex digits of a mask longer than `hex_up_to_bits` are left out; unless given, of one longer than
        32,768 words that a program gives, as in recordings, so that the row can be read again. The digest of one
        longer than mask.MAX_DIGEST_BITS is None.
        """
        if hex_up_to_bits is None:
            hex_up_to_bits = MAX_BITS if self.gcprog is None else 32 * 1024
        digest = self.mask.sha256() if self.mask.n <= MAX_DIGEST_BITS else None
        ptrmask: dict[str, Any] = {"n": self.mask.n, "ones": self.mask.ones, "sha256": digest}
        if self.mask.n <= hex_up_to_bits:
            ptrmask["hex"] = self.mask.hex()
        offsets, array = self.offsets, self.array
        row: dict[str, Any] = {} if index is None else {"type": index}
        if self.on_demand:
            row["ondemand"] = True
        return row | {
            "expr": self.expr, "size": self.size, "align": self.align, "fieldalign": self.field_align,
            "ptrbytes": self.ptr_bytes, "kind": self.kind, "rawkind": self.rawkind, "tflag": self.tflag,
            "gcprog": self.gcprog is not None, "ptrmask": ptrmask,
            "prog": (self.gcprog or b"").hex(),
            "offsets": None if offsets is None else list(offsets),
            "array": None if array is None else list(array),
        }  # fmt: skip
