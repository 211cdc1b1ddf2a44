"""The twenty items, by topic."""

from __future__ import annotations

from arenalab.course.inventory.item import Choice, Item
from arenalab.course.inventory.readings import (
    a_touch,
    clones,
    ended,
    kept,
    mapped,
    mapped_by_free,
    next_arena,
    place,
    scanned,
    size_in_arena,
    where_large,
)  # fmt: skip
from arenalab.syntax import type_of
from arenalab.world.ops import (
    FINALIZERS_FIRST,
    HEAP,
    Clone,
    Drop,
    Free,
    Hold,
    Link,
    MarkBegin,
    New,
    NewArena,
    Rep,
    RunGC,
    SetFinalizer,
)  # fmt: skip

NODE, QUARTER, LARGE = (
    type_of("struct{ next *int; n int }"),
    type_of("[2080000]byte"),
    type_of("[3145728]byte"),
)
#: An arena with a full chunk, whose first value a global points to, and a second chunk.
FULL = (NewArena(0), New(0, QUARTER), Hold(0, 0), Rep(0, QUARTER, 4))
# Threads and pages in which the belief was read, else what it is by analogy with.
WHEN = "go.dev/issue/51317, 2022-02-24: crash or late free?"
REFERENCE = "go.dev/issue/51317, 2022-03-18: my reference, why should it panic?"
LOOKS = "go.dev/issue/51317, 2023-02-10: are arenas visited while marking?"
REQUESTS = "go.dev/issue/51317: an arena for each request, however small"
PARTLY = "golang/proposal design 70257: what reused chunks keep"
CORRUPTS = "scttfrdmn/safearena, README: silent corruption"
MAPS = "go.dev/issue/56230: MakeMap"
RACES = "go.dev/issue/61835: the race detector and reused arenas"
SPRINKLED = "github.com/zergon321/reisen/issues/16: just add arenas"
UNSEEN = "github.com/ortuman/nuke/issues/14: pointers in arenas and the collector"
FREE_IN_C, HEAP_LIKE = "analogy: C's free", "analogy: a value on the Go heap"
DOCUMENTED = "package arena, its documentation: a use after Free typically faults"
MESSAGE = "runtime/arena.go: there is a panic with these words"
VALUE_LIKE, REGION_LIKE = (
    "analogy: a copied struct is another value",
    "analogy: regions elsewhere, which start empty",
)

ITEMS: tuple[Item, ...] = (
    Item(
        "free-twice", "free", "What does the second call do?\n\n```go\na := arena.NewArena()\na.Free()\na.Free()\n```",
        (NewArena(0), Free(0), Free(0)), ended,
        (
            Choice("nothing", "Nothing: there is nothing left to free.", "analogy: free(NULL) in C"),
            Choice("nil", "It panics with a nil pointer dereference: the first Free set the Arena's pointer to nil."),
            Choice("double", 'It panics with "arena double free".', MESSAGE),
            Choice("other", "It frees the chunks of whichever arena has them by then.", FREE_IN_C),
        ),
        "Free sets the pointer inside the Arena value to nil before it returns.",
    ),
    Item(
        "free-twice-through-a-copy", "free",
        "And here?\n\n```go\na := arena.NewArena()\nb := *a\na.Free()\nb.Free()\n```",
        (NewArena(0), Free(0), Free(0, copied=True)), ended,
        (
            Choice("double", 'It panics with "arena double free": the handle knows that it is defunct.'),
            Choice("nil", "It panics with a nil pointer dereference, as before.", "analogy: one Arena value"),
            Choice("nothing", "Nothing: b is an arena of its own.", VALUE_LIKE),
            Choice("other", "It frees the chunks a second time, and the heap is damaged.", FREE_IN_C),
        ),
        "The copy still leads to the handle, in which the first Free has set defunct.",
    ),
    Item(
        "late-read-small", "after Free",
        "The arena holds one value of 16 bytes. What does the read find, right after Free?\n\n"
        "```go\np := arena.New[node](a)\np.n = 7\na.Free()\nprintln(p.n)\n```",
        (NewArena(0), New(0, NODE), Free(0)), a_touch,
        (
            Choice("faults", "A fault: freed memory can't be read.", DOCUMENTED),
            Choice("zero", "0: Free clears the memory.", "analogy: memory that Go hands out is zero"),
            Choice("stale", "7: the chunk is not full, so it stays mapped and goes on the reuse list."),
            Choice("other", "Some other goroutine's value.", CORRUPTS),
        ),
        "A chunk that is not full is handed to the next arena as it is; only full ones are set to fault.",
    ),
    Item(
        "late-read-full", "after Free",
        "The arena has filled the chunk in which p's value lies, and gone on in another. The collector is not "
        "running. What does reading *p find, right after Free?",
        (*FULL, Free(0)), a_touch,
        (
            Choice("stale", "The old value, until the next collection.", WHEN),
            Choice("faults", "A fault: a full chunk is unmapped at once."),
            Choice("zero", "Zeros: the chunk was cleared.", "analogy: memory that Go hands out is zero"),
            Choice("other", "Another arena's value, if that was quick.", CORRUPTS),
        ),
        "Free sets full chunks to fault at once while the collector is off, and quarantines their addresses.",
    ),
    Item(
        "free-while-marking", "after Free",
        "The same, but the collector is marking when the arena is freed. What does reading *p find, right after Free?",
        (*FULL, MarkBegin(), Free(0)), a_touch,
        (
            Choice("faults", "A fault: Free unmaps full chunks.", DOCUMENTED),
            Choice("stale", "The old value: the chunk is set to fault when marking has ended."),
            Choice("waits", "Free waits until marking has ended, and then it faults.", WHEN),
            Choice("other", "The collector gives the chunk to another arena meanwhile.", CORRUPTS),
        ),
        "The collector may be about to read the chunk, so it waits on the fault list until mark termination.",
    ),
    Item(
        "another-requests-memory", "after Free",
        "A global still points into a full chunk of a freed arena. The program collects twice and fills other "
        "arenas. What can reading through the global find?",
        (*FULL, Free(0), RunGC(), RunGC(), NewArena(1), Rep(1, QUARTER, 9)), a_touch,
        (
            Choice("other", "A value of another arena, which has the addresses now.", CORRUPTS),
            Choice("stale", "The old value: the pointer keeps it.", HEAP_LIKE),
            Choice("faults", "A fault: while anything points there, its addresses are not used again."),
            Choice("zero", "Zeros.", "analogy: memory that Go hands out is zero"),
        ),
        "A chunk leaves quarantine only when a collection finds no pointer to it.",
    ),
    Item(
        "one-pointer", "the collector",
        "A global points to one byte of a full chunk of a freed arena. What does it keep through a collection?",
        (*FULL, Free(0), RunGC()), kept,
        (
            Choice("object", "That object's bytes.", HEAP_LIKE),
            Choice("addresses", "The chunk's addresses, without any memory behind them."),
            Choice("memory", "The whole chunk and its memory.", PARTLY),
            Choice("nothing", "Nothing: arenas are not the collector's.", LOOKS),
        ),
        "To the collector a chunk is one object; it stays in quarantine, unmapped, until nothing points into it.",
    ),
    Item(
        "does-the-collector-look", "the collector",
        "An arena holds linked nodes. Does the collector read them while the arena lives?",
        (NewArena(0), New(0, NODE), New(0, NODE), Link(0, 0), RunGC(detail=True)), scanned,
        (
            Choice("no", "No: that is what arenas are for.", LOOKS),
            Choice("yes", "Yes, up to the last pointer in the chunk."),
            Choice("whole", "Yes, each byte of each chunk.", UNSEEN),
        ),
        "The chunk has a bitmap as any object with pointers; a scan ends at its last pointer.",
    ),
    Item(
        "dropped-handle", "the collector",
        "The program loses the Arena value without freeing it and keeps using p, which points into a full chunk. "
        "What does reading *p find after a collection?",
        (*FULL, Drop(0), RunGC(finalizers_after=FINALIZERS_FIRST)), a_touch,
        (
            Choice("fine", "Its value: p keeps the arena alive.", REFERENCE),
            Choice("faults", "A fault: the handle's finalizer has freed the arena."),
            Choice("stale", "Its value: an arena that nobody frees is never freed.", FREE_IN_C),
        ),
        "The finalizer belongs to the handle, and p points to a chunk, not to the handle.",
    ),
    Item(
        "finalizer", "the collector",
        "What does this do?\n\n```go\np := arena.New[node](a)\nruntime.SetFinalizer(p, func(*node) {})\n```",
        (NewArena(0), New(0, NODE), SetFinalizer(0)), ended,
        (
            Choice("runs", "The finalizer runs when the arena is freed.", HEAP_LIKE),
            Choice("ignored", "Nothing: finalizers in arenas are ignored.", "analogy: finalizers may never run"),
            Choice("throws", "The program dies: no finalizer can be set on a value in an arena."),
        ),
        "A chunk is one object to the runtime, and p does not point to its beginning.",
    ),
    Item(
        "small-arena", "cost",
        "How much memory does Go map and clear for the first arena of a program that holds a single int?",
        (NewArena(0), New(0, type_of("int"))), mapped,
        (
            Choice("value", "8 bytes.", SPRINKLED),
            Choice("page", "A page of 8 KiB.", HEAP_LIKE),
            Choice("chunk", "A chunk of 8 MiB."),
            Choice("large", "A heap arena of 64 MiB.", "go.dev/issue/51317, first draft: chunks of 64 MB"),
        ),
        "NewArena obtains a chunk at once: 8 MiB are mapped, and cleared where that is due.",
    ),
    Item(
        "next-arena", "cost",
        "A small arena is freed, then the next one is made. What does that map and clear?",
        (NewArena(0), New(0, NODE), Free(0), NewArena(1)), next_arena,
        (
            Choice("chunk", "Another 8 MiB.", REQUESTS),
            Choice("again", "The same chunk, cleared once more.", REGION_LIKE),
            Choice("nothing", "Nothing: it goes on in the chunk that was left, after the old values."),
        ),
        "A chunk that is not full goes on the reuse list with its free range.",
    ),
    Item(
        "where-the-next-value-lies", "cost",
        "Where does the first value of that next arena lie?",
        (NewArena(0), New(0, NODE), Free(0), NewArena(1), New(1, NODE)), place,
        (
            Choice("over", "Where the freed arena's value was.", REGION_LIKE),
            Choice("behind", "In the same chunk, behind the freed arena's value."),
            Choice("fresh", "In a chunk of its own.", REQUESTS),
        ),
        "Free resets no bump pointer: within a chunk's life no byte is given twice.",
    ),
    Item(
        "small-free-returns", "memory",
        "How much memory does freeing an arena of one small value give back to the operating system?",
        (NewArena(0), New(0, NODE), Free(0)), mapped_by_free,
        (
            Choice("all", "All of its 8 MiB, at once.", FREE_IN_C),
            Choice("nothing", "None."),
            Choice("part", "What was not used of the 8 MiB.", PARTLY),
        ),
        "The chunk stays mapped on the reuse list.",
    ),
    Item(
        "full-free-returns", "memory",
        "And freeing an arena with one full chunk and a second one, while the collector is off?",
        (*FULL, Free(0)), mapped_by_free,
        (
            Choice("nothing", "None before the next collection.", WHEN),
            Choice("both", "Both chunks.", FREE_IN_C),
            Choice("part", "The full chunk's memory, at once."),
        ),
        "Setting a chunk to fault gives its memory back; its addresses wait for the collector.",
    ),
    Item(
        "large-value", "what goes where",
        "Where does a value of 3 MiB lie that is asked of an arena, and what does Free do to it?",
        (NewArena(0), New(0, LARGE), Free(0)), where_large,
        (
            Choice("chunk", "In the arena's chunk; Free frees it.", "analogy: an arena frees all it gave"),
            Choice("own", "In a chunk of its own; Free frees it.", "analogy: large objects have spans of their own"),
            Choice("heap", "On the Go heap; Free leaves it to the collector."),
            Choice("panics", "Nowhere: New panics, the value is too large.", "analogy: fixed-size pools"),
        ),
        "What is larger than a quarter of a chunk is redirected to mallocgc.",
    ),
    Item(
        "a-map", "what goes where",
        "How many bytes in the arena does `m := arena.New[map[string]int](a)`, then filling *m, take?",
        (NewArena(0), New(0, type_of("map[string]int"))), size_in_arena,
        (
            Choice("word", "8: a map is a pointer, and what it points to is made on the Go heap."),
            Choice("all", "As much as the map needs: it lives in the arena.", MAPS),
            Choice("none", "None: New refuses maps.", MAPS),
        ),
        "New takes room for the type alone; there is no MakeMap.",
    ),
    Item(
        "clone", "clone",
        "p, in an arena, points to q, in the same arena. What does `c := arena.Clone(p)` copy?",
        (NewArena(0), New(0, NODE), New(0, NODE), Link(0, 0), Clone(1, NODE)), clones,
        (
            Choice("deep", "p's and q's values, and all that they lead to.", "analogy: proto.Clone"),
            Choice("one", "p's value; the copy still points to q in the arena."),
            Choice("none", "Nothing: c equals p.", "analogy: assignment of a pointer"),
        ),
        "Clone is shallow: one value is copied to the Go heap, its pointers as they are.",
    ),
    Item(
        "clone-of-the-heap", "clone", "And if p's value lies on the Go heap?",
        (NewArena(0), Clone(HEAP, NODE)), clones,
        (
            Choice("one", "p's value is copied.", "the name: Clone"),
            Choice("none", "Nothing: c equals p."),
            Choice("deep", "p's value and all that it leads to are copied.", "analogy: proto.Clone"),
        ),
        "Clone copies what lies in a chunk, and returns anything else as it is.",
    ),
    Item(
        "race-build", "builds",
        "The program of the small arena is built with -race. What does reading p.n find, right after Free?",
        (NewArena(0), New(0, NODE), Free(0)), a_touch,
        (
            Choice("stale", "7, as in a plain build.", RACES),
            Choice("faults", "A fault: with -race every chunk of a freed arena is set to fault."),
            Choice("reported", "The race detector reports it.", RACES),
        ),
        "With a sanitizer no chunk goes on the reuse list, so that every late access is seen.",
        build_mode="race",
    ),
)  # fmt: skip
