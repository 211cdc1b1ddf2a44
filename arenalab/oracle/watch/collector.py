"""What the collector does beside a watched program: phases, sweeping, and what was found to keep a chunk.

What kept a quarantined chunk from being recycled (some pointer, somewhere) is not known; a pair
of `hold` and `unhold` rows, marked `inferred`, stands for it. Rows of the collector are no goroutine's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from arenalab.oracle.watch.known import Entries, Key, Quarantined
from arenalab.oracle.watch.notes import CYCLE, Note
from arenalab.truth.packed import Row

MARK, OFF = 1, 0


@dataclass
class Collector:
    """Follows the notes of phases, sweeps and chunks set to fault.

    Attributes:
        entries: where its rows go.
        number_of: base of a chunk -> its number.
        last_in: chunk -> its last allocation's place and arena.
        fault_list: chunks on it.
    """

    entries: Entries
    number_of: Callable[[int], int]
    last_in: dict[int, tuple[Key, int]] = field(default_factory=dict)
    fault_list: list[int] = field(default_factory=list)
    quarantine: dict[int, Quarantined] = field(default_factory=dict)
    due: dict[int, Quarantined] = field(default_factory=dict)  # quarantined when marking began
    marked_at: Key = (0, 0)
    phase: int = OFF
    finish: Row = field(default_factory=dict)  # the row of the last cycle's end, which its counters follow
    finished_at: int = -1
    holds: count[int] = field(default_factory=count)

    def _enter(self, at: Key, row: Row) -> None:
        self.entries.enter(at, row)

    def settle(self) -> None:
        """Enter the end of the last cycle, whose counters are known now."""
        if self.finished_at >= 0:
            self._enter((self.finished_at, 0), self.finish)
        self.finish, self.finished_at = {}, -1

    def change(self, note: Note) -> None:
        """Follow a change of phase; mark termination is a part of the step back to off."""
        self.settle()
        if note.first == MARK:
            self.due = dict(self.quarantine)
            self.marked_at = (note.at, 0)
            self._enter((note.at, 0), {"op": "mark_begin", "phase": MARK})
        elif note.first == OFF and self.phase != OFF:
            faulted = [self.number_of(base) for base in self.fault_list]
            self.finish = {"op": "finish_mark", "faulted": faulted}
            self.finished_at = note.at
            self.fault_list.clear()
        self.phase = note.first

    def cycle(self, note: Note) -> None:
        """Keep a cycle's counters with the row of its end."""
        counters = zip(CYCLE.get(note.number, ()), (note.first, note.second, note.third), strict=False)
        self.finish.setdefault("real", {}).update(counters)

    def fault(self, note: Note) -> None:
        """Follow a chunk into quarantine."""
        key, number = self.last_in.get(note.first, (None, -1))
        self.quarantine[note.first] = Quarantined(key, number)

    def sweep(self, note: Note) -> None:
        """Follow the sweeper's visit to a chunk."""
        kept = note.second != 0
        row = {"op": "sweep_step", "chunk": self.number_of(note.first), "kept": kept}
        self._enter((note.at, 0), row)
        held = self.quarantine.get(note.first)
        if held is None:
            return
        if not kept:
            self._let_go(self.quarantine.pop(note.first))
        elif self.due.get(note.first) is held:
            self._keep(held)

    def _keep(self, held: Quarantined) -> None:
        """Infer a pointer to a chunk that was marked though nobody owned it."""
        if held.last is None:
            return
        if held.hold is None:
            held.hold = next(self.holds)
            row = {"op": "hold", "hold": held.hold, "arena": held.number, "inferred": True}
            self._enter((held.last[0], 2), row)
        held.until = (self.marked_at[0], 1)

    def _let_go(self, held: Quarantined) -> None:
        if held.hold is not None and held.until is not None:
            self._enter(held.until, {"op": "unhold", "hold": held.hold, "inferred": True})
