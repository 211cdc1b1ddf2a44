"""What every picture must keep to, whatever it shows: text that can be read, inside the paper, on no other text.

Rule: it reads the shapes as a page gets them, and knows nothing of how they were laid out.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from arenalab.draw.lettering import text_width

WIDTHS = (280, 600, 960)  #: points: a phone, half a page, a page.
HIGH, HIGH_NARROW = 540, 900  #: points that a picture may be high on a page and on a phone.
TEXT = re.compile(r'<text x="(-?[\d.]+)" y="(-?[\d.]+)"([^>]*)>([^<]*)</text>')
ASCENT, DESCENT = (
    0.74,
    0.16,
)  #: of the font size, from the baseline: up to the top of a capital, down into a tail.
SLACK = 1.0  #: points by which boxes of text may touch: widths are estimates that err upwards.


AREA = re.compile(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"[^>]* class="f-(\w+)')


class Words(NamedTuple):
    """One text of a picture, with the box that it takes."""

    words: str
    size: float
    left: float
    top: float
    right: float
    bottom: float
    on: str  #: the meaning of the area that it is written on, "" for the paper.


def texts(scene):
    """Return all texts of a scene."""
    return [_words(*found) for found in TEXT.findall("".join(scene.shapes)) if found[3].strip()]


def _words(x, y, look, said):
    size, words = float(re.search(r'font-size="([\d.]+)"', look)[1]), unescape(said)
    wide = text_width(words, size, mono=" mono" in look, bold="font-weight" in look)
    share = {"start": 0, "middle": 0.5, "end": 1}[
        (re.search(r'text-anchor="(\w+)"', look) or ["", "start"])[1]
    ]
    left = float(x) - share * wide
    on = (re.search(r'class="i-(\w+)', look) or ["", ""])[1]
    return Words(words, size, left, float(y) - ASCENT * size, left + wide, float(y) + DESCENT * size, on)


def faults(scene):
    """Return what is wrong with a picture, in words; [] for one that can be read."""
    found, every = [], texts(scene)
    for its in every:
        if its.size < scene.room.least:
            found.append(f"{its.words!r} is {its.size:g} points high, {scene.room.least:g} is the least")
        if (
            its.left < -SLACK
            or its.top < -SLACK
            or its.right > scene.width + SLACK
            or its.bottom > scene.height + SLACK
        ):
            found.append(
                f"{its.words!r} leaves the picture of {scene.width:g} x {scene.height:g}: {its[2:6]}"
            )
    found += [f"{one.words!r} lies on {other.words!r}" for one, other in _overlapping(every)]
    most = HIGH if scene.room.wide else HIGH_NARROW
    return found + ([f"{scene.height:g} points high, {most} is the most"] if scene.height > most else [])


def _overlapping(every):
    """Return the pairs of texts that cover each other; the very same text twice at one place counts too."""
    rows = sorted(every, key=lambda its: its.top)
    for number, one in enumerate(rows):
        for other in rows[number + 1 :]:
            if other.top >= one.bottom - SLACK:
                break
            if one.left < other.right - SLACK and other.left < one.right - SLACK:
                yield one, other


def spilled(scene):
    """Return the texts that leave the area that they are written on, in words."""
    areas = [(*map(float, found[:4]), found[4]) for found in AREA.findall("".join(scene.shapes))]
    return [
        f"{its.words!r} leaves its area {its.on}"
        for its in texts(scene)
        if its.on and not _within(its, areas)
    ]


def _within(its, areas):
    return any(
        its.on == on and x - SLACK <= its.left and its.right <= x + wide + SLACK and y - SLACK <= its.top
        and its.bottom <= y + high + SLACK
        for x, y, wide, high, on in areas
    )  # fmt: skip
