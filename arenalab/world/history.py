"""History: what was asked, what happened, and the World at any moment.

Laws of this file:
1. Events are appended, never changed; the World at event i is keyframe + re-applied events.
2. Seeking never decides anything: no procedure runs.
3. A History made by clicks, by a bulk replay or from a file answers alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, MutableSequence
from copy import copy
from pathlib import Path
from typing import NamedTuple

from arenalab.go.rules import GoRules
from arenalab.world.apply import apply
from arenalab.world.columns import Growing, Same, Upwards
from arenalab.world.event import EVENTS, Event
from arenalab.world.named import one_of, position
from arenalab.world.ops import Op
from arenalab.world.state import World

KEYFRAME_EVERY = 256
KEYFRAME_ROWS = 2**16  #: ledger rows that seeking re-applies at most when runs made them.


class Moment(NamedTuple):
    """One line of a story: the event's number, the operation's number, the event."""

    at: int
    op: int
    event: Event

    def __str__(self) -> str:
        """Write the line as a person reads it."""
        return f"{self.at:>6}  op {self.op:<5} {self.event.sentence()}"


class History:
    """All operations and events of one program, and the World after any of them."""

    def __init__(self, rules: GoRules, start: World | None = None) -> None:
        """Start an empty history; `start` is the World before its first event (default: a new program)."""
        self.rules = rules
        self.world = start if start is not None else World(rules)  #: the World after all events.
        self.ops: MutableSequence[Op] = []
        self.events: list[Event] = []
        self.op_starts = Growing()  #: number of events before each op.
        self.op_rows = Growing()  #: ledger rows before each op.
        self._frame_at: list[int] = [0]
        self._frames: list[World] = [self.world.fork()]
        self._next_frame = KEYFRAME_EVERY
        self._frame_rows = self.world.ledger.count

    # writing

    def begin(self, op: Op) -> int:
        """Note that an operation starts now; return its number."""
        self.op_starts.append(len(self.events))
        self.op_rows.append(self.world.ledger.count)
        self.ops.append(op)
        return len(self.ops) - 1

    def begin_run(self, count: int) -> None:
        """Note that `count` allocations start now and share the events that follow, one ledger row each.

        Each begins where the run begins: between them there is no moment until `replay.expand` makes one.
        `ops` must hold them already, or be told of them.
        """
        if self.world.ledger.count + count - self._frame_rows > KEYFRAME_ROWS:
            self._keyframe()
        first = self.world.ledger.count
        self.op_starts.extend_later(count, Same(len(self.events)))
        self.op_rows.extend_later(count, Upwards(first))

    def take_back(self, nops: int, nevents: int, *, whole: bool = True) -> None:
        """Go back to when there were `nops` operations and `nevents` events.

        Args:
            nops: operations to keep.
            nevents: events to keep; the World becomes what it was after them.
            whole: False where no event was begun since, applied or not: then the World is left alone.

        """
        while len(self.ops) > nops:
            self.ops.pop()
            self.op_starts.pop()
            self.op_rows.pop()
        if whole or len(self.events) > nevents:
            while self._frame_at[-1] > nevents:
                self._frame_at.pop()
                self._frames.pop()
            del self.events[nevents:]
            self.world.become(self.at(nevents))
            self._frame_rows = self._frames[-1].ledger.count
            self._next_frame = self._frame_at[-1] + max(KEYFRAME_EVERY, _rows(self._frames[-1]))

    def record(self, event: Event) -> None:
        """Apply an event to the head World and keep it."""
        world, events = self.world, self.events
        apply(world, event)
        events.append(event)
        if len(events) >= self._next_frame:
            self._keyframe()

    def _keyframe(self) -> None:
        """Keep a copy of the head; rarer when the tables are large, so that copying stays cheap."""
        self._frame_at.append(len(self.events))
        self._frames.append(self.world.fork())
        self._frame_rows = self.world.ledger.count
        self._next_frame = len(self.events) + max(KEYFRAME_EVERY, _rows(self.world))

    # reading

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.events)

    def at(self, index: int) -> World:
        """Return the World after the first `index` events; 0 is the start, `len(history)` the head.

        Raises:
            NoSuchError: the history has no such moment.

        """
        index = position("index", index, len(self.events) + 1, "a number of events")
        frame = bisect_right(self._frame_at, index) - 1
        world = self._frames[frame].fork()
        for event in self.events[self._frame_at[frame] : index]:
            apply(world, event)
        return world

    def op_of(self, index: int) -> int:
        """Return the number of the operation under way after `index` events, −1 before the first event.

        An operation without events (placing nothing, a snapshot) is skipped.

        Raises:
            NoSuchError: the history has no such moment.

        """
        index = position("index", index, len(self.events) + 1, "a number of events")
        return bisect_right(self.op_starts, index - 1) - 1 if index > 0 else -1

    def op_end(self, number: int) -> int:
        """Return how many events had happened when operation `number` was done; −1 is the start.

        Raises:
            NoSuchError: the history has no such operation.

        """
        number = position("number", number, len(self.ops), "an operation", low=-1)
        if number < 0:
            return 0
        return self.op_starts[number + 1] if number + 1 < len(self.ops) else len(self.events)

    def after_op(self, number: int) -> World:
        """Return the World after operation `number`; −1 is the start.

        Raises:
            NoSuchError: the history has no such operation.

        """
        return self.at(self.op_end(number))

    def op_of_row(self, row: int) -> int:
        """Return the operation that made a ledger row.

        Raises:
            NoSuchError: there is no such object.

        """
        row = position("row", row, len(self.world.ledger), "an object")
        return bisect_right(self.op_rows, row) - 1

    def events_of(self, number: int) -> list[Event]:
        """Return the events of one operation.

        Raises:
            NoSuchError: the history has no such operation.

        """
        number = position("number", number, len(self.ops), "an operation")
        return self.events[self.op_starts[number] : self.op_end(number)]

    def story(
        self, *, chunk: int | None = None, user_arena: int | None = None, kind: str = ""
    ) -> list[Moment]:
        """Return the moments that concern a chunk, a user arena or a kind of event, in order.

        Raises:
            NoSuchError: the history has no such chunk, arena or kind.

        """
        if chunk is not None:
            chunk = position("chunk", chunk, len(self.world.spans), "a chunk")
        if user_arena is not None:
            user_arena = one_of("user_arena", user_arena, self.world.user_arenas, "a user arena")
        if kind:
            one_of("kind", kind, EVENTS, "a kind of event")
        return [m for m in self.moments() if _concerns(m.event, chunk, user_arena, kind)]

    def backwards(self, chunk: int) -> Iterator[Moment]:
        """Walk through the moments that concern a chunk, latest first."""
        for at in range(len(self.events) - 1, -1, -1):
            if chunk in self.events[at].chunks:
                yield Moment(at, self.op_of(at + 1), self.events[at])

    def fork(self) -> History:
        """Return an equal history that may go on in another way; the Worlds share what never changes."""
        twin = copy(self)
        twin.world, twin.ops, twin.events = self.world.fork(), list(self.ops), list(self.events)
        twin.op_starts = self.op_starts.until(len(self.op_starts))
        twin.op_rows = self.op_rows.until(len(self.op_rows))
        twin._frame_at, twin._frames = list(self._frame_at), list(self._frames)
        return twin

    def save(self, path: str | Path) -> None:
        """Write the history to a file, as JSON lines; `History.load` reads it back."""
        from arenalab.world.history_file import save_history  # noqa: PLC0415  # it imports this module

        save_history(self, path)

    @staticmethod
    def load(path: str | Path) -> History:
        """Read a history from a file.

        Raises:
            HistoryError: not a history, cut off, or a row that makes no sense.

        """
        from arenalab.world.history_file import load_history  # noqa: PLC0415  # it imports this module

        return load_history(path)

    def moments(self) -> Iterator[Moment]:
        """Walk through all events with their numbers."""
        op = -1
        for index, event in enumerate(self.events):
            while op + 1 < len(self.ops) and self.op_starts[op + 1] <= index:
                op += 1
            yield Moment(index, op, event)

    def __repr__(self) -> str:
        """Say how long it is."""
        return f"<History: {len(self.ops)} operations, {len(self.events)} events>"


def _rows(world: World) -> int:
    """Return about how many table rows a copy of a World costs."""
    return (
        4 * len(world.spans) + 2 * len(world.user_arenas) + len(world.small.objects) + len(world.heap_objects)
    )


def _concerns(event: Event, chunk: int | None, user_arena: int | None, kind: str) -> bool:
    return (
        (chunk is None or chunk in event.chunks)
        and (user_arena is None or getattr(event, "user_arena", None) == user_arena)
        and (not kind or type(event).__name__ == kind)
    )
