"""The chunk map in a real JupyterLab: it draws, steps there and back, listens to keys, and is safe to look at."""

import json

import nbformat
import pytest

from tools.notebooks import METADATA

pytestmark = pytest.mark.browser

NOTEBOOK = "notebooks/01_first_steps.ipynb"
EXPLORER = ".arenalab-explorer"

#: All columns of the sources of one explorer's picture, as the page holds them.
DRAWN = """number => {
  const found = window.Bokeh.documents.filter(doc => doc.get_model_by_name('chunk_map'));
  const doc = found[number];
  const names = ['blocks', 'rows', 'gaps', 'objects', 'low_labels', 'high_labels', 'now', 'title'];
  const data = name => doc.get_model_by_name(`chunk_map.${name}`)?.data;
  return JSON.stringify(names.map(name => [name, data(name)]));
}"""
FILLS = """number => window.Bokeh.documents.filter(doc => doc.get_model_by_name('chunk_map'))[number]
  .get_model_by_name('chunk_map.bands').renderers[0].glyph.fill_color.transform.palette"""
PICTURES = "() => window.Bokeh?.documents.filter(doc => doc.get_model_by_name('chunk_map')).length ?? 0"


EVIL = """
import arenalab
from arenalab.explore import ChunkMap
from arenalab.world.ops import New, NewArena

machine = arenalab.Machine()
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
machine = arenalab.Machine(replace(arenalab.go_rules(), gogc=-1))
large_ones = [New(0, large)] * 6
machine.run([NewArena(0), MakeSlice(0, odd, 400_000), *large_ones, New(0, entry), Free(0)])
machine.run([NewArena(1), MakeSlice(1, odd, 600_000), *[New(1, large)] * 3, NewArena(2), New(2, four)])
machine.run([New(2, odd), New(2, number), NewArena(3), New(3, entry), New(3, odd), New(3, number), Free(3)])
machine.run([NewArena(4), New(4, four), New(4, number), New(4, entry)])
ChunkMap(machine)
"""


class Explorer:
    """The explorer number `number` of an open notebook, as a reader meets it."""

    def __init__(self, tab, number):
        self.tab, self.page, self.number = tab, tab.page, number
        self.root = tab.page.locator(EXPLORER).nth(number)
        self.page.wait_for_function(f"() => ({PICTURES})() > {number}")

    def drawn(self):
        return self.page.evaluate(DRAWN, self.number)

    def column(self, source, name):
        return dict(json.loads(self.drawn()))[source][name]

    def told(self):
        return self.root.locator(".arenalab-reading").inner_text()

    def changes(self, act):
        """Do something that changes the words, and wait until the picture has followed."""
        before = self.drawn()
        act()
        self.page.wait_for_function(
            f"before => ({DRAWN})({self.number}) !== before", arg=before, timeout=10_000
        )
        self.page.wait_for_timeout(150)

    def click(self, name):
        self.changes(lambda: self.root.locator(f".arenalab-{name}").click())

    def press(self, key):
        self.changes(lambda: self.page.keyboard.press(key))


@pytest.fixture
def tab(open_notebook):
    return open_notebook(NOTEBOOK).run_all()


def test_step_back_draws_the_identical_picture(tab):
    explorer = Explorer(tab, 0)
    end, told = explorer.drawn(), explorer.told()
    explorer.click("back")
    assert explorer.drawn() != end
    assert explorer.told() != told
    explorer.click("step")
    assert explorer.drawn() == end
    assert explorer.told() == told
    assert tab.errors == []


def test_keys_step_without_moving_the_notebook(tab):
    explorer = Explorer(tab, 0)
    explorer.root.focus()
    end = explorer.drawn()
    explorer.press("ArrowLeft")
    one_less = explorer.drawn()
    explorer.press("Home")
    assert explorer.column("objects", "left") == []
    explorer.press("End")
    assert explorer.drawn() == end
    explorer.press("ArrowLeft")
    assert explorer.drawn() == one_less
    assert tab.page.evaluate("() => document.activeElement.classList.contains('arenalab-explorer')")
    assert tab.errors == []


def test_dark_page_repaints_and_steps(open_notebook, lab_root):
    write_notebook(lab_root, "rich.ipynb", RICH)
    tab = open_notebook("rich.ipynb").run_all()
    explorer = Explorer(tab, 0)
    light = explorer.drawn()
    tab.screenshot("chunk_map_light", EXPLORER)
    tab.theme("JupyterLab Dark")
    tab.page.wait_for_function(f"() => ({FILLS})({explorer.number})[0] === '#56b4e9'")
    assert explorer.drawn() == light
    explorer.click("back")
    explorer.click("step")
    assert explorer.drawn() == light
    tab.page.wait_for_timeout(300)
    tab.screenshot("chunk_map_dark", EXPLORER)
    assert tab.errors == []


def write_notebook(folder, name, code):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code.strip())], metadata=METADATA)
    nbformat.write(notebook, folder / name)


def test_reloaded_page_draws_again(open_notebook, lab_root):
    write_notebook(lab_root, "reloaded.ipynb", EVIL)  # saved by the test, so not one of the repository's
    tab = open_notebook("reloaded.ipynb").run_all()
    explorer = Explorer(tab, 0)
    explorer.click("back")
    before = explorer.drawn()
    tab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    tab.page.wait_for_timeout(500)
    tab.errors.clear()
    tab.page.reload()
    tab.page.wait_for_function(f"() => ({PICTURES})() > 0", timeout=60_000)
    assert Explorer(tab, 0).drawn() == before
    assert tab.errors == []


def test_play_walks_to_the_end(tab):
    explorer = Explorer(tab, 0)
    end = explorer.drawn()
    explorer.click("first")
    explorer.root.locator(".jupyter-widget-play button, .widget-play button").first.click()
    tab.page.wait_for_function(f"end => ({DRAWN})({explorer.number}) === end", arg=end, timeout=15_000)
    assert "operation 6 of 6" in explorer.told()
    assert tab.errors == []


def test_hover_tells_the_object_and_runs_no_script(open_notebook, lab_root):
    write_notebook(lab_root, "evil.ipynb", EVIL)
    tab = open_notebook("evil.ipynb").run_all()
    explorer = Explorer(tab, 0)
    box = explorer.root.locator(".arenalab-page").bounding_box()
    tab.page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 75)
    tip = tab.page.locator(".bk-tooltip-content, .bk-Tooltip").last
    tip.wait_for(timeout=5_000)
    text = tip.inner_text()
    assert "<script>window.pwned=1</script>" in text
    assert "72 bytes" in text
    assert "0x40c000000000" in text
    tab.screenshot("chunk_map_hover")
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []


def test_nothing_is_fetched_from_elsewhere(open_notebook):
    tab = open_notebook(NOTEBOOK)
    asked = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.run_all()
    Explorer(tab, 0)
    own = (tab.server.url, tab.server.url.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
