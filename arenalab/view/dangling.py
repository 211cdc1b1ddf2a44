"""The dangling pointer: one pointer, every operation, every build: what touching it would do.

Rules:
1. Every answer is `touch`'s; nothing is decided here.
2. The run that is looked at is asked at the very event; the same operations under another build are
   asked at the end of the current operation, since they make other events.

Follows sigpanic (signal_unix.go) and freeUserArenaChunk (arena.go) of Go 1.21 through `touch`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from arenalab.errors import ScenarioError
from arenalab.units import hex_addr, noun, plainly
from arenalab.view.acting import asked, at_site, by_name, site
from arenalab.view.calls import call_of
from arenalab.view.columns import brief
from arenalab.view.nearby import Nearby, nearby
from arenalab.view.outcome_band import Band, Changes, thinned
from arenalab.view.reading import Reading, reading
from arenalab.world.columns import WINDOW, Columns
from arenalab.world.history import History
from arenalab.world.queries import weak_spot
from arenalab.world.state import AT_ZEROBASE, World
from arenalab.world.touch import Pointer, Touch, touch
from arenalab.world.words import word_at

NOTHING = Pointer(-1)  #: no object was ever placed in a chunk.
UNVERIFIED = {"msan": "modelled from Go's source, not compared with a running msan build"}


class Run(NamedTuple):
    """One build of the program: its history, as far as it goes, or the reason why there is none."""

    build: str  #: name of the build mode.
    changes: Changes | None  #: its history, None without one.
    trouble: str = ""  #: why it ends before the run that is looked at, or never began.


@dataclass(frozen=True)
class Meeting:
    """What touching the pointer does at one moment in one build."""

    build: str  #: name of the build mode.
    own: bool  #: whether it is the run that is looked at.
    note: str = ""  #: why nothing can be asked, "" when it can.
    read: Touch | None = None  #: what a read does; None where nothing can be asked.
    write: Touch | None = None  #: what a write does; None where nothing can be asked.
    address: int = 0  #: 0 where the model gives no address.
    chunk: int = -1  #: that the address is in, −1 in none.
    state: str = ""  #: where that chunk is.
    word: str = ""  #: what a read gives, "" when it gives nothing.
    start: int = 0  #: address of the window's first byte.
    nearby: Nearby | None = None  #: None outside all chunks.
    weak: str = ""  #: what weak pointers to the object give, "" without any.
    caveat: str = ""  #: how far the answer can be trusted, "" when it was compared with real Go.

    @property
    def printed(self) -> str:
        """Return what Go prints when the access is the end, "" when it isn't."""
        ends = [found.error for found in (self.read, self.write) if found and found.error]
        return ends[0].printed() if ends else ""

    def text(self) -> str:
        """Return it in words."""
        name = f"{self.build}{' (this run)' if self.own else ''}"
        if self.read is None or self.write is None:
            return f"  {name}: {self.note}"
        lines = [f"  {name}: read: {self.read.outcome}; write: {self.write.outcome}"]
        lines += [f"    {said}" for said in (self.read.why, self.weak) if said]
        lines += [f"    the word there is {self.word}"] if self.word else []
        lines += [f"    Go: {line}" for line in self.printed.splitlines()]
        return "\n".join(lines + ([f"    ({self.caveat})"] if self.caveat else []))


@dataclass(frozen=True)
class Lane:
    """The band of one build, and why it ends where it ends."""

    build: str  #: name of the build mode.
    own: bool  #: whether it is the run that is looked at.
    band: Band  #: what touching the pointer does, stretch by stretch.
    ends: int  #: operations that this build comes to.
    trouble: str  #: "" when it goes as far as the run that is looked at.
    #: The operation that brought each stretch about, as a Go programmer writes it.
    calls: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()  #: the lines of the program that asked for them, "" where none was recorded.

    def text(self) -> str:
        """Return the stretches in words."""
        name = f"{self.build}{' (this run)' if self.own else ''}"
        parts = [self._stretch(number) for number in range(len(self.band))]
        more = [f"… {len(parts) - 12} more"] if len(parts) > 12 else []
        told = ", ".join(parts[:12] + more) or "never made"
        return f"  {name}: {told}{f'; {self.trouble}' if self.trouble else ''}"

    def _stretch(self, number: int) -> str:
        _, _, read, write, _, state, *_ = (column[number] for column in self.band.columns().values())
        found = read if read == write else f"{read} (write: {write})"
        by = by_name(self.band.by[number])
        return f"{self.operations(number)} {found}{f' ({state})' if state else ''}{by}"

    def since(self, number: int) -> str:
        """Describe what brought a stretch about, and who did it unless that is the program's only goroutine."""
        return f"since {self.calls[number]}{by_name(self.band.by[number])}{at_site(self.sites[number])}"

    def operations(self, number: int) -> str:
        """Return the operations of a stretch, counted from 1: "3" or "3-7"."""
        first, last = int(self.band.first[number]) + 1, int(self.band.last[number]) + 1
        return str(first) if first == last else f"{first}-{last}"


@dataclass(frozen=True)
class Dangling:
    """One pointer through a whole run, under each build."""

    reading: Reading  #: where in the history it is, in words.
    focus: int  #: chunk to look for in the run: the pointer's own unless another one is chosen; −1 for none.
    pointer: Pointer  #: the pointer that is asked about.
    object: str  #: the pointer's own object in words.
    made: int  #: operation that made it, −1 when there is no object.
    lanes: tuple[Lane, ...]  #: one for each build.
    meetings: tuple[Meeting, ...]  #: what touching it does at the cursor, one for each build.
    panic_on_fault: bool  #: whether the program called debug.SetPanicOnFault(true).
    inside: bool  #: whether the current operation is still under way.

    def text(self) -> str:
        """Return the picture as text."""
        fault = ", after SetPanicOnFault(true)" if self.panic_on_fault else ""
        bands, now = "after operations:", f"after operation {self.reading.op + 1}{fault}:"
        lanes, meetings = [lane.text() for lane in self.lanes], [meeting.text() for meeting in self.meetings]
        return "\n".join([self.reading.text(), self.object, bands, *lanes, now, *meetings])


def dangling(
    runs: tuple[Run, ...],
    own: str,
    cursor: int,
    *,
    pointer: Pointer | None = None,
    focus: int | None = None,
    op: int | None = None,
    panic_on_fault: bool = False,
) -> Dangling:
    """Follow a pointer.

    Args:
        runs: the same operations under each build.
        own: the build of the run that is looked at; that one has a history.
        cursor: events that have happened in it.
        pointer: what to follow; None is the last object that an arena placed before it was freed first.
        focus: chunk to look for instead of the pointer's own.
        op: the operation that led to the cursor when it made no event of its own.
        panic_on_fault: the program has called `debug.SetPanicOnFault(true)`.

    Raises:
        ScenarioError: the pointer leads to no object that was ever made, or outside its object.

    """
    mine = next(run.changes for run in runs if run.build == own and run.changes)
    history = mine.history
    at = telling_pointer(mine) if pointer is None else checked(history, pointer)
    moment = reading(history, cursor, op)
    made = history.log.op_of_row(at.object) if at != NOTHING else -1
    chunk = max(history.world.ledger.row(at.object)[5] if made >= 0 else -1, -1)
    asked = Asked(own, at, cursor, moment.op, panic_on_fault)
    return Dangling(
        moment, chunk if focus is None else focus, at, said_object(history, at, made), made,
        tuple(_lane(run, own, at, len(history.ops)) for run in runs),
        tuple(_meeting(run, asked) for run in runs),
        panic_on_fault, inside=moment.op >= 0 and cursor < history.log.op_end(moment.op),
    )  # fmt: skip


def checked(history: History, pointer: Pointer) -> Pointer:
    """Return a pointer that leads into an object of a history.

    Raises:
        ScenarioError: there is no such object, or no such byte in it.

    """
    ledger = history.world.ledger
    if not 0 <= pointer.object < len(ledger):
        raise ScenarioError(f"there is no object {pointer.object}; {len(ledger)} were made, numbered from 0")
    size = ledger.row(pointer.object)[1]
    if not 0 <= pointer.offset < max(size, 1):
        raise ScenarioError(
            f"object {pointer.object} has {plainly(size, 'byte')}; there is no byte {pointer.offset} in it"
        )
    return pointer


def telling_pointer(changes: Changes) -> Pointer:
    """Return a pointer to the last object that an arena had placed in a chunk before the first Free.

    Without any Free it is the last object in a chunk; without any object it is `NOTHING`.
    """
    history = changes.history
    event, owner = changes.first_free()
    if event >= 0 and (row := history.at(event).user_arenas[owner].last_object) >= 0:
        return Pointer(row)
    return Pointer(row) if (row := _last_in_a_chunk(history.world.ledger)) >= 0 else NOTHING


def _last_in_a_chunk(ledger: Columns) -> int:
    """Return the last row whose object lies in a chunk, −1 without any; what is unwritten stays so."""
    for stop in range(len(ledger), 0, -WINDOW):
        start = max(stop - WINDOW, 0)
        there = np.flatnonzero(ledger.gather(np.arange(start, stop), "chunk") >= 0)
        if len(there):
            return start + int(there[-1])
    return -1


def said_object(history: History, pointer: Pointer, made: int) -> str:
    """Describe the object of a pointer in words."""
    if made < 0:
        return "no object lies in a chunk"
    _, size, number, cap, owner, _ = history.world.ledger.row(pointer.object)
    expr = brief(history.world.types[number].expr)
    what = expr if cap < 0 else f"{cap} × {expr}"
    whose = f" of user arena {owner}" if owner >= 0 else ""
    return (
        f"pointer to byte {pointer.offset} of object {pointer.object}{whose}: {what}, {plainly(size, 'byte')}, "
        f"made by operation {made + 1}, {call_of(history.ops[made])}{asked(history, made)}"
    )


def _lane(run: Run, own: str, pointer: Pointer, whole: int) -> Lane:
    if run.changes is None:
        return Lane(run.build, run.build == own, _NO_BAND, 0, run.trouble)
    band, ops = thinned(run.changes.band(pointer)), run.changes.history.ops
    history = run.changes.history
    calls = tuple(call_of(ops[op]) for op in band.op.tolist())
    sites = tuple(site(history, op) for op in band.op.tolist())
    return Lane(run.build, run.build == own, band, len(ops), _end(run, whole), calls, sites)


def _end(run: Run, whole: int) -> str:
    """Explain why a build ends before the run that is looked at, "" when it doesn't."""
    if run.changes is None or len(run.changes.history.ops) >= whole:
        return run.trouble
    history = run.changes.history
    if history.world.died:
        return f"the program died in operation {len(history.ops)}: {history.world.died}"
    return run.trouble


class Asked(NamedTuple):
    """What is asked of each build."""

    own: str  #: build mode of the run that is looked at.
    pointer: Pointer  #: the pointer that is asked about.
    cursor: int  #: in the own run.
    op: int  #: the operation at the cursor.
    panic_on_fault: bool  #: whether the program called debug.SetPanicOnFault(true).


def _meeting(run: Run, asked: Asked) -> Meeting:
    mine, op, pointer = run.build == asked.own, asked.op, asked.pointer
    if run.changes is None:
        return Meeting(run.build, mine, run.trouble)
    history = run.changes.history
    if op >= len(history.ops):
        return Meeting(run.build, mine, _end(run, op + 1))
    world = history.at(asked.cursor) if mine else history.after_op(op + 1)
    if not 0 <= pointer.object < len(world.ledger):
        return Meeting(run.build, mine, "the object is not made yet")
    return meeting(world, pointer, mine=mine, panic_on_fault=asked.panic_on_fault)


def meeting(world: World, pointer: Pointer, *, mine: bool, panic_on_fault: bool) -> Meeting:
    """Ask what touching a pointer does in a World."""
    read = touch(world, pointer, panic_on_fault=panic_on_fault)
    write = touch(world, pointer, write=True, panic_on_fault=panic_on_fault)
    start, near = nearby(world, read.addr, read.chunk, pointer.object) if read.chunk >= 0 else (0, None)
    build = world.rules.build_mode
    return Meeting(
        build, mine, "", read, write, read.addr, read.chunk,
        world.list_of(read.chunk) if read.chunk >= 0 else "",
        _word(world, read, pointer), start, near, weakly(world, pointer.object), UNVERIFIED.get(build, ""),
    )  # fmt: skip


def weakly(world: World, row: int) -> str:
    """Describe what the weak pointers to an object give: "weak pointer 0 gives it; weak pointers 1, 2 are nil"."""
    mine = [w for w, n in world.weak_pointers.items() if n >= 0 and world.weak_handles[n].spot.object == row]
    gone = [weak for weak in mine if weak_spot(world, weak) is None]
    giving = [weak for weak in mine if weak not in gone]
    parts = ((giving, "gives", "give", "it"), (gone, "is", "are", "nil"))
    return "; ".join(
        f"{noun(len(some), 'weak pointer')} {', '.join(map(str, some))} {noun(len(some), one, many)} {what}"
        for some, one, many, what in parts
        if some
    )


def _word(world: World, read: Touch, pointer: Pointer) -> str:
    if not read.works or world.ledger.row(pointer.object)[5] == AT_ZEROBASE:
        return ""
    value = word_at(world, read, pointer)
    return hex_addr(value) if value > 0xFFFF_FFFF else str(value)


_NO_BAND = Band(*(np.zeros(0, dtype=np.int64),) * 8)
