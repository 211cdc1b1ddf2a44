"""Still pictures are sound XML whatever they are told, equal from run to run, and PNG readers can open them."""

import struct
import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageColor

from arenalab.draw.lettering import fitted, text_width
from arenalab.draw.still import PNG_COLOURS, PNG_ZOOM, Still, Svg, swatch
from arenalab.draw.theme import EVERY_LOOK, LOOKS
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import chunk_map
from arenalab.world import ops
from tests.draw.stills import chunk_map_still
from tests.strategies import GC_OFF, programs

SVG = "{http://www.w3.org/2000/svg}"
EVIL = 'struct{ x int "</text><script>alert(1)</script>&\\"\'" }'


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314  # our own


def picture(history, at=None, **choice):
    return chunk_map(ChunkIndex(history), len(history) if at is None else at, **choice)


@given(st.text())
def test_any_text_makes_sound_xml(words):
    svg = Svg(100, 100, "light", words, words)
    svg.text(0, 10, words)
    texts = parsed(str(svg)).findall(f"{SVG}text")
    assert len(texts) == (1 if words else 0)


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_script_in_a_type_stays_text(paper):
    evil = type_of("int").but(expr=EVIL)
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, evil)])
    still = chunk_map_still(picture(history), paper)
    root = parsed(still)
    assert not [element for element in root.iter() if "script" in element.tag]
    assert EVIL in "".join(root.itertext())
    assert "<script" not in still


@given(programs(max_ops=12), st.data())
def test_same_moment_gives_the_same_bytes(program, data):
    history = Machine(GC_OFF).run(program)
    at = data.draw(st.integers(0, len(history)))
    one, two = (chunk_map_still(picture(history, at)) for _ in range(2))
    assert one == two
    parsed(one)


def test_picture_keeps_its_size_while_one_steps():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, type_of("*int")), ops.Free(0)])
    sizes = {parsed(chunk_map_still(picture(history, at))).get("viewBox") for at in range(len(history))}
    assert len(sizes) == 1


def test_what_the_step_made_is_outlined_once():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, type_of("*int")), ops.New(0, type_of("int"))])
    made, nothing = chunk_map_still(picture(history)), chunk_map_still(picture(history, 0))
    assert (made.count('stroke-width="2.5"'), nothing.count('stroke-width="2.5"')) == (1, 0)


def test_png_has_the_size_of_the_picture():
    png = Still(Svg(100, 40, "light", "", "")).png()
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (100 * PNG_ZOOM, 40 * PNG_ZOOM)


@pytest.mark.parametrize("meaning", LOOKS)
def test_swatch_is_sound(meaning):
    assert parsed(swatch(meaning, "dark")).find(f"{SVG}rect") is not None


@given(st.text(), st.floats(0, 500))
def test_fitted_text_fits_or_is_left_out(words, width):
    shown = fitted(words, width, 10)
    assert shown in {words, ""} or (shown.endswith("…") and words.startswith(shown[:-1]))
    assert text_width(shown, 10) <= width


@pytest.mark.parametrize("meaning", LOOKS)
def test_png_keeps_the_colours_of_flat_areas(meaning):
    svg = Svg(100, 40, "light", "", "")
    svg.area((10, 10, 80, 20), meaning)
    png = Still(svg).png()
    colours = {colour for _, colour in Image.open(BytesIO(png)).convert("RGB").getcolors()}
    assert ImageColor.getrgb(EVERY_LOOK[meaning].on("light").fill) in colours
    assert len(colours) <= PNG_COLOURS


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_png_keeps_the_colours_of_small_samples_in_a_large_picture(paper):
    svg = Svg(960, 600, paper, "", "")
    for row in range(40):  # letters of many sizes, whose edges have more colours than a palette
        svg.text(
            10, 20 + row * 14, "what the runtime did " * 5, size=8 + row / 5, color=f"#{row * 6:02x}3060"
        )
    for place, meaning in enumerate(EVERY_LOOK):
        svg.area((10 + place % 30 * 20, 560 + place // 30 * 14, 14, 11), meaning)
    colours = {colour for _, colour in Image.open(BytesIO(Still(svg).png())).convert("RGB").getcolors()}
    flat = {key: ImageColor.getrgb(look.on(paper).fill) for key, look in EVERY_LOOK.items() if not look.hatch}
    off = {  # four levels of 255 are less than anybody sees beside it
        key: min(max(abs(a - b) for a, b in zip(colour, other, strict=True)) for other in colours)
        for key, colour in flat.items()
    }
    assert max(off.values()) <= 4, off


def test_png_keeps_colours_that_are_almost_alike():
    svg = Svg(100, 40, "light", "", "")
    for x, meaning in ((0, "bit_zero"), (20, "mark_white"), (40, "free")):
        svg.area((x, 0, 20, 20), meaning)
    dots = Image.open(BytesIO(Still(svg).png())).convert("RGB")
    for x, meaning in ((0, "bit_zero"), (20, "mark_white"), (40, "free")):
        at = int((x + 10) * PNG_ZOOM), int(10 * PNG_ZOOM)
        assert dots.getpixel(at) == ImageColor.getrgb(EVERY_LOOK[meaning].light.fill)
    assert dots.getpixel((148, 58)) == (255, 255, 255)
