"""The pacer: when does a cycle start.

Goal and trigger are `go/pacing.py`'s. What stacks and globals weigh is an input (0).
Follows mgcpacer.go, Go 1.21, without a memory limit.
"""

from __future__ import annotations

from arenalab.go.mirror import mirrors
from arenalab.go.pacing import goal_and_trigger
from arenalab.world import gc_events as gc
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF


def commit(w: World) -> gc.GoalSet:
    """Return the event that sets goal and trigger from what was marked; 0 where nobody can know them."""
    if not w.rules.heap_known:
        return gc.GoalSet(0, 0)
    return gc.GoalSet(*goal_and_trigger(w.gc.heap_marked, w.rules.other_root_bytes, w.rules))


@mirrors("mgc.go", "gcTrigger.test")
def should_start(w: World, more: int = 0) -> bool:
    """Return whether a chunk's acquisition starts a cycle now, or would after `more` bytes."""
    if w.rules.gogc < 0 or w.gc.phase != GC_OFF:
        return False
    return w.counters.heap_live + w.rules.start_heap_live + more >= _trigger(w)


def trigger_reached(w: World) -> gc.TriggerReached:
    """Return the event that tells why a cycle starts now."""
    return gc.TriggerReached(w.counters.heap_live + w.rules.start_heap_live, _trigger(w))


def _trigger(w: World) -> int:
    """Return the trigger; before the first cycle it follows from the smallest heap."""
    return w.gc.trigger or goal_and_trigger(0, w.rules.other_root_bytes, w.rules)[1]
