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
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

from arenalab.asked import path_of
from arenalab.codec.forms import Form
from arenalab.codec.lines import row_of
from arenalab.errors import HistoryError, ScenarioError, cut, reason, shown
from arenalab.file_kind import opened
from arenalab.files import written_whole
from arenalab.go.rules import GoRules
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
from arenalab.world.history_head import FileTypes, cycles_of, head_of, remarks_of, rules_of, type_of_row
from arenalab.world.history_program import program_row, take_program
from arenalab.world.history_steps import Begun, Stood, Turned, steps_of
from arenalab.world.history_turns import performer, take_stop, take_turn
from arenalab.world.history_upgrade import renamed, upgraded
from arenalab.world.ops import Op
from arenalab.world.timeline import Timeline

FORMAT = 2
OLDER = (1,)  #: formats that are read too: without turns, and events without their amounts.
Kept = TypeVar("Kept", bound=Timeline)

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
    yield {"arenalab_history": FORMAT, **head_of(history)}
    if (program := program_row(history)) is not None:
        yield program
    types = _Types(history.rules)
    for step in steps_of(history):
        match step:
            case Begun(op, goroutine):
                row = {"op": op.name} | ({} if goroutine == MAIN else {"g": goroutine})
                yield from types.rows(history_form(type(op)), op, row)
            case Event():
                yield from types.rows(event_form(type(step)), step, {"event": type(step).__name__})
            case Stood(op, place):
                yield {"stop": [op, place]}
            case Turned():
                yield {"turn": list(step)}


class _Types(FileTypes):
    """The types of a file, each in a row before its first use."""

    def rows(self, form: Form[Any], thing: Op | Event, head: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Return a thing's row after those of the types that are new in it; `head` is how the row begins."""
        known = len(self.numbers)
        row = head | form.write(thing, self.number)
        yield from (each.to_row(number) for each, number in islice(self.numbers.items(), known, None))
        yield row


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
            self.history, self.older = (
                self._made(rules_of(row, where, (FORMAT, *OLDER))),
                row["arenalab_history"] in OLDER,
            )
            self.history.cycles, self.history.remarks = cycles_of(row, where), remarks_of(row, where)
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
            self.types.append(type_of_row(row, where))

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
