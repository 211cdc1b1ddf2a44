"""The checker of pictures sees each of the faults that it is there for."""

import pytest

from arenalab.draw.scene import Scene
from tests.draw.fits import HIGH, HIGH_NARROW, WIDTHS, faults, spilled


def scene_of(*texts, width=960, height=100):
    scene = Scene(height, "a test", width=width)
    for x, y, words, look in texts:
        scene.text(x, y, words, **look)
    return scene


@pytest.mark.parametrize("width", WIDTHS)
def test_words_apart_and_inside_have_no_fault(width):
    apart = [
        (8, 20, "one", {}),
        (80, 20, "two", {}),
        (8, 34, "below", {}),
        (width, 60, "end", {"anchor": "end"}),
    ]
    assert faults(scene_of(*apart, width=width)) == []


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ([(8, 20, "hidden", {}), (20, 22, "behind", {})], "lies on"),
        ([(8, 20, "twice", {}), (8, 20, "twice", {})], "lies on"),
        ([(340, 20, "too far right", {})], "leaves the picture"),
        ([(10, 20, "too far left", {"anchor": "end"})], "leaves the picture"),
        ([(10, 130, "too low", {})], "leaves the picture"),
    ],
)
def test_words_that_cover_others_or_leave_the_paper_are_told(texts, fault):
    [told] = faults(scene_of(*texts, width=360))
    assert fault in told


def test_small_text_and_high_pictures_are_told():
    small = scene_of()
    small.shapes.append(
        '<text x="8.00" y="20.00" class="t-text" font-size="9" text-anchor="start">small</text>'
    )
    assert ["9 points high" in told for told in faults(small)] == [True]
    for width in WIDTHS:
        most = HIGH if width == 960 else HIGH_NARROW
        assert faults(scene_of(width=width, height=most)) == []
        assert len(faults(scene_of(width=width, height=most + 1))) == 1


def test_words_that_leave_their_area_are_told():
    scene = scene_of((12, 20, "inside", {"on": "free"}), (12, 50, "much too long for it", {"on": "free"}))
    scene.area((8, 6, 60, 20), "free")
    scene.area((8, 36, 60, 20), "free")
    assert spilled(scene) == ["'much too long for it' leaves its area free"]
