"""The cycle: start, mark, mark termination, sweep, finalizers; whole or piece by piece.

A cycle in events: `CycleStarted` (the world stops, the write barrier goes on) · marking ·
`MarkTerminated` (it stops again, the live heap is counted) · `SweepStarted` (phase off,
sweepgen + 2) · `GoalSet` · the fault list is drained · sweeping · finalizers.

Out of scope, and said so: background workers and assists as threads. Phases are made steppable by
operations instead. Follows mgc.go and mfinal.go, Go 1.21.
"""

from __future__ import annotations

from itertools import count

from arenalab.errors import ScenarioError
from arenalab.go.mirror import mirrors
from arenalab.machine import chunk as chunks
from arenalab.machine import pacer, user_arena
from arenalab.machine.general_heap import finalizer_frame
from arenalab.machine.mark import drain, mark_roots, scan_oblet
from arenalab.machine.reach import mark_in_bulk
from arenalab.machine.steps import StartTheWorld, Steps, StopTheWorld, acting
from arenalab.machine.sweep import flush_cached_handles, sweep_all, sweep_chunk, sweep_one, sweep_visits
from arenalab.world import gc_events as gc
from arenalab.world.actors import FINALIZER, GC_WORKER, SWEEPER
from arenalab.world.ops import FINALIZERS_FIRST
from arenalab.world.queries import is_unswept
from arenalab.world.state import World
from arenalab.world.tables import GC_MARK, GC_OFF


@mirrors("mgc.go", "GC")
def run_gc(w: World, *, detail: bool, finalizers_after: tuple[int, ...] = FINALIZERS_FIRST) -> Steps[None]:
    """Run a whole cycle as `runtime.GC()` does, and the finalizers it queued.

    The schedule is that of the cycle asked for, not of one that is under way and ends first.
    """
    if w.gc.phase != GC_OFF:
        yield from finish_cycle(w)
    yield from begin(w, detail=detail)
    yield from finish_cycle(w, finalizers_after)


def begin(w: World, *, detail: bool) -> Steps[None]:
    """Start a cycle and mark everything that is reachable now."""
    _demand(w, GC_OFF, "a cycle is under way already; finish it first")
    yield from start(w)
    yield from acting(GC_WORKER, _mark(w, detail=detail))


def _mark(w: World, *, detail: bool) -> Steps[None]:
    if detail:
        yield from mark_roots(w)
        yield from drain(w)
    else:
        yield from mark_in_bulk(w)


@mirrors("mgc.go", "gcStart")
def start(w: World) -> Steps[None]:
    """Finish the last sweep, stop the world, turn the write barrier on."""
    yield from sweep_all(w) if w.sweep_due else ()
    yield StopTheWorld()
    yield gc.CycleStarted(w.gc.cycles + 1)
    yield StartTheWorld()


def start_and_queue_roots(w: World) -> Steps[None]:
    """Start a cycle and grey the roots, for marking by hand."""
    _demand(w, GC_OFF, "a cycle is under way already; finish it first")
    yield from start(w)
    yield from acting(GC_WORKER, mark_roots(w))


def mark_step(w: World) -> Steps[None]:
    """Scan the oldest grey oblet, if there is one."""
    _demand(w, GC_MARK, "no cycle is marking; start one first")
    if w.gc.grey:
        yield from acting(GC_WORKER, scan_oblet(w, *w.gc.grey[0]))


def finish_cycle(
    w: World, finalizers_after: tuple[int, ...] = FINALIZERS_FIRST, *, sweeper: int | None = None
) -> Steps[None]:
    """End marking, then sweep and run finalizers: what is left of `runtime.GC()`.

    The finalizer goroutine is ready as soon as something is queued, but when it runs is up to Go's
    scheduler: `finalizers_after` tells after how many spans swept it gets to. Where the caller of
    `runtime.GC()` waits for mark termination, that is before the first; where it does not yield, at the end.
    The caller sweeps, or the actor `sweeper`.
    """
    yield from acting(GC_WORKER, finish_mark(w))
    visits = sweep_visits(w)
    for visited in count():
        if visited in finalizers_after:
            yield from acting(FINALIZER, run_finalizers(w))
        visit = next(visits, None)  # only now: a finalizer's free may have swept what was to come
        if visit is None:
            break
        yield from acting(sweeper, visit) if sweeper else visit
    yield from acting(FINALIZER, run_finalizers(w))


def go_on(w: World) -> Steps[None]:
    """Bring a cycle that an allocation started to its end beside the program, unless somebody has done so."""
    if w.gc.phase == GC_MARK:
        yield from finish_cycle(w, sweeper=SWEEPER)


@mirrors("mgc.go", "gcMarkTermination")
def finish_mark(w: World) -> Steps[None]:
    """Drain the grey queue, terminate marking, drain the fault list; sweeping stays due."""
    _demand(w, GC_MARK, "no cycle is marking; start one first")
    yield from drain(w)
    yield StopTheWorld()
    yield from drain(w)  # a goroutine may have shaded more until it stopped
    kept = sum(kept.npages for kept in w.heap_objects.values() if kept.marked or not w.rules.heap_known)
    yield gc.MarkTerminated(w.gc.bytes_marked + kept * w.rules.page_size, w.gc.heap_scan_work)
    yield gc.SweepStarted(w.gc.sweepgen + 2)
    yield pacer.commit(w)
    # Each P flushes its cache before it runs a goroutine again.
    yield from flush_cached_handles(w)
    yield StartTheWorld()
    yield from chunks.drain_fault_list(w)


def sweep_step(w: World, chunk: int | None = None) -> Steps[None]:
    """Sweep one chunk, the next or the one named; when none is left, everything else that is due."""
    _demand(w, GC_OFF, "sweeping waits until marking is done")
    if chunk is not None:
        if not is_unswept(w, chunk):
            msg = f"chunk {chunk} is not due for sweeping"
            raise ScenarioError(msg)
        yield from sweep_chunk(w, chunk)
        return
    if any(w.unswept.values()):
        yield from sweep_one(w)
    else:
        yield from sweep_all(w)


@mirrors("mfinal.go", "runfinq")
def run_finalizers(w: World) -> Steps[None]:
    """Free the dropped user arenas whose finalizer is queued, the last queued first.

    What is queued meanwhile waits for the next round: the goroutine takes the whole queue at once.
    """
    while w.gc.finalizers:
        for number in reversed(tuple(w.gc.finalizers)):
            yield from finalizer_frame(w)
            yield gc.FinalizerRun(number)
            if not w.user_arenas[number].defunct:
                yield from user_arena.free(w, number)


def _demand(w: World, phase: int, otherwise: str) -> None:
    if w.gc.phase != phase:
        raise ScenarioError(otherwise)
