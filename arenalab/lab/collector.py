"""The collector's verbs of a Lab: a whole collection, or its work by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arenalab.asked import called
from arenalab.names import Named, verbs_of
from arenalab.world import ops
from arenalab.world.event_list import Events


class CollectorVerbs(Named):
    """What `runtime.GC()` does, and each part of it; mixed into `Lab`."""

    if TYPE_CHECKING:

        def perform(self, *program: ops.Op) -> Events:
            """Perform operations, as `Lab.perform` does."""

    @called
    def gc(self, *, detail: bool = False, finalizers_after: tuple[int, ...] = ops.FINALIZERS_FIRST) -> Events:
        """Collect, as `runtime.GC()` does, with the finalizers that it queues.

        Args:
            detail: mark oblet by oblet, with an event for each, not all at once.
            finalizers_after: after how many swept spans the finalizer goroutine runs, a number for each time.

        """
        return self.perform(ops.RunGC(detail, finalizers_after))

    @called
    def mark_begin(self, *, detail: bool = False) -> Events:
        """Start a cycle, mark all that is reachable, and hold it before mark termination; `mark_end` completes it."""
        return self.perform(ops.MarkBegin(detail))

    @called
    def mark_end(self, *, finalizers_after: tuple[int, ...] = ops.FINALIZERS_FIRST) -> Events:
        """Complete the cycle that `mark_begin` holds: mark termination, sweep, finalizers."""
        return self.perform(ops.MarkEnd(finalizers_after))

    @called
    def start_gc(self) -> Events:
        """Start a cycle: roots are queued, nothing is marked through yet; `mark_step` goes on."""
        return self.perform(ops.StartGC())

    @called
    def mark_step(self) -> Events:
        """Do one piece of marking work: scan the oldest grey oblet."""
        return self.perform(ops.MarkStep())

    @called
    def finish_mark(self) -> Events:
        """Mark to the end, and terminate marking; sweeping is due then."""
        return self.perform(ops.FinishMark())

    @called
    def sweep_step(self, chunk: int | None = None) -> Events:
        """Sweep one chunk: the next in the sweeper's order, or the one named."""
        return self.perform(ops.SweepStep(chunk))

    @called
    def run_finalizers(self) -> Events:
        """Have the finalizer goroutine run whatever is queued."""
        return self.perform(ops.RunFinalizers())


CollectorVerbs.offered = verbs_of(CollectorVerbs)
