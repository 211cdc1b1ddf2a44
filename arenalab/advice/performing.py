"""The History of some scopes with an arena each: performed by the machine, so that every explorer opens it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arenalab.advice.operations import Operations
from arenalab.machine.machine import Machine, collector_at_rest
from arenalab.machine.values import SHORT, ManyValues, type_table
from arenalab.replay.trace import SLICE, Trace
from arenalab.units import counted
from arenalab.world.history import History
from arenalab.world.many_ops import ManyOps, RunOfOps
from arenalab.world.ops import Op

REMARK = (
    "A run of the model: objects that {path} recorded, as if each {kind!r} had had an arena. {scopes} of {all}; the "
    "program itself had none."
)
PS = "Which P a goroutine ran on is left out: all are on P 0."


def history_of(program: Operations, path: str, scopes: int) -> History:
    """Have the machine perform a program, each operation by its goroutine; `scopes` there were in the trace at `path`.

    Raises:
        ScenarioError: an operation makes no sense where it stands.

    """
    trace, who = program.trace(), program.goroutines()
    machine = Machine(program.rules, in_bulk=True, cycles="asked")
    machine.history.ops = ManyOps()
    machine.history.remarks = (
        REMARK.format(
            path=path, kind=program.kind, scopes=counted(program.arenas, "scope"), all=f"{scopes:,}"
        ),
        PS,
        *(f"{each[0].upper()}{each[1:]}." for each in program.assumptions()),
    )
    table = type_table(trace.types, program.rules)
    with collector_at_rest():
        for start, stop in _stretches(trace.op <= SLICE, np.stack((who, trace.user_arena))):
            goroutine, arena = int(who[start]), int(trace.user_arena[start])
            if stop - start < SHORT:
                for row in range(start, stop):
                    machine.do(trace[row], goroutine)
            else:
                ops = RunOfOps(stop - start, partial(_row, trace, start))
                ManyValues(table, arena, trace.type[start:stop], trace.n[start:stop], ops).perform(
                    machine, goroutine
                )
    return machine.history


def _row(trace: Trace, start: int, number: int) -> Op:
    return trace[start + number]


def _stretches(values: NDArray[np.bool_], who: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Yield where values of one goroutine for one arena begin and end; anything else stands alone."""
    joins = np.logical_and(values[1:], values[:-1])
    joins = np.logical_and(joins, (who[:, 1:] == who[:, :-1]).all(axis=0))
    edges = [0, *(np.flatnonzero(np.logical_not(joins)) + 1).tolist(), len(values)]
    return pairwise(edges) if len(values) else iter(())
