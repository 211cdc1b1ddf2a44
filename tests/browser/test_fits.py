"""Explorers on the screens that people have: nothing higher than the output area, no small or cut words.

One notebook with explorers of a run, in a weekly run all, with real names and long types, autosave on.
"""

import pytest

from tests.browser.axe import keeps_nobody_out
from tests.browser.picture import write_notebook
from tests.examples import some

pytestmark = pytest.mark.browser

NAME = "fits.ipynb"
SETUP = """
from dataclasses import replace
import arenalab
from arenalab import explore
from arenalab.course import Exercise
from arenalab.world.ops import Drop, Free, MakeSlice, New, NewArena, RunGC, Store
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1))
node = arenalab.type_of("struct{ next *int; name string; weights [40]float64 }")
machine.run([NewArena(0), *[New(0, node)] * 40, MakeSlice(0, arenalab.type_of("byte"), 104857), NewArena(1)])
machine.run([New(1, arenalab.type_of("[900000]byte"))] * 20)
machine.run([Free(0), RunGC(), NewArena(2), New(2, node), Drop(1), RunGC()])
"""
KINDS = ["ChunkMap", "HeapBitmap", "Cloning", "LifeCycle", "Collector", "DanglingPointer", "Counters"]
KINDS += ["AddressSpace", "WhatIf", "Workbench"]
CELLS = [
    *(f"explore.{kind}(machine)" for kind in some(KINDS)),
    'explore.HeapMovie("notebooks/data/shop.trace.gz")',
]
CELLS += ['Exercise("which-end", seed=2)']
#: Screen -> the highest that an explorer may be there (None: it may be scrolled), and the least text in pixels.
SCREENS = {(1440, 900): (750, 11.0), (1024, 768): (None, 11.0), (390, 844): (None, 10.0)}
PATIENCE = 20  #: times that it is looked whether something is still wrong.
WORDS = r"""() => [...document.querySelectorAll(".arenalab-alive:not(.arenalab-alive *)")].map(root => {
  const small = [], cut = [], name = root.querySelector("[aria-label]")?.ariaLabel ?? "";
  const seen = it => it.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && !it.closest(".al-live, .arenalab-live, .al-skip, .al-hidden");
  for (const it of root.querySelectorAll("*")) {
    const own = [...it.childNodes].some(child => child.nodeType === 3 && child.data.trim());
    if (!own || !seen(it)) continue;
    const box = it.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const scale = it.ownerSVGElement ? it.ownerSVGElement.getScreenCTM().a : 1;
    const size = parseFloat(getComputedStyle(it).fontSize) * scale;
    small.push([Math.round(size * 10) / 10, it.textContent.trim().slice(0, 40)]);
    if (it.closest(".al-sentence") && (it.scrollWidth > it.clientWidth + 1 || it.scrollHeight > it.clientHeight + 1)
        && getComputedStyle(it).display !== "inline") cut.push(it.textContent.trim());
  }
  small.sort((one, other) => one[0] - other[0]);
  const page = root.closest(".jp-OutputArea-output") ?? root;
  return {name, height: Math.round(root.getBoundingClientRect().height), small: small.slice(0, 3), cut,
          wide: Math.round(Math.max(...[...root.querySelectorAll("*")]
            .filter(it => seen(it) && !it.closest(".al-picture")).map(it => it.getBoundingClientRect().right), 0)
            - page.getBoundingClientRect().right)};
})"""
PAINTED = """() =>
  [...document.querySelectorAll(".arenalab-explorer")].every(it => it.dataset.key && it.dataset.last)"""


def keep(tab, name):
    """Keep a picture of each explorer as an artefact."""
    for number, it in enumerate(tab.page.locator(".arenalab-alive:not(.arenalab-alive *)").all()):
        it.screenshot(path=tab.artifacts / f"{name}_{number:02}.png")


@pytest.fixture
def shown(open_notebook, lab_root):
    """A notebook whose cells all show an explorer."""
    write_notebook(lab_root, NAME, SETUP, *CELLS)
    tab = open_notebook(NAME)
    tab.page.set_viewport_size({"width": 1440, "height": 900})
    tab.run_all()
    return tab


def settled(tab):
    """Wait until every explorer has painted what it is asked for."""
    tab.page.wait_for_timeout(600)
    tab.page.wait_for_function(PAINTED, timeout=60_000)


def faults(found, highest, least):
    """Yield what is wrong with explorers on a screen, a line each."""
    for kind, it in zip(CELLS, found, strict=True):
        if highest and it["height"] > highest:
            yield f"{kind}: {it['height']} pixels high; {highest} fit"
        yield from (f"{kind}: cut: {words}" for words in it["cut"])
        yield from (f"{kind}: {size} pixels: {words}" for size, words in it["small"] if size < least - 0.05)
        if it["wide"] > 1:
            yield f"{kind}: {it['wide']} pixels beyond its place"


def lasting(tab, highest, least):
    """Return what is wrong once pictures have followed the window: on a busy machine they take some seconds."""
    for _ in range(PATIENCE):
        settled(tab)
        if not (found := list(faults(tab.page.evaluate(WORDS), highest, least))):
            break
    return found


def test_every_explorer_fits_each_screen_with_words_that_can_be_read_by_all(shown):
    wrong = []
    for (width, height), (highest, least) in SCREENS.items():
        shown.page.set_viewport_size({"width": width, "height": height})
        for theme in ("Light", "Dark") if highest else ("Light",):  # no size depends on the theme
            shown.theme(f"JupyterLab {theme}")
            here = [f"{width}, {theme}: {fault}" for fault in lasting(shown, highest, least)]
            if here:
                keep(shown, f"fits_{width}_{theme}")
            wrong += here
    assert not wrong, "\n".join(wrong)
    for part in (".arenalab-alive", ".arenalab-exercise"):
        keeps_nobody_out(shown.page, part)
    assert shown.errors == []
