"""A recording's type row from what the runtime says of a type."""

from __future__ import annotations

import hashlib
from typing import Any

from arenalab.go.gcprog import program_mask
from arenalab.oracle.record import HEX_LIMIT
from arenalab.oracle.watch.descriptions import Described

Row = dict[str, Any]

KINDS = (
    *("invalid", "bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32"),
    *("uint64", "uintptr", "float32", "float64", "complex64", "complex128", "array", "chan", "func"),
    *("interface", "map", "ptr", "slice", "string", "struct", "unsafe.Pointer"),
)


def type_row(number: int, described: Described) -> Row:
    """A recording's type row; the expression is the name by which the program knows the type."""
    by_program = described.kind // 64 % 2 == 1
    mask = _mask(described, by_program=by_program)
    return {
        "type": number,
        "expr": described.name,
        "size": described.size,
        "align": described.align,
        "fieldalign": described.field_align,
        "ptrbytes": described.ptr_bytes,
        "kind": KINDS[described.kind % 32],
        "rawkind": described.kind,
        "tflag": described.flags,
        "gcprog": by_program,
        "ptrmask": mask,
        "prog": described.data[4:].hex() if by_program else "",
        "offsets": None,
        "array": None,
    }


def _mask(described: Described, *, by_program: bool) -> Row:
    words = described.ptr_bytes // 8
    if by_program:
        mask = program_mask(described.data[4:])
        shown = {"hex": mask.hex()} if words <= HEX_LIMIT else {}
        return {"n": mask.n, "ones": mask.ones, "sha256": mask.sha256()} | shown
    data = described.data
    return {
        "n": words,
        "ones": int.from_bytes(data, "little").bit_count(),
        "sha256": hashlib.sha256(data).hexdigest()[:32],
        "hex": data.hex(),
    }
