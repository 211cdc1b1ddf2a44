"""The what-if picture: two columns of bands, heap_live of both runs, a table of totals."""

from __future__ import annotations

from arenalab.draw.scene import WIDTH, Scene
from arenalab.units import counted, human
from arenalab.view.what_if import Side, WhatIf
from arenalab.view.what_if_rows import ENDED, LEFT, RIGHT

MARGIN, GAP = 16, 24
COLUMN = (WIDTH - 2 * MARGIN - GAP) / 2
HEAD, ROW, BAND = 66, 20, 13  #: the words above the bands; a row; the band in it.
NAME, WHERE = 82, 70  #: widths of the words beside a band.
LOWER = 178  #: height of plot and table.
PLOT_LEFT, PLOT_HEIGHT = 58, 118
MEANINGS = ("pointerful", "pointer_free", "pointerful_former", "pointer_free_former", "free", "waste", "dead",
            "address_space", "red_zone", "reserve")  # fmt: skip
SERIES = {LEFT: ("series_0", ""), RIGHT: ("series_1", "7 4")}  #: look and dashes of each run's line.
LETTERS = {LEFT: "A", RIGHT: "B"}


def what_if_scene(view: WhatIf) -> Scene:
    """Draw both runs; the height follows the whole history, so nothing jumps."""
    lower = HEAD + view.rows * ROW + 26
    scene = Scene(lower + LOWER, "What if")
    for name, x in ((LEFT, MARGIN), (RIGHT, MARGIN + COLUMN + GAP)):
        _draw_side(scene, getattr(view, name), name, x, view.rows)
    _draw_lines(scene, view, MARGIN, lower)
    _draw_totals(scene, view, MARGIN + COLUMN + GAP, lower)
    return scene


def _draw_side(scene: Scene, side: Side, name: str, x: float, rows: int) -> None:
    scene.text(x, 14, f"{LETTERS[name]}: {side.title}", bold=True, size=14, width=COLUMN)
    scene.text(x, 30, side.settings, tone="faint", size=10.5, width=COLUMN, tip=side.settings)
    scene.text(x, 45, side.behind, tone="faint", size=10.5, width=COLUMN, tip=side.behind)
    tone = "error" if side.bad else "text"
    scene.text(x, 60, side.trouble, tone=tone, size=10.5, width=COLUMN, tip=side.trouble)
    for row, (number, where) in enumerate(zip(side.rows.name, side.rows.where, strict=True)):
        y = HEAD + row * ROW + BAND - 2
        chunk = number.removeprefix("chunk ") if number.startswith("chunk ") else ""
        scene.text(x, y, number, size=11, width=NAME, tap=chunk and f"chunk {chunk}")
        scene.text(x + NAME, y, where, size=11, tone="faint", width=WHERE)
    _draw_bands(scene, side, x + NAME + WHERE)
    end = HEAD + rows * ROW + 8
    if len(side.rows):
        scene.text(x + NAME + WHERE, end, "0", size=10.5, tone="faint")
        scene.text(x + COLUMN, end, human(side.scale), size=10.5, tone="faint", anchor="end")
    if side.more:
        scene.text(x, end, counted(side.more, "more row"), size=10.5, tone="faint")


def _draw_bands(scene: Scene, side: Side, x: float) -> None:
    """Draw what fills each row; wide parts first, so that a sliver is not painted over."""
    width = COLUMN - NAME - WHERE
    bands = side.bands
    rows = zip(bands.row, bands.left, bands.right, bands.meaning, bands.said, strict=True)
    for row, left, right, meaning, said in sorted(rows, key=lambda part: part[1] - part[2]):
        start, end = (width * int(edge) / side.scale for edge in (left, right))
        box = (x + start, HEAD + int(row) * ROW, end - start, BAND)
        kept, tip = side.rows.kept[row], f"{side.rows.name[row]}: {said}"
        scene.area(box, str(meaning), tip=f"{tip}\n{kept}" if kept else tip)
        if kept:
            middle = (x + width / 2, box[1] + BAND - 2.5)
            scene.text(
                *middle,
                kept,
                on="dead",
                size=11,
                anchor="middle",
                bold=True,
                width=width,
                tip=f"{tip}\n{kept}",
            )


def _draw_lines(scene: Scene, view: WhatIf, x: float, y: float) -> None:
    """Draw heap_live of both runs over operations, with the cursor."""
    highest = max(1, int(view.lines.left.max()), int(view.lines.right.max()))
    left, width, top = x + PLOT_LEFT, COLUMN - PLOT_LEFT, y + 26
    bottom = top + PLOT_HEIGHT
    scene.text(x, y + 8, "heap_live over operations", bold=True)
    _draw_key(scene, x + COLUMN, y + 8)
    for share in (0, 1, 2):
        level = bottom - PLOT_HEIGHT * share / 2
        scene.line((left, level), (left + width, level))
        words = human(highest * share // 2) if share else "0"
        scene.text(left - 6, level + 4, words, size=10.5, tone="faint", anchor="end")
    across = width / max(view.operations, 1)
    for name, (meaning, dash) in SERIES.items():
        values = zip(view.lines.operations.tolist(), getattr(view.lines, name).tolist(), strict=True)
        points: list[tuple[float, float]] = []
        for operation, value in values:
            if value != ENDED:
                level = bottom - PLOT_HEIGHT * value / highest
                points += [(left + operation * across, points[-1][1])] if points else []
                points.append((left + operation * across, level))
        scene.polyline(points, meaning=meaning, dash=dash, tip=f"{LETTERS[name]}: heap_live")
    cursor = left + view.position * across
    scene.line((cursor, top - 4), (cursor, bottom + 4), "now", width=2)
    scene.text(left, bottom + 17, "0", size=10.5, tone="faint")
    scene.text(
        left + width,
        bottom + 17,
        counted(view.operations, "operation"),
        size=10.5,
        tone="faint",
        anchor="end",
    )


def _draw_key(scene: Scene, right: float, y: float) -> None:
    for number, (name, (meaning, dash)) in enumerate(SERIES.items()):
        x = right - 96 + number * 52
        scene.polyline([(x, y - 4), (x + 26, y - 4)], meaning=meaning, dash=dash)
        scene.text(x + 31, y, LETTERS[name], size=11)


def _draw_totals(scene: Scene, view: WhatIf, x: float, y: float) -> None:
    """Draw the table; the better value has a sign, a weight and, for screen readers, a word."""
    edges = {LEFT: x + COLUMN * 0.58, RIGHT: x + COLUMN * 0.8}
    scene.text(x, y + 8, f"after {counted(view.position, 'operation')}", bold=True)
    for name, edge in edges.items():
        scene.text(edge, y + 8, LETTERS[name], bold=True, anchor="end")
    totals = view.totals
    for row, name in enumerate(totals.name):
        level, better = y + 28 + row * 17, str(totals.better[row])
        scene.line((x, level + 4), (x + COLUMN, level + 4))
        scene.text(x, level, str(name), size=11.5)
        for side, edge in edges.items():
            value = int(getattr(totals, side)[row])
            words = human(value) if totals.in_bytes[row] else f"{value:,}"
            scene.text(edge, level, words, size=11.5, anchor="end", bold=side == better)
        if better:
            scene.text(x + COLUMN, level, f"◂ {LETTERS[better]} less", size=11, tone="faint", anchor="end")
