"""The operation that a recording's row asks for, and the point at which its first part stops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arenalab.errors import RecordingError, shown
from arenalab.go.types import GoType
from arenalab.truth import rows
from arenalab.world import ops
from arenalab.world.actors import MAIN
from arenalab.world.ops import Op
from arenalab.world.schedule import POINTS


def goroutine_of(row: dict[str, Any], where: str, key: str = "g") -> int:
    """Return whose row it is, main's where it doesn't say.

    Raises:
        RecordingError: no goroutine's number.

    """
    return rows.integer(row, key, where, low=MAIN) if key in row else MAIN


def until_of(row: dict[str, Any], where: str) -> str:
    """Return the point at which an operation was overtaken, "" for none.

    Raises:
        RecordingError: no such point.

    """
    point = row.get("until", "")
    if point and point not in POINTS:
        known = ", ".join(POINTS)
        raise RecordingError(f"{where}: 'until' is {shown(point)}; expected one of: {known}")
    return str(point)


def read_op(row: dict[str, Any], where: str, types: list[GoType]) -> Op:
    """Return what a row asks for.

    Raises:
        RecordingError: an operation that is not known, or arguments that it can't have.
        ScenarioError: as the operation itself refuses them.

    """
    name = rows.text(row, "op", where)
    reader = OP_READERS.get(name)
    if reader is None:
        raise RecordingError(f"{where}: unknown operation {shown(name)}; there is {', '.join(OP_READERS)}")
    return reader(row, where, types)


def _arena(row: dict[str, Any], where: str, key: str = "arena") -> int:
    return rows.integer(row, key, where, high=rows.MAX_ID)


def _type_of(row: dict[str, Any], where: str, types: list[GoType]) -> GoType:
    number = rows.integer(row, "type", where)
    if number >= len(types):
        raise RecordingError(f"{where}: type {number} of {len(types)}")
    return types[number]


def _schedule(row: dict[str, Any], where: str) -> tuple[int, ...]:
    """Return when the finalizer goroutine ran, where a row says it."""
    if "finalizers_after" not in row:
        return ops.FINALIZERS_FIRST
    visits = rows.integers(row, "finalizers_after", where)
    if any(not 0 <= number <= rows.MAX_ID for number in visits):
        raise RecordingError(
            f"{where}: 'finalizers_after' must hold numbers of spans swept, not {shown(visits)}"
        )
    return tuple(visits)


OP_READERS: dict[str, Callable[[dict[str, Any], str, list[GoType]], Op]] = {
    "new_arena": lambda row, where, _: ops.NewArena(_arena(row, where)),
    "new": lambda row, where, types: ops.New(_arena(row, where), _type_of(row, where, types)),
    "slice": lambda row, where, types: ops.MakeSlice(
        _arena(row, where), _type_of(row, where, types), rows.integer(row, "cap", where, low=-rows.MAX_INT)
    ),
    "rep": lambda row, where, types: ops.Rep(
        _arena(row, where), _type_of(row, where, types), rows.integer(row, "n", where)
    ),
    "free": lambda row, where, _: ops.Free(_arena(row, where), by_finalizer=row.get("finalizer") is True),
    "drop": lambda row, where, _: ops.Drop(_arena(row, where)),
    "hold": lambda row, where, _: ops.Hold(_arena(row, where, "hold"), _arena(row, where)),
    "unhold": lambda row, where, _: ops.Unhold(_arena(row, where, "hold")),
    "link": lambda row, where, _: ops.Link(_arena(row, where, "from"), _arena(row, where, "to")),
    "make_weak": lambda row, where, _: ops.MakeWeak(
        _arena(row, where, "weak"),
        rows.integer(row, "object", where),
        rows.integer(row, "offset", where) if "offset" in row else 0,
    ),
    "weak_value": lambda row, where, _: ops.WeakValue(_arena(row, where, "weak")),
    "gc": lambda row, where, _: ops.RunGC(finalizers_after=_schedule(row, where)),
    "mark_begin": lambda *_: ops.MarkBegin(),
    "mark_end": lambda row, where, _: ops.MarkEnd(_schedule(row, where)),
    "finish_mark": lambda *_: ops.FinishMark(),
    "sweep_step": lambda row, where, _: ops.SweepStep(
        _arena(row, where, "chunk") if "chunk" in row else None
    ),
    "run_finalizers": lambda *_: ops.RunFinalizers(),
    "snapshot": lambda *_: ops.Snapshot(),
}
