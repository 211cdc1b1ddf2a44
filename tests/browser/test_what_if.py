"""The what-if in a real JupyterLab: two sides that step together, dropdowns that run one anew, safe to look at."""

import pytest

from tests.browser.picture import EXPLORER, ScenePicture, write_notebook
from tests.browser.reach import blank

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import replace

import arenalab
from arenalab.explore import WhatIf
from arenalab.world.ops import Free, Hold, NewArena, Rep, RunGC

evil = arenalab.type_of('struct{ p *int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>"; n int }')
piece = arenalab.type_of("[524288]byte")
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1))
machine.run([
    NewArena(0), Rep(0, evil, 3000), Hold(0, 0), Rep(0, piece, 16), Free(0), RunGC(), NewArena(1), Rep(1, piece, 20),
    Rep(1, evil, 3),
])
WhatIf(machine)
"""


def test_what_if_steps_back_to_the_identical_picture_and_a_dropdown_runs_a_side_anew(open_notebook, lab_root):
    write_notebook(lab_root, "what_if.ipynb", CODE)
    tab = open_notebook("what_if.ipynb").run_all()
    picture = ScenePicture(tab)
    assert blank(picture.root) == []
    picture.opens_more()
    assert picture.root.locator("option", has_text="GOGC as recorded").count() == 2
    end, told = picture.drawn(), picture.told()
    assert "<script>window.pwned=1</script>" in told
    picture.click("back")
    assert picture.drawn() != end
    picture.click("step")
    assert (picture.drawn(), picture.told()) == (end, told)
    assert "8 MiB set to fault: touching it crashes" in picture.hovers("chunk 0: 8 MiB")
    tab.page.mouse.move(5, 5)
    tab.screenshot("what_if_light", EXPLORER)
    picture.changes(lambda: picture.root.locator(r".al-right\.heap").select_option(label="arenas"))
    chunks = picture.root.locator(r".al-right\.user_arena_chunk_bytes_max")
    picture.changes(lambda: chunks.select_option(label="chunks 2 MiB"))
    assert "B: chunks of 2 MiB" in picture.drawn()
    picture.changes(lambda: picture.root.locator(r".al-right\.go").select_option(label="Go 1.27"))
    assert "B: Go 1.27, chunks of 2 MiB" in picture.drawn()
    assert "the runtime's own" in picture.root.inner_text()
    tab.theme("JupyterLab Dark")
    tab.page.wait_for_timeout(500)
    tab.screenshot("what_if_dark", EXPLORER)
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []
