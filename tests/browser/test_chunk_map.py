"""The chunk map in a real JupyterLab: it draws, steps there and back, listens to keys, and is safe to look at."""

import json

import pytest

pytestmark = pytest.mark.browser

NOTEBOOK = "notebooks/01_first_steps.ipynb"
EXPLORER = ".arenalab-explorer"

#: All columns of the sources of one explorer's picture, as the page holds them.
DRAWN = """number => {
  const found = window.Bokeh.documents.filter(doc => doc.get_model_by_name('chunk_map'));
  const doc = found[number];
  const names = ['blocks', 'rows', 'gaps', 'objects', 'low_labels', 'high_labels', 'marks', 'title'];
  const data = name => doc.get_model_by_name(`chunk_map.${name}`)?.data;
  return JSON.stringify(names.map(name => [name, data(name)]));
}"""
PICTURES = "() => window.Bokeh?.documents.filter(doc => doc.get_model_by_name('chunk_map')).length ?? 0"


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
    tab.screenshot("chunk_map_light", EXPLORER)
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
