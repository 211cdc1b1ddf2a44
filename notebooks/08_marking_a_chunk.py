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
from arenalab.course import Exercise
from arenalab.course.tell import go_changes, scanned
from arenalab.explore import Collector, HeapBitmap
from arenalab.world.ops import Free, Link, MakeSlice, New, NewArena, Rep, RunGC

GO = "1.21"  # this chapter and its recordings are about it

# %% [markdown]
# ## Predict, run, look
#
# An arena with one value of 16 bytes. **Predict:** how many bytes count as marked, how many bitmap words are read?

# %%
node = arenalab.type_of("struct{ next *int; value int }")
machine = arenalab.Lab(GO, gogc="off")
machine.run([NewArena(0), New(0, node)])
events = machine.do(RunGC(detail=True))
for event in events:
    if type(event).__name__ in ("ChunkGreyed", "ObletScanned") and getattr(event, "oblet", 0) < 3:
        print(event.sentence())
print(f"marked: {machine.world.gc.bytes_marked:,} bytes")
print(f"read: {scanned(events)}")

# %% [markdown]
# The whole chunk counts as marked, and 64 words are read, one for each oblet: 512 bytes of bitmap for 8 MiB of chunk.
#
# **Predict:** three values of 2 MiB come in, without pointers. Will the next collection read more?

# %%
machine.do(Rep(0, arenalab.type_of("[2097152]byte"), 3))
print("with 6 MiB of bytes:", scanned(machine.do(RunGC(detail=True))))

# %% [markdown]
# No. They lie at the back, where no bit is set and no mark was cleared. Now one value with a pointer at its head and
# 200,000 bytes behind it, and then another node. **Predict again.**

# %%
tail = arenalab.type_of("struct{ p *int; b [200000]byte }")
for value in (tail, node):
    machine.do(New(0, value))
    print(f"after {value.expr:33}", scanned(machine.do(RunGC(detail=True))))

# %% [markdown]
# The bytes of a value with a pointer stand at the front, among the pointers. Writing their (empty) bits cleared 390
# marks, so the collector walks over them in every collection. *Work* is what the pacer counts: in each oblet the
# bytes up to its last pointer. The second node stands 68,952 bytes into the second oblet, and so they count now.
#
# ## Look
#
# **Claim: the scan of this chunk ends at word 390, in the middle of its second oblet, behind 389 words without a
# single 1.** *Show: where the scan stops* is the page you see; arrow up leads back to the first words.

# %%
stop = HeapBitmap(machine, chunk=0)
stop.fit = "the scan's end"
stop

# %% [markdown]
# So bytes are better kept apart from pointers. The same data, with a slice in place of the array:

# %%
apart = arenalab.Machine(machine.rules)
header = arenalab.type_of("struct{ p *int; b []byte }")
apart.run([NewArena(0), New(0, header), MakeSlice(0, arenalab.type_of("byte"), 200_000), New(0, node)])
print("bytes in a slice of their own:", scanned(apart.do(RunGC(detail=True))))

# %% [markdown]
# ## Who keeps whom
#
# Marking goes on from chunk to chunk. Three arenas: a0 points into a1, and a1 into a2. Then a1 and a2 fill up and are
# freed. **Predict:** which of the chunks 0, 1 and 2 are marked?

# %%
chain = arenalab.Machine(machine.rules)
for number in (0, 1, 2):
    chain.run([NewArena(number), New(number, node)])
chain.run([Link(0, 1), Link(1, 2)])
for number in (1, 2):
    chain.run([Rep(number, arenalab.type_of("[2097152]byte"), 4), Free(number)])
for event in (cycle := chain.do(RunGC(detail=True))):
    if type(event).__name__ in ("RootFound", "PointerFollowed", "ChunkGreyed", "ChunkReadied"):
        print(event.sentence())

# %% [markdown]
# Chunk 1 is marked, because a0 is read and points there. But a freed chunk has no memory that could be read: the
# pointer from chunk 1 to chunk 2 is lost with it, and chunk 2 is ready again.
#
# **Claim: each marked (black) chunk hangs on a way that begins at a [root](glossary.md#root), and no way leads
# through a freed chunk.** Click a chunk to see its way; step back to watch the marking, piece by piece.

# %%
end = next(at for at, event in enumerate(cycle) if type(event).__name__ == "MarkTerminated")
Collector(chain, cursor=len(chain.history) - len(cycle) + end, chunk=1)

# %% [markdown]
# ## Against the real Go
#
# Go 1.21.13 did the first program, with four collections. What it calls `heapScan` is the work, with 64 bytes for the
# runtime's own small objects, and is set anew by each collection.

# %%
recording = arenalab.load_recording("data/marking.jsonl")
report = arenalab.check(recording)
print(f"{report.facts} facts compared, {report.different} differences")
work = [
    change
    for change, op in zip(go_changes(recording, "heapScan"), recording.ops, strict=True)
    if op == RunGC()
]
print("Go's heapScan changed in the four collections by", work)

# %% [markdown]
# ## In Go 1.27
#
# Since Go 1.22 a scan ends where the chunk's `PtrBytes` say that its last pointer ends (chapter 4), not word by word.
# **Predict:** one node, and then the tail of 200,000 bytes with a node behind it: what is read now?

# %%
newer = arenalab.Lab("1.27", gogc="off")
newer.run([NewArena(0), New(0, node)])
print("a node:", scanned(newer.do(RunGC(detail=True))))
newer.run([New(0, tail), New(0, node)])
print("a node, the tail, a node:", scanned(newer.do(RunGC(detail=True))))

# %% [markdown]
# The oblets behind the last pointer are not looked at any more; a long tail before it is walked over as ever.

# %% [markdown]
# ## What we learned
#
# * A chunk is marked whole: 8 MiB, whatever is in it.
# * It is read through its bitmap, and only as far as the last value with pointers; pointer-free values cost nothing.
# * Long tails of bytes behind a pointer are walked over in each collection. Give them a slice of their own.
# * A freed chunk may be marked; it is never read, and keeps nothing else alive.

# %%
assert report.ok
assert machine.world.gc.bytes_marked >= 8 * 2**20
assert chain.world.ready[0] == 2
assert chain.world.quarantine == [1]
assert work[-1] == 68_960

# %% [markdown]
# ## Exercises

# %%
Exercise("scan-stops", seed=1)

# %%
Exercise("bytes-marked", seed=3)

# %%
Exercise("who-is-marked", seed=2)

# %% [markdown]
# *Sources: `greyobject`, `scanobject`, `findObject` (mgcmark.go, mbitmap.go), `heapBits.next` (mbitmap.go),
# `userArenaHeapBitsSetType` (arena.go), Go 1.21.*
#
# **Next:** [9 · Freeing while the collector runs](09_freeing_while_marking.ipynb).
