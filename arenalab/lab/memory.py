"""What a value's words hold, and which operations store into them, by the kind of its type.

Rule: looking is not an operation, storing is `Store` (a pointer word) or `Write` (any other).
"""

from __future__ import annotations

import struct
from contextlib import suppress
from numbers import Real
from typing import Any, NamedTuple

from arenalab.asked import as_int
from arenalab.errors import ArgumentError, ScenarioError
from arenalab.go.types import GoType
from arenalab.lab.place import Place, Stretch
from arenalab.lab.program import Program
from arenalab.units import elided, hex_addr
from arenalab.world import ops
from arenalab.world.touch import NOWHERE, Pointer, object_at, touch
from arenalab.world.words import word_at

WHOLE = ("int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr")
FLOATS = {"float32": ("<f", "<I"), "float64": ("<d", "<Q")}
POINTERS = ("ptr", "unsafe.Pointer")
NIL_ALONE = (
    "map",
    "chan",
    "func",
)  #: what they point to is the runtime's own, which the model does not follow.


class Address(int):
    """An address where no object is, as a pointer that dangles may hold one."""

    def __repr__(self) -> str:
        """Describe where, and that nothing is there."""
        return f"<Address {hex_addr(self)}: no object>"


class Pointee(NamedTuple):
    """What a pointer leads to, or a value inside another: byte `offset` of an object, where a value of the type is."""

    row: int  #: ledger row of the object.
    offset: int
    type: GoType  #: of the value there.


class Elements(NamedTuple):
    """What a slice or string leads to: its first element, and how many there are."""

    row: int  #: ledger row of the object that it is in.
    offset: int  #: bytes from that object's start.
    elem: GoType  #: of each element.
    len: int  #: elements, or bytes of a string.
    cap: int  #: elements that there is room for.


# looking


def held(lab: Program, row: int, offset: int, go_type: GoType) -> Any:
    """Return what a value of an object holds now: a number, True or False, None for nil, or what it leads to.

    Raises:
        GoFault, GoPanic, SanitizerReport: what Go would say to whoever reads it.

    """
    kind = go_type.kind
    if kind in ("struct", "array"):
        return Pointee(row, offset, go_type)
    word = lab.rules.ptr_size
    if kind == "interface":
        return _pointee(lab, _word(lab, row, offset + word), None)
    if kind in ("slice", "string"):
        return _slice(lab, row, offset, go_type)
    found = _word(lab, row, offset)
    if kind in (*POINTERS, *NIL_ALONE):
        return _pointee(lab, found, _elem(lab, go_type))
    return _number(found, go_type)


def _word(lab: Program, row: int, offset: int) -> int:
    pointer = Pointer(row, offset)
    found = touch(lab.world, pointer)
    if found.error is not None:
        raise found.error
    return word_at(lab.world, found, pointer)


def _number(bits: int, go_type: GoType) -> Any:
    """Return a pointer-free value by its bits."""
    if go_type.kind == "bool":
        return bool(bits)
    if go_type.kind in FLOATS:
        as_float, as_bits = FLOATS[go_type.kind]
        return struct.unpack(as_float, struct.pack(as_bits, bits))[0]
    number = bits % 2 ** (8 * go_type.size)
    return number - 2 ** (8 * go_type.size) if number not in _range(go_type) else number


def _range(go_type: GoType) -> range:
    """Return the values of a type of whole numbers."""
    bits = 8 * go_type.size
    return range(2**bits) if go_type.kind.startswith("uint") else range(-(2 ** (bits - 1)), 2 ** (bits - 1))


def _pointee(lab: Program, addr: int, elem: GoType | None) -> Pointee | Address | None:
    """Return what an address leads to: a pointer to the object there, None for nil."""
    world = lab.world
    span = world.span_of(addr) if addr else None
    row = NOWHERE if span is None else object_at(world, span, addr)
    if row == NOWHERE:
        return Address(addr) if addr else None
    start, _, number, *_ = world.ledger.row(row)
    return Pointee(row, addr - start, elem or world.types[number])


def _slice(lab: Program, row: int, offset: int, go_type: GoType) -> Elements | Address | None:
    word = lab.rules.ptr_size
    elem = _elem(lab, go_type)
    there = _pointee(lab, _word(lab, row, offset), elem)
    if not isinstance(there, Pointee):
        return there
    size = _word(lab, row, offset + word)
    cap = size if go_type.kind == "string" else _word(lab, row, offset + 2 * word)
    return Elements(*there, size, cap)


def _elem(lab: Program, go_type: GoType) -> GoType | None:
    """Return what a pointer, slice or string leads to, None where its type's text doesn't tell (a declared one)."""
    if go_type.kind == "string":
        return lab.type_of("byte")
    before = {"ptr": "*", "slice": "[]"}.get(go_type.kind)
    if before is None or not go_type.expr.startswith(before):
        return None
    try:
        return lab.type_of(go_type.expr.removeprefix(before))
    except ScenarioError:  # a name of another text: the object that is there tells
        return None


# storing


def stores(lab: Program, name: str, at: Pointer, go_type: GoType, value: Any) -> tuple[ops.Op, ...]:
    """Return the operations that store a value of a type at a place of an object.

    Args:
        lab: whose program it is.
        name: what the place is called, for errors.
        at: where.
        go_type: what stands there.
        value: what to store; see `Ptr.set`.

    Raises:
        ArgumentError: the value is of another type.
        ScenarioError: the model does not follow what stands there.

    """
    kind = go_type.kind
    if kind in POINTERS or kind in NIL_ALONE:
        return (_store(lab, name, at, _target(lab, name, go_type, value)),)
    if kind in ("slice", "string"):
        return _slice_stores(lab, name, at, go_type, value)
    if kind in WHOLE or kind == "bool" or kind in FLOATS:
        return (ops.Write(at.object, at.offset, _bits(name, go_type, value)),)
    fields = "a field of it, one by one" if kind == "struct" else "an element of it"
    what = fields if kind in ("struct", "array") else f"no value: the model follows no {kind}'s words"
    raise ArgumentError(name, value, f"{what} (it is {elided(go_type.expr)})")


def _bits(name: str, go_type: GoType, value: Any) -> int:
    """Return the bits of a pointer-free value, as `Write` takes them."""
    kind = go_type.kind
    if kind == "bool":
        if not isinstance(value, bool):
            raise ArgumentError(name, value, "True or False: a bool")
        return int(value)
    if kind in FLOATS:
        as_float, as_bits = FLOATS[kind]
        bits: int = struct.unpack(as_bits, _packed(name, as_float, value, f"a number: a {kind}"))[0]
        return bits
    number, there = as_int(value), _range(go_type)
    if number is None or number not in there:
        raise ArgumentError(
            name, value, f"a whole number from {there.start:,} to {there.stop - 1:,}: {_a(go_type)}"
        )
    return number


def _packed(name: str, form: str, value: Any, what: str) -> bytes:
    """Return the bytes of a number of whatever library, unless it is none, or too large."""
    if not isinstance(value, bool) and isinstance(value, Real):
        with suppress(OverflowError):
            return struct.pack(form, float(value))
    raise ArgumentError(name, value, what)


def _a(go_type: GoType) -> str:
    article = "an" if go_type.expr[0] in "aeio" else "a"
    return f"{article} {elided(go_type.expr)}"


def _store(lab: Program, name: str, at: Pointer, target: int) -> ops.Store:
    addr, *_, chunk = lab.world.ledger.row(at.object)
    if chunk < 0:
        raise ScenarioError(
            f"{name}: its object lies on the heap, whose memory the model does not hold; only objects in a chunk "
            f"have pointers that can be changed"
        )
    return ops.Store(addr + at.offset, target)


def _target(lab: Program, name: str, go_type: GoType, value: Any) -> int:
    """Return the address that a pointer of a type shall hold.

    Raises:
        ArgumentError: the value is no such pointer.

    """
    if value is None:
        return 0
    if go_type.kind in NIL_ALONE:
        raise ArgumentError(name, value, f"None, for nil: the model follows no {go_type.kind}")
    wanted = f"a pointer of type {elided(go_type.expr)}, or None for nil"
    if not isinstance(value, Place) or isinstance(value, Stretch):
        raise ArgumentError(name, value, wanted)
    if go_type.expr.startswith("*") and go_type.expr != f"*{value.type.expr}":
        raise ArgumentError(name, value, wanted)
    return _address(lab, name, value)


def _address(lab: Program, name: str, value: Place) -> int:
    if value.lab is not lab:
        raise ArgumentError(name, value, "a pointer of the same lab (this one is of another)")
    if not value.addr:
        raise ArgumentError(
            name, value, "a pointer into a chunk (the model gives objects on the heap no address)"
        )
    return value.addr


def _slice_stores(lab: Program, name: str, at: Pointer, go_type: GoType, value: Any) -> tuple[ops.Op, ...]:
    """Return the stores of a slice's or a string's words: pointer, len and, of a slice, cap."""
    elem = "byte" if go_type.kind == "string" else go_type.expr.removeprefix("[]")
    if value is None:
        target, sizes = 0, (0, 0)
    elif isinstance(value, Stretch) and value.type.expr == elem:
        target, sizes = _address(lab, name, value), (value.len, value.cap)
    else:
        raise ArgumentError(
            name, value, f"a slice of {elided(elem)}, as a.make_slice returns it, or None for nil"
        )
    word, words = lab.rules.ptr_size, sizes[: 1 if go_type.kind == "string" else 2]
    writes = (ops.Write(at.object, at.offset + word * (n + 1), size) for n, size in enumerate(words))
    return (_store(lab, name, at, target), *writes)
