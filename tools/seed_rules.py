"""The rules of Go 1.21's runtime/arena.go, in our own words: lifecycle steps, functions, branches.

Facts only. What later Gos added or gave up stands at the end. Scenarios
name these keys in `shows`; `tools.seed_coverage` makes a page of them.
"""

from __future__ import annotations

#: Lifecycle step -> (what happens, the event that tells it).
LIFECYCLE = {
    "1": ("a user arena is made", "HandleMade"),
    "2": ("it gets a chunk to allocate from", "ChunkActivated"),
    "2a": ("first from the partly used chunks on the reuse list", "ReuseTaken"),
    "2b": ("else from the ready list", "ReadyTaken"),
    "2c": ("else address space is reserved and mapped", "HeapArenaReserved"),
    "3": ("the arena is freed", "MarkedDefunct"),
    "3: dropped": ("or forgotten, so that its finalizer frees it", "FinalizerRun"),
    "3a": ("collector off: full chunks are set to fault and quarantined", "ChunkQuarantined"),
    "3b": ("collector on: they wait on the fault list", "FaultDeferred"),
    "3c": ("the partly used chunk goes to the reuse list", "ReusePut"),
    "4": ("the sweeper takes a chunk without pointers into it from quarantine to the ready list", "ChunkReadied"),
}  # fmt: skip

#: Name used by scenarios -> (Go function, {branch: what it does}).
FUNCTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "arena_newArena": ("arena_newArena", {}),
    "arena_arena_New": ("arena_arena_New", {"non-pointer type": "throws unless given the type of a pointer"}),
    "arena_arena_Slice": ("arena_arena_Slice", {}),
    "arena_arena_Free": ("arena_arena_Free", {}),
    "arena_heapify": (
        "arena_heapify",
        {
            "pointer": "copies one value",
            "slice": "copies len elements; the copy's cap is its len",
            "string": "copies the bytes",
            "not in a chunk": "returns the value as it is",
            "another kind": "panics",
        },
    ),
    "init": (
        "init",
        {
            "whole pages": "a chunk is a multiple of the runtime's page",
            "whole physical pages": "and of the system's page",
            "divides the heap arena": "and divides the heap arena",
        },
    ),
    "newUserArena": ("newUserArena", {"finalizer": "the handle's finalizer frees"}),
    "new": ("(*userArena).new", {}),
    "slice": (
        "(*userArena).slice",
        {"negative cap": "panics first of all", "wrong type": "panics unless given a pointer to a slice"},
    ),
    "free": (
        "(*userArena).free",
        {
            "double free": "panics when defunct",
            "by the program": "removes the finalizer",
            "by the finalizer": "frees all the same when the handle was dropped",
            "full chunks": "frees the full list from its head: the chunk filled last first",
            "active to reuse": "the active chunk goes to the reuse list",
            "sanitizer": "race, msan, asan: the active chunk is freed like the full ones",
        },
    ),
    "alloc": ("(*userArena).alloc", {"fits": "returns at once", "refills": "refills and tries again"}),
    "refill": (
        "(*userArena).refill",
        {
            "retire": "the active chunk heads the full list, its rest unused",
            "reuse": "takes the last of the reuse list, as full as it is",
            "new chunk": "else obtains one",
            "refs": "appends the chunk's base to refs, which keep it alive",
        },
    ),
    "userArenaNextFree": (
        "(*mspan).userArenaNextFree",
        {
            "overflow": "throws when size × cap leaves 64 bits",
            "zero size": "returns &zerobase",
            "capacity 0": "returns &zerobase",
            "redirected value": "above a quarter of a chunk: newobject",
            "redirected slice": "the same as a whole: newarray",
            "exactly a quarter": "stays in the chunk",
            "back": "pointer-free values come from the end",
            "alignment gap": "rounding down loses bytes above the value",
            "front": "pointerful values come from the start",
            "exact fill": "the last byte may be used",
            "does not fit": "returns nil; the chunk is unchanged",
            "scanAlloc of a value": "grows by PtrBytes",
            "scanAlloc of a slice": "grows by all but the last element's pointer-free tail",
            "freed arena": "the nil chunk is read only after the sizes were looked at",
        },
    ),
    "userArenaHeapBitsSetType": (
        "userArenaHeapBitsSetType",
        {
            "mask": "writes the type's pointer bits",
            "back-up over a pointer": "on a bitmap word's boundary the bit below is written again, a 1",
            "back-up over a scalar": "or a 0: the mark below is cleared either way",
            "first in the chunk": "at the chunk's base there is nothing to back up to",
            "GC program": "runs in the object's own memory, which is cleared after",
            "pad": "the pointer-free tail is written as zeros, clearing marks where there are marks",
        },
    ),
    "userArenaHeapBitsSetSliceType": ("userArenaHeapBitsSetSliceType", {}),
    "newUserArenaChunk": (
        "newUserArenaChunk",
        {
            "assist debt": "while marking, a whole chunk is charged",
            "black while marking": "the chunk is allocated black",
            "asan red zone": "the last 2,048 bytes are poisoned and left out",
            "starts a cycle": "when heapLive has passed the trigger",
        },
    ),
    "isUnusedUserArenaChunk": ("(*mspan).isUnusedUserArenaChunk", {}),
    "setUserArenaChunkToFault": (
        "(*mspan).setUserArenaChunkToFault",
        {
            "noscan": "the collector will never read it again",
            "counters": "one large object is freed now, not at sweep",
        },
    ),
    "inUserArenaChunk": ("inUserArenaChunk", {}),
    "freeUserArenaChunk": (
        "freeUserArenaChunk",
        {
            "collector off": "sets the chunk to fault",
            "collector on": "puts it on the fault list, untouched",
            "drained by the cycle": "the cycle's end sets the list to fault, oldest first",
            "drained by the next free": "so does any free that comes before, after its own chunk",
            "sanitizer": "tells the sanitizer at once",
        },
    ),
    "allocUserArenaChunk": (
        "(*mheap).allocUserArenaChunk",
        {
            "ready chunk": "takes the head of the ready list",
            "new heap arena": "reserves one and splits it; the rest goes to the back of the ready list",
            "clears a recycled chunk": "bits, marks and bytes, when obtained and not before",
            "counters": "one large object is allocated, whatever is allocated from it later",
        },
    ),
}

#: Rules of the collector without which the lifecycle can't be told -> (what, the event that tells it).
AROUND = {
    "handle kept alive": ("a reachable handle keeps its chunks", "HandleKept"),
    "reuse list is a root": ("chunks on the reuse list are marked every cycle", "ChunksMarked"),
    "quarantine: one cycle": ("without a pointer a chunk is ready after one cycle", "ChunkReadied"),
    "quarantine: kept by a pointer": ("one pointer anywhere into it keeps a chunk quarantined", "ChunkSwept"),
    "sweep: stays": ("a marked chunk stays on its list", "ChunkSwept"),
    "sweep: to ready": ("an unmarked one goes to the front of the ready list; pagesInUse falls", "ChunkReadied"),
    "scan: stops at noMorePtrs": ("scanning ends at the first word whose mark is set", "ObletScanned"),
    "scan: follows pointers": ("a pointer read in a chunk marks the chunk it leads to", "PointerFollowed"),
    "write barrier": ("pointers stored while marking keep what they lead to", "PointerHeld"),
    "use after free": ("an access faults, finds old data or another's, by where the chunk is", "MarkedDefunct"),
}  # fmt: skip

#: Rules that came after Go 1.21 -> (what, the event that tells it).
LATER = {
    "dummy type": ("a chunk has a type of its own in its tail, behind its bits", "DummyTypeSet"),
    "PtrBytes": ("each value with pointers moves that type's PtrBytes to its own last pointer", "PtrBytesSet"),
    "scan: ends at PtrBytes": ("scanning ends there", "ObletScanned"),
    "fault: takes the bits along": ("a chunk set to fault loses its bits with its memory", "ChunkUnmapped"),
    "mask on demand": ("a long mask is built at its type's first use, and kept", "MaskBuilt"),
    "weak pointers: alive": ("a weak pointer gives its object until a sweep finds that dead", "WeakPointerRead"),
    "weak pointers: nil": ("the sweep that makes a chunk ready sets those into it to nil", "WeakHandleCleared"),
    "weak pointers: no span": ("what is in no span: 1.24 throws, later Gos give it for ever", "WeakPointerMade"),
}  # fmt: skip

#: Rule -> the versions of Go that have it, as scenarios write them. All others hold in every version.
HOLDS = {
    "userArenaHeapBitsSetType: back-up over a pointer": "1.21",
    "userArenaHeapBitsSetType: back-up over a scalar": "1.21",
    "userArenaHeapBitsSetType: first in the chunk": "1.21",
    "userArenaHeapBitsSetType: GC program": "<1.24",
    "scan: stops at noMorePtrs": "1.21",
    "dummy type": ">=1.22",
    "PtrBytes": ">=1.22",
    "scan: ends at PtrBytes": ">=1.22",
    "fault: takes the bits along": ">=1.22",
    "mask on demand": ">=1.24",
    "weak pointers: alive": ">=1.24",
    "weak pointers: nil": ">=1.24",
    "weak pointers: no span": ">=1.24",
}

#: Text of a throw -> why no program of the API can reach it.
UNREACHABLE = {
    "user arena chunks size is larger than a heap arena, but not a multiple": "a chunk is at most one heap arena",
    "wasted too much memory in an arena chunk": "a request of at most a quarter fails only when less than it is left",
    "full list doesn't match refs list in length": "refill is the only writer of both; a law of the model checks it",
    "arena chunk needs zeroing, but should already be zeroed": "chunks are zeroed when obtained; a law checks it",
    "malloc deadlock": "needs an allocation within an allocation",
    "malloc during signal": "needs an allocation on the signal goroutine",
    "mallocgc called without a P or outside bootstrapping": "needs code that runs without a P",
    "newUserArenaChunk called without a P or outside bootstrapping": "the same, while profiling",
    "newUserArenaChunk called with gcphase == _GCmarktermination": "the world is stopped in that phase",
    "user arena chunk is not aligned to the physical page size": "chunks are multiples of it, checked at start",
    "sysAlloc size is not divisible by userArenaChunkBytes": "sysAlloc rounds up to whole heap arenas",
    "span is not for a user arena": "only chunks get to freeUserArenaChunk",
    "invalid user arena span size": "all chunks have one size",
    "invalid span in heapArena for user arena": "only chunks get to setUserArenaChunkToFault",
    "span on userArena.faultList has invalid size": "all chunks have one size",
}  # fmt: skip
