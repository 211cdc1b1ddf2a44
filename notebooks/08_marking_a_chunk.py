# %% [markdown]
# # 8 · Marking a chunk
#
# **How much of 8 MiB does the collector read to find your pointers?**
#
# *You need:* chapter 4, the [heap bitmap](glossary.md#heap-bitmap) and its [`noMorePtrs`](glossary.md#nomoreptrs)
# marks.
#
# To the collector a chunk is one object with pointers in it. If anything points into the chunk, all of it is
# [marked](glossary.md#mark-bit). Reading is another matter: the chunk is cut into 64 [oblets](glossary.md#oblet) of
# 128 KiB, and each is read through the bitmap, one word for 512 bytes, until a word's mark says: no more pointers.

# %%
import arenalab
from arenalab.course.tell import go_changes, scanned

GO = "1.21"  # this chapter and its recordings are about it
NODE = "type Node struct { next *Node; value int }"

# %% [markdown]
# ## Predict, run, look
#
# An arena with one value of 16 bytes. **Predict:** how many bytes count as marked, how many bitmap words are read?

# %%
lab = arenalab.Lab(GO, gogc="off")
lab.types(NODE)
a = lab.new_arena()
a.new("Node")
events = lab.gc(detail=True)
print(events.of("ChunkGreyed", "ObletScanned")[:4])
print(f"marked: {lab.world.gc.bytes_marked:,} bytes")
print(f"read: {scanned(events)}")

# %% [markdown]
# The whole chunk counts as marked, and 64 words are read, one for each oblet: 512 bytes of bitmap for 8 MiB of chunk.
#
# **Predict:** three values of 2 MiB come in, without pointers. Will the next collection read more?

# %%
a.new_many("[2<<20]byte", 3)
print("with 6 MiB of bytes:", scanned(lab.gc(detail=True)))

# %% [markdown]
# No. They lie at the back, where no bit is set and no mark was cleared. Now one value with a pointer at its head and
# 200,000 bytes after it, and then another node. **Predict again.**

# %%
for text in ("struct{ p *int; b [200000]byte }", "Node"):
    a.new(text)
    print(f"after {text:33}", scanned(lab.gc(detail=True)))

# %% [markdown]
# The bytes of a value with a pointer stand at the front, among the pointers. Writing their (empty) bits cleared 390
# marks, so the collector walks over them in every collection. *Work* is what the pacer counts: in each oblet the
# bytes up to its last pointer. The second node stands 68,952 bytes into the second oblet, and so they count now.
#
# ## Look
#
# **Claim: the scan of this chunk ends at word 390, in the middle of its second oblet, after 389 words without a
# single 1.** *Show: where the scan stops* is the page you see; arrow up leads back to the first words.

# %%
stop = lab.heap_bitmap(chunk=0)
stop.fit = "scan stop"
stop

# %% [markdown]
# So bytes are better kept apart from pointers. The same data, with a slice in place of the array:

# %%
apart = arenalab.Lab(GO, gogc="off")
apart.types(NODE)
b = apart.new_arena()
header = b.new("struct{ p *int; b []byte }")
header.b = b.make_slice("byte", 200_000)
b.new("Node")
print("bytes in a slice of their own:", scanned(apart.gc(detail=True)))

# %% [markdown]
# ## Who keeps whom
#
# Marking goes on from chunk to chunk. Three arenas: a0 points into a1, and a1 into a2. Then a1 and a2 fill up and are
# freed. **Predict:** which of the chunks 0, 1 and 2 are marked?

# %%
chain = arenalab.Lab(GO, gogc="off")
chain.types(NODE)
arenas = [chain.new_arena() for _ in range(3)]
nodes = [each.new("Node") for each in arenas]
nodes[0].next, nodes[1].next = nodes[1], nodes[2]
for each in arenas[1:]:
    each.new_many("[2<<20]byte", 4)
    each.free()
cycle = chain.gc(detail=True)
print(cycle.of("RootFound", "PointerFollowed", "ChunkGreyed", "ChunkReadied"))

# %% [markdown]
# Chunk 1 is marked, because a0 is read and points there. But a freed chunk has no memory that could be read: the
# pointer from chunk 1 to chunk 2 is lost with it, and chunk 2 is ready again.
#
# **Claim: each marked (black) chunk hangs on a path that begins at a [root](glossary.md#root), and no path leads
# through a freed chunk.** Click a chunk to see its path; step back to watch the marking, piece by piece.

# %%
end = cycle.index(cycle.of("MarkTerminated")[0])
chain.collector(cursor=len(chain.history) - len(cycle) + end, chunk=1)

# %% [markdown]
# ## Against the real Go
#
# Go 1.21.13 did the first program, with four collections. What it calls `heapScan` is the work, with 64 bytes for the
# runtime's own small objects, and is reset by each collection.

# %%
recording = arenalab.load_recording("data/marking.jsonl")
report = arenalab.check(recording)
print(f"{report.facts} facts compared, {report.different} differences")
work = [
    change
    for change, op in zip(go_changes(recording, "heapScan"), recording.ops, strict=True)
    if op == arenalab.ops.RunGC()
]
print("Go's heapScan changed in the four collections by", work)

# %% [markdown]
# ## In Go 1.27
#
# Since Go 1.22 a scan ends where the chunk's `PtrBytes` say that its last pointer ends (chapter 4), not word by word.
# **Predict:** one node, and then the tail of 200,000 bytes with a node after it: what is read now?

# %%
newer = arenalab.Lab("1.27", gogc="off")
newer.types(NODE)
c = newer.new_arena()
c.new("Node")
print("a node:", scanned(newer.gc(detail=True)))
c.new("struct{ p *int; b [200000]byte }")
c.new("Node")
print("a node, the tail, a node:", scanned(newer.gc(detail=True)))

# %% [markdown]
# The oblets after the last pointer are not looked at any more; a long tail before it is walked over as ever.

# %% [markdown]
# ## What we learned
#
# * A chunk is marked whole: 8 MiB, whatever is in it.
# * It is read through its bitmap, and only as far as the last value with pointers; pointer-free values cost nothing.
# * Long tails of bytes past a pointer are walked over in each collection. Give them a slice of their own.
# * A freed chunk may be marked; it is never read, and keeps nothing else alive.

# %%
assert report.ok
assert lab.world.gc.bytes_marked >= 8 * 2**20
assert chain.world.ready[0] == 2
assert chain.world.quarantine == [1]
assert work[-1] == 68_960

# %% [markdown]
# ## Exercises

# %%
arenalab.Exercise("scan-stops", seed=1)

# %%
arenalab.Exercise("bytes-marked", seed=3)

# %%
arenalab.Exercise("who-is-marked", seed=2)

# %% [markdown]
# *Sources: `greyobject`, `scanobject`, `findObject` (mgcmark.go, mbitmap.go), `heapBits.next` (mbitmap.go),
# `userArenaHeapBitsSetType` (arena.go), Go 1.21.*
#
# **Next:** [9 · Freeing while the collector runs](09_freeing_while_marking.ipynb).
