"""Follow a watched program's notes and turn them into a recording's rows, each with its place.

A goroutine may be interrupted between obtaining a chunk and the note of its operation. So an
operation is placed where it obtained its first chunk, and a free where its active chunk went to the
reuse list (in a sanitizer's build, which never fills that list, where its last chunk had been let
go): that is the order in which the lists saw them. One exception: refill looks at the reuse list
first and may then wait for the collector before it gets a new chunk. What lies on the list when it
gets it was put there meanwhile, so those frees are placed behind it; where the phase changed
on the way, what depends on it is left out.

What kept a quarantined chunk from being recycled (some pointer, somewhere) is not known; a pair
of `hold` and `unhold` rows, marked `inferred`, stands for it.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from arenalab.oracle.watch.known import AT_ZEROBASE, Arena, Key, Quarantined, Row, extend
from arenalab.oracle.watch.notes import BUILD_MODES, CYCLE, Kind, Note, Notes, Setting

MARK, OFF = 1, 0
MAIN = 1  # the id of the goroutine that runs main


@dataclass
class Follower:
    """Turns notes into keyed rows.

    Attributes:
        notes: what is followed.
        rows: the rows with their places, in no order.
        types: descriptor -> number of the type, in order of use.
        places: heapArena -> number of its first chunk.
        shared: arena -> the goroutines that allocated from it, where there are several.
        sites: number of a line that called -> its place in the header's list.
        asked: place of an allocation's note -> its row, for the places that somebody put there.
        settings: what the program ran with at its start.
        changed: the settings that it changed later.
        strange: notes of arenas that nobody saw made.
    """

    notes: Notes
    rows: list[tuple[Key, Row]] = field(default_factory=list)
    types: dict[int, int] = field(default_factory=dict)  # descriptor -> number, in order
    places: dict[int, int] = field(default_factory=dict)  # heapArena -> number of its first chunk
    arenas: dict[int, Arena] = field(default_factory=dict)  # by handle
    obtained: dict[int, int] = field(default_factory=dict)  # chunk -> note, until it is known by whom
    frees: list[tuple[int, int]] = field(default_factory=list)  # row, and the note at its beginning
    on_reuse: list[int] = field(default_factory=list)  # rows of the frees whose chunks are on the reuse list
    changes: list[tuple[int, Row]] = field(default_factory=list)  # of the phase: note and row
    since: dict[int, int] = field(default_factory=dict)  # handle -> note where its operation got a chunk
    last_in: dict[int, tuple[Key, int]] = field(default_factory=dict)  # chunk -> last allocation and arena
    listed: set[int] = field(default_factory=set)  # chunks on the fault list
    quarantine: dict[int, Quarantined] = field(default_factory=dict)
    due: dict[int, Quarantined] = field(default_factory=dict)  # quarantined when marking began
    marked_at: Key = (0, 0)
    phase: int = OFF
    finish: Row = field(default_factory=dict)
    numbers: count[int] = field(default_factory=count)
    holds: count[int] = field(default_factory=count)
    joined: tuple[int, ...] | None = None  # goroutine, handle, type, chunk, site of the last single value
    strange: int = 0
    shared: dict[int, set[int]] = field(default_factory=dict)
    sites: dict[int, int] = field(default_factory=dict)
    asked: dict[int, Row | None] = field(default_factory=dict)
    settings: dict[int, int] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        names = {int(kind): f"_{kind.name.lower()}" for kind in Kind}
        self.takers: dict[int, Callable[[Note], None]] = {
            kind: getattr(self, name) for kind, name in names.items()
        }

    def take(self, note: Note) -> None:
        """Follow one note."""
        self.takers[note.kind](note)

    def add(self, key: Key, row: Row) -> None:
        """Put a row at a place among the notes."""
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

    @property
    def build_mode(self) -> str:
        """What the program was built with: "plain", "race", "msan" or "asan"."""
        return BUILD_MODES[self.settings.get(Setting.MODE, 0)]

    def unfinished(self) -> Key | None:
        """Where the first operation began that the program's end, or the limit, cut off in the middle."""
        frees = (arena.freeing_at for arena in self.arenas.values() if arena.freeing)
        cut = [*self.obtained.values(), *self.since.values(), *frees]
        return (min(cut), 0) if cut else None

    def _setting(self, note: Note) -> None:
        value = note.first - 2**64 if note.first >= 2**63 else note.first
        if note.number == Setting.GOMEMLIMIT and value < 0:
            return  # the program asked what it is
        if self.settings.setdefault(note.number, value) != value:
            self.changed.add(note.number)

    def _chunk(self, note: Note) -> None:
        self.obtained[note.first] = note.at
        self.chunk_number(note.first)
        for order, free in enumerate(self.on_reuse, 2):
            self.rows[free] = ((note.at, order), self.rows[free][1])

    def _want(self, note: Note) -> None:
        """Refill found the reuse list empty."""

    def _listed(self, note: Note) -> None:
        """Free put a full chunk on the fault list."""

    def _end(self, note: Note) -> None:
        """The program is about to end: see `ended`."""

    def _took(self, note: Note) -> None:
        """Free took the fault list, to set its chunks to fault."""

    def _cycle(self, note: Note) -> None:
        counters = zip(CYCLE.get(note.number, ()), (note.first, note.second, note.third), strict=False)
        self.finish.setdefault("real", {}).update(counters)

    def _got(self, note: Note) -> None:
        handle, base = note.first, note.second
        at = self.obtained.pop(base, None)
        if at is None:
            at = note.at
            if self.on_reuse:
                self.on_reuse.pop()
        self.since[handle] = min(self.since.get(handle, at), at)
        self.arenas.setdefault(handle, Arena(-1)).chunks.append(base)

    def _arena(self, note: Note) -> None:
        arena = self.arenas.setdefault(note.first, Arena(-1))
        arena.number = next(self.numbers)
        row = {"op": "new_arena", "arena": arena.number}
        row |= {"active": self.chunk_number(note.second), "base": hex(note.second)} | self._who(note)
        self.add((self.since.pop(note.first, note.at), 0), row)

    def _alloc(self, note: Note) -> None:
        arena = self.arenas.get(note.first)
        if arena is None or arena.number < 0 or note.third not in self.notes.types:
            self.strange += 1
            return
        number = self.types.setdefault(note.third, len(self.types))
        self._used(arena, note.by)
        base = self.chunk_of(note.second)
        if self._repeats(note, arena.number, number, base):
            chunk, offset = (self.chunk_number(base), note.second - base) if base else (AT_ZEROBASE, 0)
            extend(self.rows[-1][1], chunk, offset)
            self._show(note)
            return
        row: Row = {"op": "slice" if note.number else "new", "arena": arena.number, "type": number}
        row |= ({"cap": note.number - 1} if note.number else {}) | self._who(note)
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
        self.joined = self._same(note, base) if not note.number and row["at"] != "heap" else None
        self._show(note)

    def _who(self, note: Note) -> Row:
        """The goroutine, where it isn't main's, and the line that called, where it is known."""
        by = {"g": note.by} if note.by != MAIN else {}
        return by | ({"site": self.sites[note.site]} if note.site in self.sites else {})

    def _same(self, note: Note, base: int) -> tuple[int, ...]:
        return note.by, note.first, note.third, base, self.sites.get(note.site, -1)

    def _used(self, arena: Arena, goroutine: int) -> None:
        arena.users.add(goroutine)
        if len(arena.users) > 1:
            self.shared[arena.number] = arena.users

    def _show(self, note: Note) -> None:
        """Keep the row of an allocation that somebody asks for."""
        if note.at in self.asked:
            self.asked[note.at] = self.rows[-1][1]

    def _repeats(self, note: Note, arena: int, number: int, base: int) -> bool:
        """Whether this is the value before it once more: same arena, type and chunk, nothing between."""
        if note.number or self.joined != self._same(note, base) or note.first in self.since:
            return False
        last = self.rows[-1][1]
        return last["op"] in ("new", "rep") and (last["arena"], last["type"]) == (arena, number)

    def _free(self, note: Note) -> None:
        arena = self.arenas.get(note.first)
        if arena is None:
            self.strange += 1
            return
        row = {"op": "free", "arena": arena.number, "nfull": note.number - 1, "nrefs": note.number}
        row |= {"was_active": self.chunk_number(note.second) if note.second else None, "phase": self.phase}
        arena.freeing = row | ({"finalizer": True} if note.third else {}) | self._who(note)
        arena.freeing_at = note.at
        if self.phase != OFF:
            self.listed.update(arena.chunks[:-1] if self.build_mode == "plain" else arena.chunks)

    def _reuse(self, note: Note) -> None:
        if self._let_arena_go(note):
            self.on_reuse.append(len(self.rows) - 1)
        else:
            self.strange += 1

    def _freed(self, note: Note) -> None:
        self._let_arena_go(note)  # in a plain build it went with its active chunk

    def _let_arena_go(self, note: Note) -> bool:
        """Place the free that is under way; say whether there was one."""
        arena = self.arenas.get(note.first)
        if arena is None or arena.freeing is None or arena.number < 0:
            return False
        self.frees.append((len(self.rows), arena.freeing_at))
        self.add((note.at, 0), arena.freeing)
        del self.arenas[note.first]
        return True

    def _fault(self, note: Note) -> None:
        base = note.first
        if base in self.listed:
            self.listed.discard(base)
            self.finish.setdefault("faulted", []).append(self.chunk_number(base))
        key, number = self.last_in.get(base, (None, -1))
        self.quarantine[base] = Quarantined(key, number)

    def _phase(self, note: Note) -> None:
        if note.first == MARK:
            self.due = dict(self.quarantine)
            self.marked_at = (note.at, 0)
            self._change(note.at, {"op": "mark_begin", "phase": MARK})
        elif note.first == OFF and self.phase != OFF:
            self.finish = {"op": "finish_mark", "faulted": []}
            self._change(note.at, self.finish)
        self.phase = note.first

    def _change(self, at: int, row: Row) -> None:
        self.changes.append((at, row))
        self.add((at, 0), row)

    def settle(self) -> None:
        """Leave out what is not so where a free now stands: it began before a change of phase, or after."""
        places = [at for at, _ in self.changes]
        for index, began in self.frees:
            (at, _), free = self.rows[index]
            crossed = self.changes[bisect(places, began) : bisect(places, at)]
            if crossed:
                free.pop("phase")
            if crossed and free["nfull"]:
                for _, row in crossed:
                    row.pop("faulted", None)

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

    def _keep(self, held: Quarantined) -> None:
        """Infer a pointer to a chunk that was marked though nobody owned it."""
        if held.last is None:
            self.strange += 1
        elif held.hold is None:
            held.hold = next(self.holds)
            row = {"op": "hold", "hold": held.hold, "arena": held.number, "inferred": True}
            self.add((held.last[0], 1), row)
        held.until = (self.marked_at[0], 1)

    def _let_go(self, held: Quarantined) -> None:
        if held.hold is not None and held.until is not None:
            self.add(held.until, {"op": "unhold", "hold": held.hold, "inferred": True})
