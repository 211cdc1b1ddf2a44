# %% [markdown]
# # 18 · What may a late pointer see?
#
# **May a late pointer read another request's memory?**
#
# *You need:* chapters 6 and 7: the [reuse list](glossary.md#reuse-list) and [quarantine](glossary.md#quarantine).
#
# Those who have met the question after an incident want an exact answer. Memory models have a form for that, the
# *litmus test*: a short program, a question about its end, and whether that end comes *always*, *sometimes* or *never*.
# This chapter asks so of arenas. The catalogue has more than a hundred such programs; each was performed by the model
# in every order, and run by the real Go again and again.

# %%
import arenalab
from arenalab.course import Exercise
from arenalab.explore import DanglingPointer
from arenalab.scenarios.litmus import answer_of, catalogue, compare, load_litmus, seen, states
from arenalab.view.calls import call_of
from arenalab.world.touch import Pointer

GO = arenalab.pick_go()

# %% [markdown]
# ## Predict, run, look
#
# The first program fills a [chunk](glossary.md#chunk), frees the arena, and reads. Object 0 is the value made first,
# a `Node` of 16 bytes; four `Quarter`, of 2 MiB each, do not fit beside it, so a second one is begun. Operations are
# counted from 0 here, as in the catalogue.

# %%
litmus = load_litmus("read-of-a-full-chunk-faults")
for number, op in enumerate(litmus.scenario.under(GO).ops):
    print(f"{number}: {call_of(op)}")
print("exists:", litmus.asks)

# %% [markdown]
# **Predict:** always, sometimes or never?

# %% jupyter={"outputs_hidden": true}
ends = states(litmus, GO)
print(*ends)
print(answer_of(litmus, ends))

# %% [markdown]
# An end says what was found, after the number of the operation. There is one order in which this program can be
# performed, so it has one end: operation 5 [faults](glossary.md#fault). *Sometimes* needs somebody else. Here a
# second goroutine obtains the chunk, makes a value there and writes 99, while the first reads late. It recovers from
# a fault, so that it can tell.

# %%
beside = load_litmus("goroutine-reads-while-another-recycles")
ops = beside.scenario.under(GO).ops
for goroutine, rows in beside.parts[1].items():
    print(f"goroutine {goroutine}:", "; ".join(f"{row}: {call_of(ops[row])}" for row in rows))
print("exists:", beside.asks)

# %% [markdown]
# **Predict:** what else can operation 10, the late read, find besides 99?

# %% jupyter={"outputs_hidden": true}
for end, orders in states(beside, GO).items():
    print(f"{orders} of 5 orders end in  {end}")

# %% [markdown]
# One pointer, three answers: a fault until the chunk is obtained, zero until the value is written, then the other
# goroutine's 99. Who comes first, nobody decides. Never is the old value there: `states` has no such end.
#
# ## Look
#
# So another's value can be read. Here is the same road without chance, all in one goroutine.
#
# **Claim: it takes a full chunk, a Free, a cycle that sees no pointer, and another arena: then the late pointer reads
# another's value.** Follow the upper band; the others are builds for testing.

# %%
stranger = load_litmus("read-of-a-recycled-chunk-finds-a-strangers-value")
program = stranger.scenario.under(GO)
machine = arenalab.Machine(program.rules)
machine.run(program.ops)
DanglingPointer(machine, pointer=Pointer(0))

# %% [markdown]
# The program hid its pointer from the collector, as a `uintptr` does, or C code, or a map keyed by addresses. Now it
# keeps one in a global as well.
#
# **Predict:** in which stretch does the band differ?
#
# **Claim: a pointer that the collector sees faults for ever, and no stranger gets its address.**

# %% jupyter={"outputs_hidden": true}
guarded = load_litmus("pointer-in-a-global-keeps-a-stranger-away")
program = guarded.scenario.under(GO)
machine = arenalab.Machine(program.rules)
machine.run(program.ops)
DanglingPointer(machine, pointer=Pointer(0))

# %% [markdown]
# ## Against the real Go
#
# Each program was run by the release of each version, every run in a process of its own: five times, and a hundred
# times where goroutines go on beside one another. What the program with three answers came to:

# %%
found = seen(beside, GO)
for end, count in found.states.items():
    print(f"{count:3} of {found.runs} runs of {found.release}:  {end}")

# %% [markdown]
# Runs show what happens. That something *never* happens they can't show; there the model speaks, for every order of
# this one program, and the runs say that they agree. A single run that ends otherwise would be a difference:

# %%
report = compare(catalogue(), GO)
print(f"{report.programs} programs, {report.runs:,} runs of real Go {report.version}")
print(f"{report.model_only} programs for the model only")
print(f"{len(report.troubles)} ended as the model forbids")

# %% [markdown]
# Writing the catalogue found a mistake in the model: what a late write leaves where no value is, the next value made
# there *holds*. The model had said zero; Go, run, said 7.

# %%
dirty = load_litmus("write-before-the-stranger-comes-is-in-its-new-value")
runs = seen(dirty, GO)
print("exists:", dirty.asks)
print(f"{answer_of(dirty, states(dirty, GO))} in the model; in {runs.met(dirty)} of {runs.runs} runs")

# %% [markdown]
# ## The answer
#
# **May a late pointer read another request's memory?** Within the bounds of the value that it points to:
#
# * *A pointer that the collector sees: no.* It finds its own old value (the chunk was not full, or the collector was
#   marking), or it faults. It never finds another's: while it is seen, its chunk is given to nobody.
# * *A pointer hidden from the collector: yes*, after a Free, a cycle, and an arena that obtains the chunk. Nothing
#   faults unless the pointer is used in between, and a build with `-race` or `-asan` does not see it either.
# * *A late write is worse than a late read.* It lands wherever a late read would succeed, and what it leaves is in
#   values that are made there later.
#
# What was searched beyond these programs, how far, and how often a late read finds old data rather than a fault:
# `docs/isolation.md`. All programs: `docs/litmus.md`.
#
# ## What we learned

# %%
assert report.ok
assert answer_of(stranger, states(stranger, GO)) == "always"
assert answer_of(guarded, states(guarded, GO)) == "never"
assert answer_of(beside, states(beside, GO)) == "sometimes"
assert found.states.keys() <= states(beside, GO).keys()

# %% [markdown]
# ## Exercises
#
# Ten programs of the catalogue. Always, sometimes or never? The model judges, by all orders; *Another one* draws
# another program.

# %%
Exercise("litmus-reads", seed=1, go=GO)

# %%
Exercise("litmus-writes", seed=2, go=GO)

# %%
Exercise("litmus-reuse", seed=1, go=GO)

# %%
Exercise("litmus-pointers", seed=1, go=GO)

# %%
Exercise("litmus-marking", seed=1, go=GO)

# %%
Exercise("litmus-dropped", seed=1, go=GO)

# %%
Exercise("litmus-clones", seed=1, go=GO)

# %%
Exercise("litmus-weak", seed=1, go=GO if GO >= "1.24" else None)

# %%
Exercise("litmus-goroutines", seed=1, go=GO)

# %%
Exercise("litmus-sanitizers", seed=1, go=GO)

# %%
Exercise("build-other", seed=1, go=GO)

# %% [markdown]
# *Sources: `(*userArena).free`, `(*userArena).refill`, `(*mheap).allocUserArenaChunk`, `freeUserArenaChunk` (arena.go),
# `sigpanic` (signal_unix.go), Go 1.21 to 1.27; the form is that of herd7 and of the Linux kernel's memory model.*
#
# **Next:** [19 · Do arenas still pay?](19_do_arenas_still_pay.ipynb): what they cost, and what else there is.
