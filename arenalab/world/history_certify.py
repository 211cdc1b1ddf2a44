"""Certifying a history that a file holds as columns: its events from the first on, its Worlds beside what they make.

Rule: whatever is wrong is a HistoryError that names the file and the event.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from arenalab.errors import HistoryError, ScenarioError, cut
from arenalab.world.event import Event
from arenalab.world.history_check import HistoryCheck
from arenalab.world.history_indexes import differing
from arenalab.world.history_steps import Begun, Stood, Turned, steps_of
from arenalab.world.state import World
from arenalab.world.timeline import UNFIT, Timeline

#: Parts of a World that grow with the history: what they hold is compared at its end.
GROWING = ("ledger", "bits", "scan_limits", "slots")


def certify(history: Timeline) -> None:
    """Re-apply every event of a history, each compared with what must be so for it to happen.

    Each World that the history keeps to seek from, and the one that it ends in, is compared with what the events make.

    Raises:
        HistoryError: something could not have happened, or a World is another one; names the event.

    """
    again = Timeline(history.rules)
    again.cycles = history.cycles
    frames, check = {frame.now: frame for frame in history.frames()}, HistoryCheck(again)
    try:
        _compare(again.world, frames.pop(0))
        for step in steps_of(history):
            _take(again, check, step)
            if isinstance(step, Event) and (frame := frames.pop(again.world.now, None)) is not None:
                _compare(again.world, frame)
        check.end()
        ends = _differing_ends(history.world, again.world)
        if parts := [*_differing_logs(history, again), *ends, *differing(history)]:
            raise ScenarioError(f"it does not end as its events do: {', '.join(parts)}")
    except UNFIT as error:
        told, where = cut(error), history.source
        raise HistoryError(
            told if where and where in told else f"{where}: event {len(again)}: {told}"
        ) from None


def _take(again: Timeline, check: HistoryCheck, step: object) -> None:
    """Take one step, checked."""
    match step:
        case Begun(op, goroutine):
            check.op(op)
            again.ops.append(op)
            again.log.begin(len(again.ops) - 1, again.world.ledger.count, goroutine)
        case Turned(op, actor, beside):
            again.turn(op, actor, beside=beside)
        case Stood(op, place):
            again.log.stop(op, place)
        case Event():
            check.event(step)
            again.record(step)


def _compare(made: World, kept: World) -> None:
    """Compare a World that a file keeps with the one that its events make."""
    names = (name for name in World.__slots__ if name not in ("epoch", *GROWING))
    other = [name for name in names if getattr(made, name) != getattr(kept, name)]
    if other or made.ledger.count != kept.ledger.count:
        raise ScenarioError(f"the World that is kept is another one than its events make: {', '.join(other)}")


def _differing_ends(kept: World, made: World) -> Iterator[str]:
    """Name what differs in the World that a history ends in, and in what was written on the way there."""
    yield from made.differences(kept)
    if made.bits.journal != kept.bits.journal:
        yield "stores of bitmap words"
    if getattr(made.scan_limits, "journal", None) != getattr(kept.scan_limits, "journal", None):
        yield "marks that were cleared"


def _differing_logs(history: Timeline, again: Timeline) -> list[str]:
    """Name what a log says otherwise than one that was written event by event."""
    one, other = history.log, again.log
    pairs = {
        "op_starts": (list(one.op_starts), list(other.op_starts)),
        **{name: (one.column(name).tolist(), other.column(name).tolist()) for name in ("op", "actor", "beside")},
        "ends": (one.op_ends().tolist(), other.op_ends().tolist()), "stops": (one.stops, other.stops),
        "goroutines": (one.goroutines().tolist(), other.goroutines().tolist()),
        "resumed rows": [[it.apart()[name] for name in ("row", "row_op")] for it in (one, other)],
    }  # fmt: skip
    rows = [] if _rows_fit(history, again) else ["op_rows"]
    return [*rows, *(name for name, (mine, its) in pairs.items() if mine != its)]


def _rows_fit(history: Timeline, again: Timeline) -> bool:
    """Return whether each operation begins with a ledger row that it can begin with.

    Written one by one, the operations of a run all begin with its first; the file says which of its rows is whose.
    """
    mine, its, starts = (
        np.array(it, dtype=np.int64) for it in (history.op_rows, again.op_rows, again.op_starts)
    )
    after = np.searchsorted(starts, starts, side="right")  # the first operation that begins at a later event
    return bool(((its <= mine) * (mine <= np.append(its, again.world.ledger.count)[after])).all())
