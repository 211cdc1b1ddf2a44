"""Who had a thread, and what for: the events by which goroutines take turns, collect garbage or show their stack.

They are few beside allocations; kept as columns for what is asked of them later (`gc_share`, `under`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.events import Events
from arenalab.intake.kinds import FIRST_EXPERIMENTAL, NUMBER, TIMED
from arenalab.narrow import SIGNED, narrow

Column = NDArray[np.int64]
Narrow = NDArray[np.signedinteger[Any]]
_STACKS = {
    number: names.index("stack")
    for number, (name, names) in TIMED.items()
    if number < FIRST_EXPERIMENTAL and "stack" in names and name != "GoStatusStack"
}  #: number of an event -> which of its arguments is the stack of the goroutine that ran.
_OF_STACK = np.isin(np.arange(256), list(_STACKS))
_KEPT = _STACKS | {
    NUMBER["GoLabel"]: 0,
    NUMBER["GoStatus"]: 2,
    NUMBER["GCMarkAssistActive"]: 0,
    NUMBER["GoStatusStack"]: 2,
}
_OTHERS = (
    *("ProcStart", "ProcStop", "ProcSteal", "GoStart", "GoSwitch", "GoSwitchDestroy", "GoDestroy"),
    *("GoSyscallEnd", "GoSyscallEndBlocked", "GoDestroySyscall", "GoCreateSyscall"),
    *("GCSweepEnd", "GCSweepActive", "GCMarkAssistEnd"),
)
_NONE = len(TIMED)  #: no argument of an event is number so and so.
_ARGUMENT = np.full(256, -1)
_ARGUMENT[[NUMBER[name] for name in _OTHERS]] = _NONE
_ARGUMENT[list(_KEPT)] = list(_KEPT.values())


@dataclass(frozen=True)
class Turns:
    """One row for each such event, in the order of the file, within a thread that of time."""

    m: Narrow
    time: Column  #: ticks; it happened in [time − ahead, time].
    ahead: Narrow
    kind: NDArray[np.uint8]  #: number of the event.
    g: Narrow  #: who ran until then, -1 for nobody.
    generation: Narrow
    argument: Narrow  #: id of its stack, GoLabel's string, GoStatus' status; 0 for none.

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.time)

    def rows(self, *names: str) -> NDArray[np.intp]:
        """Return the places of the events of some kinds."""
        return np.flatnonzero(np.isin(self.kind, [NUMBER[name] for name in names]))

    def showing(self) -> NDArray[np.intp]:
        """Return the places of the events that show the stack of the goroutine that ran."""
        return np.flatnonzero(np.logical_and(self.argument != 0, _OF_STACK[self.kind]))


def turns_part(events: Events, g: Column, earliest: Column) -> list[NDArray[Any]]:
    """Return a batch's rows as columns of `Turns`; of `ahead` the earliest moment."""
    rows = np.flatnonzero(_ARGUMENT[events.kind] >= 0)
    kind = events.kind[rows]
    argument = np.zeros(len(rows), np.int64)
    having = _ARGUMENT[kind] != _NONE
    argument[having] = events.column(rows[having], _ARGUMENT[kind[having]]).view(np.int64)
    return [
        narrow(np.full(len(rows), events.m), SIGNED),
        events.time[rows].astype(np.int64),
        earliest[rows],
        kind,
        narrow(g[rows], SIGNED),
        narrow(np.full(len(rows), events.generation), SIGNED),
        narrow(argument, SIGNED),
    ]


def not_after(part: list[NDArray[Any]], limit: int) -> None:
    """Pull back a batch's stamps to a moment; drop stacks whose moment is no longer told from their neighbours'."""
    _, time, _, kind, _, _, argument = part
    late = time >= limit
    argument[np.logical_and(late, _OF_STACK[kind])] = 0
    np.minimum(time, limit, out=time)


def turns_of(parts: list[list[NDArray[Any]]]) -> Turns:
    """Put the batches' rows together."""
    columns = parts or [[np.zeros(0, np.int64)] * 7]
    m, time, earliest, *rest = (np.concatenate([each[number] for each in columns]) for number in range(7))
    return Turns(m, time, narrow(time - earliest, SIGNED), *rest)
