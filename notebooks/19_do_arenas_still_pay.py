# %% [markdown]
# # 19 · Do arenas still pay?
#
# **With today's Go, at your [`GOGC`](glossary.md#gogc), in your memory: heap, arena, or a pool of your own?**
#
# *You need:* chapters [11](11_counters_and_pacing.ipynb) and [12](12_should_i_use_arenas.ipynb). No Go: the numbers
# come with ArenaLab. With one, `arenalab costs --trees` measures your machine, and this notebook shows yours; what
# it claims is about those that came.

# %%
import arenalab
from arenalab.advice.tree_costs import shipped_tree_costs, tree_costs
from arenalab.course import Exercise
from arenalab.course.tradeoff import by_gogc, tradeoff

GO = arenalab.pick_go()

# %%
costs = tree_costs("1.21", "1.27", GO)
shipped = shipped_tree_costs()  # what the claims below are about
print(costs.where())

# %% [markdown]
# The work: trees of 48-byte nodes, 1,023 in each unless another number is said. Two goroutines build one after the
# other, walk it once and forget it. Beside them a million nodes stay alive, 46 MiB. What counts is processor time, the
# collector's included, for each node.
#
# ## The verdict has turned round
#
# With Go 1.21 an arena saved about a sixth at `GOGC=100`.
#
# **Predict:** and with each Go since?

# %% jupyter={"outputs_hidden": true}
for go in costs.gos:
    heap, arena = (costs.row(go, on) for on in ("heap", "arena"))
    print(f"{go:9}  heap {heap.cpu_ns:5.1f} ns, arena {arena.cpu_ns:5.1f} ns; ", end="")
    print(f"collections {heap.cycles} and {arena.cycles}")

# %% [markdown]
# The arena has not become slower; the heap has become faster. The arena still spares it the collections, but they have
# become so cheap that this no longer pays for an arena's own costs: pointer bits, one node at a time.
#
# ## At equal `GOGC`, by size
#
# **Predict:** where does an arena do best: frequent collections or rare ones, small trees or large ones?

# %% jupyter={"outputs_hidden": true}
print(f"Go {GO}:")
print(costs.ratios(GO))

# %% [markdown]
# Above 1 the heap is cheaper. An arena does best at the top, where collections are frequent, and worst on the left:
# fifteen nodes have to pay for an arena of their own. At `GOGC=25` it is cheaper with every Go. With 1.21 trees of a
# thousand nodes and more stay so up to 200; since 1.26 no tree does at 100.
#
# ## Why: two changes, switched off
#
# Green Tea, since Go 1.26, marks small objects a span at a time. Since 1.27 `mallocgc` has a version of its own for
# each small size. A build of 1.27 can do without: `GOEXPERIMENT=nogreenteagc,nosizespecializedmalloc`.
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
# **Claim: without Green Tea about half and more is added up to `GOGC=100`, and nothing where the collector rests;
# without specialised sizes, some 7 ns from 50 on, which at 25 the collector drowns. Without both, Go 1.27 is back near
# 1.21.**
#
# ## At equal memory
#
# Equal `GOGC` is not equal memory: the heap may grow between two collections, an arena gives back at once. In the next
# picture, left and below is better in both. Beside the points stands `GOGC`.
#
# **Claim: the arenas' points lie on the left, whatever `GOGC`. The heaps' run from above them far to the right.**

# %%
PICKED = tuple(dict.fromkeys(("1.21", GO)))
tradeoff(costs, "Processor time against memory", *((go, on) for go in PICKED for on in ("heap", "arena")))

# %%
for go in PICKED:
    arena, heap = costs.row(go, "arena"), costs.smallest(go, "heap")
    print(f"Go {go}: arenas, GOGC=100:{arena.peak_mib:4.0f} MiB, {arena.cpu_ns:4.0f} ns a node")
    print(f"  smallest heap, GOGC={heap.gogc}:{heap.peak_mib:4.0f} MiB, {heap.cpu_ns:4.0f} ns a node")
    print(f"  the heap is as fast as the arenas at {costs.memory_for(go, 'heap', arena.cpu_ns):.0f} MiB")

# %% [markdown]
# In the memory that arenas take, today's heap costs half as much again. But Go 1.27's is as fast from some 100 MiB on,
# Go 1.21's only from 190. Who has that to spare takes a larger `GOGC`, which is simpler.
#
# ## A pool
#
# Two more ways, both with `sync.Pool`. *pool*: each node is taken from it, and put back when the tree is done with.
# *slabs*: 1,024 nodes are one value of the pool; a tree cuts its nodes from slabs, and gives them back, cleared.
#
# **Predict:** where do the two lie?

# %% jupyter={"outputs_hidden": true}
tradeoff(costs, f"Four ways with Go {GO}", *((GO, on) for on in ("heap", "arena", "pool", "slabs")))

# %% [markdown]
# **Claim: both pools lie left of and below the rest; a node from a slab costs a sixth or less of one from
# an arena.** No pointer bits are written, no [chunk](glossary.md#chunk) is zeroed, nothing is collected.
#
# What they ask for: one type for each pool; somebody who knows when a tree is done with; nobody who still points into
# it. A late pointer into a slab reads, and writes, another tree's nodes, and nothing ever
# [faults](glossary.md#fault). One into an arena may.
#
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
heap, arena, slabs = ({go: shipped.row(go, on) for go in shipped.gos} for on in ("heap", "arena", "slabs"))
old, new = shipped.gos[0], shipped.gos[-1]
assert arena[old].cpu_ns < heap[old].cpu_ns
assert arena[new].cpu_ns > heap[new].cpu_ns
assert all(arena[go].cpu_ns < shipped.smallest(go, "heap").cpu_ns / 1.5 for go in shipped.gos)
assert all(slabs[go].cpu_ns < arena[go].cpu_ns / 6 for go in shipped.gos)
assert 90 < shipped.memory_for(new, "heap", arena[new].cpu_ns) < 110

# %%
as_it_is, tea, sizes, neither = (
    shipped.by_gogc("1.27", "heap", w) for w in ((), (TEA,), (SIZES,), (TEA, SIZES))
)
assert all(tea[at].cpu_ns > 1.4 * as_it_is[at].cpu_ns for at in range(3))
assert all(5 < sizes[at].cpu_ns - as_it_is[at].cpu_ns < 9 for at in range(1, 6))
assert abs(neither[2].cpu_ns / heap[old].cpu_ns - 1) < 0.1

# %% [markdown]
# ## Exercises

# %%
Exercise("gogc-for-memory", seed=1, go=GO)

# %%
Exercise("requests-that-collect", seed=1, go=GO)

# %%
Exercise("open-together", seed=6, go=GO)

# %%
Exercise("build-shared", seed=2, go=GO)

# %% [markdown]
# *Sources: `arenalab/oracle/costs/trees` (the program), `docs/formats/costs.md` (the table); Green Tea and the
# specialised sizes, `mgcmark_greenteagc.go` and `malloc_generated.go`, Go 1.27.*
#
# **Next:** [20 · Arena Inventory](20_arena_inventory.ipynb)
