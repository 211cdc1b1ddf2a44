"""What docs/versions.md says of each rule and procedure that differs by version, and which scenario shows it."""

from __future__ import annotations

#: Rule -> what it says, and version -> the scenario that shows its change. None: no program can show it.
RULES: dict[str, tuple[str, dict[str, str | None]]] = {
    "bitmap_home": (
        "where a chunk's pointer bits are; in the chunk they take 131,120 bytes with the dummy type",
        {"1.22": "alloc-four-quarters-need-one-chunk-or-two"},
    ),
    "heap_arena_meta_bytes": (
        "bytes of a heapArena, which mappedReady counts",
        dict.fromkeys(("1.22", "1.25"), "chunks-of-a-heap-arena-are-used-in-order"),
    ),
    "mspan_words_before_range": (
        "words of a span before its free range: the address at which New on a freed copy faults",
        {"1.22": "new-through-a-copy-after-free-is-fatal"},
    ),
    "malloc_header_bytes": (
        "bytes in front of a heap object above 512 that say its type",
        {"1.22": "refill-refs-grow-by-size-class"},
    ),
    "large_scan_in_pages": (
        "whether a large heap object adds whole pages to scanAlloc",
        {"1.22": "alloc-over-a-quarter-goes-to-the-heap"},
    ),
    "pointer_array_scans_one_word": (
        "whether a small array of pointers adds one word to scanAlloc",
        dict.fromkeys(("1.22", "1.27"), "refill-refs-grow-by-size-class"),
    ),
    "mask_kind": (
        "what a type above the mask limit has instead",
        {"1.24": "bits-long-array-ends-at-its-last-pointer"},
    ),
    "direct_iface_tflag": ("whether TFlag 32 says that an interface holds the value itself", {"1.26": None}),
    "inline_mark_bytes": (
        "bytes of a small span for Green Tea's marks",
        {"1.26": "handles-of-another-span-are-finalized-first"},
    ),
    "random_heap_base": ("whether addresses differ from run to run", {"1.26": None}),
    "weak_handle_bytes": (
        "bytes of a weak handle; two of 8 share a block of the tiny allocator",
        dict.fromkeys(("1.24", "1.26"), "weak-handles-take-half-a-block-or-a-whole"),
    ),
    "max_ptrmask_words": (
        "longest mask in a type's descriptor, in words",
        {"1.27": "bits-mask-on-demand-is-built-once"},
    ),
}
#: Rule that no program shows -> what proves it.
PROOFS = {
    "direct_iface_tflag": "recordings of types (`types-1`)",
    "random_heap_base": "an input: the first chunk's address is read from a recording",
}
#: What follows from the rules: what it is -> its value.
DERIVED: dict[str, str] = {
    "bytes of a chunk that objects may take": "chunk.usable_bytes",
    "handles that share a span": "handles_per_span",
}
#: GOEXPERIMENT -> what it is, and version -> whether it is on there, from the first that has it.
EXPERIMENTS_TOLD = {
    "greenteagc": ("the collector marks small objects span by span", {"1.25": False, "1.26": True}),
    "randomizedheapbase64": ("the heap's first address is drawn by lot", {"1.26": True}),
    "sizespecializedmalloc": ("an allocator for each small size", {"1.26": False, "1.27": True}),
}
EXPERIMENTS_HEAD = """\
## The experiments

GOEXPERIMENT, by default, from the first Go that has it. What one changes is measured: `python -m tools.record_scenarios
--go VERSION --experiment NAME` (or `noNAME`) records all scenarios with the other setting and compares them. Of the
size-specialized allocator no fact depends: arenas take their chunks past it, and the runtime's own small objects are
counted as before.

| GOEXPERIMENT | 1.21 | 1.22 | 1.23 | 1.24 | 1.25 | 1.26 | 1.27 | changes |
|---|---|---|---|---|---|---|---|---|"""
#: (Go function, first version of a body) -> the scenario that runs it.
BODIES = {
    ("userArenaHeapBitsSetType", "1.21"): "bits-start-on-a-boundary-clears-the-mark-below",
    ("userArenaHeapBitsSetType", "1.22"): "collector-stops-at-the-last-pointer",
    ("getGCMaskOnDemand", "1.24"): "bits-long-array-ends-at-its-last-pointer",
    ("AddCleanup", "1.24"): "cleanup-of-an-arena-object-panics",
    ("getOrAddWeakHandle", "1.24"): "weak-pointer-gives-a-live-object",
    ("internal_weak_runtime_makeStrongFromWeak", "1.24"): "weak-pointer-is-nil-once-its-chunk-is-ready",
    ("getWeakHandle", "1.24"): "weak-pointer-to-a-value-without-size-throws",
    ("getWeakHandle", "1.25"): "weak-pointer-to-a-value-without-size-is-never-nil",
    ("newUserArenaChunk", "1.21"): "sanitizer-asan-keeps-a-red-zone",
    ("newUserArenaChunk", "1.22"): "sanitizer-asan-keeps-a-red-zone",
    ("newUserArenaChunk", "1.24"): "sanitizer-asan-keeps-a-red-zone",
    ("(*mheap).allocUserArenaChunk", "1.21"): "arena-is-made-with-a-chunk",
    ("(*mheap).allocUserArenaChunk", "1.22"): "arena-is-made-with-a-chunk",
    ("(*mheap).allocUserArenaChunk", "1.24"): "arena-is-made-with-a-chunk",
    ("(*mspan).setUserArenaChunkToFault", "1.21"): "free-with-the-collector-off-quarantines",
    ("(*mspan).setUserArenaChunkToFault", "1.22"): "free-with-the-collector-off-quarantines",
}
