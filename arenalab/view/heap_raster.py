"""The rasters of a recorded heap: a cell for each page, and a cell for each slot of one span.

Rules:
1. Nothing is merged: each page and each slot has its cell. Steps of the heap's growth in which no span ever was are
   left out, and the cells' addresses say so.
2. The words of a cell are about the very rows that give it its colour.
"""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np

from arenalab.units import counted, hex_addr, human
from arenalab.view.chunk_raster import COLUMNS, Raster
from arenalab.view.columns import Column
from arenalab.view.heap_colours import (
    FREE,
    GROUND,
    NO_SPAN,
    STACKS,
    STEP,
    HeapColours,
    Moment,
    slot_numbers,
    span_numbers,
)
from arenalab.view.heap_index import GROWTH, LARGE, HeapIndex

RATIO = 2.0  #: width of the pages' canvas by its height.
EIGHT = 8  #: a line has a multiple of so many pages.
DIED = 3  #: number of the colour of a slot that was freed, of those of a step.


def pages_raster(moment: Moment, colours: HeapColours, focus: int) -> Raster:
    """Return the raster of all pages, the focused span's outlined."""
    index, spans = moment.index, moment.spans
    numbers = span_numbers(moment, colours.by)
    numbers = np.where(numbers < 0, FREE, numbers + len(GROUND))
    numbers = np.where(index.slots[spans] == 0, STACKS, numbers)
    words = np.full(index.cells, 2 * NO_SPAN, np.uint8)
    pages = index.objects.spans.pages[spans]
    cells = _stretched(index.first_cell[spans], pages)
    words[cells] = np.repeat(2 * numbers, pages)
    first = int(index.first_cell[focus]) if focus >= 0 else 0
    now = ((first, first + int(index.objects.spans.pages[focus])),) if focus >= 0 else ()
    return Raster(
        what="the heap", base=0, words=words, keys=colours.keys, said=colours.said, by=colours.by,
        now=now, columns=pages_columns(index.cells), cell="page", cell_bytes=index.page_bytes, ground=0,
        starts=_starts(index), ruled=True,
    )  # fmt: skip


def pages_columns(cells: int) -> int:
    """Return how many pages stand in a line, so that all of them are about twice as wide as high."""
    return min(ceil(sqrt(max(cells, 1) * RATIO) / EIGHT) * EIGHT, COLUMNS)


def _stretched(first: Column, count: Column) -> Column:
    """Return the numbers of stretches, one stretch after the other."""
    before = np.repeat(np.cumsum(count) - count, count)
    stretched: Column = np.repeat(first, count) + np.arange(int(count.sum())) - before
    return stretched


def _starts(index: HeapIndex) -> tuple[tuple[int, int], ...]:
    """Return (cell, address) where the pages go on after a gap."""
    grown = index.grown
    at = np.flatnonzero(np.append(True, np.diff(grown) != 1)[: len(grown)])
    return tuple((int(row) * GROWTH, index.address_of(int(grown[row]) * GROWTH)) for row in at)


def slots_raster(moment: Moment, colours: HeapColours, span: int) -> Raster:
    """Return the raster of a span's slots; an empty one without a span, or for one of stacks."""
    index = moment.index
    count = int(index.slots[span]) if span >= 0 else 0
    words = np.full(count, 2 * FREE, np.uint8)
    if colours.by == STEP and count:
        gone = moment.died[index.objects.span[moment.died] == span]
        words[index.number[gone]] = 2 * (len(GROUND) + DIED)
    rows = moment.held[index.objects.span[moment.held] == span] if count else np.zeros(0, np.intp)
    words[index.number[rows]] = 2 * (slot_numbers(moment, rows, colours.by) + len(GROUND))
    base = int(index.span_base[span]) if count else 0
    size = int(index.objects.spans.size[span]) if count else 1
    short = f"{hex_addr(base)}: {counted(count, 'slot')} of {human(size)}"
    return Raster(
        what=span_words(index, span), base=base, words=words, keys=colours.keys, said=colours.said, by=colours.by,
        now=(), columns=max(ceil(sqrt(count)), 1), cell="slot", ground=0, ruled=True,
        cell_bytes=size, short=short if count else span_words(index, span),
    )  # fmt: skip


def class_words(index: HeapIndex, span: int) -> str:
    """Return what a span is for."""
    spans, sizeclass = index.objects.spans, int(index.sizeclass[span])
    if sizeclass == 0:
        return "stacks"
    pointers = "without pointers" if spans.noscan[span] else "with pointers"
    size = int(spans.size[span])
    return (
        f"one large object of {human(size)}" if sizeclass == LARGE else f"{counted(size, 'byte')}, {pointers}"
    )


def span_words(index: HeapIndex, span: int) -> str:
    """Return which span it is."""
    if span < 0:
        return "no span here"
    return f"span {hex_addr(int(index.span_base[span]))}, {class_words(index, span)}"
