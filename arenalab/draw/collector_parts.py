"""Parts of the collector's picture that are strips: the phases, heapLive on its way, the queues."""

from __future__ import annotations

import numpy as np

from arenalab.draw.lettering import first_fitting, text_width
from arenalab.draw.scene import Scene
from arenalab.units import counted, human, plainly
from arenalab.view.collector import Collector
from arenalab.view.cycles import STATES
from arenalab.view.explained import explain_counter, explain_state

STATE_LOOKS = dict(zip(STATES, ("free", "mark_grey", "mark_black", "state_full"), strict=True))
PILL, PAD, APART = 20, 10, 6  #: height of a state's name, points beside its words, points between two.
SAMPLE = 10  #: edge of the sample of a state's look on the strip.
STRIP = 12
STATES_SHOWN = 240  #: of the strip at a time.
LONGEST = 20  #: chunks of a list that are named.
PACE = 290  #: points beside the bar of heapLive.
LISTS = 76  #: points before the words of a list.


def _pills(scene: Scene) -> list[tuple[str, float, float, float]]:
    """Return (state, x, y, width) of all names; they break into lines where there is no room."""
    pills, x, y = [], scene.room.left, 2.0
    for state in STATES:
        width = text_width(state, 11.5, bold=True) + SAMPLE + 6 + 2 * PAD
        if x + width > scene.room.right:
            x, y = scene.room.left, y + PILL + 4
        pills.append((state, x, y, width))
        x += width + APART
    return pills


def _strip_top(scene: Scene) -> float:
    """Return where the strip begins, below the names and a line of words."""
    return _pills(scene)[-1][2] + PILL + (8 if scene.room.wide else 20)


def states_height(scene: Scene) -> float:
    """Return the height of names and strip."""
    return _strip_top(scene) + STRIP + 6


def draw_states(scene: Scene, view: Collector) -> None:
    """Draw what the collector can be at, each with its look, and a strip of the whole history with the cursor on it."""
    room, pills = scene.room, _pills(scene)
    for state, x, y, width in pills:
        here = state == view.state
        look = STATE_LOOKS[state] if here else "address_space"
        scene.area((x, y, width, PILL), look, now=here, corner=4)
        if not here:
            scene.area((x + PAD, y + 5, SAMPLE, SAMPLE), STATE_LOOKS[state])
        middle = x + (width if here else width + SAMPLE + 6) / 2
        scene.text(middle, y + 14, state, on=look, bold=here, size=11.5, anchor="middle")
    _, x, y, width = pills[-1]
    cycle = f"cycle {view.cycle:,}" if view.cycle else "no cycle yet"
    below = y + 14 if room.wide else y + PILL + 14
    scene.text(x + width + 10 if room.wide else room.left, below, cycle, tone="faint", size=11.5)
    words = room.pick(
        "below: the whole run, long phases shortened (log scale)",
        "the whole run, log scale",
        "the run, log scale",
    )
    scene.text(room.right, below, words, tone="faint", size=11, anchor="end")
    _draw_strip(scene, view, _strip_top(scene))


def _draw_strip(scene: Scene, view: Collector, top: float) -> None:
    """Draw the states one after the other, each as wide as the logarithm of its length, and the cursor."""
    at, rows, room = view.reading.index, view.states, scene.room
    here = int(np.searchsorted(rows.first, at, side="right")) - 1
    page = slice(here // STATES_SHOWN * STATES_SHOWN, (here // STATES_SHOWN + 1) * STATES_SHOWN)
    first, last, state = rows.first[page], rows.last[page], rows.state[page]
    widths = np.log2(2 + last - first)
    edges = room.left + room.inner * np.concatenate(([0], np.cumsum(widths))) / widths.sum()
    for row in range(len(first)):
        tip = f"{state[row]}, events {first[row]:,} to {last[row]:,}"
        box = (float(edges[row]), top, float(edges[row + 1] - edges[row]), STRIP)
        scene.area(box, STATE_LOOKS[state[row]], tip=tip)
    x = float(np.interp(at, [*first, last[-1]], edges))
    scene.line((x, top - 3), (x, top + STRIP + 3), "now", width=2.5)


def pace_height(scene: Scene) -> float:
    """Return the height of the bar of heapLive with its words."""
    return 42 if scene.room.wide else 62


def draw_pace(scene: Scene, view: Collector, top: float) -> None:
    """Draw heapLive as a bar with trigger and goal on it."""
    pace, room = view.pace, scene.room
    said = scene.text(
        room.left, top + 12, f"heapLive {human(pace.live)}", bold=True, tip=explain_counter("heap_live")
    )
    aims = (room.left, top + 27, "start") if room.wide else (room.right, top + 12, "end")
    words, wide = _aims(view), PACE if room.wide else room.inner - said - 10
    shown = first_fitting((words, words.partition(":")[0]), wide, 11)
    scene.text(aims[0], aims[1], shown, tone="faint", size=11, anchor=aims[2], width=wide, tip=words)
    left, y = (room.left + PACE + 12, top + 4) if room.wide else (room.left, top + 22)
    scale = (room.right - left) / (pace.most * 1.04)
    scene.area((left, y, room.right - left, 14), "address_space")
    if pace.live > 0:
        past = bool(pace.trigger) and pace.live >= pace.trigger
        look, tip = (
            ("state_fault" if past else "series_0"),
            f"heapLive {counted(pace.live, 'byte')}\n{explain_counter('heap_live')}",
        )
        scene.area((left, y, pace.live * scale, 14), look, tip=tip)
    if pace.marked > 0:
        tip = f"marked {counted(pace.marked, 'byte')}"
        scene.area((left, y + 4, pace.marked * scale, 6), "mark_black", tip=tip)
    if pace.goal:
        _draw_marks(scene, view, (left, y, scale))


def _draw_marks(scene: Scene, view: Collector, bar: tuple[float, float, float]) -> None:
    """Mark trigger and goal on the bar, and say them below, inside the picture."""
    (left, y, scale), marks = bar, {"trigger": view.pace.trigger, "goal": view.pace.goal}
    for name, value in marks.items():
        x = left + value * scale
        scene.line((x, y - 4), (x, y + 18), "text", width=2, tip=f"{name} {counted(value, 'byte')}")
    said = ", ".join(f"{name} {human(value)}" for name, value in marks.items())
    half, middle = text_width(said, 11) / 2, left + sum(marks.values()) / 2 * scale
    middle = min(max(middle, left + half), scene.room.right - half)
    scene.text(middle, y + 29, said, size=11, anchor="middle")


def _aims(view: Collector) -> str:
    if not view.pace.known:
        return "goal not recorded: it depends on the rest of the heap"
    if not view.pace.goal:
        return "GOGC off: no cycle starts by itself"
    if view.state != "off":
        return "a cycle is under way"
    if view.pace.live >= view.pace.trigger:
        return "past the trigger: the next chunk starts a cycle"
    return f"{human(view.pace.trigger - view.pace.live)} below the trigger"


def draw_queues(scene: Scene, view: Collector, top: float, column: tuple[float, float]) -> None:
    """Draw the grey queue in its order, and below it the lists that wait for the cycle."""
    left, right = column[0], column[0] + column[1]
    scene.text(left, top + 13, "grey queue", bold=True, size=11.5)
    x, shown, spare = left + LISTS + 2, 0, text_width(f"… {len(view.grey):,} more", 11.5) + 4
    for row in range(len(view.grey)):
        chunk, first, count = (int(getattr(view.grey, name)[row]) for name in ("chunk", "first", "count"))
        said = f"{chunk}: {first}" if count == 1 else f"{chunk}: {first}–{first + count - 1}"
        width = 12 + text_width(said, 11)
        if x + width > right - spare:
            break
        tip = f"{plainly(count, 'oblet')} of chunk {chunk}, from number {first}; scanned oldest first"
        scene.area((x, top, width, 18), "mark_grey", tip=tip, tap=f"chunk {chunk}", now=row == 0, corner=3)
        scene.text(
            x + width / 2, top + 13, said, on="mark_grey", size=11, anchor="middle", tap=f"chunk {chunk}"
        )
        x, shown = x + width + 6, shown + 1
    rest = len(view.grey) - shown
    empty = "empty" if view.phase == "mark" else "empty: no marking under way"
    words = f"… {rest:,} more" if rest else "" if shown else empty
    scene.text(x + 2, top + 13, words, tone="faint", size=11.5)
    for number, (name, words, short) in enumerate(_lists(view)):
        y, room = top + 33 + number * 16, right - left - LISTS - 2
        scene.text(
            left, y, name, bold=True, size=11.5, tip=explain_state("fault") if name == "fault list" else ""
        )
        told = first_fitting((words, short), room, 11.5)
        scene.text(left + LISTS + 2, y, told, size=11.5, width=room, tip=words)


def _lists(view: Collector) -> list[tuple[str, str, str]]:
    """Return what each list holds, in words and in fewer."""
    race = short = "nobody waits"
    if view.waiting:
        short = f"{named(view.waiting)}, readable"
        race = f"{named(view.waiting)} freed while the collector works; readable until it is done"
    elif view.released:
        short = f"was {named(view.released)}"
        race = f"{named(view.released)} waited here in this cycle; set to fault when it was taken"
    swept = f"{named(view.unswept)}, in this order" if view.unswept else "nothing"
    queued = ", ".join(f"arena {number}" for number in view.finalizers) or "none"
    queued = f"{queued} queued"
    return [("fault list", race, short), ("to sweep", swept, swept), ("finalizers", queued, queued)]


def named(chunks: tuple[int, ...]) -> str:
    """Write a list of chunks, cut where it is long."""
    shown = ", ".join(map(str, chunks[:LONGEST]))
    more = f" and {len(chunks) - LONGEST} more" if len(chunks) > LONGEST else ""
    return f"chunk{'s' if len(chunks) > 1 else ''} {shown}{more}"
