# %% [markdown]
# # 5 · Refill, waste and the quarter-chunk rule
#
# **What does an arena do when a value does not fit any more?**
#
# *You need:* chapter 2: two ends grow towards each other.
#
# Sooner or later the free middle is too small. Then the arena *refills*: the chunk joins its
# [full list](glossary.md#full-list), another becomes the [active](glossary.md#active-chunk) one, and whatever was left
# of the old one is never used. How much can that be?

# %%
import arenalab

GO = "1.21"  # this chapter and its recordings are about it

# %% [markdown]
# ## Predict, run, look
#
# Seven arrays of 1 MiB leave 1 MiB of the chunk free.
#
# **Predict:** an array of 2 MiB comes. Where does it go, and what becomes of the megabyte?

# %%
lab = arenalab.Lab(GO, gogc="off")
a = lab.new_arena()
a.new_many("[1<<20]byte", 7)
quarter = a.new("[2<<20]byte")
print(quarter.events.of("ChunkRetired", "ReadyTaken", "ChunkActivated", "ObjectAllocated"))

# %% [markdown]
# **Predict:** now a single byte. There is a whole megabyte left in chunk 0. Does the arena remember?

# %%
print(a.new("byte").events)

# %% [markdown]
# It does not. An arena knows two addresses, those of its active chunk; a full chunk is never looked at again. So a few
# unlucky large values can waste much. Go keeps that within bounds with the
# [quarter-chunk rule](glossary.md#quarter-chunk-rule): what is larger than a quarter of a chunk never gets into one.
#
# **Predict:** 2,097,152 bytes are exactly a quarter. And one byte more?

# %%
for value in (a.new("[2<<20 + 1]byte"), a.make_slice("string", 131072), a.make_slice("string", 131073)):
    print(value.events.of("RedirectedToHeap", "ObjectAllocated"))

# %% [markdown]
# One byte more goes to the *ordinary* heap, under the collector's care: the arena hands out the pointer and forgets
# it, and `Free` will not touch it. It is the *size of the whole request* that counts, not that of the element. And no
# request that stays can find a chunk with more than 2 MiB free that it does not fit into: so *at most* a quarter of
# each chunk is wasted.
#
# ## Look
#
# **Claim: chunk 0 was given up with 1 MiB free, hatched in the map; what came after is in chunk 1.** Find the last
# byte, and step back to the moment at which chunk 0 became full.

# %%
a.new("string")
lab.chunk_map(after=4, chunk=0)

# %% [markdown]
# ## Against the real Go
#
# Go 1.21.13 ran the same program, the three redirected and nearly redirected values included.

# %%
recording = arenalab.load_recording("data/refill.jsonl")
report = arenalab.check(recording)
print(f"{report.facts} facts compared, {report.different} differences")

# %% [markdown]
# How bad can it get? A thousand values of random size, up to a quarter each, in an arena of their own:

# %%
import random

draw = random.Random(5)
wasteful = arenalab.Lab(GO, gogc="off", in_bulk=True)
b = wasteful.new_arena()
retired = []
for _ in range(1000):
    retired += b.make_slice("byte", draw.randint(1, 2**21)).events.of("ChunkRetired")
lost = [event.wasted_bytes for event in retired]
print(
    f"{len(lost)} full chunks, {sum(lost) / len(lost) / 2**20:.2f} MiB lost in each; at most {max(lost):,} bytes"
)

# %% [markdown]
# ## In Go 1.27
#
# Since Go 1.22 the end of each chunk holds its pointer bits. A quarter of a chunk is still 2 MiB. **Predict:** do four
# arrays of 2 MiB fit into one chunk?

# %%
for go in (GO, "1.27"):
    newer = arenalab.Lab(go, gogc="off")
    newer.new_arena().new_many("[2<<20]byte", 4)
    print(f"Go {go}: in chunks", newer.world.ledger.column("chunk").tolist(), end="; ")
    print(f"chunk 0 has {newer.world.spans[0].free_bytes:,} bytes free")

# %% [markdown]
# Three. The fourth needs a new chunk, and nearly a quarter of the first is lost.

# %% [markdown]
# ## What we learned
#
# * A refill gives the old chunk up with whatever is free in it; the arena never looks back.
# * What is larger than 2 MiB goes to the heap, and needs no `Free`.
# * Together they bound the waste: at most a quarter of a chunk, about a tenth with sizes at random.

# %%
world = arenalab.history_of(recording).world
homes = world.ledger.column("chunk").tolist()
assert report.ok
assert homes == [0] * 7 + [1, 1, -1, 1, -1, 1]
assert world.spans[0].free_bytes == 2**20
assert max(lost) < 2**21

# %% [markdown]
# ## Exercises
#
# Predict first. The model judges, and shows the step in which it is decided.

# %%
arenalab.Exercise("quarter-rule", seed=3)

# %%
arenalab.Exercise("wasted", seed=2)

# %%
arenalab.Exercise("next-home", seed=2)

# %% [markdown]
# *Sources: `(*userArena).alloc`, `(*userArena).refill`, `(*mspan).userArenaNextFree` (arena.go), Go 1.21.*
#
# **Next:** [6 · Free](06_free.ipynb): what becomes of full chunks, and of the one that is not.
