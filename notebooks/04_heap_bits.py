# %% [markdown]
# # 4 · Where a chunk keeps its bits
#
# **How does the collector know where in a [chunk](glossary.md#chunk) the pointers are?**
#
# *You need:* chapter 3: a type's mask has one bit for each word of a value.
#
# When a cycle comes, the collector sees 8 MiB of words. No word says what it is. So Go keeps a
# [heap bitmap](glossary.md#heap-bitmap): one bit for each word of memory, 1 for a pointer. Whoever allocates has to
# write it. 64 such bits make a *bitmap word*; it describes 512 bytes.
#
# This chapter is about Go since 1.22; what came before is [chapter 15](15_bits_before_go_1_22.ipynb).

# %%
import arenalab

GO = arenalab.pick_go(">=1.22")

# %% [markdown]
# ## Predict, run, look
#
# **Predict:** a `Node` is pointer, pointer, number. It is placed at the start of the chunk. What is bitmap word 0?

# %% jupyter={"outputs_hidden": true}
lab = arenalab.Lab(GO, gogc="off")
lab.types("type Node struct { left *Node; right *Node; value int }")
a = lab.new_arena()
print(a.new("Node").events)

# %% [markdown]
# `0x3`, binary 011: bit 0 is the lowest address, so read it from the right. (*PtrBytes* comes in a moment.) Next are an
# `int` and a slice of three `Entry`s: pointer, length, number.
#
# **Predict:** which bits are set afterwards?

# %% jupyter={"outputs_hidden": true}
lab.types("type Entry struct { key string; value int }")
a.new("int")
a.make_slice("Entry", 3)
print(f"word 0: {lab.world.bits.word(0, 0):b}")
print("from the lowest address: Node 110, entries 100 100 100; the int is at the back and has no bits")

# %% [markdown]
# The bits stand in a row, value by value, as if the masks had been glued together.
#
# **Predict:** a bit for each 8 bytes of 8 MiB, that is how much memory? And where is it?

# %% jupyter={"outputs_hidden": true}
for region in lab.rules.chunk.regions:
    print(f"{region.offset:>#8x}  {region.nbytes:>9,} bytes  {region.name}")

# %% [markdown]
# 128 KiB, in the chunk itself, at its end. So no value may lie there, and a chunk has only 8,257,488 bytes for values.
#
# The 48 bytes between are a *dummy type*. To the collector a chunk is one large object, and this is its type: `GCData`
# points to the bitmap, and `PtrBytes` say how far there are pointers. **Scans of the chunk end at `PtrBytes`.**
#
# **Predict:** a value of 1,008 bytes is placed after the entries. It has one pointer, in its first word. What are the
# `PtrBytes` then, and how many bitmap words are written?

# %% jupyter={"outputs_hidden": true}
print(a.new("struct{ p *int; b [1000]byte }").events)

# %% [markdown]
# The value starts at byte 96, so its pointer ends at 104: the thousand bytes after it are not scanned. Their bitmap
# words are written all the same, with zeros.
#
# **Predict:** one more pointer. Are they now?

# %% jupyter={"outputs_hidden": true}
print(a.new("*int").events)

# %% [markdown]
# They are: `PtrBytes` is one number for the whole chunk, so a scan walks over all that lies before the last pointer.
#
# ## Look
#
# **Claim: each store keeps what was there and adds one value's mask; a scan ends at the last 1.** Switch to *event* and
# step back through the last operations; the panel shows what was kept and what was written.

# %%
lab.heap_bitmap()

# %% [markdown]
# ## Against the real Go
#
# Real Go ran the same program; bitmap words and dummy type were read out after each operation.

# %%
recording = arenalab.load_recording(f"data/heap_bits-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")

# %% [markdown]
# ## What we learned
#
# * Bitmap words are the values' masks in a row, the lowest address in the lowest bit; the back has no bits at all.
# * Since Go 1.22 a chunk has its bitmap in its own last 128 KiB.
# * Scans of a chunk end at its dummy type's `PtrBytes`: where its last pointer ends, and not a word further.

# %%
world = arenalab.history_of(recording).world
front = world.spans[0].free_base - world.spans[0].base
assert report.ok
assert front == 24 + 3 * 24 + 1008 + 8
assert world.scan_limits.ptr_bytes(0) == front
assert world.bits.word(0, 0) == 0b1001001001011
assert world.bits.word(0, (front - 1) // 512) == 1 << (front - 8) // 8 % 64
assert sum(region.nbytes for region in lab.rules.chunk.regions) == 8 * 2**20

# %% [markdown]
# ## Exercises
#
# Predict first. The model judges, and shows the step in which it is decided.

# %%
arenalab.Exercise("bitmap-word", seed=3, go=GO)

# %%
arenalab.Exercise("where-scans-end", seed=2, go=GO)

# %%
arenalab.Exercise("bitmap-place", seed=2, go=GO)

# %% [markdown]
# The other way round: write a program that does what is asked. Any that does is right.

# %%
arenalab.Exercise("build-bits", seed=1, go=GO)

# %% [markdown]
# *Sources: `(*mspan).initHeapBits`, `(*mheap).allocUserArenaChunk`, `userArenaHeapBitsSetType` (arena.go, mbitmap.go),
# `scanobject` (mgcmark.go; since Go 1.26 `scanObject`, mgcmark_greenteagc.go), Go 1.22 to 1.27.*
#
# **Next:** [5 · Refill, waste and the quarter-chunk rule](05_refill.ipynb): what happens when the ends meet.
