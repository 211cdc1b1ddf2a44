"""Reading: where in a history we stand, in words. Every explorer and every picture begins with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from arenalab.view.acting import Makers, by_name, performer, who
from arenalab.view.calls import call_of
from arenalab.view.columns import brief
from arenalab.view.outcome import outcome
from arenalab.world import ops
from arenalab.world.history import History
from arenalab.world.sites import AROUND, SourceLine

NOT_RECORDED = "not recorded: the program's pointers, reads and writes, its other heap, its counters"
NOT_RECORDED_BUT_COUNTERS = "not recorded: the program's pointers, reads and writes, its other heap"
NO_LINE = "no line of the program's own code asked for this"  #: where a listing would stand.
LONGEST_SENTENCE, LONGEST_LINE = 400, 160


@dataclass(frozen=True)
class Reading:
    """A moment of a history, told."""

    index: int  #: events that have happened.
    events: int  #: events in all.
    op: int  #: number of the operation under way or just done, −1 before the first.
    ops: int  #: operations in all.
    call: str  #: the operation as a short call, "" before the first.
    kind: str  #: name of the last event's kind, "" when there is none to tell of.
    sentence: str  #: what the operation did, once it is done; until then what the last event did, and who.
    go: str  #: the Go function of the last event, "" when the program itself did it.
    beside: bool = False  #: whether the runtime did it beside the program.
    last: str = ""  #: what the last event did, where `sentence` is about more than it.
    #: What must be said of the whole history: what was not recorded, what is missing.
    remarks: tuple[str, ...] = ()
    goroutine: str = ""  #: who performs the operation, "" where the program has one goroutine.
    #: Where in the program's source it was asked for, and in which function; "" where not recorded.
    site: str = ""
    listing: tuple[SourceLine, ...] = ()  #: the lines around that place, where the source is available.
    lines: int = 0  #: lines that listings of this history have at most, so that pictures keep their height.

    def text(self) -> str:
        """Write the moment in three or four lines, and what must be said of the whole history in one each."""
        beside = ", beside the program" if self.beside else ""
        where = f"operation {self.op + 1} of {self.ops}, event {self.index} of {self.events}{beside}"
        lines = [where, self.call, self.asked, self.sentence, self.last and f"last event: {self.last}"]
        told = "\n  ".join(filter(None, lines)) + (f"  [{self.go}]" if self.go else "")
        listed = [f"\n  {'>' if line.marked else ' '} {line.number:5} {line.text}" for line in self.listing]
        return "".join((told, *(f"\n  ({remark})" for remark in self.remarks), *listed))

    @property
    def asked(self) -> str:
        """Who asked for the operation, and where: "goroutine 7, server.go:42 in main.answer"; "" for nobody named."""
        return ", ".join(filter(None, (self.goroutine, self.site)))

    @property
    def event_sentence(self) -> str:
        """What the last event did, also where `sentence` is about all of the operation."""
        return self.last or self.sentence

    def footnote(self) -> str:
        """Return the Go function, and the last event where the sentence is about all of the operation."""
        parts = [f"Go: {self.go}" if self.go else "", f"last event: {self.last}" if self.last else ""]
        return " · ".join(filter(None, parts))


def reading(history: History, index: int, op: int | None = None) -> Reading:
    """Describe where we stand after `index` events.

    Args:
        history: what happened.
        index: events that have happened, from 0 to `len(history)`.
        op: the operation that led here when it made no event of its own; found from `index` otherwise.

    """
    number = history.log.op_at(index) if op is None else op
    whole = (index, len(history), number, len(history.ops))
    said: dict[str, Any] = {"remarks": remarks_of(history), "lines": _most_lines(history)}
    if number < 0:
        return Reading(*whole, "", "", "nothing has happened yet", "", **said)
    call, said = call_of(history.ops[number]), said | _asked(history, number)
    last = _last_event(history, number, index)
    if last < 0:
        return Reading(*whole, call, "", outcome(history, number), "", **said)
    event, beside = history.events[last], history.log.is_beside(last)
    told = sentence_of(history, last, LONGEST_SENTENCE)
    head = told
    if (
        not beside
        and index >= history.log.op_end(number)
        and (did := outcome(history, number)) != event.sentence()
    ):
        head = brief(did, LONGEST_SENTENCE)
    last_words = "" if head == told else told
    return Reading(*whole, call, type(event).__name__, head, event.go, beside, last_words, **said)


def _asked(history: History, op: int) -> dict[str, Any]:
    """Return who asked for an operation, and where, as a reading tells it."""
    sites, its = history.sites, {"goroutine": performer(history, op)}
    found, words = None if sites is None else sites.of(op), ""
    if sites is not None and found is None and (maker := _maker(history, op)) is not None:
        found, words = sites.of(maker), f"arena made{by_name(performer(history, maker))} at "
    if sites is None or found is None:
        return its
    listing = tuple(replace(line, text=brief(line.text, LONGEST_LINE)) for line in sites.listing(found))
    return its | {"site": words + found.words(), "listing": listing}


def _maker(history: History, op: int) -> int | None:
    """Return the operation that made the arena which a finalizer frees: no line of the program asks for that."""
    asked = history.ops[op]
    return (
        history.reader(Makers).of(asked.user_arena)
        if isinstance(asked, ops.Free) and asked.by_finalizer
        else None
    )


def _most_lines(history: History) -> int:
    return 2 * AROUND + 1 if history.sites is not None and history.sites.at_hand else 0


def remarks_of(history: History) -> tuple[str, ...]:
    """Return what must be said of a whole history: what of a recorded program was not looked at, what is missing."""
    if history.rules.heap_known:
        return history.remarks
    return (NOT_RECORDED_BUT_COUNTERS if history.real else NOT_RECORDED, *history.remarks)


def sentence_of(history: History, event: int, longest: int) -> str:
    """Return what event number `event` did, and who did it where several act."""
    name, did = who(history, event), history.events[event].sentence()
    return brief(f"{name}: {did}" if name else did, longest)


def _last_event(history: History, op: int, index: int) -> int:
    """Return the latest of the first `index` events that belongs to an operation, −1 for none."""
    log = history.log
    return next((n for n in range(index - 1, log.op_starts[op] - 1, -1) if log.op_of_event(n) == op), -1)


def chunk_in_focus(history: History, index: int) -> int:
    """Return the chunk that the last events concern: of the latest event that concerns any, else 0."""
    for number in range(index - 1, -1, -1):
        if chunks := history.events[number].chunks:
            return chunks[0]
    return 0
