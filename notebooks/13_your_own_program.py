# %% [markdown]
# # 13 · Your own program
#
# **What do the arenas of a program do that knows nothing of ArenaLab?**
#
# *This chapter is for a program that uses arenas.* For one that doesn't, and asks whether it should,
# [chapter 14](14_would_it_help_my_program.ipynb) is the one.
#
# *You need:* chapters 7 and 10. To *look* at a [recording](glossary.md#recording) you need no Go; to *make* one, any Go
# from 1.21 to 1.27 (`arenalab go install 1.27.3` gets one).
#
# `examples/go/server` is an ordinary server. Four goroutines answer requests; each request has an arena for the rows
# it finds and the page it writes. It works, no test fails, and yet it needs more memory than it should.

# %%
from collections import Counter

import arenalab
from arenalab.course import Exercise
from arenalab.explore import Counters, Goroutines
from arenalab.view.usage import usage
from arenalab.view.usage_words import told
from arenalab.world.ops import Free, New, NewArena

GO = arenalab.pick_go()

# %% [markdown]
# It was recorded with each Go from 1.21 on:
#
# ```console
# cd examples/go
# GOMAXPROCS=2 arenalab record --program ./server --sites --go 1.27.3 -o server.jsonl
# ```
#
# The program is built as it is. Only the runtime beside it gets some calls that note what happens to arenas and
# [chunks](glossary.md#chunk), which goroutine did it, and with `--sites` from which line. No two runs are alike; one
# of each Go is kept with the notebook.

# %%
recording = arenalab.load_recording(f"data/server-{GO}.jsonl.gz")
print(Counter(type(op).__name__ for op in recording.ops).most_common())

# %% [markdown]
# ## Is it sound?
#
# A recording of goroutines is a schedule: it says in which order they took the runtime's locks ([chapter
# 17](17_goroutines.ipynb)). The model performs that schedule, and wherever Go told something, compares it. What was
# not looked at is counted, not passed over.

# %%
report = arenalab.check(recording)
print(f"{recording.go}: {report.facts} facts compared, {report.different} differences")
for what, count in report.skipped.items():
    print(f"skipped {count:5} {what}")

# %% [markdown]
# ## What came of it
#
# `arenalab report server.jsonl` says it on the command line; here is the same.

# %%
history = arenalab.history_of(recording)
its = usage(history)
print(told(its))

# %% [markdown]
# Eight arenas were never freed by the program: somebody made them and lost them, and a
# [finalizer](glossary.md#finalizer) freed them once the collector had found out, unless the process ended before. In a
# build, `arenalab report --check-leaks server.jsonl` would have failed.
#
# Line 58 made all 48, so the line alone doesn't say which requests forget their arena. **Predict:** what do the eight
# arenas have in common?

# %% jupyter={"outputs_hidden": true}
lost = [end.user_arena for end in its.left]
values = Counter(op.user_arena for op in history.ops if isinstance(op, New))
print("lost:", lost)
print("values in a lost arena:", {values[arena] for arena in lost})
print("values in any other:", {values[arena] for arena in history.world.user_arenas if arena not in lost})

# %% [markdown]
# Nothing was ever allocated from them. So it is the requests that find nothing. Look at the program with that in mind:
#
# ```go
# a := arena.NewArena()
# rows := find(a, r)
# if rows == nil {
#     return
# }
# page := render(a, rows)
# …
# a.Free()
# ```
#
# The early return forgets the arena.
#
# ## Look
#
# **Claim: what a goroutine forgets, the finalizer goroutine frees, a collection later.** Each goroutine has a lane; the
# line that asked stands above the picture. Here we stand where the finalizer frees the first lost arena.

# %%
freed = next(n for n, op in enumerate(history.ops) if op == Free(lost[0], by_finalizer=True))
Goroutines(history, cursor=history.op_end(freed + 1))

# %% [markdown]
# ## What it costs
#
# An arena without a value still takes a chunk of 8 MiB. Until its finalizer has run, nobody else can have that chunk.
#
# **Claim: [`heapLive`](glossary.md#heaplive) of the process, which Go recorded at the end of each cycle, is that of
# the arenas, all but a little.**

# %%
counters = Counters(history)
counters.group = "process"
counters.last()
counters

# %% [markdown]
# ## Mended
#
# The cure is the usual one, `defer a.Free()` right after `NewArena`. The example has it as a flag, to try both:
#
# ```console
# arenalab record --program ./server --sites -o mended.jsonl -- -mended
# ```

# %%
mended_recording = arenalab.load_recording(f"data/server_mended-{GO}.jsonl.gz")
mended = usage(arenalab.history_of(mended_recording))
print(f"{arenalab.check(mended_recording).different} differences")
print(told(mended))

# %% [markdown]
# No arena is left over, and `--check-leaks` is content.
#
# Open your own recording here, in any explorer, or with `arenalab lab FILE`. When Go crashed,
# `arenalab report FILE --at 0x40c0190219b0` says whose the address was.
#
# ## What we learned

# %%
assert report.ok
assert len([op for op in history.ops if isinstance(op, NewArena)]) == its.arenas == 48
assert len(lost) == 8
assert all(values[arena] == 0 for arena in lost)
assert all(end.how == "by a finalizer" for end in its.left if end.user_arena != max(lost))
assert its.leaks
assert not mended.leaks
last, live = (int(history.real[name][-1]) for name in ("op", "heapLive"))
assert abs(live - history.after_op(last + 1).counters.heap_live) < 100_000

# %% [markdown]
# ## Exercise
#
# Write the leak yourself: any program is right whose run does what is asked.

# %%
Exercise("build-leak", seed=1, go=GO)

# %% [markdown]
# *Sources: what is called where is listed in `arenalab/oracle/watch/patch.py`; the recording's format in
# `docs/recording-format.md`, the report in `docs/report.md`.*
#
# **Next:** [14 · Would it help my program?](14_would_it_help_my_program.ipynb), for a program without arenas.
