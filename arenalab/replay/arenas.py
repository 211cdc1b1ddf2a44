"""Runs of arenas in a trace: where one can begin, and how it is solved and recorded.

Rule: an arena that the machine would treat in another way than the one before it is the machine's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import numpy as np

from arenalab.bulk.arena_run import RunOfArenas, cached, may_run
from arenalab.bulk.bits import Ints
from arenalab.bulk.turns import Turns
from arenalab.bulk.type_table import TypeTable
from arenalab.machine import program
from arenalab.machine.machine import Machine
from arenalab.machine.process import ran_on, scheduled
from arenalab.machine.steps import alone
from arenalab.machine.user_arena import free_full_chunks, objects_of_one
from arenalab.machine.values import events_of_run
from arenalab.replay import runs
from arenalab.replay.runs import LONGEST, MAKES, Cut
from arenalab.replay.trace import Trace
from arenalab.world.actors import MAIN
from arenalab.world.event import Event
from arenalab.world.events import SmallObjectMade
from arenalab.world.run_events import SINGLE

MOST_PAUSE = 64  #: chances that are let pass between two attempts at most, where attempts fail.

#: Records a run: of how many operations, its events, and which of the operations make no value.
Record = Callable[[int, Iterable[Event], Ints | None], None]


class ArenasInTurn:
    """Solves the runs of arenas of one trace, beside one machine."""

    def __init__(self, trace: Trace, machine: Machine, table: TypeTable) -> None:
        """Begin with an attempt at the next arena."""
        self.trace, self.machine, self.table = trace, machine, table
        #: Chances to let pass after an attempt that failed, or gave few arenas, and how many of them are left.
        self._pause = self._left = 0
        self._solves = True  #: whether the last attempt gave a run.
        self._reach = LONGEST  #: rows to try at once; follows what the last runs achieved.

    def run(self, cut: Cut, row: int, record: Record) -> int:
        """Solve, certify and record arenas from a row on; return the row after them, 0 for none."""
        stop = min(cut.arenas_until(row), row + self._reach)
        if stop - row < runs.SHORT:
            return 0
        makes = self.trace.op[row] == MAKES
        if self._left and (makes or not self._solves):
            self._left -= 1
            return 0
        self.machine.go_on()
        world = self.machine.world
        if not may_run(world) or scheduled(world, MAIN, ran_on(world, MAIN)) is not None:
            return 0
        if makes and not world.reuse:  # its chunk is not one that the list hands on
            return 0
        objects = objects_of_one(world, int(self.trace.user_arena[row]))
        if not cached(world, objects):
            return 0
        turns = self._solved(cut, row, stop, objects, record)
        done = 0 if turns is None else turns.rows
        many = turns is not None and turns.rows - len(turns.values) >= runs.SOME
        self._solves = turns is not None
        self._left = self._pause = 0 if many else min(2 * self._pause + 1, MOST_PAUSE)
        self._reach = min(LONGEST, max(runs.SHORT, 4 * done)) if done else LONGEST
        return row + done if done else 0

    def _solved(
        self, cut: Cut, row: int, stop: int, objects: list[SmallObjectMade], record: Record
    ) -> Turns | None:
        """Record as many arenas as there is room for, each with such objects; return their turns, None for none."""
        trace, world = self.trace, self.machine.world
        nbytes, stretch = cut.bytes_of(row, stop), cut.stretch(trace, row, stop)
        run = RunOfArenas(world, self.table, stretch, trace.type[row:stop], nbytes)
        if run.turns is None or run.turns.rows < runs.SHORT:
            return None
        caps = _caps(run.turns, runs.caps_of(trace, row, row + run.turns.rows))
        refs = next(each for each in objects if each.what == "refs")
        carved = run.carved(caps, objects, refs.cap)
        idle = np.logical_not(stretch.allocates(run.turns.rows)).nonzero()[0]
        record(run.turns.rows, chain(events_of_run(run, carved, caps), self._others(row, run.turns)), idle)
        return run.turns

    def _others(self, row: int, turns: Turns) -> Iterator[Event]:
        """Return what happens to full chunks and to arenas that are dropped: no operation before a cycle reads that."""
        world, first = self.machine.world, len(turns.made)
        ended = turns.freed[first : first + turns.ended]
        for number in turns.numbers[first:][ended.argsort()].tolist():
            yield from alone(free_full_chunks(world, number))
        for number in self.trace.user_arena[row + turns.dropped].tolist():
            yield from alone(program.drop(world, number))


def _caps(turns: Turns, caps: Ints | None) -> Ints | None:
    """Return the capacities of those rows that allocate; None when all are single."""
    values = None if caps is None else caps.take(turns.values)
    return None if values is None or bool((values == SINGLE).all()) else values
