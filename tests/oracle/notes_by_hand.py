"""Notes as a watched program's runtime would have left them, written by hand."""

import struct

from arenalab.oracle.watch.convert import convert
from arenalab.oracle.watch.descriptions import TYPE
from arenalab.oracle.watch.notes import FRONT_AT, MAGIC, Kind, Notes

MIB8, BASE, POINTERS = 8 << 20, 0x40C0_0000_0000, 0x4A_0000
HANDLES = [0xC0_0001_0000 + number * 48 for number in range(8)]


def chunk(number, offset=0):
    return BASE + number * MIB8 + offset


def by(handle, goroutine, kind, number=0, *rest):
    """A note of a handle by a goroutine, which stands beside the kind."""
    return (kind | goroutine << 16, number, HANDLES[handle], *rest)


def made(handle, number, *, goroutine=1, fresh=True):
    """NewArena, with its chunk from the ready list or from the reuse list."""
    want = [by(handle, goroutine, Kind.WANT), (Kind.CHUNK | goroutine << 16, 0, chunk(number))]
    got = [by(handle, goroutine, kind, 0, chunk(number)) for kind in (Kind.GOT, Kind.ARENA)]
    return [*(want if fresh else []), *got]


def placed(handle, number, offset, *, goroutine=1):
    """New of a type of 16 bytes with pointers."""
    return [by(handle, goroutine, Kind.ALLOC, 0, chunk(number, offset), POINTERS)]


def freed(handle, number, *, refs=1, goroutine=1, used=None):
    """Free, its active chunk put on the reuse list; `used`: bytes at its front, where that is told."""
    front, back = (0, []) if used is None else (used // 8 * 2**FRONT_AT, [(MIB8 + 1) * 2])
    return [
        by(handle, goroutine, Kind.FREE, refs + front, chunk(number), *back),
        by(handle, goroutine, Kind.REUSE, 0, chunk(number)),
        by(handle, goroutine, Kind.FREED),
    ]


def description(kind, *words, text=b""):
    """A description: its length in words, its kind, its words, its text."""
    padded = text.ljust(-(-len(text) // 8) * 8, b"\0")
    words = [2 + len(words) + len(padded) // 8, kind, *words]
    return struct.pack(f"<{len(words)}Q", *words) + padded


def typed(address, name, mask=b"\x03"):
    """A struct of 16 bytes."""
    return description(TYPE, address, 16, 16, 8 | 8 << 8 | 25 << 16, len(name), len(mask), text=name + mask)


PAIR = typed(POINTERS, b"pair")


def notes_of(path, notes, *, described=PAIR, asked=None, other_processes=0, last=(), lie=None):
    """The file's notes; `asked` when the program had more than fit, `last` with their numbers then.

    `lie`: their numbers as they lie in the file, where several Ps wrote. Kind 0: the program died over that one.
    """
    asked = len(notes) if asked is None else asked
    late = max(asked - len(notes), len(last))
    words = [MAGIC, asked, MIB8, MIB8 // 4, 64 << 20, 8192, 1]
    words += [other_processes << 32 | 4711, *struct.unpack("<8Q", b"go1.21.13 X:arenas".ljust(64, b"\0"))]
    words += [len(described), len(described), len(notes), len(last), 0, 1, len(notes), late, *[0] * 8]
    first = zip(range(len(notes)) if lie is None else lie, notes, strict=True)
    body = [[number + 1 if note[0] else 0, *_five(*note)] for number, note in [*first, *last]]
    text = struct.pack("<32Q", *words) + described
    path.write_bytes(text + b"".join(struct.pack(f"<{len(each)}Q", *each) for each in body))
    return Notes.read(path)


def _five(*note):
    return [value % 2**64 for value in (*note, 0, 0, 0, 0)[:5]]


def all_rows_of(path, notes, **header):
    """The rows that `convert` makes of them."""
    return list(convert(notes_of(path, notes, **header), program="by hand", exit_code=0))


def rows_of(path, notes, **header):
    """The rows without types: header, operations, end."""
    rows = all_rows_of(path, notes, **header)
    return rows[0], [row for row in rows if "op" in row], rows[-1]
