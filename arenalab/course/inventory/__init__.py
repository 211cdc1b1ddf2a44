"""Arena Inventory: twenty conceptual questions about arenas, whose answers the model computes for each version of Go.

Rules of this package:
1. No answer is written down. An item holds a program; which of its choices is right is read off the run.
2. A distractor is what people were seen to believe; each says where.
3. The statistics describe answers that were given. They claim no learning.
"""

from arenalab.course.inventory.item import Choice, Item
from arenalab.course.inventory.items import ITEMS
from arenalab.course.inventory.statistics import ItemStatistics, statistics

__all__ = ["ITEMS", "Choice", "Item", "ItemStatistics", "statistics"]
