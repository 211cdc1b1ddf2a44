"""The Rasch model of the inventory: how difficult each item is, on one scale for items and people.

A person of ability θ has an item of difficulty b right with probability 1 / (1 + exp(b − θ)). Of two items of which a
person has exactly one right, which one it is depends on the two difficulties alone: θ cancels. So all pairs of items
are an ordinary logistic regression, which statsmodels fits (pairwise conditional estimation; B. Choppin, "A fully
conditional estimation procedure for Rasch model parameters", 1985). It needs no opinion about how able people are, and
an item that somebody left out does no harm. Pairs are not independent, so errors come from people drawn again.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.asked import called, whole
from arenalab.course.inventory.item import Item
from arenalab.course.inventory.statistics import right_and_given
from arenalab.errors import ScenarioError
from arenalab.go.versions import NEWEST
from arenalab.install import require

FEWEST = 30  #: people below whom no model is fitted.
RESAMPLES = 50

Matrix = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Difficulty:
    """How difficult an item is."""

    item: str
    logits: float  #: 0 is the mean of all items; 1 more, and the odds of a right answer fall by e. NaN: not known.
    error: float  #: standard error, from people drawn again.


@called
def rasch(
    items: Sequence[Item], answers: Sequence[Mapping[str, str]], go: str = NEWEST, *, resamples: int = RESAMPLES
) -> list[Difficulty]:  # fmt: skip
    """Fit the Rasch model to answers.

    Args:
        items: the items that were given.
        answers: of each person, item -> key of the choice; an item left out is not counted.
        go: the version of Go that the answers were about.
        resamples: how often people are drawn again for the errors.

    Raises:
        MissingExtraError: statsmodels is not installed.
        ScenarioError: fewer than 30 people, or an answer that is no choice.

    """
    require("inventory", "statsmodels")
    whole("resamples", resamples, "how often people are drawn again")
    if len(answers) < FEWEST:
        raise ScenarioError(f"answers: {len(answers)} people; a Rasch model needs at least {FEWEST}")
    right, given = right_and_given(items, answers, go)
    found, dice = _fitted(right, given), np.random.default_rng(1)
    drawn = [dice.integers(len(right), size=len(right)) for _ in range(resamples)]
    again = np.array([_fitted(right[who], given[who]) for who in drawn]).reshape(resamples, len(items))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of an item that is not known in any drawing
        errors = np.nanstd(again, axis=0, ddof=1)
    return [
        Difficulty(item.name, float(b), float(e)) for item, b, e in zip(items, found, errors, strict=True)
    ]


def _fitted(right: Matrix, given: Matrix) -> Floats:
    """Return the difficulties, their mean 0; NaN of an item that all, or none, of those who differ had right."""
    hit = np.logical_and(right, given).astype(np.int64)
    miss = np.logical_and(np.logical_not(right), given).astype(np.int64)
    only = hit.T @ miss  # only[i, j]: people who had i right and j wrong
    known = np.logical_and(only.sum(axis=0) > 0, only.sum(axis=1) > 0)
    places = np.flatnonzero(known)
    found = np.full(right.shape[1], np.nan)
    if len(places) > 1:
        found[places] = _regression(only[np.ix_(places, places)])
    return found


def _regression(only: npt.NDArray[np.int64]) -> Floats:
    """Fit the difficulties of items to how often one of two was right."""
    import statsmodels.api as sm  # noqa: PLC0415  # an extra

    first, second = np.triu_indices(len(only), 1)
    counts = np.column_stack([only[first, second], only[second, first]])
    design = np.zeros((len(first), len(only)))
    design[np.arange(len(first)), second], design[np.arange(len(first)), first] = 1, -1
    seen = counts.sum(axis=1) > 0
    model: Any = sm.GLM(counts[seen], design[seen][:, 1:], family=sm.families.Binomial())
    found = np.append(0.0, model.fit().params)
    centred: Floats = found - found.mean()
    return centred
