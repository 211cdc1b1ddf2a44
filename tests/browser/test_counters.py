"""The counters in a real JupyterLab: two histories' lines, steps back to the identical picture, safe to look at."""

import pytest

from tests.browser.picture import EXPLORER, ScenePicture, write_notebook
from tests.programs import RECORDINGS

pytestmark = pytest.mark.browser

CODE = f"""
import arenalab
from arenalab.explore import Counters

Counters(arenalab.load_recording({str(RECORDINGS / "chunks-1.jsonl")!r}), cursor=820)
"""
EVIL = """
import arenalab
from arenalab.explore import Counters
from arenalab.world.ops import New, NewArena

machine = arenalab.Machine()
evil = arenalab.type_of('struct{ p *int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>" }')
machine.run([NewArena(0), New(0, evil), New(0, evil)])
Counters(machine)
"""


def test_counters_beside_go_step_back_to_the_identical_picture_on_either_paper(open_notebook, lab_root):
    write_notebook(lab_root, "counters.ipynb", CODE)
    tab = open_notebook("counters.ipynb").run_all()
    picture = ScenePicture(tab)
    end, told = picture.drawn(), picture.told()
    picture.click("back")
    assert (picture.drawn() != end, picture.told() != told) == (True, True)
    picture.click("step")
    picture.click("back")
    picture.click("step")
    picture.root.get_by_text("operation 65 of 101").wait_for()
    text = picture.hovers("after operation 33")
    assert "heapLive 76.04 MiB" in text
    assert "left over of model − Go" in picture.drawn()
    tab.page.mouse.move(5, 5)
    tab.screenshot("counters_light", EXPLORER)
    light = picture.drawn()
    tab.theme("JupyterLab Dark")
    tab.page.wait_for_timeout(500)
    assert picture.drawn() == light
    tab.screenshot("counters_dark", EXPLORER)
    assert tab.errors == []


def test_counters_of_a_hostile_type_run_no_script(open_notebook, lab_root):
    write_notebook(lab_root, "counters_evil.ipynb", EVIL)
    tab = open_notebook("counters_evil.ipynb").run_all()
    picture = ScenePicture(tab)
    picture.root.focus()
    end = picture.drawn()
    picture.press("ArrowLeft")
    picture.press("End")
    assert picture.drawn() == end
    assert "<script>window.pwned=1</script>" in picture.told()
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []
