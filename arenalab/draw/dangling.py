"""The dangling pointer's picture: a band for each build, and below what the current moment says.

Rules:
1. Every coloured stretch has its word, in the picture or where one points at it.
2. Where a read and a write do the same, they are one box; where they differ, the box is split.
3. The frame of the current operation lies below the words, so that they can be read.
"""

from __future__ import annotations

from itertools import groupby

from arenalab.draw.dangling_card import draw_card, meaning_of, state_key
from arenalab.draw.dangling_plan import LANES, STATE, Plan
from arenalab.draw.lettering import apart, first_fitting
from arenalab.draw.room import Room
from arenalab.draw.scene import WIDTH, Scene
from arenalab.draw.wrapped import write_lines
from arenalab.view.dangling import Dangling, Lane
from arenalab.view.explained import explain_state
from arenalab.view.outcome_band import outcome_name

MEANINGS = (
    "outcome_fine", "outcome_stale", "outcome_other", "outcome_nothing", "outcome_faults", "outcome_reported",
    "pointerful", "pointer_free", "pointerful_former", "pointer_free_former", "free", "reserve", "dead",
)  # fmt: skip
SIZE = 11.0


def dangling_scene(view: Dangling, width: float = WIDTH) -> Scene:
    """Draw one pointer through a run, `width` points wide."""
    plan = Plan(Room(width), view.reading.ops)
    owns = [meeting.own for meeting in view.meetings]
    scene = Scene(plan.height(owns), "What touching one pointer would do", width=width)
    _draw_head(scene, view, plan)
    lanes = [_Lane(scene, plan, lane, plan.band_y(number)) for number, lane in enumerate(view.lanes)]
    for lane in lanes:
        lane.draw()
    _draw_axis(scene, view, plan)
    _draw_cursor(scene, view, plan)
    for lane in lanes:
        lane.write()
    scene.text(plan.room.left, plan.heading, _heading(view), bold=True, size=13, width=plan.room.inner)
    for meeting, place in zip(view.meetings, plan.cards(owns), strict=True):
        draw_card(scene, plan, meeting, place)
    return scene


def _draw_head(scene: Scene, view: Dangling, plan: Plan) -> None:
    """Describe which pointer it is, and who made what it leads to."""
    room = plan.room
    what, _, by = view.object.partition(", made by ")
    place, size = (room.left, 16.0), 13 if room.wide else 12
    write_lines(
        scene, place, what, width=room.inner, most=plan.head_lines, size=size, bold=True, tip=view.object
    )
    told = f"made by {by}; what a touch would do after each operation:" if by else ""
    shorter = (told, f"made by {by}", f"made by {by.partition(',')[0]}") if by else ("",)
    shown = first_fitting(shorter, room.inner, SIZE)
    scene.text(room.left, plan.made_y, shown, tone="faint", size=SIZE, width=room.inner, tip=by)


def _heading(view: Dangling) -> str:
    inside = " (the other builds: after it)" if view.inside else ""
    where = f"{'in' if view.inside else 'after'} operation {view.reading.op + 1}{inside}"
    fault = ", SetPanicOnFault(true)" if view.panic_on_fault else ""
    return f"touched now, {where if view.reading.op >= 0 else 'at the start'}{fault}"


class _Lane:
    """The band of one build: outcomes above, where the chunk is below; its words are written last."""

    def __init__(self, scene: Scene, plan: Plan, lane: Lane, top: float) -> None:
        self.scene, self.plan, self.lane, self.top = scene, plan, lane, top
        self._words: list[tuple[float, float, str, str]] = []  #: left, baseline, words, the meaning below.

    def draw(self) -> None:
        """Draw all areas."""
        band, plan = self.lane.band, self.plan
        self._draw_names()
        made = plan.x(int(band.first[0])) if len(band) else plan.band_left
        middle = self.top + plan.box / 2
        self.scene.line((plan.band_left, middle), (made, middle), dash=True, tip="the object is not made yet")
        pairs = zip(band.read.tolist(), band.write.tolist(), strict=True)
        for found, group in groupby(enumerate(pairs), key=lambda pair: pair[1]):
            numbers = [number for number, _ in group]
            self._draw_outcome((numbers[0], numbers[-1]), found)
        for state, group in groupby(enumerate(band.state.tolist()), key=lambda pair: pair[1]):
            numbers = [number for number, _ in group]
            self._draw_state((numbers[0], numbers[-1]), state)

    def write(self) -> None:
        """Write what stands in the areas, and why the lane ends where it ends."""
        for x, y, words, key in self._words:
            self.scene.text(x, y, words, on=key, size=SIZE, halo=True)
        if said := self.lane.trouble:
            left, right = self.plan.x(self.lane.ends) + 6, self.plan.room.right
            tries = (said, said.partition(":")[0], "refused", "…")  # the card below says it all
            fits = first_fitting(tries, right - left, SIZE)
            self.scene.text(left, self.top + 18, fits, tone="error", size=SIZE, halo=True, tip=said)

    def _draw_names(self) -> None:
        lane, left, scene = self.lane, self.plan.room.left, self.scene
        under = "this run" if lane.own else "from source only" if lane.build == "msan" else "if built so"
        if self.plan.above:
            wide = scene.text(left, self.top - 4, lane.build, bold=True, size=12)
            scene.text(left + wide + 8, self.top - 4, under, tone="faint", size=SIZE)
            return
        scene.text(left, self.top + 11, lane.build, bold=True, size=13)
        scene.text(left, self.top + 24, under, tone="faint", size=SIZE)
        y = self.top + self.plan.box + 14
        scene.text(self.plan.band_left - 8, y, "chunk", tone="faint", size=SIZE, anchor="end")

    def _across(self, ends: tuple[int, int]) -> tuple[int, int, float, float]:
        """Return the operations of some stretches, and where they are: left edge, width."""
        first, last = int(self.lane.band.first[ends[0]]), int(self.lane.band.last[ends[1]])
        left = self.plan.x(first)
        return first, last, left, self.plan.x(last + 1) - left

    def _draw_outcome(self, ends: tuple[int, int], found: tuple[str, str]) -> None:
        """Draw operations after which the outcomes are the same."""
        first, last, left, width = self._across(ends)
        same, box = found[0] == found[1], self.plan.box
        said = found[0] if same else f"read: {found[0]}\nwrite: {found[1]}"
        span = f"operation {first + 1}" if first == last else f"operations {first + 1} to {last + 1}"
        tip = f"{self.lane.build}, after {span}\n{said}\n{self.lane.since(ends[0])}"
        for number, outcome in enumerate(found[:1] if same else found):
            key, height = meaning_of(outcome), box if same else box / 2
            y = self.top + number * height
            self.scene.area((left, y, width, height), key, tip=tip, tap=f"op:{first}")
            word = outcome if same else f"{('read', 'write')[number]}: {outcome}"
            self._word(left, y + height / 2 + 4, width, key, word, outcome_name(outcome))

    def _draw_state(self, ends: tuple[int, int], state: str) -> None:
        """Draw where the chunk is meanwhile."""
        if state:
            _, _, left, width = self._across(ends)
            top, key = self.top + self.plan.box + 2, state_key(state)
            since = self.lane.since(ends[0])
            tip = f"{self.lane.build}: the chunk is {state}\n{since}\n{explain_state(state)}"
            self.scene.area((left, top, width, STATE), key, tip=tip)
            self._word(left, top + 11.5, width, key, state)

    def _word(self, left: float, y: float, width: float, key: str, *words: str) -> None:
        """Keep the first of some words that a stretch has room for."""
        if said := first_fitting((*words, ""), width - 8, SIZE):
            self._words.append((left + 4, y, said, key))


def _draw_axis(scene: Scene, view: Dangling, plan: Plan) -> None:
    """Number the operations below the bands, and name those with which the own run's stretches begin."""
    ops, y = view.reading.ops, plan.axis + 10
    left = plan.room.left + (scene.text(plan.room.left, y, "operation", tone="faint", size=SIZE) + 8)
    labels = [(plan.x(op + 0.5), f"{op + 1:,}") for op in _numbered(ops, 14 if plan.room.wide else 8)]
    for x, words in apart(labels, (left if plan.room.narrow else plan.band_left - 4, plan.room.right), SIZE):
        scene.text(x, y, words, tone="faint", size=SIZE)
    own = next(lane for lane in view.lanes if lane.own)
    for number, call in enumerate(own.calls if plan.calls else ()):
        first, last = int(own.band.first[number]), int(own.band.last[number])
        room = plan.x(last + 1) - plan.x(first) - 6
        short = call.partition("(")[0].partition("[")[0]
        said = first_fitting((call, short, ""), room, SIZE)
        scene.text(plan.x(first) + 2, plan.band_y(0) - 7, said, tone="faint", size=SIZE, tip=call)


def _numbered(ops: int, most: int) -> list[int]:
    """Return the operations to number: the first, and each of a round step, `most` of them at most."""
    steps = (count * 10**power for power in range(12) for count in (1, 2, 5))
    step = next(step for step in steps if ops <= step * most)
    return sorted({0, *range(step - 1, ops, step)}) if ops else []


def _draw_cursor(scene: Scene, view: Dangling, plan: Plan) -> None:
    """Frame the current operation across all bands."""
    op = view.reading.op
    if op < 0:
        return
    left, right, top = plan.x(op), plan.x(op + 1), plan.band_y(0) - 3
    foot = plan.band_y(LANES - 1) + plan.box + STATE + 5
    if right - left < 5:
        middle = (left + right) / 2
        scene.line((middle, top), (middle, foot), "now", width=2)
        return
    corners = [(left, top), (right, top), (right, foot), (left, foot), (left, top)]
    scene.polyline(corners, "now", width=2)
