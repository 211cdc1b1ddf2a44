"""Clone's picture: source words left, copy words right, and what the pointers of both lead to.

Rules:
1. Source and copy stand row beside row, so what is shallow about the copy is seen.
2. Where there is no room for arrows, a pointer's word names what it leads to.
"""

from __future__ import annotations

from arenalab.draw.cloning_plan import BOX, LINE, ROW, Plan
from arenalab.draw.lettering import first_fitting, text_width
from arenalab.draw.room import Room
from arenalab.draw.scene import WIDTH, Scene
from arenalab.draw.wrapped import lines_of, write_lines
from arenalab.units import counted
from arenalab.view.cloning import COPIED, KEPT, Cloning, Side
from arenalab.view.explained import explain_state
from arenalab.view.value_words import Target, Value

MEANINGS = (
    "pointerful", "pointer_free", "pointerful_former", "pointer_free_former", "free", "dead", "address_space",
)  # fmt: skip
BAR = 62.0  #: width of a word that is not copied.
SIZE = 11.0


def cloning_scene(view: Cloning, width: float = WIDTH) -> Scene:
    """Draw one Clone, `width` points wide."""
    plan = Plan(Room(width), view.rows)
    scene = Scene(plan.height, "What arena.Clone copies, and what it leaves in the arena", width=width)
    _draw_call(scene, view, plan)
    _draw_facts(scene, view, plan)
    places = _draw_targets(scene, view, plan)
    _Side(scene, plan, view.source, "source", view.copied).draw(plan.room.left)
    if view.copy is None:
        word = "no copy: the same value comes back" if view.result == KEPT else "no copy"
        write_lines(scene, (plan.copy, plan.heads_y), word, width=plan.side, size=12, tone="faint")
    else:
        _Side(scene, plan, view.copy, "copy", view.copied).draw(plan.copy)
    if not plan.below:
        _draw_arrows(scene, view, plan, places)
    return scene


def _draw_call(scene: Scene, view: Cloning, plan: Plan) -> None:
    """Write the call, and whose it is."""
    room, whose = (
        plan.room,
        "asked now, not in the run" if view.asked else "the run's latest Clone, as it is now",
    )
    if room.wide:
        right = room.right - text_width(whose, SIZE)
        width = right - room.left - 12
        scene.text(room.left, 16, view.call, bold=True, mono=True, width=width, tip=view.call)
        scene.text(room.right, 16, whose, tone="faint", size=SIZE, anchor="end")
        return
    place, most = (room.left, 16.0), plan.call_lines
    write_lines(scene, place, view.call, width=room.inner, most=most, size=12, bold=True, tip=view.call)
    scene.text(room.left, plan.facts_y - LINE - 2, whose, tone="faint", size=SIZE)


def _draw_facts(scene: Scene, view: Cloning, plan: Plan) -> None:
    """Write what was copied, what still leads into an arena and what is kept."""
    y, left = plan.facts_y, plan.fact_lines
    for number, fact in enumerate(view.facts):
        tone = "error" if fact.startswith("the trap") or view.result not in (COPIED, KEPT) else "text"
        bold = number == 0
        lines = min(left, len(lines_of(fact, plan.room.inner, 12, bold=bold)))
        if lines > 0:
            place, width = (plan.room.left, y), plan.room.inner
            y += write_lines(
                scene, place, fact, width=width, most=lines, size=12, tone=tone, bold=bold, tip=fact
            )
            left -= lines


class _Side:
    """Source or copy, drawn at a left edge."""

    def __init__(self, scene: Scene, plan: Plan, side: Side, what: str, copied: int) -> None:
        self.scene, self.plan, self.side, self.what = scene, plan, side, what
        self.copied = copied if what == "source" else 0
        targets = side.value.targets if side.value else ()
        self.into = {target.name for target in targets if target.state}  # in a chunk

    def draw(self, left: float) -> None:
        """Draw the value's words, one row each."""
        side, plan, scene, y = self.side, self.plan, self.scene, self.plan.heads_y
        short, size = (
            side.title.partition(" of user")[0].partition(", made")[0],
            12 if plan.room.wide else SIZE,
        )
        titles = f"{self.what}: {side.title}", f"{self.what}: {short}", short
        fits = first_fitting(titles, plan.side, size, bold=True)
        scene.text(left, y, fits, bold=True, size=size, width=plan.side, tip=titles[0])
        after = left + scene.text(left, y + 16, side.where, tone="faint", size=SIZE) + 10
        if side.state:
            key, width = f"state_{side.state.replace(' ', '_')}", text_width(side.state, SIZE) + 10
            scene.area(
                (after, y + 4, width, 16),
                key,
                corner=3,
                tip=f"where {side.where} is\n{explain_state(side.state)}",
            )
            scene.text(after + 5, y + 16, side.state, on=key, size=SIZE)
        if side.value is None:
            return
        if gone := side.value.gone if self.what == "source" else "":
            scene.text(left, y + 33, gone, tone="error", size=SIZE, width=plan.side, tip=gone)
        for row in range(len(side.value.words)):
            self._draw_word(side.value, row, left)
        if side.value.more:
            foot = plan.top + len(side.value.words) * ROW + 14
            more = f"… {counted(side.value.more, 'more word')}"
            room = scene.width - left - plan.offset
            if text_width(more, SIZE) > room - 2:  # a phone's
                more = f"… {side.value.more:,} more"
            scene.text(left + plan.offset, foot, more, tone="faint", size=SIZE)

    def _draw_word(self, value: Value, row: int, left: float) -> None:
        """Draw one word; what lies past the copied bytes is short and says so."""
        offset, pointer, held, target = (column[row] for column in value.words.columns().values())
        plan, scene, y = self.plan, self.scene, self.plan.top + row * ROW
        beyond = 0 < self.copied <= offset
        key = "dead" if value.gone else "pointerful" if pointer else "pointer_free"
        kind = "a pointer to the collector" if pointer else "no pointer"
        leads = f"\nleads to {target}" if target else ""
        cut = "\nnot copied: it lies past len" if beyond else ""
        scene.text(left + plan.offset - 6, y + 15, f"+{offset:,}", tone="faint", size=SIZE, anchor="end")
        x, width = left + plan.offset, BAR if beyond else plan.side - plan.offset
        scene.area((x, y, width, ROW - 4), key, tip=f"byte {offset}: {kind}{leads}{cut}")
        if plan.below and self.what == "copy" and target in self.into:
            scene.frame((x - 1.5, y - 1.5, width + 3, ROW - 1), "error")
        said = "gone" if value.gone else "nil" if pointer and held == "0" else held
        if plan.below and target and not value.gone:
            said = f"→ {target}"
        scene.text(x + 6, y + 15, said, on=key, size=SIZE, mono=not plan.below, width=width - 8, tip=held)
        if beyond:
            room = plan.side - plan.offset - BAR - 6
            words = first_fitting(("not copied", "left"), room, SIZE)
            scene.text(x + BAR + 6, y + 15, words, tone="faint", size=SIZE)


def _draw_targets(scene: Scene, view: Cloning, plan: Plan) -> dict[str, float]:
    """Draw what the pointers lead to; return the middle of each box by its name."""
    found: dict[str, Target] = {}
    for side in (view.source, view.copy):
        if side and side.value:
            found |= {target.name: target for target in side.value.targets}
    x, y = plan.target(0)
    if found:
        title_y = y - 10 if plan.below else plan.heads_y
        scene.text(x, title_y, "where the pointers lead", bold=True, size=12 if plan.room.wide else SIZE)
    places = {}
    for number, target in enumerate(list(found.values())[: plan.targets]):
        x, y = plan.target(number)
        places[target.name], width = y + BOX / 2, plan.middle - 12
        scene.area((x, y, plan.middle, BOX), target.meaning, tip=target.said, corner=4)
        scene.text(x + 8, y + 14, target.name, on=target.meaning, size=SIZE, bold=True, width=width)
        where = f"{target.where}{f', {target.state}' if target.state else ''}"
        scene.text(x + 8, y + 28, where, on=target.meaning, size=SIZE, width=width, tip=where)
    if len(found) > plan.targets:
        x, y = plan.target(plan.targets - 1)[1], plan.target(0)[0]
        scene.text(y, x + BOX + 14, f"… {len(found) - plan.targets} more", tone="faint", size=SIZE)
    return places


def _draw_arrows(scene: Scene, view: Cloning, plan: Plan, places: dict[str, float]) -> None:
    """Draw an arrow for each pointer that is shown: the copy's as strongly as they deserve."""
    left, _ = plan.target(0)
    ends = (
        (view.source, plan.room.left + plan.side + 4, left),
        (view.copy, plan.copy + plan.offset - 32, left + plan.middle),
    )
    for side, edge, end in ends:
        if side is None or side.value is None:
            continue
        mine = side is view.copy
        into = {target.name for target in side.value.targets if target.state}
        for row, name in enumerate(side.value.words.target.tolist()):
            if name not in places:
                continue
            tall = text_width(f"+{side.value.words.offset[row]:,}", SIZE) - 26 if mine else 0
            start = (edge - max(tall, 0), plan.top + row * ROW + (ROW - 4) / 2)
            tone = "error" if mine and name in into else "faint"
            bend, tip = ((start[0] + end) / 2, start[1]), f"leads to {name}"
            scene.curve(start, (end, places[name]), bend, tone, width=2 if mine else 1.5, tip=tip)
