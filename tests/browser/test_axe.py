"""No explorer keeps anybody out: axe-core looks at all of them in one saved page, every panel open, on either paper."""

import pytest

import arenalab
from arenalab import explore
from arenalab.player.saved import save_page
from arenalab.world.ops import Free, New, NewArena, RunGC
from tests.browser.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.node]

KINDS = ("ChunkMap", "HeapBitmap", "LifeCycle", "Collector", "DanglingPointer", "Counters", "AddressSpace")
KINDS += ("Cloning", "Goroutines", "WhatIf")
#: Open what "⋯" opens and one panel of each explorer, another one with each and on either paper.
OPEN = """turn => document.querySelectorAll(".arenalab-explorer").forEach((it, number) => {
  it.querySelector(".al-more").click();
  const tabs = it.querySelectorAll(".al-tabs button");
  tabs[(number + turn) % tabs.length].click();
})"""
PAINTED = """() => document.querySelectorAll(".arenalab-explorer").length === %d &&
  [...document.querySelectorAll(".arenalab-explorer")].every(it => it.dataset.key && it.dataset.last === "1")"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A page with a film of each explorer."""
    machine = arenalab.Machine()
    node = arenalab.type_of("struct{ next *int; key string }")
    machine.run([NewArena(0), New(0, node), New(0, arenalab.type_of("int64")), Free(0), RunGC()])
    films = [getattr(explore, kind)(machine).film() for kind in KINDS]
    return save_page(tmp_path_factory.mktemp("axe") / "all.html", "Every explorer", films)


@pytest.mark.parametrize(("turn", "paper"), [(0, "light"), (1, "dark")])
def test_every_explorer_with_its_panels_open(saved, chromium, turn, paper):
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, color_scheme=paper)
    page.goto(saved.as_uri())
    page.wait_for_function(PAINTED % len(KINDS))
    page.evaluate(OPEN, turn)
    page.wait_for_timeout(400)
    page.wait_for_function(PAINTED % len(KINDS))
    assert violations(page) == []
    page.close()


def test_a_button_without_a_name_and_words_that_hardly_differ_from_their_paper_are_found(chromium):
    page = chromium.new_page()
    page.set_content(
        "<html lang=en><title>It</title><main><h1>It</h1><button></button>"
        "<p style='color: #ccc; background: #fff'>faint</p></main>"
    )
    assert [line.split(":")[0] for line in violations(page)] == [
        "critical button-name",
        "serious color-contrast",
    ]
    page.close()
