"""Routes: ways for arrows between boxes that hit no other box, and labels that hit nothing.

Rule: routes depend on boxes and arrows alone, so an arrow stays where it is while a run is
stepped through; each is the cheapest of a few bends, given those before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from arenalab.draw.lettering import text_width
from arenalab.draw.scene import Box, Point

Points = npt.NDArray[np.float64]

BENDS = (0, 34, -34, 60, -60, 90, -90, 130, -130, 190, -190, 280, -280)  #: how far beside the straight way.
AT = np.linspace(0, 1, 31)[:, None]  #: where a curve is looked at.
SHARES = (0.5, 0.4, 0.6, 0.25, 0.75)  #: where on the straight way a curve is pulled aside.
PLACES = (
    0.5,
    0.45,
    0.55,
    0.4,
    0.6,
    0.35,
    0.65,
    0.3,
    0.7,
    0.25,
    0.75,
    0.2,
    0.8,
    0.15,
    0.85,
)  #: where on its curve a label may stand.
ROUNDS = 3  #: how often all labels are placed again.
NEAR = 11  #: points within which two curves are too close.
LABEL_SIZE, LABEL_HEIGHT = 11, 13


class Route(NamedTuple):
    """The way of one arrow."""

    start: Point
    end: Point
    bend: Point
    label: Point  #: middle of its label's baseline.


def routed(boxes: Mapping[str, Box], arrows: Sequence[tuple[str, str, str]], sheet: Box) -> list[Route]:
    """Return a route for each arrow (source, target, label) between named boxes within a sheet.

    An arrow from a box to itself becomes a loop at its right side.
    """
    return _routed(tuple(boxes.items()), tuple(arrows), sheet)


@cache
def _routed(
    boxes: tuple[tuple[str, Box], ...], arrows: tuple[tuple[str, str, str], ...], sheet: Box
) -> list[Route]:
    named = dict(boxes)
    ways: list[Points] = []
    ends: list[tuple[Point, Point, Point]] = []
    for source, target, _ in arrows:
        others = [box for name, box in boxes if name not in {source, target}]
        one, other = named[source], named[target]
        tried = [_way(one, other, bend, share) for bend in BENDS for share in (SHARES if bend else (0.5,))]
        its, way = min(tried, key=lambda it: _way_cost(it[1], others, ways, sheet))
        ways.append(way)
        ends.append(its)
    labels = _labels([words for *_, words in arrows], ways, list(named.values()), sheet)
    middles = ((x + wide / 2, y + LABEL_HEIGHT / 2 + LABEL_SIZE * 0.36) for x, y, wide, _ in labels)
    return [Route(*its, middle) for its, middle in zip(ends, middles, strict=True)]


def _labels(words: list[str], ways: list[Points], boxes: list[Box], sheet: Box) -> list[Box]:
    """Return where labels stand: each at the best place of its curve, given all others, `ROUNDS` times over."""
    chosen: dict[int, Box] = {}
    for number in [*range(len(ways))] * ROUNDS:
        others = [box for other, box in chosen.items() if other != number]
        crossed = [way for other, way in enumerate(ways) if other != number]
        places = [_label(ways[number], words[number], at) for at in PLACES]
        costs = [_label_cost(box, others, boxes, crossed, sheet) for box in places]
        chosen[number] = places[costs.index(min(costs))]
    return [chosen[number] for number in range(len(ways))]


def _way(one: Box, other: Box, aside: float, share: float) -> tuple[tuple[Point, Point, Point], Points]:
    """Return start, end and bend of a curve that is pulled aside at a share of its way, and points on it."""
    here, there = _middle(one), _middle(other)
    if one == other:
        right = one[0] + one[2]
        start, end = (right, here[1] - 14), (right, here[1] + 14)
        bend = (right + 60 + abs(aside), here[1])
    else:
        way = np.subtract(there, here)
        pulled = np.add(here, way * share) + np.array([-way[1], way[0]]) / np.hypot(*way) * aside
        bend = (float(pulled[0]), float(pulled[1]))
        start, end = _edge(one, bend), _edge(other, bend)
    return (start, end, bend), _curve(start, bend, end, AT)


def _label(way: Points, words: str, at: float) -> Box:
    """Return the box of a label on a curve."""
    x, y = (float(n) for n in way[round(at * (len(way) - 1))])
    half = text_width(words, LABEL_SIZE, bold=True) / 2
    return x - half, y - LABEL_HEIGHT / 2, 2 * half, LABEL_HEIGHT


def _curve(start: Point, bend: Point, end: Point, at: Points) -> Points:
    ends: Points = (
        (1 - at) ** 2 * np.array(start) + 2 * at * (1 - at) * np.array(bend) + at**2 * np.array(end)
    )
    return ends


def _middle(box: Box) -> Point:
    return box[0] + box[2] / 2, box[1] + box[3] / 2


def _edge(box: Box, towards: Point) -> Point:
    """Return where the line from the middle of a box towards a point leaves it."""
    x, y = _middle(box)
    dx, dy = towards[0] - x, towards[1] - y
    share = min(box[2] / 2 / max(abs(dx), 1e-9), box[3] / 2 / max(abs(dy), 1e-9))
    return x + dx * share, y + dy * share


def _way_cost(way: Points, others: list[Box], ways: list[Points], sheet: Box) -> float:
    """Return how bad a way is: through other boxes, close to other ways, off the sheet, long."""
    hit = sum(int(_within(way, box, 5).sum()) for box in others)
    inner = way[3:-3, None]
    near = [(np.hypot(*(inner - other[None]).transpose(2, 0, 1)) < NEAR).any(axis=1) for other in ways]
    lost = len(way) - int(_within(way, sheet, 0).sum())
    length = float(np.hypot(*np.diff(way, axis=0).T).sum())
    return 60 * hit + 4 * sum(int(close.sum()) for close in near) + 200 * lost + 0.12 * length


def _label_cost(label: Box, labels: list[Box], boxes: list[Box], ways: list[Points], sheet: Box) -> float:
    """Return how bad a label's place is: on labels, on boxes, on other ways, off the sheet."""
    outside = any(label[n] < sheet[n] or label[n] + label[n + 2] > sheet[n] + sheet[n + 2] for n in (0, 1))
    hit = 20 * sum(_overlap(label, other) for other in labels) + 5 * sum(
        _overlap(label, box) for box in boxes
    )
    return hit + 20 * outside + sum(bool(_within(way, label, 2).any()) for way in ways)


def _within(points: Points, box: Box, margin: float) -> npt.NDArray[np.bool_]:
    x, y, width, height = box
    inside: npt.NDArray[np.bool_] = (
        (points[:, 0] > x - margin)
        * (points[:, 0] < x + width + margin)
        * (points[:, 1] > y - margin)
        * (points[:, 1] < y + height + margin)
    )
    return inside


def _overlap(one: Box, other: Box) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )
