# %% [markdown]
# # 7 · Quarantine
#
# **What does one leaked pointer cost?**
#
# *You need:* chapter 6: `Free` sets full [chunks](glossary.md#chunk) to [fault](glossary.md#fault).
#
# When a full chunk is freed, its memory goes back to the operating system at once. Its *addresses* do not: were they
# given to the next arena, a forgotten pointer would read somebody else's values, and nobody would notice. So the
# chunk waits in [quarantine](glossary.md#quarantine), addresses without memory, until the collector has found that no
# pointer leads into it. Here somebody forgot one:
#
# ```go
# a := arena.NewArena()
# fill(a)         // chunks 0, 1 and 2 are full, chunk 3 is begun
# leaked = node   // a global variable; it points to 16 bytes in chunk 1
# a.Free()
# runtime.GC()
# runtime.GC()
# leaked = nil
# runtime.GC()
# ```

# %%
import arenalab
from arenalab.course import Exercise
from arenalab.course.tell import go_changes, mapped_mib
from arenalab.explore import AddressSpace, LifeCycle
from arenalab.scenarios import load_scenario
from arenalab.world.touch import Pointer

GO = arenalab.pick_go()

# %% [markdown]
# ## Predict, run, look
#
# The first six operations end with `a.Free()`. Where are its four chunks?

# %%
program = load_scenario("data/quarantine.toml").under(GO)
machine = arenalab.Machine(program.rules)
for op in program.ops[:6]:
    machine.do(op)
print("quarantine:", machine.world.quarantine, "  reuse list:", machine.world.reuse)

# %% [markdown]
# The three full ones are quarantined, the latest freed in front; the one being filled is on the
# [reuse list](glossary.md#reuse-list).
#
# **Predict:** the global points to 16 bytes. The collector runs. Which chunks can be used again?

# %% jupyter={"outputs_hidden": true}
for event in machine.do(program.ops[6]):
    if type(event).__name__ in ("ChunksMarked", "ChunkReadied", "ChunkSwept"):
        print(event.sentence())

# %% [markdown]
# Chunks 0 and 2 are ready, once the collector has [swept](glossary.md#sweep). Chunk 1 stays, all 8 MiB of it: to the
# collector a chunk is *one object*, and a pointer to any byte of it keeps the whole. (Chunk 3 is marked because the
# reuse list points to it.)
#
# What happens to a program that *uses* the pointer? Object 7 is the node that the global points to:

# %%
touch = machine.touch(Pointer(7))
print(touch)
print("Go prints:", touch.text)

# %% [markdown]
# That is what quarantine is for: the mistake is loud. **Predict** the price: the memory is gone, so how much of chunk
# 1 does Go still count as live heap?

# %% jupyter={"outputs_hidden": true}
history = machine.run(program.ops[7:])
calls = {5: "fill(a)", 6: "a.Free()", 7: "GC 1", 8: "GC 2", 9: "leaked = nil", 10: "GC 3"}
print(f"{'after':14}{'quarantine':14}{'mapped':>8}{'heapLive':>12}")
for number, call in calls.items():
    world = history.after_op(number)
    live = world.counters.heap_live / 2**20
    print(f"{call:14}{world.quarantine!s:14}{mapped_mib(world):4} MiB{live:8.2f} MiB")

# %% [markdown]
# `Free` takes three chunks off [`heapLive`](glossary.md#heaplive). The first collection *adds one again*: whatever
# was marked is live, and the leaked chunk was marked, although there is no memory behind it. With
# [`GOGC=100`](glossary.md#gogc) the next collection therefore aims two chunks higher. One collection after the
# pointer is gone, everything is as it should be.
#
# (A chunk counts 8 MiB in Go 1.21, and 7.875 MiB since Go 1.22, which leaves out the bits at its end.)
#
# ## Look
#
# **Claim: of three chunks that enter quarantine, two leave it with the first collection; the third stays, as its lane
# shows, until the pointer is nil.** Step with the buttons or the arrow keys; click a chunk for its story.

# %%
LifeCycle(machine, cursor=history.op_end(7), chunk=1)

# %% [markdown]
# **Claim: at that moment 24 MiB of addresses are dead, and no memory stands behind them.** Two of the three chunks
# are free to be used again; the next arena that takes one has it mapped and zeroed again.

# %%
AddressSpace(machine, cursor=history.op_end(7), chunk=1)

# %% [markdown]
# ## Against the real Go
#
# Real Go ran the same program and told, after each operation, which chunk was on which list and what its counters were.

# %%
recording = arenalab.load_recording(f"data/quarantine-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")
live = [round(change / 2**20, 2) for change in go_changes(recording, "heapLive")]
print(
    f"Go's own heapLive, in MiB: a.Free() {live[5]:+}, GC 1 {live[6]:+}, GC 2 {live[7]:+}, GC 3 {live[9]:+}"
)

# %% [markdown]
# ## What we learned
#
# * A leaked pointer costs no memory, but 8 MiB of addresses, and a chunk's worth of `heapLive` in each collection.
# * It keeps *its* chunk, not its arena: the other chunks go on.
# * Using it ends the program, with a message that names arenas. (Chapter 6 shows when it does not.)

# %%
assert report.ok
assert history.after_op(7).ready[:2] == [2, 0]
assert history.after_op(8).quarantine == [1]
assert touch.text.startswith("accessed data from freed user arena 0x40c000800020")
assert history.world.ready[:3] == [1, 2, 0]

# %% [markdown]
# ## Exercises
#
# Predict first. The model judges, and shows the step in which it is decided.

# %%
Exercise("leaked-chunks", seed=3, go=GO)

# %%
Exercise("heap-live-of-a-leak", seed=4, go=GO)

# %%
Exercise("ready-again", seed=2, go=GO)

# %% [markdown]
# The other way round: write a program that does what is asked. Any that does is right.

# %%
Exercise("build-quarantine", seed=1, go=GO)

# %% [markdown]
# *Sources: `(*userArena).free`, `freeUserArenaChunk`, `(*mheap).setUserArenaChunkToFault` (arena.go), `findObject`
# (mbitmap.go), `(*sweepLocked).sweep` (mgcsweep.go), `sigpanic` (signal_unix.go).*
#
# **Next:** [8 · Marking a chunk](08_marking_a_chunk.ipynb): what the collector does with those 8 MiB.
