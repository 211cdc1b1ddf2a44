"""Frames: all that a page shows of one place, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from arenalab.draw.scene import Scene
from arenalab.draw.theme import EVENT_COLOURS, EVERY_LOOK
from arenalab.view.chunk_raster import Raster
from arenalab.view.reading import Reading


@dataclass(frozen=True)
class Picture:
    """What is to be seen at one place."""

    key: str  #: of the place.
    at: int  #: where the slider stands.
    scene: Scene
    told: dict[str, Any]  #: the moment in words, see `told_of`.
    legend: list[list[str]]  #: (meaning, word, explanation) of what is in the picture.
    next: str | None = None  #: key of the place one step on; None where there is none
    back: str | None = None  #: and one step back.
    rasters: Mapping[str, Raster] = field(default_factory=dict)  #: by the name of their canvas.
    line: int = -1  #: number of the listing's current line.
    kinds: list[str] = field(default_factory=list)  #: of the events that happened in the step that led here.
    stop: str | None = None  #: key of the first place on the way here at which a breakpoint holds.
    chart: dict[str, Any] | None = None  #: what a chart needs for this place.

    def data(self) -> dict[str, Any]:
        """Return all but shapes and rasters as JSON data."""
        its = self.scene
        return {
            "key": self.key, "at": self.at, "next": self.next, "back": self.back, "told": self.told,
            "line": self.line, "kinds": self.kinds, "break": self.stop, "legend": self.legend, "chart": self.chart,
            "scene": {"size": [its.width, its.height], "title": its.title},
        }  # fmt: skip


def told_of(moment: Reading, *, explain: str = "", go: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Return a moment as data; `op` is the number of the current operation."""
    return {
        "op": moment.op, "ops": moment.ops, "call": moment.call, "asked": moment.asked,
        "event": moment.index, "events": moment.events, "sentence": moment.sentence, "last": moment.last,
        "kind": moment.kind, "family": EVENT_COLOURS.get(moment.kind, "none"), "explain": explain,
        "go": dict(go) if go else None, "remarks": list(moment.remarks),
        "source": [[line.number, line.text, line.marked] for line in moment.listing], "lines": moment.lines,
    }  # fmt: skip


def legend_of(
    there: Iterable[str], offered: Iterable[str], words: Mapping[str, str], explained: Mapping[str, str]
) -> list[list[str]]:
    """Return (meaning, word, explanation) of what is there, in the order in which it is offered."""
    seen = set(there)
    return [
        [meaning, words.get(meaning, EVERY_LOOK[meaning].word), explained.get(meaning, "")]
        for meaning in offered
        if meaning in seen
    ]
