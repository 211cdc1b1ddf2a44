"""The raster in a real JupyterLab: a pixel per word, steps there and back, hover, keys, zoom, click, both papers."""

import pytest

from arenalab.draw.raster import raster_colours
from tests.browser.picture import EXPLORER, write_notebook
from tests.browser.raster import Raster

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import replace

import arenalab
from arenalab.explore import ChunkMap
from arenalab.world.ops import Free, MakeSlice, New, NewArena, Rep

names = (
    'struct{ p *int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>"; q [40]*int }',
    "[7]*int", "struct{ p *int; n, m int }", "[3]byte", "string", "int64", "[100]int32", "[9]any", "uint16",
)
types = [arenalab.type_of(name) for name in names]
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1))
machine.run([NewArena(0), Rep(0, types[0], 900), *[Rep(0, kind, 9_000) for kind in types[1:7]], Free(0)])
machine.run([NewArena(1), *[Rep(1, kind, 1_500) for kind in types], New(1, types[0]), New(1, types[5])])
explorer = ChunkMap(machine)
explorer
"""


@pytest.fixture
def shown(open_notebook, lab_root):
    write_notebook(lab_root, "raster.ipynb", CODE)
    tab = open_notebook("raster.ipynb").run_all()
    return tab, Raster(tab)


def choose(raster, colour):
    raster.changes(lambda: raster.root.locator(".al-colour").select_option(label=colour))


def test_raster_steps_back_to_the_identical_pixels_on_either_paper(shown):
    tab, raster = shown
    end = raster.pixels()
    raster.click("back")
    assert raster.pixels() != end
    raster.click("step")
    assert raster.pixels() == end
    freed = ("pointerful_former", "pointer_free_former")
    assert [raster.pixel(0, 0), raster.pixel(1023, 1023)] == raster_colours(freed, "light")[1::2]
    for colour in ("direction", "type", "arena", "age"):
        if colour != "direction":
            choose(raster, colour)
        tab.page.mouse.move(5, 5)
        tab.screenshot(f"raster_{colour}_light", EXPLORER)
    raster.changes(lambda: tab.theme("JupyterLab Dark"))
    choose(raster, "direction")
    assert raster.pixel(0, 0) == raster_colours(freed, "dark")[1]
    choose(raster, "type")
    tab.page.wait_for_timeout(300)
    tab.screenshot("raster_type_dark", EXPLORER)
    assert tab.errors == []


def test_raster_tells_the_word_and_runs_no_script(shown):
    tab, raster = shown
    raster.point(1)
    raster.root.get_by_text("operation 2:").first.wait_for()
    told = raster.told()
    assert "word 1, offset 8, 0x40c000000008" in told
    assert "objects with pointers, their arena freed" in told
    assert "<script>window.pwned=1</script>" in told
    assert "328 bytes at 0x40c000000000, offset 0" in told
    choose(raster, "type")
    assert "<script>" in raster.root.locator(".al-raster-legend").inner_text()
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []


def test_raster_zooms_moves_and_chooses(shown):
    tab, raster = shown
    whole = raster.pixels()
    raster.canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "+", "+", "+"):  # the first arrow only sets the cross
        tab.page.keyboard.press(key)
    raster.differs(whole)
    assert "word " in raster.told()
    tab.screenshot("raster_zoomed", EXPLORER)
    box = raster.canvas.bounding_box()
    tab.page.mouse.move(box["x"] + 100, box["y"] + 100)
    tab.page.mouse.dblclick(box["x"] + 100, box["y"] + 100)
    tab.page.keyboard.down("Control")
    tab.page.mouse.wheel(0, -400)
    tab.page.keyboard.up("Control")
    tab.page.mouse.move(5, 5)
    raster.differs(whole)
    zoomed = raster.pixels()
    tab.page.mouse.move(box["x"] + 100, box["y"] + 100)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + 160, box["y"] + 140, steps=4)
    tab.page.mouse.up()
    tab.page.mouse.move(5, 5)
    raster.differs(zoomed)
    tab.page.mouse.dblclick(box["x"] + 3, box["y"] + 3)
    tab.page.mouse.move(5, 5)
    fit = raster.root.locator(".al-fit").element_handle()
    tab.page.wait_for_function("it => it.selectedOptions[0].textContent === 'custom'", arg=fit)
    assert tab.page.evaluate("() => document.activeElement.dataset.raster") == "words"
    raster.changes(lambda: tab.page.keyboard.press("Home"))  # the explorer's own key still works
    assert tab.errors == []
