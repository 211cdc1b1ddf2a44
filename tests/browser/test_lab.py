"""The test bench itself: a widget in a real notebook answers a click, and an error in the page is noticed."""

import nbformat
import pytest

from tools.notebooks import METADATA

pytestmark = pytest.mark.browser

WIDGET = """
import ipywidgets
label, button = ipywidgets.Label("0 clicks"), ipywidgets.Button(description="count")
label.add_class("al-label")
button.add_class("al-count")
button.on_click(lambda _: setattr(label, "value", "1 click"))
ipywidgets.VBox([label, button])
"""


def write_notebook(path, code):
    cells = [nbformat.v4.new_code_cell(code.strip())]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), path)


def test_widget_answers_a_click(open_notebook, lab_root):
    write_notebook(lab_root / "widget.ipynb", WIDGET)
    tab = open_notebook("widget.ipynb").run_all()
    assert tab.page.inner_text(".al-label") == "0 clicks"
    tab.page.click(".al-count")
    tab.page.wait_for_selector('.al-label:has-text("1 click")')
    assert tab.errors == []


def test_error_in_the_page_is_noticed(open_notebook, lab_root):
    write_notebook(
        lab_root / "error.ipynb", "import IPython\nIPython.display.Javascript('console.error(\"planted\")')"
    )
    tab = open_notebook("error.ipynb").run_all()
    tab.page.wait_for_timeout(500)
    assert [text for text in tab.errors if "planted" in text]


def test_screenshot_shows_the_chosen_theme(open_notebook, lab_root):
    write_notebook(lab_root / "theme.ipynb", "1")
    tab = open_notebook("theme.ipynb")
    light = tab.screenshot("bench_light").read_bytes()
    tab.theme("JupyterLab Dark")
    assert tab.screenshot("bench_dark").read_bytes() != light
