# %% [markdown]
# # 16 · What changed, 1.21 → 1.27
#
# **Which of what you know about arenas depends on the Go?**
#
# *You need:* chapters 3, 4 and 5. Pick two versions; every cell runs the same program under both.

# %%
import arenalab
from arenalab.course.changes import shown_by
from arenalab.course.tell import scanned

BEFORE = arenalab.pick_go(default="1.21", name="Go before")
AFTER = arenalab.pick_go(name="Go after")


def both(tell):
    """Print what a function tells of a fresh program under each of the two."""
    for go in dict.fromkeys((BEFORE, AFTER)):
        print(f"Go {go}: {tell(arenalab.Lab(go, gogc='off'))}")


# %% [markdown]
# After each change a *scenario* is run: one of the small programs by which ArenaLab is tested. It says how much of what
# it expects of the later Go is false in the earlier one. Where your two versions don't differ, it says that.
#
# ## 1.22: bits in the chunk
#
# Up to Go 1.21 the [heap bitmap](glossary.md#heap-bitmap) lies beside the heap. Since Go 1.22 each
# [chunk](glossary.md#chunk) has its own, in its last 128 KiB (chapter 4).
#
# **Predict:** four arrays of 2 MiB. How many chunks?


# %% jupyter={"outputs_hidden": true}
def quarters(lab):
    """Return where four arrays of 2 MiB lie."""
    lab.new_arena().new_many("[2<<20]byte", 4)
    room = f"{lab.rules.chunk.usable_bytes:,} bytes for values"
    return f"{room}; the arrays are in chunks {lab.world.ledger.column('chunk').tolist()}"


both(quarters)
print(shown_by("alloc-four-quarters-need-one-chunk-or-two", BEFORE, AFTER))

# %% [markdown]
# ## 1.22: scans end at the last pointer
#
# Go 1.21 marks bitmap words: *no more pointers* ([chapter 15](15_bits_before_go_1_22.ipynb)). Since Go 1.22 one number,
# `PtrBytes`, says where the chunk's last pointer ends.
#
# **Predict:** a pointer with 200,000 bytes after it. How many bitmap words does a collection read?


# %% jupyter={"outputs_hidden": true}
def tail(lab):
    """Return how much of a chunk with one pointer is read."""
    lab.new_arena().new("struct{ p *int; b [200000]byte }")
    return scanned(lab.gc(detail=True))


both(tail)
print(shown_by("collector-stops-at-the-last-pointer", BEFORE, AFTER))
print(shown_by("collector-stops-where-no-more-pointers-come", BEFORE, AFTER))

# %% [markdown]
# ## 1.22: a header before heap objects
#
# On the heap, an object of more than 512 bytes that holds pointers has 8 bytes before it that name its type. An arena
# meets that where it lists its chunks: `refs`, a slice on the heap that grows.


# %%
def refs(lab):
    """Return how refs grow."""
    made = lab.new_arena().new_many("[2000000]byte", 1025).of("SmallObjectMade")
    return f"refs have room for {[event.cap for event in made if event.what == 'refs']} chunks"


both(refs)
print(shown_by("refill-refs-grow-by-size-class", BEFORE, AFTER))

# %% [markdown]
# ## 1.22 and 1.24: a chunk is obtained in another order
#
# The steps are the same. Their order decides what a goroutine that comes between them sees.


# %%
def order(lab):
    """Return some steps of obtaining a chunk, in their order."""
    steps = ("SpanFilled", "LimitSet", "ChunkAccounted", "ChunkPushedSwept")
    return ", ".join(type(event).__name__ for event in lab.new_arena().events.of(*steps))


both(order)
print(shown_by("arena-is-made-with-a-chunk", BEFORE, AFTER))

# %% [markdown]
# ## 1.24: masks on demand, and 1.27: for many more types
#
# Up to Go 1.23 a type with a long [pointer prefix](glossary.md#pointer-prefix) has a [GC
# program](glossary.md#gc-program). Since Go 1.24 the runtime builds its mask when it is first used. What is long?
# More than 16,384 words, and since Go 1.27 more than 128.


# %%
def masks(lab):
    """Return where the bits of three arrays come from."""
    return {text: lab.type_of(text).mask_kind for text in ("[128]*int", "[129]*int", "[16385]*int")}


both(masks)
print(shown_by("bits-long-array-ends-at-its-last-pointer", BEFORE, AFTER))
print(shown_by("bits-mask-on-demand-is-built-once", BEFORE, AFTER))

# %% [markdown]
# ## 1.24: weak pointers
#
# A [weak pointer](glossary.md#weak-pointer) into an arena works, and keeps nothing alive. It points to 8 bytes of the
# runtime's, 16 since Go 1.26, and those to the value. `runtime.AddCleanup`, as new, refuses what lies in an arena.


# %%
def weak(lab):
    """Return a weak pointer, or why there is none."""
    node = lab.new_arena().new("struct{ next *int; value int }")
    try:
        return f"{lab.make_weak(node)}, a handle of {lab.rules.weak_handle_bytes} bytes"
    except arenalab.ScenarioError as refused:
        return refused


both(weak)
print(shown_by("weak-handles-take-half-a-block-or-a-whole", BEFORE, AFTER))
print(shown_by("cleanup-of-an-arena-object-panics", BEFORE, AFTER))

# %% [markdown]
# ## 1.26: Green Tea
#
# The collector marks small objects span by span, and keeps their marks in the span. So fewer arena
# [handles](glossary.md#handle) share one, and [finalizers](glossary.md#finalizer) of dropped arenas run in another
# order.

# %%
both(lambda lab: f"{lab.rules.handles_per_span} handles share a span")
print(shown_by("handles-of-another-span-are-finalized-first", BEFORE, AFTER))

# %% [markdown]
# ## All rules that differ
#
# Some show in counters or in a crash report only: the bytes of a `heapArena`, where a fatal `New`
# [faults](glossary.md#fault). And since Go 1.26 the heap begins at a random address (`random_heap_base`), so
# addresses differ from run to run.

# %%
before, after = arenalab.go_rules(BEFORE).settings(), arenalab.go_rules(AFTER).settings()
changed = {name for name in after if before.get(name) != after[name]} - {"version"}
for name in sorted(changed):
    print(f"{name:<30}{before.get(name)!s:>12} → {after[name]}")
for name in ("chunks-of-a-heap-arena-are-used-in-order", "new-through-a-copy-after-free-is-fatal"):
    print(shown_by(name, BEFORE, AFTER))

# %% [markdown]
# ## Look
#
# **Claim: the same five arrays of 2 MiB lie otherwise in the chunks where one of your versions is before 1.22, and the
# other is not.** Side A is *Go before*, side B *Go after*; step through both at once.

# %%
lab = arenalab.Lab(AFTER, gogc="off")
lab.new_arena().new_many("[2<<20]byte", 5)
arenalab.WhatIf(lab, left={"go": BEFORE}, right={"go": AFTER})

# %% [markdown]
# ## Against the real Go
#
# The program of chapter 5, as both releases ran it.

# %%
for go in (BEFORE, AFTER):
    recording = arenalab.load_recording(f"data/refill-{go}.jsonl.gz")
    report = arenalab.check(recording)
    print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")
    assert report.ok

# %% [markdown]
# ## What we learned
#
# * Since Go 1.22 a chunk has its bits in it: room for 8,257,488 bytes, and scans that end at the last pointer.
# * Since Go 1.24 long types have their masks built on demand; since Go 1.27 that is anything above 128 words.
# * Two ends, [full list](glossary.md#full-list), [reuse list](glossary.md#reuse-list),
#   [quarantine](glossary.md#quarantine), fault: the same from 1.21 to 1.27.
#
# ArenaLab's `docs/versions.md` has all of it, rule by rule, procedure by procedure.

# %%
worlds = [arenalab.history_of(arenalab.load_recording(f"data/free-{go}.jsonl.gz")) for go in (BEFORE, AFTER)]
lists = [(run.after_op(4).quarantine, run.after_op(4).reuse, run.after_op(7).ready[:2]) for run in worlds]
assert report.ok
assert lists[0] == lists[1] == ([0, 1], [2], [1, 0])
assert (before["bitmap_home"] == after["bitmap_home"]) == ((BEFORE == "1.21") == (AFTER == "1.21"))

# %% [markdown]
# ## Exercises
#
# Predict first. The model judges, and shows the step in which it is decided.

# %%
arenalab.Exercise("which-versions", seed=2, go=AFTER)

# %%
arenalab.Exercise("chunks-by-version", seed=2, go=AFTER)

# %%
arenalab.Exercise("words-by-version", seed=2, go=AFTER)

# %%
arenalab.Exercise("build-changed", seed=2, go=AFTER)

# %% [markdown]
# *Sources: each release's own; the functions that differ are named in docs/versions.md.*
#
# **Next:** [17 · Goroutines](17_goroutines.ipynb): who waits for whom.
