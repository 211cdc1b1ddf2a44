# %% [markdown]
# # 11 · Counters and pacing
#
# **When does the collector start?**
#
# *You need:* chapters 5 and 7. [`GOGC`](glossary.md#gogc) is the setting that Go programs know.
#
# The collector does not look at your values to decide when to start. It looks at one number,
# [`heapLive`](glossary.md#heaplive), and compares it with another, the [trigger](glossary.md#trigger), whenever
# memory is taken in earnest. For arenas that moment is the taking of a chunk.

# %%
import json
from pathlib import Path

import arenalab
from arenalab.course import Exercise
from arenalab.course.tell import go_changes
from arenalab.explore import Counters
from arenalab.machine.pacer import goal_and_trigger
from arenalab.scenarios import load_scenario

GO = "1.21"  # this chapter and its recordings are about it

# %% [markdown]
# ## Predict, run, look
#
# An arena, a thousand nodes (16 bytes each), nine values of 2 MiB, a second arena, then both are freed, with two
# collections. The collector does not start by itself here. **Predict:** in which steps does `heapLive` move?

# %%
program = load_scenario("data/counters.toml").under(GO)
machine = arenalab.Machine(program.rules)
print(f"{'':22}{'heapLive':>10}{'scanAlloc':>11}   in MiB, bytes")
for op, call in zip(program.ops, ("a0 := NewArena()", "1000 × New[node]", "9 × New[2 MiB]", "a1 := NewArena()",
                                  "a0.Free()", "GC 1", "a1.Free()", "GC 2"), strict=True):  # fmt: skip
    machine.do(op)
    counters = machine.world.counters
    print(f"{call:22}{counters.heap_live / 2**20:10.2f}{machine.world.scan_alloc:11,}")

# %% [markdown]
# `heapLive` counts chunks, 8 MiB at a time: when a chunk is taken, and when one is set to fault. A thousand nodes are
# nothing to it. They are noted elsewhere: `scanAlloc` counts the bytes that the collector may have to read. And
# freeing `a1` changes nothing: its only chunk was not full, so the reuse list keeps it, and the collector counts it
# as live in every cycle.
#
# ## Look
#
# **Claim: the line of `heapLive` has no slopes, only steps of 8 MiB; and `pagesInUse` falls later than the others,
# when a quarantined chunk is swept.** The dotted lines are real Go's, from a recording of the same program; the flat
# line below each plot is what is left over between the two. *group* offers the other counters, *show* a part of the
# run; drag it, or zoom with ctrl + wheel.

# %%
counters = Counters(arenalab.load_recording("data/counters.jsonl"))
counters.last()
counters

# %% [markdown]
# ## The trigger
#
# Now the collector may start by itself: `GOGC=100`, as Go comes. Before the first collection, the *goal* is 4 MiB,
# and the trigger lies at 61/64 of it. **Predict:** how many arenas can a fresh program make before a collection
# starts?

# %%
fresh = arenalab.Lab(GO, gogc=100)
a = fresh.new_arena()
print(a.events.of("ChunkAccounted", "TriggerReached", "CycleStarted", "ChunkActivated"))

# %% [markdown]
# Not one. The very first chunk is twice what the pacer thinks a small program's heap may grow to, and the collection
# starts inside `NewArena`, before the arena even knows its chunk. After it, the next goal is what was marked and
# `GOGC` percent on top, and the trigger 61/64 of the way there:

# %%
fresh.mark_end()
print(
    f"marked {fresh.world.gc.heap_marked:,}, goal {fresh.world.gc.goal:,}, trigger {fresh.world.gc.trigger:,}"
)

# %% [markdown]
# **Predict:** three more arenas are made, and kept. Which of them start a collection? And with `GOGC=400`?


# %%
def cycles(gogc, arenas=4):
    """Count the collections that have started after each of some arenas."""
    lab, counts = arenalab.Lab(GO, gogc=gogc), []
    for _ in range(arenas):
        lab.new_arena()
        if lab.world.gc.phase:
            lab.mark_end()
        counts.append(lab.world.gc.cycles)
    return counts


print({gogc: cycles(gogc) for gogc in (100, 400, -1)})

# %% [markdown]
# The second one (16 MiB against 15.6), not the third (24 against 31.2), the fourth (32). Each time the heap has
# doubled.
#
# ## Against the real Go
#
# Three comparisons. First, all counters of the first program, after each operation:

# %%
recording = arenalab.load_recording("data/counters.jsonl")
report = arenalab.check(recording)
print(f"{report.facts} facts compared, {report.different} differences")
print("heapLive in real Go, by operation:", [f"{n / 2**20:+.2f}" for n in go_changes(recording, "heapLive")])

# %% [markdown]
# Second, a small Go program that makes four arenas and asks `runtime.ReadMemStats` for `NumGC` after each, under
# three settings of `GOGC`. (Go has a few hundred kB on its heap beside the arenas; it makes no difference here.)

# %%
lines = Path("data/surroundings.jsonl").read_text().splitlines()
real = {row["gogc"]: row["cycles"] for row in map(json.loads, lines) if "gogc" in row}
print(real, "the same" if all(cycles(gogc) == counts for gogc, counts in real.items()) else "DIFFERENT")

# %% [markdown]
# Third, the pacer's own numbers, printed by a real run with one, two and four chunks: what was marked, stacks and
# globals, goal, trigger. They agree to the byte; only where marking is slow does Go start still earlier, by a
# *runway* that depends on measured time and is taken as 0 here.

# %%
seen = [(8_423_048, 8_304, 17_058_856, 16_654_022), (16_811_784, 8_304, 33_836_328, 33_038_272),
        (33_589_536, 8_160, 67_391_688, 65_807_174)]  # fmt: skip
for marked, stacks, goal, trigger in seen:
    ours = goal_and_trigger(marked, stacks + 204_456, fresh.rules)
    same = "agrees" if ours == (goal, trigger) else "DIFFERS"
    print(f"marked {marked:>10,}  goal {goal:>10,}  trigger {trigger:>10,}  {same}")

# %% [markdown]
# ## What we learned
#
# * `heapLive` moves in steps of 8 MiB; what is *in* the chunks never moves it.
# * A small program's first arena starts a collection. With `GOGC=100` the next starts when the heap has doubled.
# * Chunks on the reuse list and leaked chunks are live to the pacer: they make collections rarer, and the heap
#   larger.

# %%
assert report.ok
assert cycles(100) == real[100] == [1, 2, 2, 3]
assert cycles(400) == real[400] == [0, 1, 1, 1]
assert fresh.world.gc.goal == 2 * fresh.world.gc.heap_marked

# %% [markdown]
# ## Exercises

# %%
Exercise("heap-live-by-hand", seed=2)

# %%
Exercise("first-cycle", seed=3)

# %%
Exercise("next-cycle", seed=1)

# %% [markdown]
# *Sources: `newUserArenaChunk`, `(*mheap).allocUserArenaChunk` (arena.go), `gcTrigger.test` (mgc.go),
# `(*gcControllerState).commit`, `(*gcControllerState).trigger` (mgcpacer.go), Go 1.21.*
#
# **Next:** [12 · Should I use arenas?](12_should_i_use_arenas.ipynb)
