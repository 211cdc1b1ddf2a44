# %% [markdown]
# # 1 · First steps
#
# **What is an arena, and what does Go do when you put something into one?**
#
# *You need:* to know what a pointer is. You need no Go on this machine.
#
# A [user arena](glossary.md#user-arena) is memory that your program frees all at once, by hand, instead of leaving
# each value to the garbage collector. It lives in Go's standard library behind `GOEXPERIMENT=arenas`:
#
# ```go
# type Entry struct {
#     name  *string
#     count int
# }
#
# a := arena.NewArena()
# entry := arena.New[Entry](a)             // one value, 16 bytes
# text := arena.MakeSlice[byte](a, 13, 13) // 13 bytes, and no pointer in them
# a.Free()                                 // all of it goes
# ```
#
# ArenaLab runs a model of Go's own `runtime/arena.go`, step by step, and compares it with
# [recordings](glossary.md#recording) of the real thing. **Pick your Go:** each chapter begins with this choice, and
# all that follows is about the Go that you picked.

# %%
import arenalab

GO = arenalab.pick_go()

# %% [markdown]
# ## Predict, run, look
#
# Here is that program for the model, call by call. Each call has what the runtime did for it: its *events*. The
# collector is switched off ([`GOGC=off`](glossary.md#gogc)), so that nothing else happens. A new arena takes a
# [chunk](glossary.md#chunk), the first one, number 0:

# %%
lab = arenalab.Lab(GO, gogc="off")
lab.types("type Entry struct { name *string; count int }")
a = lab.new_arena()
print(a.events.of(chunk=0))

# %% [markdown]
# All that before your first value. Remember one thing for now: a new arena takes a whole chunk at once, 8 MiB, though
# nothing is in it yet. The chapters to come explain the rest.
#
# **Predict:** an `Entry` holds a pointer; 13 bytes of text hold none. Will they lie side by side? Decide, then run the
# cell: what it printed for others is folded.

# %% jupyter={"outputs_hidden": true}
entry = a.new("Entry")
print(entry.events)
text = a.make_slice("byte", 13, 13)
print(text.events)

# %% [markdown]
# No: they lie at opposite ends. What holds pointers is allocated from the *front* of the chunk, what holds none from
# the *back*. So the collector may stop reading where the pointers end.
#
# **Predict:** two more values, then `Free`. Will the 8 MiB go back to the operating system?

# %% jupyter={"outputs_hidden": true}
a.new("int64")
a.new("[4]string")
print(a.free().of(chunk=0))

# %% [markdown]
# Surprised? The chunk was not full, so it is not unmapped: it waits on the [reuse list](glossary.md#reuse-list) for
# the next arena, with its old values in it. Only chunks that were filled up are [set to fault](glossary.md#fault).
#
# ## Look
#
# **Claim: the four values lie at both ends of one chunk, and `Free` moves none of them.** This is the moment before
# `Free`. Step on and back with the buttons, or click into the map and use the arrow keys; `Home` and `End` jump, the
# space bar plays. Switch from *operation* to *event* to see each thing that the runtime does.

# %%
lab.chunk_map(after=5)

# %% [markdown]
# ## Against the real Go
#
# Real Go ran the same program, with its runtime telling after each operation what it held. ArenaLab runs the
# recording's operations in the model and compares every fact that Go told.

# %%
recording = arenalab.load_recording(f"data/first_steps-{GO}.jsonl.gz")
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")

# %% [markdown]
# And this is the real run, before its arena was freed. The addresses are the ones that Go used.

# %%
history = arenalab.history_of(recording)
arenalab.ChunkMap(history, cursor=history.op_end(5))

# %% [markdown]
# ## What we learned
#
# * An arena takes memory in chunks of 8 MiB; a new one takes its first at once.
# * Values with pointers grow up from the low end of a chunk, values without grow down from the high end.
# * A chunk that is not full when its arena is freed stays readable, and serves the next arena.

# %%
sizes = history.world.ledger.column("size").tolist()
assert report.ok
assert sizes == [16, 13, 8, 64]
assert history.world.list_of(0) == "reuse"

# %% [markdown]
# ## Exercises
#
# Predict first. The model judges, and shows the step in which it is decided. *Another one* never runs out.

# %%
arenalab.Exercise("which-end", seed=2, go=GO)

# %%
arenalab.Exercise("chunks-taken", seed=2, go=GO)

# %%
arenalab.Exercise("list-after-free", seed=5, go=GO)

# %% [markdown]
# The other way round: write a program that does what is asked. Any that does is right.

# %%
arenalab.Exercise("build-two-ends", seed=1, go=GO)

# %% [markdown]
# *Sources: `newUserArena`, `(*mspan).userArenaNextFree`, `(*userArena).free` (arena.go).*
#
# **Next:** [2 · A chunk filled from both ends](02_two_ends.ipynb): where exactly does a value go?
