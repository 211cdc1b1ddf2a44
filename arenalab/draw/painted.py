"""Painted: a bokeh figure whose colours are those of a paper, and what all our figures look like."""

from __future__ import annotations

from typing import Any

from arenalab.draw.theme import EVERY_LOOK, FONT, PAPERS, Paper

SMALL, USUAL = ({"text_font": FONT, "text_font_size": f"{size}px"} for size in (11, 12))

#: A wheel without ctrl scrolls the page, and bokeh would tell so each time, across the title.
QUIET = ".bk-Panel { display: none; }"


class Painted:
    """Knows which colour each property of its models has on either paper."""

    def __init__(self) -> None:
        """Begin with nothing to paint."""
        self._coloured: list[tuple[Any, str, dict[Paper, str]]] = []

    def paint(self, paper: Paper) -> None:
        """Take the colours of a paper."""
        for model, name, colours in self._coloured:
            setattr(model, name, colours[paper])

    def coloured(self) -> list[tuple[Any, str, dict[Paper, str]]]:
        """Return every coloured property: its model, its name, its colour on each paper."""
        return list(self._coloured)

    @staticmethod
    def hatch_of(meaning: str) -> str:
        """Return the theme's hatch of a meaning."""
        return EVERY_LOOK[meaning].hatch

    def tone(self, model: Any, **tones: str) -> None:
        """Give colour properties of a model tones of the paper."""
        for name, tone in tones.items():
            self._coloured.append((model, name, {paper: PAPERS[paper][tone] for paper in PAPERS}))

    def look(self, model: Any, meaning: str, **parts: str) -> None:
        """Give colour properties of a model parts of a look: "fill", "edge"."""
        look = EVERY_LOOK[meaning]
        for name, part in parts.items():
            self._coloured.append((model, name, {paper: getattr(look.on(paper), part) for paper in PAPERS}))
