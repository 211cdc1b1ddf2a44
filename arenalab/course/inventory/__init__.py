"""Arena Inventory: twenty conceptual questions about arenas, whose answers the model computes for each version of Go.

Rules of this package:
1. No answer is written down. An item holds a program; which of its choices is right is read off the run.
2. A distractor is what people were seen to believe; each says where.
3. The statistics describe answers that were given. They claim no learning.
4. Answers are kept only when their reader asks for it, in a file of JSON lines beside the notebook; nothing is sent.
"""

from arenalab.course.inventory.item import Choice, Item
from arenalab.course.inventory.items import ITEMS
from arenalab.course.inventory.kept_answers import Change, Sheet, change, keep, read_kept
from arenalab.course.inventory.rasch import Difficulty, rasch
from arenalab.course.inventory.sheet import Inventory
from arenalab.course.inventory.simulated import simulated
from arenalab.course.inventory.statistics import ItemStatistics, statistics

__all__ = [
    "ITEMS",
    "Change",
    "Choice",
    "Difficulty",
    "Inventory",
    "Item",
    "ItemStatistics",
    "Sheet",
    "change",
    "keep",
    "rasch",
    "read_kept",
    "simulated",
    "statistics",
]
