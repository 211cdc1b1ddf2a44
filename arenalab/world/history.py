"""History: what was asked, what happened, and the World at any moment.

Laws of this file:
1. Events are appended, never changed; the World at event i is keyframe + re-applied events.
2. Seeking never decides anything: no procedure runs.
3. A History made by clicks, by a bulk replay or from a file answers alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from arenalab.asked import one_of, position
from arenalab.go.rules import GoRules
from arenalab.units import plainly
from arenalab.world.actors import MAIN, actor_name
from arenalab.world.apply import apply
from arenalab.world.event import EVENTS, Event
from arenalab.world.growing import Growing
from arenalab.world.log import Log
from arenalab.world.ops import Op
from arenalab.world.state import World

T = TypeVar("T")
KEYFRAME_EVERY = 256
KEYFRAME_ROWS = 2**16  #: ledger rows that seeking re-applies at most when runs made them.


#: What becomes of a cycle when heapLive reaches the trigger: it ends beside the program ("beside"); it is
#: held in its marking phase ("held"); none starts, for operations alone start them, as in a recording ("asked").
Cycles = Literal["beside", "held", "asked"]


class Moment(NamedTuple):
    """One line of a story: the event, where it stands, whose it is."""

    at: int  #: number of the event.
    op: int  #: operation that it belongs to, −1 for none.
    event: Event
    actor: int = MAIN  #: who did it.

    def __str__(self) -> str:
        """Write the line as a person reads it; an actor other than main's goroutine is named."""
        who = "" if self.actor == MAIN else f"{actor_name(self.actor)}: "
        return f"{self.at:>6}  op {self.op:<5} {who}{self.event.sentence()}"


class History:
    """All operations and events of one program, and the World after any of them."""

    def __init__(self, rules: GoRules, start: World | None = None) -> None:
        """Start an empty history; `start` is the World before its first event (default: a new program)."""
        self.rules = rules
        self.world = start if start is not None else World(rules)  #: the World after all events.
        self.ops: MutableSequence[Op] = []
        self.cycles: Cycles = "beside"  #: what becomes of cycles that allocations start.
        self.remarks: tuple[
            str, ...
        ] = ()  #: what whoever shows this history must say of it, a sentence each.
        self.log = Log()
        self.events = self.log.events  #: every event, in order.
        self.readers: dict[Any, Any] = {}  #: what reads all of it and is shared; see `reader`.
        self._frame_at: list[int] = [0]
        self._frames: list[World] = [self.world.fork()]
        self._next_frame = KEYFRAME_EVERY
        self._frame_rows = self.world.ledger.count

    # writing

    def begin(self, op: Op, actor: int = MAIN) -> int:
        """Note that an operation of `actor` starts now; return its number."""
        number = len(self.ops)
        self.ops.append(op)
        self.log.begin(number, self.world.ledger.count, actor)
        return number

    def begin_run(self, count: int) -> None:
        """Note that `count` allocations start now and share the events that follow, one ledger row each.

        Each begins where the run begins: between them there is no moment until `replay.expand` makes one.
        `ops` must hold them already, or be told of them.
        """
        rows = self.world.ledger.count
        if rows + count - self._frame_rows > KEYFRAME_ROWS:
            self._keyframe()
        self.log.begin_run(rows, count)

    def turn(self, op: int, actor: int, *, beside: bool = False) -> None:
        """Note whose the events that follow are.

        Args:
            op: the operation they belong to.
            actor: who acts.
            beside: whether they are the runtime's, after the operation's last event.

        """
        self.log.turn(self.world.ledger.count, op, actor, beside=beside)

    def take_back(self, nops: int, nevents: int, *, whole: bool = True) -> None:
        """Go back to when there were `nops` operations and `nevents` events.

        Args:
            nops: operations to keep.
            nevents: events to keep; the World becomes what it was after them.
            whole: False where no event was begun since, applied or not: then the World is left alone.

        """
        while len(self.ops) > nops:
            self.ops.pop()
        whole = whole or len(self.events) > nevents
        if whole:
            while self._frame_at[-1] > nevents:
                self._frame_at.pop()
                self._frames.pop()
            self.world.become(self.at(nevents))
        self.log.take_back(nops, nevents, self.world.ledger.count)
        if whole:
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

    def reader(self, kind: Callable[[History], T]) -> T:
        """Return the one reader of a kind, such as an index of all objects: made once, shared by whoever asks.

        It lives as long as the history, and is brought up to date by whoever asks, where it can be.
        """
        if kind not in self.readers:
            self.readers[kind] = kind(self)
        found: T = self.readers[kind]
        return found

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.events)

    def at(self, index: int) -> World:
        """Return the World after the first `index` events; 0 is the start, `len(history)` the head.

        Raises:
            NoSuchError: the history has no such moment.

        """
        index = position("index", index, len(self.events) + 1, "a moment, by the events that have happened")
        frame = bisect_right(self._frame_at, index) - 1
        world = self._frames[frame].fork()
        for event in self.events[self._frame_at[frame] : index]:
            apply(world, event)
        return world

    def walk(self, indices: Iterable[int]) -> Iterator[World]:
        """Yield the World after each of these ascending numbers of events, without seeking anew each time.

        It is one World that goes on: read it before asking for the next.
        """
        world, at = self.at(0), 0
        for index in indices:
            frame = self._frame_at[bisect_right(self._frame_at, index) - 1]
            if frame > at:
                world, at = self.at(index), index
            for event in self.events[at:index]:
                apply(world, event)
            at = max(at, index)
            yield world

    @property
    def op_starts(self) -> Growing:
        """Return the number of events before each operation."""
        return self.log.op_starts

    @property
    def op_rows(self) -> Growing:
        """Return the number of ledger rows before each operation."""
        return self.log.op_rows

    @property
    def actors(self) -> Sequence[int]:
        """Return who acted: goroutines first, then the runtime's own."""
        return self.log.actors

    def op_of(self, index: int) -> int:
        """Return the operation that the last of the first `index` events belongs to, −1 at the start.

        An operation without events (placing nothing, a snapshot) is never the answer.

        Raises:
            NoSuchError: the history has no such moment.

        """
        index = position("index", index, len(self.events) + 1, "a moment, by the events that have happened")
        return self.log.op_of_event(index - 1) if index > 0 else -1

    def actor_of(self, index: int) -> int:
        """Return who did the last of the first `index` events; main's goroutine at the start.

        Raises:
            NoSuchError: the history has no such moment.

        """
        index = position("index", index, len(self.events) + 1, "a moment, by the events that have happened")
        return self.log.actor_of_event(index - 1) if index > 0 else MAIN

    def op_end(self, number: int) -> int:
        """Return how many events had happened when operation `number` was done; −1 is the start.

        Raises:
            NoSuchError: the history has no such operation.

        """
        number = position("number", number, len(self.ops), "the number of an operation", low=-1)
        if number < 0:
            return 0
        return self.log.op_end(number)

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
        row = position("row", row, len(self.world.ledger), "the number of an object")
        return self.log.op_of_row(row)

    def events_of(self, number: int) -> list[Event]:
        """Return the events of one operation, whatever else happened in between.

        Raises:
            NoSuchError: the history has no such operation.

        """
        number = position("number", number, len(self.ops), "the number of an operation")
        return [self.events[event] for event in self.log.numbers_of(number)]

    def story(
        self, *, chunk: int | None = None, user_arena: int | None = None, kind: str = ""
    ) -> list[Moment]:
        """Return the moments that concern a chunk, a user arena or a kind of event, in order.

        Raises:
            NoSuchError: the history has no such chunk, arena or kind.

        """
        if chunk is not None:
            chunk = position("chunk", chunk, len(self.world.spans), "the number of a chunk")
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

    def save(self, path: str | Path) -> None:
        """Write the history to a file, as JSON lines; `History.load` reads it back.

        Raises:
            HistoryError: the file can't be written.

        """
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
        """Walk through all events with their numbers, operations and actors."""
        ops, actors = (self.log.column(name).tolist() for name in ("op", "actor"))
        for number, event in enumerate(self.events):
            yield Moment(number, ops[number], event, actors[number])

    def __repr__(self) -> str:
        """Say how long it is."""
        return f"<History: {plainly(len(self.ops), 'operation')}, {plainly(len(self.events), 'event')}>"


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
