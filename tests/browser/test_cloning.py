"""The Clone explorer in a real JupyterLab: it draws, steps there and back, asks, and is safe to look at."""

import pytest

from tests.browser.picture import EXPLORER, ScenePicture, write_notebook

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import replace

import arenalab
from arenalab.explore import Cloning
from arenalab.world.ops import Clone, Free, MakeSlice, New, NewArena, RunGC, Store, Write

tag = "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>"
evil = arenalab.type_of(f'struct{{ next *int "{tag}"; more *int; n int }}')
number, quarter = arenalab.type_of("int"), arenalab.type_of("[2097152]byte")
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1))
machine.run([NewArena(0), New(0, evil), New(0, number), Write(0, 16, 42), MakeSlice(0, number, 6)])
slot, target = (machine.world.ledger.row(row)[0] for row in (0, 1))
machine.run([Store(slot, target), Store(slot + 8, 0x500000), *[New(0, quarter)] * 4, Clone(0, evil), Free(0)])
Cloning(machine)
"""


@pytest.fixture
def shown(open_notebook, lab_root):
    write_notebook(lab_root, "cloning.ipynb", CODE)
    tab = open_notebook("cloning.ipynb").run_all()
    return tab, ScenePicture(tab)


def test_clone_steps_back_to_the_identical_picture_on_either_paper(shown):
    tab, picture = shown
    end, told = picture.drawn(), picture.told()
    assert end.count(">gone<") == 3
    picture.click("back")
    assert (picture.drawn() != end, picture.told() != told) == (True, True)
    picture.is_the_same_on_either_paper(tab, "cloning")
    picture.click("step")
    assert (picture.drawn(), picture.told()) == (end, told)
    assert tab.errors == []


def test_clone_tells_where_a_word_leads_and_asks_about_another_object(shown):
    tab, picture = shown
    picture.click("back")
    assert picture.hovers("byte 0: a pointer") == "byte 0: a pointer to the collector\nleads to object 1"
    tab.screenshot("cloning_hover", EXPLORER)
    assert "<script>window.pwned=1</script>" in picture.root.inner_text()
    row = picture.root.locator(".al-object")
    picture.changes(lambda: (row.fill("2"), row.press("Tab")))
    assert "asked now, not in the run" in picture.drawn()
    assert "copied: 6 elements" in picture.drawn()
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []
