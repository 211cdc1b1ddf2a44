"""Builds: the operations of one run, performed again under every other build mode.

Rules:
1. Operations are done one after the other; what ran inside another one (a collector beside the program)
   runs behind it here. A chunk that the sweeper took, and that is not due in another build, is the next one there.
2. A build that refuses an operation, or whose program dies, ends there and says so; nothing is raised.
"""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from arenalab.errors import ArenaLabError
from arenalab.go.rules import BuildMode
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.replay.trace import OpsSoFar
from arenalab.units import counted
from arenalab.view.dangling import Run
from arenalab.view.outcome_band import Changes
from arenalab.world.history import History
from arenalab.world.ops import Op, Store, SweepStep
from arenalab.world.queries import is_unswept
from arenalab.world.state import World
from arenalab.world.touch import rows_at

BUILDS: tuple[BuildMode, ...] = get_args(BuildMode)
MOST_OPS = 50_000  #: more operations are repeated only where they are a trace, in bulk.


class Builds:
    """Every build of the program that a history tells; the others are run when first asked for."""

    def __init__(self, history: History) -> None:
        """Stand beside a history, which may grow."""
        self.history, self.own = history, history.rules.build_mode
        self._mine = history.reader(Changes)
        self._others = {build: Build(history, build) for build in BUILDS if build != self.own}

    def runs(self) -> tuple[Run, ...]:
        """Return each build's run, as far as the history goes now."""
        return tuple(
            Run(build, self._mine) if build == self.own else self._others[build].run() for build in BUILDS
        )


class Build:
    """One other build of the program."""

    def __init__(self, history: History, build: BuildMode) -> None:
        """Wait until somebody asks."""
        self.history, self.build, self.trouble = history, build, ""
        self._machine: Machine | None = None
        self._changes: Changes | None = None

    def run(self) -> Run:
        """Follow the history to its present end; where that is refused, say why and stay there."""
        try:
            if not self.trouble:
                self._follow()
        except ArenaLabError as error:
            self.trouble = str(error)
        return Run(self.build, self._changes, self.trouble)

    def _follow(self) -> None:
        if self._changes is None:
            self._start()
        machine = self._machine
        if machine is None:
            return
        for number in range(len(machine.history.ops), len(self.history.ops)):
            if machine.world.died:
                return
            try:
                machine.do(self._moved(number, machine.world))
            except ArenaLabError as error:
                self.trouble = f"operation {number + 1} is refused: {error}"
                return

    def _start(self) -> None:
        start, ops = self.history.at(0), self.history.ops
        rules = replace(self.history.rules, build_mode=self.build)
        if start.now or len(start.ledger) or start.spans:
            self.trouble = "the run goes on from a moment of another one, which this build never had"
        elif isinstance(ops, OpsSoFar):
            self._changes = Changes(replay(ops.trace, rules))
        elif len(ops) > MOST_OPS:
            many = counted(len(ops), "operation is", "operations are")
            self.trouble = f"{many} not repeated; a trace of them would be, in bulk"
        else:
            self._machine = Machine(rules, in_bulk=True)
            self._changes = Changes(self._machine.history)

    def _moved(self, number: int, there: World) -> Op:
        """Return an operation with the addresses that its objects have in this build, and with a chunk that is due."""
        op = self.history.ops[number]
        if isinstance(op, SweepStep) and (op.chunk is None or not is_unswept(there, op.chunk)):
            return SweepStep()
        if not isinstance(op, Store):
            return op
        made = self.history.op_rows[number]
        return Store(self._address(op.slot, made, there), self._address(op.target, made, there))

    def _address(self, addr: int, made: int, there: World) -> int:
        """Return where the byte of an object that an address named is in this build."""
        ledger = self.history.world.ledger
        rows = rows_at(ledger, addr, addr + 1, stop=made)
        if addr == 0 or not len(rows) or rows[-1] >= len(there.ledger):
            return addr
        return there.ledger.row(int(rows[-1]))[0] + addr - ledger.row(int(rows[-1]))[0]
