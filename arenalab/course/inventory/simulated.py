"""Answers of simulated people, whose abilities and whose items' difficulties are known: what statistics are tried on.

They stand for nobody. What is found in them says whether a statistic can find it, and nothing of real readers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from arenalab.course.inventory.item import Item
from arenalab.go.versions import NEWEST


def simulated(
    items: Sequence[Item], people: int, difficulties: npt.ArrayLike, *, ability: float = 0.0, seed: int = 1,
    go: str = NEWEST,
) -> list[dict[str, str]]:  # fmt: skip
    """Return the answers of people to items, after the Rasch model; who is wrong takes any distractor alike.

    Args:
        items: the items.
        people: how many; their abilities are normal, with standard deviation 1.
        difficulties: of each item, in logits.
        ability: the people's mean, in logits.
        seed: of the dice; another seed is other people.
        go: the version of Go that the answers are about.

    """
    dice = np.random.default_rng(seed)
    theta = dice.normal(ability, size=(people, 1))
    knows = dice.random((people, len(items))) < 1 / (1 + np.exp(np.asarray(difficulties) - theta))
    keys = [item.right(go) for item in items]
    wrong = [[key for key in item.keys if key != right] for item, right in zip(items, keys, strict=True)]
    return [
        {
            item.name: keys[at] if row[at] else str(dice.choice(wrong[at]))
            for at, item in enumerate(items)
        }
        for row in knows
    ]  # fmt: skip
