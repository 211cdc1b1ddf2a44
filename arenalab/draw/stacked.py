"""Several still pictures in one, below each other; and a still of nothing but words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from arenalab.draw.scene import WIDTH
from arenalab.draw.still import Still, Svg
from arenalab.draw.theme import Paper

SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"')
GAP = 12
LINE = 18


def stacked(stills: Sequence[Still], paper: Paper, title: str) -> Still:
    """Return pictures below each other; each keeps its own title and description."""
    sizes = [tuple(map(float, match.groups())) for match in map(SIZE.match, stills) if match]
    height = sum(high for _, high in sizes) + GAP * (len(sizes) - 1)
    svg = Svg(max(wide for wide, _ in sizes), height, paper, title, "")
    top = 0.0
    for still, (_, high) in zip(stills, sizes, strict=True):
        svg.insert(0, top, still)
        top += high + GAP
    return Still(svg)


def words_still(lines: Sequence[str], paper: Paper, title: str) -> Still:
    """Return a picture of a few lines of text."""
    svg = Svg(WIDTH, LINE * (len(lines) + 1), paper, title, "\n".join(lines))
    for number, line in enumerate(lines, 1):
        svg.text(16, LINE * number, line, width=WIDTH - 32)
    return Still(svg)
