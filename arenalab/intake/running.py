"""Who ran: the goroutine and the P of each event, from the scheduling events of its thread.

Only those are looped over; they are few beside allocations. As in Go's own reader, an event that changes who runs has
the goroutine and the P from before it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.events import Events
from arenalab.intake.kinds import NUMBER

NOBODY = -1
P_RUNNING, P_SYSCALL = 1, 3  #: ProcStatus
G_RUNNING, G_SYSCALL = 2, 3  #: GoStatus

_STARTS = {NUMBER[name] for name in ("GoStart", "GoSwitch", "GoSwitchDestroy", "GoCreateSyscall")}
_STATUS = {NUMBER["GoStatus"], NUMBER["GoStatusStack"]}
_STOPS = {NUMBER[name] for name in ("GoDestroy", "GoStop", "GoBlock")}
_P_START, _P_STOP, _P_STEAL = NUMBER["ProcStart"], NUMBER["ProcStop"], NUMBER["ProcSteal"]
_P_STATUS, _BEGIN = NUMBER["ProcStatus"], NUMBER["GoSyscallBegin"]
_BLOCKED, _GONE = NUMBER["GoSyscallEndBlocked"], NUMBER["GoDestroySyscall"]
_CHANGES = np.zeros(256, np.bool_)
_CHANGES[[*_STARTS, *_STATUS, *_STOPS, _P_START, _P_STOP, _P_STEAL, _P_STATUS, _BEGIN, _BLOCKED, _GONE]] = (
    True
)


class On(NamedTuple):
    """What a thread has: goroutine and P, `NOBODY` for none; whether a system call may cost it the P."""

    g: int = NOBODY
    p: int = NOBODY
    may_lose: bool = False


class Running:
    """The state of all threads, from batch to batch."""

    def __init__(self) -> None:
        """Begin with threads of which nothing is known."""
        self.threads: dict[int, On] = {}

    def of(self, events: Events) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the goroutine and the P of each event of the next batch, `NOBODY` for none."""
        rows = np.flatnonzero(_CHANGES[events.kind])
        on = self.threads.get(events.m, On())
        states, since = [on], [0]
        words = events.words.view(np.int64)  # ids are signed: "no thread" is -1
        kinds, ats = events.kind[rows].tolist(), events.at[rows].tolist()
        for row, kind, at in zip(rows.tolist(), kinds, ats, strict=True):
            before, on = self._step(on, kind, words[at : at + 3].tolist(), events.m)
            states += [before, on]
            since += [row, row + 1]
        self.threads[events.m] = on
        lengths = np.diff([*since, len(events)])
        return (
            np.repeat(np.array([state.g for state in states], np.int64), lengths),
            np.repeat(np.array([state.p for state in states], np.int64), lengths),
        )

    def _step(self, on: On, kind: int, words: list[int], m: int) -> tuple[On, On]:
        """Return what the thread `m` has at an event, whose arguments begin `words`, and after it."""
        if kind in _STARTS:
            return on, On(words[0], on.p, on.may_lose)
        if kind in _STOPS:
            return on, On(NOBODY, on.p, on.may_lose)
        if kind in _STATUS:
            g, thread, status = words
            return on, self._status(on, g, thread, status, m)
        if kind == _BEGIN:
            return on, On(on.g, on.p, may_lose=True)
        if kind in (_BLOCKED, _GONE):
            on = on._replace(p=NOBODY) if on.may_lose and kind == _BLOCKED else on
            return on, On(NOBODY, on.p if kind == _BLOCKED else NOBODY)
        return self._proc(on, kind, words, m)

    def _proc(self, on: On, kind: int, words: list[int], m: int) -> tuple[On, On]:
        """Do the same for an event about a P."""
        if kind == _P_START:
            return on._replace(p=NOBODY), On(on.g, words[0])
        if kind == _P_STOP:
            return on, On(on.g)
        if kind == _P_STATUS:
            return on, on._replace(p=words[0]) if words[1] in (P_RUNNING, P_SYSCALL) else on
        return on, On(on.g) if words[2] == m and on.p == words[0] else on

    def _status(self, on: On, g: int, m: int, status: int, own: int) -> On:
        """Take a goroutine's status at a generation's start; one in a system call may stand on another thread."""
        if status == G_RUNNING or (status == G_SYSCALL and m == own):
            return on._replace(g=g)
        if status == G_SYSCALL:
            self.threads.setdefault(m, On(g))
        return on
