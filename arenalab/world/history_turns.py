"""Rows of a history's file that say who acts: turns, stops at points, and the goroutine that performs an operation."""

from __future__ import annotations

from typing import Any

from arenalab.errors import ArgumentError, HistoryError, ScenarioError, cut
from arenalab.world.actors import MAIN, is_actor
from arenalab.world.log import NO_OP
from arenalab.world.schedule import PLACES, goroutine_of
from arenalab.world.timeline import Timeline


def take_turn(history: Timeline, turn: Any, where: str) -> None:
    """Note whose the events that follow are.

    Raises:
        HistoryError: not an operation that has begun, an actor, and whether it acts beside the program.

    """
    match turn:
        case [int(op), int(actor), bool(beside)] if type(op) is int and is_actor(actor):
            if op == NO_OP == len(history.ops) - 1 or 0 <= op < len(history.ops):
                history.turn(op, actor, beside=beside)
                return
    expected = "[operation, actor, beside]: an operation above it, who acts, true or false"
    raise HistoryError(f"{where}: {ArgumentError('turn', turn, expected)}")


def take_stop(history: Timeline, stop: Any, where: str) -> None:
    """Note that an operation stood still at a point, or had to wait.

    Raises:
        HistoryError: not an operation that has begun, and a point.

    """
    match stop:
        case [int(op), str(point)] if type(op) is int and 0 <= op < len(history.ops) and point in PLACES:
            history.log.stop(op, point)
            return
    points = ", ".join(PLACES)
    expected = f"[operation, point]: one above it, and one of {points}"
    raise HistoryError(f"{where}: {ArgumentError('stop', stop, expected)}")


def performer(row: dict[str, Any], where: str) -> int:
    """Return who performs an operation."""
    try:
        return goroutine_of("g", row.get("g", MAIN))
    except ScenarioError as error:
        raise HistoryError(f"{where}: {cut(error)}") from None
