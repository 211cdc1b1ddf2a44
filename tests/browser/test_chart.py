"""A chart of measured costs in a real JupyterLab: it tells, zooms, hides lines, follows the theme, and is safe."""

import pytest

from arenalab.course.chart import _rulers
from tests.browser.picture import write_notebook

pytestmark = pytest.mark.browser

FIGURE = ".arenalab-figure"
CODE = """
from arenalab.course.chart import Chart, Line

ticks = ("1", "3", "10", "30", "100", "1,000", "10,000", "off")
arenas = Line("in arenas", (281.25, 128.0, 74.0, 59.0, 44.0, 41.0, 42.0, 56.0))
heap = Line("on the heap", (75.0, 70.0, 69.0, 64.0, 71.0, 66.0, 68.0, 73.0))
Chart("Processor time", "nodes of a request", "ns a value", ticks, (arenas, heap))
"""
EVIL = "<img src=x onerror=window.pwned=1>"
EVIL_CODE = f"""
from arenalab.course.chart import Chart, Line

evil = "{EVIL}<script>window.pwned=2</script>$$x$$ @y{{safe}}"
Chart(evil, evil, evil, (evil, "2"), (Line(evil, (1.0, 2.0)),))
"""

THREE_CODE = CODE.replace("Chart(", "for _ in range(3): display(Chart(").rstrip() + ")"
BROKEN_CODE = f"""
import arenalab.explore.figure_page

def planted(_):
    raise ValueError("<b>planted</b>")

arenalab.explore.figure_page.json_item = planted
{CODE}
"""

#: The figure, as the page holds it.
PLOT = "window.Bokeh?.documents.map(doc => doc.get_model_by_name('chart')).find(it => it)"
VIEW = "Object.values(window.Bokeh.index).flatMap(it => [it, ...it.child_views ?? []]).find(it => it.frame)"
LINES = f"""() => {PLOT}.right[0].items.map(it => [it.label.value, it.renderers.map(r => r.visible)])"""
DATA = f"() => JSON.stringify({PLOT}.renderers.map(it => it.data_source.data))"
COLOURS = f"""() => {PLOT}.renderers.filter(it => it.glyph.type === "Scatter").map(it => it.glyph.fill_color.value)"""
RANGES = f"() => [{PLOT}.x_range, {PLOT}.y_range].map(it => [it.start, it.end])"
TICKS = f"""() => {{
  const {{start, end}} = {PLOT}.y_range;
  return {PLOT}.left[0].ticker.get_ticks(start, end, null, NaN).major;
}}"""
FOCUSED = """() => {
  let it = document.activeElement;
  while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
  return it.getAttribute("aria-label") ?? it.innerText;
}"""
#: Where a point is on the screen.
PLACE = f"""([at, value]) => {{
  const view = {VIEW}, box = view.canvas_view.el.getBoundingClientRect();
  return [box.x + view.frame.x_scale.compute(at), box.y + view.frame.y_scale.compute(value)];
}}"""


class Shown:
    """The figure of an open notebook."""

    def __init__(self, tab, asked):
        self.tab, self.page, self.root = tab, tab.page, tab.page.locator(FIGURE)
        self.asked = asked  #: the addresses of all that the page asked for

    def wait(self):
        self.root.locator(".arenalab-page[data-frame]").wait_for(timeout=20_000)
        self.page.wait_for_timeout(300)
        return self

    def foreign(self):
        own = (self.tab.server.url, "data:", "blob:")
        return [url for url in self.asked if not url.startswith(own)]

    def ask(self, what, *given):
        return self.page.evaluate(what, *given)

    def name(self, name):
        return self.root.get_by_role("checkbox", name=name)

    def hovers(self, at, value):
        self.page.mouse.move(*self.ask(PLACE, [at, value]))
        tip = self.page.locator(".bk-tooltip-content").last
        tip.wait_for(timeout=5_000)
        return tip.locator(".bk-tooltip-row-value").all_inner_texts()

    def dark(self):
        frame = int(self.root.locator(".arenalab-page").get_attribute("data-frame"))
        self.tab.theme("JupyterLab Dark")
        later = f".arenalab-page[data-frame='{frame + 1}']"
        self.root.locator(later).wait_for(timeout=5_000)
        self.page.wait_for_timeout(300)


@pytest.fixture
def show(open_notebook, lab_root):
    def show_(code):
        write_notebook(lab_root, "chart.ipynb", code)
        tab = open_notebook("chart.ipynb")
        asked = []
        tab.page.on("request", lambda request: asked.append(request.url))
        return Shown(tab.run_all(), asked)

    return show_


def test_chart_is_drawn_told_and_hidden_by_a_click_on_either_paper(show):
    it = show(CODE).wait()
    it.tab.screenshot("chart_light", FIGURE)
    told = it.hovers(0, 281.25)
    it.tab.screenshot("chart_hover")
    assert told == ["in arenas", "281.25 ns a value", "nodes of a request: 1"]
    it.page.mouse.move(5, 5)
    assert it.ask(LINES) == [["on the heap", [True] * 3], ["in arenas", [True] * 3]]
    it.name("in arenas").click()
    assert it.ask(LINES) == [["on the heap", [True] * 3], ["in arenas", [False] * 3]]
    light, data = it.ask(COLOURS), it.ask(DATA)
    it.dark()
    assert it.ask(COLOURS) != light
    assert it.ask(DATA) == data
    assert it.ask(LINES)[1] == ["in arenas", [False] * 3]
    it.tab.screenshot("chart_dark_hidden", FIGURE)
    it.name("in arenas").click()
    assert it.ask(LINES)[1] == ["in arenas", [True] * 3]
    it.page.mouse.move(5, 5)
    it.page.wait_for_timeout(300)
    it.tab.screenshot("chart_dark", FIGURE)
    it.hovers(7, 73)
    it.tab.screenshot("chart_dark_hover")
    assert it.tab.errors == []
    assert it.foreign() == []


def test_chart_zooms_with_ctrl_alone_rules_what_is_seen_and_is_reset(show):
    it = show(CODE).wait()
    whole = it.ask(RANGES)
    assert it.ask(TICKS) == _rulers(*whole[1]) == [50, 100, 200]
    it.page.mouse.move(*it.ask(PLACE, [4, 60]))
    it.page.mouse.wheel(0, -600)
    it.page.wait_for_timeout(300)
    assert it.ask(RANGES) == whole
    it.page.keyboard.down("Control")
    for _ in range(3):
        it.page.mouse.wheel(0, -600)
    it.page.keyboard.up("Control")
    it.page.wait_for_timeout(300)
    near = it.ask(RANGES)
    assert all(low > first and high < last for (low, high), (first, last) in zip(near, whole, strict=True))
    assert len(it.ask(TICKS)) >= 3
    it.tab.screenshot("chart_zoomed", FIGURE)
    it.dark()
    assert it.ask(RANGES) == near
    it.page.mouse.down()
    it.page.mouse.move(*it.ask(PLACE, [4.2, 62]), steps=5)
    it.page.mouse.up()
    assert it.ask(RANGES) != near
    it.root.get_by_role("button", name="Reset").click()
    it.page.wait_for_timeout(300)
    assert it.ask(RANGES) == whole
    assert it.tab.errors == []


def test_chart_is_worked_by_keys_and_named_for_screen_readers(show):
    it = show(CODE).wait()
    page = it.root.get_by_role("figure", name="Processor time, ns a value")
    assert page.count() == 1
    assert "in arenas: 281, 128" in it.root.locator(".arenalab-live").text_content()
    stops = []
    it.name("on the heap").focus()
    for _ in range(8):
        stops.append(it.ask(FOCUSED).split(" (")[0])
        it.page.keyboard.press("Tab")
    buttons = ["Pan", "Box Zoom", "Zoom with Ctrl + wheel", "Zoom In", "Zoom Out", "Reset"]
    assert stops == ["on the heap", "in arenas", *buttons]
    whole = it.ask(RANGES)
    it.root.get_by_role("button", name="Zoom In").focus()
    it.page.keyboard.press("Enter")
    it.page.wait_for_timeout(300)
    assert it.ask(RANGES) != whole
    for key, seen in (("Enter", False), (" ", True)):
        it.name("in arenas").focus()
        it.page.keyboard.press(key)
        assert it.name("in arenas").is_checked() is seen
        assert it.ask(LINES)[1] == ["in arenas", [seen] * 3]
        assert it.ask(FOCUSED) == "in arenas"
    assert it.tab.errors == []


def test_chart_shows_every_word_as_text_and_fetches_nothing(show):
    it = show(EVIL_CODE).wait()
    evil = it.ask(LINES)[0][0]
    assert evil.startswith(EVIL)
    told = it.hovers(1, 2)
    it.tab.screenshot("chart_evil")
    assert told == [evil, f"2 {evil}", f"{evil}: 2"]
    assert it.name(EVIL).inner_text() == evil
    it.page.wait_for_timeout(500)
    assert it.ask("() => window.pwned") is None
    assert it.foreign() == []
    assert it.tab.errors == []


def test_charts_of_one_notebook_share_one_bokeh(show):
    it = show(THREE_CODE)
    for number in range(3):
        it.root.nth(number).locator(".arenalab-page[data-frame]").wait_for(timeout=20_000)
    assert it.ask("() => window.Bokeh.documents.length") == 3
    assert it.tab.errors == []


def test_chart_that_cannot_be_drawn_says_so(show):
    it = show(BROKEN_CODE)
    it.root.get_by_role("alert").get_by_text("could not draw: ValueError: <b>planted</b>").wait_for()
