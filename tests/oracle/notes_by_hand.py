"""Notes as a watched program's runtime would have left them, written by hand."""

import struct

from arenalab.oracle.watch.convert import convert
from arenalab.oracle.watch.notes import MAGIC, Kind, Notes

MIB8, BASE, POINTERS = 8 << 20, 0x40C0_0000_0000, 0x4A_0000
HANDLES = [0xC0_0001_0000 + number * 48 for number in range(8)]


def chunk(number, offset=0):
    return BASE + number * MIB8 + offset


def by(handle, goroutine):
    """A handle as goroutine `goroutine` notes it."""
    return HANDLES[handle] | (goroutine + 1) << 48


def made(handle, number, *, goroutine=1, fresh=True):
    """NewArena, with its chunk from the ready list or from the reuse list."""
    handle = by(handle, goroutine)
    want = [(Kind.WANT, 0, handle, 0), (Kind.CHUNK, 0, chunk(number), 0)] if fresh else []
    return [*want, (Kind.GOT, 0, handle, chunk(number)), (Kind.ARENA, 1, handle, chunk(number))]


def placed(handle, number, offset, *, goroutine=1):
    """New of a type of 16 bytes with pointers."""
    return [(Kind.ALLOC, 0, by(handle, goroutine), chunk(number, offset), POINTERS)]


def freed(handle, number, *, refs=1):
    """Free, its active chunk put on the reuse list."""
    handle = by(handle, 1)
    return [
        (Kind.FREE, refs, handle, chunk(number), 0),
        (Kind.REUSE, 0, handle, chunk(number)),
        (Kind.FREED, 0, handle, 0),
    ]


TYPE = [
    (Kind.TYPE, 2, POINTERS, 16, 16),
    (8 | 8 << 8 | 25 << 16, 0, 4, 1, 0),
    (int.from_bytes(b"pair\x03", "little"), 0, 0, 0, 0),
]


def notes_of(path, notes, *, asked=None, other_processes=0):
    """The file's notes; `asked` when the program had more than fit."""
    words = [MAGIC, len(notes) if asked is None else asked, MIB8, MIB8 // 4, 64 << 20, 8192, 1]
    words += [other_processes << 32 | 4711, *struct.unpack("<8Q", b"go1.21.13 X:arenas".ljust(64, b"\0"))]
    for kind, number, *rest in notes:
        first, second, third = [value % 2**64 for value in (*rest, 0, 0, 0)[:3]]
        words += [kind | number << 8, first, second, third]
    path.write_bytes(struct.pack(f"<{len(words)}Q", *words))
    return Notes.read(path)


def rows_of(path, notes, **header):
    """The rows that `convert` makes of them: header, operations, end."""
    rows = list(convert(notes_of(path, notes, **header), program="by hand", exit_code=0))
    return rows[0], [row for row in rows if "op" in row], rows[-1]
