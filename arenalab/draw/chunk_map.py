"""The chunk map as a scene: a page of chunks, and two parts of the chunk in focus, its ends to begin with.

Rules:
1. Objects keep their place and scale while one steps: what changes in the picture changed in the run.
2. Chunks that the run never obtains take no row; what they are stands in a line.
"""

from __future__ import annotations

from arenalab.draw import chunk_map_parts as parts
from arenalab.draw.chunk_map_plan import BAND, ROW_SAID, Plan, plan_of
from arenalab.draw.chunk_panel import LOWER, UPPER, Panel
from arenalab.draw.lettering import apart, text_width
from arenalab.draw.pages import page_buttons
from arenalab.draw.scene import WIDTH, Scene
from arenalab.units import human
from arenalab.view.chunk_map import ChunkMap

TICK = 11.0  #: size of the words of a scale.


def chunk_map_scene(view: ChunkMap, width: float = WIDTH) -> Scene:
    """Draw a chunk map, `width` points wide."""
    plan = plan_of(view, width)
    scene = Scene(plan.height, "Chunk map", width=width)
    _draw_rows(scene, view, plan)
    _draw_bands(scene, view, plan)
    _draw_scale(scene, view, plan)
    _draw_pages(scene, view, plan)
    _draw_inside(scene, view, plan)
    return scene


def _draw_rows(scene: Scene, view: ChunkMap, plan: Plan) -> None:
    """Write what is beside each band, or above it; a click anywhere in a row looks into that chunk."""
    for row, (number, where, left) in enumerate(parts.row_words(view.chunks)):
        if row >= plan.rows:
            break
        y, focus = plan.row_y(row) + ROW_SAID, bool(view.chunks.focus[row])
        tip, tap = parts.row_tip(view.chunks, row), _tap(int(view.chunks.chunk[row]))
        if focus:
            scene.text(plan.number_x, y, "▸", size=11)
        scene.text(plan.number_x + 11, y, number, bold=focus, tip=tip, tap=tap)
        if text_width(where, 12) > plan.where_width:
            where = where.replace(", arena ", " a")  # noqa: PLW2901  # as the address space has it
        scene.text(plan.where_x, y, where, tone="faint", width=plan.where_width, tip=tip, tap=tap)
        anchor = "end" if plan.stacked else "start"
        scene.text(plan.left_x, y, left, tone="faint", size=11, anchor=anchor, tip=tip, tap=tap)
    if not len(view.chunks):
        scene.text(plan.number_x, plan.row_y(0) + ROW_SAID, "no chunk yet", tone="faint")


def _tap(chunk: int) -> str:
    return f"chunk {chunk}"


def _draw_bands(scene: Scene, view: ChunkMap, plan: Plan) -> None:
    scale, first = plan.band_width / view.chunk_bytes, view.page * view.rows
    columns = view.blocks.columns()
    for chunk, left, right, meaning, said in parts.in_order(
        columns, "chunk", "left", "right", "meaning", "said"
    ):
        if chunk - first < plan.rows:
            box = plan.band_x + left * scale, plan.band_y(chunk - first), (right - left) * scale, BAND
            tip = f"chunk {chunk}, {parts.stretch(left, right)}\n{said}"
            scene.area(box, meaning, tip=tip, tap=_tap(chunk))


def _draw_scale(scene: Scene, view: ChunkMap, plan: Plan) -> None:
    y, right = plan.scale_y, plan.band_x + plan.band_width
    steps = 4 if plan.band_width > 240 else 2
    labels = []
    for share in range(steps + 1):
        x, offset = plan.band_x + plan.band_width * share / steps, view.chunk_bytes * share // steps
        scene.line((x, y), (x, y + 4))
        labels.append((x, human(offset) if offset else "0"))
    for x, words in apart(labels, (plan.band_x - 6, right + 20 if not plan.stacked else right), TICK):
        scene.text(x, y + 16, words, tone="faint", size=TICK)


def _draw_pages(scene: Scene, view: ChunkMap, plan: Plan) -> None:
    """Draw the buttons that turn the page, and say what of the chunks has no row."""
    rest = parts.rest_words(view, plan.rows)
    if not plan.paged:
        scene.text(plan.number_x, plan.pages_y + 14, rest, tone="faint", size=11)
        return
    x = plan.number_x
    for words, tap in page_buttons("chunk", view.page * view.rows, view.rows, view.used):
        x += scene.press(x, plan.pages_y, words, tap) + 8
    scene.text(x + 4, plan.pages_y + 14, rest, tone="faint", size=11, width=scene.room.right - x - 4)


def _draw_inside(scene: Scene, view: ChunkMap, plan: Plan) -> None:
    room, y = scene.room, plan.title_y
    title, what = parts.inside_title(view)
    if room.narrow:
        scene.text(room.left, y, title, bold=True, width=room.inner)
        scene.text(room.left, y + 16, what, tone="faint", size=11, width=room.inner)
    else:
        words = f"{title}: {what}" if what else title
        scene.text(room.left, y, words, bold=True, width=room.inner)
    for number, ((x, top, width), part) in enumerate(zip(plan.panels, view.window, strict=True)):
        name, high = (("low", False), ("high", True))[number]
        said = parts.end_title(width, high=high)
        at, anchor = (x + width, "end") if high and not room.narrow else (x, "start")
        scene.text(at, top - UPPER, said, tone="faint", size=11, anchor=anchor)
        Panel(scene, view, part, (x, top, width, plan.lane)).draw(name)
    if not room.narrow and view.focus >= 0 and view.window.high[0] > view.window.low[1]:
        (x, top, width), _ = plan.panels
        scene.text(
            x + width + plan.gap / 2, top + plan.lane / 2 + 6, "⋯", anchor="middle", size=18, tone="faint"
        )
    foot = plan.panels[-1][1] + plan.lane + LOWER
    scene.text(
        room.left,
        foot,
        parts.scale_words(view.window, room.inner, stacked=room.narrow),
        tone="faint",
        size=11,
    )
