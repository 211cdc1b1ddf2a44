"""The collector in a real JupyterLab: steps back to the identical picture, a click asks why, safe to look at."""

import pytest

from tests.browser.picture import ScenePicture, write_notebook

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import replace

import arenalab
from arenalab.explore import Collector
from arenalab.world.ops import *

evil = 'struct{ next *int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>"; n int }'
node, big = map(arenalab.type_of, (evil, "[262144]*int"))
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1))
machine.run([
    NewArena(0), New(0, node), *[New(0, big)] * 5, NewArena(1), New(1, node), *[New(1, big)] * 4, NewArena(2),
    New(2, node), Link(2, 0), Link(0, 1), Hold(0, 2), Free(1), StartGC(), *[MarkStep()] * 75, Free(0), New(2, node),
])
Collector(machine, chunk=3)
"""


def test_collector_steps_back_and_tells_why_on_either_paper(open_notebook, lab_root):
    write_notebook(lab_root, "collector.ipynb", CODE)
    tab = open_notebook("collector.ipynb").run_all()
    picture = ScenePicture(tab)
    end, told = picture.drawn(), picture.told()
    assert "<script>window.pwned=1</script>" in told
    picture.click("back")
    assert (picture.drawn() != end, picture.told() != told) == (True, True)
    picture.click("step")
    assert (picture.drawn(), picture.told()) == (end, told)
    picture.changes(lambda: picture.shape("chunk 1: grey").click(force=True))
    assert "chunk 1 (reuse) is alive:" in picture.drawn()
    picture.changes(lambda: picture.shape("chunk 3: grey").click(force=True))
    picture.click("back")
    assert picture.hovers("chunk 0: ").splitlines()[1] == "found from user arena 0's refs by the GC worker"
    assert "1 pointer from chunk 4 into chunk 1" in picture.drawn()
    picture.is_the_same_on_either_paper(tab, "collector")
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []
