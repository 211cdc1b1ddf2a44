"""Type rows of a recording, checked as data: nothing in a row is believed before it is consistent.

A row says what the real compiler put into a type's descriptor: size, alignment, kind, pointer
mask or GC program. It is read without a parser for Go's syntax.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from arenalab.errors import ArgumentError, RecordingError, cut, shown
from arenalab.go import gcprog
from arenalab.go.mask import MAX_BITS, MAX_DIGEST_BITS, Mask
from arenalab.go.mask_tree import literal
from arenalab.go.versions import LONGEST_MASK_WORDS

#: Kind names as reflect.Kind prints them -> number in the descriptor's low 5 bits. Go: internal/abi, 1.21.
KINDS: dict[str, int] = {
    name: number
    for number, name in enumerate(
        (
            "bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64",
            "uintptr", "float32", "float64", "complex64", "complex128", "array", "chan", "func", "interface",
            "map", "ptr", "slice", "string", "struct", "unsafe.Pointer",
        ),
        start=1,
    )
}  # fmt: skip
TFLAG_ON_DEMAND, TFLAG_DIRECT_IFACE = 16, 32  #: abi.TFlag since Go 1.24 and 1.26
DIRECT_IFACE = 32  #: bit of the descriptor's kind: the value itself stands in an interface's data word
GC_PROG = 64  #: bit of the descriptor's kind: GCData is a program
MAX_TYPE_BYTES = 1 << 47  #: user addresses of linux/amd64 end here
_MAX_ALIGN = 8
_MAX_TEXT = 1 << 20


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """What a row says, after all of it was found consistent."""

    expr: str
    size: int
    align: int
    field_align: int
    ptr_bytes: int
    kind: str
    rawkind: int
    tflag: int
    gcprog: bytes | None
    on_demand: bool
    mask: Mask
    offsets: tuple[int, ...] | None
    array: tuple[int, int] | None


def read_row(row: Mapping[str, Any], ptr_size: int = 8) -> TypeFacts:
    """Check a type row and return its facts.

    Raises RecordingError naming the key, its value and what it should be.
    """
    expr = _text(row, "expr", _MAX_TEXT)
    size = _number(row, "size", 0, MAX_TYPE_BYTES)
    align = _power_of_two(row, "align")
    field_align = _power_of_two(row, "fieldalign") if "fieldalign" in row else align
    ptr_bytes = _number(row, "ptrbytes", 0, size)
    kind = _text(row, "kind", 32)
    if kind not in KINDS:
        _refuse(row, "kind", "the name of a Go kind, such as struct")
    if size % align:
        _refuse(row, "size", f"a multiple of the alignment {align}")
    if ptr_bytes % ptr_size:
        _refuse(row, "ptrbytes", f"a multiple of the pointer size {ptr_size}")
    program = _program(row)
    return TypeFacts(
        expr, size, align, field_align, ptr_bytes, kind, _rawkind(row, kind, gcprog=program is not None),
        _number(row, "tflag", 0, 255) if "tflag" in row else 0,
        program, row.get("ondemand") is True, _mask(row, program, ptr_bytes // ptr_size),
        _offsets(row, size), _array(row, size),
    )  # fmt: skip


def _refuse(row: Mapping[str, Any], key: str, wanted: str) -> None:
    """Raise the one error of this file."""
    raise RecordingError(f"type {shown(row.get('expr', '?'))}: {ArgumentError(key, row.get(key), wanted)}")


def _text(row: Mapping[str, Any], key: str, longest: int) -> str:
    value = row.get(key)
    if not isinstance(value, str) or len(value) > longest:
        _refuse(row, key, f"a text of at most {longest} characters")
    return str(value)


def _number(row: Mapping[str, Any], key: str, low: int, high: int) -> int:
    value = row.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        _refuse(row, key, f"a whole number from {low} to {high}")
        return low
    return value


def _power_of_two(row: Mapping[str, Any], key: str) -> int:
    value = _number(row, key, 1, _MAX_ALIGN)
    if value & (value - 1):
        _refuse(row, key, "1, 2, 4 or 8")
    return value


def _rawkind(row: Mapping[str, Any], kind: str, *, gcprog: bool) -> int:
    """Return the descriptor's kind byte; without one in the row, kind and program bit."""
    plain = KINDS[kind] | (GC_PROG if gcprog else 0)
    if "rawkind" not in row:
        return plain
    value = _number(row, "rawkind", 0, 255)
    if value & ~DIRECT_IFACE != plain:
        _refuse(row, "rawkind", f"{plain} or {plain | DIRECT_IFACE} for kind {kind}")
    return value


def _hex(row: Mapping[str, Any], holder: Mapping[str, Any], key: str) -> bytes:
    value = holder.get(key)
    try:
        return bytes.fromhex(value)  # type: ignore[arg-type]  # anything else raises and is refused
    except (TypeError, ValueError):
        _refuse({**row, key: value}, key, "bytes in hexadecimal")
        return b""


def _program(row: Mapping[str, Any]) -> bytes | None:
    """Return the GC program, None when the type has a mask."""
    if not isinstance(row.get("gcprog"), bool):
        _refuse(row, "gcprog", "true or false")
    if not row["gcprog"]:
        if row.get("prog"):
            _refuse(row, "prog", "empty, since gcprog is false")
        return None
    return _hex(row, row, "prog")


def _mask(row: Mapping[str, Any], program: bytes | None, words: int) -> Mask:
    """Return the mask from the program, or from the hex digits, and check it against n, ones and digest."""
    said = row.get("ptrmask")
    if not isinstance(said, Mapping) or said.get("n") != words:
        _refuse(row, "ptrmask", f"an object whose n is ptrbytes in words, {words}")
        raise AssertionError
    if program is not None:
        try:
            mask = gcprog.program_mask(program)
        except gcprog.ProgramError as error:
            raise RecordingError(f"type {shown(row.get('expr'))}: {cut(error)}") from error
    else:
        mask = _literal_mask(row, said, words)
    for key, is_so in (("n", mask.n), ("ones", mask.ones)):
        if said.get(key) != is_so:
            _refuse({**row, key: said.get(key)}, key, f"{is_so}, as its own bits say")
    if "sha256" in said and mask.n <= MAX_DIGEST_BITS and said["sha256"] != mask.sha256():
        _refuse({**row, "sha256": said["sha256"]}, "sha256", f"{mask.sha256()}, the digest of its own bits")
    return mask


def _literal_mask(row: Mapping[str, Any], said: Mapping[str, Any], words: int) -> Mask:
    """Return the mask that the hex digits write out."""
    if words > LONGEST_MASK_WORDS and row.get("ondemand") is not True:
        _refuse(row, "gcprog", f"true, since {words} words are more than a mask may have")
    if words > MAX_BITS:
        _refuse(row, "ptrbytes", f"at most {MAX_BITS} words where no program says which hold pointers")
    data, nbytes = _hex(row, said, "hex"), (words + 7) // 8
    bits = int.from_bytes(data, "little")
    if len(data) != nbytes or bits >> words:
        _refuse({**row, "hex": said.get("hex")}, "hex", f"{nbytes} bytes with no bit from {words} on")
    return literal(bits, words)


def _offsets(row: Mapping[str, Any], size: int) -> tuple[int, ...] | None:
    """Return the field offsets of a struct: rising, inside the value."""
    value = row.get("offsets")
    if value is None:
        return None
    good = isinstance(value, list) and all(type(item) is int and 0 <= item <= size for item in value)
    if not good or value != sorted(value):
        _refuse(row, "offsets", f"rising whole numbers from 0 to {size}, or null")
    return tuple(value)


def _array(row: Mapping[str, Any], size: int) -> tuple[int, int] | None:
    """Return [length, element size] of an array."""
    value = row.get("array")
    if value is None:
        return None
    good = isinstance(value, list) and len(value) == 2 and all(type(item) is int for item in value)
    if not good or min(value) < 0:
        _refuse(row, "array", "[length, element size], or null")
    if value[0] * value[1] != size:
        _refuse(row, "array", f"a length and an element size whose product is {size}")
    return value[0], value[1]
