"""A scene: shapes by meaning, texts escaped, one list for page and still."""

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from arenalab.draw.scene import Scene, hatch_defs, scene_css
from arenalab.draw.scene_still import scene_still
from arenalab.draw.theme import EVERY_LOOK, FAMILIES, PAPERS
from arenalab.draw.wrapped import write_lines
from arenalab.view.reading import Reading

NOW = Reading(3, 10, 1, 4, "a0 := arena.NewArena()", "ChunkRetired", "a chunk is full", "(*userArena).refill")
EVIL = "</title><script>window.pwned=1</script>\"'&"


def everything():
    """A scene with one shape of each kind; every text in it is hostile."""
    scene = Scene(200, EVIL)
    scene.area((0, 0, 40, 40), "state_quarantine", tip=EVIL, tap=EVIL, now=True, corner=3)
    scene.dot((60, 20), 9, "state_fault", tip=EVIL, tap=EVIL, now=True)
    scene.line((0, 60), (40, 60), "now", tip=EVIL, arrow=True, dash=True)
    scene.curve((0, 80), (40, 80), (20, 60), "chunk", tip=EVIL, tap=EVIL)
    scene.polyline([(0, 90), (9, 99)], meaning="series_1", dash="2 2", tip=EVIL)
    scene.polygon([(0, 90), (9, 99), (0, 99)], "series_1", tip=EVIL)
    scene.text(20, 20, EVIL, on="state_quarantine", mono=True, bold=True, tip=EVIL, tap=EVIL)
    scene.press(20, 30, EVIL, EVIL, tip=EVIL)
    return scene


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_hostile_texts_stay_texts(paper):
    svg = scene_still(everything(), NOW, ["state_fault"], EVIL, paper, {"state_fault": EVIL})
    tree = ET.fromstring(svg)  # noqa: S314  # our own text, and a parser that only reads
    assert not list(tree.iter("{http://www.w3.org/2000/svg}script"))
    texts = [node.text for node in tree.iter() if node.text and "pwned" in node.text]
    assert texts.count(EVIL) >= 7
    taps = [node.get("data-tap") for node in tree.iter() if node.get("data-tap")]
    assert taps == [EVIL] * 5


def test_shapes_know_no_colour():
    shapes = "".join(everything().shapes)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", shapes) == []
    assert "url(#h-state_quarantine)" in shapes


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_style_sheet_has_a_rule_for_every_meaning_and_tone(paper):
    css = scene_css(paper, ".here")
    assert all(line.startswith(".here ") for line in css.splitlines())
    for key, look in EVERY_LOOK.items():
        assert f".f-{key}{{fill:{look.on(paper).fill}}}" in css
        assert f".e-{key}{{stroke:{look.on(paper).edge}}}" in css
    assert all(f".t-{name}{{" in css and f".l-{name}{{" in css for name in [*PAPERS[paper], *FAMILIES])
    assert hatch_defs().count("<pattern") == sum(bool(look.hatch) for look in EVERY_LOOK.values())


def test_still_carries_the_rules_that_it_uses_and_no_others():
    scene = Scene(50, "one area")
    scene.area((0, 0, 40, 40), "state_fault")
    svg = scene_still(scene, NOW, [], "one area")
    assert ".f-state_fault{" in svg
    assert ".f-state_ready{" not in svg
    assert svg.count("<pattern") == 1
    assert svg == scene_still(scene, NOW, [], "one area")


def test_words_that_do_not_fit_are_cut():
    scene = Scene(50, "words")
    scene.text(0, 10, "a long text that does not fit", width=60)
    scene.text(0, 10, "gone", width=5)
    assert len(scene.shapes) == 1
    assert "…" in scene.shapes[0]


def test_scene_collects_what_a_legend_has_to_explain():
    assert everything().meanings == {"state_quarantine", "state_fault", "series_1"}
    svg = scene_still(everything(), NOW, ["state_fault", "state_ready"], "two of them")
    assert EVERY_LOOK["state_fault"].word in svg
    assert EVERY_LOOK["state_ready"].word not in svg


@pytest.mark.parametrize(("width", "least"), [(960, "11"), (600, "11"), (360, "10.5")])
def test_no_text_is_smaller_than_its_picture_allows(width, least):
    scene = Scene(50, "small", width=width)
    scene.text(0, 10, "small", size=8)
    write_lines(scene, (0, 20), "small as well", width=200, size=8)
    assert re.findall(r'font-size="([^"]*)"', "".join(scene.shapes)) == [least] * 2


def test_button_says_what_it_does_and_keeps_its_place_when_it_cannot():
    scene = Scene(50, "two buttons")
    wide = scene.press(0, 0, "next words", "page 2", tip="words 8 to 15")
    assert scene.press(0, 0, "next words", "") == wide
    can, cannot = scene.shapes
    assert 'data-tap="page 2"' in can
    assert "<title>words 8 to 15</title>" in can
    assert "data-tap" not in cannot
    assert can.count("next words</text>") == cannot.count("next words</text>") == 1


@pytest.mark.parametrize("meanings", range(0, len(EVERY_LOOK), 3))
def test_legend_of_any_length_ends_above_the_picture(meanings):
    scene = Scene(400, "below a legend")
    for key in EVERY_LOOK:
        scene.area((0, 0, 9, 9), key)
    svg = scene_still(scene, NOW, list(EVERY_LOOK)[:meanings], "a legend")
    swatches = [
        float(y)
        for y in re.findall(r'<rect x="[\d.]+" y="([\d.]+)" width="14.00" height="11.00" fill="#', svg)
    ]
    top = float(re.search(r"translate\(0.00,([\d.]+)\)", svg)[1])
    assert len(swatches) == meanings
    assert all(y + 11 + 10 <= top for y in swatches)


@pytest.mark.parametrize("length", [20, 180, 400])
def test_sentence_of_a_still_is_whole_and_its_lines_stand_apart(length):
    words = " ".join(f"word{number}" for number in range(99))[: length - 1] + "!"
    told = replace(NOW, sentence=words, last="what else happened " * 20, remarks=("left out: a lot",))
    svg = scene_still(Scene(50, "a moment"), told, [], "a moment")
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" font-size="([\d.]+)"[^>]*>([^<]*)</text>', svg)
    rows = sorted(
        {float(y): max(float(size) for _, at, size, _ in found if at == y) for _, y, *_ in found}.items()
    )
    assert " ".join(said for *_, said in found if "word" in said) == words
    assert all(high + 0.2 * size <= low - 0.72 * tall for (high, size), (low, tall) in pairwise(rows))
    top = float(re.search(r"translate\(0.00,([\d.]+)\)", svg)[1])
    assert rows[-1][0] < top
