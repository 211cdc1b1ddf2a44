"""The whole heap of a program at a moment of its trace: recorded, with no model in it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from arenalab.units import counted, human
from arenalab.view.axis_part import WHOLE, fitted_part, inside
from arenalab.view.chunk_raster import Raster
from arenalab.view.columns import brief, listing, text_column
from arenalab.view.heap_colours import STEP, Moment, colours_of
from arenalab.view.heap_index import HeapIndex
from arenalab.view.heap_lanes import MICRO, LaneParts, lane_parts, scope_lanes
from arenalab.view.heap_raster import pages_raster, slots_raster
from arenalab.view.heap_tables import ClassRows, TypeRows, class_rows, died_words, type_rows
from arenalab.view.windows import Part

RECORDED = "recorded, no model in it"


def seconds(place: float) -> str:
    """Return microseconds as seconds, with all digits that there are, so that two places never read alike."""
    return f"{place / MICRO:,.6f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class MomentWords:
    """Where in the run we stand, in words; three lines, each of two parts."""

    lines: tuple[tuple[str, str], ...]  #: (left, right) each.

    def text(self) -> str:
        """Return the lines as text."""
        return "\n".join(f"{left}: {right}" for left, right in self.lines)


@dataclass(frozen=True)
class HeapMovie:
    """All that the picture of a recorded heap shows."""

    moment: Moment  #: of the trace.
    reading: MomentWords  #: where in the history it is, in words.
    pages: Raster  #: a cell for each page of the heap.
    slots: Raster  #: a cell for each slot of the span.
    span: int  #: the span whose slots are shown, -1 for none.
    classes: ClassRows  #: spans by size class.
    types: TypeRows  #: objects by type.
    lanes: LaneParts  #: scopes and collections through time.
    at_once: int  #: lanes that the scopes take; not all may be shown.
    kind: str  #: of the scopes, "" where there are none.
    scope: int  #: the chosen scope, -1 for none.
    end: int  #: where the run ends, in microseconds.
    window: Part  #: what is shown of it.
    at: float  #: where the cursor is, in microseconds.
    since: float  #: where the current step began.

    def axis_words(self) -> str:
        """Return which part of the run the lanes show."""
        first, last = map(seconds, self.window)
        whole = self.window == (0, self.end)
        return f"{first} to {last} s{'' if whole else f' of {seconds(self.end)} s'}"

    def text(self) -> str:
        """Return the picture as text, with its numbers."""
        classes, types, lanes = (it.columns() for it in (self.classes, self.types, self.lanes))
        del classes["sizeclass"]
        classes["fragmented"] = text_column([f"{100 * share:.1f} %" for share in self.classes.fragmented()])
        lanes["number"] = lanes["number"] + 1
        for name in ("left", "right"):
            lanes[name] = text_column([f"{value / MICRO:.6f}" for value in lanes[name].tolist()])
        scopes = brief(self.kind, 60) or "no scopes"
        parts = [
            self.reading.text(),
            f"spans by size class\n{listing(classes)}",
            f"objects by type\n{listing(types)}",
            self.pages.text(),
            self.slots.text(),
            f"lanes of {scopes}, lane -1 is the collector; {self.axis_words()}\n{listing(lanes)}",
        ]
        return "\n\n".join(part for part in parts if part)


def heap_movie(
    index: HeapIndex, at: int, since: int, *, step: str = "", colour: str = STEP, kind: str = "", scope: int = -1,
    page: int | None = None, window: Part | None = None, fit: str = WHOLE,
) -> HeapMovie:  # fmt: skip
    """Return the heap after `at` events of its log.

    Args:
        index: of the trace.
        at: how many heap events have happened.
        since: how many had before the current step.
        step: which step that is, in words.
        colour: one of `heap_colours.COLOURS`.
        kind: of the scopes that are lanes, "" for none.
        scope: the chosen scope, its place among those of the kind; -1 for none.
        page: whose span's slots are shown; None follows what the step changed.
        window: the part of the run that the lanes show, in microseconds; None fits.
        fit: one of `axis_part.FITS`, when there is no window.

    """
    moment = Moment(index, at, since, kind, scope)
    colours = colours_of(moment, colour)
    span = followed(moment) if page is None else index.span_of_page(page, at)
    classes = class_rows(moment)
    end, here, before = (ceil(index.seconds(tick) * MICRO) for tick in _edges(index, at, since))
    part = fitted_part(fit, here, end) if window is None else inside(window, end)
    return HeapMovie(
        moment=moment, reading=_told(moment, step, classes), pages=pages_raster(moment, colours, span),
        slots=slots_raster(moment, colours, span), span=span, classes=classes, types=type_rows(moment),
        lanes=lane_parts(index, kind, part), at_once=scope_lanes(index, kind).at_once, kind=kind, scope=scope,
        end=end, window=part, at=here, since=before,
    )  # fmt: skip


def _edges(index: HeapIndex, at: int, since: int) -> tuple[int, int, int]:
    """Return the ticks of the end of the run, of the moment, and of where its step began."""
    return index.ticks_at(index.moments), index.ticks_at(at), index.ticks_at(since)


def followed(moment: Moment) -> int:
    """Return the span in which the current step changed most slots, the first of several; -1 where none is there."""
    changed = moment.in_spans(moment.died) + moment.in_spans(moment.born)
    if not len(changed):
        return -1
    several = moment.slots > 1
    best = int(np.argmax(changed * 2 + several))
    return int(moment.spans[best])


def _told(moment: Moment, step: str, classes: ClassRows) -> MomentWords:
    index, at = moment.index, moment.at
    seconds = index.seconds(index.ticks_at(at))
    total, used = int(classes.bytes.sum()), int(classes.used_bytes.sum())
    share = f" ({100 * used / total:.1f} %)" if total else ""
    spans = moment.spans[index.slots[moment.spans] > 0]
    lost = int(index.objects.lost.sum()) + index.objects.unresolved
    unknown = f"; {counted(lost, 'object')} of the run of unknown end or span" if lost else ""
    held = f"{counted(len(moment.alive), 'object')} in {human(used)} of the {human(total)}{share}"
    return MomentWords((
        (step, f"{seconds:.6f} s of {index.lasts:.6f} s; heap event {at:,} of {index.moments:,}; {RECORDED}"),
        ("the heap", f"{held} in {counted(len(spans), 'span')}{unknown}; spans of stacks not counted"),
        ("this step", f"born: {counted(len(moment.born), 'object')}; {died_words(moment)}"),
    ))  # fmt: skip
