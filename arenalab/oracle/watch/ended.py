"""How a watched program ended, and what it did last where not all of its notes are kept."""

from __future__ import annotations

import signal

from arenalab.oracle.own.process import signal_name
from arenalab.oracle.watch.notes import Kind, Note, Notes
from arenalab.truth.packed import Row

WAYS = {1: "main returned", 2: "os.Exit", 3: "panic", 4: "throw"}  # the numbers of arenalab_watch.go
TOLD = 20  # of the last notes
FAULTS = (signal.SIGSEGV, signal.SIGBUS)
ABOUT_AN_ARENA = frozenset({Kind.ARENA, Kind.ALLOC, Kind.GOT, Kind.FREE, Kind.REUSE, Kind.WANT, Kind.FREED})


def how_it_ended(notes: Notes, exit_code: int) -> Row:
    """The keys of the end row: `ended` in words, `fault` (an address), and `last` where notes were lost before.

    A program that was killed, or that left Go without its runtime knowing, says nothing itself.
    """
    last = list(notes.last())
    told = _told(notes, last)
    ended = signal_name(-exit_code) if exit_code < 0 else "exit"
    row: Row = {"ended": ended if told is None else WAYS.get(told.number, "exit")}
    if told is not None and told.number == 4 and told.first in FAULTS:
        row |= {"ended": "fault", "fault": hex(told.second)}
    if last:
        row["last"] = [_shown(note) for note in last[-TOLD:]]
    return row


def _told(notes: Notes, last: list[Note]) -> Note | None:
    """The last note about the end, if there is one: a panic may come in the middle of another end."""
    ends = [note for note in last if note.kind == Kind.END]
    if ends or notes.lost > notes.cut_off:
        return ends[-1] if ends else None
    places, _ = notes.columns(Kind.END)
    return next(notes.since(int(places[-1]))) if len(places) else None


def _shown(note: Note) -> Row:
    words = (
        {"handle": note.first, "address": note.second}
        if note.kind in ABOUT_AN_ARENA
        else {"word": note.first}
    )
    return {
        "note": note.at,
        "what": Kind(note.kind).name.lower(),
        "g": note.by,
        **{name: hex(word) for name, word in words.items() if word},
    }
