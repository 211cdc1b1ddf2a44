"""Looking for a text in what operations are called and in what events say, without writing them all."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from arenalab.units import counted
from arenalab.view.calls import call_of
from arenalab.view.columns import Column
from arenalab.view.kind_column import KindColumn
from arenalab.view.reading import sentence_of
from arenalab.view.sentences import may_say
from arenalab.view.statements import Statements
from arenalab.world.actors import actor_name
from arenalab.world.history import History
from arenalab.world.ops import Op

MOST = 100_000  #: sentences, or calls, that one search writes.
LONGEST = 10_000  #: characters of a sentence that are looked at.
EVERYBODY = 0
_DIGITS = re.compile(r"\d+")


class Span(NamedTuple):
    """Where a search looks: behind a place or before it, how far, at whose events and operations."""

    at: int  #: events before the place.
    op: int  #: the operation that led there.
    until: int  #: the last cursor that may be found.
    who: int = EVERYBODY
    forwards: bool = True

    @property
    def events(self) -> tuple[int, int]:
        """The events [first, end) right after which a place may be found."""
        if self.forwards:
            return self.at, max(self.until, self.at)
        return max(self.until - 1, 0), max(self.at - 1, 0)

    def ops(self, steps: Column) -> tuple[int, int]:
        """Return the operations [first, end) whose ends may be found; `steps` are all ends, rising."""
        low, high = np.searchsorted(steps, self.at, "left"), np.searchsorted(steps, self.at, "right")
        if self.forwards:
            return int(np.clip(self.op + 1, low, high)), int(np.searchsorted(steps, self.until, "right"))
        return int(np.searchsorted(steps, self.until, "left")), int(np.clip(self.op, low, high))


class Wanted:
    """A text as it is looked for: in any case; a number at either end must be a whole one."""

    def __init__(self, text: str) -> None:
        """Take the text."""
        self.text = text
        head, tail = r"(?<!\d)" * text[0].isdigit(), r"(?!\d)" * text[-1].isdigit()
        self._search = re.compile(head + re.escape(text) + tail, re.IGNORECASE).search
        self._like = _like(text)

    def is_in(self, said: str) -> bool:
        """Return whether it stands in a sentence or a call."""
        return self._search(said) is not None

    def may_be_in(self, said: str) -> bool:
        """Return whether it could stand there if the numbers in it were others."""
        return self._like in _like(said)

    def is_called(self, op: Op) -> bool:
        """Return whether it stands in an operation's call, or in its type, which a call may cut."""
        return any(map(self.is_in, _called(op)))

    def may_be_called(self, op: Op) -> bool:
        """Return whether it could be called so if its numbers were others."""
        return any(map(self.may_be_in, _called(op)))


def _like(text: str) -> str:
    return _DIGITS.sub("0", text.lower())


def _called(op: Op) -> tuple[str, ...]:
    go_type = getattr(op, "type", None)
    return (call_of(op), go_type.expr) if go_type is not None else (call_of(op),)


def in_sentences(history: History, wanted: Wanted, span: Span) -> tuple[int, str]:
    """Return the nearest event whose sentence holds a text, −1 for none; and why not all were looked at, or ""."""
    log = history.log
    names = [actor_name(actor) for actor in log.actors] if log.several else []
    kinds = may_say(wanted.text, names, (go_type.expr for go_type in history.world.types))
    numbers = history.reader(KindColumn).of(kinds, *span.events)
    if span.who != EVERYBODY:
        numbers = numbers[log.column("actor")[numbers] == span.who]
    asked = numbers[:MOST] if span.forwards else numbers[::-1][:MOST]
    for number in asked.tolist():
        if wanted.is_in(sentence_of(history, number, LONGEST)):
            return number, ""
    return -1, _gave_up(wanted, "sentence", f"event {asked[-1] + 1:,}") if len(numbers) > MOST else ""


def _gave_up(wanted: Wanted, what: str, place: str) -> str:
    return f"“{wanted.text}” is in none of {counted(MOST, what)} up to {place}; go there and find again"


def in_calls(history: History, wanted: Wanted, span: Span) -> tuple[int, str]:
    """Return the nearest operation whose call holds a text, −1 for none; and why not all were looked at, or ""."""
    its = history.reader(Statements)
    its.refresh()
    first, last = span.ops(history.log.steps())
    if first >= last:
        return -1, ""
    low, high = np.searchsorted(its.start, first, "right") - 1, np.searchsorted(its.start, last, "left")
    rows = low + np.flatnonzero(_may_be(history, its, wanted, slice(low, high))[its.code[low:high]])
    asked = rows[:MOST] if span.forwards else rows[::-1][:MOST]
    for start, end in zip(its.start[asked].tolist(), _ends(its, asked).tolist(), strict=True):
        whose = span.who in (EVERYBODY, history.log.goroutine_of(start))
        if whose and wanted.is_called(history.ops[start]):
            return (max(start, first) if span.forwards else min(end, last) - 1), ""
    far = f"operation {its.start[asked[-1]] + 1:,}" if len(rows) > MOST else ""
    return -1, far and _gave_up(wanted, "call", far)


def _ends(its: Statements, rows: Column) -> Column:
    """Return the operation behind each of some statements."""
    ends: Column = np.append(its.start, its.ops)[rows + 1]
    return ends


def _may_be(history: History, its: Statements, wanted: Wanted, rows: slice) -> Column:
    """Return for each code whether its statements among some rows could be called as wanted; all of very many codes."""
    start = np.full(its.codes, -1, dtype=np.int64)
    start[its.code[rows][::-1]] = its.start[rows][::-1]
    there = np.flatnonzero(start >= 0)
    if len(there) > MOST:
        return np.ones(its.codes, dtype=bool)
    may = np.zeros(its.codes, dtype=bool)
    may[there] = [wanted.may_be_called(history.ops[at]) for at in start[there].tolist()]
    return may
