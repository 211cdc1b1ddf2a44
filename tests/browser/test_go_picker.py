"""The picker of a Go in a real JupyterLab: a pick changes nothing that has run, and one click runs all of it anew."""

import pytest

from tests.browser.picture import write_notebook

pytestmark = pytest.mark.browser

PICKS = "import arenalab\nGO = arenalab.pick_go()"
CELLS = [PICKS, 'print("run with", GO)', 'arenalab.Exercise("which-end", seed=2, go=GO)']
SHOWN = ".jp-RenderedText:has-text('run with')"


@pytest.fixture
def tab(open_notebook, lab_root):
    folder = lab_root / "picked"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("arenalab-progress*"):
        old.unlink()
    write_notebook(folder, "picked.ipynb", *CELLS)
    return open_notebook("picked/picked.ipynb").run_all()


def test_a_pick_fades_what_has_run_and_one_click_runs_it_with_that_go(tab):
    page = tab.page
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.locator(SHOWN).inner_text().strip() == "run with 1.27"
    tab.screenshot("go_picker")
    page.locator(".arenalab-go select").select_option(label="Go 1.22")
    page.get_by_text("The cells below were run with Go 1.27.").wait_for()
    assert (
        page.locator(SHOWN).evaluate("it => getComputedStyle(it.closest('.jp-Cell-outputArea')).opacity")
        == "0.3"
    )
    tab.screenshot("go_picker_waiting")
    page.get_by_role("button", name="Run all cells", exact=True).click()
    page.locator(".jp-RenderedText:has-text('run with 1.22')").wait_for()
    page.wait_for_function("() => !document.querySelector('.arenalab-waiting')")
    page.locator(".arenalab-exercise").wait_for()
    assert tab.ask("print(GO)") == "1.22"
    tab.screenshot("go_picker_rerun")
    assert tab.errors == []
