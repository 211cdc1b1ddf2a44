"""What a raster looks like: the colour of each class, and a small tile of it as PNG for still pictures."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np

from arenalab.draw.theme import EVERY_LOOK, PAPERS, Paper
from arenalab.view.chunk_raster import COLUMNS, Raster
from arenalab.view.columns import Column

SHADE = 0.4  #: how far the second shade of a colour lies towards its edge.
TILE = 256  #: dots of a tile across and down.


def raster_colours(keys: tuple[str, ...], paper: Paper) -> list[str]:
    """Return the colour of each class: two shades of each meaning, so that neighbours can be distinguished."""
    paints = [EVERY_LOOK[key].on(paper) for key in keys]
    return [colour for paint in paints for colour in (paint.fill, _between(paint.fill, paint.edge))]


def _between(one: str, other: str) -> str:
    mixed = _rgb(one) * (1 - SHADE) + _rgb(other) * SHADE
    return "#" + "".join(f"{round(float(part)):02x}" for part in mixed)


def _rgb(colour: str) -> Column:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=float)


def raster_tile(raster: Raster, paper: Paper) -> str:
    """Return the raster as the data URI of a PNG: large cells one by one, small ones as the mean of a dot's words."""
    table = np.array([_rgb(colour) for colour in raster_colours(raster.keys, paper)])
    if raster.ruled:
        return _uri(_cells(raster, table, _rgb(PAPERS[paper]["paper"])))
    lines, share = len(raster.words) // COLUMNS, COLUMNS // TILE
    words = raster.words[: lines // share * share * COLUMNS].reshape(-1, share, TILE, share)
    dots = sum(table[words[:, down, :, across]] for down in range(share) for across in range(share))
    return _uri(np.asarray(dots) / share**2)


def _uri(dots: Column) -> str:
    png = _png(np.rint(dots).astype(np.uint8))
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _cells(raster: Raster, table: Column, paper: Column) -> Column:
    """Return the dots of each cell, parted by lines where there is room."""
    lines = -(-len(raster.words) // raster.columns)
    side = max(1, TILE // max(raster.columns, lines) * 2)
    cells = np.broadcast_to(paper, (lines * raster.columns, 3)).copy()
    cells[: len(raster.words)] = table[raster.words]
    dots = cells.reshape(lines, raster.columns, 3).repeat(side, axis=0).repeat(side, axis=1)
    if side > 3:
        dots[::side], dots[:, ::side] = paper, paper
    return dots


def _png(dots: Column) -> bytes:
    """Write an array of shape (height, width, 3) as PNG."""
    height, width = dots.shape[:2]
    lines = np.concatenate((np.zeros((height, 1), dtype=np.uint8), dots.reshape(height, -1)), axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, data) for name, data in parts)


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
