"""The collector's picture: phases, heapLive on its way, roots and chunks, the queues, and why a chunk is alive.

Chunks keep their places while one steps. Only what leads to the chunk in focus is drawn strongly.
"""

from __future__ import annotations

from textwrap import shorten

from arenalab.draw.collector_parts import draw_pace, draw_queues, draw_states
from arenalab.draw.scene import Point, Scene
from arenalab.units import counted, plainly
from arenalab.view.acting import by_name, made_words
from arenalab.view.collector import Collector

WIDTH, MARGIN = 960, 12
COLUMNS = 4  #: chunks side by side.
NODE, HIGH, GAP_X, GAP_Y = 142, 62, 26, 30
ROOTS_WIDE, ROOT_HIGH, FIRST_CHUNK = 208, 34, 282
TOP = 116  #: where roots and chunks begin.
QUEUES, WORDS, LINE = 96, 5, 17  #: height of the queues; lines of words, and the height of one.
ARROWS = (
    "arrows: pointers from chunk to chunk · thick: the way to the chunk in focus · "
    "purple: marking went along it · dashed: never read"
)
LOOKS = {"white": "mark_white", "grey": "mark_grey", "black": "mark_black", "no memory": "state_ready"}


def collector_scene(view: Collector) -> Scene:
    """Draw the collector at a moment."""
    body = _body(view)
    scene = Scene(TOP + body + QUEUES + WORDS * LINE + 30, "The collector")
    draw_states(scene, view)
    draw_pace(scene, view, 62)
    _roots(scene, view, body)
    _pointers(scene, view)
    for row in range(len(view.chunks)):
        _chunk(scene, view, row)
    draw_queues(scene, view, TOP + body + 6)
    _why(scene, view, TOP + body + QUEUES + 18)
    scene.text(MARGIN, scene.height - 10, ARROWS, tone="faint", size=11)
    return scene


def _body(view: Collector) -> float:
    """Return the height of the chunks, the same for a whole history; roots have room for four."""
    rows = -(-view.rows // COLUMNS)
    return max(rows * (HIGH + GAP_Y) + 8, 5 * ROOT_HIGH + 24)


def _place(view: Collector, chunk: int) -> Point | None:
    """Return the left upper corner of a chunk of the page, None for one of another page."""
    first = int(view.chunks.chunk[0]) if len(view.chunks) else 0
    row, column = divmod(chunk - first, COLUMNS)
    if not 0 <= chunk - first < len(view.chunks):
        return None
    return FIRST_CHUNK + column * (NODE + GAP_X), TOP + 22 + row * (HIGH + GAP_Y)


def _chunk(scene: Scene, view: Collector, row: int) -> None:
    chunks = view.chunks
    chunk = int(chunks.chunk[row])
    x, y = _place(view, chunk) or (0, 0)
    look = LOOKS[chunks.colour[row]]
    owner = int(chunks.user_arena[row])
    where = f"{chunks.list[row]}, arena {owner}" if owner >= 0 else chunks.list[row]
    where += " list" if where in {"ready", "quarantine", "reuse", "fault"} else ""
    said = [f"chunk {chunk}: {chunks.colour[row]}, {where}{made_words(chunks.made[row])}", chunks.found[row]]
    said.append(f"{chunks.sweep[row]}{by_name(chunks.swept_by[row])}")
    tip = "\n".join(part for part in said if part)
    scene.area((x, y, NODE, HIGH), look, tip=tip, tap=f"chunk {chunk}", now=bool(chunks.focus[row]), corner=7)
    scene.text(x + 9, y + 17, f"chunk {chunk}", on=look, bold=True, size=12.5)
    scene.text(x + NODE - 9, y + 17, chunks.colour[row], on=look, size=11, anchor="end")
    scene.text(x + 9, y + 33, where, on=look, size=11, width=NODE - 16)
    _oblets(scene, view, row, (x + 9, y + 41))
    scene.text(x + 3, y + HIGH + 13, chunks.sweep[row], size=11, tone="sweep", width=NODE)


def _oblets(scene: Scene, view: Collector, row: int, at: Point) -> None:
    """Draw how much of a chunk is still to be scanned, or that nobody reads it."""
    look, oblets, queued = (
        LOOKS[view.chunks.colour[row]],
        int(view.chunks.oblets[row]),
        int(view.chunks.queued[row]),
    )
    x, y = at
    if queued:
        done = (NODE - 18) * (oblets - queued) / oblets
        scene.area((x, y + 3, NODE - 18, 9), "mark_white")
        scene.area(
            (x, y + 3, done, 9),
            "mark_black",
            tip=f"{oblets - queued} of {plainly(oblets, 'oblet')} scanned",
        )
    elif view.chunks.colour[row] != "no memory" and not oblets:
        scene.text(x, y + 11, "noscan: never read", on=look, size=11)
    elif view.chunks.colour[row] == "black":
        scene.text(x, y + 11, f"marked; {plainly(oblets, 'oblet')}", on=look, size=11)


def _roots(scene: Scene, view: Collector, body: float) -> None:
    """List the roots; those that do not fit are counted."""
    scene.text(MARGIN, TOP + 6, "roots", bold=True)
    scene.text(FIRST_CHUNK, TOP + 6, "chunks", bold=True)
    fits = int((body - 24) // ROOT_HIGH)
    shown = _shown_roots(view, fits)
    for place, row in enumerate(shown):
        _root(scene, view, row, TOP + 18 + place * ROOT_HIGH)
    if rest := len(view.roots) - len(shown):
        scene.text(MARGIN, TOP + 30 + len(shown) * ROOT_HIGH, f"… and {rest} more", tone="faint", size=11)


def _shown_roots(view: Collector, fits: int) -> list[int]:
    """Choose the roots to show: all, or the first ones and with them the one that the way begins at."""
    every = list(range(len(view.roots)))
    if len(every) <= fits:
        return every
    wanted = [row for row in every if view.roots.way[row] or view.roots.now[row]]
    others = [row for row in every if row not in wanted]
    return sorted([*wanted, *others[: max(0, fits - 1 - len(wanted))]])


def _root(scene: Scene, view: Collector, row: int, y: float) -> None:
    roots = view.roots
    name, chunks = roots.name[row], roots.chunks[row]
    short = name.replace("dropped user arena", "dropped arena").replace(", whose finalizer is yet to run", "")
    short = short.replace("the stack of the goroutine that obtained it", "a goroutine's stack")
    short = short.replace("user arena", "arena")
    leads = ", ".join(str(chunk) if chunk >= 0 else "no chunk" for chunk in chunks)
    box = (MARGIN, y, ROOTS_WIDE, ROOT_HIGH - 5)
    tip = f"{name}\nleads to chunks {leads}" + (f"\n{roots.state[row]}" if roots.state[row] else "")
    tap = f"chunk {chunks[0]}" if chunks[0] >= 0 else ""
    scene.area(box, "mark_root", tip=tip, tap=tap, now=bool(roots.way[row] or roots.now[row]), corner=4)
    scene.text(MARGIN + 8, y + 13, short, on="mark_root", size=11.5, bold=True, width=ROOTS_WIDE - 14)
    said = f"→ {leads}" + (f"   {roots.state[row]}" if roots.state[row] else "")
    scene.text(MARGIN + 8, y + 25, said, on="mark_root", size=10, width=ROOTS_WIDE - 14)
    if roots.way[row] and view.way and (to := _place(view, view.way[0].chunk)):
        _root_arrow(scene, y + 14, to, view.why[1])


def _root_arrow(scene: Scene, y: float, to: Point, tip: str) -> None:
    """Draw the way's first step: along the roots, then in the gap above the chunk's row, then down into it."""
    start, aisle, gap = (MARGIN + ROOTS_WIDE, y), MARGIN + ROOTS_WIDE + 31, to[1] - 8
    across = to[0] + 24
    scene.polyline([start, (aisle, y), (aisle, gap), (across, gap)], "now", width=2.5, tip=tip)
    scene.line((across, gap - 1), (across, to[1] - 1), "now", width=2.5, arrow=True)


def _pointers(scene: Scene, view: Collector) -> None:
    """Draw an arrow for each pair of chunks with pointers; along the way to the focus strongly."""
    there, way = view.pointers, {(hop.source, hop.chunk) for hop in view.way}
    for row in range(len(there.source)):
        pair = (int(there.source[row]), int(there.target[row]))
        tip = f"{counted(int(there.words[row]), 'pointer')} from chunk {pair[0]} into chunk {pair[1]}"
        tip += "" if there.read[row] else "\nnever read: the source is noscan"
        tip += "\nmarking went this way in this cycle" if view.followed[row] else ""
        strong = pair in way or pair == view.now
        tone = "now" if strong else "mark" if view.followed[row] else "faint"
        _arrow(scene, view, pair, tone, tip, dash=not there.read[row], width=2.5 if strong else 1.5)


def _arrow(
    scene: Scene, view: Collector, pair: tuple[int, int], tone: str, tip: str, *, dash: bool, width: float
) -> None:
    """Draw a curve in the gaps between the chunks: below the boxes when they are in one row."""
    a, b = _place(view, pair[0]), _place(view, pair[1])
    if a is None or b is None:
        return
    middle = NODE / 2
    if a[1] == b[1]:
        right = b[0] > a[0]
        start, end = (
            (a[0] + middle + (14 if right else -14), a[1]),
            (b[0] + middle + (-14 if right else 14), b[1]),
        )
        if not right:
            start, end = (start[0], a[1] + HIGH), (end[0], b[1] + HIGH)
        lift = -GAP_Y + 4 if right else GAP_Y - 4
        bend = ((start[0] + end[0]) / 2, start[1] + 1.6 * lift)
    else:
        down = b[1] > a[1]
        start = (a[0] + middle, a[1] + (HIGH if down else 0))
        end = (b[0] + middle + (10 if down else -10), b[1] + (0 if down else HIGH))
        bend = (start[0], (start[1] + end[1]) / 2)
    scene.curve(start, end, bend, tone, width=width, dash=dash, tip=tip)


def _why(scene: Scene, view: Collector, y: float) -> None:
    """Tell why the chunk in focus is alive; a long way is cut in its middle."""
    told = list(view.why)
    if len(told) > WORDS:
        told = [
            *told[: WORDS - 2],
            f"… {plainly(len(told) - WORDS + 1, 'more step')} …",
            told[-1],
        ]
    for number, words in enumerate(told):
        indent = 0 if number == 0 else 16
        scene.text(MARGIN + indent, y + number * LINE, shorten(words, 150, placeholder="…"), bold=number == 0)
