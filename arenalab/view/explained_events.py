"""What each kind of event means, in one sentence: for hover texts, the words of a step, and the glossary.

Rules:
1. Each kind of event has a sentence of LONGEST characters at most; a law of the tests says so.
2. A sentence holds of every version that has the event; where versions differ, it says since when.

Follows the model's own procedures: arena.go, mgc.go, mgcmark.go, mgcsweep.go, mheap.go, Go 1.21 to 1.27.
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

_MADE: dict[type[Event], str] = {
    ev.HandleMade: "newUserArena allocates the arena's handle, a userArena, on the heap and sets a finalizer that frees the arena.",
    ev.SmallObjectMade: "mallocgc allocates a small object of the runtime's own: a handle, or the backing array of refs, reuse or fault.",
    ev.ChunkRetired: "refill: the request doesn't fit, so the active chunk moves to the head of its arena's full list; its free middle is wasted.",
    ev.ReuseTaken: "refill takes the chunk that was put last on the reuse list, instead of a new one; nothing in it is cleared.",
    ev.ChunkActivated: "refill appends the chunk to the arena's refs, which keep it alive, and makes it active: the arena allocates from it now.",
    ev.ObjectAllocated: "A value was allocated by moving an edge of the chunk's free range: from the front if its type has pointers, else from the back.",
    ev.ObjectsAllocated: "Equal values were allocated from one chunk, one after the other, with no refill between them; one event stands for all of them.",
    run.BumpRun: "Values of several types were allocated one after the other, with no refill between them; one event stands for all of them.",
    ev.BitmapWordWritten: "A word of the heap bitmap was stored. Each bit stands for a word of the chunk: 1 where the collector finds a pointer.",
    run.ArenaRun: "User arenas were made, filled and freed: each took a chunk off the reuse list, where its Free put it; one event stands for all.",
    run.RunBitsWritten: "The heap bitmap's words for a run of values, as the last of their stores leaves them.",
    ev.GCProgExpanded: "The type has a GC program instead of a pointer mask; it runs into the new value's own memory, and the bits are read there.",
    ev.GCProgErased: "The mask that a GC program left in the new value is cleared again, since a new value is all zero.",
    ev.MaskBuilt: "A type whose pointer mask is not in the binary gets one at its first use; it is never freed. Since Go 1.24.",
    ev.PtrBytesSet: "PtrBytes of the chunk's own type moves past the last pointer: the collector scans the chunk up to there. Since Go 1.22.",
    ev.ScanAllocAdded: "The P's mcache counts the value's scannable bytes in scanAlloc; they reach heapScan when the mcache hands them over.",
    ev.PlacedAtZerobase: "A value of size 0 takes no room: its address is that of runtime.zerobase, as everywhere in Go.",
    ev.RedirectedToHeap: "The value is larger than userArenaChunkMaxAllocBytes, a quarter of a chunk: it goes to the heap, and Free leaves it there.",
}  # fmt: skip

_OBTAINED: dict[type[Event], str] = {
    ch.AssistCharged: "Marking is on: the goroutine is charged a whole chunk of assist debt, to be paid by marking or with background credit.",
    ch.HeapArenaReserved: "The ready list was empty: a heap arena (64 MiB of addresses on linux/amd64) is reserved, to be split into chunks.",
    ch.ChunkSplitOff: "Another chunk of the new heap arena joins the back of the ready list: addresses alone, without memory.",
    ch.ReadyTaken: "allocUserArenaChunk takes the first chunk off the ready list.",
    ch.ChunkMapped: "sysMap and sysUsed: the chunk's addresses can be read and written from here on; a page takes memory when it is touched.",
    ch.SpanInitialised: "The chunk's mspan is set up as one large object that may hold pointers (span class noscan = false).",
    ch.ChunkAccounted: "The chunk is counted as one large allocation: heapInUse, largeAlloc, totalAlloc and heapLive grow by all of it at once.",
    ch.ChunkPushedSwept: "The span joins the full swept set of its class, which the sweep after the next cycle goes through.",
    ch.LimitSet: "mspan.limit: an address from there on belongs to no object of the span.",
    ch.SpanFilled: "freeindex and allocCount become 1: the span's only object, the chunk itself, is taken.",
    ch.ChunkBitsCleared: "The chunk's heap bitmap is cleared. In Go 1.21 its noMorePtrs marks are set too, but for the last.",
    ch.DummyTypeSet: "The chunk gets a type of its own, stored at its end: GCData is the chunk's bitmap, PtrBytes is 0 so far. Since Go 1.22.",
    ch.ChunkZeroed: "The whole chunk is zeroed, whether it has to be or not, so allocating from it never needs to.",
    ch.FreeRangeSet: "The chunk's free range becomes all its usable bytes; allocating moves its lower or its upper edge.",
    ch.ChunkObtained: "newUserArenaChunk is done and releases its M. Until here the world can't be stopped; now a GC cycle can start.",
    ch.RedZoneSet: "asan builds keep a chunk's last bytes poisoned and out of the free range, so running over its end is reported.",
}  # fmt: skip

_ENDED: dict[type[Event], str] = {
    end.MarkedDefunct: "free begins: the handle is marked defunct, and its finalizer is removed.",
    end.FullUnlinked: "free takes the head off the arena's full list: the chunk that filled up last is freed first.",
    end.SanitizerFreed: "In a race, msan or asan build the tool is notified at once that the chunk's bytes are freed (racefree, msanfree, asanpoison).",
    end.FaultListTaken: "No cycle is marking, so all chunks on the fault list are taken to be set to fault now.",
    end.FaultDeferred: "A cycle is under way, so the freed chunk waits on the fault list; it stays readable until the phase is off.",
    end.SpanMadeNoscan: "The span class becomes noscan: a cycle may mark the chunk, but reads it no more.",
    end.ChunkUnmapped: "sysFault: the memory goes back to the operating system, the addresses stay reserved, and touching them faults.",
    end.ChunkUncounted: "The chunk is counted as one large object freed, now and not at sweep: heapInUse and heapLive fall by all of it.",
    end.ChunkQuarantined: "The chunk goes to the front of the quarantine list, until a cycle finds no pointer into it.",
    end.FaultsDone: "All pending chunks are set to fault, and the M is released: from here on a GC cycle can start.",
    end.ReusePut: "The active chunk was not full, so free puts it on the reuse list: alive, readable, to be filled on by another arena.",
    end.ArenaEmptied: "free ends: active and refs are cleared, so the handle keeps no chunk alive.",
    end.ArenaValueLeft: "Free was called on a copy, and sets that one's pointer to nil. The program's own Arena value reaches the freed handle.",
    end.HandleDropped: "The program forgets its arena without Free. Once a cycle finds the handle unreachable, its finalizer frees it.",
    end.PointerHeld: "A global variable of the program now points to an object. Globals are roots: this one keeps the whole chunk alive.",
    end.PointerReleased: "A global variable of the program is nil again, and keeps nothing alive any more.",
    end.PointerStored: "The program stored a pointer into a word of a chunk; the collector finds it there by the word's bit.",
    end.Panicked: "The program panics, with Go's own text. Unless it recovers, it exits.",
    end.Threw: "The runtime throws, with Go's own text: a fatal error that recover does not catch.",
    access.ValueWritten: "The program wrote to memory of an object, one without pointers there.",
    access.ValueRead: "The program read through a pointer. Whose data it finds depends on what has become of the chunk.",
    access.CloneKept: "arena.Clone returns its argument as it is: what it points to lies in no arena chunk.",
    access.ClonedToHeap: "arena.Clone copies one value from its arena to the heap, but nothing that the value points to.",
    access.Faulted: "An access ended the program: the memory is set to fault, or a sanitizer reported it.",
}  # fmt: skip

_COLLECTED: dict[type[Event], str] = {
    gc.TriggerReached: "heapLive passed the trigger when a chunk was obtained, so a GC cycle starts.",
    gc.CycleStarted: "gcStart: with the world stopped, the last sweep is finished, the write barrier turned on, and marking begins.",
    gc.RootFound: "A root leads into the chunk: a global, a live arena's refs, the reuse or the fault list. It marks the chunk whole.",
    gc.ChunkGreyed: "greyobject marks the chunk, all of it as one object; unless it is noscan, it is queued in oblets of 128 KiB.",
    gc.ChunkMarkedBlack: "A chunk obtained while a cycle marks is allocated black: it survives this cycle, unread.",
    gc.ObletScanned: "scanobject read one oblet (128 KiB) of the chunk, guided by the pointer bits alone.",
    gc.PointerFollowed: "A pointer in one chunk leads into another. One pointer is enough: it keeps all of that chunk alive.",
    gc.ChunksMarked: "All chunks that marking found reachable, in one event; `RunGC(detail=True)` shows it oblet by oblet.",
    gc.SmallMarked: "Small objects of the runtime's own were marked: handles, refs, the arrays of the reuse and the fault list.",
    gc.CacheFlushed: "The P's mcache is flushed: totalAlloc counts only now what was allocated from its spans.",
    gc.SmallSwept: "Small objects of the runtime's own that no cycle reached were freed by the sweeper.",
    gc.BarrierShaded: "The write barrier marks what a pointer store could hide from marking: the pointer overwritten and the one stored.",
    gc.MarkTerminated: "Mark termination, with the world stopped: heapLive becomes the bytes that were marked.",
    gc.SweepStarted: "The phase is off and sweepgen is two higher: every span has to be swept before it can be allocated from.",
    gc.GoalSet: "The pacer sets the heap goal for the next cycle, and the trigger below it at which that cycle starts.",
    gc.ChunkSwept: "The sweeper finds the chunk marked: it stays on its list.",
    gc.ChunkReadied: "The sweeper finds a quarantined chunk unmarked: no pointer into it is left, so it goes to the front of the ready list.",
    gc.HeapObjectSwept: "A large object on the heap was found unmarked, and its span freed.",
    gc.HandleMarked: "The arena's handle was marked: the program reaches it, or its finalizer has yet to run.",
    gc.HandleKept: "The sweeper finds the arena's handle marked: it stays allocated.",
    gc.FinalizerQueued: "The sweeper finds a dropped handle unmarked: its finalizer is queued, and its chunks live one more cycle.",
    gc.FinalizerRun: "The goroutine that runs finalizers calls free on an arena that the program dropped.",
    gc.HandleSwept: "The arena's handle itself was unmarked: the userArena is freed.",
    gc.HandlesSwept: "The handles of one span whose arenas came and went in a run were unmarked: they are freed, all at once.",
    gc.HandleSpanSwept: "All handles of one span are swept; where slots are free, handles can be allocated from it again.",
    sched.GoroutineScheduled: "From here on this goroutine runs on that P, and allocates from that P's mcache.",
    weak.WeakHandleMade: "The byte gets a weak handle: a word that weak pointers lead through, which the sweeper sets to nil. Since Go 1.24.",
    weak.WeakPointerMade: "weak.Make returns a weak pointer: it keeps nothing alive. Since Go 1.24.",
    weak.WeakPointerRead: "Pointer.Value returns a strong pointer, or nil once the sweeper cleared the weak handle. Since Go 1.24.",
    weak.ValueShaded: "A cycle is marking, so what Pointer.Value returns is marked: it may be the only strong pointer there is.",
    weak.HeapObjectShaded: "Pointer.Value returned a pointer to a large heap object while a cycle marks; this cycle keeps the object.",
    weak.WeakHandleCleared: "The sweeper finds an object with a weak handle unmarked: the handle is nil from now on, its special freed.",
}  # fmt: skip

#: Kind of event -> what it means.
EVENTS_EXPLAINED: dict[type[Event], str] = _MADE | _OBTAINED | _ENDED | _COLLECTED
