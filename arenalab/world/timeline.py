"""Timeline: events in their order, whose they are, and the World at any moment.

Rules:
1. Events are appended, never changed; the World at event i is keyframe + re-applied events.
2. Seeking never decides anything: no procedure runs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableSequence, Sequence
from typing import Any, Literal, Self, TypeVar

from arenalab.asked import instance, position
from arenalab.codec.records import Stored
from arenalab.errors import HistoryError, ModelBug, ScenarioError, cut
from arenalab.go.rules import GoRules
from arenalab.world.actors import MAIN
from arenalab.world.apply import MORE, apply, apply_all
from arenalab.world.deferred import IntArray
from arenalab.world.event import Event
from arenalab.world.event_list import Events
from arenalab.world.growing import GrowableArray
from arenalab.world.history_indexes import Indexes
from arenalab.world.log import Log
from arenalab.world.ops import Op
from arenalab.world.sites import Sites
from arenalab.world.state import World

T = TypeVar("T")

END_MISSING = "the end of the run is missing"  #: how the remark begins that says so.
#: What applying an event raises that makes no sense in a World, as one from a file may.
UNFIT = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, ScenarioError, ModelBug)
KEYFRAME_EVERY = 256
KEYFRAME_ROWS = 2**16  #: ledger rows that seeking re-applies at most when runs made them.


#: What becomes of a cycle when heapLive reaches the trigger: it ends beside the program ("beside"); it is
#: held in its marking phase ("held"); none starts, for operations alone start them, as in a recording ("asked").
Cycles = Literal["beside", "held", "asked"]


class Timeline:
    """The operations and events of one program in their order, and the World after any of them.

    How operations are numbered, here and in every text of ArenaLab: from 1, so operation n is `ops[n - 1]`, and the
    moment n is the one after n operations, 0 the start, as the slider of an explorer has it. What stands in brackets
    (`ops[2]`), a column named `op`, and a place in a file (`after = 2` of a scenario, `"op": 2` of a recording) is an
    index and counts from 0, as the list, the array or the file does.
    """

    def __init__(self, rules: GoRules, start: World | None = None) -> None:
        """Start an empty one; `start`, which stays as it is, is the World before its first event (a new program's)."""
        self.rules = instance("rules", rules, GoRules, "GoRules, such as arenalab.go_rules() returns")
        #: The World after all events.
        self.world = World(rules) if start is None else start.fork(apart=True)
        self.ops: MutableSequence[Op] = []
        self.cycles: Cycles = "beside"  #: what becomes of cycles that allocations start.
        self.remarks: tuple[
            str, ...
        ] = ()  #: what whoever shows this history must say of it, a sentence each.
        self.sites: Sites | None = None  #: where in its source the program asked for them, where recorded.
        #: Real Go's own counters at the end of each cycle, by Go's names, with "op": the operation that ended it.
        self.real: Mapping[str, IntArray] = {}
        self.log = Log()
        self.events = self.log.events  #: every event, in order.
        self.rewound = 0  #: how often events were taken back: who has read them reads again.
        self.source = ""  #: the file that it stays in and is read from, "" for none.
        self.readers: dict[Any, Any] = {}  #: what reads all of it and is shared; see `reader`.
        self.indexes: Indexes | None = None  #: those that its file keeps of it.
        self._frame_at: list[int] = [0]
        self._frames: MutableSequence[World] = [self.world.fork()]
        self._next_frame = KEYFRAME_EVERY
        self._frame_rows = self.world.ledger.count
        self._near = (0, self._frames[0])  #: the moment that was sought last, where it was far from a frame.

    @property
    def end_is_missing(self) -> bool:
        """Whether the program went on after the last operation here."""
        return any(text.startswith(END_MISSING) for text in self.remarks)

    def take_over(
        self,
        ops: MutableSequence[Op],
        log: Log,
        frames: MutableSequence[World],
        frame_at: list[int],
        source: str,
    ) -> None:
        """Become the history in a file, of which nothing is read before somebody asks; the last frame is its end."""
        self.ops, self.log, self.events, self.source = ops, log, log.events, source
        self._frames, self._frame_at = frames, frame_at
        self.world = frames[-1].fork()
        self._frame_rows = self.world.ledger.count
        self._next_frame = len(self.events) + max(KEYFRAME_EVERY, _rows(self.world))

    @property
    def as_stored(self) -> bool:
        """Whether all of it is in its file, and nothing else is."""
        return all(
            isinstance(it, Stored) and len(it) == it.kept == len(it.records) for it in (self.ops, self.events)
        )

    def reader(self, kind: Callable[[Self], T]) -> T:
        """Return the one reader of a kind, such as an index of all objects: made once, shared by whoever asks.

        It lives as long as the history, and is brought up to date by whoever asks, where it can be. Of a history from
        a file it is the file's, where that has one.
        """
        if kind not in self.readers:
            kept = self.indexes.of(kind) if self.indexes and self.as_stored else None
            self.readers[kind] = kind(self) if kept is None else kind.from_file(self, kept)  # type: ignore[attr-defined]
        found: T = self.readers[kind]
        return found

    # writing

    def begin(self, op: Op, actor: int = MAIN) -> int:
        """Note that an operation of `actor` starts now; return its number."""
        number = len(self.ops)
        self.ops.append(op)
        self.log.begin(number, self.world.ledger.count, actor)
        return number

    def begin_run(self, count: int, actor: int = MAIN, idle: IntArray | None = None) -> None:
        """Note that `count` operations of `actor` start now and share the events that follow.

        Each makes one row of the ledger, but those at the places `idle`, which rise. Each begins where the run begins:
        between them there is no moment until `replay.expand` makes one. `ops` must hold them already, or be given them.
        """
        rows = self.world.ledger.count
        if rows + count - self._frame_rows > KEYFRAME_ROWS:
            self._keyframe()
        self.log.begin_run(rows, count, actor, idle)

    def lengthen_run(self, count: int, idle: IntArray | None = None) -> None:
        """Note that `count` operations more belong to a run of one, whose row is yet to come; see `begin_run`."""
        if count:
            self.log.lengthen_run(self.world.ledger.count + 1, count, idle)

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
            self._near = (0, self._frames[0])
        self.rewound += len(self.events) > nevents
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

    def record_all(self, steps: Iterator[object]) -> object | None:
        """Apply and keep events as they come, at full speed.

        Returns None where they end, or the first step that is no event: what comes after it is left.
        """
        step: object | None = MORE
        while step is MORE:
            step = apply_all(self.world, steps, self.events, self._next_frame)
            if len(self.events) >= self._next_frame:
                self._keyframe()
        return step

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
        index = position("index", index, len(self.events) + 1, "a moment, by the events that have happened")
        frame = bisect_right(self._frame_at, index) - 1
        at, world = self._frame_at[frame], self._frames[frame]
        if at < self._near[0] <= index:
            at, world = self._near
        world = world.fork()
        self._reapply(world, at, index)
        if index - at > KEYFRAME_EVERY:
            self._near = index, world.fork()
        return world

    def _reapply(self, world: World, first: int, last: int) -> None:
        """Apply the events [first, last) once more.

        Raises:
            HistoryError: they come from a file, and one of them makes no sense where it stands.

        """
        try:
            for event in self.events[first:last]:
                apply(world, event)
        except UNFIT as error:
            if not self.source or self.source in str(error):
                raise
            raise HistoryError(f"{self.source}: event {world.now} can't happen here: {cut(error)}") from None

    def frames(self) -> Iterator[World]:
        """Walk through the Worlds that are kept to seek from, in the order of time; they are for reading."""
        return iter(self._frames)

    def walk(self, indices: Iterable[int]) -> Iterator[World]:
        """Yield the World after each of these ascending numbers of events, without seeking from the start each time.

        It is one World that goes on: read it before asking for the next.
        """
        world, at = self.at(0), 0
        for index in indices:
            frame = self._frame_at[bisect_right(self._frame_at, index) - 1]
            if frame > at:
                world, at = self.at(index), index
            self._reapply(world, at, index)
            at = max(at, index)
            yield world

    @property
    def op_starts(self) -> GrowableArray:
        """Return the number of events before each operation."""
        return self.log.op_starts

    @property
    def op_rows(self) -> GrowableArray:
        """Return the number of ledger rows before each operation."""
        return self.log.op_rows

    @property
    def actors(self) -> Sequence[int]:
        """Return who acted: goroutines first, then the runtime's own."""
        return self.log.actors

    def op_of(self, index: int) -> int:
        """Return the number of the operation that the last of the first `index` events belongs to, 0 at the start.

        An operation without events (placing nothing, a snapshot) is never the answer.

        Raises:
            NoSuchError: the history has no such moment.

        """
        index = position("index", index, len(self.events) + 1, "a moment, by the events that have happened")
        return self.log.op_at(index) + 1

    def actor_of(self, index: int) -> int:
        """Return who did the last of the first `index` events; main's goroutine at the start.

        Raises:
            NoSuchError: the history has no such moment.

        """
        index = position("index", index, len(self.events) + 1, "a moment, by the events that have happened")
        return self.log.actor_of_event(index - 1) if index > 0 else MAIN

    def op_end(self, number: int) -> int:
        """Return how many events had happened when operation `number` was done; 0 is the start.

        Raises:
            NoSuchError: the history has no such operation.

        """
        number = position("number", number, len(self.ops) + 1, "how many operations are done")
        return self.log.op_end(number - 1) if number else 0

    def after_op(self, number: int) -> World:
        """Return the World when operation `number` was done; 0 is the start.

        Explorers show it at that position, but where operations overlap: there they stand where the next one begins.

        >>> import arenalab
        >>> lab = arenalab.Lab(gogc="off")
        >>> events = lab.new_arena().free()
        >>> [lab.history.after_op(n).reuse for n in range(3)]
        [[], [], [0]]

        Raises:
            NoSuchError: the history has no such operation.

        """
        return self.at(self.op_end(number))

    def op_of_row(self, row: int) -> int:
        """Return the number of the operation that made a ledger row.

        Raises:
            NoSuchError: there is no such object.

        """
        row = position("row", row, len(self.world.ledger), "the number of an object")
        return self.log.op_of_row(row) + 1

    def events_of(self, number: int) -> Events:
        """Return the events of operation `number`, from 1 on, whatever else happened in between.

        Raises:
            NoSuchError: the history has no such operation.

        """
        number = position("number", number, len(self.ops) + 1, "the number of an operation", low=1)
        return Events(self.events[event] for event in self.log.numbers_of(number - 1))


def _rows(world: World) -> int:
    """Return about how many table rows a copy of a World costs."""
    return (
        4 * len(world.spans) + 2 * len(world.user_arenas) + len(world.small.objects) + len(world.heap_objects)
    )
