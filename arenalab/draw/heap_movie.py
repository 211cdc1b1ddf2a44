"""A recorded heap: spans by size class, objects by type, scopes as lanes; its rasters stand above."""

from __future__ import annotations

from typing import NamedTuple

from arenalab.draw.along import MAP, Along, draw_cursor, draw_map, draw_ticks
from arenalab.draw.lettering import first_fitting, text_width
from arenalab.draw.scene import WIDTH, Scene
from arenalab.units import counted, human
from arenalab.view.columns import brief
from arenalab.view.heap_lanes import COLLECTOR, LANES, MICRO
from arenalab.view.heap_movie import HeapMovie, seconds

ROW, SMALL, GAP = 15, 11, 6  #: height of a table's row; size of its words; between parts of the picture.
LANE, PITCH, TITLE, AXIS = 11, 13, 17, 18
NAMES = 58  #: points before the lanes.
PANE = "run"  #: what the explorer hears when the lanes are moved or zoomed.
#: Column -> its width and what stands above it; a bar takes what is left.
CLASSES = {"size": (64, "bytes"), "bar": (0, ""), "slots": (112, "slots used"), "empty": (54, "unused"),
           "born": (58, "+ born"), "died": (58, "− freed")}  # fmt: skip
FEW_CLASSES = {"size": (56, "bytes"), "bar": (0, ""), "empty": (46, "unused"), "born": (48, "+ born"),
               "died": (50, "− freed")}  # fmt: skip
LEAST_CLASSES = {"bar": (0, ""), "empty": (48, "unused"), "born": (46, "+ born"), "died": (48, "− freed")}
TYPES = {
    "objects": (62, "objects"),
    "bytes": (78, "in slots"),
    "born": (62, "+ born"),
    "died": (62, "− freed"),
}
FEW_TYPES = {
    "objects": (46, "objects"),
    "bytes": (62, "in slots"),
    "born": (48, "+ born"),
    "died": (50, "− freed"),
}


LEAST_TYPES = {"objects": (50, "objects"), "born": (46, "+ born"), "died": (48, "− freed")}
ENOUGH, LITTLE = 360, 300  #: points from which on tables have more columns than few, and than the least.


class Table(NamedTuple):
    """Where a table stands: its name's place, the right edge and the width of each column, its first row."""

    left: float
    name: float  #: width of the rows' names.
    columns: dict[str, tuple[float, float]]
    top: float


def heap_movie_scene(view: HeapMovie, width: float = WIDTH) -> Scene:
    """Draw the tables and the lanes; a click on a lane tells "scope N" or "cycle N"."""
    scene = Scene(0, "Heap movie", width=width)
    room = scene.room
    (left, wide), (right, rest) = (
        (room.left, 0.6 * room.inner),
        (room.left + 0.6 * room.inner + 14, 0.4 * room.inner - 14),
    )
    if not room.wide:
        (left, wide), (right, rest) = ((room.left, room.inner),) * 2
    lower = _draw_classes(scene, view, (left, 0, wide))
    types = _draw_types(scene, view, (right, 0 if room.wide else lower + GAP, rest))
    top = max(lower, types) + GAP
    scene.height = top + TITLE + MAP + 6 + _rows(view) * PITCH + AXIS
    _draw_lanes(scene, view, top)
    return scene


def _table(
    scene: Scene,
    title: str,
    place: tuple[float, float, float],
    name: float,
    columns: dict[str, tuple[int, str]],
) -> Table:
    """Write the head of a table between (left, top, width); a column without a width takes what is left."""
    left, top, wide = place
    scene.text(left, top + 12, title, bold=True)
    spare = wide - name - sum(width for width, _ in columns.values())
    y, x, edges = top + 27, left + name, {}
    for column, (width, words) in columns.items():
        own = width or spare
        x += own
        edges[column] = (x, own)
        scene.text(x, y, words, tone="faint", size=SMALL, anchor="end")
    return Table(left, name, edges, y + 6)


def _number(scene: Scene, table: Table, column: str, y: float, count: int, sign: str = "") -> None:
    """Write a number in a column; one that is too long for it in millions or thousands, whole when pointed at."""
    right, wide = table.columns[column]
    if not count and sign:
        scene.text(right, y, "–", size=SMALL, anchor="end", tone="faint")
        return
    scaled = ((count / size, unit) for size, unit in ((1e3, "k"), (1e6, "M"), (1e9, "G")))
    short = [f"{sign}{value:,.{digits}f} {unit}" for value, unit in scaled for digits in (1, 0)]
    tries = [f"{sign}{count:,}", *short]
    said = first_fitting(tries, wide - 4, SMALL)
    scene.text(right, y, said, size=SMALL, anchor="end", tip="" if said == tries[0] else tries[0])


def _draw_classes(scene: Scene, view: HeapMovie, place: tuple[float, float, float]) -> float:
    """Draw the size classes, and return where the table ends."""
    its, rows = view.classes, len(view.classes)
    columns = CLASSES if place[2] >= 520 else FEW_CLASSES if place[2] >= LITTLE else LEAST_CLASSES
    table = _table(scene, "spans by size class", place, 88 if place[2] >= 520 else 80, columns)
    for row, empty in enumerate(its.fragmented().tolist()):
        y, size = table.top + row * ROW, int(its.bytes[row])
        scene.text(table.left, y + 10.5, str(its.name[row]), size=SMALL, width=table.name - 4)
        if size:
            _draw_bar(
                scene,
                view,
                row,
                (table.columns["bar"][0] - table.columns["bar"][1] + 10, y, table.columns["bar"][1] - 14),
            )
            if "size" in table.columns:
                scene.text(table.columns["size"][0], y + 10.5, human(size), size=SMALL, anchor="end")
            scene.text(table.columns["empty"][0], y + 10.5, f"{100 * empty:.1f} %", size=SMALL, anchor="end")
            if "slots" in table.columns:
                right, wide = table.columns["slots"]
                words = f"{int(its.used[row]):,} of {int(its.slots[row]):,}"
                scene.text(right, y + 10.5, words, size=SMALL, anchor="end", width=wide - 4)
        _number(scene, table, "born", y + 10.5, int(its.born[row]), "+")
        _number(scene, table, "died", y + 10.5, int(its.died[row]), "−")
    return table.top + rows * ROW


def _draw_bar(scene: Scene, view: HeapMovie, row: int, place: tuple[float, float, float]) -> None:
    """Draw which share of a class's bytes objects have, and which was freed in this step and not taken since."""
    table, (x, y, wide) = view.classes, place
    size, used, slots = int(table.bytes[row]), int(table.used_bytes[row]), int(table.slots[row])
    gone = min(int(table.died[row]) * size / max(slots, 1), size - used)
    tip = (
        f"{table.name[row]}: {counted(int(table.spans[row]), 'span')}, {human(size)}\n"
        f"{human(used)} in {counted(int(table.used[row]), 'used slot')} of {slots:,}"
    )
    scene.area((x, y, wide, 12), "free", tip=tip)
    if gone:
        scene.area((x + used * wide / size, y, gone * wide / size, 12), "heap_died", tip=tip)
    if used:
        scene.area((x, y, used * wide / size, 12), "used_4", tip=tip)


def _draw_types(scene: Scene, view: HeapMovie, place: tuple[float, float, float]) -> float:
    """Draw the types, and return where the table ends."""
    its, wide = view.types, place[2]
    columns = TYPES if wide >= ENOUGH else FEW_TYPES if wide >= LITTLE else LEAST_TYPES
    name = place[2] - sum(width for width, _ in columns.values())
    table = _table(scene, "objects by type", place, name, columns)
    for row, words in enumerate(its.name.tolist()):
        y = table.top + row * ROW
        scene.area((table.left, y + 1, 12, 10), f"choice_{row}")
        spare = table.name + columns["objects"][0] - 20 - text_width(f"{int(its.objects[row]):,}", SMALL) - 6
        scene.text(table.left + 18, y + 10.5, words, size=SMALL, width=min(spare, table.name - 20), tip=words)
        _number(scene, table, "objects", y + 10.5, int(its.objects[row]))
        if "bytes" in table.columns:
            held = human(int(its.bytes[row]))
            scene.text(table.columns["bytes"][0], y + 10.5, held, size=SMALL, anchor="end")
        _number(scene, table, "born", y + 10.5, int(its.born[row]), "+")
        _number(scene, table, "died", y + 10.5, int(its.died[row]), "−")
    return table.top + max(len(its), 1) * ROW


def _rows(view: HeapMovie) -> int:
    """Return how many lanes there are, the collector's among them: as many at every moment."""
    return 1 + min(max(view.at_once, 1), LANES)


def _draw_lanes(scene: Scene, view: HeapMovie, top: float) -> None:
    """Draw the lanes below a map of the run."""
    room = scene.room
    axis = Along(room.left + NAMES, room.right, view.window, view.end, view.at)
    kind = brief(view.kind, 60)
    hidden = view.at_once - LANES
    more = f"; {counted(hidden, 'lane')} more of scopes open at once" if hidden > 0 else ""
    part = f"{view.axis_words()}{more}"
    part = part if text_width(part, SMALL) < room.inner * 0.6 else view.axis_words()
    scene.text(
        room.right, top + 12, part, tone="faint", size=SMALL, anchor="end", tip=f"{view.axis_words()}{more}"
    )
    title, wide = (
        f"scopes: {kind}" if kind else "this trace holds no scopes",
        room.inner - text_width(part, SMALL) - 12,
    )
    scene.text(room.left, top + 12, title, bold=True, width=wide, tip=view.kind)
    draw_map(scene, axis, top + TITLE, PANE, f"map of the run, {view.axis_words()}")
    first, bottom = top + TITLE + MAP + 6, top + TITLE + MAP + 6 + _rows(view) * PITCH
    box = (axis.left, first, axis.right - axis.left, bottom - first)
    scene.pane(box, PANE, view.window, view.end, f"run, {view.axis_words()}", fixed=view.at)
    names = ["GC marks", *(f"lane {lane + 1}" for lane in range(min(view.at_once, LANES)))]
    for row, name in enumerate(names):
        y, tone = first + row * PITCH + 9.5, "faint" if row else "text"
        scene.text(axis.left - 6, y, name, tone=tone, size=SMALL, anchor="end")
    for row in range(len(view.lanes)):
        _draw_part(scene, view, row, axis, first)
    draw_ticks(scene, axis, bottom, lambda place: f"{seconds(place)} s")
    _draw_step(scene, view, axis, (first, bottom))


def _draw_part(scene: Scene, view: HeapMovie, row: int, axis: Along, top: float) -> None:
    table, (first, last) = view.lanes, view.window
    lane, number, count = int(table.lane[row]), int(table.number[row]), int(table.count[row])
    left, right = (axis.x(min(max(float(edge[row]), first), last)) for edge in (table.left, table.right))
    collects, chosen = lane == COLLECTOR, number == view.scope
    meaning = "act_marks" if collects else "heap_chosen" if chosen else "heap_open"
    key = f"{'cycle' if collects else 'scope'} {number}"
    box = (left, top + (lane + 1) * PITCH, max(right - left, 1.5), LANE)
    tip = _tip(view, row, count, collects=collects)
    scene.area(box, meaning, tip=tip, tap=key, now=chosen and not collects)


def _tip(view: HeapMovie, row: int, count: int, *, collects: bool) -> str:
    table = view.lanes
    number, begin, end = int(table.number[row]) + 1, table.left[row] / MICRO, table.right[row] / MICRO
    if collects:
        what = f"collection {number:,} marks"
    else:
        what = f"scope {number:,}, {brief(view.kind, 60)}, of goroutine {table.g[row]}"
    lines = [what, f"{begin:.6f} to {end:.6f} s: {end - begin:.6f} s"]
    lines += [f"the longest of {count:,} that begin in this part"] if count > 1 else []
    return "\n".join(lines)


def _draw_step(scene: Scene, view: HeapMovie, axis: Along, lanes: tuple[float, float]) -> None:
    """Frame the current step, where it is seen."""
    top, bottom = lanes
    if view.window[0] <= view.at <= view.window[1]:
        now, before = axis.x(view.at), axis.x(max(view.since, view.window[0]))
        scene.frame((before, top - 3, max(now - before, 0.5), bottom + 4 - top), "now")
    draw_cursor(scene, axis, top - 5, bottom + 4)
