"""Goal and trigger of a cycle, from what the last one marked.

Go's integer formulas with the runway taken as 0: the real runway follows from measured times, so no model
can give it. Follows mgcpacer.go, Go 1.21, without a memory limit.
"""

from __future__ import annotations

from arenalab.go.mirror import mirrors
from arenalab.go.rules import GoRules

MIN_TRIGGER_64THS, MAX_TRIGGER_64THS = 45, 61
OFF = 2**64 - 1  #: goal and trigger while GOGC is off.


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
    # Go asks first whether the goal is above 4 MiB: its numbers have no sign. Here less than 0 wins nowhere.
    return goal, max(lowest, highest, goal - rules.default_heap_minimum)
