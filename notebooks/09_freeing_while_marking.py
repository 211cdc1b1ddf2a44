# %% [markdown]
# # 9 · Freeing while the collector runs
#
# **Can you pull a [chunk](glossary.md#chunk) from under a collector that is reading it?**
#
# *You need:* chapters 7 and 8.
#
# While the collector [marks](glossary.md#mark-phase), it may be in the middle of any chunk. Were `Free` to unmap that
# chunk now, the collector itself would [fault](glossary.md#fault). So `Free` looks at the collector's phase first. If
# it is marking, the full chunks only go on a list of things to do later, the [fault list](glossary.md#fault-list).

# %%
import arenalab
from arenalab.course import Exercise
from arenalab.course.tell import go_changes, mapped_mib
from arenalab.explore import Collector
from arenalab.scenarios import load_scenario
from arenalab.view.reading import call_of
from arenalab.world.ops import Free, MarkEnd
from arenalab.world.touch import Pointer

GO = arenalab.pick_go()

# %% [markdown]
# ## Predict, run, look
#
# Arena 0 fills chunk 0 and begins chunk 1; the first thing in it is a node. Then the collector starts, and is held at
# the end of its mark phase. Another arena is made:

# %%
program = load_scenario("data/fault_list.toml").under(GO)
machine = arenalab.Machine(program.rules)
machine.run(program.ops[:4])
for event in machine.do(program.ops[4]):
    if type(event).__name__ in ("AssistCharged", "ReadyTaken", "ChunkMarkedBlack"):
        print(event.sentence())

# %% [markdown]
# A chunk obtained now is *allocated black*, that is marked: this collection leaves it alone. Its bytes are charged to
# the program as [assist](glossary.md#assist) work at once.
#
# **Predict:** arena 0 is freed now. Does [`heapLive`](glossary.md#heaplive) fall? And what does a read through an old
# pointer do?

# %% jupyter={"outputs_hidden": true}
before = machine.world.counters.heap_live
for event in machine.do(Free(0)):
    print(event.sentence())
print("heapLive fell by", before - machine.world.counters.heap_live, "bytes")
print("a read finds:", machine.touch(Pointer(0)))

# %% [markdown]
# Nothing falls, nothing faults: chunk 0 is on the fault list, with all its memory. The read works by accident. The same
# program, a moment later:

# %%
for event in machine.do(MarkEnd()):
    if 0 in event.chunks or type(event).__name__ == "MarkTerminated":
        print(event.sentence())
print("a read finds:", machine.touch(Pointer(0)))

# %% [markdown]
# When the phase is off, the list is emptied: the chunk goes to [quarantine](glossary.md#quarantine). The sweeper
# finds it *marked*, for this collection began when the arena was alive.
#
# **Predict:** how many collections until chunk 0 can be used again, counting this one?

# %% jupyter={"outputs_hidden": true}
history = machine.run(program.ops[7:])
for number, call in {5: "arena 1", 6: "a0.Free()", 7: "the mark phase ends", 8: "another collection"}.items():
    world = history.after_op(number)
    lists = f"fault {world.fault!s:5} quarantine {world.quarantine!s:5} ready {world.ready[:2]}"
    print(f"{call:20} {lists}  mapped {mapped_mib(world)} MiB")

# %% [markdown]
# Two: one that had marked it already, and one that finds it without a mark.
#
# ## Look
#
# **Claim: between `Free` and the end of the mark phase the freed chunk is as black as any living one; all that has
# changed is who holds it: the fault list in place of an arena.** Step on from here, event by event.

# %%
Collector(machine, cursor=history.op_end(6), chunk=0)

# %% [markdown]
# ## It happens by itself
#
# Nobody has to call `runtime.GC()`. With [`GOGC=100`](glossary.md#gogc) the arena's own first chunk starts a collection
# ([chapter 11](11_counters_and_pacing.ipynb)), and a short program frees its arena while that is still marking:

# %%
quick = arenalab.Lab(GO, gogc=100, cycles="held")
a = quick.new_arena()
p = a.new("*int")
a.new_many("[2000000]byte", 5)
a.free()
print("cycles started:", quick.world.gc.cycles, "  fault list:", quick.world.fault)
print("a read finds:", p.touch())

# %% [markdown]
# So a test that frees too early and then reads may pass for years: which comes first is chance. (The model ends such a
# collection before the next operation; `cycles="held"` keeps it marking until `lab.mark_end()`.)
#
# ## Against the real Go
#
# The recorder can hold a real collection at the end of its mark phase, by the runtime's own semaphore.

# %%
recording = arenalab.load_recording(f"data/fault_list-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")
freed = go_changes(recording, "largeFreeCount")
print(
    "Go counted a chunk as freed in:", [call_of(op) for op, n in zip(recording.ops, freed, strict=True) if n]
)

# %% [markdown]
# ## What we learned
#
# * While the collector marks, `Free` unmaps nothing: full chunks wait on the fault list, readable and counted.
# * They are set to fault when the phase goes off, and need one more collection to be ready.
# * A chunk obtained while marking is allocated black.
# * A use after free that does not crash proves nothing.

# %%
assert report.ok
assert freed == [0, 0, 0, 0, 0, 0, 1, 0]
assert history.after_op(6).fault == [0]
assert history.after_op(7).quarantine == [0]
assert history.world.ready[0] == 0
assert p.touch().works

# %% [markdown]
# ## Exercises

# %%
Exercise("list-while-marking", seed=1, go=GO)

# %%
Exercise("touch-after-free", seed=2, go=GO)

# %%
Exercise("collections-after-free", seed=2, go=GO)

# %% [markdown]
# Now write one yourself: any program is right whose run does what is asked.

# %%
Exercise("build-fault-list", seed=1, go=GO)

# %% [markdown]
# *Sources: `freeUserArenaChunk`, `newUserArenaChunk`, `(*mheap).setUserArenaChunkToFault` (arena.go),
# `gcmarknewobject` (mgcmark.go), `gcMarkTermination` (mgc.go); the same from Go 1.21 to 1.27.*
#
# **Next:** [10 · Dropped handles](10_dropped_handles.ipynb): what if nobody calls `Free` at all?
