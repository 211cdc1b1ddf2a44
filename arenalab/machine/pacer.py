"""The pacer: when does a cycle start.

Goal and trigger are `go/pacing.py`'s. What stacks and globals weigh is an input (0).
Follows mgcpacer.go, Go 1.21, without a memory limit.
"""

from __future__ import annotations

from arenalab.go.mirror import mirrors
from arenalab.go.pacing import goal_and_trigger
from arenalab.machine.steps import Steps
from arenalab.world import gc_events as gc
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF


def commit(w: World) -> gc.GoalSet:
    """Return the event that sets goal and trigger from what was marked."""
    return gc.GoalSet(*goal_and_trigger(w.gc.heap_marked, w.rules.other_root_bytes, w.rules))


@mirrors("mgc.go", "gcTrigger.test")
def should_start(w: World) -> bool:
    """Return whether a chunk's acquisition starts a cycle now."""
    if w.rules.gogc < 0 or w.gc.phase != GC_OFF:
        return False
    trigger = w.gc.trigger or goal_and_trigger(0, w.rules.other_root_bytes, w.rules)[1]
    return w.counters.heap_live + w.rules.start_heap_live >= trigger


def start_from_allocation(w: World) -> Steps[None]:
    """Start a cycle; its marking goes on beside the program."""
    from arenalab.machine.gc import start_and_queue_roots  # noqa: PLC0415  # the two call each other, as in Go

    trigger = w.gc.trigger or goal_and_trigger(0, w.rules.other_root_bytes, w.rules)[1]
    yield gc.TriggerReached(w.counters.heap_live + w.rules.start_heap_live, trigger)
    yield from start_and_queue_roots(w)
