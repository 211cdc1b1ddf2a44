# %% [markdown]
# # 17 · Goroutines
#
# **Each goroutine has its own arena. What do they share, and who waits for whom?**
#
# *You need:* chapters [6](06_free.ipynb) and [9](09_freeing_while_marking.ipynb).
#
# Package arena says that an arena must never be used by several goroutines at once, and checks nothing. But what lies
# behind arenas is shared by all of them: one [reuse list](glossary.md#reuse-list), one [fault
# list](glossary.md#fault-list), one [ready list](glossary.md#ready-list) for the whole process. Two locks guard them,
# `userArenaState.lock` and `mheap.lock`.

# %%
from collections import Counter

import arenalab
from arenalab.course import Exercise
from arenalab.explore import Goroutines
from arenalab.world.end_events import ReusePut
from arenalab.world.events import ReuseTaken
from arenalab.world.ops import Free, MarkBegin, MarkEnd, NewArena
from arenalab.world.schedule import Begin, GoOn

GO = arenalab.pick_go()

# %% [markdown]
# ## Predict, run, look
#
# Goroutine 1 frees its arena; goroutine 2, on another processor, makes one. Small objects on the heap come from a cache
# of each [P](glossary.md#p), so one might think that [chunks](glossary.md#chunk) do, too.
#
# **Predict:** which chunk does goroutine 2 get?

# %% jupyter={"outputs_hidden": true}
lab = arenalab.Lab(GO, gogc="off")
a = lab.new_arena()
old = a.new("*int")
a.free()
with lab.goroutine(p=1):
    b = lab.new_arena()
print(b)
print("goroutine 1's old pointer:", old.touch())

# %% [markdown]
# That of goroutine 1, with what is left of it. A late pointer of one goroutine now leads into another's memory.
#
# ## Overtaken
#
# `refill` gets a chunk in two halves. It takes `userArenaState.lock`, looks at the reuse list, and lets the lock go.
# Then it takes `mheap.lock` for a chunk from elsewhere. A *turn* says how far a goroutine goes: here goroutine 2 stops
# between the halves, and goroutine 1 frees its arena.
#
# **Predict:** goroutine 2 goes on. Which chunk does it take?

# %% jupyter={"outputs_hidden": true}
overtaken = arenalab.Lab(GO, gogc="off")
overtaken.take(Begin(1, NewArena(0)))
overtaken.take(Begin(2, NewArena(1), until="reuse empty", p=1))
overtaken.take(Begin(1, Free(0)))
print("reuse list while goroutine 2 stands:", overtaken.world.reuse)
overtaken.take(GoOn(2))
print("goroutine 2 has chunk", overtaken.world.user_arenas[1].active, " reuse list:", overtaken.world.reuse)

# %% [markdown]
# A fresh one: nobody looks at the list twice. Two chunks are mapped where one would have done; the other waits for
# whoever comes next.
#
# ## Look
#
# **Claim: the whole `Free` of goroutine 1 lies within the `NewArena` of goroutine 2.** Each goroutine has a lane;
# where one waits, the line above the picture says for what. Step with the arrow keys.

# %%
lanes = Goroutines(overtaken, cursor=overtaken.history.op_end(3))
lanes.scale = "events"
lanes

# %% [markdown]
# ## Who waits
#
# Goroutine 1 is in the middle of reserving address space; it holds `mheap.lock`. **Predict:** goroutine 2 makes an
# arena on another P. How far does it come? And could a collection start now?

# %% jupyter={"outputs_hidden": true}
waiting = arenalab.Lab(GO, gogc="off")
waiting.take(Begin(1, NewArena(0), until="HeapArenaReserved"))
print(waiting.take(Begin(2, NewArena(1), p=1)))
print("goroutine 2 waits:", waiting.waits_for(2))
print("the world can be stopped:", waiting.can_stop_the_world)

# %% [markdown]
# It gets as far as its [handle](glossary.md#handle), from its own P's cache. Then it waits for the lock. And a
# collection has to wait as well: whoever obtains a chunk *holds its M*, so it can't be stopped before all 8 MiB are
# zeroed. If a collection is due, all other goroutines stand still meanwhile.
#
# ## Freed while another collects
#
# Goroutine 1 frees an arena of two full chunks. It is done with one when goroutine 2 starts a collection.
#
# **Predict:** `Free` returns while the collector marks. Where are the two chunks? (Chapter 9:
# [quarantine](glossary.md#quarantine), or the fault list.)

# %% jupyter={"outputs_hidden": true}
half = arenalab.Lab(GO, gogc="off")
half.new_arena().new_many("[2_000_000]byte", 9)
half.take(Begin(1, Free(0), until="chunk freed"))
half.take(Begin(2, MarkBegin(), p=1))
half.take(GoOn(1))
print("Free has returned:  quarantine", half.world.quarantine, " fault list", half.world.fault)
half.take(Begin(2, MarkEnd()))
print("marking has ended:  quarantine", half.world.quarantine, " fault list", half.world.fault)

# %% [markdown]
# One in each: `Free` asks for every chunk again. So after one and the same `Free` some late pointers crash, and others
# still read old values.
#
# ## Against the real Go
#
# Real goroutines take their own turns. `examples/go/crowd` has three that make, fill and free arenas, and a fourth that
# collects all the time. It was recorded with each Go. A [recording](glossary.md#recording) tells in which order the
# locks were taken; the model performs that order, and what it says of places and lists is compared.

# %%
recording = arenalab.load_recording(f"data/crowd-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")

# %% [markdown]
# **Predict:** how often did an arena take over the chunk of *another* goroutine?

# %% jupyter={"outputs_hidden": true}
history = arenalab.history_of(recording)
left, passed = {}, {"its own": [], "another's": []}
for at, event in enumerate(history.events, 1):
    who = history.log.actor_of_event(at - 1)
    if isinstance(event, ReusePut):
        left[event.chunk] = who
    elif isinstance(event, ReuseTaken):
        passed["its own" if left[event.chunk] == who else "another's"].append(at)
print({whose: len(moments) for whose, moments in passed.items()})

# %% [markdown]
# Nobody meant to share anything.
#
# **Predict:** the recording also keeps where a goroutine stood while another went on. Was anybody overtaken between
# the two halves of `refill`, in a run of a few milliseconds?

# %% jupyter={"outputs_hidden": true}
stood = Counter(place for _, _, place in history.log.stops)
print(dict(stood))
print("freed while the collector marked:", sum(type(e).__name__ == "FaultDeferred" for e in history.events))

# %% [markdown]
# It happens all the time; only nobody notices. Here a chunk changes hands:
#
# **Claim: an arena of one goroutine goes on in the chunk that another has just left.**

# %%
Goroutines(history, cursor=passed["another's"][0])

# %% [markdown]
# ## What we learned
#
# * An arena is one goroutine's; chunks are everybody's. There is one reuse list, and what was put there last is taken
#   first.
# * Who has seen the reuse list empty takes a fresh chunk, even if one was freed meanwhile.
# * Who obtains a chunk can't be stopped until it is zeroed; a collection waits for that.
# * `Free` asks for each chunk again whether the collector is marking.

# %%
assert report.ok
assert lab.world.user_arenas[1].active == 0
assert overtaken.world.user_arenas[1].active == 1
assert overtaken.world.reuse == [0]
assert not waiting.can_stop_the_world
assert half.world.quarantine == [0, 1]
assert passed["another's"]
assert stood["reuse empty"]

# %% [markdown]
# ## Exercises

# %%
Exercise("whose-chunk", seed=1, go=GO)

# %%
Exercise("overtaken", seed=4, go=GO)

# %%
Exercise("half-freed", seed=1, go=GO)

# %% [markdown]
# Now write one yourself: any turns are right that do what is asked.

# %%
Exercise("build-overtaken", seed=1, go=GO)

# %% [markdown]
# *Sources: package arena (arena/arena.go); `(*userArena).refill`, `newUserArenaChunk`, `freeUserArenaChunk` (arena.go),
# `(*mheap).sysAlloc` (malloc.go), Go 1.21 to 1.27.*
#
# **Next:** [18 · What may a late pointer see?](18_what_may_a_late_pointer_see.ipynb)
