"""Many values of one user arena in turn, of several types: long runs are solved at once, the rest step by step.

Rule: whatever ends a run goes through the machine, so the World at the end is the one that single steps
give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.bulk.run import Run, Solved
from arenalab.bulk.type_table import TypeTable
from arenalab.go.rules import GoRules
from arenalab.go.type_layout import laid_out
from arenalab.go.types import GoType
from arenalab.machine.heap_bits import mask_built
from arenalab.machine.machine import Machine
from arenalab.machine.process import ran_on, scheduled
from arenalab.world.actors import MAIN
from arenalab.world.event import Event
from arenalab.world.many_ops import RunOfOps

Ints = npt.NDArray[Any]
SHORT = 48  #: fewer values go step by step: the columns' fixed cost is as high.
SINGLE = -1


Types = TypeTable


def type_table(types: Sequence[GoType], rules: GoRules) -> Types:
    """Return the table of types that `ManyValues` asks for, laid out under the rules."""
    return TypeTable([laid_out(go_type, rules) for go_type in types], rules)


class ManyValues:
    """Values asked for in turn: `types` numbers of a table, `caps` their capacities, −1 for a single value."""

    def __init__(self, table: TypeTable, user_arena: int, types: Ints, caps: Ints, ops: RunOfOps) -> None:
        """Know the values; `ops` are the operations that ask for them, one each."""
        self.table, self.user_arena, self.ops = table, user_arena, ops
        self.kinds = types.astype(np.uint16)
        self.caps = caps.astype(np.int64)
        nbytes = table.plain.take(types) * np.maximum(self.caps, 1)
        plain = np.logical_and(nbytes <= table.most_bytes, self.caps != 0)
        self.nbytes = np.where(plain, nbytes, 0)

    def perform(self, machine: Machine, goroutine: int = MAIN, *, in_bulk: bool = True) -> None:
        """Have a goroutine allocate all of them; `in_bulk` solves long runs at once.

        Raises:
            ScenarioError: an allocation makes no sense where it stands.

        """
        at, count = 0, len(self.kinds)
        many = in_bulk and count >= SHORT and not machine.cycle_beside
        ends = np.append(np.flatnonzero(self.nbytes == 0), count) if many else np.zeros(1, dtype=np.int64)
        while at < count:
            end = int(ends[min(int(ends.searchsorted(at)), len(ends) - 1)])
            done = self._run(machine, goroutine, at, end) if end - at >= SHORT else 0
            stop = min(count, at + done + 1 if done else at + SHORT)
            for number in range(at + done, stop):
                machine.do(self.ops[number], goroutine)
            at = stop

    def _run(self, machine: Machine, goroutine: int, start: int, stop: int) -> int:
        """Solve, certify and record as many as there is room for; return how many."""
        numbers = np.full(stop - start, self.user_arena)
        run = Run(machine.world, self.table, numbers, self.kinds[start:stop], self.nbytes[start:stop])
        if run.count:
            own = self.caps[start : start + run.count]
            caps = own if (own != SINGLE).any() else None
            machine.history.begin_run(run.count, goroutine)
            machine.history.ops.extend(self.ops[start : start + run.count])
            first = scheduled(machine.world, goroutine, ran_on(machine.world, goroutine))
            for event in (
                *([] if first is None else [first]),
                *events_of_run(run, run.carved(caps), caps),
            ):
                machine.history.record(event)
        return run.count


def events_of_run(run: Solved, carved: Event, caps: Ints | None) -> Iterator[Event]:
    """Return what happens in a run; masks are built before the first bits that need them."""
    yield carved
    for go_type in run.on_demand:
        yield from mask_built(run.world, go_type)
    yield from run.bits(caps)
