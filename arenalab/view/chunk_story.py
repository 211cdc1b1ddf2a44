"""The story of one chunk: what happened to it, line by line, around a moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arenalab.view.columns import Column, View, listing, text_column
from arenalab.view.lives import Lives
from arenalab.view.reading import sentence_of
from arenalab.world.life_cycle import STATES

LINES = 7  #: lines told at a time.
LONGEST = 200  #: characters of a sentence.


@dataclass(frozen=True, eq=False)
class Lines(View):
    """One row per line."""

    moment: Column  #: how many events have happened when this one has.
    op: Column  #: its operation.
    kind: Column  #: name of the event's kind.
    sentence: Column  #: what happened.
    state: Column  #: the state that the chunk enters by it, "" when it stays where it is.
    current: Column  #: whether it is the latest that has happened.


@dataclass(frozen=True)
class StoryLines:
    """Some lines of a chunk's story."""

    chunk: int  #: −1 for no chunk.
    lines: Lines  #: the lines themselves, one row each.
    first: int  #: number of the first line told, from 0.
    total: int  #: lines in all.

    def text(self) -> str:
        """Return the lines as text."""
        if self.chunk < 0:
            return "no chunk yet"
        columns = self.lines.columns()
        columns["op"] = columns["op"] + 1
        last = self.first + len(self.lines)
        head = f"story of chunk {self.chunk}: lines {self.first + 1}–{last} of {self.total}"
        return f"{head}\n{listing(columns)}"


def story(lives: Lives, chunk: int, at: int) -> StoryLines:
    """Return the lines of a chunk's story around the moment `at`."""
    history, numbers = lives.history, lives.events.of(chunk)
    done = int(np.searchsorted(numbers, at))  #: lines that have happened
    first = max(0, min(done - 1 - LINES // 2, len(numbers) - LINES))
    told = numbers[first : first + LINES].tolist()
    stays = lives.stays(chunk)
    entered = dict(zip(stays.entered.tolist(), stays.state.tolist(), strict=True))
    lines = Lines(
        moment=np.array([number + 1 for number in told], dtype=np.int64),
        op=np.array([history.log.op_at(number + 1) for number in told], dtype=np.int64),
        kind=text_column([type(history.events[number]).__name__ for number in told]),
        sentence=text_column([sentence_of(history, number, LONGEST) for number in told]),
        state=text_column([STATES[entered[n + 1]] if n + 1 in entered else "" for n in told]),
        current=np.array([first + line == done - 1 for line in range(len(told))], dtype=bool),
    )
    return StoryLines(chunk, lines, first, len(numbers))
