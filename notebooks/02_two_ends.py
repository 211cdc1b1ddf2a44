# %% [markdown]
# # 2 · A chunk filled from both ends
#
# **Where exactly in its [chunk](glossary.md#chunk) does a value go?**
#
# *You need:* chapter 1, and hex numbers: `0x18` is 24.
#
# An arena fills its chunk, 8 MiB, with two [bump pointers](glossary.md#bump-pointer): one moves up
# from the low end, one down from the high end. Nothing is ever taken back, there is no list of holes, and no value is
# ever moved. That is all there is to *allocation* in an arena, and why it is fast.

# %%
import arenalab

GO = arenalab.pick_go()

# %% [markdown]
# ## Predict, run, look
#
# In Go 1.21 values may take all of the chunk's `0x800000` bytes. Since Go 1.22 the last 128 KiB hold the chunk's own
# pointer bits (chapter 4), and 48 bytes before them a type: room for values ends at `0x7dffd0`.

# %%
lab = arenalab.Lab(GO, gogc="off")
lab.types("type Node struct { left *Node; right *Node; value int }")
room = lab.rules.chunk.usable_bytes
print(f"Go {GO}: room for values ends at offset {room:#x}")

# %% [markdown]
# **Predict:** a `string` (a pointer and a length, 16 bytes), then a `byte`. At which offsets from the chunk's start are
# they?

# %% jupyter={"outputs_hidden": true}
a = lab.new_arena()
for value in (a.new("string"), a.new("byte")):
    print(f"{value.type.size:>2} bytes at offset {value.addr - lab.world.spans[0].base:#x}")

# %% [markdown]
# The string is at the very start, the byte at the very end: its last byte is the last that values may take.
#
# **Predict:** an `int64` goes below that byte. It has 8 bytes, and it must start at a multiple of 8, its
# [alignment](glossary.md#alignment). At which offset?

# %% jupyter={"outputs_hidden": true}
number = a.new("int64")
print(f"offset {number.addr - lab.world.spans[0].base:#x}: {room - 1 - 8:#x} rounded down to a multiple of 8")

# %% [markdown]
# Seven bytes between the two are lost: [padding](glossary.md#padding). At the back the rule is *subtract the size,
# then round down*. At the front it is *round up, then add the size*, but whatever holds a pointer has a size that is a
# multiple of 8, so at the front nothing is ever lost.
#
# **Predict:** six more values. How many bytes are lost at the back in all? Would another order lose fewer?

# %% jupyter={"outputs_hidden": true}
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
# Real Go placed the same nine values. Its addresses are in the [recording](glossary.md#recording); the model must find
# each one.

# %%
recording = arenalab.load_recording(f"data/two_ends-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")
real = arenalab.history_of(recording).world.ledger.column("addr") - recording.first_chunk
print("Go's offsets:", ", ".join(f"{offset:#x}" for offset in real.tolist()))

# %% [markdown]
# ## What we learned
#
# * A value costs its size and, at the back, what rounding loses: never more than its alignment minus one.
# * Large alignments first: an order by falling alignment loses nothing.
# * The ends move towards each other; the arena needs to know nothing but two addresses.

# %%
front, back = span.free_base - span.base, room
for _, size, index, *_ in rows.tolist():
    if lab.world.types[index].noscan:
        back = (back - size) // lab.world.types[index].align * lab.world.types[index].align
assert report.ok
assert (real == rows[:, 0] - span.base).all()
assert front == 16 + 24 + 3 * 16
assert back == span.free_limit - span.base

# %% [markdown]
# ## Exercises
#
# Predict first. The model judges, and shows the step in which it is decided.

# %%
arenalab.Exercise("front-offset", seed=1, go=GO)

# %%
arenalab.Exercise("back-offset", seed=2, go=GO)

# %%
arenalab.Exercise("lost-to-alignment", seed=2, go=GO)

# %% [markdown]
# The other way round: write a program that does what is asked. Any that does is right.

# %%
arenalab.Exercise("build-lost-bytes", seed=1, go=GO)

# %% [markdown]
# *Sources: `(*mspan).userArenaNextFree` (arena.go), `(*addrRange).takeFromFront`, `(*addrRange).takeFromBack`
# (mranges.go).*
#
# **Next:** [3 · Go types as the collector sees them](03_go_types.ipynb): how does the arena know that a value holds a
# pointer?
