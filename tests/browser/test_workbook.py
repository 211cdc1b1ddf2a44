"""A chapter is read as `make lab` serves it: run, saved, with a notebook of one's own beside it."""

import nbformat
import pytest

from arenalab.workbook import bring_up_to_date
from tests.browser.lab import AUTOSAVE_SECONDS
from tools.notebooks import FOLDER

pytestmark = pytest.mark.browser

CHAPTER = "02_two_ends.ipynb"


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.ipynb")}


def test_reading_changes_the_readers_copy_and_not_the_chapters(open_notebook, lab_root):
    before, mine = bytes_of(FOLDER), lab_root / "workbook"
    bring_up_to_date(mine)
    nbformat.write(nbformat.v4.new_notebook(), mine / "mine.ipynb")
    tab = open_notebook(f"workbook/{CHAPTER}").run_all()
    tab.page.wait_for_timeout(1000 * AUTOSAVE_SECONDS)  # nobody saves it but JupyterLab
    tab.is_saved()
    assert tab.errors == []
    saved = (mine / CHAPTER).read_bytes()
    assert saved != before[CHAPTER]
    assert bytes_of(FOLDER) == before
    assert bring_up_to_date(mine).lines() == []
    assert (mine / CHAPTER).read_bytes() == saved
    assert (mine / "mine.ipynb").exists()
