"""The life cycle in a real JupyterLab: it draws, steps there and back, tells, is clicked, and is safe to look at."""

import pytest

from tests.browser.picture import EXPLORER, ScenePicture, write_notebook

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import replace

import arenalab
from arenalab.explore import LifeCycle
from arenalab.world.ops import Free, MakeSlice, MarkBegin, MarkEnd, New, NewArena, RunGC

big, small = arenalab.type_of("[2097152]byte"), arenalab.type_of("*int")
evil = arenalab.type_of('struct{ p *int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>" }')
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1))
machine.run([NewArena(0), New(0, evil), *[New(0, big)] * 9, NewArena(1), New(1, big), Free(0), NewArena(2)])
machine.run([*[New(2, big)] * 7, RunGC(), MarkBegin(), Free(1), NewArena(3), *[New(3, big)] * 10, Free(2)])
at = len(machine.history)
machine.run([MarkEnd(), New(3, small), RunGC()])
LifeCycle(machine, cursor=at)
"""


@pytest.fixture
def shown(open_notebook, lab_root):
    write_notebook(lab_root, "life_cycle.ipynb", CODE)
    tab = open_notebook("life_cycle.ipynb").run_all()
    return tab, ScenePicture(tab)


def test_life_cycle_steps_back_to_the_identical_picture_on_either_paper(shown):
    tab, picture = shown
    picture.steps_back_to_itself()
    picture.is_the_same_on_either_paper(tab, "life_cycle")
    assert tab.errors == []


def test_life_cycle_tells_a_chunk_and_goes_where_its_story_was_clicked(shown):
    tab, picture = shown
    tip = picture.hovers("chunk 4: fault")
    assert tip.splitlines()[0] == "chunk 4: fault"
    assert "FaultDeferred" in tip
    assert "userArenaState.fault, place 1 (oldest first)" in tip
    picture.changes(lambda: picture.shape("chunk 1: full").click(force=True))
    assert "story of chunk 1:" in picture.drawn()
    line = picture.root.locator("svg.al-scene [data-tap^='at ']").first
    moment = line.get_attribute("data-tap").removeprefix("at ")
    picture.changes(lambda: line.click(force=True))
    assert f"event {moment} of" in picture.told().replace(",", "")
    tab.screenshot("life_cycle_story", EXPLORER)
    assert tab.errors == []


def test_life_cycle_keys_turn_to_other_chunks_and_a_script_stays_text(shown):
    tab, picture = shown
    picture.root.focus()
    picture.press("Home")
    picture.press("ArrowDown")
    assert "story of chunk 1:" in picture.drawn()
    picture.press("ArrowUp")
    assert "story of chunk 0:" in picture.drawn()
    picture.press("ArrowRight")
    picture.press("ArrowRight")
    assert "<script>window.pwned=1</script>" in picture.told()
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []
