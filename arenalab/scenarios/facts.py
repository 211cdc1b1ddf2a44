"""Facts: what an expectation may say about one moment of a History, and how it is checked.

Rule: a fact asks the World or the events, never an engine. docs/scenarios.md says what each means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import compress, groupby
from typing import Any, NamedTuple

from arenalab.errors import cut, shown
from arenalab.scenarios.moment import Moment
from arenalab.scenarios.shapes import (
    Shape,
    fields_of,
    is_counters,
    is_hex,
    is_ints,
    is_kinds,
    is_places,
    is_texts,
    is_touches,
    numbered,
    numbers_of,
    snake,
)
from arenalab.scenarios.values import is_whole
from arenalab.scenarios.weak_place import PLACES, weak_place
from arenalab.units import MiB
from arenalab.world.access_events import Faulted
from arenalab.world.actors import MAIN
from arenalab.world.end_events import Panicked, Threw
from arenalab.world.event import EVENTS, Event
from arenalab.world.state import AT_ZEROBASE, ON_HEAP, World
from arenalab.world.tables import PHASE_NAMES, G, GCState, MSpan, P, UserArena
from arenalab.world.touch import Pointer, touch

Complaints = Iterator[str]

LONGEST = 120  #: characters of a value that a complaint writes.
LONGEST_STORY = 250  #: characters of what happened instead.


class Fact(NamedTuple):
    """One thing that an expectation may say."""

    kind: str  #: what it must look like, for the error.
    good: Shape  #: whether a value looks so.
    broken: Callable[[Moment, Any], Complaints]  #: what of the value does not hold at a moment, as sentences.


def _list(name: str) -> Fact:
    def broken(moment: Moment, wanted: list[int]) -> Complaints:
        yield from _compare(f"the {name} list", getattr(moment.world, name), wanted)

    return Fact("a list of chunk numbers", is_ints, broken)


def _compare(what: str, found: Any, wanted: Any) -> Complaints:
    if found != wanted:
        yield f"{what} is {shown(found, LONGEST)}, expected {shown(wanted, LONGEST)}"


def _phase(moment: Moment, wanted: str) -> Complaints:
    yield from _compare("the phase", PHASE_NAMES[moment.world.gc.phase], wanted)


def _sweep_sets(moment: Moment, wanted: dict[str, list[int]]) -> Complaints:
    for name, chunks in wanted.items():
        kind, _, state = name.partition("_")
        found = getattr(moment.world, state)[("scan", "noscan").index(kind)]
        yield from _compare(f"the sweep set {name}", found, chunks)


def _arenas(moment: Moment, wanted: dict[str, dict[str, Any]]) -> Complaints:
    for number, values in wanted.items():
        row = moment.world.user_arenas.get(int(number))
        if row is None:
            yield f"user arena {number} was never made"
            continue
        for name, value in values.items():
            found = getattr(row, name)
            yield from _compare(f"user arena {number}'s {name}", "none" if found is None else found, value)


def _chunks(moment: Moment, wanted: dict[str, dict[str, Any]]) -> Complaints:
    for number, values in wanted.items():
        for name, value in values.items():
            found = _span_fact(moment, int(number), name)
            yield from _compare(f"chunk {number}'s {name}", found, value)


def _span_fact(moment: Moment, number: int, name: str) -> Any:
    """Return a field of a chunk's span; addresses as offsets in the chunk."""
    spans = moment.world.spans
    if number >= len(spans):
        return "missing"
    if name == "list":
        return moment.world.list_of(number)
    value = getattr(spans[number], name)
    return value - spans[number].base if name in ("limit", "free_base", "free_limit") else value


def _free(moment: Moment, wanted: dict[str, list[int]]) -> Complaints:
    for number, edges in wanted.items():
        found = [_span_fact(moment, int(number), name) for name in ("free_base", "free_limit")]
        yield from _compare(f"chunk {number}'s free range", found, edges)


def _bits(moment: Moment, wanted: dict[str, dict[str, str]]) -> Complaints:
    for chunk, words in wanted.items():
        for word, value in words.items():
            there = _has_word(moment, int(chunk), int(word))
            found = hex(moment.world.bits.word(int(chunk), int(word))) if there else "missing"
            yield from _compare(f"bitmap word {word} of chunk {chunk}", found, value)


def _has_word(moment: Moment, chunk: int, word: int) -> bool:
    return chunk < len(moment.world.spans) and word < moment.world.rules.chunk_bitmap_words


def _marks(moment: Moment, wanted: dict[str, dict[str, bool]]) -> Complaints:
    for chunk, words in wanted.items():
        marks = moment.world.scan_limits.no_more_ptrs(int(chunk))
        for word, value in words.items():
            found = bool(marks[int(word)]) if _has_word(moment, int(chunk), int(word)) else "missing"
            yield from _compare(f"noMorePtrs of word {word} of chunk {chunk}", found, value)


def _mark_counts(moment: Moment, wanted: dict[str, int]) -> Complaints:
    for chunk, count in wanted.items():
        found = int(moment.world.scan_limits.no_more_ptrs(int(chunk)).sum())
        yield from _compare(f"the number of noMorePtrs marks of chunk {chunk}", found, count)


def _ptr_bytes(moment: Moment, wanted: dict[str, int]) -> Complaints:
    for chunk, value in wanted.items():
        found = moment.world.scan_limits.ptr_bytes(int(chunk))
        yield from _compare(f"PtrBytes of the dummy type of chunk {chunk}", found, value)


def _changes(moment: Moment, wanted: dict[str, int], unit: int = 1) -> Complaints:
    before, after = moment.before.counted(), moment.world.counted()
    for name, change in wanted.items():
        found = after[snake(name)] - before[snake(name)]
        yield from _compare(f"the change of {name}", round(found / unit), change)


def _totals(moment: Moment, wanted: dict[str, int], unit: int = 1) -> Complaints:
    for name, value in wanted.items():
        found = round(moment.world.counted()[snake(name)] / unit)
        yield from _compare(f"{name} since the start", found, value)


def _gc(moment: Moment, wanted: dict[str, Any]) -> Complaints:
    for name, value in wanted.items():
        yield from _compare(f"gc.{name}", getattr(moment.world.gc, name), value)


def _gc_mib(moment: Moment, wanted: dict[str, Any]) -> Complaints:
    for name, value in wanted.items():
        yield from _compare(f"gc.{name} in MiB", round(getattr(moment.world.gc, name) / MiB), value)


def _assist_mib(moment: Moment, wanted: int) -> Complaints:
    yield from _compare("the assist credit in MiB", round(moment.world.gs[MAIN].assist_bytes / MiB), wanted)


def _rows(what: str, rows_of: Callable[[World], dict[int, Any]], kind: type) -> Fact:
    """Return the fact that the rows of a small table have these values."""

    def broken(moment: Moment, wanted: dict[str, dict[str, int]]) -> Complaints:
        rows = rows_of(moment.world)
        for number, values in wanted.items():
            if int(number) not in rows:
                yield f"there is no {what} {number}"
                continue
            for name, value in values.items():
                yield from _compare(f"{what} {number}'s {name}", getattr(rows[int(number)], name), value)

    return Fact(f"a table of {what}s to numbers of theirs", numbered(numbers_of(kind)), broken)


def _place(moment: Moment, wanted: list[dict[str, Any]]) -> Complaints:
    for place in wanted:
        op, nth = place["op"], place.get("nth", 0)
        found = _found_place(moment, op, nth)
        asked = {name: value for name, value in place.items() if name not in ("op", "nth")}
        same = {name: found.get(name) for name in asked}
        yield from _compare(f"the place of value {nth} of ops[{op}]", same, asked)


def _found_place(moment: Moment, op: int, nth: int) -> dict[str, Any]:
    """Return where the nth value that an operation made is: chunk and off, or "heap", "zerobase"."""
    history = moment.history
    if not 0 <= op < len(history.ops):
        return {"at": "no such operation"}
    span = history.log.row_span(op, history.world.ledger.count)
    made = [*compress(span, history.log.ops_of_rows(span.start, len(span)) == op)]
    if not 0 <= nth < len(made):
        return {"at": "nowhere"}
    addr, size, _, _, _, chunk = history.world.ledger.row(made[nth])
    if chunk in (ON_HEAP, AT_ZEROBASE):
        return {"at": "heap" if chunk == ON_HEAP else "zerobase", "size": size}
    if chunk >= len(moment.world.spans):
        return {"at": "a chunk that is not there yet"}
    return {"at": "chunk", "chunk": chunk, "off": addr - moment.world.spans[chunk].base, "size": size}


def _holds(moment: Moment, wanted: dict[str, list[int]]) -> Complaints:
    found = {}
    for number, addr in moment.world.holds.items():
        span = moment.world.span_of(addr)
        found[str(number)] = [-1, addr] if span is None else [span.chunk, addr - span.base]
    yield from _compare("what the globals hold", found, wanted)


def _weak(moment: Moment, wanted: dict[str, Any]) -> Complaints:
    for number, place in wanted.items():
        there = int(number) in moment.world.weak_pointers
        found = weak_place(moment.world, int(number)) if there else "not made"
        yield from _compare(f"where weak pointer {number} leads", found, place)


def _happened(moment: Moment, wanted: list[str | dict[str, Any]]) -> Complaints:
    """Find the wanted events in their order; others may stand between them."""
    rest = iter(moment.events)
    for entry in wanted:
        like = dict(entry) if isinstance(entry, dict) else {"kind": entry}
        kind = like.pop("kind")
        if EVENTS[kind] not in moment.unseen and not any(_is(event, kind, like) for event in rest):
            what = f"{kind} {shown(like)}" if like else kind
            yield f"{what} did not happen (in this order); there was {_told(moment.events) or 'nothing'}"
            return


def _told(events: list[Event]) -> str:
    """Return the kinds of events in their order, how often where several in a row are of one kind."""
    runs = ((kind, len(list(run))) for kind, run in groupby(type(event).__name__ for event in events))
    return cut(", ".join(f"{kind} ×{times}" if times > 1 else kind for kind, times in runs), LONGEST_STORY)


def _is(event: Event, kind: str, like: dict[str, Any]) -> bool:
    values = event.as_dict()
    return type(event).__name__ == kind and all(
        values.get(name) == (tuple(value) if isinstance(value, list) else value)
        for name, value in like.items()
    )


def _never(moment: Moment, wanted: list[str]) -> Complaints:
    for event in moment.events:
        if type(event).__name__ in wanted:
            yield f"{type(event).__name__} happened: {cut(event.sentence())}"


def _died(kind: type[Panicked | Threw | Faulted]) -> Callable[[Moment, str], Complaints]:
    def broken(moment: Moment, wanted: str) -> Complaints:
        found = [event.text for event in moment.events if isinstance(event, kind)]
        yield from _compare(f"what {kind.__name__.lower()}", found, [wanted])

    return broken


def _touch(moment: Moment, wanted: list[dict[str, Any]]) -> Complaints:
    for asked in wanted:
        pointer = Pointer(asked["object"], asked.get("offset", 0))
        found = touch(moment.world, pointer, write=asked.get("write", False))
        who = f"touching object {pointer.object}"
        for name in ("outcome", "text", "chunk"):
            if name in asked:
                yield from _compare(f"{who}: {name}", getattr(found, name), asked[name])


_TEXT = "a text"
_COUNTERS = "a table of Go counters, such as heapLive, to whole numbers"

#: Name of a fact -> what it must look like and what must hold.
FACTS: dict[str, Fact] = {
    **{name: _list(name) for name in ("ready", "reuse", "fault", "quarantine")},
    "phase": Fact(f"one of {', '.join(PHASE_NAMES)}", lambda v: v in PHASE_NAMES, _phase),
    "sweep": Fact(
        "a table of scan_swept, scan_unswept, noscan_swept, noscan_unswept to chunk numbers",
        lambda v: (
            isinstance(v, dict)
            and all(re.fullmatch("(no)?scan_(un)?swept", k) and is_ints(c) for k, c in v.items())
        ),
        _sweep_sets,
    ),
    "arenas": Fact("a table of user arenas to their fields", numbered(fields_of(UserArena)), _arenas),
    "chunks": Fact(
        "a table of chunks to fields of their span, or list",
        numbered(fields_of(MSpan, "list", "unused", "noscan", "free_bytes")),
        _chunks,
    ),
    "free": Fact("a table of chunks to [from, to] as offsets", numbered(is_ints), _free),
    "bits": Fact("a table of chunks to tables of bitmap words in hex", numbered(numbered(is_hex)), _bits),
    "marks": Fact(
        "a table of chunks to tables of bitmap words to true or false",
        numbered(numbered(lambda v: isinstance(v, bool))),
        _marks,
    ),
    "ptr_bytes": Fact("a table of chunks to PtrBytes of their dummy types", numbered(is_whole), _ptr_bytes),
    "mark_counts": Fact("a table of chunks to numbers of noMorePtrs marks", numbered(is_whole), _mark_counts),
    "counters": Fact(_COUNTERS, is_counters, _changes),
    "totals": Fact(_COUNTERS, is_counters, _totals),
    # Where the runtime's own small objects count too, MiB tell what chunks do.
    "counters_mib": Fact(_COUNTERS, is_counters, partial(_changes, unit=MiB)),
    "totals_mib": Fact(_COUNTERS, is_counters, partial(_totals, unit=MiB)),
    "gc_mib": Fact("a table of the collector's numbers", numbers_of(GCState), _gc_mib),
    "assist_mib": Fact("a whole number of MiB of assist credit, debt below 0", is_whole, _assist_mib),
    "ps": _rows("P", lambda w: dict(enumerate(w.ps)), P),
    "gs": _rows("goroutine", lambda w: w.gs, G),
    "gc": Fact("a table of the collector's fields", fields_of(GCState), _gc),
    "places": Fact("a list of { op, nth, chunk, off } or { op, at }", is_places, _place),
    "holds": Fact("a table of globals to [chunk, offset]", numbered(is_ints), _holds),
    "weak": Fact(
        f"a table of weak pointers to [chunk, offset], nil, {', '.join(PLACES.values())}",
        numbered(lambda v: is_ints(v) or v in ("nil", *PLACES.values())),
        _weak,
    ),
    "events": Fact("a list of kinds of events, or of { kind, field = value }", is_kinds, _happened),
    "never": Fact("a list of kinds of events", lambda v: is_texts(v) and is_kinds(v), _never),
    "panic": Fact(_TEXT, lambda v: isinstance(v, str), _died(Panicked)),
    "throw": Fact(_TEXT, lambda v: isinstance(v, str), _died(Threw)),
    "faults": Fact(_TEXT, lambda v: isinstance(v, str), _died(Faulted)),
    "touch": Fact("a list of { object, offset, outcome, text }", is_touches, _touch),
}
