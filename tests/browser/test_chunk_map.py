"""The chunk map in a real JupyterLab: it draws, steps there and back, moves, zooms, and is safe to look at."""

import re

import pytest

from tests.browser.picture import EXPLORER, ScenePicture, at_rest, write_notebook

pytestmark = pytest.mark.browser

NOTEBOOK = "notebooks/01_first_steps.ipynb"

EVIL = """
import arenalab
from arenalab.explore import ChunkMap
from arenalab.world.ops import New, NewArena

machine = arenalab.Machine(arenalab.GO_1_21)
evil = arenalab.type_of('struct{ x [9]*int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>" }')
machine.run([NewArena(0), New(0, evil)])
ChunkMap(machine)
"""


#: Every look at once: full and wasted, set to fault, reused with freed objects, active, address space.
RICH = """
from dataclasses import replace

import arenalab
from arenalab.explore import ChunkMap
from arenalab.world.ops import Free, MakeSlice, New, NewArena

names = "struct{ name *string; count int }", "[262144]*string", "[3]byte", "int64", "[4]string"
entry, large, odd, number, four = map(arenalab.type_of, names)
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1))
large_ones = [New(0, large)] * 6
machine.run([NewArena(0), MakeSlice(0, odd, 400_000), *large_ones, New(0, entry), Free(0)])
machine.run([NewArena(1), MakeSlice(1, odd, 600_000), *[New(1, large)] * 3, NewArena(2), New(2, four)])
machine.run([New(2, odd), New(2, number), NewArena(3), New(3, entry), New(3, odd), New(3, number), Free(3)])
machine.run([NewArena(4), New(4, four), New(4, number), New(4, entry)])
ChunkMap(machine)
"""


@pytest.fixture
def tab(open_notebook):
    return open_notebook(NOTEBOOK).run_all()


@pytest.fixture
def rich(open_notebook, lab_root):
    write_notebook(lab_root, "rich.ipynb", RICH)
    tab = open_notebook("rich.ipynb").run_all()
    return tab, ScenePicture(tab)


@pytest.mark.brief
def test_step_back_draws_the_identical_picture(tab):
    picture = ScenePicture(tab)
    picture.click("last")
    picture.steps_back_to_itself()
    assert tab.errors == []


def test_keys_step_without_moving_the_notebook(tab):
    picture = ScenePicture(tab)
    picture.root.focus()
    picture.press("End")
    end = picture.drawn()
    picture.press("ArrowLeft")
    one_less = picture.drawn()
    picture.press("Home")
    assert "inside chunk" not in picture.drawn()
    picture.press("End")
    assert picture.drawn() == end
    picture.press("ArrowLeft")
    assert picture.drawn() == one_less
    assert tab.page.evaluate("() => document.activeElement.classList.contains('arenalab-explorer')")
    assert tab.errors == []


def test_dark_page_repaints_and_steps(rich):
    tab, picture = rich
    fill = "it => getComputedStyle(it.querySelector('rect')).fill"
    light, blue = picture.drawn(), picture.shape("[4]string").evaluate(fill)
    tab.page.mouse.move(5, 5)
    tab.screenshot("chunk_map_light", EXPLORER)
    tab.theme("JupyterLab Dark")
    assert picture.shape("[4]string").evaluate(fill) != blue
    assert picture.drawn() == light
    picture.click("back")
    picture.click("step")
    assert picture.drawn() == light
    tab.page.wait_for_timeout(300)
    tab.screenshot("chunk_map_dark", EXPLORER)
    assert tab.errors == []


def test_clicked_row_is_looked_into(rich):
    tab, picture = rich
    picture.changes(lambda: picture.shape("chunk 1 at").click(force=True))
    assert "inside chunk 1 (full, arena 1)" in picture.drawn()
    picture.changes(lambda: picture.shape("chunk 2, offsets 0 to").click(force=True))
    assert "inside chunk 2 (active, arena 1)" in picture.drawn()
    assert tab.errors == []


def middle(picture, name):
    box = picture.pane(name).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_pane_is_dragged_and_zoomed_by_the_mouse(rich):
    tab, picture = rich
    page = tab.page
    (start, end), (x, y) = picture.part("low"), middle(picture, "low")
    picture.zooms(x, y, -120)
    zoomed = picture.part("low")
    assert zoomed[1] - zoomed[0] < end - start
    assert start < sum(zoomed) / 2 < end  # the place under the mouse stays
    page.mouse.move(x, y)
    page.mouse.down()
    picture.changes(lambda: page.mouse.move(x - 200, y, steps=4))
    page.mouse.up()
    moved = at_rest(page, lambda: (picture.drawn(), picture.part("low")))[1]
    assert moved[0] > zoomed[0]
    assert moved[1] - moved[0] == pytest.approx(zoomed[1] - zoomed[0], abs=1)
    assert picture.part("high")[1] == 2**23  # the other one stays
    assert picture.root.locator(".al-fit").evaluate("it => it.selectedOptions[0].textContent") == "custom"
    picture.press("ArrowLeft")  # after a drag the keys still step
    assert "operation 27 of 28" in picture.told()
    assert picture.part("low") == moved
    tab.screenshot("chunk_map_zoomed", EXPLORER)
    assert tab.errors == []


def test_pane_is_moved_and_zoomed_by_keys_alone(rich):
    tab, picture = rich
    told = picture.told()
    picture.root.focus()
    picture.press("+")
    assert picture.part("low") == [0, 64]
    picture.press("d")
    assert picture.part("low") == [8, 72]
    picture.press("a")
    picture.press("s")
    assert picture.part("low") == [0, 128]
    assert picture.told() == told  # nobody stepped
    said = picture.pane("low").get_attribute("aria-label")
    assert re.fullmatch(r"low end, shown from 0 B to \d+ B", said)
    assert tab.errors == []


def test_reloaded_page_draws_again(open_notebook, lab_root):
    write_notebook(lab_root, "reloaded.ipynb", EVIL)  # saved by the test, so not one of the repository's
    tab = open_notebook("reloaded.ipynb").run_all()
    picture = ScenePicture(tab)
    picture.click("back")
    before = picture.drawn()
    tab.is_saved()
    tab.errors.clear()
    tab.page.reload()
    assert ScenePicture(tab).drawn() == before
    assert tab.errors == []


def test_play_walks_to_the_end(tab):
    picture = ScenePicture(tab)
    picture.click("last")
    end = picture.drawn()
    picture.click("first")
    assert picture.drawn() != end
    picture.button("play").click()
    picture.waits_for(end)
    assert "operation 6 of 6" in picture.told()
    assert tab.errors == []


def test_hover_tells_the_object_and_runs_no_script(open_notebook, lab_root):
    write_notebook(lab_root, "evil.ipynb", EVIL)
    tab = open_notebook("evil.ipynb").run_all()
    text = ScenePicture(tab).hovers("72 bytes")
    assert "<script>window.pwned=1</script>" in text
    assert "at 0x40c000000000, offsets 0 to 72" in text
    tab.screenshot("chunk_map_hover")
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []


def test_nothing_is_fetched_from_elsewhere(open_notebook):
    tab = open_notebook(NOTEBOOK)
    asked = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.run_all()
    ScenePicture(tab)
    own = (tab.server.url, tab.server.url.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
