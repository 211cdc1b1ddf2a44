# %% [markdown]
# # 13 · Appendix: your own program
#
# **What do the arenas of a program do that knows nothing of ArenaLab?**
#
# *You need:* chapters 7 and 9. To *look* at a recording you need no Go; to *make* one, the `go` extra (in a clone:
# `.venv/bin/python -m pip install -e '.[go]'`) or a Go 1.21 of your own. All of it is about Go 1.21: whether an arena
# pays is another question in another Go ([chapter 12](12_should_i_use_arenas.ipynb)).
#
# `examples/go/requests` is an ordinary program. It answers requests, each with an arena that is freed when the answer
# is written. Something is wrong in it: its memory use is fine, but `heapLive` creeps upwards. It was recorded like
# this:
#
# ```console
# cd examples/go
# arenalab record --program ./requests -o requests.jsonl -- -requests 24 -depth 1
# ```
#
# The program is built as it is. Only the runtime beside it gets twelve calls that note what happens to arenas and
# chunks, at a few percent of its speed.

# %%
from collections import Counter

import arenalab
from arenalab.explore import LifeCycle
from arenalab.view.reading import call_of

recording = arenalab.load_recording("data/requests.jsonl")
print(Counter(type(op).__name__ for op in recording.ops).most_common())

# %% [markdown]
# ## Is it sound?
#
# The model follows the recording, and wherever Go told something, compares it. A program's recording tells less than
# those of the other chapters: places and lists, but no counters. What was not looked at is counted, not passed over.

# %%
report = arenalab.check(recording)
print(f"{report.facts} facts compared, {report.different} differences")
for what, count in report.skipped.items():
    print(f"skipped {count:5} {what}")

# %% [markdown]
# ## What became of the chunks?
#
# All arenas were freed in the end. **Predict:** there was a collection after each tenth request, and some more that
# started by themselves. Which lists can chunks be on, when the program ends?

# %%
history = arenalab.history_of(recording)
world = history.world
print("arenas that live:", [n for n, arena in world.user_arenas.items() if not arena.defunct])
print("ready", sorted(world.ready), " reuse", world.reuse, " quarantine", sorted(world.quarantine))

# %% [markdown]
# Those that were freed after the last collection are in quarantine by right. But some were there *before* it, and it
# kept them: something points into them. The program did not tell what; the recording says only that the sweeper found
# them marked. So ArenaLab puts in a *hold*: a pointer that must have been there, and it stands behind the last
# allocation before which it can't have existed.

# %%
for number, op in enumerate(recording.ops):
    if type(op).__name__ == "Hold":
        held = history.after_op(number).span_of(history.after_op(number).holds[op.hold])
        print(
            f"operation {number}: {call_of(op)}, in chunk {held.chunk}; at the end it is in {world.list_of(held.chunk)}"
        )

# %% [markdown]
# The arenas 3, 11 and 19. Every eighth request leaks a pointer, beginning with the third. Here is the line of the
# program that does it, and now you know what to look for in yours:
#
# ```go
# if request%8 == 3 {
#     cache = append(cache, root)
# }
# ```
#
# ## Look
#
# **Claim: the chunk of request 3 goes to quarantine when its arena is freed, and never leaves.**

# %%
leaked = history.world.span_of(history.world.holds[0]).chunk
LifeCycle(history, chunk=leaked)

# %% [markdown]
# Open your own recording here, in any explorer, or from the command line: `arenalab check FILE` compares it.
#
# ## What we learned

# %%
assert report.ok
assert [op.user_arena for op in recording.ops if type(op).__name__ == "Hold"] == [3, 11, 19]
assert all(world.list_of(world.span_of(addr).chunk) == "quarantine" for addr in world.holds.values())

# %% [markdown]
# *Sources: what is called where is listed in `arenalab/oracle/watch/patch.py`; the format in
# `docs/recording-format.md`.*
#
# This is the end of the course. [Back to the beginning](01_first_steps.ipynb).
