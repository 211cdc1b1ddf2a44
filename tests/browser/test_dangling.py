"""The dangling pointer in a real JupyterLab: it draws, steps there and back, is clicked, and is safe to look at."""

import pytest

from tests.browser.picture import EXPLORER, ScenePicture, write_notebook

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import replace

import arenalab
from arenalab.explore import DanglingPointer
from arenalab.world.ops import Free, MarkBegin, MarkEnd, New, NewArena, RunGC, Write
from arenalab.world.touch import Pointer

tag = "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>"
evil = arenalab.type_of(f'struct{{ next *int "{tag}"; n int }}')
quarter = arenalab.type_of("[2097152]byte")
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1))
machine.run([NewArena(0), New(0, evil), Write(0, 8, 42), *[New(0, quarter)] * 4, MarkBegin(), Free(0), MarkEnd()])
machine.run([NewArena(1), RunGC(), *[New(1, quarter)] * 5, New(1, evil)])
DanglingPointer(machine, pointer=Pointer(0, 8))
"""


@pytest.fixture
def shown(open_notebook, lab_root):
    write_notebook(lab_root, "dangling.ipynb", CODE)
    tab = open_notebook("dangling.ipynb").run_all()
    return tab, ScenePicture(tab)


def test_dangling_pointer_steps_back_to_the_identical_picture_on_either_paper(shown):
    tab, picture = shown
    end, told = picture.drawn(), picture.told()
    assert "somebody else's object" in end
    picture.click("back")
    assert (picture.drawn() != end, picture.told() != told) == (True, True)
    picture.click("step")
    assert (picture.drawn(), picture.told()) == (end, told)
    picture.changes(lambda: picture.shape("plain, after operation 9").click(force=True))
    assert "operation 9 of 18" in picture.told()
    assert "AddressSanitizer: use-after-poison" in picture.root.inner_text()
    picture.is_the_same_on_either_paper(tab, "dangling")
    assert tab.errors == []


def test_dangling_pointer_tells_the_object_and_follows_another(shown):
    tab, picture = shown
    text = picture.hovers("pointer to byte 8 of object 0")
    assert "<script>window.pwned=1</script>" in text
    assert picture.hovers("race, after operation 9").startswith(
        "race, after operation 9\nstale data\nsince a0.Free()"
    )
    tab.screenshot("dangling_hover", EXPLORER)
    row = picture.root.locator(".al-object")
    picture.changes(lambda: (row.fill("1"), row.press("Tab")))
    assert "pointer to byte 0 of object 1 of user arena 0" in picture.drawn()
    picture.opens_more()
    picture.changes(lambda: picture.root.get_by_role("button", name="panic on fault").click())
    assert "panic: runtime error: invalid memory" in picture.drawn()
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []
