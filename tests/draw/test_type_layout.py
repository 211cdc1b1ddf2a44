"""The picture of a type: script stays text, and its size stays while one types."""

import re
import xml.etree.ElementTree as ET

import pytest

from arenalab.draw.theme import LOOKS
from arenalab.draw.type_layout import type_layout_scene
from arenalab.draw.type_layout_still import type_layout_still
from arenalab.go.versions import GO_1_21
from arenalab.syntax import type_of
from arenalab.view.type_layout import type_layout
from tests.draw.fits import WIDTHS, faults, spilled

TEXTS = ["struct{}", "byte", "[16385]*int", 'struct{ p *int "<script>alert(1)</script>" }', "[100]string"]
LONG = (
    "struct{ " + "; ".join(f"a_field_of_a_long_name_{n} map[string]*int; b{n} bool" for n in range(30)) + " }"
)


def sizes(**more):
    stills = [ET.fromstring(type_layout_still(type_layout(type_of(text)), **more)) for text in TEXTS]  # noqa: S314  # ours
    return [(svg.get("width"), float(svg.get("height"))) for svg in stills]


def test_picture_keeps_its_size_while_one_types_and_takes_no_more_room_than_it_needs_alone():
    assert len(set(sizes(steady=True))) == 1
    [(_, most), *_] = sizes(steady=True)
    assert [high < most - 60 for _, high in sizes()] == [True, True, False, True, False]


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_script_in_a_tag_is_text(paper):
    svg = type_layout_still(type_layout(type_of(TEXTS[3])), paper)
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg
    assert svg.png().startswith(b"\x89PNG")


def test_every_stretch_is_painted_as_its_meaning():
    svg = type_layout_still(type_layout(type_of("struct{ a bool; p *int }")))
    for meaning in ("pointerful", "pointer_free", "padding"):
        assert svg.count(f'fill="{LOOKS[meaning].light.fill}" stroke') == 1  # in the legend
        assert len(re.findall(f'class="f-{meaning} [^"]*"/>', svg)) == 1  # in the type


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "text", [*TEXTS, LONG, "[4194304]*int", "struct{ a, b, c bool; d [3]byte; e int16 }"]
)
def test_picture_fits_each_width(text, width):
    for steady in (False, True):
        scene = type_layout_scene(type_layout(type_of(text, rules=GO_1_21)), width, steady=steady)
        assert faults(scene) + spilled(scene) == []


def test_legend_lists_only_what_is_there():
    svg = type_layout_still(type_layout(type_of("[4]*int")))
    assert ">with pointers<" in svg
    assert ">padding<" not in svg


def test_both_papers_stand_in_one_page_each_in_its_colours():
    view = type_layout(type_of("struct{ a bool; p *int }"))
    for paper, other in (("light", "dark"), ("dark", "light")):
        svg = type_layout_still(view, paper)
        rules = re.search("<style>(.*?)</style>", svg, re.DOTALL)[1].splitlines()
        assert all(rule.startswith(f".al-{paper}-960 ") for rule in rules)
        assert set(re.findall(r"url\(#([^)]*)\)", svg)) == set(re.findall(r'<pattern id="([^"]*)"', svg))
        assert f"al-{other}" not in svg
        assert f'<g class="al-{paper}-960">' in svg
