"""Scene: one picture as a list of shapes, painted alike in a notebook, a saved page, an SVG and a PNG.

Rules:
1. A shape says what it means, never which colour it has: the paper's style sheet (`scene_css`) decides.
2. The same view gives the same shapes; a shape that did not change is the same text, so that a page
   keeps what it has painted.
3. Nothing from outside reaches a shape unescaped.
4. No text is smaller than its `room` allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

from arenalab.draw.lettering import fitted, text_width
from arenalab.draw.room import Room
from arenalab.draw.still import TILES, clean
from arenalab.draw.theme import EVERY_LOOK, FAMILIES, FONT, MONO, PAPERS, Paper

Point = tuple[float, float]
Box = tuple[float, float, float, float]  #: x, y, width, height

WIDTH = 960  #: points, of a still; a page asks for its own.
HEAD = 7  #: points of an arrow's head.
PRESS = 20  #: height of a button.
TIGHT = 6  #: areas narrower than this have no hatch: it would be noise.


class Scene:
    """A picture that grows by shapes; positions and sizes are in points, from the top left.

    `tip` is shown while one points at a shape; `tap` is sent to the explorer when one clicks it.
    `meanings` are those of all that was drawn: what a legend has to explain. `height` may be changed
    while one draws.
    """

    def __init__(self, height: float, title: str, *, width: float = WIDTH) -> None:
        """Start an empty picture; `title` is what a screen reader says."""
        self.width, self.height, self.title = width, height, title
        self.room = Room(width)
        self.shapes: list[str] = []
        self.meanings: set[str] = set()

    def area(
        self, box: Box, meaning: str, *, tip: str = "", tap: str = "", now: bool = False, corner: float = 0
    ) -> None:
        """Fill a rectangle as its meaning looks; `now` outlines it as what the current step did."""
        self.meanings.add(meaning)
        x, y, width, height = box
        place = f'x="{x:.2f}" y="{y:.2f}" width="{max(width, 0.6):.2f}" height="{max(height, 0.6):.2f}"'
        place += f' rx="{corner:g}"' if corner else ""
        dashes = ' stroke-dasharray="3 3"' if meaning == "address_space" else ""
        edge = f" e-{meaning}" if width >= TIGHT / 2 else ""
        parts = [f'<rect {place} class="f-{meaning}{edge}"{dashes}/>']
        if EVERY_LOOK[meaning].hatch and min(width, height) >= TIGHT:
            parts.append(f'<rect {place} fill="url(#h-{meaning})" opacity="0.6"/>')
        if now:
            parts.append(f'<rect {place} class="l-now" fill="none" stroke-width="2.5"/>')
        self._add("".join(parts), tip, tap)

    def dot(
        self, centre: Point, radius: float, meaning: str, *, tip: str = "", tap: str = "", now: bool = False
    ) -> None:
        """Fill a circle as its meaning looks."""
        self.meanings.add(meaning)
        place = f'cx="{centre[0]:.2f}" cy="{centre[1]:.2f}" r="{radius:.2f}"'
        parts = [f'<circle {place} class="f-{meaning} e-{meaning}"/>']
        if EVERY_LOOK[meaning].hatch and radius >= TIGHT:
            parts.append(f'<circle {place} fill="url(#h-{meaning})" opacity="0.6"/>')
        if now:
            parts.append(f'<circle {place} class="l-now" fill="none" stroke-width="2.5"/>')
        self._add("".join(parts), tip, tap)

    def line(
        self, start: Point, end: Point, tone: str = "line", *, width: float = 1, dash: bool = False,
        tip: str = "", arrow: bool = False,
    ) -> None:  # fmt: skip
        """Draw a straight line in a tone: of the paper, or of a family of events."""
        place = f'x1="{start[0]:.2f}" y1="{start[1]:.2f}" x2="{end[0]:.2f}" y2="{end[1]:.2f}"'
        shape = f'<line {place} class="l-{tone}" stroke-width="{width:g}"{_dashes(dash)}/>'
        self._add(shape + (_head(start, end, tone) if arrow else ""), tip, "")

    def curve(
        self, start: Point, end: Point, bend: Point, tone: str = "line", *, width: float = 1.5,
        dash: bool = False, tip: str = "", tap: str = "", arrow: bool = True,
    ) -> None:  # fmt: skip
        """Draw a curve that leaves `start` towards `bend` and arrives at `end` from there."""
        way = f"M{start[0]:.2f},{start[1]:.2f} Q{bend[0]:.2f},{bend[1]:.2f} {end[0]:.2f},{end[1]:.2f}"
        shape = f'<path d="{way}" class="l-{tone}" fill="none" stroke-width="{width:g}"{_dashes(dash)}/>'
        self._add(shape + (_head(bend, end, tone) if arrow else ""), tip, tap)

    def outline(self, box: Box) -> None:
        """Outline a rectangle as what the current step made."""
        x, y, width, height = box
        place = f'x="{x:.2f}" y="{y:.2f}" width="{max(width, 1):.2f}" height="{height:.2f}"'
        self._add(f'<rect {place} class="l-now" fill="none" stroke-width="2.5"/>', "", "")

    def frame(self, box: Box, tone: str = "line") -> None:
        """Outline a rectangle in a tone of the paper."""
        x, y, width, height = box
        place = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
        self._add(f'<rect {place} class="l-{tone}" fill="none"/>', "", "")

    def mark(self, x: float, y: float) -> None:
        """Draw a small triangle that points down to (x, y): here is what the current step made."""
        self._add(f'<path d="M{x:.2f},{y:.2f} l-5,-8 h10 z" class="t-now"/>', "", "")

    def pane(
        self, box: Box, name: str, part: tuple[int, int], whole: int, said: str, *, fixed: float | None = None,
        whole_shown: bool = False,
    ) -> None:  # fmt: skip
        """Let the reader move and zoom what is drawn in a rectangle, sideways.

        Args:
            box: the rectangle.
            name: what the explorer hears with the part that is wanted.
            part: what is shown now: the first and the end, of 0 to `whole`.
            whole: how much there is.
            said: the part in words, for screen readers.
            fixed: what keys that zoom leave where it is, if it is seen; None is the middle, or an end that is shown.
            whole_shown: whether the rectangle is a map of the whole, on which the part itself is moved.

        """
        x, y, width, height = box
        place = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
        what = "map" if whole_shown else "pane"
        told = f'data-{what}="{clean(name)}" data-part="{part[0]} {part[1]}" data-whole="{whole}"'
        told += "" if fixed is None else f' data-fixed="{fixed:.1f}"'
        self._add(f'<rect {place} fill-opacity="0" {told} data-said="{clean(said)}"/>', "", "")

    def polyline(
        self, points: Sequence[Point], tone: str = "line", *, meaning: str = "", width: float = 2,
        dash: str = "", tip: str = "",
    ) -> None:  # fmt: skip
        """Draw a line through points, in a tone or in the edge colour of a meaning; `dash` as in SVG."""
        way = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        self.meanings |= {meaning} if meaning else set()
        stroke = f"e-{meaning}" if meaning else f"l-{tone}"
        dashes = f' stroke-dasharray="{clean(dash)}"' if dash else ""
        look = f'class="{stroke}" fill="none" stroke-width="{width:g}" stroke-linejoin="round"{dashes}'
        self._add(f'<polyline points="{way}" {look}/>', tip, "")

    def polygon(
        self, points: Sequence[Point], meaning: str, *, tip: str = "", opacity: float = 1, hatch: bool = False
    ) -> None:
        """Fill what a line encloses as a meaning looks, without an outline; `hatch`: with its hatch as well."""
        self.meanings.add(meaning)
        way = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        shape = f'<polygon points="{way}" class="f-{meaning}" opacity="{opacity:g}"/>'
        if hatch and EVERY_LOOK[meaning].hatch:
            shape += f'<polygon points="{way}" fill="url(#h-{meaning})" opacity="0.5"/>'
        self._add(shape, tip, "")

    def text(
        self, x: float, y: float, words: str, *, tone: str = "text", on: str = "", size: float = 12,
        anchor: str = "start", bold: bool = False, mono: bool = False, width: float = 0, halo: bool = False,
        tip: str = "", tap: str = "",
    ) -> float:  # fmt: skip
        """Write words with their baseline at y, and return how many points they take.

        `on` names the meaning of the area below and gives its ink; `width` cuts what is longer; `halo`
        sets words off what they stand on, as a hatch always does.
        """
        size = max(size, self.room.least)
        shown = fitted(words, width, size, mono=mono, bold=bold) if width else words
        if not shown:
            return 0
        look = f'class="{f"i-{on}" if on else f"t-{tone}"}{" mono" if mono else ""}"'
        style = f'font-size="{size:g}" text-anchor="{anchor}"' + (' font-weight="600"' if bold else "")
        shape = f'<text x="{x:.2f}" y="{y:.2f}" {look} {style} xml:space="preserve">{clean(shown)}</text>'
        if halo or (on and EVERY_LOOK[on].hatch):
            rim = f'{look[:-1]} {f"s-{on}" if on else "l-paper"}" stroke-width="4" stroke-linejoin="round"'
            shape = shape.replace(look, f'{rim} paint-order="stroke"')
        self._add(shape, tip, tap)
        return text_width(shown, size, mono=mono, bold=bold)

    def press(self, x: float, y: float, words: str, tap: str, *, tip: str = "") -> float:
        """Draw a button `PRESS` points high with its upper left corner at (x, y), and return how wide it is.

        One without a `tap` keeps its place and is faint: there is nothing available for now.
        """
        size = max(11.5, self.room.least)
        width = text_width(words, size) + 16
        place = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{PRESS}" rx="4"'
        said = f'<text x="{x + 8:.2f}" y="{y + 14.5:.2f}" class="t-{"text" if tap else "faint"}" font-size="{size:g}"'
        shape = f'<rect {place} class="t-paper l-line"/>{said} xml:space="preserve">{clean(words)}</text>'
        self._add(shape, tip or words, tap, "al-press" if tap else "")
        return width

    def take(self, other: Scene) -> None:
        """Draw what was drawn on its own, in the same place."""
        self.shapes += other.shapes
        self.meanings |= other.meanings

    def below(self, other: Scene) -> None:
        """Put another picture below what is there."""
        self.shapes += [
            f'<g transform="translate(0,{self.height:.2f})">{shape}</g>' for shape in other.shapes
        ]
        self.height += other.height

    def _add(self, shape: str, tip: str, tap: str, kind: str = "") -> None:
        """Keep a shape; one that can be pointed at or clicked is a group of its own."""
        if tip or tap:
            key = f' class="{kind}"' if kind else ""
            key += f' data-tap="{clean(tap)}"' if tap else ""
            said = f"<title>{clean(tip)}</title>" if tip else ""
            shape = f"<g{key}>{said}{shape}</g>"
        self.shapes.append(shape)


def _dashes(dash: bool) -> str:
    return ' stroke-dasharray="5 4"' if dash else ""


def _head(before: Point, tip: Point, tone: str) -> str:
    """Return the head of an arrow that arrives at `tip` from `before`."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    length = hypot(dx, dy) or 1
    ux, uy = dx / length * HEAD, dy / length * HEAD
    left = (tip[0] - ux - uy / 2, tip[1] - uy + ux / 2)
    right = (tip[0] - ux + uy / 2, tip[1] - uy - ux / 2)
    way = " ".join(f"{x:.2f},{y:.2f}" for x, y in (tip, left, right))
    return f'<polygon points="{way}" class="t-{tone}"/>'


def scene_css(paper: Paper, scope: str = "") -> str:
    """Return the style sheet of all shapes on a paper; each rule holds below `scope` only."""
    rules = [("text", f"font-family:{FONT}"), (".mono", f"font-family:{MONO}")]
    for key, look in EVERY_LOOK.items():
        paint = look.on(paper)
        rules += [(f".f-{key}", f"fill:{paint.fill}"), (f".i-{key}", f"fill:{paint.ink}")]
        rules += [(f".e-{key}", f"stroke:{paint.edge}"), (f".s-{key}", f"stroke:{paint.fill}")]
    families = {name: light if paper == "light" else dark for name, (_, light, dark) in FAMILIES.items()}
    for name, colour in (PAPERS[paper] | families).items():
        rules += [(f".t-{name}", f"fill:{colour}"), (f".l-{name}", f"stroke:{colour}")]
    return "\n".join(f"{scope} {selector}{{{style}}}".lstrip() for selector, style in rules)


def hatch_defs() -> str:
    """Return the patterns of all hatches; their colour is that of the meaning's edge."""
    patterns = (
        f'<pattern id="h-{key}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<g class="e-{key}" stroke-width="1" fill="none">{TILES[look.hatch]}</g></pattern>'
        for key, look in EVERY_LOOK.items()
        if look.hatch
    )
    return f"<defs>{''.join(patterns)}</defs>"
