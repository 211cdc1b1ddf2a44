# %% [markdown]
# # 14 · Would it help my program?
#
# **A program that uses no arenas: what would they do for it?**
#
# *You need:* chapters [5](05_refill.ipynb), [6](06_free.ipynb) and [12](12_should_i_use_arenas.ipynb), and no Go: the
# traces are kept with this notebook. If your program uses arenas already, [chapter 13](13_your_own_program.ipynb) is
# yours.
#
# Since Go 1.23 an [execution trace](glossary.md#execution-trace) can hold every allocation and every free, of any
# program, unchanged. `examples/go/shop` is an ordinary server: it searches a catalogue, takes orders, answers with
# JSON, and has never heard of arenas. It was traced with Go 1.27.3:
#
# ```console
# cd examples/go
# arenalab trace capture -o shop.trace -- ./shop -visits 240
# arenalab trace shop.trace
# ```
#
# A server that runs already is asked with `arenalab trace capture --url HOST:PORT`. The Go that you pick is the one
# whose arenas, and whose costs, the program is given below.

# %%
import numpy as np

import arenalab
from arenalab.advice.costs import shipped_costs
from arenalab.course import Exercise
from arenalab.explore import ChunkMap, HeapMovie
from arenalab.intake.lifetimes import DEAD, ESCAPES, UNDECIDED

GO = arenalab.pick_go()

# %%
run = arenalab.open("data/shop.trace.gz")
print(run)
for kind, many in run.scopes().items():
    print(f"{many:4} {kind}")

# %% [markdown]
# A [scope](glossary.md#scope) is a stretch of work that begins and ends: here, each request of `net/http`. Nobody
# marked them in the program; they are read off what its goroutines did. An arena would be made where a scope begins
# and freed where it ends.
#
# ## What a request makes
#
# **Predict:** the answer to a search is one slice of hits as JSON. How many objects does one request allocate?

# %% jupyter={"outputs_hidden": true}
http = run.verdict("http")
print("\n".join(http.summary()))
for name, many in http.by_type()[:5]:
    print(f"{many / http.scopes:7.1f} a request: {name}")

# %% [markdown]
# Hundreds, for some kilobytes: each hit, each list of reasons in it, each string. Most are garbage as soon as the
# answer is written.
#
# ## What can go into an arena?
#
# Whatever is dead when the request ends. What is still in use then [escapes](glossary.md#escape): put into the arena,
# it would be touched after `Free` (chapter 6). A trace has no pointers in it, only collections: an object that a cycle
# still found after the request's end escapes; one that a cycle within the request found unreachable was dead by its
# end. Of any other it is [undecided](glossary.md#undecided).
#
# **Predict:** of which share of the objects does this trace tell what became of them?

# %% jupyter={"outputs_hidden": true}
for name, fate in (("dead in scope", DEAD), ("escapes", ESCAPES), ("undecided", UNDECIDED)):
    print(f"{name:14} {http.count(fate):6,} of {len(http.fate):,}: {http.by_type(fate)[:3]}")

# %% [markdown]
# Two collections ran, so next to nothing is known for sure. `arenalab trace capture --audit` adds some around each
# request's end: the program gets slow, and the trace tells of nearly all objects. Here are sixty visits.
#
# **Predict:** which types escape? The shop keeps each order.

# %% jupyter={"outputs_hidden": true}
audit = arenalab.open("data/shop_audit.trace.gz")
told = audit.verdict("http")
print(f"{told.decided:.1%} decided, {told.count(ESCAPES) / len(told.fate):.1%} escape:")
for name, many in told.by_type(ESCAPES)[:13]:
    print(f"{many:4} {name}")

# %% [markdown]
# Most is what `encoding/json` remembers of the types it met first. Then the orders: their lines, and the slice of
# orders (`*main.order`) each time it grows. Of the hits none escapes: they are what an arena would be for.
#
# Most of what escapes is made by the first two requests, of a shop that has just opened. How many of each of the sixty:

# %%
print(np.bincount(told.of[told.fate == ESCAPES], minlength=told.scopes))

# %% [markdown]
# ## Look
#
# The heap as it was recorded, no model in it. **Claim: the collections around the end of request 34, a search, free
# each of its 325 objects.** We stand where half of them are swept.

# %%
swept = np.sort(audit.objects.end[told.objects[told.of == 34]])
HeapMovie(audit, kind="http", cursor=int(swept[len(swept) // 2]))

# %% [markdown]
# ## In an arena
#
# The model gives each request an arena and performs it, under the rules of the Go that you picked. **Claim: five
# requests are nothing to a [chunk](glossary.md#chunk) of 8 MiB, and they take turns in the same one.**

# %%
five = run.history("http", 5, go=GO)
ChunkMap(five, cursor=len(five))

# %% [markdown]
# **Predict:** requests come one at a time here. How many chunks do all sixty need? And what would be read of an order
# that is kept, had it been in the arena?

# %% jupyter={"outputs_hidden": true}
simulation = run.simulate("http", go=GO)
print("\n".join(audit.simulate("http", go=GO).lines()))

# %% [markdown]
# ## Would it help?
#
# A forecast: the requests' objects from the trace, and what objects, arenas and collections cost, from a table that
# ArenaLab ships. (`arenalab costs` measures yours, and `run.advise("http")` then uses that.)
#
# **Predict:** yes or no?

# %% jupyter={"outputs_hidden": true}
advice = run.advise("http", costs=shipped_costs(GO))
print("\n".join(advice.verdict))
print("\n".join(advice.details))

# %% [markdown]
# "Not clear" is an answer: what an arena would save lies within the error of the forecast. Whatever Go you picked,
# look at the second line: it takes several times the memory, and a heap that is given as much costs less. A larger
# [`GOGC`](glossary.md#gogc) saves as much and changes no line of the program. `arenalab trace shop.trace` prints all
# of this.
#
# ## What we learned

# %%
assert run.objects.unresolved == audit.objects.unresolved == 0
assert http.decided < 0.05
assert told.decided > 0.95
assert told.count(DEAD) > 50 * told.count(ESCAPES) > 0
assert {"main.line", "*main.order"} <= dict(told.by_type(ESCAPES)).keys()
assert "main.hit" not in dict(told.by_type(ESCAPES))
assert (told.of[told.fate == ESCAPES] < 2).mean() > 0.75
assert len(swept) == 325
assert swept[-1] < len(audit.log.heap)
assert simulation.chunks_obtained == 1
assert "equal memory" in advice.verdict[1]
assert "more processor time" in advice.verdict[1]

# %% [markdown]
# ## Exercises

# %%
Exercise("what-a-trace-tells", seed=2, go=GO)

# %%
Exercise("arena-packs", seed=1, go=GO)

# %%
Exercise("crash-of-a-cache", seed=1, go=GO)

# %% [markdown]
# Now write one yourself: any program is right whose run does what is asked.

# %%
Exercise("build-at-once", seed=1, go=GO)

# %% [markdown]
# *Sources: the trace's format and what is concluded from it, `docs/trace.md`; the runtime writes it in
# `traceallocfree.go`, Go 1.23 to 1.27.*
#
# **Next:** [15 · Bits before Go 1.22: noMorePtrs](15_bits_before_go_1_22.ipynb)
