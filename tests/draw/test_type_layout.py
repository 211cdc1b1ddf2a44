"""The picture of a type: script stays text, and its size stays while one types."""

import xml.etree.ElementTree as ET

import pytest

from arenalab.draw.theme import LOOKS
from arenalab.draw.type_layout_still import type_layout_still
from arenalab.syntax import type_of
from arenalab.view.type_layout import type_layout

TEXTS = ["struct{}", "byte", "[16385]*int", 'struct{ p *int "<script>alert(1)</script>" }', "[100]string"]


def test_picture_keeps_its_size():
    pictures = [type_layout_still(type_layout(type_of(text))) for text in TEXTS]
    assert len({(ET.fromstring(svg).get("width"), ET.fromstring(svg).get("height")) for svg in pictures}) == 1  # noqa: S314  # ours


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_script_in_a_tag_is_text(paper):
    svg = type_layout_still(type_layout(type_of(TEXTS[3])), paper)
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg
    assert svg.png().startswith(b"\x89PNG")


def test_every_stretch_is_painted_as_its_meaning():
    svg = type_layout_still(type_layout(type_of("struct{ a bool; p *int }")))
    for meaning in ("pointerful", "pointer_free", "padding"):
        assert (
            svg.count(f'fill="{LOOKS[meaning].light.fill}" stroke') == 2
        )  # one in the legend, one in the type
