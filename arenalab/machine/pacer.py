"""The pacer: when does a cycle start.

Goal and trigger are Go's integer formulas with the runway taken as 0: the real runway follows
from measured times, so no model can give it. What stacks and globals weigh is an input (0).
Follows mgcpacer.go, Go 1.21, without a memory limit.
"""

from __future__ import annotations

from arenalab.go.mirror import mirrors
from arenalab.go.rules import GoRules
from arenalab.machine.steps import Steps
from arenalab.units import MiB
from arenalab.world import gc_events as gc
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF

MIN_TRIGGER_64THS, MAX_TRIGGER_64THS = 45, 61
OFF = 2**64 - 1


@mirrors("mgcpacer.go", "(*gcControllerState).commit")
def goal_and_trigger(heap_marked: int, other_roots: int, rules: GoRules) -> tuple[int, int]:
    """Return the next cycle's goal and trigger in bytes of heapLive.

    `other_roots` are the bytes of stacks and globals. The goal grows by GOGC percent of all that
    is scanned, and is at least 4 MiB × GOGC/100; the trigger is 61/64 of the way, or 4 MiB short.
    """
    if rules.gogc < 0:
        return OFF, OFF
    goal = heap_marked + (heap_marked + other_roots) * rules.gogc // 100
    goal = max(goal, rules.default_heap_minimum * rules.gogc // 100)
    if heap_marked >= goal:
        return goal, goal
    step = (goal - heap_marked) // 64
    lowest = heap_marked + MIN_TRIGGER_64THS * step
    highest = heap_marked + MAX_TRIGGER_64THS * step
    if goal > rules.default_heap_minimum:
        highest = max(highest, goal - 4 * MiB)
    return goal, max(lowest, highest)


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
