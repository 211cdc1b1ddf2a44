"""The heap movie's picture: words that can be read, nothing from the trace as markup, one height at every moment."""

import re
from dataclasses import replace
from itertools import combinations

import pytest

from arenalab.draw.heap_movie import heap_movie_scene
from arenalab.draw.heap_movie_still import heap_movie_still
from arenalab.draw.theme import EVERY_LOOK
from arenalab.view.heap_colours import COLOURS, GROUND, SCOPES, STEPS, USES
from arenalab.view.heap_index import HeapIndex
from arenalab.view.heap_movie import heap_movie, seconds
from tests.draw.fits import WIDTHS, faults, spilled, texts
from tests.draw.test_theme import BOTH, SEEN_BY, distance
from tests.recorded import ORDERS, evil_run, run_of


def view_of(run, at=None, **looks):
    index = HeapIndex(run.log, run.objects, run.found)
    return heap_movie(
        index, index.moments if at is None else at, index.opening, kind=next(iter(run.scopes())), **looks
    )


def test_every_moment_has_the_same_height_and_no_text_is_small():
    run = run_of(ORDERS)
    scenes = [heap_movie_scene(view_of(run, at, scope=3)) for at in (2000, 5000, None)]
    assert len({scene.height for scene in scenes}) == 1
    sizes = [
        float(size) for scene in scenes for size in re.findall(r'font-size="([\d.]+)"', "".join(scene.shapes))
    ]
    assert min(sizes) >= 11
    assert all('data-tap="scope 3"' in "".join(scene.shapes) for scene in scenes)
    assert scenes[0].shapes != scenes[1].shapes


@pytest.mark.parametrize("width", WIDTHS)
def test_picture_fits_each_width_at_every_moment(width):
    for run in (run_of(ORDERS), evil_run()):
        for at in (0, None):
            for part in (None, (70_000, 70_010)):
                its = HeapIndex(run.log, run.objects, run.found)
                scene = heap_movie_scene(view_of(run, its.opening if at == 0 else None, window=part), width)
                assert (at, part, faults(scene) + spilled(scene)) == (at, part, [])


def test_numbers_too_long_for_their_column_are_short_and_whole_when_pointed_at():
    view = view_of(run_of(ORDERS))
    many = replace(view.types, born=view.types.born + 123_456_789)
    scene = heap_movie_scene(replace(view, types=many), 360)
    assert faults(scene) == []
    assert sum(">+123 M<" in shape and "<title>+123,45" in shape for shape in scene.shapes) > 3


def test_places_of_the_axis_never_read_alike():
    words = {its.words for its in texts(heap_movie_scene(view_of(run_of(ORDERS), window=(100_000, 100_010))))}
    assert {f"0.10000{n} s" for n in (2, 4, 6, 8)} <= words
    assert [seconds(place) for place in (0, 1, 100_000, 1_234_567_890)] == [
        "0",
        "0.000001",
        "0.1",
        "1,234.56789",
    ]


@pytest.mark.parametrize("colour", COLOURS)
def test_still_holds_both_rasters_and_no_markup_of_the_trace(colour):
    view = view_of(evil_run(), colour=colour)
    for paper in ("light", "dark"):
        still = heap_movie_still(view, view.text(), paper)
        assert still.count("data:image/png;base64,") == 2
        assert "&lt;script&gt;" in still
        assert "<script" not in still
        assert "<img" not in still
    assert still.png().startswith(b"\x89PNG")


@BOTH
@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize("keys", [USES, STEPS, SCOPES], ids=lambda keys: keys[0])
def test_cells_differ_to_all_eyes(keys, eyes, paper):
    """Cells have no hatch. No span and no object are both empty: these alone may be near each other."""
    for one, other in combinations(GROUND + keys, 2):
        if (one, other) != ("address_space", "free"):
            assert distance(EVERY_LOOK[one].on(paper).fill, EVERY_LOOK[other].on(paper).fill, eyes) >= 10
