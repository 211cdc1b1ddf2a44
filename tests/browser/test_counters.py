"""The counters in a real JupyterLab: the chart goes with the cursor both ways, zooms, hides lines, is safe."""

import pytest

from arenalab.explore import Counters
from tests.browser.charted import COLOURS, DATA, RANGES, SEEN, SPANS, Charted
from tests.browser.picture import EXPLORER, is_no_wider, write_notebook
from tests.programs import RECORDINGS

pytestmark = pytest.mark.browser

CODE = f"""
import arenalab
from arenalab.explore import Counters

explorer = Counters(arenalab.load_recording({str(RECORDINGS / "chunks-1.jsonl")!r}))
explorer.cursor = explorer.history.op_end(65)
explorer
"""

#: A line with a corner at nearly each of 3,000 operations, and a hostile type's name.
LONG = """
import arenalab
from arenalab.explore import Counters
from arenalab.world.ops import New, NewArena

machine = arenalab.Machine(arenalab.GO_1_21, in_bulk=False)
evil = arenalab.type_of('struct{ p *int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>" }')
machine.run([NewArena(0), *[New(0, evil)] * 3_000])
explorer = Counters(machine)
explorer.group = "collector"
explorer
"""


@pytest.fixture
def opened(open_notebook, lab_root):
    def opened_(code):
        write_notebook(lab_root, "counters.ipynb", code)
        tab = open_notebook("counters.ipynb").run_all()
        return tab, Charted(tab.page, tab.page.locator(EXPLORER))

    return opened_


def test_chart_goes_with_the_cursor_both_ways_beside_go_on_either_paper(opened):
    tab, it = opened(CODE)
    page = tab.page
    assert it.ask(SPANS) == [65]
    assert ("heapLive", "72.02 MiB", "72.02 MiB", "0 B") in it.values()
    it.root.locator(".al-next").click()
    it.waits(SPANS, [66])
    page.mouse.click(*it.at("live and in use", 33, 50 << 20))
    it.waits(SPANS, [33])
    it.root.get_by_text("operation 33 of 101").wait_for()
    tab.ask("explorer.cursor = explorer.history.op_end(10)")  # a link moves the crosshair too
    it.waits(SPANS, [10])
    told = it.hovers("live and in use", 33.4, 50 << 20)
    assert told[:4] == ["after operation", "32", "heapLive", "76.04 MiB (79,732,832 bytes)"]
    page.mouse.move(5, 5)
    page.wait_for_timeout(300)
    tab.screenshot("counters_light", EXPLORER)
    it.name("heapInUse").click()
    names = ["0 heap_in_use", "go 0 heap_in_use", "left 0 heap_in_use"]
    assert [it.ask(SEEN, name) for name in names] == [[False]] * 3
    before, light = it.ask(RANGES), it.ask(COLOURS, "0 heap_live")
    tab.theme("JupyterLab Dark")
    page.wait_for_function(f"light => String(({COLOURS})('0 heap_live')) !== light", arg=",".join(light))
    assert (it.ask(RANGES), it.ask(SEEN, "0 heap_in_use")) == (before, [False])
    tab.screenshot("counters_dark", EXPLORER)
    assert (tab.errors, it.foreign()) == ([], [])


def test_thinned_run_is_zoomed_by_wheel_and_keys_to_every_value(opened):
    tab, it = opened(LONG)
    page, whole = tab.page, it.ask(RANGES)
    assert whole[0][0] == [0, 3_001]
    coarse = len(it.ask(DATA, "0 scan_alloc"))
    page.mouse.move(*it.at("what a cycle", 1_500, 10_000))
    page.mouse.wheel(0, -600)
    page.wait_for_timeout(300)
    assert it.ask(RANGES) == whole  # a wheel alone scrolls the page
    page.mouse.move(*it.at("what a cycle", 1_500, 10_000))
    it.zooms(600)
    first, last = it.part()
    assert first < 1_500 < last
    it.page.wait_for_function(f"coarse => ({DATA})('0 scan_alloc').length !== coarse", arg=coarse)
    inside = {round(x) for x in it.ask(DATA, "0 scan_alloc") if first < x < last}
    assert inside == set(range(first + 1, last))
    page.mouse.click(*it.at("what a cycle", first + 20, 10_000))
    it.waits(SPANS, [first + 20])
    it.chart.focus()
    page.keyboard.press("+")
    narrower = it.part()
    assert narrower[1] - narrower[0] == pytest.approx((last - first) / 2, abs=2)
    page.keyboard.press("ArrowRight")
    it.waits(SPANS, [first + 21])  # arrows step
    page.keyboard.press("1")
    assert it.ask(SEEN, "0 scan_alloc") == [False, False]  # the first of the legend
    page.keyboard.press("0")
    it.waits("() => document.querySelector('.al-chart')?.dataset.part", "0 3001")
    assert page.evaluate("() => window.pwned") is None
    assert (tab.errors, it.foreign()) == ([], [])


@pytest.mark.parametrize("width", [1008, 390])
def test_saved_page_steps_its_chart_with_the_network_off(chromium, tmp_path, width):
    explorer = Counters(RECORDINGS / "chunks-1.jsonl")
    context = chromium.new_context(viewport={"width": width, "height": 900}, offline=True)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(explorer.save_html(tmp_path / "counters.html").as_uri())
    it = Charted(page, page.locator(EXPLORER))
    it.root.locator(".al-last").click()
    it.waits(SPANS, [101])
    values = it.values()
    page.mouse.click(*it.at("pages in use", 40, 60 << 20))
    it.waits(SPANS, [40])
    assert it.values() != values
    is_no_wider(page, width)
    texts = (
        "els => els.filter(it => it.textContent.trim()).map(it => parseFloat(getComputedStyle(it).fontSize))"
    )
    assert min(it.root.locator(".al-chart :is(p, th, td, button)").evaluate_all(texts)) >= 11
    assert errors == []
    context.close()
