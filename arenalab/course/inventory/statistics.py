"""Item statistics: how hard an item is, whether it tells who knows, and which distractors are chosen.

Classical test theory: difficulty is the share of right answers; discrimination the correlation of an item with the
score on all others (corrected item-total), so an item does not count for itself. They describe answers that were
given by some people, no more: what anyone learned takes two occasions and a comparison.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from arenalab.course.inventory.item import Item
from arenalab.errors import ScenarioError, shown
from arenalab.go.versions import NEWEST

FEWEST = 10  #: people below whom nothing is said of discrimination.


@dataclass(frozen=True)
class ItemStatistics:
    """What the answers to one item were."""

    item: str
    answers: int  #: people who answered it.
    difficulty: float  #: share of right answers among them; the higher, the easier. NaN without any.
    discrimination: float  #: correlation with the score on all other items; NaN for fewer than 10 people.
    chosen: dict[str, int]  #: choice -> how many chose it, unused distractors too.


def statistics(
    items: Sequence[Item], answers: Sequence[Mapping[str, str]], go: str = NEWEST
) -> list[ItemStatistics]:
    """Return the statistics of each item.

    Args:
        items: the items that were given.
        answers: of each person, item -> key of the choice; an item left out is counted as not answered.
        go: the version of Go that the answers were about.

    Raises:
        ScenarioError: an answer to an item that is not among these, or a choice that it does not have.

    """
    right, given = right_and_given(items, answers, go)
    return [_of(item, right, given, column, answers) for column, item in enumerate(items)]


def right_and_given(
    items: Sequence[Item], answers: Sequence[Mapping[str, str]], go: str = NEWEST
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return whether each person (row) had each item (column) right, and whether they answered it at all.

    Raises:
        ScenarioError: an answer to an item that is not among these, or a choice that it does not have.

    """
    _check(items, answers)
    keys = [item.right(go) for item in items]
    right = [
        [person.get(item.name) == key for item, key in zip(items, keys, strict=True)] for person in answers
    ]
    given = [[item.name in person for item in items] for person in answers]
    shape = len(answers), len(items)
    return np.array(right, dtype=bool).reshape(shape), np.array(given, dtype=bool).reshape(shape)


def _check(items: Sequence[Item], answers: Sequence[Mapping[str, str]]) -> None:
    keys = {item.name: item.keys for item in items}
    for number, person in enumerate(answers):
        for name, key in person.items():
            if name not in keys:
                raise ScenarioError(
                    f"answers[{number}]: no item {shown(name)}; expected one of: {', '.join(keys)}"
                )
            if key not in keys[name]:
                raise ScenarioError(
                    f"answers[{number}][{name!r}]: no choice {shown(key)}; expected one of: {', '.join(keys[name])}"
                )


def _of(
    item: Item, right: npt.NDArray[np.bool_], given: npt.NDArray[np.bool_], column: int,
    answers: Sequence[Mapping[str, str]],
) -> ItemStatistics:  # fmt: skip
    who = given[:, column]
    mine, rest = right[who, column], np.delete(right[who], column, axis=1).sum(axis=1)
    chosen = {key: sum(person.get(item.name) == key for person in answers) for key in item.keys}
    share = float(mine.mean()) if len(mine) else float("nan")
    return ItemStatistics(item.name, int(who.sum()), share, _correlation(mine, rest), chosen)


def _correlation(mine: npt.NDArray[np.bool_], rest: npt.NDArray[np.int64]) -> float:
    """Return the point-biserial correlation; NaN for few people, or where all did alike."""
    if len(mine) < FEWEST or mine.all() or not mine.any() or (rest == rest[0]).all():
        return float("nan")
    return float(np.corrcoef(mine, rest)[0, 1])
