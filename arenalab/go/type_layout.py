"""Put types together as the compiler does: sizes, offsets, masks, GC programs.

`TypeLayout` has one method for each kind of type; each takes finished parts and returns a `GoType`.
It knows no syntax: names and expressions are handed in, only to be kept.

Follows CalcSize, calcStructOffset and PtrDataSize (cmd/compile/internal/types/size.go), dcommontype
and dgcsym (reflectdata/reflect.go) and AlgType (types/alg.go), Go 1.21. Exact for 8-byte pointers;
with 4-byte pointers only what follows from the pointer size is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from arenalab.errors import ArenaLabError
from arenalab.go import gcprog
from arenalab.go.gcprog_emit import write_program
from arenalab.go.layout import align_up
from arenalab.go.mask import Mask
from arenalab.go.mask_tree import EMPTY, concat, literal, repeat, zeros
from arenalab.go.rules import GoRules
from arenalab.go.type_rows import MAX_TYPE_BYTES, TFLAG_DIRECT_IFACE, TFLAG_ON_DEMAND
from arenalab.go.types import Field, GoType

PROGRAM = "program"  #: of the kinds of masks the one that takes a type's parts to write.
#: How many types may stand in one another; types and masks are walked by recursion.
MAX_NESTED = 150
# abi.TFlag, Go 1.21
UNCOMMON, EXTRA_STAR, NAMED, REGULAR_MEMORY = 1, 2, 4, 8
# abi.Kind sizes of the pointer-free predeclared types: bytes, comparable byte by byte
_SCALARS = {
    "bool": (1, "mem"), "int8": (1, "mem"), "uint8": (1, "mem"), "int16": (2, "mem"), "uint16": (2, "mem"),
    "int32": (4, "mem"), "uint32": (4, "mem"), "int64": (8, "mem"), "uint64": (8, "mem"),
    "float32": (4, "special"), "float64": (8, "special"), "complex64": (8, "special"),
    "complex128": (16, "special"),
}  # fmt: skip
_WORD_SCALARS = ("int", "uint", "uintptr")
_ALIASES = {"byte": "uint8", "rune": "int32"}
BASIC_NAMES = (*_SCALARS, *_WORD_SCALARS, *_ALIASES, "string")


class TypeLayoutError(ArenaLabError, ValueError):
    """A type that the compiler refuses to lay out, with the compiler's reason."""


class FieldSpec(NamedTuple):
    """One field of a struct before it has a place."""

    name: str  #: "_" for a blank field.
    type: GoType  #: its Go type.
    embedded: bool = False  #: whether the program gave it no name of its own.
    tag: str | None = None  #: the literal as written, quotes included.


class TypeLayout:
    """Lay types out under rules; only those of Go 1.21 with 8-byte pointers are verified."""

    def __init__(self, rules: GoRules) -> None:
        """Remember what differs between compilers."""
        self.ptr_size = rules.ptr_size
        self.max_mask_words = rules.max_ptrmask_words
        self.on_demand = rules.mask_kind == "on demand"
        self.iface_tflag = TFLAG_DIRECT_IFACE if rules.direct_iface_tflag else 0

    def basic(self, name: str) -> GoType:
        """Return a predeclared type that is no interface: `bool` ... `uintptr`, `byte`, `rune`, `string`."""
        kind = _ALIASES.get(name, name)
        word = self.ptr_size
        if kind == "string":
            text = self._leaf(name, kind, 2, literal(1, 1), "special")
            return text.but(tflag=text.tflag | UNCOMMON | NAMED)
        size, alg = (word, "mem") if kind in _WORD_SCALARS else _SCALARS[kind]
        align = 4 if kind == "complex64" else min(size, word)
        tflag = _tflag(name, alg) | UNCOMMON | NAMED
        return GoType(expr=name, kind=kind, size=size, align=align, ptr_bytes=0, alg=alg, tflag=tflag)

    def unsafe_pointer(self) -> GoType:
        """Return the type unsafe.Pointer: one word that the collector follows."""
        pointer = self.pointer_shaped("unsafe.Pointer", "unsafe.Pointer")
        return pointer.but(tflag=pointer.tflag | UNCOMMON | NAMED)

    def pointer_shaped(self, expr: str, kind: str, *, has_methods: bool = False) -> GoType:
        """Return a type of one pointer word; `kind` is ptr, map, chan, func or unsafe.Pointer."""
        alg = "noeq" if kind in ("map", "func") else "mem"
        return self._leaf(expr, kind, 1, literal(1, 1), alg, has_methods=has_methods)

    def slice(self, expr: str) -> GoType:
        """Return a slice: pointer, length, capacity."""
        return self._leaf(expr, "slice", 3, literal(1, 1), "noeq")

    def interface(self, expr: str) -> GoType:
        """Return an interface: a word the collector does not follow, then the data pointer."""
        return self._leaf(expr, "interface", 2, literal(0b10, 2), "special")

    def array(self, expr: str, elem: GoType, length: int) -> GoType:
        """Return [length]elem. Raises TypeLayoutError beyond the address space."""
        if elem.size * length > MAX_TYPE_BYTES:
            raise TypeLayoutError(f"type {_short(expr)} larger than address space")
        ptr_data_bytes = (length - 1) * elem.size + elem.ptr_data_bytes
        alg = "mem" if elem.alg == "special" and length == 0 else elem.alg
        return self.described(
            GoType(
                expr=expr, kind="array", size=elem.size * length, align=elem.align,
                ptr_bytes=ptr_data_bytes if length and elem.ptr_data_bytes else 0,
                mask=self._array_mask(elem, length), elem=elem, length=length, depth=_depth([elem]),
                direct_iface=length == 1 and elem.direct_iface, alg=alg, tflag=_tflag(expr, alg),
            )
        )  # fmt: skip

    def struct(self, expr: str, specs: Sequence[FieldSpec], *, has_methods: bool = False) -> GoType:
        """Return a struct of the fields in order. Raises TypeLayoutError beyond the address space."""
        fields, size, align = _place(expr, specs)
        scanned = [field for field in fields if field.type.ptr_data_bytes]
        alg = _struct_alg(fields, size)
        return self.described(
            GoType(
                expr=expr, kind="struct", size=size, align=align, fields=fields,
                ptr_bytes=scanned[-1].offset + scanned[-1].type.ptr_data_bytes if scanned else 0,
                mask=concat(self._struct_masks(scanned)), alg=alg, depth=_depth([spec.type for spec in specs]),
                direct_iface=len(fields) == 1 and fields[0].type.direct_iface,
                tflag=_tflag(expr, alg) | (UNCOMMON if has_methods else 0),
            )
        )  # fmt: skip

    def named(self, name: str, underlying: GoType) -> GoType:
        """Return a declared type: the same layout under a name of its own."""
        flags = underlying.tflag & (REGULAR_MEMORY | TFLAG_ON_DEMAND | TFLAG_DIRECT_IFACE)
        return underlying.but(expr=name, tflag=flags | UNCOMMON | EXTRA_STAR | NAMED)

    def _leaf(  # says of itself
        self, expr: str, kind: str, words: int, mask: Mask, alg: str, *, has_methods: bool = False
    ) -> GoType:
        """Return a type made of pointer-sized words."""
        return self._flagged(
            GoType(
                expr=expr, kind=kind, size=words * self.ptr_size, align=self.ptr_size,
                ptr_bytes=mask.n * self.ptr_size, mask=mask, alg=alg,
                direct_iface=kind in ("ptr", "map", "chan", "func", "unsafe.Pointer"),
                tflag=_tflag(expr, alg) | (UNCOMMON if has_methods else 0),
            )
        )  # fmt: skip

    def _array_mask(self, elem: GoType, length: int) -> Mask:
        """Return the elements' masks in a row, the last one without its trailing scalars."""
        if not (length and elem.ptr_data_bytes):
            return EMPTY
        trailing = elem.size // self.ptr_size - elem.mask.n
        return concat((repeat(concat((elem.mask, zeros(trailing))), length - 1), elem.mask))

    def _struct_masks(self, scanned: Sequence[Field]) -> Iterator[Mask]:
        """Yield the masks of the fields with pointers and the scalar words between them."""
        words = 0
        for field in scanned:
            yield zeros(field.offset // self.ptr_size - words)
            yield field.type.mask
            words = field.offset // self.ptr_size + field.type.mask.n

    def described(self, plain: GoType) -> GoType:
        """Give a type its last flags, and one with a long pointer prefix its GC program, or a mask built on demand.

        Go: dgcsym and dcommontype, reflect.go, 1.21 to 1.27.
        """
        plain = self._flagged(plain)
        if plain.ptr_bytes // self.ptr_size <= self.max_mask_words:
            return plain
        if self.on_demand:
            return plain.but(on_demand=True, tflag=plain.tflag | TFLAG_ON_DEMAND)
        return self._with_program(plain)

    def _flagged(self, plain: GoType) -> GoType:
        """Set the direct-interface bit where it is one of TFlag: then any pointer-sized pointer is direct.

        Go: IsDirectIface, types/type.go, 1.26; before it went by a type's one field or element.
        """
        if not self.iface_tflag:
            return plain
        direct = plain.size == plain.ptr_data_bytes == self.ptr_size
        return plain.but(direct_iface=direct, tflag=plain.tflag | (self.iface_tflag if direct else 0))

    def _with_program(self, plain: GoType) -> GoType:
        try:
            program, nbits = write_program(plain, self.ptr_size)
            mask = gcprog.program_mask(program)
        except gcprog.ProgramError as error:
            raise TypeLayoutError(f"type {_short(plain.expr)}: {error}") from error
        return plain.but(
            gcprog=program, mask=mask, ptr_bytes=nbits * self.ptr_size, ptr_data_bytes=plain.ptr_bytes
        )


def laid_out(go_type: GoType, rules: GoRules) -> GoType:
    """Return a type as a compiler of these rules describes it: by a mask, a GC program, or a mask on demand.

    A type read from a file stays as it was given where a program would have to be written: its elements and
    fields, by which the compiler writes one, are not known.
    """
    kind = "mask" if go_type.ptr_data_bytes <= rules.max_ptrmask_bytes else rules.mask_kind
    if go_type.mask_kind == kind:
        return go_type
    known = go_type.elem is not None or go_type.fields is not None
    return _described_anew(go_type, rules) if known or kind != PROGRAM else go_type


@lru_cache(maxsize=1024)
def _described_anew(go_type: GoType, rules: GoRules) -> GoType:
    mask = go_type.mask.cut(0, go_type.ptr_data_bytes // rules.ptr_size)
    plain = go_type.but(
        gcprog=None, on_demand=False, mask=mask, ptr_bytes=go_type.ptr_data_bytes, ptr_data_bytes=None,
        tflag=go_type.tflag & ~TFLAG_ON_DEMAND,
    )  # fmt: skip
    return TypeLayout(rules).described(plain)


def _depth(parts: Sequence[GoType]) -> int:
    """Return the depth of a type made of these. Raises TypeLayoutError beyond MAX_NESTED."""
    depth = 1 + max((part.depth for part in parts), default=0)
    if depth > MAX_NESTED:
        raise TypeLayoutError(f"types stand in one another more than {MAX_NESTED} deep")
    return depth


def _place(expr: str, specs: Sequence[FieldSpec]) -> tuple[tuple[Field, ...], int, int]:
    """Return the fields with offsets, the struct's size and its alignment. Go: calcStructOffset, size.go."""
    fields: list[Field] = []
    end, last_zero, max_align = 0, 0, 1
    for spec in specs:
        offset = align_up(end, spec.type.align)
        fields.append(Field(spec.name, spec.type, offset, spec.embedded, spec.tag))
        max_align = max(max_align, spec.type.align)
        if spec.type.size == 0:
            last_zero = offset
        end = offset + spec.type.size
        if end > MAX_TYPE_BYTES:
            raise TypeLayoutError(f"type {_short(expr)} too large")
    if end == last_zero and end > 0:  # a pointer to the last field must not point past the object
        end += 1
    return tuple(fields), align_up(end, max_align), max_align


def _struct_alg(fields: Sequence[Field], size: int) -> str:
    """Describe how structs compare. Go: AlgType, case TSTRUCT, and IsPaddedField, types/alg.go, 1.21."""
    if len(fields) == 1 and fields[0].name != "_":
        return fields[0].type.alg or "special"
    if any(field.type.alg == "noeq" for field in fields):
        return "noeq"
    ends = [field.offset + field.type.size for field in fields]
    starts = [field.offset for field in fields[1:]] + [size] * bool(fields)
    whole = ends == starts and all(field.type.alg == "mem" and field.name != "_" for field in fields)
    return "mem" if whole else "special"


def _tflag(expr: str, alg: str | None) -> int:
    """Return the flags of an unnamed type. Go: dcommontype, reflect.go, 1.21."""
    star = 0 if expr.startswith("*") else EXTRA_STAR  # its name is a suffix of the pointer type's
    return star | (REGULAR_MEMORY if alg == "mem" else 0)


def _short(expr: str) -> str:
    """Shorten an expression for a message."""
    return expr if len(expr) <= 80 else expr[:77] + "..."
