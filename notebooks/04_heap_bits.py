# %% [markdown]
# # 4 · Heap-bitmap bits and noMorePtrs
#
# **How does the collector know where in a chunk the pointers are?**
#
# *You need:* chapter 3: a type's mask has one bit for each word of a value.
#
# When a cycle comes, the collector sees 8 MiB of words. No word says what it is. So Go keeps a
# [heap bitmap](glossary.md#heap-bitmap) beside the heap: one bit for each word of memory, 1 for a pointer. Whoever
# allocates has to write it. 64 such bits make a *bitmap word*; it describes 512 bytes. A chunk has 16,384 of them.

# %%
import arenalab

GO = "1.21"  # this chapter and its recordings are about it
lab = arenalab.Lab(GO, gogc="off")
lab.types("""
type Node struct { left *Node; right *Node; value int }
type Entry struct { key string; value int }
""")

# %% [markdown]
# ## Predict, run, look
#
# **Predict:** a `Node` is pointer, pointer, number. It is placed at the start of the chunk. What is bitmap word 0?

# %%
a = lab.new_arena()
print(a.new("Node").events)

# %% [markdown]
# `0x3`, binary 011: bit 0 is the lowest address, so read it from the right. Next come an `int` and a slice of three
# `Entry`s: pointer, length, number.
#
# **Predict:** which bits are set afterwards?

# %%
a.new("int")
a.make_slice("Entry", 3)
print(f"word 0: {lab.world.bits.word(0, 0):b}")
print("from the lowest address: Node 110, entries 100 100 100; the int is at the back and has no bits")

# %% [markdown]
# The bits stand in a row, value by value, as if the masks had been glued together.
#
# Most of a chunk is usually empty. Should the collector read 16,384 bitmap words to find that out? For that, each word
# has one more bit: [noMorePtrs](glossary.md#nomoreptrs), *after this word there are no more pointers*. A fresh chunk
# has the mark on every word but the last.
#
# **Predict:** a value of 1,008 bytes is placed after the entries. It has one pointer, in its first word. Which words
# lose their mark?

# %%
a.new("struct{ p *int; b [1000]byte }")
marks = lab.world.scan_limits.no_more_ptrs(0)
front = lab.world.spans[0].free_base - lab.world.spans[0].base
print(f"the front is at byte {front}; marks of words 0 to 3: {marks[:4].tolist()}")

# %% [markdown]
# Words 0 and 1, since the value reaches into word 2. The bits written there are all 0; the mark goes all the same: Go's
# writer clears it with every word that it has *filled*, and does not look at what it filled it with.
#
# **Predict:** now 70 pointers and 48 more fill the front up to byte 2048, a border of 512. The last word written
# keeps its mark. What must happen when one more pointer comes, at the very start of the next word?

# %%
a.new("[70]*int")
a.new_many("*int", 48)
print("marks of words 2 to 4:", lab.world.scan_limits.no_more_ptrs(0)[2:5].tolist())
print(a.new("*int").events)

# %% [markdown]
# It writes *two* words. Word 3 keeps its bits and loses its mark; otherwise the collector would stop there and free
# what the new pointer points to. Go's writer begins one word early just for that.
#
# ## Look
#
# **Claim: each store keeps what was there, adds one value's mask, and clears a mark only when it moves on.** Switch to
# *event* and step back through the last two operations; the panel shows what was kept and what was written.

# %%
lab.heap_bitmap()

# %% [markdown]
# ## Against the real Go
#
# Go 1.21.13 ran the same program; its bitmap words and marks were read out after each operation.

# %%
recording = arenalab.load_recording("data/heap_bits.jsonl")
report = arenalab.check(recording)
print(f"{report.facts} facts compared, {report.different} differences")

# %% [markdown]
# ## In Go 1.27
#
# Since Go 1.22 there are no marks. A chunk keeps its bitmap in its own last 128 KiB, and its *dummy type*, whose
# `PtrBytes` says where the last pointer ends: scans end there. **Predict:** how many words does the same last pointer
# write?

# %%
newer = arenalab.Lab("1.27", gogc="off")
newer.run(lab.history.ops[:-1])
print(newer.do(lab.history.ops[-1]))

# %% [markdown]
# One. No mark has to go, so the writer need not begin a word early.

# %% [markdown]
# ## What we learned
#
# * Bitmap words are the values' masks in a row, the lowest address in the lowest bit; the back has no bits at all.
# * With the front at byte F, the marks of all words before the one that holds byte F − 1 are gone.
# * The collector reads a chunk up to the first mark, and not a word further.

# %%
world = arenalab.history_of(recording).world
front = world.spans[0].free_base - world.spans[0].base
last = (front - 1) // 512
marks = world.scan_limits.no_more_ptrs(0)
assert report.ok
assert not marks[:last].any()
assert marks[last:-1].all()
assert world.bits.word(0, last) == 1
assert last == 4

# %% [markdown]
# ## Exercises
#
# Predict first. The model judges, and shows the step in which it is decided.

# %%
arenalab.Exercise("bitmap-word", seed=3)

# %%
arenalab.Exercise("marks-cleared", seed=3)

# %%
arenalab.Exercise("scan-words", seed=3)

# %% [markdown]
# *Sources: `(*mspan).initHeapBits`, `writeHeapBits.write`, `writeHeapBits.flush` (mbitmap.go),
# `userArenaHeapBitsSetType` (arena.go), `scanobject` (mgcmark.go), Go 1.21.*
#
# **Next:** [5 · Refill, waste and the quarter-chunk rule](05_refill.ipynb): what happens when the ends meet.
