"""A scenario of several goroutines: whose turn each row is, and which events of a history it came to.

Such a scenario has rows `{ go_on = 2 }` or operations with `goroutine = 2` or with a point in `until`. Each row is then
a turn; it begins when the one before it has ended, so every turn has events of its own, numbered like the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from arenalab.errors import ScenarioError
from arenalab.scenarios.shapes import KINDS
from arenalab.scenarios.values import known, refused
from arenalab.world.actors import MAIN
from arenalab.world.history import History
from arenalab.world.ops import Op
from arenalab.world.schedule import POINTS, Begin, GoOn, Turn, goroutine_of, p_of

Rows = Sequence[Mapping[str, Any]]
BESIDE = ("until", "goroutine", "p")  #: keys that any operation may have.


class Span(NamedTuple):
    """The part of a history that one row is: `operation`, and the events from `start` up to `end`."""

    operation: int
    start: int
    end: int


def is_scheduled(rows: Rows) -> bool:
    """Return whether rows are turns of goroutines; else each is an operation of main's."""
    points = list(POINTS)  # what stands there may be a table, which no dict is asked for
    return any(
        "go_on" in row or "goroutine" in row or "p" in row or row.get("until") in points for row in rows
    )


def check_turns(rows: Rows, path: str) -> None:
    """Hold what rows say of goroutines and points against what there is, before anything runs.

    Raises:
        ScenarioError: no goroutine, no point; one that goes on without having stopped, or begins while it stands.

    """
    scheduled, standing = is_scheduled(rows), dict[int, int]()
    for index, row in enumerate(rows):
        where = f"{path}: ops[{index}]"
        goroutine = _checked(row, where, POINTS if scheduled else KINDS)
        if "go_on" in row and goroutine not in standing:
            stand = ", ".join(map(str, standing)) or "none"
            raise ScenarioError(
                f"{where}: goroutine {goroutine} is within no operation; those that are: {stand}"
            )
        if "go_on" not in row and goroutine in standing:
            raise ScenarioError(
                f"{where}: goroutine {goroutine} stands within ops[{standing[goroutine]}]; "
                f"write {{ go_on = {goroutine} }} first"
            )
        if scheduled and "until" in row:
            standing.setdefault(goroutine, index)
        else:
            standing.pop(goroutine, None)
    if standing:
        goroutine, index = next(iter(standing.items()))
        raise ScenarioError(
            f"{path}: ops[{index}] never ends; write {{ go_on = {goroutine} }} without until after it"
        )


def _checked(row: Mapping[str, Any], where: str, stops: Mapping[str, Any]) -> int:
    if "go_on" in row:
        known(row, ("go_on", "until", "p"), where)
    if "until" in row and (not isinstance(row["until"], str) or row["until"] not in stops):
        there = f"a point ({', '.join(POINTS)})" if stops is POINTS else "a kind of event, or a point"
        raise refused(where, "until", row["until"], there)
    try:
        p_of("p", row.get("p"))
        return goroutine_of(
            *(("go_on", row["go_on"]) if "go_on" in row else ("goroutine", row.get("goroutine", MAIN)))
        )
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {error}") from None


def turns_of(rows: Rows, ops: Sequence[Op]) -> Iterator[Turn]:
    """Return the turn that each row is; `ops` are those of the rows that begin one, in order."""
    left = iter(ops)
    for row in rows:
        until, p = row.get("until", ""), row.get("p")
        yield (
            GoOn(row["go_on"], until, p)
            if "go_on" in row
            else Begin(row.get("goroutine", MAIN), next(left), until, p)
        )


def spans_of(rows: Rows, history: History) -> list[Span]:
    """Return the part of a history that each row came to, as far as the program lived.

    A turn that ended at a point is found by the log's stops, in order; any other by its operation's end.
    """
    stops = (stop for stop in history.log.stops if stop[2] in POINTS)
    spans, begun, operation, end = (
        list[Span](),
        dict[int, int](),
        -1,
        0,
    )
    for row in rows:
        goroutine = row.get("go_on", row.get("goroutine", MAIN))
        if "go_on" not in row:
            operation += 1
            begun[goroutine] = operation
        mine, start = begun[goroutine], end
        if mine >= len(history.ops):
            break
        stop = next(stops, None) if "until" in row else None
        end = stop[0] if stop is not None else history.log.op_end(mine)
        spans.append(Span(mine, start, end))
    return spans
