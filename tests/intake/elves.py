"""ELF files made by hand, with the types of a Go program in them."""

import struct

from arenalab.intake.tables import TypeRow

BASE, DATA = 0x400000, 0x1000  #: where the linker puts the file's one segment; its place in the file.
WORDS = {
    "int": (2, [0]),
    "pointer": (22, [1]),
    "interface": (20, [0, 1]),
    "string": (24, [1, 0]),
    "slice": (23, [1, 0, 0]),
}


class Program:
    """A program's read-only data: types are (kind, name, parts) and come back as their addresses."""

    def __init__(self, moves=False):
        self.data = bytearray(8)
        self.known, self.masks, self.names, self.rows = {}, {}, {}, []
        self.moves, self.pointers = moves, []
        self.base = 0 if moves else BASE

    def put(self, data):
        self.data += bytes(-len(self.data) % 8)
        at = len(self.data)
        self.data += data
        return self.base + DATA + at

    def point(self, at, to):
        """Write a pointer, or leave it to the loader."""
        if self.moves:
            self.pointers.append((at, to))
        else:
            struct.pack_into("<Q", self.data, at - self.base - DATA, to)

    def type(self, shape, how="mask"):
        """Add a type: a name of `WORDS`, ("array", shape, count) or ("struct", shapes); return its address."""
        if shape in self.known:
            return self.known[shape]
        if isinstance(shape, str):
            kind, mask = WORDS[shape]
            parts = []
        elif shape[0] == "array":
            kind, parts = 17, [self.type(shape[1])]
            mask = self.masks[parts[0]] * shape[2]
        else:
            kind, parts = 25, [self.type(each) for each in shape[1]]
            mask = [bit for each in parts for bit in self.masks[each]]
        return self._add(shape, kind, parts, mask, how)

    def _add(self, shape, kind, parts, mask, how):
        held = 8 * max((place + 1 for place, bit in enumerate(mask) if bit), default=0)
        name = f"main.t{len(self.known)}".encode()
        at_name = self.put(b"\0" + bytes([len(name)]) + name)
        flag, kind_bits = {"mask": (0, 0), "demand": (16, 0), "program": (0, 64)}[how]
        head = (8 * len(mask), held, 0, flag, 8, 8, kind + kind_bits, 0, 0, at_name - self.base, 0)
        at = self.put(struct.pack("<QQIBBBBQQii", *head) + bytes(32))
        if how == "mask" and held:
            bits = int("".join(map(str, reversed(mask[: held // 8]))), 2)
            self.point(at + 32, self.put(bits.to_bytes(-(-held // 64), "little")))
        if kind == 17:
            self.point(at + 48, parts[0])
            struct.pack_into("<Q", self.data, at - self.base - DATA + 64, shape[2])
        if kind == 25 and parts:
            fields = self.put(bytes(24 * len(parts)))
            self.point(at + 56, fields)
            struct.pack_into("<Q", self.data, at - self.base - DATA + 64, len(parts))
            offset = 0
            for number, part in enumerate(parts):
                self.point(fields + 24 * number + 8, part)
                struct.pack_into("<Q", self.data, fields + 24 * number + 16 - self.base - DATA, offset)
                offset += 8 * len(self.masks[part])
        self.known[shape], self.masks[at] = at, mask
        self.rows.append(TypeRow(at, 8 * len(mask), held, name.decode()))
        return at

    def file(self):
        """Return the ELF file's bytes."""
        body = bytes(self.data)
        headers = [(1, 4, DATA, self.base + DATA, len(body))]
        if self.moves:
            entries = b"".join(struct.pack("<QQq", at, 8, to) for at, to in self.pointers)
            table = DATA + len(body)
            dynamic = struct.pack("<8Q", 7, table, 8, len(entries), 9, 24, 0, 0)
            body += entries + dynamic
            last = table + len(entries)
            headers = [(1, 4, DATA, DATA, len(body)), (2, 4, last, last, len(dynamic))]
        ident = b"\x7fELF" + bytes([2, 1, 1]) + bytes(9)
        sizes = (64, 0, 0, 64, 56, len(headers), 64, 0, 0)
        head = ident + struct.pack("<HHIQQQIHHHHHH", 2 + self.moves, 62, 1, 0, *sizes)
        for kind, flags, at, where, size in headers:
            head += struct.pack("<IIQQQQQQ", kind, flags, at, where, where, size, size, 8)
        return head.ljust(DATA, b"\0") + body
