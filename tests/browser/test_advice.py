"""The advice explorer in a real JupyterLab: points are selected and come back, are told, and follow the theme."""

import pytest

from arenalab.explore import Advice
from tests.browser.axe import keeps_nobody_out
from tests.browser.charted import COLOURS, FIND, Charted
from tests.browser.picture import write_notebook
from tests.recorded import evil_run

pytestmark = pytest.mark.browser

CODE = """
from arenalab.explore import Advice
from tests.recorded import ORDERS, run_of
advice = Advice(run_of(ORDERS))
advice
"""
FIGURE = ".arenalab-figure"
#: Where a scope's point is, in the plot of times: its line, and its place there.
POINT = f"""(scope) => {{ {FIND}
  for (let sort = 0; sort < 3; sort++) {{
    const {{ data }} = named(`sizes ${{sort}}`).find((it) => "data" in it), at = [...data.row].indexOf(scope);
    if (at >= 0) return [data[`x times ${{sort}}`][at], data[`y times ${{sort}}`][at]];
  }}
}}"""
SORTED = "[0, 1, 2].flatMap((sort) => chosen(`sizes ${sort}`)).sort((a, b) => a - b)"
SHOWN = f"() => {{ {FIND} return {SORTED}; }}"
TIMES = "what escapes"


def test_points_are_told_and_selected_and_come_back_on_either_paper(open_notebook, lab_root):
    write_notebook(lab_root, "advice.ipynb", CODE)
    tab = open_notebook("advice.ipynb").run_all()
    tab.page.set_viewport_size({"width": 1440, "height": 900})
    root = tab.page.locator(FIGURE)
    it = Charted(tab.page, root)

    def place(scope):
        return it.at(TIMES, *it.ask(POINT, scope))

    shown = it.hovers(TIMES, *it.ask(POINT, 1))
    assert {"37", "4 escape"} <= {word for line in shown for word in line.split(", ")}
    tab.page.mouse.click(*place(1))
    tab.answers("print(advice.selection.scope.tolist(), advice.selection.escapes.tolist())", "[1] [4]")
    assert "1 of 60 scopes selected" in tab.ask("print(advice.text()[:60])")
    first, last = place(0), place(18)
    tab.page.mouse.move(first[0] - 6, first[1] - 6)
    tab.page.mouse.down()
    tab.page.mouse.move(last[0] + 5, last[1] + 4, steps=6)
    tab.page.mouse.up()
    tab.answers("print(advice.selected, advice.error)", "(0, 1, 10, 18)")
    tab.ask("advice.selected = (3, 5)")
    it.waits(SHOWN, [3, 5])
    root.get_by_label("select", exact=True).select_option("something escapes")
    tab.page.wait_for_function(f"() => ({SHOWN})().length === 10")
    tab.page.mouse.move(5, 5)
    tab.screenshot("advice_light", FIGURE)
    light = it.ask(COLOURS, "sizes 1")
    tab.theme("JupyterLab Dark")
    tab.page.wait_for_function(f"light => String(({COLOURS})('sizes 1')) !== light", arg=",".join(light))
    tab.page.wait_for_timeout(400)
    tab.screenshot("advice_dark", FIGURE)
    keeps_nobody_out(tab.page, FIGURE)
    assert tab.errors == []


def test_saved_page_is_drawn_with_the_network_off_and_runs_no_script(chromium, tmp_path):
    context = chromium.new_context(viewport={"width": 1032, "height": 900}, offline=True)
    page, errors, asked = context.new_page(), [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(Advice(evil_run()).save_html(tmp_path / "advice.html").as_uri())
    it = Charted(page, page.locator("body"))
    assert it.at(TIMES, *it.ask(POINT, 0))[0] > 0
    assert "<script>window.pwned=1</script>" in page.inner_text("pre")
    assert page.evaluate("() => window.pwned") is None
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert errors == []
    context.close()
