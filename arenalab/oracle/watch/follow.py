"""Follow a watched program's notes: which operations there were, and where each took the runtime's locks.

A note that is written with a lock held says in which order the lists saw it, so an operation stands where it took
its lock. Between two locks others can overtake it: refill sees the reuse list empty, lets userArenaState.lock go and
may wait there before it gets a chunk; Free lets a chunk go after the other. Such an operation has several *parts*.

Notes that can't be those of a sound run (a goroutine within two operations, a chunk that nobody asked for) are
`misfits`: told by what is wrong with each, never mended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from arenalab.oracle.watch.collector import Collector
from arenalab.oracle.watch.known import Arena, Entries, Key, UnderWay
from arenalab.oracle.watch.notes import BUILD_MODES, FRONT_AT, Kind, Note, Notes, Setting
from arenalab.oracle.watch.values import ELSEWHERE, IN_CHUNK, UNKNOWN, Piece, Values
from arenalab.truth.packed import Row
from arenalab.world.schedule import CHUNK_FREED, REFILLED, REUSE_EMPTY

MAIN = 1  # the id of the goroutine that runs main
MOST_MISFITS = 20  # that are listed; the others are counted


@dataclass
class Follower:
    """Turns notes into entries.

    Attributes:
        notes: what is followed.
        values: the columns of all allocations.
        entries: the rows and their later parts.
        places: heapArena -> number of its first chunk.
        shared: arena -> the goroutines that allocated from it, where there are several.
        sites: number of a site -> its place among the lines.
        settings: what the program ran with at its start.
        changed: the settings that it changed later.
        undescribed: values of a type that nobody described, for want of room: nobody knows what came after the first.
        cut: where that one's operation began, -1 without any.
        misfits: what is wrong with notes that don't fit together, the first ones.
        misfitting: how many there are.
    """

    notes: Notes
    values: Values
    sites: dict[int, int] = field(default_factory=dict)
    entries: Entries = field(default_factory=Entries)
    places: dict[int, int] = field(default_factory=dict)
    arenas: dict[int, Arena] = field(default_factory=dict)  # by handle
    under: dict[int, UnderWay] = field(default_factory=dict)  # by goroutine
    numbers: count[int] = field(default_factory=count)
    shared: dict[int, set[int]] = field(default_factory=dict)
    shared_handles: set[int] = field(default_factory=set)
    settings: dict[int, int] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    undescribed: int = 0
    cut: int = -1
    misfits: list[str] = field(default_factory=list)
    misfitting: int = 0

    def __post_init__(self) -> None:
        self.gc = Collector(self.entries, self.chunk_number)
        self.takers: dict[int, Callable[[Note], None]] = {
            Kind.ARENA: self._arena, Kind.WANT: self._want, Kind.CHUNK: self._chunk, Kind.GOT: self._got,
            Kind.FREE: self._free, Kind.LISTED: self._listed, Kind.TOOK: self._took, Kind.REUSE: self._part_of_free,
            Kind.FREED: self._freed, Kind.FAULT: self.gc.fault, Kind.PHASE: self.gc.change, Kind.CYCLE: self.gc.cycle,
            Kind.SWEEP: self.gc.sweep, Kind.SETTING: self._setting, Kind.END: lambda _: None,
        }  # fmt: skip

    def take(self, note: Note) -> None:
        """Follow one note that is no allocation."""
        taker = self.takers.get(note.kind)
        if taker is None:
            self.misfit(note.at, f"it is of kind {note.kind}, which there is not")
        else:
            taker(note)

    def misfit(self, at: int, why: str) -> None:
        """Note that a note doesn't fit those before it."""
        self.misfitting += 1
        if len(self.misfits) < MOST_MISFITS:
            self.misfits.append(f"note {at}: {why}")

    def chunk_number(self, base: int) -> int:
        """Number chunks heapArena by heapArena, as the ready list hands them out."""
        start = base // self.notes.heap_arena
        per_arena = self.notes.heap_arena // self.notes.chunk
        first = self.places.setdefault(start, len(self.places) * per_arena)
        return first + base % self.notes.heap_arena // self.notes.chunk

    @property
    def build_mode(self) -> str:
        """What the program was built with: "plain", "race", "msan" or "asan"."""
        return BUILD_MODES[self.settings.get(Setting.MODE, 0)]

    # operations and their parts

    def enter(self, parts: list[tuple[int, str]], row: Row, *, ends: bool = True) -> Key:
        """Put an operation at its first lock and its later parts at theirs; return the place of its last part."""
        last = begun = self.entries.enter((parts[0][0], 0), row, parts[0][1])
        for at, until in parts[1:]:
            last = self.entries.go_on((at, 0), begun, until)
        if ends:
            self.entries.until[last] = ""
        return parts[-1][0], 0

    def _refill(self, note: Note) -> UnderWay:
        """The refill that a note belongs to: a new one, or what its goroutine is within."""
        now = self.under.get(note.by)
        if now is not None and now.handle in (0, note.first) and now.row is None:
            now.handle = note.first
            return now
        if now is not None:
            self.misfit(
                note.at, f"goroutine {note.by} is within an operation on another arena, {now.handle:#x}"
            )
        now = self.under[note.by] = UnderWay(note.by, note.first)
        return now

    def _want(self, note: Note) -> None:
        now = self._refill(note)
        if now.wants or now.chunk:
            self.misfit(note.at, f"goroutine {note.by} looks for a chunk, and has not got the one before")
        now.wants = True
        now.parts.append((note.at, REUSE_EMPTY))

    def _chunk(self, note: Note) -> None:
        self.chunk_number(note.first)
        now = self.under.get(note.by)
        if now is None or not now.wants:
            self.misfit(note.at, f"goroutine {note.by} is given a chunk that it did not look for")
            now = self.under[note.by] = UnderWay(note.by, 0)
        now.wants, now.chunk = False, note.first
        now.parts.append((note.at, REFILLED))

    def _got(self, note: Note) -> None:
        now = self._refill(note)
        if now.chunk:
            if now.chunk != note.second:
                self.misfit(note.at, f"goroutine {note.by} was given another chunk, {now.chunk:#x}")
            now.chunk = 0
        else:
            if now.wants:
                self.misfit(note.at, f"goroutine {note.by} got a chunk from a list that it had found empty")
                now.wants = False
            now.parts.append((note.at, REFILLED))
        arena = self.arenas.get(note.first)
        if arena is None or arena.freed:
            arena = self.arenas[note.first] = Arena(-1)
        arena.chunk = note.second

    def _ended(self, at: int, by: int, handle: int) -> list[tuple[int, str]]:
        """The parts of what a goroutine was within, which ends here; none where it was within nothing of it."""
        now = self.under.get(by)
        if now is None:
            return []
        if now.handle != handle or now.row is not None:
            self.misfit(at, f"goroutine {by} is within an operation on another arena, {now.handle:#x}")
            return []
        del self.under[by]
        if now.wants or now.chunk:
            self.misfit(at, f"goroutine {by} ends an operation without the chunk that it looked for")
        return now.parts

    def _arena(self, note: Note) -> None:
        arena = self.arenas.setdefault(note.first, Arena(-1))
        arena.number = next(self.numbers)
        parts = self._ended(note.at, note.by, note.first)
        if not parts or arena.chunk != note.second:
            self.misfit(note.at, f"goroutine {note.by} made an arena, and it was not seen to get its chunk")
        row = {"op": "new_arena", "arena": arena.number}
        row |= {"active": self.chunk_number(note.second), "base": hex(note.second)}
        self.enter(parts or [(note.at, "")], row | self._who(note.by, note.site))

    def _who(self, by: int, site: int) -> Row:
        """The goroutine, where it isn't main's, and the line that called, where it is known."""
        goroutine = {"g": by} if by != MAIN else {}
        return goroutine | ({"site": self.sites[site]} if site in self.sites else {})

    # values

    def take_values(self, piece: Piece) -> None:
        """Follow allocations of one arena by one goroutine; the first may have been given a chunk."""
        arena = self.arenas.get(piece.handle)
        if piece.where == UNKNOWN:
            self._undescribed(piece)
            return
        if arena is None or arena.number < 0 or (arena.freed and piece.where == IN_CHUNK):
            self.misfit(
                piece.at, f"goroutine {piece.by} allocates from an arena that nobody was seen to make"
            )
            return
        if arena.user is None:
            arena.user = piece.by
        elif arena.user != piece.by:
            self.shared.setdefault(arena.number, {arena.user}).add(piece.by)
            self.shared_handles.add(piece.handle)
        parts = self._ended(piece.at, piece.by, piece.handle)
        if piece.where == ELSEWHERE:
            self._outside(piece, arena, parts)
            return
        start = piece.start
        if parts:
            self._run(piece, arena, start, start + 1, parts)
            start += 1
        if start < piece.stop:
            self._run(piece, arena, start, piece.stop, [(piece.at, "")])

    def _undescribed(self, piece: Piece) -> None:
        """Count values that nobody knows: they took room in their chunk, nobody knows how much."""
        parts = self._ended(piece.at, piece.by, piece.handle)
        began = parts[0][0] if parts else piece.at
        self.cut = began if self.cut < 0 else min(self.cut, began)
        self.undescribed += piece.stop - piece.start

    def _run(self, piece: Piece, arena: Arena, start: int, stop: int, parts: list[tuple[int, str]]) -> None:
        """Enter values in a chunk as one row, `values` being theirs among the columns."""
        row = {"op": "run", "arena": arena.number, "chunk": self.chunk_number(piece.base), "base": piece.base,
               "n": stop - start, "values": start}  # fmt: skip
        key = self.enter(parts, row | self._who(piece.by, 0))
        self.gc.last_in[piece.base] = (key, arena.number)

    def _outside(self, piece: Piece, arena: Arena, parts: list[tuple[int, str]]) -> None:
        """Enter values that lie in no chunk, one by one."""
        for row in range(piece.start, piece.stop):
            address, place = self.values.last("addresses", row), self.values.last("places", row)
            cap, type_ = self.values.last("caps", row), self.values.last("types", row)
            made: Row = {"op": "new" if cap < 0 else "slice", "arena": arena.number, "type": type_}
            made |= ({} if cap < 0 else {"cap": cap}) | self._who(piece.by, 0)
            if self.sites and (site := self.values.last("sites", row)) >= 0:
                made["site"] = site
            if arena.freed:  # the Arena value that was freed is nil: it was through another one
                made["copied"] = True
            made["at"] = "zerobase" if address == self.notes.zerobase else "heap"
            self.enter(parts or [(place, "")], made)
            parts = []

    # frees

    def _free(self, note: Note) -> None:
        arena = self.arenas.get(note.first)
        if note.by in self.under:
            self.misfit(note.at, f"goroutine {note.by} frees an arena within an operation")
        if arena is None or arena.number < 0 or arena.freed:
            self.misfit(note.at, f"goroutine {note.by} frees an arena that nobody was seen to make")
            return
        eighths, refs = divmod(note.number, 2**FRONT_AT)
        back, finalizer = divmod(note.third, 2)
        row = {"op": "free", "arena": arena.number, "nfull": refs - 1, "nrefs": refs}
        row |= {"was_active": self.chunk_number(note.second) if note.second else None, "phase": self.gc.phase}
        row |= {"front": eighths * 8, "back": back - 1} if back else {}
        row |= ({"finalizer": True} if finalizer else {}) | self._who(note.by, note.site)
        self.under[note.by] = UnderWay(note.by, note.first, row=row)

    def _part_of_free(self, note: Note) -> None:
        """Free has taken a lock once more. What it saw of the collector's phase is what was so the first time."""
        now = self.under.get(note.by)
        if now is None or now.row is None:
            self.misfit(note.at, f"goroutine {note.by} gives a chunk back, and frees no arena")
            return
        if not now.parts:
            now.row["phase"] = self.gc.phase
        now.parts.append((note.at, CHUNK_FREED))

    def _listed(self, note: Note) -> None:
        self._part_of_free(note)
        self.gc.fault_list.append(note.first)

    def _took(self, note: Note) -> None:
        self._part_of_free(note)
        self.gc.fault_list.clear()

    def _freed(self, note: Note) -> None:
        now = self.under.get(note.by)
        if now is None or now.row is None or now.handle != note.first:
            self.misfit(note.at, f"goroutine {note.by} has freed an arena, and was not seen to begin")
            return
        del self.under[note.by]
        self.arenas[note.first].freed = True
        if len(now.parts) != now.row["nrefs"]:
            seen = f"{len(now.parts)} of {now.row['nrefs']} chunks"
            self.misfit(note.at, f"goroutine {note.by} has freed an arena, and {seen} were seen to go")
        self.enter(now.parts or [(note.at, "")], now.row)

    # the program's settings

    def _setting(self, note: Note) -> None:
        value = note.first - 2**64 if note.first >= 2**63 else note.first
        if note.number == Setting.GOMEMLIMIT and value < 0:
            return  # the program asked what it is
        if self.settings.setdefault(note.number, value) != value:
            self.changed.add(note.number)
