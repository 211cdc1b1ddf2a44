"""A card of the dangling pointer's picture: what touching it now means in one build."""

from __future__ import annotations

from arenalab.draw.dangling_plan import HEADED, LINE, MEMORY, Plan
from arenalab.draw.lettering import first_fitting, text_width
from arenalab.draw.scene import Scene
from arenalab.draw.wrapped import lines_of, write_lines
from arenalab.units import hex_addr
from arenalab.view.dangling import Meeting
from arenalab.view.explained import explain_meaning, explain_state
from arenalab.view.nearby import NEAR
from arenalab.view.outcome_band import outcome_name

SIZE = 11.0
LEAST_WHY = 3  #: lines that the reason keeps, however much Go says.


def meaning_of(outcome: str) -> str:
    """Return the theme's key for an outcome in words."""
    return f"outcome_{outcome_name(outcome)}"


def state_key(state: str) -> str:
    """Return the theme's key for where a chunk is."""
    return f"state_{state.replace(' ', '_')}"


def draw_card(scene: Scene, plan: Plan, meeting: Meeting, place: tuple[float, float, float]) -> None:
    """Draw a card at (left, top) of the given width."""
    left, top, width = place
    after = left + scene.text(left, top + 13, meeting.build, bold=True, size=13, tip=meeting.caveat) + 8
    scene.text(after, top + 13, "this run" if meeting.own else "", tone="faint", size=SIZE)
    _draw_chip(scene, meeting, left + width, top)
    if meeting.read is None or meeting.write is None:
        most = plan.card_lines(own=meeting.own)
        write_lines(scene, (left, top + HEADED + 14), meeting.note, width=width, most=most, tone="faint")
        return
    high, whole, y = plan.verdict(own=meeting.own), plan.whole(own=meeting.own), top + HEADED
    _draw_verdict(scene, meeting, (left, y, width, high))
    if whole:
        _draw_memory(scene, meeting, (left, y + high + 4, width))
    below = y + high + (MEMORY if whole else 4) + 10
    _write(scene, meeting, (left, below, width), plan.card_lines(own=meeting.own), whole=whole)


def _draw_chip(scene: Scene, meeting: Meeting, right: float, top: float) -> None:
    """Draw where the chunk is that the pointer leads into, up to a right edge."""
    if not meeting.state:
        return
    width = text_width(meeting.state, SIZE) + 10
    key = state_key(meeting.state)
    tip = f"where chunk {meeting.chunk} is\n{explain_state(meeting.state)}"
    scene.area((right - width, top + 1, width, 16), key, corner=3, tip=tip)
    scene.text(right - width + 5, top + 13, meeting.state, on=key, size=SIZE)
    scene.text(right - width - 5, top + 13, f"chunk {meeting.chunk}", tone="faint", size=SIZE, anchor="end")


def _draw_verdict(scene: Scene, meeting: Meeting, box: tuple[float, float, float, float]) -> None:
    """Draw what a read and a write do, in one box when they do the same."""
    left, top, width, high = box
    read, write = (str(touch.outcome) for touch in (meeting.read, meeting.write) if touch)
    if read == write and high > 2 * LINE:
        key = meaning_of(read)
        scene.area(box, key, tip=explain_meaning(key))
        scene.text(left + 6, top + 14, "read or write", on=key, size=SIZE, width=width - 10)
        scene.text(left + 6, top + 30, read, on=key, size=14, bold=True, width=width - 10)
        return
    stacked = high > 2 * LINE
    rows = [("read or write", read)] if read == write else [("read", read), ("write", write)]
    for number, (what, outcome) in enumerate(rows):
        share = 1 if stacked else len(rows)  # side by side where one line is all there is
        x, y = left + (0 if stacked else number * width / share), top + (number * high / 2 if stacked else 0)
        key = meaning_of(outcome)
        scene.area((x, y, width / share, high / 2 if stacked else high), key, tip=explain_meaning(key))
        words = f"{what}: {outcome}"
        short = f"{what}: {outcome_name(outcome)}"
        said = first_fitting((words, short), width / share - 10, SIZE)
        scene.text(x + 6, y + (13 if stacked else 14), said, on=key, size=SIZE, width=width / share - 10)


def _draw_memory(scene: Scene, meeting: Meeting, place: tuple[float, float, float]) -> None:
    """Draw the bytes around the pointer, and where it points."""
    left, top, width = place
    if meeting.nearby is None:
        scene.text(left, top + 26, "in no chunk", tone="faint", size=SIZE)
        return
    scale, box = width / NEAR, top + 12
    at = left + (meeting.address - meeting.start) * scale
    scene.area((left, box, width, 20), "free", tip="no object's bytes")
    for first, last, key, said in zip(*(c.tolist() for c in meeting.nearby.columns().values()), strict=True):
        x, wide = left + first * scale, (last - first) * scale
        scene.area((x, box, wide, 20), key, tip=said)
        name = said.partition("\n")[0].partition(":")[0].partition(",")[0]
        shown = first_fitting((name, name.removeprefix("object "), ""), wide - 8, SIZE)
        scene.text(x + 4, box + 14, shown, on=key, size=SIZE)
    scene.line((at, top), (at, box - 1), "now", width=2, arrow=True)
    scene.text(left, box + 33, f"{hex_addr(meeting.start)}, {NEAR} bytes", tone="faint", size=SIZE, mono=True)


def _write(
    scene: Scene, meeting: Meeting, place: tuple[float, float, float], lines: int, *, whole: bool
) -> None:
    """Write Go's own words, then why, then how far that can be trusted, in so many lines at most.

    The last of these stands beside the build's band as well, and is left out where it has no room. A card that is
    not `whole` says why alone: of Go's words it has what they come to.
    """
    left, y, width = place
    why = "; ".join(filter(None, (meeting.read.why if meeting.read else "", meeting.weak)))
    said = f"Go says nothing; a read gives {meeting.word}" if meeting.word else "Go says nothing"
    go = " · ".join(meeting.printed.splitlines()) or said
    parts = ((go, "error" if meeting.printed else "text"), (why, "faint"), (meeting.caveat, "text"))
    needs = [len(lines_of(words, width, SIZE, mono=tone == "error")) for words, tone in parts]
    first = min(needs[0], max(lines - min(needs[1], LEAST_WHY), 1)) if whole else 0
    second = min(needs[1], lines - first)
    last = needs[2] if first + second + needs[2] <= lines else 0
    for (words, tone), most in zip(parts, (first, second, last), strict=True):
        if words and most > 0:
            mono, tip = tone == "error", meeting.printed if tone == "error" else words
            y += write_lines(
                scene, (left, y), words, width=width, most=most, size=SIZE, mono=mono, tone=tone, tip=tip
            )
