"""Whose an address is: which chunk, which values lay there, who made and freed them, what the chunk is now.

Rules:
1. An address is judged at the end of the run, where a program that crashed stands still.
2. All values that ever lay there are listed, the latest first: a chunk that is used again has had several.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from arenalab.units import hex_addr, human, plainly
from arenalab.view.acting import asked, by
from arenalab.view.calls import call_of
from arenalab.view.columns import brief
from arenalab.view.lives import Lives
from arenalab.view.usage_who import BY_FINALIZER, NEVER, NOT_YET, End, ends
from arenalab.world.history import History
from arenalab.world.life_cycle import STATES
from arenalab.world.state import LEDGER

SHOWN = 3  #: values that are listed of one address.


@dataclass(frozen=True)
class Held:
    """A value that lay, or lies, at an address."""

    object: int  #: its number.
    type: str  #: Go type; a slice as "cap × type".
    nbytes: int  #: of the value.
    byte: int  #: which of its bytes.
    user_arena: int  #: that it is a value of.
    made: int  #: operation that allocated it, from 0.
    call: str  #: the same as a Go programmer writes it.
    by: str  #: who asked for it and where, "" where the run does not say.
    end: End  #: of its arena.


@dataclass(frozen=True)
class Whose:
    """What is known of an address."""

    address: int  #: that was asked about.
    chunk: int | None  #: None: in no chunk.
    offset: int  #: in the chunk.
    held: tuple[Held, ...]  #: the latest first.
    state: str  #: the list that the chunk is on now, "active", "absent".
    fault: bool  #: whether touching it faults.
    since: int | None  #: operation that brought the chunk there, from 0; None for the start.
    by: str  #: who did that, and where in the program; "" where the run does not say.
    user_arena: int | None  #: that fills the chunk now.
    chunks: tuple[str, str] | None  #: first and last address of all chunks, None without any.

    def facts(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "address": hex_addr(self.address), "chunk": self.chunk, "offset": self.offset,
            "values": [vars(it) | {"end": vars(it.end)} for it in self.held],
            "state": self.state, "fault": self.fault, "since": self.since, "by": self.by,
            "user_arena": self.user_arena,
        }  # fmt: skip


def whose(history: History, address: int) -> Whose:
    """Return whose an address is at the end of a run.

    >>> import arenalab
    >>> p = arenalab.Lab(gogc="off").new_arena().new("[4]int")
    >>> whose(p.lab.history, p.addr + 9).held[0].byte
    9
    """
    world = history.world
    bases = [span.base for span in world.spans]
    size = world.rules.chunk.stride
    limits = (hex_addr(min(bases)), hex_addr(max(bases) + size - 1)) if bases else None
    span = world.span_of(address) if 0 <= address < 2**63 else None
    if span is None:
        return Whose(address, None, 0, (), "", False, None, "", None, limits)  # noqa: FBT003
    lives = history.reader(Lives)
    lives.refresh()
    stays = lives.stays(span.chunk)
    entered = int(stays.entered[-1])
    op = history.log.op_at(entered) if entered else None
    return Whose(
        address, span.chunk, address - span.base, tuple(_held(history, address, span.chunk)),
        STATES[int(stays.state[-1])], bool(span.faulted), op, _brought(history, entered),
        world.owner_of(span.chunk), limits,
    )  # fmt: skip


def _brought(history: History, moment: int) -> str:
    """Return who brought a chunk where it is: the goroutine that asked, or the runtime's own."""
    if not moment:
        return ""
    op, actor = history.log.op_at(moment), history.actor_of(moment)
    return (asked(history, op) if actor == history.log.goroutine_of(op) else by(history, moment - 1)).strip()


def _held(history: History, address: int, chunk: int) -> Iterator[Held]:
    world = history.world
    where, addr, size = (LEDGER.index(name) for name in ("chunk", "addr", "size"))
    found: list[int] = []
    for start, rows in world.ledger.windows():
        inside = (
            (rows[:, where] == chunk) * (rows[:, addr] <= address) * (address < rows[:, addr] + rows[:, size])
        )
        found += (start + np.flatnonzero(inside)).tolist()
    ended = ends(history) if found else {}
    for row in reversed(found):
        base, nbytes, number, cap, owner, _ = world.ledger.row(row)
        expr, op = brief(world.types[number].expr), history.log.op_of_row(row)
        yield Held(
            row, expr if cap < 0 else f"{cap} × {expr}", nbytes, address - base, owner, op,
            call_of(history.ops[op]), asked(history, op).strip(), ended[owner],
        )  # fmt: skip


def whose_words(its: Whose) -> list[str]:
    """Return it in lines."""
    if its.chunk is None:
        there = f"its chunks lie between {its.chunks[0]} and {its.chunks[1]}" if its.chunks else "it has none"
        return [
            f"{hex_addr(its.address)} is in no chunk of this run ({there}): it was no user arena's memory"
        ]
    where = f"{hex_addr(its.address)} is byte {its.offset:,} of chunk {its.chunk}"
    if not its.held:
        return [f"{where}, where no value ever lay", _chunk_now(its)]
    told = [line for number, held in enumerate(its.held[:SHOWN]) for line in _held_words(held, number)]
    rest = len(its.held) - SHOWN
    more = [f"and {plainly(rest, 'earlier value')} there"] if rest > 0 else []
    return [where, *told, *more, _chunk_now(its)]


def _held_words(held: Held, number: int) -> list[str]:
    """Describe one value: what it is, who made it, how its arena ended."""
    end, earlier = held.end, "before that, " if number else ""
    what = f"{earlier}byte {held.byte:,} of a value of user arena {held.user_arena}: {held.type}, {human(held.nbytes)}"
    made = f"  made by operation {held.made + 1:,}, {held.call}{_after(held.by)}"
    of = f"  its arena was made {end.made}" if end.made else ""
    if end.how == NEVER:
        ended = "  its arena was never freed"
    elif end.how == NOT_YET:
        ended = "  its arena was not freed where the recording ends"
    elif end.how == BY_FINALIZER:
        ended = f"  its arena was dropped, and freed by its finalizer in operation {(end.op or 0) + 1:,}"
    else:
        ended = f"  its arena was freed by operation {(end.op or 0) + 1:,}{_after(end.freed)}"
    return [what, made, *filter(None, [of]), ended]


NOW = {
    "active": "is being filled", "full": "is full, and its arena's", "fault": "waits on the fault list",
    "quarantine": "is in quarantine", "reuse": "waits on the reuse list", "ready": "is ready to be used again",
    "in transit": "is held by running code", "absent": "has no address yet",
}  # fmt: skip


def _chunk_now(its: Whose) -> str:
    """Describe what the chunk is at the end of the run, and what touching it does."""
    since = "since the start" if its.since is None else f"since operation {its.since + 1:,}"
    owner = f", by user arena {its.user_arena}" if its.user_arena is not None else ""
    touch = "touching it faults: SIGSEGV" if its.fault else "touching it does not fault"
    return f"chunk {its.chunk} {NOW[its.state]}{owner} {since}{_after(its.by)}; {touch}"


def _after(words: str) -> str:
    """Return words so that they can follow others; "" stays so."""
    return words and f" {words}"
