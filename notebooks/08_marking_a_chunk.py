# %% [markdown]
# # 8 · Marking a chunk
#
# **How much of 8 MiB does the collector read to find your pointers?**
#
# *You need:* chapter 4, the [heap bitmap](glossary.md#heap-bitmap) and where scans end.
#
# To the collector a [chunk](glossary.md#chunk) is one object with pointers in it. If anything points into the chunk,
# all of it is [marked](glossary.md#mark-bit). Reading is another matter: the chunk is cut into
# [oblets](glossary.md#oblet) of 128 KiB, and each is read through the bitmap, one word for 512 bytes, until there are
# no more pointers. In Go 1.21 a mark on the bitmap word says so ([chapter 15](15_bits_before_go_1_22.ipynb)), since
# Go 1.22 the chunk's `PtrBytes`.

# %%
import arenalab
from arenalab.course.tell import go_changes, scanned

GO = arenalab.pick_go()

# %% [markdown]
# ## Predict, run, look
#
# An arena with one value of 16 bytes. **Predict:** how many bytes count as marked, how many bitmap words are read?

# %% jupyter={"outputs_hidden": true}
NODE = "type Node struct { next *Node; value int }"
lab = arenalab.Lab(GO, gogc="off")
lab.types(NODE)
a = lab.new_arena()
a.new("Node")
events = lab.gc(detail=True)
print(events.of("ChunkGreyed", "ObletScanned")[:4])
print(f"marked: {lab.world.gc.bytes_marked:,} bytes")
print(f"read: {scanned(events)}")

# %% [markdown]
# The whole chunk counts as marked. In Go 1.21 one word is read for each of its 64 oblets. Since Go 1.22 it is one word
# in all: what lies past `PtrBytes` is not looked at.
#
# **Predict:** three values of 2 MiB come in, without pointers. Will the next collection read more?

# %% jupyter={"outputs_hidden": true}
a.new_many("[2<<20]byte", 3)
print("with 6 MiB of bytes:", scanned(lab.gc(detail=True)))

# %% [markdown]
# No. They lie at the back, where no bit is set.
#
# **Predict:** one value with a pointer at its head and 200,000 bytes after it. It goes to the front. And now?

# %% jupyter={"outputs_hidden": true}
a.new("struct{ p *int; b [200000]byte }")
print("with a tail of bytes:", scanned(lab.gc(detail=True)))

# %% [markdown]
# In Go 1.21 the collector walks over the bytes: writing their (empty) bits cleared 390 marks. Since Go 1.22 it stops at
# the pointer before them.
#
# **Predict:** another node, after those bytes.

# %% jupyter={"outputs_hidden": true}
a.new("Node")
print("with a node after it:", scanned(lab.gc(detail=True)))

# %% [markdown]
# Now every Go walks over the bytes, in every collection, to reach the node. *Work* is what the pacer counts: in each
# oblet the bytes up to its last pointer. The second node stands 68,952 bytes into the second oblet, and so they count.
#
# ## Look
#
# **Claim: the scan of this chunk ends at word 390, in the middle of its second oblet, after 389 words without a
# single 1.** *scan stop* is the page you see; arrow up leads back to the first words.

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

# %% jupyter={"outputs_hidden": true}
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
# Real Go did the first program, with four collections. What it calls `heapScan` is the work, with 64 bytes for the
# runtime's own small objects, and is reset by each collection.

# %%
recording = arenalab.load_recording(f"data/marking-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")
work = [
    change
    for change, op in zip(go_changes(recording, "heapScan"), recording.ops, strict=True)
    if op == arenalab.ops.RunGC()
]
print("Go's heapScan changed in the four collections by", work)

# %% [markdown]
# ## What we learned
#
# * A chunk is marked whole, whatever is in it.
# * It is read through its bitmap, and only as far as there are pointers; pointer-free values cost nothing.
# * Long tails of bytes between pointers are walked over in each collection. Give them a slice of their own.
# * A freed chunk may be marked; it is never read, and keeps nothing else alive.

# %%
assert report.ok
assert lab.world.gc.bytes_marked >= lab.rules.chunk.usable_bytes
assert chain.world.ready[0] == 2
assert chain.world.quarantine == [1]
assert work[-1] == 68_960

# %% [markdown]
# ## Exercises

# %%
arenalab.Exercise("scan-stops", seed=1, go=GO)

# %%
arenalab.Exercise("bytes-marked", seed=3, go=GO)

# %%
arenalab.Exercise("who-is-marked", seed=2, go=GO)

# %% [markdown]
# The other way round: write a program that does what is asked. Any that does is right.

# %%
arenalab.Exercise("build-scan", seed=1, go=GO)

# %% [markdown]
# *Sources: `greyobject`, `scanobject`, `findObject` (mgcmark.go, mbitmap.go), `userArenaHeapBitsSetType` (arena.go);
# `heapBits.next` in Go 1.21, `typePointers.next` since (mbitmap.go).*
#
# **Next:** [9 · Freeing while the collector runs](09_freeing_while_marking.ipynb).
