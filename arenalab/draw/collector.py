"""The collector's picture: phases, heapLive on its way, roots and chunks, the queues, and why a chunk is alive.

Chunks keep their places while one steps. Only what leads to the chunk in focus is drawn strongly. On a page the
roots stand beside the chunks and the queues beside the reasons; in less room one is below the other.
"""

from __future__ import annotations

from arenalab.draw.collector_chunks import Grid, draw_chunk, draw_pointers, grid_of
from arenalab.draw.collector_parts import draw_pace, draw_queues, draw_states, pace_height, states_height
from arenalab.draw.lettering import text_width
from arenalab.draw.scene import PRESS, WIDTH, Box, Point, Scene
from arenalab.draw.wrapped import lines_of
from arenalab.units import plainly
from arenalab.view.collector import Collector
from arenalab.view.explained import explain_meaning

BESIDE, ROOT_HIGH = 208, 32  #: width of the roots where they stand beside the chunks; height of one.
ROOTS = 3  #: rows of roots where they stand above the chunks.
TITLE, QUEUES, LINE = 18, 82, 15  #: heights of a title, of the queues, of a line of words.
WORDS = 5  #: lines of reasons.
#: What arrows mean: all of them, and each look.
ARROWS = (
    "arrows: pointers from chunk to chunk", "thick: the way to the chunk in focus", "purple: marking went along it",
    "dashed: never read",
)  # fmt: skip


def collector_scene(view: Collector, width: float = WIDTH) -> Scene:
    """Draw the collector at a moment: a click on a chunk, a root or an entry of a queue tells "chunk N"."""
    scene = Scene(0, "The collector", width=width)
    room, top = scene.room, states_height(scene)
    draw_states(scene, view)
    draw_pace(scene, view, top)
    top += pace_height(scene)
    top = _beside(scene, view, top) if room.wide else _below(scene, view, top)
    lower = room.columns(2, 20) if room.wide else [(room.left, room.inner)] * 2
    draw_queues(scene, view, top, lower[0])
    why = top if room.wide else top + QUEUES
    scene.height = _draw_why(scene, view, why, lower[1])
    lines = len(lines_of(" · ".join(ARROWS), room.inner, 11))
    for line, part in enumerate(lines_of(_arrows(view), room.inner, 11)):
        scene.text(room.left, scene.height + 9 + line * 14, part, tone="faint", size=11)
    scene.height += lines * 14
    return scene


def _arrows(view: Collector) -> str:
    """Explain the looks of the arrows that are there."""
    there = (
        len(view.pointers.source) > 0,
        len(view.path) > 1,
        bool(view.followed.any()),
        not bool(view.pointers.read.all()),
    )
    return " · ".join(words for words, its in zip(ARROWS, there, strict=True) if its)


def _beside(scene: Scene, view: Collector, top: float) -> float:
    """Draw the roots beside the chunks; return where they end, the same for a whole history."""
    room = scene.room
    grid = grid_of(view, (room.left + BESIDE + 50, top + TITLE + 6, room.right), 6 if view.rows > 8 else 4)
    body = max(grid.height, 5 * ROOT_HIGH)
    _draw_page(scene, view, (grid.left, top + 12))
    _draw_roots(scene, view, grid, (room.left, top, BESIDE, body))
    _draw_chunks(scene, view, grid)
    return top + TITLE + 6 + body + 6


def _below(scene: Scene, view: Collector, top: float) -> float:
    """Draw the roots above the chunks; return where these end."""
    room = scene.room
    _draw_roots(scene, view, None, (room.left, top, room.inner, ROOTS * ROOT_HIGH))
    top += TITLE + ROOTS * ROOT_HIGH + 6
    _draw_page(scene, view, (room.left, top + 12))
    columns = 5 if view.rows > 8 and not room.narrow else 4
    grid = grid_of(view, (room.left, top + TITLE + 4, room.right), columns, low=room.narrow)
    _draw_chunks(scene, view, grid)
    return top + TITLE + 4 + grid.height + 6


def _draw_chunks(scene: Scene, view: Collector, grid: Grid) -> None:
    draw_pointers(scene, view, grid)
    for row in range(len(view.chunks)):
        draw_chunk(scene, view, grid, row)


def _draw_page(scene: Scene, view: Collector, at: Point) -> None:
    """Describe which chunks are shown; where there are more, buttons turn to them."""
    first = int(view.chunks.chunk[0]) if len(view.chunks) else 0
    last = first + len(view.chunks) - 1
    if view.most <= view.rows:
        scene.text(*at, "chunks", bold=True)
        return
    scene.text(*at, f"chunks {first} to {last} of {view.all_chunks:,}", bold=True)
    ends = (
        f"chunk {first - 1}" if first else "",
        f"chunk {last + 1}" if last + 1 < view.all_chunks else "",
    )
    right = scene.room.right
    for words, tap, tip in (("▸", ends[1], "the next chunks"), ("◂", ends[0], "the chunks before")):
        right -= text_width(words, 11.5) + 16
        scene.press(right, at[1] - PRESS + 5, words, tap, tip=tip)
        right -= 6


# roots


def _draw_roots(scene: Scene, view: Collector, grid: Grid | None, box: Box) -> None:
    """List the roots, in one column beside the chunks or in as many as fit; those that do not fit are counted."""
    x, y, wide, high = box
    count = max(1, int(wide // BESIDE)) if grid is None else 1
    columns = [x + number * (wide + 12) / count for number in range(count)]
    fits = int(high // ROOT_HIGH) * count
    shown = _shown_roots(view, fits)
    said = scene.text(x, y + 12, "roots", bold=True, tip=explain_meaning("mark_root"))
    if rest := len(view.roots) - len(shown):
        scene.text(x + said + 10, y + 12, f"… and {rest} more", tone="faint", size=11)
    for place, row in enumerate(shown):
        line, column = divmod(place, count)
        its = (columns[column], y + TITLE + line * ROOT_HIGH, (wide + 12) / count - 12, ROOT_HIGH - 4)
        _draw_root(scene, view, row, its)
        if grid and view.roots.path[row] and view.path and (to := grid.place(view, view.path[0].chunk)):
            _draw_way(scene, its, to, view.why[1])


def _shown_roots(view: Collector, fits: int) -> list[int]:
    """Choose the roots to show: all, or the first ones and with them the one that the way begins at."""
    every = list(range(len(view.roots)))
    if len(every) <= fits:
        return every
    wanted = [row for row in every if view.roots.path[row] or view.roots.now[row]]
    others = [row for row in every if row not in wanted]
    return sorted([*wanted, *others[: max(0, fits - len(wanted))]])


def _draw_root(scene: Scene, view: Collector, row: int, box: Box) -> None:
    roots, (x, y, wide, _) = view.roots, box
    name, chunks = roots.name[row], roots.chunks[row]
    short = name.replace("dropped user arena", "dropped arena").replace(", whose finalizer is yet to run", "")
    short = short.replace("the stack of the goroutine that obtained it", "a goroutine's stack")
    short = short.replace("user arena", "arena")
    leads = ", ".join(str(chunk) if chunk >= 0 else "no chunk" for chunk in chunks)
    tip = f"{name}\nleads to chunks {leads}" + (f"\n{roots.state[row]}" if roots.state[row] else "")
    tap = f"chunk {chunks[0]}" if chunks[0] >= 0 else ""
    scene.area(box, "mark_root", tip=tip, tap=tap, now=bool(roots.path[row] or roots.now[row]), corner=4)
    scene.text(x + 7, y + 12, short, on="mark_root", size=11, bold=True, width=wide - 12, tip=tip, tap=tap)
    said = f"→ {leads}" + (f"   {roots.state[row]}" if roots.state[row] else "")
    scene.text(x + 7, y + 24.5, said, on="mark_root", size=11, width=wide - 12, tip=tip, tap=tap)


def _draw_way(scene: Scene, box: Box, to: Point, tip: str) -> None:
    """Draw the way's first step: along the roots, then in the gap above the chunk's row, then down into it."""
    start, aisle, gap = (box[0] + box[2], box[1] + 14), box[0] + box[2] + 31, to[1] - 5
    across = to[0] + 24
    scene.polyline([start, (aisle, start[1]), (aisle, gap), (across, gap)], "now", width=2.5, tip=tip)
    scene.line((across, gap - 1), (across, to[1] - 1), "now", width=2.5, arrow=True)


# reasons


def _draw_why(scene: Scene, view: Collector, y: float, column: tuple[float, float]) -> float:
    """Explain why the chunk in focus is alive, and return where that ends; a long way is cut in its middle."""
    x, wide = column
    most = scene.room.pick(WORDS, WORDS, WORDS + 2)
    told = [
        (number, part)
        for number, words in enumerate(view.why)
        for part in lines_of(words, (wide - 14) / (1 if number else 1.14), 11.5)
    ]
    if len(told) > most:
        told = [*told[: most - 2], (1, f"… {plainly(len(told) - most + 1, 'more line')} …"), told[-1]]
    for line, (number, part) in enumerate(told):
        scene.text(x + (14 if number else 0), y + 13 + line * LINE, part, bold=not number, size=11.5)
    return y + max(most * LINE + 6, QUEUES if scene.room.wide else 0)
