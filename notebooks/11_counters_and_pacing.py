# %% [markdown]
# # 11 · Counters and pacing
#
# **When does the collector start?**
#
# *You need:* chapters 5 and 7. [`GOGC`](glossary.md#gogc) is the setting that Go programs know.
#
# The collector does not look at your values to decide when to start. It compares one number,
# [`heapLive`](glossary.md#heaplive), with another, the [trigger](glossary.md#trigger), whenever a span of pages is
# taken. For arenas that is when a [chunk](glossary.md#chunk) is taken.

# %%
import json
from dataclasses import replace
from pathlib import Path

import arenalab
from arenalab.course import Exercise
from arenalab.course.tell import go_changes
from arenalab.explore import Counters
from arenalab.machine.pacer import goal_and_trigger
from arenalab.scenarios import load_scenario
from arenalab.world.ops import MarkEnd, NewArena

# %%
GO = arenalab.pick_go()

# %% [markdown]
# ## Predict, run, look
#
# An arena, a thousand nodes (16 bytes each), nine values of 2 MB, a second arena, then both are freed, with two
# collections. The collector does not start by itself here.
#
# **Predict:** in which steps does `heapLive` move?

# %% jupyter={"outputs_hidden": true}
program = load_scenario("data/counters.toml").under(GO)
machine = arenalab.Machine(program.rules)
print(f"{'':22}{'heapLive':>10}{'scanAlloc':>11}   in MiB, bytes")
for op, call in zip(program.ops, ("a0 := NewArena()", "1000 × New[node]", "9 × New[2 MB]", "a1 := NewArena()",
                                  "a0.Free()", "GC 1", "a1.Free()", "GC 2"), strict=True):  # fmt: skip
    machine.do(op)
    counters = machine.world.counters
    print(f"{call:22}{counters.heap_live / 2**20:10.2f}{machine.world.scan_alloc:11,}")

# %% [markdown]
# `heapLive` counts whole chunks: when one is taken, and when one is set to [fault](glossary.md#fault). (8 MiB each;
# 7.875 since Go 1.22, where the rest of a chunk holds its bitmap.) A thousand nodes are nothing to it; `scanAlloc`
# counts the bytes that the collector may have to read. Freeing `a1` changes nothing: its only chunk was not full, so
# the [reuse list](glossary.md#reuse-list) keeps it.
#
# ## Look
#
# **Claim: the line of `heapLive` has no slopes, only steps of a chunk; and `pagesInUse` falls later than the others,
# when a quarantined chunk is swept.** The dotted lines are real Go's, from a [recording](glossary.md#recording); the
# flat line below each plot is what is left over between the two.

# %%
counters = Counters(arenalab.load_recording(f"data/counters-{GO}.jsonl.gz"))
counters.last()
counters

# %% [markdown]
# ## The trigger
#
# Now the collector may start by itself: `GOGC=100`, as Go comes. Before the first collection, the *goal* is 4 MiB,
# and the trigger lies at 61/64 of it.
#
# **Predict:** how many arenas can a fresh program make before a collection starts?

# %% jupyter={"outputs_hidden": true}
fresh = arenalab.Lab(GO, gogc=100)
a = fresh.new_arena()
print(a.events.of("ChunkAccounted", "TriggerReached", "CycleStarted", "ChunkActivated"))

# %% [markdown]
# Not one. The very first chunk is twice what the pacer thinks a small program's heap may grow to; the collection
# starts inside `NewArena`, before the arena even knows its chunk. After it, the next goal is what was marked and
# `GOGC` percent on top, and the trigger 61/64 of the way there:

# %%
fresh.mark_end()
print(
    f"marked {fresh.world.gc.heap_marked:,}, goal {fresh.world.gc.goal:,}, trigger {fresh.world.gc.trigger:,}"
)

# %% [markdown]
# A function makes some arenas under a `GOGC`, and counts the collections that have started after each:


# %%
def cycles(gogc, roots=0, arenas=4):
    """Count the collections that have started after each of some arenas."""
    machine = arenalab.Machine(replace(arenalab.go_rules(GO), gogc=gogc, other_root_bytes=roots))
    counts = []
    for number in range(arenas):
        machine.do(NewArena(number))
        if machine.world.gc.phase:
            machine.do(MarkEnd())
        counts.append(machine.world.gc.cycles)
    return counts


# %% [markdown]
# **Predict:** four arenas are made, and kept. Which of them start a collection? And with `GOGC=400`?

# %% jupyter={"outputs_hidden": true}
print({gogc: cycles(gogc) for gogc in (100, 400, -1)})

# %% [markdown]
# The first and the second, not the third, the fourth: from then on each time the heap has doubled.
#
# ## Against the real Go
#
# Three comparisons. First, all counters of the first program, after each operation:

# %%
recording = arenalab.load_recording(f"data/counters-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")
print("heapLive in real Go, by operation:", [f"{n / 2**20:+.2f}" for n in go_changes(recording, "heapLive")])

# %% [markdown]
# Second, a Go program that makes four arenas and asks `runtime.ReadMemStats` for `NumGC` after each. Its globals and
# stacks count as work for the collector, so the model gets their bytes.

# %%
rows = [json.loads(line) for line in Path("data/surroundings.jsonl").read_text().splitlines()]
real = [row for row in rows if "cycles" in row and row["go"].startswith(f"go{GO}.")]
for row in real:
    ours = cycles(row["gogc"], row["globals"] + row["stack"])
    print(f"GOGC={row['gogc']:3} {row['cycles']}", "the same" if ours == row["cycles"] else "DIFFERENT")

# %% [markdown]
# In Go 1.22 the second arena starts none: that program has 415 kB of globals, and its trigger lies 3 kB above the two
# chunks. So close is it.
#
# Third, the pacer's own numbers, printed by a real run (Go 1.21; the formulas are the same in all) with one, two and
# four chunks. They agree to the byte. Only where marking is slow does Go start still earlier, by a *runway* that
# depends on measured time and is taken as 0 here.

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
# * `heapLive` moves in steps of a chunk; what is *in* the chunks never moves it.
# * A small program's first arena starts a collection. With `GOGC=100` the next starts when the heap has doubled.
# * Chunks on the reuse list and leaked chunks are live to the pacer: collections are rarer, the heap is larger.

# %%
assert report.ok
assert cycles(100) == [1, 2, 2, 3]
assert cycles(400) == [0, 1, 1, 1]
assert len(real) == 3
assert all(cycles(row["gogc"], row["globals"] + row["stack"]) == row["cycles"] for row in real)
assert fresh.world.gc.goal == 2 * fresh.world.gc.heap_marked

# %% [markdown]
# ## Exercises

# %%
Exercise("heap-live-by-hand", seed=2, go=GO)

# %%
Exercise("first-cycle", seed=3, go=GO)

# %%
Exercise("next-cycle", seed=1, go=GO)

# %% [markdown]
# Now write one yourself: any program is right whose run does what is asked.

# %%
Exercise("build-cycle", seed=1, go=GO)

# %% [markdown]
# *Sources: `newUserArenaChunk`, `(*mheap).allocUserArenaChunk` (arena.go), `gcTrigger.test` (mgc.go),
# `(*gcControllerState).commit`, `(*gcControllerState).trigger` (mgcpacer.go), Go 1.21 to 1.27.*
#
# **Next:** [12 · Should I use arenas?](12_should_i_use_arenas.ipynb)
