# %% [markdown]
# # 15 · Bits before Go 1.22: noMorePtrs
#
# **How did the collector know where to stop, before a [chunk](glossary.md#chunk) had a type?**
#
# *You need:* chapter 4: a [heap bitmap](glossary.md#heap-bitmap) has one bit for each word of memory.
#
# In Go 1.21 the bits of a chunk are not in the chunk but beside the heap, and no `PtrBytes` says where the last pointer
# ends. A chunk has 16,384 bitmap words, one for 512 bytes. Should the collector read them all to find that a chunk is
# empty? This chapter is about Go 1.21 alone.

# %%
import arenalab

GO = arenalab.pick_go("1.21")

# %% [markdown]
# ## Predict, run, look
#
# For that, each bitmap word has one more bit: [noMorePtrs](glossary.md#nomoreptrs), *after this word there are no more
# pointers*. A fresh chunk has the mark on every word but the last.
#
# **Predict:** a node of 24 bytes, an `int` and three entries of 24 bytes each. Which words lose their mark?

# %% jupyter={"outputs_hidden": true}
lab = arenalab.Lab(GO, gogc="off")
lab.types("type Node struct { left *Node; right *Node; value int }")
lab.types("type Entry struct { key string; value int }")
a = lab.new_arena()
a.new("Node")
a.new("int")
a.make_slice("Entry", 3)
print("marks of words 0 to 2:", lab.world.scan_limits.no_more_ptrs(0)[:3].tolist())

# %% [markdown]
# None: all of it lies in the 512 bytes of word 0. The collector reads word 0, sees its mark, and stops.
#
# **Predict:** a value of 1,008 bytes is placed after the entries. It has one pointer, in its first word. Which words
# lose their mark?

# %% jupyter={"outputs_hidden": true}
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

# %% jupyter={"outputs_hidden": true}
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
recording = arenalab.load_recording(f"data/no_more_ptrs-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")

# %% [markdown]
# ## What we learned
#
# * A mark says: after this word there are no more pointers. The back has no bits, and keeps its marks.
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
arenalab.Exercise("marks-cleared", seed=3, go=GO)

# %%
arenalab.Exercise("words-written", seed=3, go=GO)

# %%
arenalab.Exercise("scan-words", seed=3, go=GO)

# %% [markdown]
# The other way round: write a program that does what is asked. Any that does is right.

# %%
arenalab.Exercise("build-marks", seed=1, go=GO)

# %% [markdown]
# *Sources: `(*mspan).initHeapBits`, `writeHeapBits.write`, `writeHeapBits.flush` (mbitmap.go),
# `userArenaHeapBitsSetType` (arena.go), `scanobject` (mgcmark.go), Go 1.21.*
#
# **Next:** [16 · What changed, 1.21 → 1.27](16_what_changed.ipynb): this, and all the rest.
