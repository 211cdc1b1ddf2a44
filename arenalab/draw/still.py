"""Still pictures: a small SVG writer that escapes every text, and SVG to PNG.

Rule: the same view gives the same bytes; nothing from outside reaches the SVG unescaped.
"""

from __future__ import annotations

import re
from html import escape
from io import BytesIO

import numpy as np
import resvg_py
from PIL import Image

from arenalab.draw.lettering import fitted
from arenalab.draw.theme import EVERY_LOOK, FONT, MONO, PAPERS, Hatch, Paper
from arenalab.units import plainly

#: Hatch -> the strokes of one 8 × 8 tile.
TILES: dict[Hatch, str] = {
    "dots": '<circle cx="2" cy="2" r="1"/><circle cx="6" cy="6" r="1"/>',
    "slash": '<path d="M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4"/>',
    "backslash": '<path d="M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4"/>',
    "cross": '<path d="M0,0 l8,8 M0,8 l8,-8"/>',
    "dense": '<path d="M0,4 h8 M4,0 v8"/>',
}

UNKNOWN_TO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

PNG_ZOOM = 1.5  #: dots per point: sharp enough.
BAND = 64  #: rows of dots.
PNG_COLOURS = 128  #: of a picture: a third of the bytes, so that four of them fit into a notebook of 300 kB.


class Svg:
    """A picture that grows by rectangles, lines and texts; positions and sizes are in points."""

    def __init__(self, width: float, height: float, paper: Paper, title: str, description: str) -> None:
        """Start a sheet with its accessible title and description."""
        self.width, self.height, self.paper = width, height, paper
        self.tone = PAPERS[paper]
        self._head = f"<title>{clean(title)}</title><desc>{clean(description)}</desc>"
        self._hatches: dict[str, str] = {}
        self._parts: list[str] = []

    def area(self, box: tuple[float, float, float, float], meaning: str, *, now: bool = False) -> None:
        """Fill a rectangle (x, y, width, height) as its meaning looks; `now` outlines it strongly."""
        paint = EVERY_LOOK[meaning].on(self.paper)
        x, y, width, height = box
        place = f'x="{x:.2f}" y="{y:.2f}" width="{max(width, 1):.2f}" height="{height:.2f}"'
        thin = width < THIN
        stroke = f'stroke="{paint.fill if thin else paint.edge}" stroke-width="{0 if thin else 1}"'
        dashes = ' stroke-dasharray="3 3"' if meaning == "address_space" else ""
        self._parts.append(f'<rect {place} fill="{paint.fill}" {stroke}{dashes}/>')
        if EVERY_LOOK[meaning].hatch and not thin:
            self._parts.append(f'<rect {place} fill="url(#{self._hatch(meaning)})" opacity="0.7"/>')
        if now:
            self.outline(box)

    def outline(self, box: tuple[float, float, float, float]) -> None:
        """Outline a rectangle (x, y, width, height) strongly: what the current operation made."""
        x, y, width, height = box
        place = f'x="{x:.2f}" y="{y:.2f}" width="{max(width, 1):.2f}" height="{height:.2f}"'
        self._parts.append(f'<rect {place} fill="none" stroke="{self.tone["now"]}" stroke-width="2.5"/>')

    def _hatch(self, meaning: str) -> str:
        """Return the id of a meaning's hatch, defining it at first use."""
        name, edge = f"hatch-{self.paper}-{meaning}", EVERY_LOOK[meaning].on(self.paper).edge
        tile = TILES[EVERY_LOOK[meaning].hatch]
        self._hatches[name] = (
            f'<pattern id="{name}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<g stroke="{edge}" stroke-width="1" fill="none">{tile}</g></pattern>'
        )
        return name

    def image(self, box: tuple[float, float, float, float], uri: str) -> None:
        """Place a picture, given as a data URI of our own making."""
        x, y, width, height = box
        place = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
        self._parts.append(f'<image {place} href="{uri}" preserveAspectRatio="none"/>')

    def line(
        self, start: tuple[float, float], end: tuple[float, float], tone: str = "line", width: float = 1
    ) -> None:
        """Draw a straight line in a tone of the paper."""
        ends = f'x1="{start[0]:.2f}" y1="{start[1]:.2f}" x2="{end[0]:.2f}" y2="{end[1]:.2f}"'
        self._parts.append(f'<line {ends} stroke="{self.tone[tone]}" stroke-width="{width:g}"/>')

    def mark(self, x: float, y: float, tone: str = "now") -> None:
        """Draw a small triangle that points down to (x, y)."""
        self._parts.append(f'<path d="M{x:.2f},{y:.2f} l-5,-8 h10 z" fill="{self.tone[tone]}"/>')

    def text(
        self, x: float, y: float, words: str, *, color: str = "", size: float = 12, anchor: str = "start",
        bold: bool = False, mono: bool = False, width: float = 0, halo: str = "",
    ) -> None:  # fmt: skip
        """Write words with their baseline at y; `width` cuts what is longer, `halo` sets them off a hatch."""
        shown = fitted(words, width, size, mono=mono, bold=bold) if width else words
        if not shown:
            return
        style = f'font-size="{size:g}" text-anchor="{anchor}" fill="{color or self.tone["text"]}"'
        style += ' font-weight="600"' if bold else ""
        style += f' style="font-family:{clean(MONO)}"' if mono else ""  # a scene's style sheet names another
        style += (
            f' stroke="{halo}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"' if halo else ""
        )
        self._parts.append(
            f'<text x="{x:.2f}" y="{y:.2f}" {style} xml:space="preserve">{clean(shown)}</text>'
        )

    def insert(self, x: float, y: float, markup: str) -> None:
        """Put finished markup, whose texts are escaped, at a place."""
        self._parts.append(f'<g transform="translate({x:.2f},{y:.2f})">{markup}</g>')

    def __str__(self) -> str:
        """Return the whole SVG."""
        size = f'width="{self.width:g}" height="{self.height:g}" viewBox="0 0 {self.width:g} {self.height:g}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} font-family="{clean(FONT)}">'
        sheet = f'<rect width="100%" height="100%" fill="{self.tone["paper"]}"/>'
        hatches = f"<defs>{''.join(self._hatches.values())}</defs>"
        return "\n".join([head, self._head, hatches, sheet, *self._parts, "</svg>\n"])


def swatch(meaning: str, paper: Paper) -> str:
    """Return a small sample of a meaning's look, for a legend in HTML."""
    svg = Svg(15, 12, paper, EVERY_LOOK[meaning].word, "")
    svg.area((0.5, 0.5, 14, 11), meaning)
    return str(svg)


THIN = 3  #: areas narrower than this have no outline and no hatch: they would be nothing else.


def clean(words: str) -> str:
    """Escape for XML, and replace what XML cannot hold at all."""
    return escape(UNKNOWN_TO_XML.sub("\ufffd", words))


def _with_palette(png: bytes, named: list[str]) -> bytes:
    """Return a PNG with the colours named and `PNG_COLOURS` more, which the edges of letters need no more than.

    Counting pixels alone would paint a small sample of a legend in the colour of something larger, and
    Pillow alone a sheet of paper in a colour that is almost white.
    """
    packed = BytesIO()
    drawn = Image.open(BytesIO(png)).convert("RGB")
    between = drawn.quantize(PNG_COLOURS, dither=Image.Dither.NONE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*b"".join(bytes.fromhex(colour[1:]) for colour in named), *between][: 3 * 256])
    painted = drawn.quantize(palette=palette, dither=Image.Dither.NONE)
    _keep_exact(painted, drawn, named)
    painted.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _keep_exact(painted: Image.Image, drawn: Image.Image, named: list[str]) -> None:
    """Give each dot that has a named colour that very colour; the names are sorted, as the palette is."""
    colours = np.array([int(colour[1:], 16) for colour in named], dtype=np.uint32)
    given, numbers = np.asarray(drawn), np.array(painted)
    for top in range(0, len(numbers), BAND):  # some rows at a time: a dot takes forty bytes here
        dots = given[top : top + BAND].astype(np.uint32) @ np.array([2**16, 2**8, 1], dtype=np.uint32)
        place = np.searchsorted(colours, dots).clip(max=len(colours) - 1)
        exact = colours[place] == dots
        numbers[top : top + BAND][exact] = place[exact]
    painted.frombytes(numbers.tobytes())


class Still(str):
    """An SVG text that notebooks show as a picture."""

    __slots__ = ()

    def _repr_svg_(self) -> str:
        return str(self)

    def png(self) -> bytes:
        """Return the picture as PNG, for readers whose notebook may not show SVG."""
        drawn = resvg_py.svg_to_bytes(svg_string=str(self), zoom=PNG_ZOOM, sans_serif_family="DejaVu Sans")
        return _with_palette(bytes(drawn), sorted(set(re.findall(r"#[0-9a-f]{6}\b", self))))

    def __repr__(self) -> str:
        return f"<SVG picture, {plainly(len(self), 'character')}>"
