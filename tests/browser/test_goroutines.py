"""The goroutines in a real JupyterLab: lanes, the line that asked, and one goroutine's moments chosen by keys."""

import pytest

from tests.browser.picture import EXPLORER, ScenePicture, write_notebook

pytestmark = pytest.mark.browser

CODE = """
from pathlib import Path
from arenalab.explore import Goroutines
from tests.concurrent import with_sites
history = with_sites(Path("."))
Goroutines(history, cursor=history.op_end(6))
"""


def test_goroutines_step_tell_and_are_followed_on_either_paper(open_notebook, lab_root):
    write_notebook(lab_root, "goroutines.ipynb", CODE)
    tab = open_notebook("goroutines.ipynb").run_all()
    picture = ScenePicture(tab)
    picture.steps_back_to_itself()
    picture.is_the_same_on_either_paper(tab, "goroutines")
    assert "refill saw the reuse list empty" in picture.hovers("goroutine 7 waits")
    assert picture.root.evaluate("root => root.scrollWidth <= root.clientWidth")
    listing = picture.root.locator(".al-source")
    assert "a := arena.NewArena() // </div><script>alert(1)</script>" in listing.inner_text()
    picture.opens_more()
    whom = picture.root.locator(".al-who")
    picture.changes(lambda: whom.select_option(label="goroutine 9"))
    picture.root.focus()
    before = picture.event()
    picture.press("ArrowRight")
    assert picture.event() > before
    assert "goroutine 9" in picture.told()
    tab.screenshot("goroutines_followed", EXPLORER)
    assert tab.errors == []
