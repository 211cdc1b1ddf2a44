"""The palette can be read by everyone: contrast, colour-vision deficiencies, a word and a hatch for each meaning."""

from itertools import combinations

import numpy as np
import pytest

from arenalab.draw.looks import (
    ACT_LOOKS,
    AGE_LOOKS,
    CHOICE_LOOKS,
    MARK_LOOKS,
    MEMORY_LOOKS,
    OUTCOME_LOOKS,
    SERIES_LOOKS,
    STATE_LOOKS,
)
from arenalab.draw.theme import BIT_LOOKS, EVENT_COLOURS, EVERY_LOOK, FAMILIES, LOOKS, PAPERS, event_colour
from arenalab.explore.chunk_map import ChunkMap
from arenalab.view.chunk_state import SAID

SAME_AS_PAPER = {"address_space"}
GROUPS = [
    LOOKS,
    BIT_LOOKS,
    STATE_LOOKS,
    MEMORY_LOOKS,
    OUTCOME_LOOKS,
    MARK_LOOKS,
    ACT_LOOKS,
    SERIES_LOOKS,
    CHOICE_LOOKS,
    AGE_LOOKS,
]
BOTH = pytest.mark.parametrize("paper", ["light", "dark"])

#: What a person with a deficiency sees of linear RGB, after Machado, Oliveira and Fernandes (2009), severity 1.
SEEN_BY = {
    "usual": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour):
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG's contrast ratio of two colours."""
    lights = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def distance(one, other, eyes):
    """CIE76 colour difference as `eyes` see it; 2 is just noticeable."""
    lab = []
    for colour in (one, other):
        rgb = np.clip(np.array(SEEN_BY[eyes]) @ linear(colour), 0, 1)
        xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
        f = np.cbrt(xyz / [0.9505, 1, 1.089])
        lab.append([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
    return float(np.linalg.norm(np.subtract(*lab)))


def weak(least, pairs):
    """Return the names of the pairs of colours whose contrast is less than it must be."""
    return [name for name, (one, other) in pairs.items() if contrast(one, other) < least]


@BOTH
def test_text_on_an_area_can_be_read(paper):
    paints = {meaning: look.on(paper) for meaning, look in EVERY_LOOK.items()}
    assert weak(4.5, {meaning: (paint.ink, paint.fill) for meaning, paint in paints.items()}) == []


@BOTH
@pytest.mark.parametrize("tone", ["text", "faint"])
def test_text_on_paper_can_be_read(tone, paper):
    assert contrast(PAPERS[paper][tone], PAPERS[paper]["paper"]) >= 4.5


@BOTH
def test_event_can_be_read(paper):
    ground = PAPERS[paper]["paper"]
    assert weak(4.5, {k: (event_colour(k, paper), ground) for k in [*EVENT_COLOURS, "no event"]}) == []


@BOTH
def test_area_stands_out_from_the_paper(paper):
    ground = PAPERS[paper]["paper"]
    paints = {meaning: look.on(paper) for meaning, look in EVERY_LOOK.items() if meaning not in SAME_AS_PAPER}
    faint = {
        part: weak(3, {m: (getattr(paint, part), ground) for m, paint in paints.items()})
        for part in ("fill", "edge")
    }
    assert set(faint["fill"]).intersection(faint["edge"]) == set()


@BOTH
@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize(("one", "other"), [*combinations(["pointerful", "pointer_free", "free", "dead"], 2)])
def test_neighbours_differ_to_all_eyes(one, other, eyes, paper):
    assert distance(LOOKS[one].on(paper).fill, LOOKS[other].on(paper).fill, eyes) >= 20


@BOTH
@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize(
    ("one", "other"),
    [("bit_one", "bit_zero"), ("mask", "kept"), ("mask", "back_up"), ("scratch", "pointerful")],
)
def test_bits_differ_to_all_eyes(one, other, eyes, paper):
    assert distance(EVERY_LOOK[one].on(paper).fill, EVERY_LOOK[other].on(paper).fill, eyes) >= 20


@BOTH
@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize("meaning", ["pointerful", "pointer_free", "free", "bit_one", "bit_zero"])
def test_outline_of_the_step_at_hand_differs_to_all_eyes(meaning, eyes, paper):
    assert distance(PAPERS[paper]["now"], EVERY_LOOK[meaning].on(paper).fill, eyes) >= 20


def test_no_two_meanings_share_word_or_look():
    assert len({look.word for look in EVERY_LOOK.values()}) == len(EVERY_LOOK)
    for group in GROUPS:
        for one, other in combinations(group.values(), 2):
            assert one.hatch != other.hatch or distance(one.light.fill, other.light.fill, "usual") >= 5


@BOTH
@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize("group", [STATE_LOOKS, OUTCOME_LOOKS, MARK_LOOKS, CHOICE_LOOKS, AGE_LOOKS], ids=min)
def test_looks_of_one_picture_differ_to_all_eyes_or_in_their_hatch(group, eyes, paper):
    for one, other in combinations(group.values(), 2):
        assert one.hatch != other.hatch or distance(one.on(paper).fill, other.on(paper).fill, eyes) >= 10


@BOTH
def test_ages_grow_lighter(paper):
    lights = [float(linear(look.on(paper).fill) @ [0.2126, 0.7152, 0.0722]) for look in AGE_LOOKS.values()]
    assert lights == sorted(lights)


@BOTH
def test_line_stands_out_from_the_paper(paper):
    ground = PAPERS[paper]["paper"]
    assert weak(3, {key: (look.on(paper).edge, ground) for key, look in SERIES_LOOKS.items()}) == []


def test_every_meaning_of_a_view_has_a_look_and_a_legend():
    assert set(SAID) == set(LOOKS)
    assert set(ChunkMap.meanings) == set(LOOKS)


def test_families_are_used():
    assert set(EVENT_COLOURS.values()) == set(FAMILIES)


def test_measures_know_black_from_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1
    assert weak(4.5, {"seen": ("#000000", "#ffffff"), "unseen": ("#777777", "#888888")}) == ["unseen"]
    assert distance("#ff0000", "#00a000", "usual") > 2 * distance("#ff0000", "#00a000", "deuteranopia")
