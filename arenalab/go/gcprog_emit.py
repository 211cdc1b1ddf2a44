"""The GC program that the compiler writes for a type.

Follows gcProg.emit of cmd/compile's reflectdata, Go 1.21 (programs are gone since 1.24).
"""

from __future__ import annotations

from arenalab.go.gcprog import ProgramWriter, should_repeat
from arenalab.go.types import GoType


def write_program(go_type: GoType, ptr_size: int = 8) -> tuple[bytes, int]:
    """Return the compiler's program for a type, and how many bits it describes.

    Go: dgcprog, cmd/compile/internal/reflectdata/reflect.go, 1.21.
    Raises ProgramError when the program would be longer than MAX_PROGRAM_BYTES.
    """
    writer = ProgramWriter()
    _emit(writer, go_type, 0, ptr_size)
    return writer.end(), writer.index


def _emit(writer: ProgramWriter, go_type: GoType, offset: int, ptr_size: int) -> None:
    """Describe one value at byte `offset`. Go: (*gcProg).emit, reflect.go, 1.21."""
    if not go_type.ptr_data_bytes:
        return
    if go_type.fields is not None and go_type.size != ptr_size:
        for field in go_type.fields:
            _emit(writer, field.type, offset + field.offset, ptr_size)
    elif go_type.elem is not None and go_type.length is not None and go_type.size != ptr_size:
        _emit_array(writer, go_type, offset, ptr_size)
    else:  # one pointer: in the first word, or in the second of an interface
        writer.ptr((offset + go_type.ptr_data_bytes) // ptr_size - 1)


def _emit_array(writer: ProgramWriter, go_type: GoType, offset: int, ptr_size: int) -> None:
    """Describe an array, arrays of arrays flattened into one. Go: case TARRAY of (*gcProg).emit."""
    count, elem = 1, go_type
    while elem.elem is not None and elem.length is not None:
        count, elem = count * elem.length, elem.elem
    elem_words = elem.size // ptr_size
    if not should_repeat(elem_words, count):
        for i in range(count):
            _emit(writer, elem, offset + i * elem.size, ptr_size)
        return
    _emit(writer, elem, offset, ptr_size)
    writer.zero_until((offset + elem.size) // ptr_size)
    writer.repeat(elem_words, count - 1)
