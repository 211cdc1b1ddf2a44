"""What a goroutine can't begin now, for another stands within an operation that is in its way."""

from __future__ import annotations

from collections.abc import Mapping

from arenalab.errors import ScenarioError
from arenalab.machine.procedures import COLLECTS
from arenalab.world import ops
from arenalab.world.ops import Op

#: Operations that use a user arena as a writer does.
USES = (ops.NewArena, ops.New, ops.MakeSlice, ops.Rep, ops.Free)


def check_may_begin(goroutine: int, op: Op, within: Mapping[int, tuple[int, Op]]) -> None:
    """Refuse an operation that another goroutine's is in the way of.

    Args:
        goroutine: who wants to begin it.
        op: what it wants to begin.
        within: the goroutines that are within an operation -> its number and the operation.

    Raises:
        ScenarioError: the goroutine is within an operation itself, another uses the same user arena or makes the
            same weak pointer, or both would drive the collector.

    """
    if goroutine in within:
        number, mine = within[goroutine]
        raise ScenarioError(
            f"goroutine {goroutine} is within operation {number + 1}, {mine}; "
            f"GoOn({goroutine}) brings it to its end, then it can begin {op}"
        )
    for who, (number, other) in within.items():
        if why := _in_its_way(op, other):
            raise ScenarioError(
                f"{op} of goroutine {goroutine} can't begin while goroutine {who} is within operation {number + 1}, "
                f"{other}: {why}; GoOn({who}) brings it to its end"
            )


def _in_its_way(op: Op, other: Op) -> str:
    if isinstance(op, USES):
        both = isinstance(other, USES) and op.user_arena == other.user_arena >= 0
        return f"both use user arena {op.user_arena}, which Go forbids" if both else ""
    if isinstance(op, ops.MakeWeak):
        both = isinstance(other, ops.MakeWeak) and op.weak == other.weak
        return f"both make weak pointer {op.weak}" if both else ""
    both = isinstance(op, COLLECTS) and isinstance(other, COLLECTS)
    return "one goroutine at a time drives the collector" if both else ""
