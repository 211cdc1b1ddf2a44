"""Films: texts come back as taken, an explorer is not moved, a page is small, bad requests are refused."""

import base64
import json
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab import explore, load_recording
from arenalab.errors import ScenarioError
from arenalab.machine.machine import Machine
from arenalab.player.film import MOST_STEPS, WIDTHS
from arenalab.player.texts import Texts
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.examples import number, some
from tests.programs import RECORDINGS
from tests.strategies import GC_OFF

EXPLORERS = [
    kind
    for kind in (getattr(explore, name) for name in explore.__all__)
    if issubclass(kind, explore.Explorer) and kind.name != "Explorer"
]
STEPS = number(1000)
LARGEST_BYTES = 1_500_000 + 1_500 * STEPS  #: of a page, scripts and all.


def read(rows):
    """Return [(step, text)] as the page reads rows."""
    texts, last = [], ""
    for step, front, *rest in rows:
        last = last[:front] + rest[1] + last[len(last) - rest[0] :] if rest else texts[front][1]
        texts.append((step, last))
    return texts


def unpack(packed):
    return json.loads(zlib.decompress(base64.b64decode(packed)))


@given(st.lists(st.text(alphabet="ab<é", max_size=12), min_size=1, max_size=12))
def test_texts_come_back_as_they_were_taken(taken):
    texts = Texts()
    for step, text in enumerate(taken):
        texts.take(step, text)
    held = dict(read(texts.rows))
    for step, text in enumerate(taken):
        assert held[max(begun for begun in held if begun <= step)] == text


@pytest.fixture
def machine():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, type_of("*int"))] * 5, ops.Free(0)])
    return machine


@pytest.mark.parametrize("kind", EXPLORERS, ids=lambda kind: kind.__name__)
def test_film_tells_every_step_as_the_explorer_does_and_moves_nobody(kind, machine):
    explorer = kind(machine, cursor=20)
    before = explorer.text(), explorer.drawn()
    filmed = unpack(explorer.film())
    assert (explorer.cursor, explorer.text(), explorer.drawn()) == (20, *before)
    assert (filmed["steps"], filmed["first"], filmed["name"]) == (8, 0, kind.name)
    words = dict(read(filmed["words"]))
    for step in range(filmed["steps"]):
        explorer.go(explorer.stepper.place(step))
        assert words[max(begun for begun in words if begun <= step)] == explorer.text()


def test_film_begins_where_the_explorer_stands(machine):
    explorer = explore.ChunkMap(machine)
    explorer.back()
    assert unpack(explorer.film())["start"] == 6
    assert unpack(explorer.film(first=2, last=4))["start"] == 2


#: One of each sort: scenes with a raster, whose every word may change; a scene whose every shape moves; charts.
SORTS = (explore.HeapBitmap, explore.ChunkMap, explore.LifeCycle, explore.Counters)


@pytest.mark.slow
@pytest.mark.parametrize("kind", some(SORTS, 2), ids=lambda kind: kind.__name__)
def test_page_of_many_steps_is_small(kind, tmp_path):
    explorer = kind(load_recording(RECORDINGS / "mix-1.jsonl"))
    page = explorer.save_html(tmp_path / "page.html", unit="event", last=STEPS - 1)
    assert page.stat().st_size <= LARGEST_BYTES


def test_too_many_steps_are_refused_and_nothing_is_written(tmp_path):
    other = Machine(GC_OFF)
    other.run([ops.NewArena(0), *[ops.New(0, type_of("*int"))] * MOST_STEPS])
    with pytest.raises(ScenarioError, match="choose first and last"):
        explore.ChunkMap(other).save_html(tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_rasters_of_a_film_are_those_of_the_explorer(machine):
    explorer = explore.ChunkMap(machine)
    [reel] = unpack(explorer.film(unit="event"))["rasters"]
    words, stepper = None, explorer.stepper
    stepper.unit = "event"
    for step, (size, *packed) in enumerate(reel["runs"]):
        starts, lengths, numbers = np.array(packed, dtype=np.int64).reshape(3, -1)
        words = np.zeros(size, dtype=np.uint8) if size >= 0 else words
        for start, length, value in zip(np.cumsum(starts), lengths, numbers, strict=True):
            words[start : start + length] = value
        assert np.array_equal(words, explorer.view_of(stepper.place(step)).raster.words)


@pytest.mark.parametrize("kind", EXPLORERS, ids=lambda kind: kind.__name__)
def test_film_has_each_step_drawn_for_three_widths(kind, machine):
    explorer = kind(machine)
    filmed = unpack(explorer.film())
    assert [layout["width"] for layout in filmed["layouts"]] == list(WIDTHS)
    for layout in filmed["layouts"]:
        shown, head = (dict(read(layout[name])) for name in ("shown", "head"))
        for step in range(filmed["steps"]):
            numbers, size = (held[max(at for at in held if at <= step)] for held in (shown, head))
            scene = explorer.draw(explorer.view_of(explorer.stepper.place(step)), layout["width"])
            shapes = [filmed["shapes"][int(number)] for number in numbers.split(",") if number]
            assert (shapes, json.loads(size)) == (scene.shapes, [scene.width, scene.height, scene.title])
