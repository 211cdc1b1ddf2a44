"""touch: what happens when the program reads or writes through a pointer now.

Rules:
1. Nothing here changes a World, so any moment of a history can be asked: `touch(history.at(i), p)`.
2. The order is the machine's: a nil page first, then what a sanitizer's check sees before the
   access, then the memory protection, and only then whose bytes these are.
3. Where the access dies, `error` carries Go's exact text; `why` names chunk, list and arena.

Follows sigpanic (signal_unix.go), inUserArenaChunk (arena.go) and the msan and asan calls of
newUserArenaChunk and freeUserArenaChunk, Go 1.21.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from arenalab.asked import position, whole
from arenalab.errors import ArgumentError, GoError, GoFault, GoPanic, SanitizerReport, Signal
from arenalab.go.mirror import mirrors
from arenalab.go.nil_reads import NIL_PAGE_BYTES
from arenalab.units import hex_addr, plainly
from arenalab.world.columns import Columns
from arenalab.world.deferred import IntArray
from arenalab.world.state import AT_ZEROBASE, ON_HEAP, World
from arenalab.world.tables import MSpan

NIL_DEREFERENCE = "runtime error: invalid memory address or nil pointer dereference"
NOT_MAPPED, NOT_ALLOWED = 1, 2  #: SEGV_MAPERR, SEGV_ACCERR
NOWHERE = -1
ADDRESS = "a Pointer(object, offset) or an address"  #: what a pointer may be given as.


class Pointer(NamedTuple):
    """A pointer as the program holds it: to byte `offset` of an object, a ledger row."""

    object: int  #: ledger row; NIL, STATIC or HEAP of `world.ops` for what no arena made.
    offset: int = 0  #: bytes from the object's start.


class Outcome(StrEnum):
    """What a touch finds."""

    FINE = "fine"  #: the pointer's own object, in an arena that lives (or outside all arenas).
    STALE = "stale data"  #: an object of a freed arena; its old bytes are still there.
    OTHER = "somebody else's object"  #: the chunk was recycled and another object is there now.
    NOTHING = "no object"  #: readable memory of a chunk that belongs to no object.
    FAULTS = "faults"
    REPORTED = "reported by a sanitizer"
    NIL = "nil"
    OUTSIDE = "outside the model"  #: no chunk and no object that the model knows.


@dataclass(frozen=True, slots=True)
class Touch:
    """The answer: what happens, why, and what Go says when it is the end."""

    outcome: Outcome  #: what is found.
    why: str  #: a sentence for a person.
    addr: int = 0  #: 0 where the model gives no address (heap, zerobase).
    chunk: int = NOWHERE  #: that the address is in, −1 in none.
    row: int = NOWHERE  #: ledger row of the object whose bytes are touched.
    error: GoError | None = None  #: what Go reports; None when the access succeeds.

    @property
    def works(self) -> bool:
        """Whether the access succeeds, whoever's bytes it meets."""
        return self.error is None and self.outcome is not Outcome.OUTSIDE

    @property
    def text(self) -> str:
        """Go's exact text, "" when the access succeeds."""
        return self.error.text if self.error else ""

    def __repr__(self) -> str:
        """Write what it finds; `why`, `text` and `error` tell more."""
        return f"<Touch: {self}>"

    def __str__(self) -> str:
        """Return it in one sentence."""
        return f"{self.outcome}: {self.why}"


def touch(w: World, pointer: Pointer | int, *, write: bool = False, panic_on_fault: bool = False) -> Touch:
    """Describe what reading (or writing) a byte through a pointer does now.

    >>> import arenalab
    >>> p = arenalab.Lab(gogc="off").new_arena().new("int")
    >>> print(touch(p.lab.world, p.addr).outcome)
    fine

    Args:
        w: the moment that is asked about; not changed.
        pointer: an address, or a `Pointer` to an object: only that one knows whose bytes it expects.
        write: a write instead of a read; msan reports reads only.
        panic_on_fault: the goroutine has called `debug.SetPanicOnFault(true)`.

    Raises:
        ArgumentError: neither a Pointer nor an address, or an object that was never made.

    """
    if isinstance(pointer, Pointer):
        row = _row(w, pointer)
        if row[5] == ON_HEAP:
            return Touch(Outcome.FINE, "a heap object: no arena's Free concerns it", row=pointer.object)
        if row[5] == AT_ZEROBASE:
            why = "runtime.zerobase, the one address of all values of size 0"
            return Touch(Outcome.FINE, why, row=pointer.object)
        addr, own = row[0] + whole("Pointer.offset", pointer.offset, "bytes"), int(pointer.object)
    else:
        addr, own = whole("pointer", pointer, ADDRESS), NOWHERE
        if not 0 <= addr < 2**64:
            raise ArgumentError("pointer", pointer, f"{ADDRESS}, of 64 bits")
    if 0 <= addr < NIL_PAGE_BYTES:
        return nil_dereference(addr, "a nil pointer's field")
    span = w.span_of(addr)
    if span is None:
        return Touch(Outcome.OUTSIDE, f"{hex_addr(addr)} is in no chunk; the model knows nothing of it", addr)
    return _failing(w, span, addr, write=write, panic_on_fault=panic_on_fault) or _found(w, span, addr, own)


def _failing(w: World, span: MSpan, addr: int, *, write: bool, panic_on_fault: bool = False) -> Touch | None:
    return _reported(w, span, addr, write=write) or _faulting(w, span, addr, panic_on_fault=panic_on_fault)


def write_error(w: World, span: MSpan, addr: int) -> GoError | None:
    """Return what Go reports when a byte of a chunk is written now, None where that succeeds, whoever's it is."""
    failing = _failing(w, span, addr, write=True)
    return None if failing is None else failing.error


def nil_dereference(addr: int, why: str) -> Touch:
    """Return the touch of an address in the nil page: a panic that can be recovered."""
    return Touch(Outcome.NIL, why, addr, error=nil_panic(addr, why))


def nil_panic(addr: int, why: str) -> GoPanic:
    """Return the panic that reading or writing at a nil pointer's `addr` raises."""
    signal = Signal(NOT_MAPPED, addr)
    return GoPanic(NIL_DEREFERENCE, why, go_type="runtime.errorString", signal=signal)


def _row(w: World, pointer: Pointer) -> tuple[int, ...]:
    return w.ledger.row(position("Pointer.object", pointer.object, len(w.ledger), "the number of an object"))


def _reported(w: World, span: MSpan, addr: int, *, write: bool) -> Touch | None:
    """Return what asan or msan reports before the access, None when nothing is reported.

    Where the memory is gone, the nil check that stands before the sanitizer's own check faults
    first. asan checks reads and writes against its poison. msan knows only reads: a write makes
    bytes initialised. The race detector isn't told that an access meets freed memory at all.
    Verified by runs of Go 1.21.13 for race and asan; no msan compiler was available.
    """
    mode = w.rules.build_mode
    if span.faulted:
        return None
    in_red_zone = mode == "asan" and addr >= span.limit
    if in_red_zone or (mode == "asan" and span.poisoned):
        text = f"AddressSanitizer: use-after-poison on address {addr:#x}"
        what = "poisoned by Free" if span.poisoned else "its red zone"
        why = f"{_place(w, span)}: {what}; asan's check stands before the access"
    elif mode == "msan" and span.poisoned and not write:
        text = "MemorySanitizer: use-of-uninitialized-value"
        why = f"{_place(w, span)}: Free told msan that the bytes hold nothing"
    else:
        return None
    error = SanitizerReport(text, why, tool=mode, signal=Signal(NOT_ALLOWED, addr))
    return Touch(Outcome.REPORTED, why, addr, span.chunk, error=error)


@mirrors("signal_unix.go", "sigpanic")
def _faulting(w: World, span: MSpan, addr: int, *, panic_on_fault: bool) -> Touch | None:
    """Return the fault when the chunk's memory may not be touched, else None."""
    if not span.faulted:
        return None
    why, signal = f"{_place(w, span)}: its memory was given back", Signal(NOT_ALLOWED, addr)
    if span.poisoned and w.rules.build_mode in ("asan", "msan"):
        why += (
            f"; {w.rules.build_mode} reports it instead where the compiler knows that the pointer isn't nil"
        )
    error: GoError
    if panic_on_fault:
        why += "; SetPanicOnFault makes a panic of the fault"
        error = GoPanic(NIL_DEREFERENCE, why, go_type="runtime.errorAddressString", signal=signal)
    elif in_user_arena_chunk(span):
        error = GoFault(f"accessed data from freed user arena {addr:#x}", why, signal=signal)
    else:
        why = f"{_place(w, span)}: reserved address space that was never used"
        error = GoFault(f"unexpected fault address {addr:#x}", why, signal=signal)
    return Touch(Outcome.FAULTS, why, addr, span.chunk, error=error)


@mirrors("arena.go", "inUserArenaChunk")
def in_user_arena_chunk(span: MSpan | None) -> bool:
    """Return whether the runtime knows the span as a chunk; a never used one isn't entered yet."""
    return span is not None and span.is_user_arena_chunk


def _found(w: World, span: MSpan, addr: int, own: int) -> Touch:
    """Name whose bytes readable memory holds."""
    born = w.births.get(span.chunk, 0)
    row = object_at(w, span, addr)
    place = _place(w, span)
    if row == NOWHERE and (held := w.rules.chunk.held_at(addr - span.base)):
        why = f"{place}: the chunk's own {held}, which no pointer of a program leads to"
        return Touch(Outcome.NOTHING, why, addr, span.chunk)
    if row == NOWHERE:
        why = f"{place}: free or padding, no object's bytes; they read as zero"
        if own != NOWHERE and own < born:
            why = f"{place}, recycled since: cleared, and not given to an object yet"
        return Touch(Outcome.NOTHING, why, addr, span.chunk)
    owner = w.ledger.row(row)[4]
    whose = f"object {row} of user arena {owner}"
    if own not in (NOWHERE, row):
        recycled = "recycled since, holds" if own < born else "holds"
        return Touch(Outcome.OTHER, f"{place}, {recycled} {whose} here", addr, span.chunk, row)
    if w.user_arenas[owner].defunct:
        why = f"{place}: {whose}, which is freed; the bytes are as they were"
        return Touch(Outcome.STALE, why, addr, span.chunk, row)
    return Touch(Outcome.FINE, f"{place}: {whose}", addr, span.chunk, row)


def object_at(w: World, span: MSpan, addr: int) -> int:
    """Return the ledger row of the object that covers an address in the chunk's present life, or −1."""
    rows = rows_between(w, span.chunk, addr, addr + 1, w.births.get(span.chunk, 0))
    return rows[-1] if rows else NOWHERE


def rows_between(w: World, chunk: int, low: int, high: int, start: int = 0) -> list[int]:
    """Return the ledger rows, from `start` on, of the objects of a chunk that have a byte in [low, high)."""
    numbers: list[int] = rows_at(w.ledger, low, high, start, chunk=chunk).tolist()
    return numbers


def rows_at(
    ledger: Columns, low: int, high: int, start: int = 0, stop: int | None = None, *, chunk: int | None = None
) -> IntArray:
    """Return the ledger rows in [start, stop) of the objects, in one chunk or any, with a byte in [low, high).

    The ledger is read in windows: one that is not yet written stays so.
    """
    found = [np.zeros(0, dtype=np.int64)]
    for first, rows in ledger.windows(start, stop):
        starts = rows[:, 0]
        here = np.logical_and(starts < high, starts + rows[:, 1] > low)
        if chunk is not None:
            here = np.logical_and(here, rows[:, 5] == chunk)
        found.append(first + here.nonzero()[0])
    return np.concatenate(found)


#: Where a chunk is -> how that reads after "chunk N"; {arena} is who has it, {cycle} is the latest, {cycles} how many.
PLACES = {
    "active": "being filled by user arena {arena}",
    "full": "a full one of user arena {arena}",
    "reuse": "on the reuse list, partly used and alive",
    "fault": "on the fault list until cycle {cycle} ends, readable till then",
    "quarantine": "in quarantine after {cycles}, until one finds no pointer into it",
    "ready": "on the ready list, no more than addresses",
    "in transit": "between two lists",
}


def _place(w: World, span: MSpan) -> str:
    """Describe which chunk it is and where it is."""
    cycle = w.gc.cycles
    named = PLACES[w.list_of(span.chunk)].format(
        arena=w.owner_of(span.chunk), cycle=cycle, cycles=plainly(cycle, "cycle")
    )
    return f"chunk {span.chunk}, {named}"
