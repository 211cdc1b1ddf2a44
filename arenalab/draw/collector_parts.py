"""Parts of the collector's picture that are strips: the phases, heapLive on its way, the queues."""

from __future__ import annotations

import numpy as np

from arenalab.draw.scene import Scene
from arenalab.units import counted, human, plainly
from arenalab.view.collector import Collector
from arenalab.view.cycles import STATES

LEFT, RIGHT = 12, 948
BAR_LEFT, BAR_RIGHT = 282, 948  #: of the bar of heapLive.
STATE_LOOKS = dict(zip(STATES, ("free", "mark_grey", "mark_black", "state_full"), strict=True))
GREY_SHOWN = 14  #: runs of the grey queue that are shown.
STATES_SHOWN = 240  #: of the strip at a time.
LONGEST = 20  #: chunks of a list that are named.


def draw_states(scene: Scene, view: Collector) -> None:
    """Draw what the collector can be at, and a strip of the whole history with the cursor on it."""
    x: float = LEFT
    for state in STATES:
        width = 24 + 6.8 * len(state)
        here = state == view.state
        scene.area((x, 2, width, 21), STATE_LOOKS[state] if here else "address_space", now=here, corner=4)
        on = STATE_LOOKS[state] if here else "address_space"
        scene.text(x + width / 2, 17, state, on=on, bold=here, anchor="middle")
        x += width + 8
    scene.text(x + 8, 17, f"cycle {view.cycle}" if view.cycle else "no cycle yet", tone="faint")
    scene.text(RIGHT, 17, "below: the whole run, long phases shortened", tone="faint", size=11, anchor="end")
    _strip(scene, view)


def _strip(scene: Scene, view: Collector) -> None:
    """Draw the states one after the other, each the wider the longer, though not in proportion, and the cursor."""
    at, rows = view.reading.index, view.states
    here = int(np.searchsorted(rows.first, at, side="right")) - 1
    page = slice(here // STATES_SHOWN * STATES_SHOWN, (here // STATES_SHOWN + 1) * STATES_SHOWN)
    first, last, state = rows.first[page], rows.last[page], rows.state[page]
    widths = np.log2(2 + last - first)
    edges = LEFT + (RIGHT - LEFT) * np.concatenate(([0], np.cumsum(widths))) / widths.sum()
    for row in range(len(first)):
        tip = f"{state[row]}, events {first[row]:,} to {last[row]:,}"
        box = (float(edges[row]), 30, float(edges[row + 1] - edges[row]), 12)
        scene.area(box, STATE_LOOKS[state[row]], tip=tip)
    x = float(np.interp(at, [*first, last[-1]], edges))
    scene.line((x, 27), (x, 45), "now", width=2.5)


def draw_pace(scene: Scene, view: Collector, top: float) -> None:
    """Draw heapLive as a bar with trigger and goal upon it."""
    pace = view.pace
    scene.text(LEFT, top + 14, f"heapLive {human(pace.live)}", bold=True)
    scene.text(LEFT, top + 30, _aims(view), tone="faint", size=11)
    scale = (BAR_RIGHT - BAR_LEFT) / (pace.most * 1.04)
    scene.area((BAR_LEFT, top + 4, BAR_RIGHT - BAR_LEFT, 16), "address_space")
    if pace.live > 0:
        past = bool(pace.trigger) and pace.live >= pace.trigger
        look, tip = ("state_fault" if past else "series_0"), f"heapLive {counted(pace.live, 'byte')}"
        scene.area((BAR_LEFT, top + 4, pace.live * scale, 16), look, tip=tip)
    if pace.marked > 0:
        scene.area(
            (BAR_LEFT, top + 9, pace.marked * scale, 6),
            "mark_black",
            tip=f"marked {counted(pace.marked, 'byte')}",
        )
    if pace.goal:
        marks = {"trigger": pace.trigger, "goal": pace.goal}
        for name, value in marks.items():
            x = BAR_LEFT + value * scale
            scene.line((x, top), (x, top + 24), "text", width=2, tip=f"{name} {counted(value, 'byte')}")
        x = BAR_LEFT + (pace.trigger + pace.goal) / 2 * scale
        left = x < (BAR_LEFT + BAR_RIGHT) / 2
        said = ", ".join(f"{name} {human(value)}" for name, value in marks.items())
        scene.text(
            max(x - 6, BAR_LEFT) if left else x + 6,
            top + 37,
            said,
            size=11,
            anchor="start" if left else "end",
        )


def _aims(view: Collector) -> str:
    if not view.pace.known:
        return "goal and trigger were not recorded"
    if not view.pace.goal:
        return "GOGC off: no cycle starts by itself"
    if view.state != "off":
        return "a cycle is under way"
    if view.pace.live >= view.pace.trigger:
        return "past the trigger: the next chunk starts a cycle"
    return f"{human(view.pace.trigger - view.pace.live)} below the trigger"


def draw_queues(scene: Scene, view: Collector, top: float) -> None:
    """Draw the grey queue in its order, and below it the lists that wait for the cycle."""
    scene.text(LEFT, top + 14, "grey queue", bold=True)
    x: float = 100
    for row in range(min(len(view.grey), GREY_SHOWN)):
        chunk, first, count = (int(getattr(view.grey, name)[row]) for name in ("chunk", "first", "count"))
        said = f"{chunk}: {first}" if count == 1 else f"{chunk}: {first}–{first + count - 1}"
        width = 18 + 6.6 * len(said)
        if x + width > RIGHT - 80:
            break
        tip = f"{plainly(count, 'oblet')} of chunk {chunk}, from number {first}; scanned oldest first"
        scene.area((x, top, width, 20), "mark_grey", tip=tip, tap=f"chunk {chunk}", now=row == 0, corner=3)
        scene.text(x + width / 2, top + 14, said, on="mark_grey", size=11, anchor="middle")
        x += width + 6
    else:
        row = len(view.grey)
    rest = len(view.grey) - (row if len(view.grey) else 0)
    empty = "empty" if view.phase == "mark" else "empty: no marking under way"
    scene.text(x + 2, top + 14, f"… {rest} more" if rest else "" if len(view.grey) else empty, tone="faint")
    for number, (name, words) in enumerate(_lists(view)):
        scene.text(LEFT, top + 38 + number * 18, name, bold=True)
        scene.text(100, top + 38 + number * 18, words, width=RIGHT - 100)


def _lists(view: Collector) -> list[tuple[str, str]]:
    """Return what each list holds, in words."""
    race = "nobody waits"
    if view.waiting:
        race = f"{named(view.waiting)} freed while the collector works; readable until it is done"
    elif view.released:
        race = f"{named(view.released)} waited here in this cycle; set to fault when it was taken"
    swept = f"{named(view.unswept)}, in this order" if view.unswept else "nothing"
    queued = ", ".join(f"arena {number}" for number in view.finalizers) or "none"
    return [("fault list", race), ("to sweep", swept), ("finalizers", f"{queued} queued")]


def named(chunks: tuple[int, ...]) -> str:
    """Write a list of chunks, cut where it is long."""
    shown = ", ".join(map(str, chunks[:LONGEST]))
    more = f" and {len(chunks) - LONGEST} more" if len(chunks) > LONGEST else ""
    return f"chunk{'s' if len(chunks) > 1 else ''} {shown}{more}"
