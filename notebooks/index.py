# %% [markdown]
# # ArenaLab: the course
#
# **What does Go do when your program says `arena.New`, and what when it says `Free`?**
#
# Twelve short chapters, one question each, and two appendices. Each lets you predict, runs a model of Go's own runtime
# code step by step, draws it, and compares it with a recording of the real Go. A chapter begins with the choice of a
# Go, the newest unless you pick another; what you pick is kept.
#
# | | Chapter | Question | Explorer | Minutes |
# |---:|---|---|---|---:|
# | 1 | [First steps](01_first_steps.ipynb) | What is an arena? | chunk map | 10 |
# | 2 | [A chunk filled from both ends](02_two_ends.ipynb) | Where does a value go? | chunk map | 10 |
# | 3 | [Go types as the collector sees them](03_go_types.ipynb) | What does it know about a struct? | types | 15 |
# | 4 | [Where a chunk keeps its bits](04_heap_bits.ipynb) | Where are the pointers? | heap bitmap | 15 |
# | 5 | [Refill, waste and the quarter-chunk rule](05_refill.ipynb) | What if a value does not fit? | chunk map | 10 |
# | 6 | [Free](06_free.ipynb) | What does an old pointer find? | dangling pointer | 15 |
# | 7 | [Quarantine](07_quarantine.ipynb) | What does one leaked pointer cost? | life cycle | 10 |
# | 8 | [Marking a chunk](08_marking_a_chunk.ipynb) | How much does the collector read? | collector | 15 |
# | 9 | [Freeing while the collector runs](09_freeing_while_marking.ipynb) | What if it is reading? | collector | 10 |
# | 10 | [Dropped handles](10_dropped_handles.ipynb) | What if nobody frees? | life cycle | 10 |
# | 11 | [Counters and pacing](11_counters_and_pacing.ipynb) | When does the collector start? | counters | 15 |
# | 12 | [Should I use arenas?](12_should_i_use_arenas.ipynb) | What does it cost in real Go? | what-if | 15 |
# | 13 | [Appendix: your own program](13_your_own_program.ipynb) | What do *your* arenas do? | goroutines | 10 |
# | 14 | [Appendix: would it help?](14_would_it_help_my_program.ipynb) | And a program without? | heap movie | 15 |
# | 15 | [Bits before Go 1.22: noMorePtrs](15_bits_before_go_1_22.ipynb) | And before? | heap bitmap | 10 |
#
# ## How to use it
#
# * Read from top to bottom and run each cell with `Shift+Enter`, or all of them from the *Run* menu.
# * **Predict** before you run. A wrong guess is what you will remember.
# * Click into an explorer: the arrow keys step, `Home` and `End` jump, the space bar plays.
# * Exercises never run out, and the model judges them. How they went is kept in `arenalab-progress.json`, here in this
#   folder and nowhere else; delete it to start afresh.
# * No kernel? Every picture is saved in the page, and every exercise has a folded answer.
# * Every word of Go's runtime is in the [glossary](glossary.md).
#
# ## The exercises, and how far you are

# %%
from arenalab.course import Overview

Overview()

# %% [markdown]
# **Begin:** [1 · First steps](01_first_steps.ipynb)
