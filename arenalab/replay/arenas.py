"""Runs of arenas in a trace: where one can begin, and how it is solved and recorded.

Rule: an arena that the machine would treat in another way than the one before it is the machine's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from arenalab.bulk.arena_run import RunOfArenas, cached, may_run
from arenalab.bulk.bits import Ints
from arenalab.bulk.turns import Turns
from arenalab.bulk.type_table import TypeTable
from arenalab.machine.machine import Machine
from arenalab.machine.process import ran_on, scheduled
from arenalab.machine.user_arena import objects_of_one
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
        #: Chances to let pass after an attempt that failed, and how many of them are left.
        self._pause = self._left = 0
        self._reach = LONGEST  #: rows to try at once; follows what the last runs achieved.

    def run(self, cut: Cut, row: int, record: Record) -> int:
        """Solve, certify and record arenas from a row on; return the row after them, 0 for none."""
        stop = min(cut.arenas_until(row), row + self._reach)
        if stop - row < runs.SHORT:
            return 0
        if self._left:
            self._left -= 1
            return 0
        self.machine.go_on()
        world = self.machine.world
        if not may_run(world) or scheduled(world, MAIN, ran_on(world, MAIN)) is not None:
            return 0
        if not world.reuse and self.trace.op[row] == MAKES:  # its chunk is not one that the list hands on
            return 0
        objects = objects_of_one(world, int(self.trace.user_arena[row]))
        if not cached(world, objects):
            return 0
        done = self._solved(cut, row, stop, objects, record)
        self._pause = 0 if done else min(2 * self._pause + 1, MOST_PAUSE)
        self._left = self._pause
        self._reach = min(LONGEST, max(runs.SHORT, 4 * done)) if done else LONGEST
        return row + done if done else 0

    def _solved(self, cut: Cut, row: int, stop: int, objects: list[SmallObjectMade], record: Record) -> int:
        """Record as many arenas as there is room for, each with such objects; return the rows that they take."""
        trace, world = self.trace, self.machine.world
        nbytes = cut.bytes_of(row, stop)
        run = RunOfArenas(world, self.table, cut.stretch(trace, row, stop), trace.type[row:stop], nbytes)
        if run.turns is None or run.turns.rows < runs.SHORT:
            return 0
        caps = _caps(run.turns, runs.caps_of(trace, row, row + run.turns.rows))
        refs = next(each for each in objects if each.what == "refs")
        carved = run.carved(caps, objects, refs.cap)
        record(run.turns.rows, events_of_run(run, carved, caps), _idle(run.turns))
        return run.turns.rows


def _caps(turns: Turns, caps: Ints | None) -> Ints | None:
    """Return the capacities of those rows that allocate; None when all are single."""
    values = None if caps is None else caps.take(turns.values)
    return None if values is None or bool((values == SINGLE).all()) else values


def _idle(turns: Turns) -> Ints:
    """Return the operations that make or free an arena."""
    return np.sort(np.concatenate((turns.made, turns.freed[turns.freed < turns.rows])))
