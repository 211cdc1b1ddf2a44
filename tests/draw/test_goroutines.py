"""The goroutines' lanes: they fit each width, buttons turn to others, numbers are told in their own number."""

import re

import pytest

from arenalab.draw.goroutines import goroutines_scene
from arenalab.explore import Goroutines
from arenalab.machine.machine import Machine
from arenalab.view.doing import Doing
from arenalab.view.goroutines import PAGE, goroutines
from arenalab.world import ops
from tests.concurrent import overtaking
from tests.draw.fits import WIDTHS, faults, spilled, texts
from tests.strategies import GC_OFF


@pytest.fixture(scope="module")
def many():
    machine = Machine(GC_OFF)
    for number in range(3 * PAGE):
        machine.do(ops.NewArena(number), goroutine=number + 10)
    machine.do(ops.RunGC(), goroutine=12)
    return machine.history


@pytest.mark.parametrize("width", WIDTHS)
def test_lanes_fit_each_width_wherever_one_stands(many, width):
    for history in (many, overtaking()):
        doing, heights = Doing(history), set()
        for at in range(0, len(history) + 1, max(1, len(history) // 5)):
            for fit in ("whole run", "around the cursor"):
                scene = goroutines_scene(goroutines(doing, at, fit=fit, page=0), width)
                assert faults(scene) + spilled(scene) == []
                heights.add(scene.height)
        assert len(heights) == 1


def test_buttons_turn_to_other_lanes_and_end_at_the_ends(many):
    explorer = Goroutines(many, cursor=0)
    firsts = []
    for words in ("▸", "▸", "◂"):
        shapes = "".join(explorer.draw(explorer.view()).shapes)
        [tap] = re.findall(
            rf'<g class="al-press" data-tap="([^"]*)"><title>[^<]*</title><rect[^>]*>[^>]*>{words}<', shapes
        )
        explorer.on_choose(tap)
        firsts.append(explorer.view().first)
    assert firsts == [PAGE, 2 * PAGE, PAGE]
    explorer.page_of_lanes = 2
    assert 'data-tap="lanes' in "".join(explorer.draw(explorer.view()).shapes)
    assert 'data-tap="lanes 3"' not in "".join(explorer.draw(explorer.view()).shapes)


def test_numbers_beside_a_name_are_in_their_own_number_and_only_those_there_are():
    said = {its.words for its in texts(goroutines_scene(goroutines(Doing(overtaking()), 0), 600))}
    told = {words for words in said if re.search(r"arena|value|freed|wait", words) and "each" not in words}
    assert told
    for words in told:
        assert not re.search(r"\b0 |\b1 (arenas|values|waits)|[^1] (arena|value|wait)\b", words)
