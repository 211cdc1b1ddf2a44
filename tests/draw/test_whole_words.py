"""No word of ours is cut on any page: what is too long for its place has a shorter form, or goes on below."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import arenalab
from arenalab.explore.workbench_parts import explorers
from arenalab.world.ops import Free
from tests.draw.fits import texts

RECORDING = Path(__file__).parents[2] / "notebooks/data/server-1.27.jsonl.gz"
TRACE = Path(__file__).parents[1] / "data/execution-traces/plain-go1.27.3.trace.gz"
WIDTHS = (320, 400, 640, 960, 1280)
MOMENTS = (0.05, 0.4, 0.6, 1.0)


@pytest.fixture(scope="module")
def history():
    return arenalab.open(RECORDING)


def cut(explorer, width):
    scene = explorer.draw(explorer.view(), width)
    return {its.words for its in texts(scene) if re.search(r"\w…$", its.words)}


@pytest.mark.parametrize("name", explorers())
def test_no_word_is_cut_in_a_recording_of_goroutines(name, history):
    explorer = explorers()[name](history)
    found = set()
    for share in MOMENTS:
        explorer.go(explorer.stepper.place(round(explorer.stepper.last * share)))
        found |= {(width, words) for width in WIDTHS for words in cut(explorer, width)}
    explorer.close()
    assert found == set()


def test_no_class_of_a_heap_movie_is_cut():
    movie = arenalab.explore.HeapMovie(TRACE)
    movie.last()
    view = movie.view()
    small = movie.draw_small(view, "light")
    movie.close()
    assert ET.fromstring(small).get("width").startswith("340")  # noqa: S314  # ours
    names = view.types.name.tolist()  # from outside
    assert [
        cut for cut in re.findall(r">([^<]*\w)…<", small) if not any(it.startswith(cut) for it in names)
    ] == []
    for width in WIDTHS:
        assert set(view.classes.name.tolist()) <= {its.words for its in texts(movie.draw(view, width))}


def test_call_of_a_still_picture_is_whole_and_smaller_where_it_is_long(history):
    freed = next(n for n, op in enumerate(history.ops) if op == Free(1, by_finalizer=True))
    explorer = explorers()["Goroutines"](history, cursor=history.op_end(freed + 1))
    assert "a1.Free(), called by its finalizer</text>" in explorer.still()
    explorer.close()
