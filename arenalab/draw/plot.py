"""Plot: a bokeh figure that shows views; all that the floors above know of drawing.

Laws of this file:
1. `update` sets whole columns, one assignment per source: time runs backwards as well.
2. What a meaning looks like is decided by colour mappers, so that changing the paper changes no data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

from bokeh.models import CategoricalColorMapper, CDSView, ColumnDataSource, GroupFilter, LayoutDOM
from bokeh.transform import transform

from arenalab.draw.theme import LOOKS, PAPERS, Hatch, Look, Paper
from arenalab.view.columns import Column

V_contra = TypeVar("V_contra", contravariant=True)

#: The theme's hatches in bokeh's words.
PATTERNS: dict[Hatch, str] = {
    "": "blank",
    "dots": "dot",
    "slash": "right_diagonal_line",
    "backslash": "left_diagonal_line",
    "cross": "diagonal_cross",
    "dense": "cross",
}


class Plot(Protocol, Generic[V_contra]):
    """What every plot has."""

    root: LayoutDOM  #: what is put on the page.
    sources: dict[str, ColumnDataSource]  #: all that `update` changes, by name.
    palettes: Palettes  #: the colours, by meaning.

    def update(self, view: V_contra) -> None:
        """Show a view."""


class Palettes:
    """Colour mappers from meaning to look, and everything else that depends on the paper."""

    def __init__(self, looks: dict[str, Look] | None = None) -> None:
        """Make mappers for `looks` (default: all of the theme)."""
        self.looks = LOOKS if looks is None else looks
        factors = list(self.looks)
        self.fill = CategoricalColorMapper(factors=factors, palette=self._colours("fill", "light"))
        self.edge = CategoricalColorMapper(
            factors=[*factors, *(f"{name}~" for name in factors), "now"], palette=self._outlines("light")
        )
        self.ink = CategoricalColorMapper(factors=factors, palette=self._colours("ink", "light"))
        self.hatches: list[tuple[Any, str]] = []  #: (renderer, meaning)
        self.toned: list[tuple[Any, str, str]] = []  #: (model, property, tone of the paper)

    def _colours(self, part: str, paper: Paper) -> list[str]:
        return [getattr(look.on(paper), part) for look in self.looks.values()]

    def _outlines(self, paper: Paper) -> list[str]:
        return [*self._colours("edge", paper), *self._colours("fill", paper), PAPERS[paper]["now"]]

    def area(self, meaning: str = "meaning", outline: str = "meaning") -> dict[str, Any]:
        """Return the properties of glyphs that are filled and outlined by the columns named, without a hatch."""
        return {"fill_color": transform(meaning, self.fill), "line_color": transform(outline, self.edge)}

    def areas(self, plot: Any, source: ColumnDataSource, *sides: Any) -> Any:
        """Draw rectangles that look as their columns `meaning`, `outline`, `line_width` and `dash` say.

        Hatches are drawn by renderers of their own, one for each meaning that has one: bokeh makes a
        pattern once for a renderer, but again for each rectangle when a column names it.

        Returns:
            The renderer of the rectangles, for hovering.

        """
        look = self.area(outline="outline")
        drawn = plot.quad(*sides, source=source, line_width="line_width", line_dash="dash", **look)
        for meaning, its in self.looks.items():
            if its.hatch:
                those = CDSView(filter=GroupFilter(column_name="meaning", group=meaning))
                hatch = plot.quad(*sides, source=source, view=those, fill_color=None, line_color=None)
                hatch.glyph.update(hatch_pattern=PATTERNS[its.hatch], hatch_alpha=0.55, hatch_scale=8)
                hatch.glyph.hatch_color = its.light.edge
                self.hatches.append((hatch, meaning))
        return drawn

    def tone(self, model: Any, **properties: str) -> Any:
        """Give a model's colour properties tones of the paper ("text", "faint", "line", "now"); return it."""
        for name, tone in properties.items():
            self.toned.append((model, name, tone))
            setattr(model, name, PAPERS["light"][tone])
        return model

    def paint(self, paper: Paper) -> None:
        """Give every mapper and every toned property the colours of a paper."""
        self.fill.palette = self._colours("fill", paper)
        self.edge.palette = self._outlines(paper)
        self.ink.palette = self._colours("ink", paper)
        for model, name, tone in self.toned:
            setattr(model, name, PAPERS[paper][tone])
        for renderer, meaning in self.hatches:
            renderer.glyph.hatch_color = self.looks[meaning].on(paper).edge

    def show_hatches(self) -> None:
        """Hide the hatches of meanings that no rectangle has now: a hidden renderer costs nothing."""
        for renderer, meaning in self.hatches:
            wanted = meaning in renderer.data_source.data.get("meaning", [])
            if renderer.visible != wanted:
                renderer.visible = wanted


def show_data(source: ColumnDataSource, data: dict[str, list[Any]]) -> None:
    """Give a source all its columns at once; equal ones are left alone, so that nothing is sent or painted."""
    if dict(source.data) != data:
        source.data = data


def as_lists(columns: dict[str, Column], order: Column | Sequence[int] | None = None) -> dict[str, list[Any]]:
    """Return columns as plain lists, in another order if one is given: what travels to the page."""
    return {name: (column if order is None else column[order]).tolist() for name, column in columns.items()}
