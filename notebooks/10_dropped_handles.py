# %% [markdown]
# # 10 · Dropped handles
#
# **What happens to an arena that nobody frees?**
#
# *You need:* chapters 7 and 9.
#
# `arena.NewArena` gives you a [handle](glossary.md#handle): 48 bytes on the heap, which know the arena's
# [chunks](glossary.md#chunk). If the program loses it, `Free` can never be called. Go is prepared: each handle has a
# [finalizer](glossary.md#finalizer), which calls `Free`'s own function when the collector finds that nothing reaches
# the handle any more.
#
# ```go
# var last *node
#
# func work() {
#     a := arena.NewArena()
#     last = arena.New[node](a)    // a global, into chunk 0
#     fill(a)                      // chunk 0 is full, chunk 1 is begun
# }                                // a is forgotten
# ```

# %%
import arenalab
from arenalab.course import Exercise
from arenalab.course.tell import go_changes, mapped_mib
from arenalab.explore import LifeCycle
from arenalab.scenarios import load_scenario
from arenalab.world.ops import RunGC
from arenalab.world.touch import Pointer

GO = arenalab.pick_go()

# %% [markdown]
# ## Predict, run, look
#
# `work` has returned; no memory was freed. Now the collector runs.
#
# **Predict:** the global `last` points into chunk 0. Does that keep the arena alive?

# %% jupyter={"outputs_hidden": true}
program = load_scenario("data/dropped.toml").under(GO)
machine = arenalab.Machine(program.rules)
machine.run(program.ops[:5])
print("before:", machine.world.list_of(0), "and", machine.world.list_of(1))
told = ("ChunksMarked", "FinalizerQueued", "FinalizerRun", "ChunkQuarantined", "ReusePut")
for event in machine.do(RunGC()):
    if type(event).__name__ in told:
        print(event.sentence())

# %% [markdown]
# It does not. A pointer into a chunk keeps the chunk's *addresses*; the arena lives as long as its *handle*. The
# finalizer ran, freed the arena, and the value that the program still uses is gone:

# %%
print("reading *last:", machine.touch(Pointer(0)))

# %% [markdown]
# So an arena can be finalized *while its values are in use*. If the last mention of `a` in a function comes before
# the last use of its values, put `runtime.KeepAlive(a)` after that use, or better, a `defer a.Free()` at the top: it
# mentions `a` at the end.
#
# **Predict:** how many collections until chunk 0 is ready, if the global is set to nil after the second?

# %% jupyter={"outputs_hidden": true}
history = machine.run(program.ops[6:])
calls = {5: "a is forgotten", 6: "GC 1", 7: "GC 2", 8: "last = nil", 9: "GC 3"}
for number, call in calls.items():
    world = history.after_op(number)
    print(
        f"{call:16}chunk 0 {world.list_of(0):12}chunk 1 {world.list_of(1):8}mapped {mapped_mib(world):2} MiB"
    )

# %% [markdown]
# The first collection marks the chunks once more and frees the arena; the second finds the global; the third finds
# nothing. Without the global it would have been the second: one more than a plain `Free` needs.
#
# ## Look
#
# **Claim: the way of a dropped chunk is that of a freed one, one collection later.**

# %%
LifeCycle(machine, cursor=history.op_end(6), chunk=0)

# %% [markdown]
# ## Several at once
#
# Three arenas are dropped before one collection. **Predict:** in which order are they freed? And does the second one
# need its finalizer, if it is freed by hand?

# %% jupyter={"outputs_hidden": true}
three = arenalab.Lab(GO, gogc="off")
first, second, third = (three.new_arena() for _ in range(3))
first.drop()
second.free()
third.drop()
print(three.gc().of("FinalizerQueued", "FinalizerRun", "HandleSwept", "ReusePut"))
print("reuse list, oldest first:", three.world.reuse)

# %% [markdown]
# The sweeper queues the finalizers in the order of the handles' addresses; the finalizer goroutine takes the last one
# queued first. `Free` had removed the second one's finalizer, so its handle is swept like any 48 bytes.
#
# ## Against the real Go

# %%
recording = arenalab.load_recording(f"data/dropped-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")
freed = go_changes(recording, "largeFreeCount")
print(
    "Go freed a chunk in operation", freed.index(1) + 1, "of", len(freed), "·", recording.ops[freed.index(1)]
)

# %% [markdown]
# ## What we learned
#
# * A forgotten arena is freed by the finalizer of its handle: one collection late, and its chunks are ready two late.
# * The handle keeps the arena, not the pointers into it. `runtime.KeepAlive(a)` or `defer a.Free()` keep the handle.
# * `Free` removes the finalizer. Of arenas dropped together, the last one made is freed first.

# %%
assert report.ok
assert freed == [0, 0, 0, 0, 0, 1, 0, 0, 0]
assert not history.after_op(5).spans[0].faulted
assert not machine.touch(Pointer(0)).works
assert [history.after_op(n).list_of(0) for n in (5, 6, 7, 9)] == ["full", "quarantine", "quarantine", "ready"]
assert three.world.reuse == [1, 2, 0]

# %% [markdown]
# ## Exercises

# %%
Exercise("list-of-the-dropped", seed=1, go=GO)

# %%
Exercise("collections-after-drop", seed=1, go=GO)

# %%
Exercise("first-finalizer", seed=4, go=GO)

# %% [markdown]
# Now write one yourself: any program is right whose run does what is asked.

# %%
Exercise("build-finalizer", seed=1, go=GO)

# %% [markdown]
# *Sources: `newUserArena`, `(*userArena).free` (arena.go), `SetFinalizer`, `queuefinalizer`, `runfinq` (mfinal.go;
# since Go 1.25 `runFinalizers`), `(*sweepLocked).sweep` (mgcsweep.go), Go 1.21 to 1.27.*
#
# **Next:** [11 · Counters and pacing](11_counters_and_pacing.ipynb): when does the collector start?
