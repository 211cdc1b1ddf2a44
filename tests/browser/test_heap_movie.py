"""The heap movie in a real JupyterLab and as a saved page: what is stepped, clicked and pointed at is seen and said."""

import pytest

from arenalab.explore import HeapMovie
from tests.browser.picture import EXPLORER, ScenePicture, write_notebook
from tests.browser.raster import CANVAS, Raster
from tests.browser.test_latency import CLICKS, report, spread
from tests.browser.test_saved import PIXELS, Saved
from tests.recorded import PLAIN, evil_run, large_data, run_of

pytestmark = pytest.mark.browser

CODE = """
from arenalab.explore import HeapMovie
from tests.recorded import PLAIN, run_of
movie = HeapMovie(run_of(PLAIN))
movie
"""
LARGE = """
from time import perf_counter
from arenalab.advice.trace_run import TraceRun
from arenalab.explore import HeapMovie
run = TraceRun.read("large.trace")
begun = perf_counter()
movie = HeapMovie(run)
took = perf_counter() - begun
movie.unit = "time"
movie.go(movie.steps.moment(movie.steps.last // 2))
movie
"""
#: Width and height of an output of JupyterLab in a window of 1440 × 900 with its file browser open.
ROOM = (1008, 750)
WINDOW = {"width": 1176, "height": 900}  #: as wide an output without the file browser.
#: The first page of a span with several slots, and how many pages stand in a line.
SPAN = """index = movie.index
span = next(span for span in movie.shown.moment.spans if index.slots[span] > 9)
print(index.first_cell[span], movie.shown.pages.columns)"""
#: The kernel's first line about the first slot that is shown.
SAID = """from arenalab.view.heap_said import slot_said
print(slot_said(movie.shown.moment, movie.run.lifetimes, movie.shown.span, 0).splitlines()[0])"""
TEXTS = """root => [...root.querySelectorAll("svg text, .al-told *, .al-raster-told, .arenalab-legend")]
  .map(it => it instanceof SVGElement
    ? Number(it.getAttribute("font-size")) * it.getScreenCTM().a : parseFloat(getComputedStyle(it).fontSize))"""


def test_heap_movie_steps_is_clicked_and_told_on_either_paper(open_notebook, lab_root):
    write_notebook(lab_root, "heap_movie.ipynb", CODE)
    tab = open_notebook("heap_movie.ipynb").run_all()
    tab.page.set_viewport_size(WINDOW)
    picture, raster = ScenePicture(tab), Raster(tab)
    assert "the start" in picture.told()
    picture.click("last")
    tab.page.wait_for_timeout(500)
    box = picture.root.bounding_box()
    assert (box["width"] <= ROOM[0], box["height"] <= ROOM[1]) == (True, True), box
    assert picture.root.evaluate("root => root.scrollWidth <= root.clientWidth")
    assert min(picture.root.evaluate(TEXTS)) >= 11
    end = raster.pixels()
    picture.steps_back_to_itself()
    assert raster.pixels() == end
    picture.changes(lambda: picture.root.locator("svg [data-tap^='scope']").first.click(force=True))
    assert "GC" in picture.told()
    cell, columns = map(int, tab.ask(SPAN).split())
    width = picture.root.locator(CANVAS).first.bounding_box()["width"] / columns
    place = {"x": (cell % columns + 0.5) * width, "y": (cell // columns + 0.5) * width}
    picture.root.locator(CANVAS).first.click(position=place)
    tab.answers(f"print(movie.page == movie.index.page_of({cell}))", "True")
    picture.root.locator(".al-raster-told", has_text="page").first.wait_for()
    assert "page" in picture.root.locator(".al-raster-told").first.inner_text()
    picture.root.locator(CANVAS).nth(1).hover(position={"x": 8, "y": 8})
    said = tab.ask(SAID)
    picture.root.locator(".al-raster-told").nth(1).get_by_text(said).wait_for()
    tab.screenshot("heap_movie_told", EXPLORER)
    picture.is_the_same_on_either_paper(tab, "heap_movie")
    assert tab.errors == []


def test_click_to_painted_frame_of_a_heap_of_a_million_objects(open_notebook, lab_root):
    """Reported, not asserted: a step of it is a collection, which changes half of the heap."""
    (lab_root / "large.trace").write_bytes(large_data())
    write_notebook(lab_root, "heap_movie_large.ipynb", LARGE)
    tab = open_notebook("heap_movie_large.ipynb").run_all()
    raster = Raster(tab)
    assert int(tab.ask("print(len(run.objects))")) == 1_000_000
    report("HeapMovie: opens, 10^6 objects", {"seconds": float(tab.ask("print(round(took, 3))"))})
    tab.ask("movie.last()")
    tab.page.wait_for_timeout(1000)
    before = raster.pixels()
    taken = tab.page.evaluate(CLICKS, ["back", 20])
    assert raster.pixels() != before
    report("HeapMovie: click to painted frame, 10^6 objects", spread(taken))
    assert tab.errors == []


def painted(saved):
    """Return scene and words of a saved page, and all pixels of its first raster."""
    return saved.drawn(), saved.page.evaluate(PIXELS)


def changed(before, after):
    """Return for both whether they differ."""
    return before[0] != after[0], before[1] != after[1]


def test_saved_movie_steps_from_disk_and_runs_no_script(chromium, tmp_path):
    for run in (evil_run(), run_of(PLAIN)):
        movie = HeapMovie(run)
        movie.colour = "type"
        saved = Saved(chromium, movie.save_html(tmp_path / "movie.html"))
        start = painted(saved)
        saved.page.locator(EXPLORER).first.press("End")
        end = painted(saved)
        assert changed(start, end) == (True, True)
        saved.click("back")
        assert saved.drawn() != end[0]
        saved.click("step")
        assert painted(saved) == end
        saved.page.locator(EXPLORER).first.press("Home")
        assert painted(saved) == start
        assert "the start" in saved.page.locator(".al-told").inner_text()
        saved.page.locator(CANVAS).first.hover(position={"x": 8, "y": 8})
        saved.page.locator(".al-raster-told", has_text="page 0, 0x").wait_for()
        assert saved.page.evaluate("() => window.pwned") is None
        assert [url for url in saved.asked if not url.startswith(("file:", "data:", "blob:"))] == []
        assert saved.errors == []
        saved.context.close()
