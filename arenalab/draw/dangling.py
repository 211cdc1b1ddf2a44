"""The dangling pointer's picture: a band for each build, and below what the moment at hand says.

Laws of this file:
1. Every coloured stretch has its word, in the picture or where one points at it.
2. Where a read and a write do the same, they are one box; where they differ, the box is split.
"""

from __future__ import annotations

from itertools import groupby

from arenalab.draw.scene import Scene
from arenalab.draw.still import CHARACTER
from arenalab.draw.wrapped import write_lines
from arenalab.units import hex_addr
from arenalab.view.dangling import Dangling, Lane, Meeting
from arenalab.view.nearby import NEAR
from arenalab.view.outcome_band import outcome_name

MEANINGS = (
    "outcome_fine", "outcome_stale", "outcome_other", "outcome_nothing", "outcome_faults", "outcome_reported",
    "pointerful", "pointer_free", "pointerful_former", "pointer_free_former", "free", "reserve", "dead",
)  # fmt: skip

LEFT, BAND_LEFT, RIGHT = 16.0, 112.0, 944.0
BANDS_TOP, LANE, BOX, STATE = 62.0, 58.0, 30.0, 14.0  #: each lane: the outcome, and where the chunk is.
LANES = 4
AXIS = BANDS_TOP + LANES * LANE
CARDS, CARD_GAP, ROW = AXIS + 42, 14.0, 13.5
CARD = (RIGHT - LEFT - (LANES - 1) * CARD_GAP) / LANES
HEIGHT = CARDS + 346
GO_LINES, WHY_LINES = 6, 6
TICKS = 14


def meaning_of(outcome: str) -> str:
    """Return the theme's key for an outcome in words."""
    return f"outcome_{outcome_name(outcome)}"


def state_key(state: str) -> str:
    """Return the theme's key for where a chunk is."""
    return f"state_{state.replace(' ', '_')}"


def dangling_scene(view: Dangling) -> Scene:
    """Draw one pointer through a run."""
    scene = Scene(HEIGHT, "What touching one pointer would do")
    what, _, by = view.object.partition(", made by ")
    scene.text(LEFT, 16, what, bold=True, size=13, width=0.9 * (RIGHT - LEFT), tip=view.object)
    scene.text(
        LEFT,
        34,
        by and f"made by {by}; what a touch would do after each operation:",
        tone="faint",
        size=11,
        width=RIGHT - LEFT,
        tip=by,
    )
    for number, lane in enumerate(view.lanes):
        _lane(scene, view, lane, BANDS_TOP + number * LANE)
    _axis(scene, view)
    _cursor(scene, view)
    inside = " (the other builds: after it)" if view.inside else ""
    where = f"operation {view.reading.op + 1}{inside}" if view.reading.op >= 0 else "nothing"
    fault = ", SetPanicOnFault(true)" if view.panic_on_fault else ""
    head = f"touched now, {'in' if view.inside else 'after'} {where}{fault}"
    scene.text(LEFT, CARDS - 6, head, bold=True, size=13, width=RIGHT - LEFT)
    for number, meeting in enumerate(view.meetings):
        _card(scene, meeting, LEFT + number * (CARD + CARD_GAP), CARDS + 22)
    return scene


def _x(view: Dangling, op: float) -> float:
    """Return where an operation's cell begins."""
    return BAND_LEFT + (RIGHT - BAND_LEFT) * op / max(view.reading.ops, 1)


def _lane(scene: Scene, view: Dangling, lane: Lane, top: float) -> None:
    """Draw the band of one build: outcomes above, where the chunk is below."""
    scene.text(LEFT, top + 14, lane.build, bold=True, size=13)
    under = "this run" if lane.own else "from source only" if lane.build == "msan" else "if built so"
    scene.text(LEFT, top + 28, under, tone="faint", size=11)
    scene.text(BAND_LEFT - 8, top + BOX + 13, "chunk", tone="faint", size=10, anchor="end")
    made = _x(view, int(lane.band.first[0])) if len(lane.band) else BAND_LEFT
    scene.line((BAND_LEFT, top + BOX / 2), (made, top + BOX / 2), dash=True, tip="the object is not made yet")
    stretches = list(enumerate(zip(lane.band.read.tolist(), lane.band.write.tolist(), strict=True)))
    for (read, write), group in groupby(stretches, key=lambda pair: pair[1]):
        numbers = [number for number, _ in group]
        _outcome(scene, view, lane, (numbers[0], numbers[-1]), (read, write), top)
    for state, group in groupby(enumerate(lane.band.state.tolist()), key=lambda pair: pair[1]):
        numbers = [number for number, _ in group]
        _state(scene, view, lane, (numbers[0], numbers[-1]), state, top + BOX + 2)
    _rest(scene, view, lane, top)


def _outcome(
    scene: Scene, view: Dangling, lane: Lane, ends: tuple[int, int], found: tuple[str, str], top: float
) -> None:
    """Draw operations after which the outcomes are the same."""
    first, last = int(lane.band.first[ends[0]]), int(lane.band.last[ends[1]])
    left, width = _x(view, first), _x(view, last + 1) - _x(view, first)
    said = found[0] if found[0] == found[1] else f"read: {found[0]}\nwrite: {found[1]}"
    span = f"operation {first + 1}" if first == last else f"operations {first + 1} to {last + 1}"
    tip = f"{lane.build}, after {span}\n{said}\n{lane.since(ends[0])}"
    boxes = (
        [(found[0], 0.0, BOX)]
        if found[0] == found[1]
        else [(found[0], 0, BOX / 2), (found[1], BOX / 2, BOX / 2)]
    )
    for number, (outcome, down, height) in enumerate(boxes):
        key = meaning_of(outcome)
        scene.area((left, top + down, width, height), key, tip=tip, tap=f"op:{first}")
        word = outcome if len(boxes) == 1 else f"{('read', 'write')[number]}: {outcome}"
        size, base = (12, top + down + 20) if len(boxes) == 1 else (10.5, top + down + 11.5)
        _word(scene, left, base, word, key, size=size, width=width, short=outcome_name(outcome))


def _state(scene: Scene, view: Dangling, lane: Lane, ends: tuple[int, int], state: str, top: float) -> None:
    """Draw where the chunk is meanwhile."""
    if not state:
        return
    first, last = int(lane.band.first[ends[0]]), int(lane.band.last[ends[1]])
    left, width = _x(view, first), _x(view, last + 1) - _x(view, first)
    tip = f"{lane.build}: the chunk is {state}\n{lane.since(ends[0])}"
    scene.area((left, top, width, STATE), state_key(state), tip=tip)
    _word(scene, left, top + 10.5, state, state_key(state), size=10, width=width)


def _word(
    scene: Scene, left: float, base: float, word: str, key: str, *, size: float, width: float, short: str = ""
) -> None:
    """Write a word into a stretch that has room for it whole, or its short form, or none."""
    for said, big in ((word, size), (short, 10)):
        if said and width >= len(said) * big * CHARACTER + 8:
            scene.text(left + 5, base, said, on=key, size=big)
            return


def _rest(scene: Scene, view: Dangling, lane: Lane, top: float) -> None:
    """Say in what a lane lacks why it lacks it."""
    if lane.trouble:
        left = _x(view, lane.ends) + 6
        scene.text(
            left,
            top + 19,
            lane.trouble,
            tone="error",
            size=11,
            width=RIGHT - left,
            halo=True,
            tip=lane.trouble,
        )


def _axis(scene: Scene, view: Dangling) -> None:
    """Number the operations below the bands, and name those with which the own run's stretches begin."""
    ops = view.reading.ops
    step = next(
        step
        for power in range(12)
        for step in (10**power, 2 * 10**power, 5 * 10**power)
        if ops <= step * TICKS
    )
    for op in sorted({0, *range(step - 1, ops, step)} if ops else ()):
        if op == 0 or op - step + 1 or step == 1:
            scene.text(_x(view, op + 0.5), AXIS + 10, f"{op + 1:,}", tone="faint", size=10, anchor="middle")
    scene.text(LEFT, AXIS + 10, "operation", tone="faint", size=11)
    own = next(lane for lane in view.lanes if lane.own)
    for number, call in enumerate(own.calls):
        left, right = _x(view, int(own.band.first[number])), _x(view, int(own.band.last[number]) + 1)
        scene.text(
            left + 2,
            BANDS_TOP - 8,
            call,
            tone="faint",
            size=10.5,
            mono=True,
            width=right - left - 6,
            tip=call,
        )


def _cursor(scene: Scene, view: Dangling) -> None:
    """Frame the operation at hand across all bands."""
    op = view.reading.op
    if op < 0:
        return
    left, right, top, foot = _x(view, op), _x(view, op + 1), BANDS_TOP - 4, AXIS - 8
    if right - left < 5:
        middle = (left + right) / 2
        scene.line((middle, top), (middle, foot), "now", width=2)
        return
    corners = [(left, top), (right, top), (right, foot), (left, foot), (left, top)]
    scene.polyline(corners, "now", width=2)


def _card(scene: Scene, meeting: Meeting, left: float, top: float) -> None:
    """Draw what touching the pointer now means in one build."""
    scene.text(left, top, meeting.build, bold=True, size=14)
    scene.text(left + 46, top, "this run" if meeting.own else "", tone="faint", size=11)
    if meeting.state:
        width = max(len(meeting.state) * 7 + 10, 40)
        chip = (left + CARD - width, top - 12, width, 16)
        scene.area(chip, state_key(meeting.state), corner=3, tip=f"where chunk {meeting.chunk} is")
        scene.text(left + CARD - width + 5, top, meeting.state, on=state_key(meeting.state), size=11)
        scene.text(
            left + CARD - width - 5, top, f"chunk {meeting.chunk}", tone="faint", size=11, anchor="end"
        )
    if meeting.read is None or meeting.write is None:
        write_lines(scene, (left, top + 30), meeting.note, width=CARD, most=6, tone="faint")
        return
    _verdict(scene, meeting, left, top + 10)
    _memory(scene, meeting, left, top + 58)
    _words(scene, meeting, left, top + 124)


def _verdict(scene: Scene, meeting: Meeting, left: float, top: float) -> None:
    """Draw what a read and a write do, in one box when they do the same."""
    found = [str(touch.outcome) for touch in (meeting.read, meeting.write) if touch]
    rows = (
        [("read or write", found[0], 36.0)]
        if found[0] == found[1]
        else [("read", found[0], 18.0), ("write", found[1], 18.0)]
    )
    for number, (what, outcome, height) in enumerate(rows):
        key, y = meaning_of(outcome), top + number * 18
        scene.area((left, y, CARD, height), key)
        base = y + (15 if height > 20 else 13)
        scene.text(
            left + 6, base, what if height > 20 else f"{what}: {outcome}", on=key, size=11, width=CARD - 10
        )
        if height > 20:
            scene.text(left + 6, y + 30, outcome, on=key, size=14, bold=True, width=CARD - 10)


def _memory(scene: Scene, meeting: Meeting, left: float, top: float) -> None:
    """Draw the bytes around the pointer, and where it points."""
    if meeting.nearby is None:
        scene.text(left, top + 26, "in no chunk", tone="faint", size=11)
        return
    scale, box = CARD / NEAR, top + 14
    at = left + (meeting.address - meeting.start) * scale
    scene.area((left, box, CARD, 22), "free", tip="no object's bytes")
    for first, last, key, said in zip(*(c.tolist() for c in meeting.nearby.columns().values()), strict=True):
        place = (left + first * scale, box, (last - first) * scale, 22)
        scene.area(place, key, tip=said)
        name = said.partition("\n")[0].partition(":")[0].partition(",")[0]
        number = name.removeprefix("object ")
        _word(scene, place[0], box + 15, name, key, size=10, width=place[2], short=number)
    scene.line((at, top - 1), (at, box - 1), "now", width=2, arrow=True)
    scene.text(left, box + 34, f"{hex_addr(meeting.start)}, {NEAR} bytes", tone="faint", size=10, mono=True)


def _words(scene: Scene, meeting: Meeting, left: float, top: float) -> None:
    """Write Go's own words, then why, then how far that can be trusted."""
    printed = meeting.printed
    if printed:
        down = write_lines(
            scene, (left, top), printed, width=CARD, most=GO_LINES, mono=True, size=10, tone="error"
        )
    else:
        said = f"Go says nothing; a read gives {meeting.word}" if meeting.word else "Go says nothing"
        down = write_lines(scene, (left, top), said, width=CARD, most=2, size=11)
    why = "; ".join(filter(None, (meeting.read.why if meeting.read else "", meeting.weak)))
    down = (
        write_lines(scene, (left, top + down + 6), why, width=CARD, most=WHY_LINES, size=11, tone="faint")
        + down
        + 6
    )
    write_lines(scene, (left, top + down + 6), meeting.caveat, width=CARD, most=3, size=11, tone="text")
