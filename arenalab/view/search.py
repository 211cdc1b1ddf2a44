"""Search: the nearest place of a history at which something is said, made, touched or done.

A text is looked for in what operations are called, types among it, and in what events say; a kind of event by its
name, an address by the object there, an operation or an event by its number.

Rules:
1. It finds what a walk through all sentences and calls would find, or says where it stopped.
2. Columns are asked first; a sentence or a call is made only where they leave it open, and so many at most.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from arenalab.units import counted
from arenalab.view.address_events import events_at
from arenalab.view.columns import Column
from arenalab.view.kind_column import KindColumn
from arenalab.view.search_words import EVERYBODY, Span, Wanted, in_calls, in_sentences
from arenalab.world.event import EVENTS
from arenalab.world.history import History

_NUMBERED = re.compile(r"(op|operation|event)\s+(\d[\d,_]*)", re.IGNORECASE)
_ADDRESS = re.compile(r"0x[0-9a-f]{4,16}", re.IGNORECASE)


class Found(NamedTuple):
    """What a search came to."""

    cursor: int = -1  #: events that have happened at the place, −1 where nothing was found.
    op: int | None = None  #: the operation that led there, None where it follows from the cursor.
    trouble: str = ""  #: why nothing was found, to be shown; "" where something was.

    def __bool__(self) -> bool:
        """Whether something was found."""
        return self.cursor >= 0


def search(
    history: History, text: str, at: int, op: int | None = None, *, forwards: bool = True, who: int = EVERYBODY,
    until: int | None = None,
) -> Found:  # fmt: skip
    """Return the nearest place after (or before) a place at which a text is found.

    >>> import arenalab
    >>> lab = arenalab.Lab(gogc="off")
    >>> events = lab.new_arena().free()
    >>> search(lab.history, "reuse list", 0).cursor
    26

    Args:
        history: what happened.
        text: part of a sentence or a call, in any case; the name of a kind of event; "0x…"; "op 12"; "event 345".
        at: events that have happened at the place.
        op: the operation that led there, None where that follows from `at`.
        forwards: where to look.
        who: whose events and operations alone are looked at, EVERYBODY for all.
        until: the last cursor that may be found; None is the history's end, or its start.

    """
    text = " ".join(text.split())
    if not text:
        return Found(trouble="nothing to find: type a text, a type, an address, a kind of event or “op 12”")
    end = (len(history) if forwards else 0) if until is None else until
    span = Span(at, history.log.op_at(at) if op is None else op, end, who, forwards=forwards)
    if numbered := _NUMBERED.fullmatch(text):
        return _numbered(history, numbered)
    if _ADDRESS.fullmatch(text):
        return _at_address(history, int(text, 16), text, span)
    kinds = [kind for name, kind in EVENTS.items() if name.lower() == text.lower()]
    if kinds:
        return _among(history.reader(KindColumn).of(kinds, *span.events), history, text, span)
    return _in_words(history, text, span)


def search_among(
    history: History, events: Column, text: str, at: int, *, forwards: bool = True, who: int = EVERYBODY,
    until: int | None = None,
) -> Found:  # fmt: skip
    """Return the nearest place right after one of some events, whose numbers rise; `text` says what they are."""
    end = (len(history) if forwards else 0) if until is None else until
    return _among(events, history, text, Span(at, -1, end, who, forwards=forwards))


def _numbered(history: History, given: re.Match[str]) -> Found:
    """Return the place of an operation, by its number from 1 as pictures show it, or of an event."""
    number, of_op = int(re.sub("[,_]", "", given[2])), given[1].lower() != "event"
    most = len(history.ops) if of_op else len(history)
    if not 0 <= number <= most:
        what = "operation" if of_op else "event"
        return Found(trouble=f"there is no {what} {number:,}; the run has {counted(most, what)}")
    if not of_op or not number:
        return Found(number)
    return Found(int(history.log.steps()[number - 1]), number - 1)


def _at_address(history: History, addr: int, text: str, span: Span) -> Found:
    events = events_at(history, addr)
    if events is None:
        return Found(trouble=f"{text} is in no chunk of this run, so the model knows nothing of it")
    return _among(events, history, text, span)


def _among(events: Column, history: History, text: str, span: Span) -> Found:
    """Return the place right after the nearest of some events that are the one's who is followed."""
    first, last = np.searchsorted(events, span.events)
    events = events[first:last]
    if span.who != EVERYBODY:
        events = events[history.log.column("actor")[events] == span.who]
    return Found(int(events[0 if span.forwards else -1]) + 1) if len(events) else _missed(text, span)


def _missed(text: str, span: Span) -> Found:
    return Found(trouble=f"“{text}”: no {'later' if span.forwards else 'earlier'} match in this run")


def _in_words(history: History, text: str, span: Span) -> Found:
    """Look through calls, then through what events say up to there; the nearer is found."""
    wanted = Wanted(text)
    op, far = in_calls(history, wanted, span)
    cursor = int(history.log.steps()[op]) if op >= 0 else -1
    event, also_far = in_sentences(history, wanted, span if op < 0 else span._replace(until=cursor))
    if event >= 0 and (op < 0 or (event + 1 < cursor) == span.forwards):
        return Found(event + 1)
    if op >= 0 and not also_far:
        return Found(cursor, op)
    if trouble := also_far or far:
        return Found(trouble=trouble)
    return _missed(text, span)
