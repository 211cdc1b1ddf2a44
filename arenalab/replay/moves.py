"""What a program does between the allocations of a run: a global, or a value, is made to point to another value.

None of it changes where values stand, so it need not end a run: its events follow those of the run's values. The value
that is meant is the last one before the operation that its arena was given. While the collector marks, the write
barrier is on, and all this is the machine's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.bulk.first import NOWHERE, first
from arenalab.bulk.latest import certify_latest, solve_latest
from arenalab.bulk.run import Run
from arenalab.errors import ScenarioError
from arenalab.machine import program
from arenalab.machine.machine import Machine
from arenalab.machine.steps import Steps, alone
from arenalab.replay.trace import CODES, Trace
from arenalab.world import end_events as end
from arenalab.world import ops
from arenalab.world.event import Event
from arenalab.world.ops import Op
from arenalab.world.tables import GC_OFF

Ints = npt.NDArray[Any]
MOVES: tuple[type[Op], ...] = (ops.Hold, ops.Unhold, ops.Link, ops.Drop)
MOVE_CODES = tuple(CODES[kind.name] for kind in MOVES)


class Move(NamedTuple):
    """An operation that may stand in a run."""

    row: int
    op: Op


def moves_until(machine: Machine, trace: Trace, rows: Sequence[int], stop: int) -> tuple[list[Move], int]:
    """Return the moves in rows of a trace, and `stop`, or the first row that can be in no run: it is the machine's.

    An arena that is dropped is not used in the run again.
    """
    moves, named, gone = list[Move](), set(machine.named), set[int]()
    for row in rows:
        if row >= stop:
            break
        try:
            op = trace[row]
        except ScenarioError:
            return moves, row
        if machine.world.gc.phase != GC_OFF or not _makes_sense(machine, op, named, gone):
            return moves, row
        moves.append(Move(row, op))
        if isinstance(op, ops.Drop):
            gone.add(op.user_arena)
            again = first(trace.user_arena[row + 1 : stop] == op.user_arena)
            stop = stop if again == NOWHERE else row + 1 + again
    return moves, stop


def _makes_sense(machine: Machine, op: Op, named: set[int], gone: set[int]) -> bool:
    made = machine.world.user_arenas
    match op:
        case ops.Hold(hold, number):
            named.add(hold)
            return number in made
        case ops.Link(source, target):
            return source in made and target in made and target not in gone
        case ops.Drop(number):
            return number in made and not made[number].dropped
        case ops.Unhold(hold):
            return hold in named
    return False


def without(column: Ints, places: Sequence[int]) -> Ints:
    """Return a column without some places, which rise."""
    if not places:
        return column
    begins, ends = (0, *(place + 1 for place in places)), (*places, len(column))
    return np.concatenate([column[begin:end] for begin, end in zip(begins, ends, strict=True)])


def row_of(value: int, places: Sequence[int]) -> int:
    """Return the place of a run's value among all rows, where moves are at some places, which rise."""
    for place in places:
        if place > value:
            break
        value += 1
    return value


class RunWithMoves:
    """A run, and the moves that the program makes between its values."""

    def __init__(self, machine: Machine, run: Run, start: int, moves: Sequence[Move]) -> None:
        """Find the values that are meant, before the run is recorded; its first row is `start`."""
        self.machine, self.run = machine, run  # the machine's World is that before the run
        self._steps = [
            self._steps_of(move.op, move.row - start - number) for number, move in enumerate(moves)
        ]

    def events(self) -> Iterator[Event]:
        """Return what happens, in the World after the run's values."""
        for steps in self._steps:
            yield from alone(steps())

    def _steps_of(self, op: Op, before: int) -> partial[Steps[None]]:
        world = self.machine.world
        match op:
            case ops.Hold(hold, number):
                self.machine.named.add(hold)
                addr = self._address(number, before)
                return partial(_held, hold, addr) if addr else partial(_nothing)
            case ops.Link(source, target):
                slot, addr = self._slot(source, before), self._address(target, before)
                return partial(program.store, world, slot, addr) if slot and addr else partial(_nothing)
        return partial(self.machine.procedures[type(op)], world, op)

    def _address(self, number: int, before: int) -> int:
        """Return the address of an arena's last object, 0 without any."""
        row = program.live(self.machine.world, number)
        if row is None:
            return 0
        place = self._place(number, before, None)
        if place >= 0:
            return self._at(place)
        return self.machine.world.ledger.row(row.last_object)[0] if row.last_object >= 0 else 0

    def _slot(self, number: int, before: int) -> int:
        """Return the address of the first pointer word of an arena's last pointerful object, 0 without any."""
        world, run = self.machine.world, self.run
        row = program.live(world, number)
        if row is None:
            return 0
        place = self._place(number, before, run.table.pointerful)
        if place >= 0:
            first = run.table.types[run.kinds[place]].mask.first_one() or 0
            return self._at(place) + first * world.rules.ptr_size
        return program.first_slot(world, row.last_pointerful) if row.last_pointerful >= 0 else 0

    def _place(self, number: int, before: int, counts: Ints | None) -> int:
        run = self.run
        if number not in run.user_arenas:
            return NOWHERE
        asked = run.in_chunk, run.user_arenas.index(number), before, run.which, counts
        place = solve_latest(*asked)
        certify_latest(*asked, place)
        return place

    def _at(self, place: int) -> int:
        return int(self.run.bases[self.run.in_chunk[place]]) + int(self.run.offsets[place])


def _held(hold: int, addr: int) -> Steps[None]:
    yield end.PointerHeld(hold, addr)


def _nothing() -> Steps[None]:
    yield from ()
