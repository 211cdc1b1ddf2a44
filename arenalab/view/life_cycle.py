"""The life cycle: in which state each chunk is, how it came there, and what it went through.

States and arrows are those of `world.life_cycle`, which the writer is checked against; nothing is listed
here a second time. A picture shows the table with the chunks standing in it, the lives of some chunks
as lanes, and the story of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arenalab.view.acting import made_column, site
from arenalab.view.axis_part import WHOLE, fitted_part, inside
from arenalab.view.chunk_events import step_at_hand
from arenalab.view.chunk_story import StoryLines, story
from arenalab.view.columns import Column, View, listing, text_column
from arenalab.view.lanes import EVENTS, OPERATIONS, Busy, Lanes, across, busy, end_of, lanes
from arenalab.view.lives import Lives
from arenalab.view.reading import Reading, chunk_in_focus, reading
from arenalab.view.windows import Part
from arenalab.world.life_cycle import (
    ABSENT,
    ACTIVE,
    FAULT,
    FULL,
    IN_TRANSIT,
    QUARANTINE,
    READY,
    REUSE,
    STATES,
    TRANSITIONS,
)
from arenalab.world.state import World

HEAD, TAIL = 9, 3  #: chunks of a long list that are shown at its either end.
PAGE = 8  #: lanes shown at a time.
NOBODY = -1  #: in a column of user arenas.

#: State -> Go's name of the list, and which end comes first.
LISTS = {
    ABSENT: ("none", "no address yet"),
    READY: ("mheap.userArena.readyList", "head first"),
    IN_TRANSIT: ("none", "held by running code"),
    ACTIVE: ("userArena.active", "one per arena"),
    FULL: ("userArena.fullList", "head first, per arena"),
    REUSE: ("userArenaState.reuse", "oldest first"),
    FAULT: ("userArenaState.fault", "oldest first"),
    QUARANTINE: ("mheap.userArena.quarantineList", "head first"),
}


@dataclass(frozen=True, eq=False)
class StateRows(View):
    """One row per state of the table."""

    state: Column  #: name of the state.
    chunks: Column  #: how many are in it.
    list: Column  #: Go's name of the list, "none" without one.
    order: Column  #: which end of the list comes first.
    hidden: Column  #: chunks in the middle of a long list, which are only counted.
    hidden_now: Column  #: how many of those the current step moved here.


@dataclass(frozen=True, eq=False)
class Arrows(View):
    """One row per row of the table."""

    source: Column  #: state that is left.
    target: Column  #: state that is entered.
    event: Column  #: kind of event that does it.
    now: Column  #: chunks that the current step moved so.
    so_far: Column  #: moves until now.
    ever: Column  #: moves in the whole history.


@dataclass(frozen=True, eq=False)
class Tokens(View):
    """One row per chunk shown, state by state, in the order of its list."""

    chunk: Column  #: its number.
    state: Column  #: that it is in.
    place: Column  #: position in its list, from 0; for full chunks in that of their arena.
    user_arena: Column  #: whose it is, −1 for nobody's.
    since: Column  #: moment when it came into the state.
    op: Column  #: the operation that brought it, −1 for none.
    event: Column  #: kind of the event that brought it, "" for none.
    by: Column  #: who did it, "" where only one acts.
    site: Column  #: the line of the program that asked for that operation, "" where none was recorded.
    made: Column  #: who made the user arena, and where in the program; "" where the run does not say.
    now: Column  #: whether the current step moved it.


@dataclass(frozen=True)
class LifeCycle:
    """All that the life cycle's picture shows."""

    reading: Reading  #: where in the history it is, in words.
    states: StateRows  #: the boxes.
    arrows: Arrows  #: the ways between them.
    tokens: Tokens  #: the chunks in them.
    lanes: Lanes  #: the lives of a page of chunks.
    story: StoryLines  #: of the chunk in focus.
    focus: int  #: number of the chunk in focus, −1 while there is no chunk.
    all_chunks: int  #: how many chunks the whole history ever has.
    first: int  #: first chunk of the page of lanes.
    rows: int  #: lanes of a page: as many as the whole history needs, so that pictures keep their height.
    scale: str  #: what lanes count: operations or events.
    end: int  #: where the run ends, in units of the scale.
    window: Part  #: what the lanes show of it.
    at: float  #: where we stand, in the same units.
    busy: Busy  #: where in the run chunks move.

    def axis_words(self) -> str:
        """Return which part of the run the lanes show, "" for all of it."""
        first, last = self.window
        return "" if self.window == (0, self.end) else f", {first:,} to {last:,} of {self.end:,}"

    def text(self) -> str:
        """Return the picture as text, with its numbers."""
        states, tokens = self.states.columns(), self.tokens.columns()
        del states["hidden_now"]
        taken = self.arrows.now > 0
        arrows = {name: column[taken] for name, column in self.arrows.columns().items()}
        parts = [self.reading.text(), listing(states), "chunks by state, in the order of their lists"]
        parts[-1] += f"\n{listing(tokens)}"
        parts.append(f"moved by this step\n{listing(arrows)}" if taken.any() else "this step moves no chunk")
        last = self.first + self.rows - 1
        parts.append(
            f"lives of chunks {self.first}–{last}, by {self.scale}{self.axis_words()}\n{self.lanes.text()}"
        )
        return "\n\n".join([*parts, self.story.text()])


def life_cycle(
    lives: Lives, at: int, *, focus: int | None = None, scale: str = OPERATIONS, op: int | None = None,
    window: Part | None = None, fit: str = WHOLE,
) -> LifeCycle:  # fmt: skip
    """Return the life cycle after `at` events.

    Args:
        lives: of the history that is looked at.
        at: how many events have happened.
        focus: chunk whose story is shown; None follows the events.
        scale: "operations" or "events": what the lanes count.
        op: the operation that led here, when it made no event of its own.
        window: the first and the last place of the lanes that are seen; None fits.
        fit: one of `axis_part.FITS`, when there is no window.

    """
    lives.refresh()
    history, world, end = lives.history, lives.history.at(at), end_of(lives, scale)
    place = float(at) if scale == EVENTS else _operations(lives, at, op)
    part = fitted_part(fit, place, end) if window is None else inside(window, end)
    all_chunks = len(history.world.spans)
    chunk = chunk_in_focus(history, at) if focus is None else focus
    chunk = chunk if 0 <= chunk < all_chunks else -1
    rows = min(PAGE, max(1, all_chunks))
    first = min(
        max(chunk, 0) // rows * rows, max(all_chunks - rows, 0)
    )  # the last page is as full as the others
    moved = lives.moves(*step_at_hand(history, at, op))
    stand = list(standing(world)) + [(ABSENT, n, 0) for n in range(len(world.spans), all_chunks)]
    states, tokens = _standing(lives, world, stand, (at, set(lives.chunk[moved].tolist())))
    return LifeCycle(
        reading=reading(history, at, op), states=states, arrows=_arrows(lives, at, moved), tokens=tokens,
        lanes=lanes(lives, range(first, min(first + rows, all_chunks)), scale, part),
        story=story(lives, chunk, at), focus=chunk, all_chunks=all_chunks, first=first, rows=rows,
        scale=scale, end=end, window=part, at=place, busy=busy(lives, scale),
    )  # fmt: skip


def _operations(lives: Lives, at: int, op: int | None) -> float:
    """Return where we stand, in operations; one without events is done where the one before it is."""
    if op is not None and lives.history.log.op_end(op) == at:
        return op + 1.0
    return float(across(lives, np.array([at]), OPERATIONS)[0])


def standing(world: World) -> Iterator[tuple[str, int, int]]:
    """Yield (state, chunk, position in its list) of each chunk, list by list, as `World.list_of` tells them."""
    seen: set[int] = set()
    for state, chunks in _lists(world):
        for place, chunk in enumerate(chunks):
            if (
                chunk not in seen
            ):  # freed by a sanitizer build, it is still the arena's active one for a while
                seen.add(chunk)
                yield state, chunk, place
    for place, chunk in enumerate(n for n in range(len(world.spans)) if n not in seen):
        yield IN_TRANSIT, chunk, place


def _lists(world: World) -> Iterator[tuple[str, list[int]]]:
    yield from (
        (READY, world.ready),
        (QUARANTINE, world.quarantine),
        (REUSE, world.reuse),
        (FAULT, world.fault),
    )
    for user_arena in world.holding():
        yield ACTIVE, [] if user_arena.active is None else [user_arena.active]
        yield FULL, user_arena.full_list


def _standing(
    lives: Lives, world: World, stand: list[tuple[str, int, int]], step: tuple[int, set[int]]
) -> tuple[StateRows, Tokens]:
    """Return the states and the chunks that stand in them."""
    at, moved = step
    shown, hidden = [], dict.fromkeys(STATES, 0)
    hidden_now, counts = hidden.copy(), hidden.copy()
    for state in STATES:
        here = [row for row in stand if row[0] == state]
        counts[state] = len(here)
        cut = here[HEAD:-TAIL] if len(here) > HEAD + TAIL + 1 else []
        hidden[state], hidden_now[state] = len(cut), sum(row[1] in moved for row in cut)
        shown += [*here[:HEAD], *here[-TAIL:]] if cut else here
    rows = StateRows(
        state=text_column(list(STATES)),
        chunks=np.array(list(counts.values()), dtype=np.int64),
        list=text_column([LISTS[state][0] for state in STATES]),
        order=text_column([LISTS[state][1] for state in STATES]),
        hidden=np.array(list(hidden.values()), dtype=np.int64),
        hidden_now=np.array(list(hidden_now.values()), dtype=np.int64),
    )
    return rows, _tokens(lives, world, shown, (at, moved))


def _tokens(
    lives: Lives, world: World, shown: list[tuple[str, int, int]], step: tuple[int, set[int]]
) -> Tokens:
    at, moved = step
    chunk = np.array([row[1] for row in shown], dtype=np.int64)
    owners: dict[int, int] = {}
    for user_arena in world.holding():
        for held in user_arena.refs:
            owners.setdefault(held, user_arena.id)
    _, since, row = (column[chunk] for column in lives.states(at, int(chunk.max(initial=-1)) + 1))
    arenas = [owners.get(n, NOBODY) for n in chunk.tolist()]
    ops = [lives.history.log.op_at(moment) for moment in since.tolist()]
    return Tokens(
        chunk=chunk,
        state=text_column([row[0] for row in shown]),
        place=np.array([row[2] for row in shown], dtype=np.int64),
        user_arena=np.array(arenas, dtype=np.int64),
        since=since,
        op=np.array(ops, dtype=np.int64),
        event=text_column([lives.kind_of(number) for number in row.tolist()]),
        by=text_column([lives.who(moment) for moment in since.tolist()]),
        site=text_column([site(lives.history, op) for op in ops]),
        made=made_column(lives.history, arenas),
        now=np.array([n in moved for n in chunk.tolist()], dtype=bool),
    )


def _arrows(lives: Lives, at: int, moved: Column) -> Arrows:
    """Return the table, with how often each row of it was used."""
    every = (moved, lives.moves(0, at), lives.moves(0, len(lives.history)))
    now, so_far, ever = (
        np.array([counts.get(row, 0) for row in TRANSITIONS], dtype=np.int64)
        for counts in map(lives.counts, every)
    )
    return Arrows(
        source=text_column([state for state, _ in TRANSITIONS]),
        target=text_column(list(TRANSITIONS.values())),
        event=text_column([kind.__name__ for _, kind in TRANSITIONS]),
        now=now,
        so_far=so_far,
        ever=ever,
    )
