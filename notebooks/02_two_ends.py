# %% [markdown]
# # 2 · A chunk filled from both ends
#
# **Where exactly in its chunk does a value go?**
#
# *You need:* chapter 1, and hex numbers: `0x18` is 24.
#
# A [chunk](glossary.md#chunk) is 8 MiB, `0x800000` bytes, and the arena fills it with two
# [bump pointers](glossary.md#bump-pointer): one moves up from the low end, one down from the high end. Nothing is ever
# taken back, there is no list of holes, and no value is ever moved. That is all there is to *allocation* in an arena,
# and why it is fast.

# %%
import arenalab

GO = "1.21"  # this chapter and its recordings are about it
lab = arenalab.Lab(GO, gogc="off")
lab.types("type Node struct { left *Node; right *Node; value int }")

# %% [markdown]
# ## Predict, run, look
#
# **Predict:** a `string` (a pointer and a length, 16 bytes), then a `byte`. What are their addresses? The chunk
# starts at `0x40c000000000`.

# %%
a = lab.new_arena()
for value in (a.new("string"), a.new("byte")):
    print(f"{value.type.size:>2} bytes at {value.addr:#x}")

# %% [markdown]
# The string is at the very start, the byte at the very end: its last byte is the chunk's last.
#
# **Predict:** an `int64` goes below that byte. It has 8 bytes, and it must start at a multiple of 8, its
# [alignment](glossary.md#alignment). At which offset? Work it out before you run the cell.

# %%
number = a.new("int64")
print(f"offset {number.addr - 0x40C000000000:#x}: {0x800000 - 1 - 8:#x} rounded down to a multiple of 8")

# %% [markdown]
# Seven bytes between the two are lost: [padding](glossary.md#padding). At the back the rule is *subtract the size,
# then round down*. At the front it is *round up, then add the size*, but whatever holds a pointer has a size that is a
# multiple of 8, so at the front nothing is ever lost.
#
# **Predict:** six more values. How many bytes are lost at the back in all? Would another order lose fewer?

# %%
a.new("Node")
a.new("[5]byte")
a.new("int32")
a.make_slice("string", 3)
a.make_slice("byte", 13)
a.new("int64")
span, rows = lab.world.spans[0], lab.world.ledger.table()
back = rows[rows[:, 0] >= span.free_limit]
used, taken = int(back[:, 1].sum()), span.limit - span.free_limit
print(f"back: {taken} bytes taken, {used} used, {taken - used} lost; free in the middle: {span.free_bytes:,}")

# %% [markdown]
# ## Look
#
# **Claim: the front has no gap, the back has three.** In the lower picture the two ends are enlarged. Point at a
# block to read its type and its place; step back to watch the ends grow.

# %%
lab.chunk_map()

# %% [markdown]
# Why two ends? The collector reads a chunk from its low end and stops after the last pointer. Were bytes and pointers
# mixed, it would have to walk past every buffer. Chapter 8 measures what that saves.
#
# ## Against the real Go
#
# Go 1.21.13 placed the same nine values. Its addresses are in the recording; the model must find each one.

# %%
recording = arenalab.load_recording("data/two_ends.jsonl")
report = arenalab.check(recording)
print(f"{report.facts} facts compared, {report.different} differences")
real = arenalab.history_of(recording).world.ledger.column("addr")
print("Go's offsets:", ", ".join(f"{address - 0x40C000000000:#x}" for address in real.tolist()))

# %% [markdown]
# ## In Go 1.27
#
# Since Go 1.22 a chunk keeps its own pointer bits (chapter 4) in its last 128 KiB, and 48 bytes more before them.
# **Predict:** where does the byte of the first program lie?

# %%
newer = arenalab.Lab("1.27", gogc="off")
b = newer.new_arena()
b.new("string")
place = b.new("byte").addr - newer.world.spans[0].base
print(f"offset {place:#x}; a chunk has {newer.rules.chunk.usable_bytes:,} bytes for values")

# %% [markdown]
# ## What we learned
#
# * A value costs its size and, at the back, what rounding loses: never more than its alignment minus one.
# * Large alignments first: an order by falling alignment loses nothing.
# * The ends move towards each other; the arena needs to know nothing but two addresses.

# %%
front, back = span.free_base - span.base, 0x800000
for _, size, index, *_ in rows.tolist():
    if lab.world.types[index].noscan:
        back = (back - size) // lab.world.types[index].align * lab.world.types[index].align
assert report.ok
assert (real == rows[:, 0]).all()
assert front == 16 + 24 + 3 * 16
assert back == span.free_limit - span.base

# %% [markdown]
# ## Exercises
#
# Predict first. The model judges, and shows the step in which it is decided.

# %%
arenalab.Exercise("front-offset", seed=1)

# %%
arenalab.Exercise("back-offset", seed=2)

# %%
arenalab.Exercise("lost-to-alignment", seed=2)

# %% [markdown]
# *Sources: `(*mspan).userArenaNextFree` (arena.go), `(*addrRange).takeFromFront`, `(*addrRange).takeFromBack`
# (mranges.go), Go 1.21.*
#
# **Next:** [3 · Go types as the collector sees them](03_go_types.ipynb): how does the arena know that a value holds a
# pointer?
