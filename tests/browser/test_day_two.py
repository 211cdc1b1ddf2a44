"""A notebook on its second day: saved by itself, its kernel gone. What was live is a picture with its words."""

import json

import nbformat
import pytest

from tests.browser.conftest import VIEWPORT
from tests.browser.lab import AUTOSAVE_SECONDS, KERNEL_READY, LabPage
from tests.examples import some
from tools.notebooks import METADATA

pytestmark = pytest.mark.browser

NAME = "day_two.ipynb"
SETUP = """
from dataclasses import replace
import arenalab
from arenalab import explore
from arenalab.course import Exercise, Overview
from arenalab.course.chart import Chart, Line
from arenalab.world.ops import Free, MakeSlice, New, NewArena, RunGC
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1))
node = arenalab.type_of("struct{ next *int; n int }")
machine.run([NewArena(0), New(0, node), MakeSlice(0, arenalab.type_of("byte"), 13), Free(0), RunGC(), NewArena(1)])
"""
KINDS = ["ChunkMap", "AddressSpace", "Cloning", "Counters", "Collector", "DanglingPointer"]
KINDS += ["LifeCycle", "HeapBitmap", "WhatIf", "Workbench"]
#: What a cell shows, and words that are found there with or without a kernel.
CELLS = {
    **{f"explore.{kind}(machine)": "a1 := arena.NewArena()" for kind in some(KINDS)},
    "explore.Types()": "pointer prefix",
    'Chart("Time of nodes", "nodes", "ns", ("1", "2"), (Line("heap", (1.0, 2.0)),))': "heap: 1, 2",
    'Exercise("which-end", seed=2)': "Where does the last value go?",
    "Overview()": "Which end?",
}
PICTURES = len(CELLS) - 2  # an exercise and the overview are words alone
ERRORS = ("model not found", "Error displaying widget", "Loading widget", "Javascript Error")
GONE = "The kernel is gone: run the cell again."
#: For each cell that shows something: the height of each output that is seen, and whether it is the live one.
OUTPUTS = """() => [...document.querySelectorAll('.jp-CodeCell:not(:first-child) .jp-OutputArea')].map(area =>
  [...area.querySelectorAll(':scope > .jp-OutputArea-child')].filter(it => it.checkVisibility()).map(it =>
    [it.querySelector('.arenalab-alive') !== null, it.innerText]))"""
PAINTED = """() => [...document.querySelectorAll('.jp-OutputArea-output img')].filter(it => it.checkVisibility())
  .map(it => [it.complete && it.naturalWidth > 0 && it.getBoundingClientRect().width > 500, it.alt])"""
#: Each live picture has been painted.
PAINTED_ALL = """() => [...document.querySelectorAll(".arenalab-explorer")].every(it => it.dataset.last === "1")
  && [...document.querySelectorAll(".arenalab-page")].every(it => it.dataset.frame)"""
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
END = "() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()"
MODEL_WAIT_MS = 2_500  #: ipywidgets looks for a model for 2 s before it gives up.


def notebook():
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in (SETUP, *CELLS)]
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA)


def outputs(page):
    """Return what is seen below each cell but the first: (whether it is live, its words) of each output."""
    return page.evaluate(OUTPUTS)


def settled(page):
    """Return what is seen when all pictures are painted and two seconds have changed nothing any more."""
    page.wait_for_function(PAINTED_ALL, timeout=60_000)
    before = None
    while before != (now := outputs(page)):
        before = now
        page.wait_for_timeout(2_000)
    return now


def shows_pictures_and_words(page):
    """Tell that each cell shows one output, what is kept, and no error."""
    there = f"() => ({OUTPUTS})().filter(seen => seen.length).length === {len(CELLS)}"
    from playwright.sync_api import TimeoutError as PlaywrightTimeout  # noqa: PLC0415  # only where it is there

    try:
        page.wait_for_function(there, timeout=20_000)
    except PlaywrightTimeout:  # on a busy machine a page now and then stays half drawn; a reader reloads it
        page.reload()
        page.wait_for_function(there, timeout=40_000)
    page.wait_for_timeout(MODEL_WAIT_MS)
    seen = settled(page)
    assert [len(each) for each in seen] == [1] * len(CELLS)
    for (source, words), [(live, text)] in zip(CELLS.items(), seen, strict=True):
        assert (source, live, words in text) == (source, False, True)
    assert [painted for painted, alt in page.evaluate(PAINTED) if alt] == [True] * PICTURES
    for error in ERRORS:
        assert page.get_by_text(error).filter(visible=True).count() == 0


@pytest.fixture(scope="module")
def saved(lab, lab_root, chromium, tmp_path_factory):
    """The notebook, run and saved by nobody but JupyterLab; what was seen; its kernel is restarted, then ended."""
    nbformat.write(notebook(), lab_root / NAME)
    page = chromium.new_context(viewport={"width": VIEWPORT["width"], "height": 9000}).new_page()
    tab = LabPage(page, lab, tmp_path_factory.mktemp("pictures")).open(NAME).run_all()
    live = settled(page)
    page.wait_for_timeout(1000 * AUTOSAVE_SECONDS)
    tab.is_saved()
    page.evaluate(RESTART)
    page.wait_for_function(KERNEL_READY, timeout=60_000)
    restarted, notes = settled(page), page.get_by_text(GONE).filter(visible=True).count()
    tab.screenshot("day_two_restarted")
    page.evaluate(END)
    page.close()
    return live, restarted, notes, (lab_root / NAME).read_text()


@pytest.fixture
def reopened(saved, lab_root, request):
    """The name of a copy of the saved file: what one test runs and saves anew, no other opens."""
    name = f"{request.function.__name__}.ipynb"
    (lab_root / name).write_text(saved[-1])
    return name


def test_a_cell_that_is_run_shows_the_live_widget_alone(saved):
    live, *_ = saved
    assert [[alive for alive, _ in each] for each in live] == [[True]] * len(CELLS)
    assert not any(GONE in text for each in live for _, text in each)


def test_after_a_restart_the_picture_stays_and_a_line_says_what_to_do(saved):
    live, restarted, notes, _ = saved
    assert [[alive for alive, _ in each] for each in restarted] == [[True]] * len(CELLS)
    assert notes == len(CELLS)
    for [(_, before)], [(_, after)] in zip(live, restarted, strict=True):
        assert GONE in after
        assert before.split() == after.replace(GONE, "").split()


def test_saved_file_holds_each_picture_once_and_no_widget_state(saved):
    file = json.loads(saved[-1])
    assert "widgets" not in file["metadata"]
    kept = "".join(json.dumps(cell["outputs"]) for cell in file["cells"])
    assert kept.count("data:image/png;base64,") == PICTURES
    assert 'image/png"' not in kept


def test_reopened_without_its_kernel_it_shows_pictures_and_words_and_runs_again(open_notebook, reopened):
    tab = open_notebook(reopened)
    tab.page.set_viewport_size({"width": VIEWPORT["width"], "height": 9000})
    shows_pictures_and_words(tab.page)
    tab.screenshot("day_two_reopened")
    tab.run_all()
    assert [[alive for alive, _ in each] for each in settled(tab.page)] == [[True]] * len(CELLS)


def test_reopened_in_notebook_7_it_shows_pictures_and_words(lab, chromium, reopened):
    page = chromium.new_context(viewport={"width": VIEWPORT["width"], "height": 9000}).new_page()
    page.goto(f"{lab.url}/notebooks/{reopened}?token={lab.token}")
    page.locator(".jp-NotebookTrustedStatus, .jp-StatusItem-trust, [title*=rusted]").first.wait_for()
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=30_000)
    shows_pictures_and_words(page)
    page.close()
