"""What a raster looks like: two shades of each meaning that differ, and a tile whose dots are means of words."""

import base64
import zlib
from dataclasses import replace
from html import escape

import numpy as np
import pytest

from arenalab.draw.raster import raster_colours, raster_tile
from arenalab.draw.theme import EVERY_LOOK
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import chunk_map
from arenalab.view.chunk_raster import GROUND
from arenalab.view.colouring import AGES, CHOICES, COLOURINGS, DIRECTIONS
from arenalab.world import ops
from tests.draw.stills import chunk_map_still
from tests.draw.test_theme import distance
from tests.strategies import GC_OFF

EVIL = type_of('struct{ p *int "<script>window.pwned=1</script>" }')
KEYS = GROUND + DIRECTIONS + CHOICES + AGES


def view_by(colour):
    history = Machine(GC_OFF).run([ops.NewArena(0), *[ops.New(0, EVIL)] * 5, ops.New(0, type_of("int"))])
    return chunk_map(ChunkIndex(history), len(history), colour=colour)


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_neighbouring_objects_can_be_told_apart(paper):
    colours = raster_colours(KEYS, paper)
    assert colours[::2] == [EVERY_LOOK[key].on(paper).fill for key in KEYS]
    assert all(
        distance(one, other, "usual") >= 5 for one, other in zip(colours[::2], colours[1::2], strict=True)
    )


def dots_of(uri):
    data = base64.b64decode(uri.partition(",")[2])
    at = data.index(b"IDAT")
    lines = zlib.decompress(data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")])
    return np.frombuffer(lines, dtype=np.uint8).reshape(256, -1)[:, 1:].reshape(256, 256, 3)


def test_dot_of_a_tile_is_the_mean_of_its_words():
    raster = view_by("direction").raster
    words = np.zeros(2**20, dtype=np.uint8)
    words[:2] = 2 * len(GROUND)
    dots = dots_of(raster_tile(replace(raster, words=words), "light"))
    free, blue = (np.array([int(c[at : at + 2], 16) for at in (1, 3, 5)]) for c in ("#e9eef2", "#0072b2"))
    assert dots[0, 0].tolist() == np.rint((14 * free + 2 * blue) / 16).tolist()
    assert (dots[1:] == free).all()


@pytest.mark.parametrize("colour", COLOURINGS)
def test_still_shows_the_words_and_names_the_colours(colour):
    view = view_by(colour)
    still = chunk_map_still(view)
    assert still == chunk_map_still(view_by(colour))
    assert still.count("data:image/png;base64,") == 1
    assert "<script>" not in still
    assert f"chunk 0 by {colour}: 1,048,576 words of 8 bytes, a cell each" in still
    assert still.png().startswith(b"\x89PNG")
    there = {key for key, n in zip(view.raster.keys, view.raster.counts, strict=True) if n}
    named = {key for key, said in view.raster.legend() if escape(said) in still.partition("a cell each")[2]}
    assert named == {key for key, _ in view.raster.legend()} & there
    if colour == "type":
        assert "&lt;script&gt;" in still.partition("a cell each")[2]
