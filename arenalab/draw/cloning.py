"""Clone's picture: source words left, copy words right, and between them what the pointers of both lead to.

Law of this file: source and copy stand row beside row, so what is shallow about the copy is seen.
"""

from __future__ import annotations

from arenalab.draw.scene import Scene
from arenalab.draw.still import CHARACTER
from arenalab.units import counted
from arenalab.view.cloning import COPIED, KEPT, Cloning, Side
from arenalab.view.value_words import SHOWN, Target, Value

MEANINGS = (
    "pointerful", "pointer_free", "pointerful_former", "pointer_free_former", "free", "dead", "address_space",
)  # fmt: skip

LEFT, RIGHT = 16.0, 944.0
SIDE, MIDDLE = 300.0, 190.0  #: widths of source and copy, and of what is between.
COPY = RIGHT - SIDE
TARGET = (LEFT + RIGHT - MIDDLE) / 2
TOP, ROW, BOX = 128.0, 25.0, 34.0
HEIGHT = TOP + SHOWN * ROW + 42
MOST_TARGETS = 8
FACTS = 3
BAR = 62.0  #: width of a word that is not copied.


def cloning_scene(view: Cloning) -> Scene:
    """Draw one Clone."""
    scene = Scene(HEIGHT, "What arena.Clone copies, and what it leaves in the arena")
    whose = "asked now, not in the run" if view.asked else "the run's latest Clone, as it is now"
    scene.text(
        LEFT, 16, view.call, bold=True, mono=True, size=12.5, width=0.76 * (RIGHT - LEFT), tip=view.call
    )
    scene.text(RIGHT, 16, whose, tone="faint", size=11, anchor="end")
    for number, fact in enumerate(view.facts[:FACTS]):
        tone = "error" if fact.startswith("the trap") or view.result not in (COPIED, KEPT) else "text"
        scene.text(
            LEFT, 38 + 17 * number, fact, tone=tone, size=12, bold=number == 0, width=RIGHT - LEFT, tip=fact
        )
    places = _targets(scene, view)
    _side(scene, view.source, LEFT, "source", view.copied)
    if view.copy is None:
        word = "no copy: the same value comes back" if view.result == KEPT else "no copy"
        scene.text(COPY, TOP - 38, word, tone="faint", size=12)
    else:
        _side(scene, view.copy, COPY, "copy", view.copied)
    _arrows(scene, view, places)
    return scene


def _side(scene: Scene, side: Side, left: float, what: str, copied: int) -> None:
    """Draw a value's words, one row each."""
    scene.text(left, TOP - 38, f"{what}: {side.title}", bold=True, size=12, width=SIDE)
    scene.text(left, TOP - 22, side.where, tone="faint", size=11)
    if side.state:
        key, x = f"state_{side.state.replace(' ', '_')}", left + len(side.where) * 11 * CHARACTER + 10
        scene.area((x, TOP - 33, len(side.state) * 7 + 10, 15), key, corner=3, tip=f"where {side.where} is")
        scene.text(x + 5, TOP - 22, side.state, on=key, size=10.5)
    if side.value is None:
        return
    words = side.value.words
    if what == "source" and side.value.gone:
        scene.text(left, TOP - 6, side.value.gone, tone="error", size=10.5, width=SIDE, tip=side.value.gone)
    for row in range(len(words)):
        _word(scene, side.value, row, left, copied if what == "source" else 0)
    if side.value.more:
        scene.text(
            left + 40,
            TOP + len(words) * ROW + 14,
            f"… {counted(side.value.more, 'more word')}",
            tone="faint",
            size=11,
        )


def _word(scene: Scene, value: Value, row: int, left: float, copied: int) -> None:
    """Draw one word; what lies behind the `copied` bytes is short and says so (0: all of it is copied)."""
    offset, pointer, held, target = (column[row] for column in value.words.columns().values())
    y, beyond = TOP + row * ROW, 0 < copied <= offset
    key = "dead" if value.gone else "pointerful" if pointer else "pointer_free"
    kind = "a pointer to the collector" if pointer else "no pointer"
    leads = f"\nleads to {target}" if target else ""
    cut = "\nnot copied: it lies behind len" if beyond else ""
    scene.text(left + 34, y + 16, f"+{offset:,}", tone="faint", size=10.5, anchor="end")
    width = BAR if beyond else SIDE - 40
    scene.area((left + 40, y, width, ROW - 4), key, tip=f"byte {offset}: {kind}{leads}{cut}")
    said = "gone" if value.gone else "nil" if pointer and held == "0" else held
    scene.text(left + 46, y + 15, said, on=key, size=11.5, mono=True, width=width - 8)
    if beyond:
        scene.text(left + 46 + BAR, y + 15, "not copied", tone="faint", size=10.5)


def _targets(scene: Scene, view: Cloning) -> dict[str, float]:
    """Draw what the pointers lead to; return the middle of each box by its name."""
    found: dict[str, Target] = {}
    for side in (view.source, view.copy):
        if side and side.value:
            found |= {target.name: target for target in side.value.targets}
    if found:
        scene.text(TARGET, TOP - 38, "where the pointers lead", bold=True, size=12)
    places = {}
    for number, target in enumerate(list(found.values())[:MOST_TARGETS]):
        y = TOP + number * (BOX + 5)
        places[target.name] = y + BOX / 2
        scene.area((TARGET, y, MIDDLE, BOX), target.meaning, tip=target.said, corner=4)
        scene.text(
            TARGET + 8, y + 14, target.name, on=target.meaning, size=11.5, bold=True, width=MIDDLE - 12
        )
        where = f"{target.where}{f', {target.state}' if target.state else ''}"
        scene.text(TARGET + 8, y + 28, where, on=target.meaning, size=10.5, width=MIDDLE - 12)
    if len(found) > MOST_TARGETS:
        scene.text(TARGET, HEIGHT - 12, f"… {len(found) - MOST_TARGETS} more", tone="faint", size=11)
    return places


def _arrows(scene: Scene, view: Cloning, places: dict[str, float]) -> None:
    """Draw an arrow for each pointer that is shown: the copy's as strongly as they deserve."""
    for side, edge, end in ((view.source, LEFT + SIDE, TARGET), (view.copy, COPY + 38, TARGET + MIDDLE)):
        if side is None or side.value is None:
            continue
        mine = side is view.copy
        into = {target.name for target in side.value.targets if target.state}
        for row, name in enumerate(side.value.words.target.tolist()):
            if name not in places:
                continue
            start = (edge + (-30 if mine else 4), TOP + row * ROW + (ROW - 4) / 2)
            tone = "error" if mine and name in into else "faint"
            bend = ((start[0] + end) / 2, start[1])
            scene.curve(
                start, (end, places[name]), bend, tone, width=2 if mine else 1.5, tip=f"leads to {name}"
            )
