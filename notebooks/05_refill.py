# %% [markdown]
# # 5 · Refill, waste and the quarter-chunk rule
#
# **What does an arena do when a value does not fit any more?**
#
# *You need:* chapter 2: two ends grow towards each other.
#
# Sooner or later the free middle is too small. Then the arena *refills*: the [chunk](glossary.md#chunk) joins its
# [full list](glossary.md#full-list), another becomes the [active](glossary.md#active-chunk) one, and whatever was left
# of the old one is never used. How much can that be?

# %%
import arenalab

GO = arenalab.pick_go()

# %% [markdown]
# ## Predict, run, look
#
# Seven arrays of 1 MiB leave nearly 1 MiB of the chunk free.
#
# **Predict:** an array of 2 MiB comes. Where does it go, and what becomes of the rest of the chunk?

# %% jupyter={"outputs_hidden": true}
lab = arenalab.Lab(GO, gogc="off")
a = lab.new_arena()
a.new_many("[1<<20]byte", 7)
quarter = a.new("[2<<20]byte")
print(quarter.events.of("ChunkRetired", "ReadyTaken", "ChunkActivated", "ObjectAllocated"))

# %% [markdown]
# **Predict:** now a single byte. There is much room left in chunk 0. Does the arena remember?

# %% jupyter={"outputs_hidden": true}
print(a.new("byte").events)

# %% [markdown]
# It does not. An arena knows two addresses, those of its active chunk; a full chunk is never looked at again. So a
# few unlucky large values can waste much. Go keeps that within bounds with the [quarter-chunk
# rule](glossary.md#quarter-chunk-rule): what is larger than 2 MiB never gets into a chunk.
#
# **Predict:** 2,097,152 bytes are exactly 2 MiB. And one byte more?

# %% jupyter={"outputs_hidden": true}
for value in (a.new("[2<<20 + 1]byte"), a.make_slice("string", 131072), a.make_slice("string", 131073)):
    print(value.events.of("RedirectedToHeap", "ObjectAllocated"))

# %% [markdown]
# One byte more goes to the heap, under the collector's care: the arena hands out the pointer and forgets it, and `Free`
# will not touch it. It is the *size of the whole request* that counts, not that of the element.
#
# What stays in the arena has at most 2 MiB, and a chunk that it does not fit into has less room than that: so *at most*
# 2 MiB of each chunk are wasted.
#
# ## Look
#
# **Claim: chunk 0 was given up with room left, hatched in the map; what came after is in chunk 1.** Find the last
# byte, and step back to the moment at which chunk 0 became full.

# %%
a.new("string")
lab.chunk_map(after=4, chunk=0)

# %% [markdown]
# ## Against the real Go
#
# Real Go ran the same program, the three redirected and nearly redirected values included.

# %%
recording = arenalab.load_recording(f"data/refill-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")

# %% [markdown]
# ## How bad can it get?
#
# **Predict:** four arrays of 2 MiB. In Go 1.21 they fill a chunk exactly. Since Go 1.22 a chunk has 128 KiB less for
# values (chapter 4): where does the fourth go?

# %% jupyter={"outputs_hidden": true}
quarters = arenalab.Lab(GO, gogc="off")
quarters.new_arena().new_many("[2<<20]byte", 4)
print("in chunks", quarters.world.ledger.column("chunk").tolist(), end="; ")
print(f"chunk 0 has {quarters.world.spans[0].free_bytes:,} bytes free")

# %% [markdown]
# Since Go 1.22 it needs a new chunk, and nearly a quarter of the first is lost. And the usual case? Three hundred
# values of random size, up to 2 MiB each, in an arena of their own:

# %%
import random

draw = random.Random(5)
wasteful = arenalab.Lab(GO, gogc="off", in_bulk=True)
b = wasteful.new_arena()
retired = []
for _ in range(300):
    retired += b.make_slice("byte", draw.randint(1, 2**21)).events.of("ChunkRetired")
lost = [event.wasted_bytes for event in retired]
print(
    f"{len(lost)} full chunks, {sum(lost) / len(lost) / 2**20:.2f} MiB lost in each; at most {max(lost):,} bytes"
)

# %% [markdown]
# ## What we learned
#
# * A refill gives the old chunk up with whatever is free in it; the arena never looks back.
# * What is larger than 2 MiB goes to the heap, and needs no `Free`.
# * Together they bound the waste: at most 2 MiB of a chunk, about a tenth with sizes at random.

# %%
world = arenalab.history_of(recording).world
homes = world.ledger.column("chunk").tolist()
assert report.ok
assert homes == [0] * 7 + [1, 1, -1, 1, -1, 1]
assert world.spans[0].free_bytes == world.rules.chunk.usable_bytes - 7 * 2**20
assert max(lost) < 2**21

# %% [markdown]
# ## Exercises
#
# Predict first. The model judges, and shows the step in which it is decided.

# %%
arenalab.Exercise("quarter-rule", seed=3, go=GO)

# %%
arenalab.Exercise("wasted", seed=2, go=GO)

# %%
arenalab.Exercise("next-home", seed=2, go=GO)

# %% [markdown]
# The other way round: write a program that does what is asked. Any that does is right.

# %%
arenalab.Exercise("build-waste", seed=1, go=GO)

# %% [markdown]
# *Sources: `(*userArena).alloc`, `(*userArena).refill`, `(*mspan).userArenaNextFree` (arena.go).*
#
# **Next:** [6 · Free](06_free.ipynb): what becomes of full chunks, and of the one that is not.
