"""A chart of measured costs in a real JupyterLab: it tells, zooms, hides lines, follows the theme, and is safe."""

import pytest

from tests.browser.charted import COLOURS, RANGES, SEEN, Charted
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
for _ in range(3): display(Chart(evil, evil, evil, (evil, "2"), (Line(evil, (1.0, 2.0)),)))
"""
BROKEN_CODE = f"""
import arenalab.explore.shown_chart as shown_chart

shown_chart.chart_state = lambda plots, make=shown_chart.chart_state: make(plots) | {{"paint": None}}
{CODE}
"""


@pytest.fixture
def show(open_notebook, lab_root):
    def show_(code):
        write_notebook(lab_root, "chart.ipynb", code)
        return open_notebook("chart.ipynb").run_all()

    return show_


def test_chart_is_drawn_told_zoomed_and_hidden_on_either_paper(show):
    tab = show(CODE)
    it, page = Charted(tab.page, tab.page.locator(FIGURE)), tab.page
    told = it.hovers("Processor time", 0, 281.25)
    assert [word for word in told if word] == ["in arenas", "281.25 ns a value", "nodes of a request: 1"]
    page.mouse.move(5, 5)
    tab.screenshot("chart_light", FIGURE)
    it.name("in arenas").click()
    assert it.ask(SEEN, "line 0") == [False] * 3  # its line, its dots, its values
    whole = it.ask(RANGES)
    page.mouse.move(*it.at("Processor time", 4, 60))
    page.mouse.wheel(0, -600)
    page.wait_for_timeout(300)
    assert it.ask(RANGES) == whole
    page.mouse.move(*it.at("Processor time", 4, 60))  # the page scrolled
    page.keyboard.down("Control")
    page.mouse.wheel(0, -600)
    page.keyboard.up("Control")
    page.wait_for_function(f"whole => JSON.stringify(({RANGES})()) !== JSON.stringify(whole)", arg=whole)
    [near], [far] = it.ask(RANGES), whole
    assert all(low > first and high < last for (low, high), (first, last) in zip(near, far, strict=True))
    light = it.ask(COLOURS, "line 1")
    tab.theme("JupyterLab Dark")
    page.wait_for_function(f"light => String(({COLOURS})('line 1')) !== light", arg=",".join(light))
    assert (it.ask(RANGES), it.ask(SEEN, "line 0")) == ([near], [False] * 3)
    it.chart.focus()
    page.keyboard.press("1")
    page.keyboard.press("0")
    it.waits(RANGES, whole)
    assert it.ask(SEEN, "line 0") == [True] * 3
    page.mouse.move(5, 5)
    tab.screenshot("chart_dark", FIGURE)
    assert (tab.errors, it.foreign()) == ([], [])


def test_chart_is_named_and_reached_by_keys(show):
    tab = show(CODE)
    it = Charted(tab.page, tab.page.locator(FIGURE))
    assert it.root.get_by_role("group", name="Processor time, ns a value").count() == 1
    assert "in arenas: 281, 128" in it.root.locator(".arenalab-live").text_content()
    stops = []
    it.chart.focus()
    for _ in range(3):
        tab.page.keyboard.press("Tab")
        stops.append(tab.page.evaluate("() => document.activeElement.textContent"))
    assert stops == ["whole", "in arenas", "on the heap"]
    for key, seen in (("Enter", False), (" ", True)):
        it.name("in arenas").focus()
        tab.page.keyboard.press(key)
        assert it.name("in arenas").is_checked() is seen
        assert it.ask(SEEN, "line 0") == [seen] * 3
    assert tab.errors == []


def test_charts_show_every_word_as_text_share_one_bokeh_and_fetch_nothing(show):
    tab = show(EVIL_CODE)
    figures = tab.page.locator(FIGURE)
    its = [Charted(tab.page, figures.nth(number)) for number in range(3)]
    assert tab.page.evaluate("() => window.Bokeh.documents.length") == 3
    assert (
        tab.page.evaluate(
            "() => [...document.head.querySelectorAll('script')].filter(it => it.text.length > 1e6).length"
        )
        == 1
    )
    assert its[0].name(EVIL).inner_text().startswith(EVIL)
    told = [word for word in its[0].hovers(EVIL, 1, 2) if word]
    assert told[0].startswith(EVIL)
    tab.page.wait_for_timeout(300)
    assert tab.page.evaluate("() => window.pwned") is None
    assert (tab.errors, its[0].foreign()) == ([], [])


def test_chart_that_cannot_be_drawn_says_so(show):
    tab = show(BROKEN_CODE)
    tab.page.locator(FIGURE).get_by_role("alert").get_by_text("could not draw: TypeError").wait_for()
