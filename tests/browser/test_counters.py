"""The counters in a real JupyterLab: two histories' lines, steps back to the identical picture, safe to look at."""

import pytest

from tests.browser.picture import EXPLORER, ScenePicture, write_notebook
from tests.programs import RECORDINGS

pytestmark = pytest.mark.browser

CODE = f"""
import arenalab
from arenalab.explore import Counters

explorer = Counters(arenalab.load_recording({str(RECORDINGS / "chunks-1.jsonl")!r}))
explorer.cursor = explorer.history.op_end(64)
explorer
"""
EVIL = """
import arenalab
from arenalab.explore import Counters
from arenalab.world.ops import New, NewArena

machine = arenalab.Machine(arenalab.GO_1_21)
evil = arenalab.type_of('struct{ p *int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>" }')
machine.run([NewArena(0), New(0, evil), New(0, evil)])
Counters(machine)
"""

#: One sudden fall in a run of 5,000 operations: nobody sees where in the whole of it.
LONG = """
import arenalab
from arenalab.explore import Counters
from arenalab.world.ops import Free, New, NewArena, Rep, RunGC

machine = arenalab.Machine(in_bulk=False)
small, large = arenalab.type_of("[64]*int"), arenalab.type_of("[262144]*int")
machine.run([NewArena(0), *[New(0, small)] * 2_400, NewArena(1), *[New(1, large)] * 6, Free(1), RunGC()])
machine.run([New(0, small)] * 2_590)
explorer = Counters(machine, cursor=machine.history.op_end(2_404))
explorer
"""


@pytest.fixture
def long(open_notebook, lab_root):
    write_notebook(lab_root, "counters_long.ipynb", LONG)
    tab = open_notebook("counters_long.ipynb").run_all()
    return tab, ScenePicture(tab)


def place(picture, share):
    """A place on the page inside the plots, so far from left to right."""
    box = picture.pane("axis").bounding_box()
    return box["x"] + share * box["width"], box["y"] + box["height"] / 3


def shows(picture):
    """The list of what to show of the run."""
    return picture.root.locator("select").filter(has=picture.page.locator("option", has_text="whole run"))


def choose(picture, fit):
    """Choose what to show of the run."""
    picture.changes(lambda: shows(picture).select_option(fit))


def test_run_is_dragged_and_zoomed_by_the_mouse(long):
    tab, picture = long
    page, whole = tab.page, picture.drawn()
    assert picture.part("axis") == [0, 5_000]
    spot = place(picture, 2_405 / 5_000)
    for _ in range(6):
        picture.zooms(*spot, -120)
    first, last = picture.part("axis")
    assert last - first < 200
    assert first < 2_405 < last
    share = (2_405 - first) / (last - first)
    assert share == pytest.approx(2_405 / 5_000, abs=0.05)  # it stays under the mouse
    page.mouse.move(5, 5)
    tab.screenshot("counters_zoomed_light", EXPLORER)
    page.mouse.move(*spot)
    page.mouse.down()
    picture.changes(lambda: page.mouse.move(spot[0] - 150, spot[1], steps=4))
    page.mouse.up()
    page.wait_for_timeout(300)
    moved = picture.part("axis")
    assert moved[0] > first
    assert moved[1] - moved[0] == pytest.approx(last - first, abs=1)
    picture.press("ArrowRight")  # after a drag the keys still step
    assert "operation 2,406 of 5,000" in picture.told()
    assert picture.part("axis") == moved
    assert "heapInUse" in picture.hovers("after operation 2,4")  # words still appear upon the pane
    choose(picture, "whole run")
    picture.press("ArrowLeft")
    assert picture.drawn() == whole
    assert tab.errors == []


def test_run_is_moved_and_zoomed_by_keys_alone(long):
    tab, picture = long
    told, whole = picture.told(), picture.drawn()
    picture.pane("axis").focus()
    picture.press("+")
    picture.press("+")
    first, last = picture.part("axis")
    assert (last - first, first < 2_405 < last) == (1_250, True)
    picture.press("End")
    assert picture.part("axis") == [3_750, 5_000]
    tab.screenshot("counters_beyond_light", EXPLORER)
    picture.press("ArrowLeft")
    assert picture.part("axis") == [3_594, 4_844]
    assert picture.told() == told  # nobody stepped
    active = "() => document.activeElement.getAttribute('aria-label')"
    assert tab.page.evaluate(active) == "heap, operations 3,594 to 4,844 of 5,000"
    picture.press("-")
    picture.press("-")
    assert picture.drawn() == whole
    picture.root.focus()
    picture.press("+")  # without the plots in focus as well
    first, last = picture.part("axis")
    assert (last - first, first < 2_405 < last) == (2_500, True)
    assert tab.errors == []


def test_part_around_the_cursor_steps_back_to_the_identical_picture(long):
    tab, picture = long
    choose(picture, "around the cursor")
    first, last = picture.part("axis")
    assert (last - first, first < 2_405 < last) == (250, True)
    before = picture.drawn()
    for _ in range(3):
        picture.click("step")
    for _ in range(3):
        picture.click("back")
    assert picture.drawn() == before
    tab.theme("JupyterLab Dark")
    tab.page.wait_for_timeout(500)
    assert picture.drawn() == before
    tab.screenshot("counters_around_dark", EXPLORER)
    shows(picture).select_option("as moved")  # nothing changes yet
    picture.root.focus()
    picture.press("Home")
    assert picture.part("axis") == [first, last]
    tab.page.wait_for_timeout(300)
    tab.screenshot("counters_beyond_dark", EXPLORER)
    assert tab.errors == []


def test_counters_beside_go_step_back_to_the_identical_picture_on_either_paper(open_notebook, lab_root):
    write_notebook(lab_root, "counters.ipynb", CODE)
    tab = open_notebook("counters.ipynb").run_all()
    picture = ScenePicture(tab)
    end, told = picture.drawn(), picture.told()
    picture.click("back")
    assert (picture.drawn() != end, picture.told() != told) == (True, True)
    picture.click("step")
    picture.click("back")
    picture.click("step")
    picture.root.get_by_text("operation 65 of 101").wait_for()
    text = picture.hovers("after operation 33")
    assert "heapLive 76.04 MiB" in text
    assert "left over of model − Go" in picture.drawn()
    tab.page.mouse.move(5, 5)
    tab.screenshot("counters_light", EXPLORER)
    light = picture.drawn()
    tab.theme("JupyterLab Dark")
    tab.page.wait_for_timeout(500)
    assert picture.drawn() == light
    tab.screenshot("counters_dark", EXPLORER)
    assert tab.errors == []


def test_counters_of_a_hostile_type_run_no_script(open_notebook, lab_root):
    write_notebook(lab_root, "counters_evil.ipynb", EVIL)
    tab = open_notebook("counters_evil.ipynb").run_all()
    picture = ScenePicture(tab)
    picture.root.focus()
    end = picture.drawn()
    picture.press("ArrowLeft")
    picture.press("End")
    assert picture.drawn() == end
    assert "<script>window.pwned=1</script>" in picture.told()
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []
