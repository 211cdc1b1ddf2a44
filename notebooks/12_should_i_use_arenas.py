# %% [markdown]
# # 12 · Should I use arenas?
#
# **The same work with values on the heap and in arenas: what does it cost in real Go?**
#
# *You need:* chapters 5 and 11. The numbers here are no model's: they were measured in Go 1.21.13, by the program
# `examples/go/costs`. The model says *why* they are so. **They hold for that version: with Go 1.27 the verdict turns
# round** (see [below](#Another-Go)).

# %%
import arenalab
from arenalab.course import Exercise
from arenalab.course.costs import load_costs
from arenalab.course.tell import mapped_mib

GO = "1.21"  # this chapter and its recordings are about it
costs = load_costs()
print(costs.where())

# %% [markdown]
# Your machine is another one. `python -m tools.measure_costs` measures it again in some minutes (it needs the `go`
# extra), writes `notebooks/data/costs.jsonl`, and this notebook then tells of yours. `arenalab costs` measures what
# single things cost with every Go that is installed, and `arenalab trace` judges your own program by it
# ([chapter 14](14_would_it_help_my_program.ipynb); how often it is right: `docs/advice.md`).
#
# ## What one thing costs
#
# **Predict:** allocating a value from a [chunk](glossary.md#chunk) is an addition and some bits. How much faster is it
# than `new`? And what does a fresh chunk cost: 8 MiB have to be mapped and zeroed?

# %%
for what in ("small", "node", "plain", "large"):
    print(
        f"{what:6} arena {costs.pieces[f'arena.New {what}']:5.1f} ns   heap {costs.pieces[f'new {what}']:5.1f} ns"
    )
for what in (
    "new arena + free, chunk from reuse",
    "new arena, fresh chunk",
    "zero 8 MiB that are there",
    "free a full chunk",
):
    print(f"{what:35} {costs.pieces[what] / 1000:9,.1f} µs")

# %% [markdown]
# `small` is one pointer (8 bytes), `node` has two pointers in 48 bytes, `plain` 48 bytes without any, `large` 512
# with one. Both ways are of the same order: what an arena saves on a size class it spends on pointer bits, one value
# at a time, through a function that is not inlined.
#
# The chunk is what costs. A fresh one takes *milliseconds*, of which zeroing is a small part: the rest is the
# operating system, which hands out each page when it is first touched. An arena on a chunk from the reuse list costs
# next to nothing. Spread over the nodes that fit into a chunk, a fresh one costs each of them:

# %%
per_node = costs.pieces["new arena, fresh chunk"] / (8 * 2**20 // 48)
print(f"{per_node:.0f} ns of chunk and {costs.pieces['arena.New node']:.0f} ns of allocating a node in it")

# %% [markdown]
# ## What it saves
#
# The heap has a second bill: collections. The program answers requests; each builds a tree of nodes, walks it, and
# forgets it, or frees its arena. 32 MiB of other nodes stay alive all the time, as in a server with a cache.
# Processor time of all threads, the collector's included, divided by the nodes made.
#
# **Claim (Go 1.21.13, on the machine named above): below some sixteen nodes a request is cheaper on the heap; from a
# hundred on, an arena saves about a third.**

# %%
costs.chart("nodes", "Processor time", "nodes of a request")

# %% [markdown]
# The left end is the price of an arena, divided among few values. On the right the heap pays for collections, and the
# arenas have hardly any: when one is freed, `heapLive` falls again (chapter 11). At a million nodes an arena needs
# six chunks, most of them fresh ones each time, and that tells again.

# %%
print(costs.table("nodes", "nodes of a request"))
print(f"equal at about {costs.break_even():.0f} nodes")

# %% [markdown]
# So arenas save collections, not allocations. **Predict:** what is left of it with `GOGC=400`, or off?
#
# **Claim (Go 1.21.13): with rare collections nothing is left, at the price of memory; with frequent ones arenas are
# four times as fast.**

# %%
costs.chart("gogc", "Processor time", "GOGC")

# %%
print(costs.table("gogc", "GOGC"))

# %% [markdown]
# Note the last columns: to be as fast as the arenas, the heap needed four times (`GOGC=400`) to seven times (off)
# their memory.
#
# ## What it costs in memory
#
# Requests rarely come one after the other. **Predict:** 64 are under way at a time, each with a thousand nodes, 48
# kB. How much memory do their arenas need?
#
# **Claim: each open arena takes 8 MiB, zeroed and so really there, whatever is in it.**

# %%
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
# **Claim: the heap collects 17 times, the arenas twice; and yet the arenas hold twice the memory.**

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
# ## Another Go
#
# Go's heap has become faster since 1.21, its arenas have not. A program like the one above (trees of 48-byte nodes, a
# million of them alive, 2 workers), measured on one other machine in November 2026; processor time in ns a node:
#
# | GOGC | 1.21.13 heap | 1.21.13 arena | 1.27.3 heap | 1.27.3 arena |
# |---:|---:|---:|---:|---:|
# | 25 | 168 | 73.5 | 136 | 73.4 |
# | 50 | 130 | 68.5 | 93.9 | 70.2 |
# | 100 | 88.4 | 66.3 | 59.8 | 68.2 |
# | 400 | 68.8 | 65.0 | 47.6 | 67.9 |
#
# At the usual `GOGC=100` the arena saves a quarter with Go 1.21.13 and costs a seventh more with 1.27.3. Where the heap
# is held small (`GOGC` 25 or 50) arenas are ahead in both.
#
# ## So, should I?
#
# Ask your own program with your own Go: [chapter 14](14_would_it_help_my_program.ipynb) if it uses no arenas yet,
# [chapter 13](13_your_own_program.ipynb) if it does. By
# the numbers of Go 1.21.13, an arena pays where **all** of this holds:
#
# * a request makes at least a hundred values with pointers, and they die together;
# * collections cost you something: there is a large live heap, or little memory to spare;
# * few requests are open at a time, or each fills a good part of 8 MiB;
# * nobody keeps a pointer (chapters 6, 7 and 10), and the experiment's end does not hurt you: Go has put arenas on
#   hold, and they may be removed.
#
# ## What we learned, as far as it does not depend on the machine

# %%
cost = costs.pieces
assert cost["new arena, fresh chunk"] > 3 * cost["zero 8 MiB that are there"]
assert cost["new arena, fresh chunk"] > 1000 * cost["new arena + free, chunk from reuse"]
assert all(arena["cycles"] <= heap["cycles"] for _, heap, arena in costs.pairs("nodes"))
assert 1 < costs.break_even() < 1000
assert mapped_mib(together.world) == 64 * 8
assert mapped_mib(in_turn.world) == 8

# %% [markdown]
# ## Exercises

# %%
Exercise("chunks-to-pay", seed=3)

# %%
Exercise("open-together", seed=2)

# %%
Exercise("left-behind", seed=1)

# %% [markdown]
# *Sources: `mallocgc` (malloc.go), `(*userArena).alloc`, `(*mheap).allocUserArenaChunk` (arena.go), Go 1.21. That
# arenas are on hold: the proposal, golang/go issue 51317.*
#
# **Next:** [13 · Your own program](13_your_own_program.ipynb), an appendix for programs with arenas; for those
# without: [14 · Would it help my program?](14_would_it_help_my_program.ipynb)
