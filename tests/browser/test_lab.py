"""The test bench itself: a widget in a real notebook answers a click, and an error in the page is noticed."""

import contextlib
import os

import pytest

from tests.browser.conftest import CRASHED
from tests.browser.picture import write_notebook
from tests.oracle.waiting import within

pytestmark = pytest.mark.browser

WIDGET = """
import ipywidgets
label, button = ipywidgets.Label("0 clicks"), ipywidgets.Button(description="count")
label.add_class("al-label")
button.add_class("al-count")
button.on_click(lambda _: setattr(label, "value", "1 click"))
ipywidgets.VBox([label, button])
"""


def test_widget_answers_a_click(open_notebook, lab_root):
    write_notebook(lab_root, "widget.ipynb", WIDGET)
    tab = open_notebook("widget.ipynb").run_all()
    assert tab.page.inner_text(".al-label") == "0 clicks"
    tab.page.click(".al-count")
    tab.page.wait_for_selector('.al-label:has-text("1 click")')
    assert tab.errors == []


def test_error_in_the_page_is_noticed(open_notebook, lab_root):
    write_notebook(
        lab_root, "error.ipynb", "import IPython\nIPython.display.Javascript('console.error(\"planted\")')"
    )
    tab = open_notebook("error.ipynb").run_all()
    tab.page.wait_for_timeout(500)
    assert [text for text in tab.errors if "planted" in text]


def test_screenshot_shows_the_chosen_theme(open_notebook, lab_root):
    write_notebook(lab_root, "theme.ipynb", "1")
    tab = open_notebook("theme.ipynb")
    light = tab.screenshot("bench_light").read_bytes()
    tab.theme("JupyterLab Dark")
    assert tab.screenshot("bench_dark").read_bytes() != light


INTERRUPTED = """async () => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const endless = kernel.requestExecute({code: "while True: pass"});
  await new Promise(done => setTimeout(done, 500));
  await kernel.interrupt();
  return (await endless.done).content.ename;
}"""
SHUT_DOWN = "() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()"


def runs(process):
    """Return whether there is a process of that number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_kernel_is_a_process_of_its_own_that_can_be_interrupted_and_ends(open_notebook, lab_root):
    write_notebook(lab_root, "kernel.ipynb", "import os\nanswer = 42")
    tab = open_notebook("kernel.ipynb").run_all()
    process = int(tab.ask("print(os.getpid())"))
    assert tab.ask("print(os.getcwd())") == str(lab_root)
    assert tab.page.evaluate(INTERRUPTED) == "KeyboardInterrupt"
    assert tab.ask("print(answer)") == "42"
    assert runs(process)
    tab.page.evaluate(SHUT_DOWN)
    assert within(20, lambda: not runs(process))
    assert tab.errors == []


def test_where_chromium_crashes_is_the_one_case_in_which_a_test_runs_again(chromium, request):
    errors = pytest.importorskip("playwright.sync_api", exc_type=ImportError)
    page = chromium.new_page()
    with page.expect_event("crash"), contextlib.suppress(errors.Error):
        page.goto("chrome://crash")
    with pytest.raises(errors.Error, match=CRASHED):
        page.evaluate("1")
    page.close()
    assert request.node.get_closest_marker("flaky").kwargs == {"reruns": 1, "only_rerun": CRASHED}
