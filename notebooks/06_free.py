# %% [markdown]
# # 6 · Free: fault, reuse, and why a crash is not certain
#
# **What does a pointer find that outlives its arena?**
#
# *You need:* chapter 5: full [chunks](glossary.md#chunk), and the one being filled.
#
# Use after free is the bug that arenas bring back to Go. Go's answer is to make it *loud*: touch freed memory, and the
# program dies with a message that names the arena. This chapter shows when it does, and the three cases in which it
# does not.
#
# ```go
# a := arena.NewArena()
# node := arena.New[Node](a) // 16 bytes
# fill(a)                    // nine arrays of 2,000,000 bytes: chunks 0 and 1 are full, chunk 2 is begun
# a.Free()
# fmt.Println(node.value)    // and now?
# ```

# %%
import arenalab
from arenalab.course import Exercise
from arenalab.explore import DanglingPointer
from arenalab.scenarios import load_scenario
from arenalab.world.ops import Free
from arenalab.world.touch import Pointer

GO = arenalab.pick_go()

# %% [markdown]
# ## Predict, run, look
#
# **Predict:** what does `Free` do to chunks 0, 1 and 2, and in which order?

# %% jupyter={"outputs_hidden": true}
program = load_scenario("data/free.toml").under(GO)
machine = arenalab.Machine(program.rules)
machine.run(program.ops[:3])
for event in machine.do(Free(0)):
    if event.chunks:
        print(event.sentence())

# %% [markdown]
# The full ones are [set to fault](glossary.md#fault), the latest first: 8 MiB each go back to the operating system at
# once, and the addresses go to [quarantine](glossary.md#quarantine). Chunk 2 was still being filled. It goes to the
# [reuse list](glossary.md#reuse-list) as it is, readable, with its values in it.
#
# **Predict:** object 0 is the `Node`, in chunk 0. Object 9 is the last array, in chunk 2. Read them both.

# %% jupyter={"outputs_hidden": true}
for number in (0, 9):
    touch = machine.touch(Pointer(number))
    print(f"object {number}: {touch}")
print(machine.touch(Pointer(0)).text)

# %% [markdown]
# The first one crashes, as promised. The second reads *stale data* and nobody notices: **the first case, memory on the
# reuse list.** An arena that never filled a chunk has no other: its dangling pointers never crash.
#
# **Predict:** a new arena puts a string into the reused chunk 2. Is the stale value overwritten?

# %% jupyter={"outputs_hidden": true}
for op in program.ops[4:6]:
    for event in machine.do(op):
        if type(event).__name__ in ("ReuseTaken", "ObjectAllocated"):
            print(event.sentence())
print(f"object 9: {machine.touch(Pointer(9))}")

# %% [markdown]
# It is not: the new arena goes on where the old one stopped, and nothing is cleared.
#
# **Predict:** now the collector runs, finds no pointer into chunks 0 and 1, and makes them
# [ready](glossary.md#ready-list). The next arena takes chunk 1; the one after it takes chunk 0, and puts a string
# into it. What does `node` find?

# %% jupyter={"outputs_hidden": true}
for op in program.ops[6:]:
    machine.do(op)
    print(f"{op!s:<26} object 0: {machine.touch(Pointer(0)).outcome}")

# %% [markdown]
# First zeros that belong to no object: **the second case, a chunk that is mapped again.** Then *somebody else's
# object*: **the third.** Where there was a crash a moment ago, there now is a string of another arena, and a write
# through `node` would destroy it. Would the collector not see `node`? In a variable it would, and chunk 0 would stay in
# quarantine. Our program hides it from the collector, as C code or a `uintptr` does.
#
# ## Look
#
# **Claim: the same pointer is fine, then it crashes, then it reads zeros, then a stranger's string.** The upper band is
# this program; the bands below are the same program built for testing. Click a stretch to go to it.

# %%
DanglingPointer(machine, pointer=Pointer(0))

# %% [markdown]
# Now follow object 9, which lay in the chunk that was not full. There is no crash in its band at all:

# %%
DanglingPointer(machine, pointer=Pointer(9))

# %% [markdown]
# The other bands differ: a build with `-race`, `-msan` or `-asan` has no reuse list. There every chunk is set to fault,
# and the same pointer dies at once. Test programs that use arenas with one of them.
#
# ## Against the real Go
#
# Real Go ran the program; lists, counters and bitmap words were compared after each operation.

# %%
recording = arenalab.load_recording(f"data/free-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")

# %% [markdown]
# Programs that touch freed memory were recorded one by one, since a dead program tells no more. What each printed, or
# died of:

# %%
touched = arenalab.load_recording(f"data/after_free-{GO}.jsonl.gz")
deaths = arenalab.check(touched)
print(f"{deaths.facts} facts of programs that touch freed memory, {deaths.different} differences")
for _, case in touched.cases:
    print(f"{case['case']:<35}{(case['message'] or case['stdout']).splitlines()[0]}")

# %% [markdown]
# ## What we learned
#
# * `Free` sets full chunks to fault, the latest first, and hands the one being filled on, untouched.
# * A dangling pointer crashes only while its chunk is in quarantine or ready. Before that it reads stale data if the
#   chunk was not full; after that it reads what is there by then.
# * The collector keeps a chunk in quarantine as long as it *sees* a pointer into it.

# %%
history = arenalab.history_of(recording)
assert report.ok
assert history.after_op(4).quarantine == [0, 1]
assert history.after_op(4).reuse == [2]
assert history.after_op(7).ready[:2] == [1, 0]
assert deaths.ok
assert machine.touch(Pointer(0)).outcome == "somebody else's object"

# %% [markdown]
# ## Exercises
#
# Predict first. The model judges, and shows the step in which it is decided.

# %%
Exercise("fault-first", seed=1, go=GO)

# %%
Exercise("next-owner", seed=2, go=GO)

# %%
Exercise("old-pointer", seed=3, go=GO)

# %% [markdown]
# The other way round: write a program that does what is asked. Any that does is right.

# %%
Exercise("build-late-read", seed=1, go=GO)

# %% [markdown]
# *Sources: `(*userArena).free`, `freeUserArenaChunk`, `(*mspan).setUserArenaChunkToFault`, `inUserArenaChunk`
# (arena.go), `sigpanic` (signal_unix.go).*
#
# **Next:** [7 · Quarantine](07_quarantine.ipynb): what a pointer costs that the collector does see.
