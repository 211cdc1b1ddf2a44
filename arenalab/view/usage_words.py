"""Usage in words: what a run made of its arenas, and what its author may want to change.

Rule: a number is said with what it is a part of, and what nobody looked at is said to be so.
"""

from __future__ import annotations

from collections.abc import Iterator

from arenalab.units import counted, human, noun
from arenalab.view.usage import Outlived, Usage, Values
from arenalab.view.usage_who import BY_FINALIZER, NEVER, NOT_YET, Asker
from arenalab.world.history import History

SHOWN = 5  #: arenas, and chunks, that a list names.
ASKERS = 12  #: lines of the program, or goroutines, that are listed.
LITTLE = 0.1  #: used part of the obtained chunks' room, from which on downwards something is said of it.


def reported(history: History, its: Usage) -> str:
    """Return what must be said of the run first, then the report."""
    return "\n".join([*history.remarks, told(its)])


def told(its: Usage) -> str:
    """Return the report: a line for each subject, then the advice."""
    lines = [
        ("arenas", _arenas(its)),
        ("values", _values(its)),
        ("chunks", _chunks(its)),
        ("room", _room(its)),
        ("outlived", outlived(its)),
    ]
    told = [f"{name:<9} {text}" for name, text in lines]
    return "\n".join([*told, *_left(its), *_askers(its), *(f"- {hint}" for hint in advice(its))])


def _left(its: Usage) -> Iterator[str]:
    """Name the arenas that the program did not free, and who made them where that is known."""
    for how, word in (
        (NEVER, _unfreed(its)),
        (NOT_YET, _unfreed(its)),
        (BY_FINALIZER, "freed by a finalizer"),
    ):
        ends = [end for end in its.left if end.how == how]
        if ends:
            named = ", ".join(_made(f"arena {end.user_arena}", end.made) for end in ends[:SHOWN])
            yield f"{word}: {named}{', …' if len(ends) > SHOWN else ''}"


def _unfreed(its: Usage) -> str:
    return "not freed where the recording ends" if its.cut else "never freed"


def _askers(its: Usage) -> Iterator[str]:
    """List line by line, or goroutine by goroutine, what was asked for."""
    for each in its.askers[:ASKERS]:
        many = f" ({counted(each.goroutines, 'goroutine')})" if each.goroutines > 1 else ""
        yield f"{each.who}{many}: {_asked_for(each, _unfreed(its))}"
    if (rest := len(its.askers) - ASKERS) > 0:
        yield f"… and {rest:,} more"


def _asked_for(its: Asker, unfreed: str) -> str:
    said = []
    if its.arenas:
        how = [(its.freed, "freed"), (its.finalized, "by a finalizer"), (its.unfreed, unfreed)]
        ended = ", ".join(f"{number:,} {word}" for number, word in how if number)
        said.append(f"made {counted(its.arenas, 'arena')} ({ended})")
    if its.values:
        said.append(f"allocated {counted(its.values, 'value')} ({human(its.nbytes)})")
    if its.frees:
        said.append(f"freed {counted(its.frees, 'arena')}")
    return ", ".join(said)


def _made(what: str, by: str) -> str:
    return f"{what} (made {by})" if by else what


def outlived(its: Usage) -> str:
    """Answer whether something outlived its arena, and how far that was looked into."""
    if its.outlived:
        chunks, number = its.outlived, len(its.outlived)
        told = "; ".join(map(_one, chunks[:SHOWN])) + ("; …" if number > SHOWN else "")
        return f"yes: something still pointed into {counted(number, 'chunk')} of freed arenas: {told}"
    if its.looked_at:
        times = counted(its.looked_at, "time")
        return f"no: a collection looked {times} whether a freed chunk is pointed to, and none was"
    why = "no collection began" if not its.cycles else "no full chunk was freed before a collection"
    return f"not known: {why}, so nobody looked whether a freed chunk is pointed to"


def _one(it: Outlived) -> str:
    whose = f"{noun(len(it.user_arenas), 'arena')} {_list(it.user_arenas)}"
    whose += f", made {' and '.join(dict.fromkeys(it.made))}" if it.made else ""
    freed = f" {it.freed}" if it.freed else ""
    by = f", now by {it.kept_by}" if it.kept_by else ""
    until = "to the end" if it.released is None else f"until operation {it.released + 1:,}"
    kept = f"kept by {counted(it.cycles, 'collection')} {until}"
    return f"chunk {it.chunk} ({whose}; set to fault by operation {it.quarantined + 1:,}{freed}, {kept}{by})"


def _list(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers[:SHOWN])) + (", …" if len(numbers) > SHOWN else "")


def _arenas(its: Usage) -> str:
    how = [f"{its.freed:,} freed by the program"]
    how += [f"{its.finalized:,} by a finalizer"] * (its.finalized > 0)
    how += [f"{its.unfreed:,} {'not yet where the recording ends' if its.cut else 'never'}"] * (
        its.unfreed > 0
    )
    return f"{its.arenas:,} made: {', '.join(how)}"


def _values(its: Usage) -> str:
    parts = [f"in chunks {_amount(its.in_chunks)}"]
    if its.on_heap.number:
        parts.append(f"too large for one, on the heap {_amount(its.on_heap)}")
    if its.of_size_zero:
        parts.append(f"of size zero, nowhere {its.of_size_zero:,}")
    return "; ".join(parts)


def _amount(values: Values) -> str:
    return f"{values.number:,} ({human(values.nbytes)})"


def _chunks(its: Usage) -> str:
    if not its.obtained:
        return "none obtained"
    again = (
        f"; {counted(its.reused, 'time')} a partly filled one went on to the next arena" if its.reused else ""
    )
    first = 0 if its.most_in_use_at is None else its.most_in_use_at + 1
    most = f"at most {its.most_in_use:,} in use at once, first after operation {first:,}"
    waits = f", {len(its.quarantined):,} of them in quarantine" if its.quarantined else ""
    return f"{its.obtained:,} obtained{again}; {most}; {its.in_use:,} at the end{waits}"


def _room(its: Usage) -> str:
    if not its.obtained:
        return "none"
    room = human(its.obtained * its.chunk_bytes)
    ends = (
        f"; {human(its.wasted)} after the last value of {counted(its.full, 'full chunk')}" if its.full else ""
    )
    return f"{human(its.in_chunks.nbytes)} of {room} used ({its.share:.0%}){ends}"


def advice(its: Usage) -> Iterator[str]:
    """Describe what the program's author may want to look at, the gravest first."""
    if its.outlived:
        yield "a pointer that outlives its arena keeps the chunk from being used again, and faults when it is read"
    if its.on_heap.number:
        there = human(its.on_heap.nbytes)
        yield f"values over {human(its.largest)} go to the heap ({there} here), where Free does not free them"
    if its.finalized:
        yield f"{counted(its.finalized, 'arena')} waited for the collector; Free gives the memory back at once"
    if its.unfreed and not its.cut:
        yield f"{counted(its.unfreed, 'arena')} held memory to the end; nothing called Free"
    if its.obtained and its.share < LITTLE:
        chunk = human(its.chunk_bytes)
        yield f"most of the room was never used: an arena takes a whole chunk, {chunk}, however little it needs"
