"""What is shown of one page or one slot of a recorded heap, exactly."""

from __future__ import annotations

import numpy as np

from arenalab.intake.deaths import NEVER
from arenalab.intake.lifetimes import Lifetimes
from arenalab.intake.stacks import RUNTIME
from arenalab.units import counted, hex_addr
from arenalab.view.columns import brief
from arenalab.view.heap_colours import Moment, scopes_of_objects
from arenalab.view.heap_index import HeapIndex
from arenalab.view.heap_raster import class_words


def page_said(moment: Moment, cell: int) -> str:
    """Describe which span has a page, and how full it is."""
    index = moment.index
    span = index.span_of_page(index.page_of(cell), moment.at)
    if span < 0:
        return "in no span"
    used = int((index.objects.span[moment.held] == span).sum())
    died = int((index.objects.span[moment.died] == span).sum())
    pages, since = int(index.objects.spans.pages[span]), int(index.span_begin[span])
    lines = [f"span of {counted(pages, 'page')}, {class_words(index, span)}"]
    if index.slots[span]:
        lines.append(
            f"{used:,} of {counted(int(index.slots[span]), 'slot')} used; {died:,} freed in this step"
        )
    return "\n".join([*lines, f"a span {_since(index, since)}"])


def slot_said(moment: Moment, lifetimes: Lifetimes, span: int, slot: int) -> str:
    """Describe which objects are in a slot, or which was the last; who made it, when, for which scope, and its end."""
    index = moment.index
    of = index.objects.span == span
    rows = np.flatnonzero(of * (index.number == slot) * (index.birth < moment.at))
    there = rows[index.end[rows] >= moment.at]
    if not len(rows):
        return "no object was here"
    lines = [] if len(there) else ["free; the last object here was"]
    if len(there) > 1:
        lines = [f"{counted(len(there), 'tiny object')} share it; the first:"]
    return "\n".join([*lines, *_object_said(moment, lifetimes, int(there[0] if len(there) else rows[-1]))])


def _object_said(moment: Moment, lifetimes: Lifetimes, row: int) -> list[str]:
    index, objects = moment.index, moment.index.objects
    name = brief(objects.types[objects.type[row]].name, 80)
    who = "" if objects.g[row] < 0 else f" by goroutine {objects.g[row]}"
    lines = [
        f"{name} at {hex_addr(int(objects.address[row]))}",
        f"{counted(int(objects.size[row]), 'byte')} of slot; born {_since(index, int(index.birth[row]))}{who}",
    ]
    if moment.kind:
        of, _ = scopes_of_objects(index, moment.kind)
        scope = int(of[row])
        lines.append(
            f"for scope {scope + 1:,} of {brief(moment.kind, 40)}"
            if scope >= 0
            else f"in no {brief(moment.kind, 40)}"
        )
    return [*lines, *_site_said(index, row), _death_said(index, lifetimes, row)]


def _site_said(index: HeapIndex, row: int) -> list[str]:
    """Name the call of the program that allocated an object, where the trace has the stacks of allocations."""
    stack = index.objects.stacks[index.objects.stack[row]]
    own = [call for call in stack if not call.function.startswith(RUNTIME)]
    return [
        f"allocated by {brief(call.function, 60)}, {brief(call.file, 60)}:{call.line}" for call in own[:1]
    ]


def _death_said(index: HeapIndex, lifetimes: Lifetimes, row: int) -> str:
    alive, dead = (index.seconds(int(each[row])) for each in (lifetimes.alive, lifetimes.dead))
    if index.objects.lost[row]:
        return "its end was lost: the slot was given away again"
    if lifetimes.dead[row] == NEVER:
        return f"alive at least until {alive:.6f} s; not freed in this trace"
    return f"died between {alive:.6f} s and {dead:.6f} s; freed {_since(index, int(index.end[row]))}"


def _since(index: HeapIndex, place: int) -> str:
    if place < index.opening:
        return "before the trace"
    return f"at {index.seconds(int(index.log.heap.time[place])):.6f} s"
