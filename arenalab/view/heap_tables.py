"""Spans by size class and objects by type, at a moment of a recorded heap and over the step that led there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arenalab.go.sizeclasses import CLASS_SIZES
from arenalab.units import counted, human
from arenalab.view.columns import Column, View, brief, text_column
from arenalab.view.heap_colours import LONGEST, Moment
from arenalab.view.heap_index import LARGE, RANKED, HeapIndex, Rows

MOST_CLASSES = 8  #: rows of size classes; all others share one more.
OTHERS = -1


@dataclass(frozen=True, eq=False)
class ClassRows(View):
    """One row for each size class that is shown, smallest first, then the others."""

    name: Column
    sizeclass: Column  #: OTHERS for all that have no row of their own.
    spans: Column
    slots: Column  #: in these spans.
    used: Column  #: of these slots.
    bytes: Column  #: of these slots.
    used_bytes: Column
    born: Column  #: slots taken in the current step,
    died: Column  #: and freed.

    def fragmented(self) -> Column:
        """Return the share of the slots' bytes that no object has; 0 where there are no slots."""
        return (self.bytes - self.used_bytes) / np.maximum(self.bytes, 1)


@dataclass(frozen=True, eq=False)
class TypeRows(View):
    """One row for each type that has a colour of its own, most bytes of the whole run first, then all others."""

    name: Column
    objects: Column  #: that are there.
    bytes: Column  #: of their slots.
    born: Column  #: objects allocated in the current step,
    died: Column  #: and freed.


def shown_classes(index: HeapIndex) -> Column:
    """Return the size classes in which objects took most bytes in the whole run, in ascending order."""
    held = np.flatnonzero(index.held)
    classes = index.sizeclass[index.objects.span[held]]
    total = np.bincount(classes, index.objects.size[held], LARGE + 1)
    order = np.argsort(-total, kind="stable")[:MOST_CLASSES]
    return np.sort(order[total[order] > 0])


def class_rows(moment: Moment) -> ClassRows:
    """Return the spans of objects by size class."""
    index = moment.index
    shown = index.keep("classes", lambda: shown_classes(index))
    row = np.full(LARGE + 1, len(shown))
    row[shown] = np.arange(len(shown))
    its = moment.spans[index.sizeclass[moment.spans] > 0]
    of, slots, size = row[index.sizeclass[its]], index.slots[its], index.objects.spans.size[its]

    def per_class(rows: Rows, weights: Column | None = None) -> Column:
        rows = rows[index.held[rows]]
        which = row[index.sizeclass[index.objects.span[rows]]]
        return np.bincount(which, None if weights is None else weights[rows], len(shown) + 1).astype(np.int64)

    return ClassRows(
        name=text_column([*map(class_name, shown.tolist()), "other classes"]),
        sizeclass=np.append(shown, OTHERS),
        spans=np.bincount(of, minlength=len(shown) + 1),
        slots=np.bincount(of, slots, len(shown) + 1).astype(np.int64),
        used=per_class(moment.alive),
        bytes=np.bincount(of, slots * size, len(shown) + 1).astype(np.int64),
        used_bytes=per_class(moment.alive, index.objects.size),
        born=per_class(moment.born),
        died=per_class(moment.died),
    )


def class_name(sizeclass: int) -> str:
    """Return what the slots of a class hold."""
    return "large objects" if sizeclass == LARGE else counted(CLASS_SIZES[sizeclass - 1], "byte")


def type_rows(moment: Moment) -> TypeRows:
    """Return the objects by type."""
    index = moment.index
    names, ranks = index.type_names(), RANKED + 1
    rest = len(index.objects.types) - len(names)

    def per_type(rows: Rows, weights: Column | None = None) -> Column:
        which = index.rank[index.objects.type[rows]]
        return np.bincount(which, None if weights is None else weights[rows], ranks).astype(np.int64)

    kept = [*range(len(names)), *([RANKED] if rest > 0 else [])]
    said = [brief(name, LONGEST) for name in names] + ([counted(rest, "other type")] if rest > 0 else [])
    return TypeRows(
        text_column(said),
        per_type(moment.alive)[kept],
        per_type(moment.held, index.objects.size)[kept],
        per_type(moment.born)[kept],
        per_type(moment.died)[kept],
    )


def died_words(moment: Moment, most: int = 4) -> str:
    """Describe what was freed in the current step, the most frequent types first."""
    index = moment.index
    count = np.bincount(index.objects.type[moment.died], minlength=len(index.objects.types))
    order = [row for row in np.argsort(-count, kind="stable").tolist() if count[row]]
    nbytes = int(index.objects.size[moment.died[index.held[moment.died]]].sum())
    if not order:
        return "nothing died"
    kinds = ", ".join(
        f"{count[row]:,} {brief(index.objects.types[row].name, LONGEST)}" for row in order[:most]
    )
    rest = len(order) - most
    more = f" and {counted(rest, 'type')} more" if rest > 0 else ""
    total = len(moment.died)
    return f"died: {counted(total, 'object')}, {human(nbytes)} of slots: {kinds}{more}"
