"""Make a recording of a watched program's notes.

The header says `"observed": "partial"`: a fact that is absent was not looked at. The collector
works beside the program, so a cycle is written in its parts: `mark_begin`, `finish_mark`,
`sweep_step` for each chunk.

A goroutine may be interrupted between obtaining a chunk and the note of its operation. So an
operation is placed where it obtained its first chunk (or, if the reuse list grew meanwhile, where
it had found that list empty), and a free where its active chunk went to the reuse list: that is
the order in which the lists saw them.

What kept a quarantined chunk from being recycled (some pointer, somewhere) is not known; a pair
of `hold` and `unhold` rows, marked `inferred`, stands for it.
"""

from __future__ import annotations

import hashlib
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from arenalab.go.gcprog import program_mask
from arenalab.oracle.record import FORMAT, HEX_LIMIT
from arenalab.oracle.watch.notes import Described, Kind, Note, Notes

Row = dict[str, Any]
Key = tuple[int, int]  # place among the notes; 1 for what is inferred right after it
MARK, OFF = 1, 0
AT_ZEROBASE = -2


def convert(notes: Notes, *, program: str, exit_code: int) -> Iterator[Row]:
    """The rows of the recording, in order."""
    notes.read_types()
    follower = _Follower(notes)
    for note in notes:
        follower.take(note)
    rows = [row for _, row in sorted(follower.rows, key=lambda pair: pair[0])]
    yield {
        "oracle": FORMAT,
        "seed": program,
        "profile": "program",
        "snapshot": "0",
        "bits": "hash",
        "nops": len(rows),
        "observed": "partial",
    }
    for index, address in enumerate(follower.types):
        yield type_row(index, notes.types[address])
    yield {
        "start": {
            "chunk": notes.chunk,
            "maxalloc": notes.max_alloc,
            "heaparena": notes.heap_arena,
            "page": notes.page,
            "go": notes.version,
            "abs": {},
        }
    }
    for index, row in enumerate(rows):
        yield {"i": index} | row
    end: Row = {"end": {"ops": len(rows), "chunks": len(follower.places) * notes.heap_arena // notes.chunk}}
    yield end | {"exit": exit_code, "lost": notes.lost + follower.strange}


@dataclass
class _Arena:
    """What is known of a live arena: its number, its chunks in order, its free in progress."""

    number: int
    chunks: list[int] = field(default_factory=list)
    freeing: Row | None = None


@dataclass
class _Quarantined:
    """A chunk set to fault: the last allocation in it, and where a hold was inferred."""

    last: Key | None
    number: int
    hold: int | None = None
    until: Key | None = None


@dataclass
class _Follower:
    """Turns notes into keyed rows."""

    notes: Notes
    rows: list[tuple[Key, Row]] = field(default_factory=list)
    types: dict[int, int] = field(default_factory=dict)  # descriptor -> number, in order
    places: dict[int, int] = field(default_factory=dict)  # heapArena -> number of its first chunk
    arenas: dict[int, _Arena] = field(default_factory=dict)  # by handle
    obtained: dict[int, int] = field(default_factory=dict)  # chunk -> note, until it is known by whom
    wanted: dict[int, int] = field(default_factory=dict)  # handle -> note where the reuse list was empty
    pushed: list[int] = field(default_factory=list)  # notes where the reuse list grew
    since: dict[int, int] = field(default_factory=dict)  # handle -> note where its operation got a chunk
    last_in: dict[int, tuple[Key, int]] = field(default_factory=dict)  # chunk -> last allocation and arena
    listed: set[int] = field(default_factory=set)  # chunks on the fault list
    quarantine: dict[int, _Quarantined] = field(default_factory=dict)
    due: dict[int, _Quarantined] = field(default_factory=dict)  # quarantined when marking began
    marked_at: Key = (0, 0)
    phase: int = OFF
    finish: Row = field(default_factory=dict)
    numbers: count[int] = field(default_factory=count)
    holds: count[int] = field(default_factory=count)
    joined: tuple[int, int, int] | None = None  # handle, type and chunk of the last single value
    strange: int = 0  # notes of arenas that began before the first note, or were cut off

    def __post_init__(self) -> None:
        names = {int(kind): f"_{kind.name.lower()}" for kind in Kind if kind != Kind.TYPE}
        self.takers: dict[int, Callable[[Note], None]] = {
            kind: getattr(self, name) for kind, name in names.items()
        }

    def take(self, note: Note) -> None:
        """Follow one note."""
        self.takers[note.kind](note)

    def add(self, key: Key, row: Row) -> None:
        self.rows.append((key, row))

    def chunk_number(self, base: int) -> int:
        """Number chunks heapArena by heapArena, as the ready list hands them out."""
        start = base // self.notes.heap_arena
        per_arena = self.notes.heap_arena // self.notes.chunk
        first = self.places.setdefault(start, len(self.places) * per_arena)
        return first + base % self.notes.heap_arena // self.notes.chunk

    def chunk_of(self, address: int) -> int:
        """The base of the chunk that holds an address, 0 if none."""
        base = address // self.notes.chunk * self.notes.chunk
        return base if base // self.notes.heap_arena in self.places else 0

    def _chunk(self, note: Note) -> None:
        self.obtained[note.first] = note.at
        self.chunk_number(note.first)

    def _want(self, note: Note) -> None:
        self.wanted[note.first] = note.at

    def _got(self, note: Note) -> None:
        handle, base = note.first, note.second
        at = self.obtained.pop(base, note.at)
        wanted = self.wanted.pop(handle, at)
        if bisect(self.pushed, at) > bisect(self.pushed, wanted):
            # Between the look at the empty reuse list and the chunk, that list got another one.
            at = wanted
        self.since[handle] = min(self.since.get(handle, at), at)
        self.arenas.setdefault(handle, _Arena(-1)).chunks.append(base)

    def _arena(self, note: Note) -> None:
        arena = self.arenas.setdefault(note.first, _Arena(-1))
        arena.number = next(self.numbers)
        row = {"op": "new_arena", "arena": arena.number}
        row |= {"active": self.chunk_number(note.second), "base": hex(note.second)}
        self.add((self.since.pop(note.first, note.at), 0), row)

    def _alloc(self, note: Note) -> None:
        arena = self.arenas.get(note.first)
        if arena is None or arena.number < 0 or note.third not in self.notes.types:
            self.strange += 1
            return
        number = self.types.setdefault(note.third, len(self.types))
        base = self.chunk_of(note.second)
        if self._repeats(note, arena.number, number, base):
            chunk, offset = (self.chunk_number(base), note.second - base) if base else (AT_ZEROBASE, 0)
            _extend(self.rows[-1][1], chunk, offset)
            return
        row: Row = {"op": "slice" if note.number else "new", "arena": arena.number, "type": number}
        row |= {"cap": note.number - 1} if note.number else {}
        key = (self.since.pop(note.first, note.at), 0)
        if base:
            row |= {
                "at": "chunk",
                "chunk": self.chunk_number(base),
                "base": hex(base),
                "off": note.second - base,
            }
            self.last_in[base] = (key, arena.number)
        else:
            row["at"] = "zerobase" if note.second == self.notes.zerobase else "heap"
        self.add(key, row)
        self.joined = (note.first, note.third, base) if not note.number and row["at"] != "heap" else None

    def _repeats(self, note: Note, arena: int, number: int, base: int) -> bool:
        """Whether this is the value before it once more: same arena, type and chunk, nothing between."""
        if note.number or self.joined != (note.first, note.third, base) or note.first in self.since:
            return False
        last = self.rows[-1][1]
        return last["op"] in ("new", "rep") and (last["arena"], last["type"]) == (arena, number)

    def _free(self, note: Note) -> None:
        arena = self.arenas.get(note.first)
        if arena is None:
            self.strange += 1
            return
        row = {"op": "free", "arena": arena.number, "nfull": note.number - 1, "nrefs": note.number}
        row |= {"was_active": self.chunk_number(note.second), "phase": self.phase}
        arena.freeing = row | ({"finalizer": True} if note.third else {})
        if self.phase != OFF:
            self.listed.update(arena.chunks[:-1])

    def _reuse(self, note: Note) -> None:
        self.pushed.append(note.at)
        arena = self.arenas.pop(note.first, None)
        if arena is None or arena.freeing is None or arena.number < 0:
            self.strange += 1
            return
        self.add((note.at, 0), arena.freeing)

    def _fault(self, note: Note) -> None:
        base = note.first
        if base in self.listed:
            self.listed.discard(base)
            self.finish.setdefault("faulted", []).append(self.chunk_number(base))
        key, number = self.last_in.get(base, (None, -1))
        self.quarantine[base] = _Quarantined(key, number)

    def _phase(self, note: Note) -> None:
        if note.first == MARK:
            self.due = dict(self.quarantine)
            self.marked_at = (note.at, 0)
            self.add((note.at, 0), {"op": "mark_begin", "phase": MARK})
        elif note.first == OFF and self.phase != OFF:
            self.finish = {"op": "finish_mark", "faulted": []}
            self.add((note.at, 0), self.finish)
        self.phase = note.first

    def _sweep(self, note: Note) -> None:
        kept = note.second != 0
        row = {"op": "sweep_step", "chunk": self.chunk_number(note.first), "kept": kept}
        self.add((note.at, 0), row)
        held = self.quarantine.get(note.first)
        if held is None:
            return
        if not kept:
            self._let_go(self.quarantine.pop(note.first))
        elif self.due.get(note.first) is held:
            self._keep(held)

    def _keep(self, held: _Quarantined) -> None:
        """Infer a pointer to a chunk that was marked though nobody owned it."""
        if held.last is None:
            self.strange += 1
        elif held.hold is None:
            held.hold = next(self.holds)
            row = {"op": "hold", "hold": held.hold, "arena": held.number, "inferred": True}
            self.add((held.last[0], 1), row)
        held.until = (self.marked_at[0], 1)

    def _let_go(self, held: _Quarantined) -> None:
        if held.hold is not None and held.until is not None:
            self.add(held.until, {"op": "unhold", "hold": held.hold, "inferred": True})


def _extend(rep: Row, chunk: int, offset: int) -> None:
    """Let a row stand for one more value of its arena and type, in the same chunk."""
    if rep["op"] == "new":
        first = [rep.pop("chunk", AT_ZEROBASE), rep.pop("off", 0), 0, 1]
        for key in ("at", "base"):
            rep.pop(key, None)
        rep |= {"op": "rep", "n": 1, "runs": [first]}
    rep["n"] += 1
    run = rep["runs"][-1]
    if run[3] == 1:
        run[2], run[3] = offset - run[1], 2
    elif offset == run[1] + run[2] * run[3]:
        run[3] += 1
    else:
        rep["runs"].append([chunk, offset, 0, 1])


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
