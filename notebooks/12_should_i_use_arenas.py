# %% [markdown]
# # 12 · Should I use arenas?
#
# **The same work with values on the heap and in arenas: what does it cost in real Go?**
#
# *You need:* chapters 5 and 11. The numbers here are no model's: `examples/go/costs` was run with each Go. The model
# says *why* they are so. **Pick 1.21, and then the newest: the verdict turns round.** Why it does, and what a pool
# would cost: [chapter 19](19_do_arenas_still_pay.ipynb).

# %%
import arenalab
from arenalab.course import Exercise
from arenalab.course.costs import load_costs
from arenalab.course.tell import mapped_mib

GO = arenalab.pick_go()

# %%
costs = load_costs(f"data/costs-{GO}.jsonl")
print(costs.where())

# %% [markdown]
# Your machine is another one. In a clone of ArenaLab `python -m tools.measure_costs` measures it (it needs the `go`
# extra), and this notebook then tells of yours.
#
# ## What one thing costs
#
# **Predict:** allocating a value from a [chunk](glossary.md#chunk) is an addition and some bits. How much faster is it
# than `new`? And what does a fresh chunk cost: 8 MiB have to be mapped and zeroed?

# %% jupyter={"outputs_hidden": true}
cost = costs.pieces
for what in ("small", "node", "plain", "large"):
    print(f"{what:6} arena {cost[f'arena.New {what}']:5.1f} ns   heap {cost[f'new {what}']:5.1f} ns")
for what in (
    "new arena + free, chunk from reuse",
    "new arena, fresh chunk",
    "zero 8 MiB that are there",
    "free a full chunk",
):
    print(f"{what:35} {cost[what] / 1000:9,.1f} µs")

# %% [markdown]
# `small` is one pointer (8 bytes), `node` has two pointers in 48 bytes, `plain` 48 bytes without any, `large` 512
# with one. Both ways are of the same order: what an arena saves on a size class it spends on pointer bits, one value
# at a time, through a function that is not inlined.
#
# The chunk is what costs. A fresh one takes *milliseconds*: the operating system hands out each page when it is first
# touched. An arena on a chunk from the [reuse list](glossary.md#reuse-list) costs next to nothing. Spread over the
# nodes that fit into a chunk:

# %%
per_node = cost["new arena, fresh chunk"] / (8 * 2**20 // 48)
print(f"{per_node:.0f} ns of chunk and {cost['arena.New node']:.0f} ns of allocating a node in it")

# %% [markdown]
# ## What it saves
#
# The heap has a second bill: collections. The program answers requests; each builds a tree of nodes, walks it, and
# forgets it, or frees its arena. 32 MiB of other nodes stay alive, as in a server with a cache. Processor time of all
# threads, the collector's included, divided by the nodes made.
#
# **Claim: the left end of the arenas' line is the price of an arena, divided among few values; from a hundred nodes
# on it is flat.**

# %%
costs.chart("nodes", "Processor time", "nodes of a request")

# %%
print(costs.table("nodes", "nodes of a request"))
print(f"Go {GO}, GOGC=100: {costs.verdict()}")

# %% [markdown]
# Where the heap has more collections, it pays for them; the arenas have hardly any, for
# [`heapLive`](glossary.md#heaplive) falls again when one is freed (chapter 11). At a million nodes an arena needs six
# chunks, most of them fresh ones each time.
#
# So arenas save collections, not allocations. **Predict:** what is left of it with [`GOGC=400`](glossary.md#gogc), or
# off? And with 25?
#
# **Claim: with rare collections the arenas save nothing; with the most frequent, at 25, they are ahead with every Go.**

# %% jupyter={"outputs_hidden": true}
costs.chart("gogc", "Processor time", "GOGC")

# %%
print(costs.table("gogc", "GOGC"))

# %% [markdown]
# Note the last columns: a large `GOGC` makes the heap fast, and takes several times the arenas' memory.
#
# ## What it costs in memory
#
# Requests rarely come one after the other. **Predict:** 64 are under way at a time, each with a thousand nodes, 48
# kB. How much memory do their arenas need?
#
# **Claim: each open arena takes 8 MiB, zeroed and so really there, whatever is in it.**

# %% jupyter={"outputs_hidden": true}
costs.chart("open", "Memory at most", "requests under way at once", of="peak_rss_mib", unit="MiB")

# %% [markdown]
# ## Why: the model
#
# The model counts what the machine cannot show: here are 64 open requests, and then 64 one after the other.

# %%
node = "struct{ left, right *int; data [4]int }"
together, in_turn = (arenalab.Lab(GO, in_bulk=True) for _ in range(2))
for _ in range(64):
    together.new_arena().new_many(node, 1000)
for _ in range(64):
    a = in_turn.new_arena()
    a.new_many(node, 1000)
    a.free()
for name, lab in (("together", together), ("in turn", in_turn)):
    values = sum(lab.world.ledger.column("size").tolist()) / 2**20
    print(f"{name:9} {values:.1f} MiB of nodes, {mapped_mib(lab.world)} MiB mapped")

# %% [markdown]
# In turn, one chunk serves all of them: each freed arena leaves the rest of it to the next.
#
# **Claim: together, each arena holds a chunk that is all there and next to empty.**

# %%
together.address_space()

# %% [markdown]
# And the collections? Twelve requests of a hundred thousand nodes, one after the other, with nothing else alive: the
# same operations in the model of the arenas and, beside them, as `new` on the heap. (That half is a what-if:
# its bytes agree with real Go, its cycles nearly.)
#
# **Claim: the heap collects several times as often as the arenas; and yet the arenas hold more memory.**

# %%
twelve = arenalab.Lab(GO, in_bulk=True)
for _ in range(12):
    a = twelve.new_arena()
    a.new_many(node, 100_000)
    if twelve.world.gc.phase:
        twelve.mark_end()
    a.free()
twelve.what_if()

# %% [markdown]
# ## So, should I?
#
# Ask your own program with your own Go: [chapter 14](14_would_it_help_my_program.ipynb) if it uses no arenas yet,
# [chapter 13](13_your_own_program.ipynb) if it does. An arena can pay only where **all** of this holds:
#
# * a request makes at least a hundred values with pointers, and they die together;
# * collections cost you something: little memory to spare, or a Go before 1.26 with a large live heap;
# * few requests are open at a time, or each fills a good part of 8 MiB;
# * nobody keeps a pointer (chapters 6, 7 and 10), and the experiment's end does not hurt you: Go has put arenas on
#   hold, and they may be removed.
#
# ## What we learned, as far as it does not depend on the machine

# %%
assert cost["new arena, fresh chunk"] > 3 * cost["zero 8 MiB that are there"]
assert cost["new arena, fresh chunk"] > 1000 * cost["new arena + free, chunk from reuse"]
assert all(arena["cycles"] <= heap["cycles"] for n, heap, arena in costs.pairs("nodes") if n >= 100)
assert costs.pairs("gogc")[0][1]["cpu_ns"] > costs.pairs("gogc")[0][2]["cpu_ns"]
assert costs.pairs("nodes")[0][1]["cpu_ns"] < costs.pairs("nodes")[0][2]["cpu_ns"]
assert mapped_mib(together.world) == 64 * 8
assert mapped_mib(in_turn.world) == 8

# %% [markdown]
# ## Exercises

# %%
Exercise("chunks-to-pay", seed=3, go=GO)

# %%
Exercise("open-together", seed=2, go=GO)

# %%
Exercise("left-behind", seed=1, go=GO)

# %% [markdown]
# Now write one yourself: any program is right whose run does what is asked.

# %%
Exercise("build-few-chunks", seed=1, go=GO)

# %% [markdown]
# *Sources: `mallocgc` (malloc.go), `(*userArena).alloc`, `(*mheap).allocUserArenaChunk` (arena.go), Go 1.21 to 1.27.
# That arenas are on hold: the proposal, golang/go issue 51317.*
#
# **Next:** [13 · Your own program](13_your_own_program.ipynb), for programs with arenas; for those without:
# [14 · Would it help my program?](14_would_it_help_my_program.ipynb)
