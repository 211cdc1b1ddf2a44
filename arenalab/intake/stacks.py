"""Stacks as places in one list: ids hold for one generation, calls for the whole trace."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.log import Column, TraceLog
from arenalab.intake.tables import Tables, by_generation

Stack = tuple["Call", ...]
RUNTIME = ("runtime.", "internal/")  #: functions through which others allocate.


class Call(NamedTuple):
    """One call of a stack as the program's text has it."""

    function: str  #: with its package, as Go writes it.
    file: str  #: as the trace names it.
    line: int  #: in that file, from 1.
    pc: int  #: where it goes on: two calls by one line differ in it.


class Stacks:
    """All stacks that were asked for; number 0 is the one of nothing."""

    def __init__(self, log: TraceLog) -> None:
        """Begin with the empty stack."""
        self.tables = log.tables
        self._known: dict[Stack, int] = {(): 0}

    @property
    def rows(self) -> list[Stack]:
        """The stacks, each the innermost call first."""
        return list(self._known)

    def places(self, ids: NDArray[np.signedinteger], generations: NDArray[np.signedinteger]) -> Column:
        """Return the places in `rows` of stacks that are given by their ids in their generations."""
        if not ids.any():  # without allocation stacks nothing is to be looked up
            return np.zeros(len(ids), np.int64)
        return by_generation(self.tables, ids, generations, self._place)

    def _place(self, tables: Tables, key: int) -> int:
        text = tables.strings
        stack = tuple(
            Call(text.get(each.function, "?"), text.get(each.file, "?"), each.line, each.pc)
            for each in tables.stacks.get(key, ())
            if each.pc  # on the scheduler's stack the runtime writes one of nothing
        )
        return self._known.setdefault(stack, len(self._known))


def site(stack: Stack) -> Call | None:
    """Return the innermost call outside the runtime: the line that allocated; None where there is none."""
    return next((call for call in stack if not call.function.startswith(RUNTIME)), None)
