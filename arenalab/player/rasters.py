"""Rasters on their way to the page: what their classes look like and mean, and what turns one into the next.

Rule: a page that holds the raster which a delta begins at, and applies it, has all words.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from arenalab.draw.raster import raster_colours
from arenalab.draw.theme import PAPERS
from arenalab.view.chunk_raster import Raster, runs


class Canvas(NamedTuple):
    """A place for a raster."""

    name: str  #: by which frames call it.
    label: str  #: what a screen reader, and its tab, calls it.
    place: str = "tab"  #: "tab": seen when it is asked for; "main": beside the picture.
    ratio: float = 1  #: its width by its height.


def look_of(raster: Raster) -> dict[str, Any]:
    """Return all that tells what classes look like, on either paper, and what they mean."""
    return {
        "heading": raster.heading(), "columns": raster.columns, "cell": raster.cell, "bytes": raster.cell_bytes,
        "starts": [[cell, str(address)] for cell, address in raster.starts or ((0, raster.base),)],
        "said": list(raster.said),
        "legend": [[2 * raster.keys.index(key), said, ""] for key, said in raster.legend()],
        "colours": {paper: raster_colours(raster.keys, paper) for paper in PAPERS},
        "tone": {paper: PAPERS[paper]["now"] for paper in PAPERS},
        "rule": {paper: PAPERS[paper]["paper"] if raster.ruled else "" for paper in PAPERS},
    }  # fmt: skip


class Delta(NamedTuple):
    """How a page comes to have a raster."""

    data: bytes | None  #: uint32 (first word, words, class)*, or all words as uint8; None where none changed.
    whole: bool  #: whether `data` is all words.
    meant: bool  #: whether the page has to be sent the meanings of the classes again.


def delta(base: Raster | None, raster: Raster) -> Delta:
    """Return what makes `raster` of `base`, or of nothing: whichever is less."""
    if base is None or len(base.words) != len(raster.words):
        return Delta(raster.words.tobytes(), whole=True, meant=True)
    changed = runs(base.words, raster.words)
    meant = base.means() != raster.means()
    if changed.nbytes >= len(raster.words) > 0:
        return Delta(raster.words.tobytes(), whole=True, meant=True)
    return Delta(changed.tobytes() if len(changed) else None, whole=False, meant=meant)
