"""What each kind of event is about: a handle, a chunk, pointer bits, marking …; its colour follows from that.

A law of the tests: every kind of event has a family.
"""

from __future__ import annotations

from arenalab.world import access_events as access
from arenalab.world import chunk_events as ch
from arenalab.world import end_events as end
from arenalab.world import events as ev
from arenalab.world import gc_events as gc
from arenalab.world import run_events as run
from arenalab.world import schedule_events as sched
from arenalab.world import weak_events as weak
from arenalab.world.event import Event

_KINDS: dict[str, tuple[type[Event], ...]] = {
    "handle": (
        *(ev.HandleMade, end.MarkedDefunct, end.ArenaEmptied, end.ArenaValueLeft),
        *(gc.HandleMarked, gc.HandleKept, gc.FinalizerQueued, gc.FinalizerRun, gc.HandleSwept),
        gc.HandlesSwept,
    ),
    "chunk": (
        *(ev.ChunkActivated, ev.ReuseTaken, ch.HeapArenaReserved, ch.ChunkSplitOff, ch.ReadyTaken),
        *(ch.ChunkMapped, ch.SpanInitialised, ch.ChunkPushedSwept, ch.ChunkBitsCleared),
        *(ch.LimitSet, ch.SpanFilled),
        *(ch.ChunkZeroed, ch.FreeRangeSet, ch.RedZoneSet, ch.ChunkObtained),
    ),
    "object": (
        *(ev.ObjectAllocated, ev.ObjectsAllocated, run.BumpRun, run.ArenaRun, ev.PlacedAtZerobase),
        *(ev.RedirectedToHeap, access.ClonedToHeap, ev.SmallObjectMade, weak.WeakHandleMade),
    ),
    "bits": (
        *(ev.BitmapWordWritten, run.RunBitsWritten),
        *(ev.GCProgExpanded, ev.GCProgErased, ev.MaskBuilt, ev.PtrBytesSet, ch.DummyTypeSet),
    ),
    "counter": (
        *(ch.ChunkAccounted, end.ChunkUncounted, ev.ScanAllocAdded, ch.AssistCharged),
        *(gc.GoalSet, gc.TriggerReached, gc.CacheFlushed),
    ),
    "free": (
        *(ev.ChunkRetired, end.FullUnlinked, end.SanitizerFreed, end.FaultListTaken, end.FaultDeferred),
        *(end.SpanMadeNoscan, end.ChunkUnmapped, end.ChunkQuarantined, end.ReusePut, end.FaultsDone),
    ),
    "program": (
        *(end.HandleDropped, end.PointerHeld, end.PointerReleased, end.PointerStored),
        *(access.ValueWritten, access.ValueRead, access.CloneKept),
        *(weak.WeakPointerMade, weak.WeakPointerRead, sched.GoroutineScheduled),
    ),
    "mark": (
        *(gc.CycleStarted, gc.RootFound, gc.ChunkGreyed, gc.ChunkMarkedBlack, gc.ObletScanned),
        *(gc.PointerFollowed, gc.ChunksMarked, gc.BarrierShaded, gc.MarkTerminated, gc.SmallMarked),
        *(weak.ValueShaded, weak.HeapObjectShaded),
    ),
    "sweep": (
        *(gc.SweepStarted, gc.ChunkSwept, gc.ChunkReadied),
        *(gc.HeapObjectSwept, gc.HandleSpanSwept, gc.SmallSwept, weak.WeakHandleCleared),
    ),
    "error": (end.Panicked, end.Threw, access.Faulted),
}

#: Kind of event -> its family.
FAMILY: dict[type[Event], str] = {kind: family for family, kinds in _KINDS.items() for kind in kinds}
