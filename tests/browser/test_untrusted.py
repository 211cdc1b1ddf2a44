"""A notebook as it is after a clone, in a JupyterLab that does not trust it: nothing runs, all is to be seen."""

import pytest

from arenalab.course.words import FOLDED, WITHOUT_KERNEL

pytestmark = pytest.mark.browser

TRUSTED = """() => [...window.jupyterapp.shell.currentWidget.content.widgets]
  .filter((cell) => cell.model.type === "code").map((cell) => cell.model.trusted)"""
#: Each picture of an output: whether it has come, and how wide it is shown.
PICTURES = """() => [...document.querySelectorAll(".jp-OutputArea-output img")]
  .map((it) => [it.complete && it.naturalWidth > 0, it.getBoundingClientRect().width])"""


def test_untrusted_notebook_shows_pictures_and_folded_answers_and_runs_nothing(open_notebook):
    tab = open_notebook("notebooks/01_first_steps.ipynb")
    page = tab.page
    page.locator(".jp-OutputArea-output img").first.wait_for()
    page.wait_for_timeout(1500)
    assert not any(page.evaluate(TRUSTED))
    pictures = page.evaluate(PICTURES)
    assert len(pictures) == 2
    assert all(come and width > 500 for come, width in pictures)
    answers = page.locator("details", has=page.get_by_text(FOLDED))
    assert answers.count() == 4
    first = answers.first
    assert not first.get_by_text("Decided in operation").is_visible()
    first.locator("summary").click()
    first.get_by_text("Decided in operation").wait_for()
    assert page.get_by_text(WITHOUT_KERNEL).count() == 4
    tab.screenshot("untrusted_answer", ".jp-OutputArea-output:has(details)")
    tab.screenshot("untrusted")
    for bad in ("model not found", "Error displaying widget", "Loading widget"):
        assert page.get_by_text(bad).count() == 0
    assert page.locator(".arenalab-explorer, .arenalab-exercise").count() == 0
    assert tab.errors == []
