"""Explorers without a mouse and without sight, in a real JupyterLab and as a saved page: in a weekly run all."""

import pytest

from arenalab import explore
from arenalab.machine.machine import Machine
from tests.browser.picture import EXPLORER, write_notebook
from tests.browser.reach import blank, nameless, unreached
from tests.browser.test_saved import EXPLORERS, GC_OFF, PROGRAM, Saved
from tests.examples import TRIES_ALL, some

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import replace
import arenalab
from arenalab import explore
from tests.recorded import PLAIN, run_of
from arenalab.world.ops import Free, MakeSlice, New, NewArena, RunGC
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1))
node = arenalab.type_of("struct{ next *int; n int }")
machine.run([NewArena(0), New(0, node), MakeSlice(0, arenalab.type_of("byte"), 13), Free(0), RunGC(), NewArena(1)])
"""
#: What is no Explorer, but shows one or a text: where it is in the page, and what it is made of.
OTHERS = {
    "Types": (".arenalab-types", "explore.Types()"),
    "Workbench": (".jp-OutputArea-output:has(.arenalab-workbench-source)", "explore.Workbench(machine)"),
    "HeapMovie": (EXPLORER, "explore.HeapMovie(run_of(PLAIN))"),
    "Advice": (".arenalab-figure", "explore.Advice(run_of(PLAIN))"),
}
BASES = {"Explorer"}
#: Unlike each other: pixels, a chart, a form, words.
UNLIKE = ("ChunkMap", "Counters", "Types", "Advice")
KINDS = [name for name in explore.__all__ if name not in BASES and (TRIES_ALL or name in UNLIKE)]
SAID = ".al-live[role=status][aria-live=polite]"


def made(kind):
    return OTHERS[kind][1] if kind in OTHERS else f"explore.{kind}(machine)"


def in_view(root):
    """Return an explorer once it is seen and drawn."""
    root.wait_for()
    root.scroll_into_view_if_needed()
    root.page.wait_for_timeout(1200)
    return root


@pytest.mark.parametrize("kind", KINDS)
def test_tab_reaches_every_control_each_is_named_and_shows_its_choice_and_keys_step(
    kind, open_notebook, lab_root
):
    write_notebook(lab_root, f"reach_{kind}.ipynb", CODE, made(kind))
    tab = open_notebook(f"reach_{kind}.ipynb").run_all()
    cell = tab.page.locator(".jp-CodeCell").last
    root = in_view(cell.locator(OTHERS[kind][0] if kind in OTHERS else EXPLORER).first)
    assert blank(root) == []
    assert nameless(root) == []
    assert (unreached(root), tab.errors) == ([], [])
    if kind not in {"Types", "HeapMovie", "Advice"}:  # which count no operations
        steps_by_keys(tab.page, cell.locator(EXPLORER).first)
    assert tab.errors == []


def test_a_button_without_a_name_is_found_in_the_last_explorer_too(open_notebook, lab_root):
    write_notebook(lab_root, "reach.ipynb", CODE, made("ChunkMap"), made("LifeCycle"))
    root = in_view(open_notebook("reach.ipynb").run_all().page.locator(EXPLORER).last)
    root.evaluate("root => root.prepend(document.createElement('button'))")
    assert nameless(root) == ['<button data-control="0"></button>']


@pytest.mark.parametrize("kind", some(EXPLORERS), ids=lambda kind: kind.__name__)
def test_saved_page_is_reached_and_named_and_stepped_by_keys(kind, chromium, tmp_path):
    saved = Saved(chromium, kind(Machine(GC_OFF).run(PROGRAM)).save_html(tmp_path / "saved.html"))
    root = saved.page.locator(EXPLORER).first
    assert nameless(root) == []
    assert unreached(root) == []
    steps_by_keys(saved.page, root)
    assert saved.errors == []
    saved.context.close()


def steps_by_keys(page, root):
    """Go to the start and one step on by keys alone; the explorer has a name, and each step is said."""
    assert root.get_attribute("role") == "group"
    assert root.get_attribute("aria-label")
    root.focus()
    for key, told in (
        ("Home", "before the first of"),
        ("ArrowRight", "operation 1 of"),
        ("ArrowRight", "operation 2 of"),
    ):
        page.keyboard.press(key)
        root.locator(".al-told").get_by_text(told).first.wait_for()
        sentence = root.locator(".al-sentence").text_content()
        root.locator(SAID).get_by_text(sentence, exact=True).wait_for()  # told when stepping rests
        assert root.locator(SAID).all_text_contents() == [sentence]
    assert sentence
