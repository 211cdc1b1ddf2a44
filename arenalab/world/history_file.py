"""Histories as JSON lines: written whole or not at all, read without trust.

One header (`arenalab_history`, the rules), then in order: a `type` row before its first use, an
`op` row where an operation begins, an `event` row for each event, and a `turn` row where the events
that follow are not those of the operation begun last: `[operation, actor, beside]`. An `op` row of another goroutine
than main's has its number, `g`; a `stop` row, `[operation, point]`, stands where one stood still at a point.
Loading re-applies the events; no procedure runs, so a file shows what it says even if the rules have changed since.
"""

from __future__ import annotations

import json
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar, get_args

from arenalab.asked import path_of
from arenalab.codec.forms import Form
from arenalab.codec.lines import row_of
from arenalab.errors import ArenaLabError, ArgumentError, HistoryError, ScenarioError, cut, reason, shown
from arenalab.file_kind import opened
from arenalab.files import written_whole
from arenalab.go.rules import GoRules
from arenalab.go.type_layout import laid_out
from arenalab.go.types import GoType
from arenalab.world import (  # noqa: F401  # they fill the registry
    access_events,
    chunk_events,
    end_events,
    events,
    gc_events,
    run_events,
    schedule_events,
)
from arenalab.world.actors import MAIN
from arenalab.world.event import EVENTS, Event
from arenalab.world.forms import event_form, history_form, kind_named
from arenalab.world.history_check import HistoryCheck
from arenalab.world.history_program import program_row, take_program
from arenalab.world.history_turns import performer, take_stop, take_turn
from arenalab.world.history_upgrade import renamed, upgraded
from arenalab.world.log import NO_OP
from arenalab.world.ops import Op
from arenalab.world.timeline import Cycles, Timeline

FORMAT = 2
OLDER = (1,)  #: formats that are read too: without turns, and events without their amounts.
Kept = TypeVar("Kept", bound=Timeline)
Turn = tuple[int, int, bool]

MOST_REMARKS = 10
_BESIDE_OP, _BESIDE_EVENT = ("op", "g"), ("event",)  #: keys that a row has besides its fields.


def save_history(history: Timeline, path: str | Path) -> None:
    """Write a history to a file; an earlier file stays untouched until all is written.

    Raises:
        HistoryError: it can't be written.

    """
    target = path_of("path", path)
    try:
        with written_whole(target) as out:
            for row in rows_of(history):
                out.write(json.dumps(row, separators=(",", ":")) + "\n")
    except OSError as trouble:
        raise HistoryError(f"{target}: can't be written ({trouble.strerror})") from None


def rows_of(history: Timeline) -> Iterator[dict[str, Any]]:
    """Return the rows of a history's file, in order."""
    said = {"remarks": list(history.remarks)} if history.remarks else {}
    rules = history.rules.settings()
    yield {"arenalab_history": FORMAT, "rules": rules, "cycles": history.cycles, **said}
    if (program := program_row(history)) is not None:
        yield program
    types = _Types(history.rules)
    turns, starts = list(_turns(history)), [*history.op_starts, len(history.events) + 1]
    op, turn, stops = 0, (NO_OP, MAIN, True), deque(history.log.stops)
    for number in range(len(history.events) + 1):
        while starts[op] == number:
            goroutine = history.log.goroutine_of(op)
            row = {"op": history.ops[op].name} | ({} if goroutine == MAIN else {"g": goroutine})
            yield from types.rows(history_form(type(history.ops[op])), history.ops[op], row)
            op, turn = op + 1, (op, goroutine, False)
        while stops and stops[0][0] == number:
            yield {"stop": list(stops.popleft()[1:])}
        if number == len(history.events):
            return
        if turns[number] != turn:
            turn = turns[number]
            yield {"turn": list(turn)}
        event = history.events[number]
        yield from types.rows(event_form(type(event)), event, {"event": type(event).__name__})


def _turns(history: Timeline) -> Iterator[Turn]:
    """Return of each event its operation, its actor, and whether the runtime did it beside the program."""
    columns = (history.log.column(name).tolist() for name in ("op", "actor", "beside"))
    for op, actor, beside in zip(*columns, strict=True):
        yield op, actor, bool(beside)


class _Types:
    """The types of a file, numbered as they come.

    An operation may have been given a type as another Go lays it out. What the file holds is laid out under its own
    rules: read back, a type's parts are not known, and no program could be written from it.
    """

    def __init__(self, rules: GoRules) -> None:
        self.rules = rules
        self.numbers: dict[GoType, int] = {}

    def rows(self, form: Form[Any], thing: Op | Event, head: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Return a thing's row after those of the types that are new in it; `head` is how the row begins."""
        known = len(self.numbers)
        row = head | form.write(thing, self.number)
        yield from (each.to_row(number) for each, number in islice(self.numbers.items(), known, None))
        yield row

    def number(self, go_type: GoType) -> int:
        """Return a type's number; one that is new gets the next."""
        return self.numbers.setdefault(laid_out(go_type, self.rules), len(self.numbers))


def load_history(path: str | Path, made: Callable[[GoRules], Kept]) -> Kept:
    """Read a history from a file; `made` makes an empty one under the file's rules.

    Raises:
        HistoryError: not a history, cut off, or a row that makes no sense; names file and line.

    """
    reader = _Reader(made)
    try:
        with opened(path_of("path", path)) as file, TextIOWrapper(file, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                where = f"{path}:{number}"
                reader.take(_parse(line, where), where)
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise HistoryError(f"{path}: can't be read ({reason(error)})") from None
    if reader.history is None:
        raise HistoryError(f"{path}: is empty")
    try:
        reader.check.end()
    except ScenarioError as error:
        raise HistoryError(f"{path}: {cut(error)}") from None
    return reader.history


class _Reader(Generic[Kept]):
    """Takes row after row into a history, and checks each against what is there."""

    check: HistoryCheck

    def __init__(self, made: Callable[[GoRules], Kept]) -> None:
        self._made = made
        self.history: Kept | None = None
        self.types: list[GoType] = []
        self.older = False

    def take(self, row: dict[str, Any], where: str) -> None:
        """Take one row.

        Raises:
            HistoryError: it makes no sense where it stands.

        """
        if self.history is None:
            self.history, self.older = self._made(_rules(row, where)), row["arenalab_history"] in OLDER
            self.history.cycles, self.history.remarks = _cycles(row, where), _remarks(row, where)
            self.check = HistoryCheck(self.history)
        elif "event" in row:
            self._take_event(self.history, row, where)
        elif "op" in row:
            self._take_op(self.history, row, where)
        elif "program" in row:
            take_program(self.history, row["program"], where)
        elif "turn" in row:
            take_turn(self.history, row["turn"], where)
        elif "stop" in row:
            take_stop(self.history, row["stop"], where)
        else:
            self.types.append(_type(row, where))

    def _take_op(self, history: Timeline, row: dict[str, Any], where: str) -> None:
        goroutine = performer(row, where)
        try:
            op = history_form(kind_named(row["op"])).read(row, self.types, _BESIDE_OP)
        except ScenarioError as error:
            raise HistoryError(f"{where}: {cut(error)}") from None
        try:
            self.check.op(op)
        except ScenarioError as error:
            raise HistoryError(f"{where}: {op.name} can't begin here: {cut(error)}") from None
        history.begin(op, goroutine)

    def _take_event(self, history: Timeline, row: dict[str, Any], where: str) -> None:
        row, name = renamed(row), row["event"]
        kind = EVENTS.get(row["event"]) if isinstance(name, str) else None
        if kind is None:
            raise HistoryError(f"{where}: unknown event {shown(name)}")
        try:
            for each in upgraded(row, history.world) if self.older else (row,):
                event = self._event(each, where)
                self.check.event(event)
                history.record(event)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, ScenarioError) as error:
            raise HistoryError(f"{where}: {name} can't happen here: {cut(error)}") from None

    def _event(self, row: dict[str, Any], where: str) -> Event:
        try:
            return event_form(EVENTS[row["event"]]).read(row, self.types, _BESIDE_EVENT)
        except ScenarioError as error:
            raise HistoryError(f"{where}: {cut(error)}") from None


def _parse(line: str, where: str) -> dict[str, Any]:
    try:
        return row_of(line)
    except ScenarioError as error:
        raise HistoryError(f"{where}: {error}") from None


def _rules(row: dict[str, Any], where: str) -> GoRules:
    if row.get("arenalab_history") not in (FORMAT, *OLDER) or not isinstance(row.get("rules"), dict):
        raise HistoryError(f"{where}: not a history of format {FORMAT}")
    try:
        return GoRules(**row["rules"])
    except ScenarioError as error:
        raise HistoryError(f"{where}: rules.{cut(error)}") from None
    except TypeError as error:
        raise HistoryError(f"{where}: rules that this version doesn't know ({cut(error)})") from None


def _remarks(row: dict[str, Any], where: str) -> tuple[str, ...]:
    """Return what must be said of the history wherever it is shown."""
    given = row.get("remarks", [])
    if (
        not isinstance(given, list)
        or len(given) > MOST_REMARKS
        or not all(isinstance(each, str) for each in given)
    ):
        expected = f"a list of at most {MOST_REMARKS} texts"
        raise HistoryError(f"{where}: {ArgumentError('remarks', given, expected)}")
    return tuple(given)


def _cycles(row: dict[str, Any], where: str) -> Cycles:
    """Return what became of cycles that allocations started; before format 2 they were held."""
    cycles: Cycles = row.get("cycles", "held")
    if cycles not in get_args(Cycles):
        expected = f"one of: {', '.join(get_args(Cycles))}"
        raise HistoryError(f"{where}: {ArgumentError('cycles', cycles, expected)}")
    return cycles


def _type(row: dict[str, Any], where: str) -> GoType:
    if "expr" not in row:
        raise HistoryError(f"{where}: neither type, op nor event (keys {shown(sorted(row))})")
    try:
        return GoType.from_row(row)
    except (ArenaLabError, ValueError) as error:
        raise HistoryError(f"{where}: {cut(error)}") from None
