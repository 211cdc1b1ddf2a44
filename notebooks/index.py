# %% [markdown]
# # ArenaLab: the course
#
# **What does Go do when your program says `arena.New`, and what when it says `Free`?**
#
# Short chapters, one question each. Each lets you predict, runs a model of Go's own runtime code step by step, draws
# it, and compares it with a recording of real Go. A chapter begins with the choice of a Go, Go 1.27 unless you pick
# another from 1.21 on; what you pick is kept. The numbers are the order to read in; the parts say what belongs
# together.
#
# ## Before you begin
#
# [Arena Inventory](20_arena_inventory.ipynb), fifteen minutes: twenty questions now, and again after the course.
# Nothing is kept unless you say so.
#
# ## Part I: how an arena grows
#
# | | Chapter | Question | Minutes |
# |---:|---|---|---:|
# | 1 | [First steps](01_first_steps.ipynb) | What is an arena? | 10 |
# | 2 | [A chunk filled from both ends](02_two_ends.ipynb) | Where does a value go? | 10 |
# | 3 | [Go types as the collector sees them](03_go_types.ipynb) | What does it know about a struct? | 15 |
# | 4 | [Where a chunk keeps its bits](04_heap_bits.ipynb) | Where are the pointers? | 15 |
# | 5 | [Refill, waste and the quarter-chunk rule](05_refill.ipynb) | What if a value does not fit? | 10 |
#
# ## Part II: how an arena ends
#
# | | Chapter | Question | Minutes |
# |---:|---|---|---:|
# | 6 | [Free](06_free.ipynb) | What does an old pointer find? | 15 |
# | 7 | [Quarantine](07_quarantine.ipynb) | What does one leaked pointer cost? | 10 |
# | 9 | [Freeing while the collector runs](09_freeing_while_marking.ipynb) | What if it is reading? | 10 |
# | 10 | [Dropped handles](10_dropped_handles.ipynb) | What if nobody frees? | 10 |
# | 18 | [What may a late pointer see?](18_what_may_a_late_pointer_see.ipynb) | Another request's memory? | 20 |
#
# ## Part III: the collector's work
#
# | | Chapter | Question | Minutes |
# |---:|---|---|---:|
# | 8 | [Marking a chunk](08_marking_a_chunk.ipynb) | How much does the collector read? | 15 |
# | 11 | [Counters and pacing](11_counters_and_pacing.ipynb) | When does the collector start? | 15 |
# | 17 | [Goroutines](17_goroutines.ipynb) | What do they share, and who waits? | 15 |
#
# ## Part IV: from one Go to the next
#
# | | Chapter | Question | Minutes |
# |---:|---|---|---:|
# | 15 | [Bits before Go 1.22: noMorePtrs](15_bits_before_go_1_22.ipynb) | How did a scan end before? | 10 |
# | 16 | [What changed, 1.21 → 1.27](16_what_changed.ipynb) | What depends on the Go? | 15 |
#
# ## Part V: your program
#
# | | Chapter | Question | Minutes |
# |---:|---|---|---:|
# | 12 | [Should I use arenas?](12_should_i_use_arenas.ipynb) | What does it cost in real Go? | 15 |
# | 13 | [Your own program](13_your_own_program.ipynb) | What do *your* arenas do? | 10 |
# | 14 | [Would it help my program?](14_would_it_help_my_program.ipynb) | And if it has no arenas? | 15 |
# | 19 | [Do arenas still pay?](19_do_arenas_still_pay.ipynb) | Heap, arena, or a pool? | 15 |
# | 20 | [Arena Inventory](20_arena_inventory.ipynb) | What do you know now? | 15 |
#
# ## How to use it
#
# * Read from top to bottom and run each cell with `Shift+Enter`, or all of them from the *Run* menu.
# * **Predict** before you run. A wrong guess is what you will remember.
# * Click into an explorer: the arrow keys step, `Home` and `End` jump, the space bar plays.
# * Exercises never run out, and the model judges them. In the last one of each chapter you write a program. How they
#   went is kept in `arenalab-progress.json`, here in this folder and nowhere else; delete it to start afresh.
# * No kernel? Every picture is saved in the page, and every exercise has a folded answer.
# * Every word of Go's runtime is in the [glossary](glossary.md).
#
# ## The exercises, and how far you are

# %%
from arenalab.course import Overview

Overview()

# %% [markdown]
# **Begin:** [1 · First steps](01_first_steps.ipynb)
