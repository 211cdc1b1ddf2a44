# %% [markdown]
# # 19 · Do arenas still pay?
#
# **With today's Go, at your `GOGC`, in your memory: heap, arena, or a pool of your own?**
#
# *You need:* chapters [11](11_counters_and_pacing.ipynb) and [12](12_should_i_use_arenas.ipynb). No Go: the numbers
# come with ArenaLab. With one, `arenalab costs --trees` measures your machine, and this notebook shows yours; what
# it claims is about those that came.

# %%
from arenalab.advice.tree_costs import shipped_tree_costs, tree_costs
from arenalab.course import Exercise
from arenalab.course.tradeoff import by_gogc, by_nodes, tradeoff

costs = tree_costs("1.21", "1.27")
shipped = shipped_tree_costs()  # what the claims below are about
print(costs.where())

# %% [markdown]
# The work: trees of 1,023 nodes of 48 bytes. Two goroutines build one after the other, walk it once and forget it.
# Beside them a million nodes stay alive, 46 MiB. What counts is processor time, the collector's included, for each
# node.
#
# ## The verdict has turned round
#
# With Go 1.21 an arena saved some 15 % at [`GOGC=100`](glossary.md#gogc).
#
# **Predict:** and with the newest?

# %% jupyter={"outputs_hidden": true}
for go in costs.gos:
    heap, arena = (costs.row(go, on) for on in ("heap", "arena"))
    print(f"{go:9}  heap {heap.cpu_ns:.1f} ns, arena {arena.cpu_ns:.1f} ns; collections", end=" ")
    print(f"{heap.cycles} and {arena.cycles}")

# %% [markdown]
# The arena has not become slower; the heap has become faster. The arena still spares it the collections, but they have
# become so cheap that this no longer pays for an arena's own costs: pointer bits, one node at a time.
#
# ## Why: two changes, switched off
#
# Green Tea, since Go 1.26, marks small objects a span at a time. Since 1.27 `mallocgc` has a version of its own for
# each small size. A build can do without: `GOEXPERIMENT=nogreenteagc,nosizespecializedmalloc`.
#
# **Predict:** which of them matters where collections are frequent, which where they are rare?

# %% jupyter={"outputs_hidden": true}
TEA, SIZES = "greenteagc", "sizespecializedmalloc"
by_gogc(
    costs,
    "The heap of Go 1.27, with and without",
    *(("1.27", "1.27", ()), ("without sizes", "1.27", (SIZES,))),
    *(("without Green Tea", "1.27", (TEA,)), ("without both", "1.27", (TEA, SIZES))),
    ("1.21", "1.21", ()),
)

# %% [markdown]
# **Claim: without Green Tea a third to a half is added where the collector works most, and next to
# nothing where it rests; without specialised sizes, the same few ns everywhere. Without both, Go 1.27 is back at
# 1.21.**
#
# ## At equal memory
#
# Equal `GOGC` is not equal memory: the heap may grow between two collections, an arena gives back at once. In the next
# picture, left and below is better in both. Beside the points stands `GOGC`.
#
# **Claim: the arenas' points lie close together, on the left. The heaps' run from above them, far to
# the right.**

# %%
tradeoff(
    costs, "Processor time against memory", *((go, on) for go in ("1.21", "1.27") for on in ("heap", "arena"))
)

# %%
for go in ("1.21", "1.27"):
    arena, heap = costs.row(go, "arena"), costs.smallest(go, "heap")
    print(f"Go {go}: arenas, GOGC=100:{arena.peak_mib:4.0f} MiB, {arena.cpu_ns:4.0f} ns a node")
    print(f"  smallest heap, GOGC={heap.gogc}:{heap.peak_mib:4.0f} MiB, {heap.cpu_ns:4.0f} ns a node")
    print(f"  the heap is as fast as the arenas at {costs.memory_for(go, 'heap', arena.cpu_ns):.0f} MiB")

# %% [markdown]
# Where memory is short, arenas are still ahead, in Go 1.27, too. Where it is not, a larger `GOGC` is simpler.
#
# ## A pool
#
# Two more ways, both with `sync.Pool`. *pool*: each node is taken from it, and put back when the tree is done with.
# *slabs*: 1,024 nodes are one value of the pool; a tree cuts its nodes from slabs, and gives them back, cleared.
#
# **Predict:** where do the two lie?

# %% jupyter={"outputs_hidden": true}
tradeoff(costs, "Four ways with Go 1.27", *(("1.27", on) for on in ("heap", "arena", "pool", "slabs")))

# %% [markdown]
# **Claim: both pools lie left of and below the rest; a node from a slab costs a seventh of one from an
# arena.** No pointer bits are written, no [chunk](glossary.md#chunk) is zeroed, nothing is collected.
#
# What they ask for: one type for each pool; somebody who knows when a tree is done with; nobody who still points into
# it. A late pointer into a slab reads, and writes, another tree's nodes, and nothing ever faults. One into an arena
# may.
#
# ## Small and large
#
# **Claim: with Go 1.27 at `GOGC=100` an arena pays for no size of tree; the smaller, the less.**

# %%
by_nodes(costs, "Go 1.27, GOGC=100", "1.27", "heap", "arena", "pool", "slabs")

# %% [markdown]
# ## So, do they?
#
# With today's Go an arena is worth a try where **all** of this holds:
#
# * memory is bounded, so that `GOGC` must be small;
# * hundreds of values with pointers die together, and are of many types, so that no pool fits;
# * nobody keeps a pointer, and the experiment's end does not hurt you.
#
# Else: a larger `GOGC` first, a pool of slabs second. And ask your program:
# [chapter 14](14_would_it_help_my_program.ipynb).
#
# ## What we learned

# %%
heap, arena = ({go: shipped.row(go, on) for go in ("1.21", "1.27")} for on in ("heap", "arena"))
assert arena["1.21"].cpu_ns < heap["1.21"].cpu_ns
assert heap["1.27"].cpu_ns < arena["1.27"].cpu_ns
assert all(arena[go].cpu_ns < shipped.smallest(go, "heap").cpu_ns / 1.5 for go in ("1.21", "1.27"))
as_it_is, tea, sizes, neither = (
    shipped.by_gogc("1.27", "heap", w) for w in ((), (TEA,), (SIZES,), (TEA, SIZES))
)
assert tea[0].cpu_ns > 1.3 * as_it_is[0].cpu_ns
assert all(2 < without.cpu_ns - row.cpu_ns < 12 for without, row in zip(sizes, as_it_is, strict=True))
assert abs(neither[2].cpu_ns / heap["1.21"].cpu_ns - 1) < 0.1
assert shipped.row("1.27", "slabs").cpu_ns < arena["1.27"].cpu_ns / 6

# %% [markdown]
# ## Exercises

# %%
Exercise("gogc-for-memory", seed=1)

# %%
Exercise("requests-that-collect", seed=1)

# %%
Exercise("open-together", seed=6)

# %%
Exercise("build-shared", seed=2)

# %% [markdown]
# *Sources: `arenalab/oracle/costs/trees` (the program), `docs/formats/costs.md` (the table); Green Tea and the
# specialised sizes, `mgcmark_greenteagc.go` and `malloc_generated.go`, Go 1.27.*
#
# **Next:** [20 · Arena Inventory](20_arena_inventory.ipynb)
