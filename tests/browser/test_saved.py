"""Saved pages, from disk and with the network off: explorers step there and back, by button and by key."""

import json

import pytest

from arenalab import explore
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.browser.conftest import ARTIFACTS
from tests.browser.picture import EXPLORER, NAMES
from tests.examples import some
from tests.strategies import GC_OFF

pytestmark = pytest.mark.browser

EVIL = 'struct{ x [9]*int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>" }'
BIG = type_of("[262144]*int")
PROGRAM = [
    *(ops.NewArena(0), ops.New(0, type_of(EVIL)), ops.MakeSlice(0, type_of("byte"), 13), ops.Hold(0, 0)),
    *([ops.New(0, BIG)] * 4),
    *(ops.NewArena(1), ops.Free(0), ops.RunGC(), ops.New(1, type_of(EVIL)), ops.Unhold(0), ops.RunGC()),
]
EXPLORERS = [
    kind
    for kind in (getattr(explore, name) for name in explore.__all__)
    if issubclass(kind, explore.Explorer) and kind.name != "Explorer"
]
BRIEF = {"ChunkMap", "Counters"}  #: a scene, a chart.
KINDS = [
    pytest.param(kind, marks=[pytest.mark.brief] * (kind.__name__ in BRIEF))
    for kind in EXPLORERS
    if kind.__name__ in BRIEF or kind in some(EXPLORERS)
]
#: Everything that a page has drawn.
DRAWN = """() => JSON.stringify([
  [...document.querySelectorAll("svg.al-scene")].map(svg =>
    svg.outerHTML.replace(/s[0-9]+-h-/g, "h-").replace(/ tabindex="-?[0-9]+"/g, "")),
  [...document.querySelectorAll(".al-raster-title")].map(it => it.innerText),
  document.querySelector(".al-told")?.innerText])"""
PAINTED = "() => [...document.querySelectorAll('.arenalab-explorer')].every(it => it.dataset.last === '1')"
PIXELS = "() => document.querySelector('.al-raster canvas[data-raster]').toDataURL()"


class Saved:
    """A saved page in a browser that has no network."""

    def __init__(self, chromium, path):
        self.context = chromium.new_context(viewport={"width": 1280, "height": 1100}, offline=True)
        self.page, self.errors, self.asked = self.context.new_page(), [], []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda it: self.errors.append(it.text) if it.type == "error" else None)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(".arenalab-saved .al-told", timeout=20_000)
        self.page.wait_for_timeout(600)

    def rests(self):
        """Wait until what was asked for is painted."""
        self.page.wait_for_timeout(100)
        self.page.wait_for_function(PAINTED)

    def drawn(self):
        self.rests()
        return self.page.evaluate(DRAWN)

    def click(self, name):
        self.page.locator(f".al-{NAMES.get(name, name)}").first.click()

    def repaints(self):
        """Switch between light and dark."""
        self.opens_more()
        self.page.get_by_role("button", name="light or dark").first.click()

    def opens_more(self):
        """Show the controls that are behind "⋯"."""
        if not self.page.locator(".al-more-panel").first.is_visible():
            self.click("more")

    def looks_for(self, text):
        """Type what to find."""
        self.opens_more()
        self.page.fill(".al-find", text)


@pytest.fixture
def open_saved(chromium, tmp_path):
    opened = []

    def open_(explorer, **choices):
        opened.append(Saved(chromium, explorer.save_html(tmp_path / "saved.html", **choices)))
        return opened[-1]

    yield open_
    for saved in opened:
        saved.context.close()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_saved_page_steps_there_and_back_with_the_network_off(kind, open_saved):
    machine = Machine(GC_OFF)
    machine.run(PROGRAM)
    saved = open_saved(kind(machine))
    end = saved.drawn()
    saved.click("back")
    assert saved.drawn() != end
    saved.click("step")
    assert saved.drawn() == end
    saved.click("first")
    start = saved.drawn()
    saved.page.locator(EXPLORER).first.focus()
    saved.page.keyboard.press("End")
    assert saved.drawn() == end
    saved.page.screenshot(path=ARTIFACTS / f"saved_{kind.__name__}_light.png")
    saved.page.keyboard.press("Home")
    assert saved.drawn() == start
    for _ in PROGRAM:
        saved.page.keyboard.press("ArrowRight")
    assert saved.drawn() == end
    saved.repaints()
    assert saved.drawn() == end  # colours are no data
    saved.page.mouse.move(5, 5)
    saved.page.screenshot(path=ARTIFACTS / f"saved_{kind.__name__}_dark.png")
    assert saved.page.evaluate("() => window.pwned") is None
    assert [url for url in saved.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert saved.errors == []


@pytest.mark.brief
def test_saved_page_finds_plays_and_stops(open_saved):
    machine, quarter = Machine(GC_OFF), type_of("[2097152]byte")
    machine.run([ops.NewArena(0), *[ops.New(0, quarter)] * 5, ops.Free(0), ops.RunGC()])
    explorer = explore.ChunkMap(machine, cursor=0)
    saved = open_saved(explorer, unit="event")
    last = len(machine.history)
    told = saved.page.locator(".al-told")
    assert f"event 0 of {last:,}" in told.inner_text()
    saved.looks_for("ChunkReadied")
    saved.click("later")
    assert "moved from quarantine" in told.inner_text()
    saved.page.fill(".al-jump", "3")
    saved.page.keyboard.press("Enter")
    assert f"event 3 of {last:,}" in told.inner_text()
    saved.looks_for("ChunkActivated")
    saved.page.select_option(".al-speed", "20")
    saved.page.get_by_role("button", name="add breakpoint").click()
    saved.click("play")
    saved.page.wait_for_function(
        "() => document.querySelector('.al-told')?.innerText.includes('ChunkActivated')"
    )
    assert "chunk 0 is active in user arena 0" in told.inner_text()
    saved.page.get_by_role("button", name="Words", exact=True).click()
    saved.page.get_by_text("Chunk map, operation 1 of").wait_for()
    assert saved.errors == []


def test_raster_of_a_saved_page_is_the_same_from_either_side(open_saved):
    machine = Machine(GC_OFF)
    machine.run(PROGRAM)
    saved = open_saved(explore.ChunkMap(machine))
    seen = []
    saved.page.get_by_role("button", name="All words").click()
    for key in ("Home", *["ArrowRight"] * 6, *["ArrowLeft"] * 6):
        saved.page.keyboard.press(key) if seen else saved.page.locator(EXPLORER).first.press(key)
        saved.rests()
        seen.append(saved.page.evaluate(PIXELS))
    assert seen[:7] == seen[:5:-1]
    assert len(set(seen)) >= 4
    saved.page.locator(EXPLORER).first.press("End")
    saved.page.locator(".al-raster canvas[data-raster]").hover(position={"x": 8, "y": 5})
    saved.page.locator(".al-raster-told", has_text="offset").wait_for()
    assert saved.errors == []


def test_every_step_of_a_saved_page_tells_what_the_explorer_tells(open_saved):
    machine = Machine(GC_OFF)
    machine.run(PROGRAM)
    explorer = explore.ChunkMap(machine)
    saved = open_saved(explorer)
    saved.page.get_by_role("button", name="Words", exact=True).click()
    for position in range(len(PROGRAM) + 1):
        explorer.go(explorer.stepper.place(position))
        saved.page.fill(".al-jump", json.dumps(position))
        saved.page.keyboard.press("Enter")
        told = "told => document.querySelector('pre.al-words-text')?.textContent === told"
        saved.page.wait_for_function(told, arg=explorer.text())
    assert saved.errors == []


def test_films_of_a_workbench_move_together(open_saved):
    machine = Machine(GC_OFF)
    machine.run(PROGRAM)
    bench = explore.Workbench(machine, layout="stacked", second="Life cycle")
    saved = open_saved(bench)
    readings = saved.page.locator(".al-told")
    assert readings.count() == 2
    for name in ("first", "step", "step"):
        saved.page.locator(f".al-{NAMES.get(name, name)}").nth(1).click()
    assert readings.nth(0).inner_text() == readings.nth(1).inner_text()
    assert "operation 2 of 14" in readings.nth(0).inner_text()
    assert saved.errors == []


def test_saved_type_is_its_picture_and_its_words(chromium, tmp_path):
    path = explore.Types(EVIL).save_html(tmp_path / "type.html")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator(".arenalab-light .arenalab-w960 svg").is_visible()
    assert "<script>window.pwned=1</script>" in page.inner_text("pre")
    assert page.evaluate("() => window.pwned") is None
    context.close()
