"""Lanes: the lives of some chunks as stretches of time, merged where nobody could tell them apart."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from arenalab.view.acting import made_column, site
from arenalab.view.columns import Column, View, text_column
from arenalab.view.event_columns import EventColumns
from arenalab.view.lives import Lives, Stays
from arenalab.view.windows import Part
from arenalab.world.life_cycle import ACTIVE, FULL, STATES, TRANSITIONS

OPERATIONS, EVENTS = "operations", "events"
SCALES = (OPERATIONS, EVENTS)
CELLS = 400  #: parts of a lane's length within which only the longest stay is shown.
BARS = 120  #: parts of a run that a map of it tells apart.
NOBODY = -1
#: Kinds of events that name the arena to which they bring a chunk.
OWNING = [
    kind
    for kind in dict.fromkeys(kind for (_, kind), after in TRANSITIONS.items() if after in (ACTIVE, FULL))
    if "user_arena" in {field.name for field in fields(kind)}
]


@dataclass(frozen=True, eq=False)
class Lanes(View):
    """One row per stretch of a lane, chunk by chunk, in order; together they fill each lane."""

    chunk: Column  #: its number.
    state: Column  #: that it is in.
    left: Column  #: where it begins, in operations or events.
    right: Column  #: where it ends.
    entered: Column  #: moment when the chunk came into this state.
    until: Column  #: moment when it left it.
    op: Column  #: the operation that brought it into this state, −1 for none.
    by: Column  #: who did it, "" where only one acts.
    site: Column  #: the line of the program that asked for that operation, "" where none was recorded.
    user_arena: Column  #: whose it is while it is filled or full, else −1.
    made: Column  #: who made that arena, and where in the program; "" where the run does not say.


@dataclass(frozen=True, eq=False)
class Busy(View):
    """One row for each of `BARS` equal parts of the whole run."""

    moves: Column  #: of chunks from one state to another.


def lanes(lives: Lives, chunks: range, scale: str, part: Part | None = None) -> Lanes:
    """Return the lanes of some chunks, by operations or by events; `part` is what is seen of them, None for all."""
    whole = 0, end_of(lives, scale)
    rows: list[tuple[Column, ...]] = [_lane(lives, chunk, scale, part or whole, whole[1]) for chunk in chunks]
    columns: list[Column] = [np.concatenate(parts) for parts in zip(*rows, strict=True)]
    if not columns:
        columns = [np.zeros(0, dtype=np.int64)] * 6
    chunk, state, left, right, entered, until = columns
    names = text_column([STATES[number] for number in state.tolist()])
    owners = _owners(lives, state, entered).tolist()
    moments = entered.tolist()
    op = np.array([lives.history.log.op_at(moment) for moment in moments], dtype=np.int64)
    by = text_column([lives.who(moment) for moment in moments])
    sites = text_column([site(lives.history, number) for number in op.tolist()])
    made = made_column(lives.history, owners)
    arenas = np.array(owners, dtype=np.int64)
    return Lanes(chunk, names, left, right, entered, until, op, by, sites, arenas, made)


def across(lives: Lives, moments: Column, scale: str) -> Column:
    """Return where moments lie on a lane."""
    return lives.in_operations(moments) if scale == OPERATIONS else moments.astype(float)


def end_of(lives: Lives, scale: str) -> int:
    """Return where lanes end, in units of the scale."""
    return len(lives.history.ops) if scale == OPERATIONS else len(lives.history)


def busy(lives: Lives, scale: str) -> Busy:
    """Return how many moves of chunks lie in each of `BARS` equal parts of the whole run."""
    if scale not in lives.busy:
        moments = lives.moment[lives.kind >= 0]
        edges = (0, max(end_of(lives, scale), 1))
        lives.busy[scale] = np.histogram(across(lives, moments, scale), BARS, edges)[0]
    return Busy(lives.busy[scale])


def _lane(lives: Lives, chunk: int, scale: str, part: Part, end: int) -> tuple[Column, ...]:
    """Return (chunk, state, left, right, entered, until) of what is seen of one lane."""
    stays, (first, last) = lives.stays(chunk), part
    left, right = (across(lives, moments, scale) for moments in (stays.entered, stays.left))
    if len(right):
        right[-1] = end  # operations at the end that made no event count too
    seen = np.flatnonzero((right > first) * (left < last)) if last > first else np.arange(len(left))
    if not len(seen):  # the chunk only passed through states here, for no time at all
        seen = np.flatnonzero(left <= first)[-1:]
    kept = seen[_kept(np.maximum(left[seen], first), np.minimum(right[seen], last), part)]
    shown = Stays(*(column[kept] for column in stays))
    edges = left[kept][1:]
    return (
        np.full(len(kept), chunk), shown.state, np.append(float(first), edges), np.append(edges, last),
        shown.entered, shown.left,
    )  # fmt: skip


def _kept(left: Column, right: Column, part: Part) -> Column:
    """Return which stays are shown: all that last, and in each cell the longest of those that begin there."""
    length = right - left
    cell = ((left - part[0]) * CELLS / max(part[1] - part[0], 1)).astype(np.int64)
    order = np.lexsort((length, cell))
    longest = order[np.append(cell[order][1:] != cell[order][:-1], True)[: len(order)]]
    kept: Column = np.sort(longest[length[longest] > 0]) if (length > 0).any() else longest[-1:]
    return kept


def _owners(lives: Lives, state: Column, entered: Column) -> Column:
    """Return the user arena that the event names by which a chunk became active or full, NOBODY elsewhere."""
    owners = np.full(len(state), NOBODY, dtype=np.int64)
    owned = np.isin(state, [STATES.index(it) for it in (ACTIVE, FULL)])
    columns, events = lives.history.reader(EventColumns), np.maximum(entered - 1, 0).astype(np.uint32)
    for kind in OWNING:
        at = columns.at(kind)
        place = np.minimum(np.searchsorted(at, events), max(len(at) - 1, 0))
        its = np.flatnonzero(owned * (entered > 0) * (at[place] == events)) if len(at) else place[:0]
        owners[its] = columns.field(kind, "user_arena")[place[its]]
    return owners
