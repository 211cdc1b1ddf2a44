"""The workbench in a real JupyterLab: a scenario is chosen, two explorers move together, nonsense is told."""

import pytest

from tests.browser.axe import keeps_nobody_out
from tests.browser.picture import ScenePicture, write_notebook

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import replace

import arenalab
from arenalab.explore import Workbench
from arenalab.world.ops import Free, Hold, NewArena, Rep, RunGC

evil = arenalab.type_of('struct{ p *int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>"; n int }')
piece = arenalab.type_of("[524288]byte")
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1))
machine.run([NewArena(0), Rep(0, evil, 300), Hold(0, 0), Rep(0, piece, 16), Free(0), RunGC(), NewArena(1)])
bench = Workbench(machine, layout="stacked", first="Life cycle", second="What if")
bench
"""
BENCH = ".jp-OutputArea-output:has(.arenalab-workbench-source)"


def test_workbench_moves_two_explorers_together_and_opens_what_is_chosen(open_notebook, lab_root):
    write_notebook(lab_root, "workbench.ipynb", CODE)
    tab = open_notebook("workbench.ipynb").run_all()
    upper, lower = ScenePicture(tab), ScenePicture(tab, 1)
    ends = upper.drawn(), lower.drawn()
    upper.root.locator(".al-back").click()
    lower.root.get_by_text("operation 6 of 7").wait_for()
    tab.page.wait_for_timeout(300)
    assert (upper.drawn() != ends[0], lower.told()) == (True, upper.told())
    lower.root.locator(".al-next").click()
    upper.root.get_by_text("operation 7 of 7").wait_for()
    upper.waits_for(ends[0])
    lower.waits_for(ends[1])
    tab.screenshot("workbench_light", BENCH)
    path = tab.page.locator(".arenalab-workbench-path input")
    path.fill("no</div><script>window.pwned=3</script>")
    path.press("Enter")
    tab.page.get_by_text("can't be read").wait_for()
    assert (upper.drawn(), lower.drawn()) == ends
    chosen = "scenario: quarantine-is-kept-by-one-interior-pointer"
    tab.page.locator(".arenalab-workbench-source select").select_option(chosen)
    tab.page.get_by_text("One pointer to the middle of a quarantined chunk").wait_for()
    ScenePicture(tab).root.get_by_text("before the first of 9").first.wait_for()
    tab.page.locator(".arenalab-workbench-layout select").select_option("side by side")
    tab.page.wait_for_timeout(1500)
    tab.theme("JupyterLab Dark")
    tab.page.wait_for_timeout(500)
    tab.screenshot("workbench_dark", BENCH)
    keeps_nobody_out(tab.page, BENCH)
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []
