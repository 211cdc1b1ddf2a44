"""The address space in a real JupyterLab: it draws, steps there and back, tells, is clicked, and is safe to look at."""

import pytest

from tests.browser.picture import EXPLORER, ScenePicture, write_notebook

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import replace

import arenalab
from arenalab.explore import AddressSpace
from arenalab.world.ops import Free, MakeSlice, New, NewArena, RunGC

big, text = arenalab.type_of("[2097152]byte"), arenalab.type_of("string")
evil = arenalab.type_of('struct{ p *int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>" }')
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1), in_bulk=True)
machine.run([NewArena(0), New(0, evil), *[New(0, big)] * 7, NewArena(1), New(1, big), RunGC(), NewArena(2)])
machine.run([*[New(2, big)] * 9, MakeSlice(2, text, 150_000), *[New(1, big)] * 11, MakeSlice(1, text, 60_000)])
machine.run([Free(0), NewArena(3), MakeSlice(3, text, 200_000), New(2, big)])
AddressSpace(machine)
"""


@pytest.fixture
def shown(open_notebook, lab_root):
    write_notebook(lab_root, "address_space.ipynb", CODE)
    tab = open_notebook("address_space.ipynb").run_all()
    return tab, ScenePicture(tab)


def test_address_space_steps_back_to_the_identical_picture_on_either_paper(shown):
    tab, picture = shown
    picture.steps_back_to_itself()
    picture.is_the_same_on_either_paper(tab, "address_space")
    assert tab.errors == []


def test_address_space_tells_and_follows_a_chunk_and_a_script_stays_text(shown):
    tab, picture = shown
    tip = picture.hovers("chunk 0: quarantine")
    assert tip.splitlines()[:2] == ["chunk 0: quarantine, set to fault", "0x40c000000000 to 0x40c000800000"]
    tab.screenshot("address_space_hover", EXPLORER)
    picture.changes(lambda: picture.shape("chunk 0: quarantine").click(force=True))
    picture.root.focus()
    picture.press("ArrowDown")
    picture.press("Home")
    assert "no address is reserved yet" in picture.drawn()
    picture.press("ArrowRight")
    picture.press("ArrowRight")
    assert "<script>window.pwned=1</script>" in picture.told()
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []
