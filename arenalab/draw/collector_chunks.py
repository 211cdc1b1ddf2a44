"""The chunks of the collector's picture: where each stands, how far it is scanned, and the pointers between them."""

from __future__ import annotations

from dataclasses import dataclass

from arenalab.draw.lettering import first_fitting, text_width
from arenalab.draw.scene import Point, Scene
from arenalab.units import counted, plainly
from arenalab.view.acting import by_name, made_words
from arenalab.view.collector import Collector
from arenalab.view.explained import explain_meaning

LOOKS = {"white": "mark_white", "grey": "mark_grey", "black": "mark_black", "no memory": "state_ready"}
ROOMY = 132  #: points of a chunk that has room for whole words.
ROW, LOW_ROW = (
    (50.0, 24.0),
    (38.0, 19.0),
)  #: of a chunk, and below it, where the sweeper's word and arrows stand.


@dataclass(frozen=True)
class Grid:
    """Where chunks stand: row by row, each `wide` points, `apart` from the next."""

    left: float
    top: float
    columns: int
    wide: float
    apart: float
    rows: int
    high: float
    gap: float

    @property
    def height(self) -> float:
        """Of all rows, with the gap below the last."""
        return self.rows * (self.high + self.gap)

    def place(self, view: Collector, chunk: int) -> Point | None:
        """Return the left upper corner of a chunk of the page, None for one of another page."""
        first = int(view.chunks.chunk[0]) if len(view.chunks) else 0
        row, column = divmod(chunk - first, self.columns)
        if not 0 <= chunk - first < len(view.chunks):
            return None
        return self.left + column * (self.wide + self.apart), self.top + row * (self.high + self.gap)


def grid_of(view: Collector, place: tuple[float, float, float], columns: int, *, low: bool = False) -> Grid:
    """Return the grid for all chunks of a page between (left, top, right), the same for a whole history.

    `low` chunks have two lines of words instead of three.
    """
    left, top, right = place
    apart = 26.0 if (right - left) / columns > ROOMY + 26 else 10.0
    wide = (right - left - (columns - 1) * apart) / columns
    return Grid(left, top, columns, wide, apart, -(-view.rows // columns), *(LOW_ROW if low else ROW))


def draw_chunk(scene: Scene, view: Collector, grid: Grid, row: int) -> None:
    """Draw a chunk: its colour in a word too, where it is, how much is scanned, and what the sweeper says."""
    chunks, chunk = view.chunks, int(view.chunks.chunk[row])
    (x, y), look = grid.place(view, chunk) or (0, 0), LOOKS[chunks.colour[row]]
    tip, tap = _tip(view, row), f"chunk {chunk}"
    scene.area((x, y, grid.wide, grid.high), look, tip=tip, tap=tap, now=bool(chunks.focus[row]), corner=7)
    colour, inner = str(chunks.colour[row]), grid.wide - 14
    left = inner - 6 - text_width(colour, 11)
    names = [name for name in (f"chunk {chunk}", f"{chunk}") if text_width(name, 12, bold=True) <= left]
    scene.text(x + 7, y + 14.5, names[0] if names else f"{chunk}", on=look, bold=True, tip=tip, tap=tap)
    if names:
        scene.text(x + grid.wide - 7, y + 14.5, colour, on=look, size=11, anchor="end", tip=tip, tap=tap)
    before = [] if names else [colour]
    low = grid.high < ROW[0]
    where = first_fitting((*(before if low else ()), *_where(view, row), ""), inner, 11)
    scene.text(x + 7, y + 28, where, on=look, size=11, tip=tip, tap=tap)
    _draw_oblets(scene, view, row, (x + 7, y + grid.high - 7), inner, None if low else before)
    sweep, room = str(chunks.sweep[row]), grid.wide + grid.apart - 4
    sweep = first_fitting((sweep, sweep.partition(":")[0]), room, 11)
    scene.text(x + 3, y + grid.high + 13, sweep, size=11, tone="sweep", width=room, tip=tip)


def _where(view: Collector, row: int) -> list[str]:
    """Return where a chunk is, in fewer and fewer words."""
    its, owner = str(view.chunks.list[row]), int(view.chunks.user_arena[row])
    if owner >= 0:
        return [f"{its}, arena {owner}", f"{its} a{owner}", its]
    return [f"{its} list", its] if its in {"ready", "quarantine", "reuse", "fault"} else [its]


def _tip(view: Collector, row: int) -> str:
    chunks = view.chunks
    head = f"chunk {chunks.chunk[row]}: {chunks.colour[row]}, {_where(view, row)[0]}{made_words(chunks.made[row])}"
    parts = [head, chunks.found[row], f"{chunks.sweep[row]}{by_name(chunks.swept_by[row])}"]
    parts.append(explain_meaning(LOOKS[chunks.colour[row]]))
    return "\n".join(part for part in parts if part)


def _draw_oblets(
    scene: Scene, view: Collector, row: int, at: Point, wide: float, before: list[str] | None
) -> None:
    """Draw how much of a chunk is still to be scanned, or say that nobody reads it.

    `before` are words that had no room above, None where there is room for no words at all.
    """
    colour, oblets, queued = (
        str(view.chunks.colour[row]),
        int(view.chunks.oblets[row]),
        int(view.chunks.queued[row]),
    )
    (x, y), look = at, LOOKS[colour]
    if queued:
        tip = f"{oblets - queued} of {plainly(oblets, 'oblet')} scanned"
        top, high = (y - 7, 8) if before is not None else (y, 4)
        scene.area((x, top, wide, high), "mark_white", tip=tip)
        scene.area((x, top, wide * (oblets - queued) / oblets, high), "mark_black", tip=tip)
    if queued or before is None:
        return
    said = before
    if colour != "no memory" and not oblets:
        said = ["noscan: never read", "never read", *before]
    elif colour == "black":
        said = [f"marked; {plainly(oblets, 'oblet')}", plainly(oblets, "oblet"), *before]
    scene.text(x, y, first_fitting((*said, ""), wide, 11), on=look, size=11)


# pointers


def draw_pointers(scene: Scene, view: Collector, grid: Grid) -> None:
    """Draw an arrow for each pair of chunks with pointers; along the way to the focus strongly."""
    there, way = view.pointers, {(edge.source, edge.chunk) for edge in view.path}
    for row in range(len(there.source)):
        pair = (int(there.source[row]), int(there.target[row]))
        tip = f"{counted(int(there.words[row]), 'pointer')} from chunk {pair[0]} into chunk {pair[1]}"
        tip += "" if there.read[row] else "\nnever read: the source is noscan"
        tip += "\nmarking went this way in this cycle" if view.followed[row] else ""
        strong = pair in way or pair == view.now
        tone = "now" if strong else "mark" if view.followed[row] else "faint"
        ends = grid.place(view, pair[0]), grid.place(view, pair[1])
        if ends[0] and ends[1]:
            start, end, bend = _arrow(grid, ends[0], ends[1])
            scene.curve(
                start, end, bend, tone, width=2.5 if strong else 1.5, dash=not there.read[row], tip=tip
            )


def _arrow(grid: Grid, a: Point, b: Point) -> tuple[Point, Point, Point]:
    """Return start, end and bend of a curve in the gaps between the chunks: above or below them in one row."""
    middle = grid.wide / 2
    if a[1] == b[1]:
        right = b[0] > a[0]
        aside, y = (14, a[1]) if right else (-14, a[1] + grid.high)
        start, end = (a[0] + middle + aside, y), (b[0] + middle - aside, y)
        return start, end, ((start[0] + end[0]) / 2, y + (-1 if right else 1) * 1.3 * grid.gap)
    down = b[1] > a[1]
    start = (a[0] + middle, a[1] + (grid.high if down else 0))
    end = (b[0] + middle + (10 if down else -10), b[1] + (0 if down else grid.high))
    return start, end, (start[0], (start[1] + end[1]) / 2)
