# %% [markdown]
# # 20 · Arena Inventory
#
# **What did you believe before, and what do you know after?**
#
# *You need:* nothing before the course; all of it after. Fifteen minutes each time.
#
# Twenty questions about what arenas do. Every wrong choice is something that people were seen to believe: in Go's own
# issues, in package arena's own documentation, by analogy with C. Which choice is right is computed by the model, for
# the Go that you pick.

# %%
import arenalab
from arenalab.course.inventory import ITEMS, Inventory

GO = arenalab.pick_go()

# %% [markdown]
# ## Before the course
#
# Answer from the head, without looking anything up; leave out what you don't know. The form says how many were right,
# not which: nobody can be asked again who has seen the answers.

# %%
Inventory("before", go=GO)

# %% [markdown]
# *Nothing is kept unless you tick the box.* Then one line of JSON goes into `arenalab-inventory.jsonl`, beside this
# notebook: before or after, a code word that you choose, the version of Go, and your choices. No time, no name. Nothing
# is sent anywhere. Delete the file, and it is gone.
#
# ## After the course

# %%
Inventory("after", go=GO)

# %% [markdown]
# ## Where the wrong choices come from
#
# **Predict:** how many of the twenty answers are the same in all Go versions from 1.21 to 1.27?

# %% jupyter={"outputs_hidden": true}
from arenalab.go.versions import VERSIONS

same = [item for item in ITEMS if len({item.right(go) for go in VERSIONS}) == 1]
print(f"{len(same)} of {len(ITEMS)}")
for choice in ITEMS[2].choices:
    print(f"{'right: ' if choice.key == ITEMS[2].right(GO) else choice.seen}\n    {choice.text}")

# %% [markdown]
# ## What your log says
#
# Two sheets with one code word are a pair. A group of them says how many answers were right before and after. It says
# nothing of *why*: for that, some people must answer twice without the course between.

# %%
from arenalab.course.inventory import change, read_kept

sheets, unreadable = read_kept()
print(f"sheets kept here: {len(sheets)}, lines that can't be read: {unreadable}")
print(change(sheets, ITEMS).text())

# %% [markdown]
# ## How good are the questions?
#
# A question can be too easy, or be answered by chance by those who know most. Three numbers tell:
#
# * [difficulty](glossary.md#item-difficulty): the share of right answers; the higher, the easier;
# * [discrimination](glossary.md#item-discrimination): the correlation with the score on all other questions; near 0, a
#   question tells nothing of who knows;
# * how often each [distractor](glossary.md#distractor) was chosen: one that nobody takes is no distractor.
#
# Nobody's answers come with this notebook. **These 300 people are simulated**, from difficulties that we know, so that
# you see whether the statistics find them again. Put `[sheet.answers for sheet in sheets]` in their place for your own.

# %%
import numpy as np

from arenalab.course.inventory import simulated, statistics

known = np.linspace(-2, 2, len(ITEMS))
answers = simulated(ITEMS, 300, known)
for found in statistics(ITEMS, answers)[::4]:
    print(f"{found.item:26} {found.difficulty:4.0%} right  {found.discrimination:4.2f}  {found.chosen}")

# %% [markdown]
# The share of right answers depends on who answered. The [Rasch model](glossary.md#rasch-model) takes that apart: each
# person has an ability, each question a difficulty, both on one scale, and only their difference counts. It needs the
# extra `inventory` (statsmodels, for the regression); without it the next cell says how to install that.
#
# **Predict:** how far are the fitted difficulties from the known ones, measured in their own standard errors?

# %% jupyter={"outputs_hidden": true}
from arenalab.course.inventory import rasch

fitted = rasch(ITEMS, answers)
off = [(it.logits - b) / it.error for it, b in zip(fitted, known, strict=True)]
for it, b in list(zip(fitted, known, strict=True))[::4]:
    print(f"{it.item:26} known {b:5.2f}, fitted {it.logits:5.2f} ± {it.error:.2f}")
print(f"typically {np.sqrt(np.mean(np.square(off))):.1f} standard errors")

# %% [markdown]
# ## What we learned
#
# * A belief about arenas is a guess about a program's run, and the run can be asked.
# * A share of right answers is about people and questions at once; a model with both can tell them apart.
# * Two sheets measure a change, never its cause.

# %%
assert len(ITEMS) == 20
assert all(choice.seen for item in ITEMS for choice in item.choices if choice.key != item.right(GO))
assert np.corrcoef([it.logits for it in fitted], known)[0, 1] > 0.98

# %% [markdown]
# *Sources: each wrong choice names its own; the pairwise way to fit a Rasch model is B. Choppin's (1985).*
#
# **Back to:** [the course](index.ipynb)
