"""The types explorer in a real JupyterLab: it draws as one types, on either paper, and runs no script."""

import pytest

from tests.browser.axe import keeps_nobody_out
from tests.browser.picture import write_notebook

pytestmark = pytest.mark.browser

CODE = """
from arenalab.explore import Types

Types("struct{ next *byte; key string; done bool }")
"""
EVIL = 'struct{ a bool; p *int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>" }'


def test_types_draws_as_one_types(open_notebook, lab_root):
    write_notebook(lab_root, "types.ipynb", CODE)
    tab = open_notebook("types.ipynb").run_all()
    root = tab.page.locator(".arenalab-types").first
    picture, text = root.locator(".arenalab-light .arenalab-w960 svg"), root.locator("textarea")
    picture.wait_for()
    first = picture.evaluate("it => it.outerHTML")
    tab.screenshot("types_light", ".arenalab-types")
    text.fill(EVIL)
    picture.get_by_text("<script>window.pwned=1").last.wait_for()
    text.fill("struct{ a *in }")
    root.get_by_text("line 1, column 12: undefined: in").wait_for()
    tab.screenshot("types_error", ".arenalab-types")
    text.fill("struct{ next *byte; key string; done bool }")
    tab.page.wait_for_function(
        "first => document.querySelector('.arenalab-light .arenalab-w960 svg').outerHTML === first", arg=first
    )
    for width, shown in ((1000, 960), (700, 600), (380, 360), (300, 280), (1000, 960)):
        root.evaluate("(it, width) => { it.style.width = `${width}px` }", width)
        root.locator(f".arenalab-light .arenalab-w{shown} svg").wait_for()
        assert root.locator(".arenalab-light svg:visible").count() == 1
    tab.theme("JupyterLab Dark")
    root.locator(".arenalab-dark .arenalab-w960 svg").wait_for()
    assert not picture.is_visible()
    tab.screenshot("types_dark", ".arenalab-types")
    assert tab.page.evaluate("() => window.pwned") is None
    keeps_nobody_out(tab.page, ".arenalab-types")
    assert tab.errors == []
