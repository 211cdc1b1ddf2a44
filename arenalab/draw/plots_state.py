"""What a page gets of a picture of plots, as JSON data: the document, its columns, its legend, its colours."""

from __future__ import annotations

import hashlib
from itertools import takewhile
from typing import Any

from arenalab.draw.plots import Plot, Plots, ends, roomy
from arenalab.draw.plots_columns import columns_of

MOST = 8  #: documents that are kept: making one takes a tenth of a second.
_documents: dict[str, tuple[dict[str, Any], list[list[str]]]] = {}


def chart_state(plots: Plots) -> dict[str, Any]:
    """Return all that a page needs of a picture, as JSON data; `Now.data` moves it."""
    key = _key(plots)
    item, paint = _document(key, plots)
    every = plots.every()
    return {
        "key": key, "item": item, "paint": paint, "columns": columns_of(plots),
        "legend": [_legend(plots, plot) for plot in every if not plot.strip],
        "across": plots.across, "label": plots.name, "beside": plots.beside, "told": list(plots.told),
        "thinned": plots.thinned, "selects": list(plots.selects), "selected": list(plots.selected),
        "whole": list(ends(every[0].across)), "titles": [plot.title for plot in every],
        "scales": [[*ends(plot.across), *roomy(plot.upward)] for plot in every],
    }  # fmt: skip


def _document(key: str, plots: Plots) -> tuple[dict[str, Any], list[list[str]]]:
    """Return the document and its colours, made once for a key."""
    if key not in _documents:
        if len(_documents) >= MOST:
            del _documents[next(iter(_documents))]
        from arenalab.draw.plots_figure import PlotsFigure  # noqa: PLC0415  # half a second that most pages need not wait

        made = PlotsFigure(plots)
        _documents[key] = made.item(), made.colours()
    return _documents[key]


def _key(plots: Plots) -> str:
    """Return the same text for pictures whose documents differ in nothing but data, titles and ends of their axes."""
    parts: list[Any] = [plots.across, plots.selects]
    for plot in plots.every():
        parts += [plot.height, plot.strip, plot.bare]
        parts += [(axis.words, axis.unit, axis.log, axis.ticks) for axis in (plot.across, plot.upward)]
        parts += [
            (line.id, line.meaning, line.dash, line.joined, line.filled, line.marker, line.tone)
            for line in plot.lines
        ]
        parts += [(tip.label, tip.unit) for tip in (plot.probe[1] if plot.probe else ())]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _legend(plots: Plots, plot: Plot) -> dict[str, Any]:
    """Return what stands beside a plot: its lines, and what is hidden with each."""
    every = plots.every()
    strips = takewhile(lambda it: it.strip, every[every.index(plot) + 1 :])
    drawn = [line for it in every for line in it.lines]
    lines = [
        {
            "id": line.id, "name": line.name, "meaning": line.tone or line.meaning, "tone": bool(line.tone),
            "dash": line.dash, "marker": line.marker, "filled": line.filled or line.between is not None,
            "joined": line.joined,
            "explain": line.explain, "names": [it.id for it in drawn if line.id in (it.id, it.of)],
        }
        for line in plot.legend()
    ]  # fmt: skip
    height = plot.height + sum(it.height for it in strips)
    return {
        "title": plot.title,
        "heads": list(plot.heads),
        "words": plot.words,
        "lines": lines,
        "height": height,
    }
