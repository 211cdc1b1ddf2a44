"""How quick an explorer is with a million objects in one chunk, that play keeps up, and that nothing is kept.

Times are measured and reported (`artifacts/latency.json`), not asserted: machines differ.
"""

import json
import statistics

import pytest

from tests.browser.conftest import ARTIFACTS
from tests.browser.picture import EXPLORER, write_notebook
from tests.browser.raster import Raster
from tests.examples import number, some

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import replace

import arenalab
from arenalab.explore import ChunkMap, HeapBitmap
from arenalab.world.ops import New, NewArena, Rep

pointer, number = arenalab.type_of("*int"), arenalab.type_of("int64")
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1), in_bulk=True)
machine.run([NewArena(0), Rep(0, pointer, HALF), Rep(0, number, HALF)])
machine.run([New(0, pointer)] * 1200)  # each changes a bit, so each step changes every picture
explorer = KIND(machine)
explorer
"""
RESIDENT = """
import gc; gc.collect()
print([line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")][0])
"""

#: Click a button `times` times, as fast as a person; for each, milliseconds until another frame is painted.
CLICKS = f"""async ([name, times]) => {{
  const root = document.querySelector('{EXPLORER}');
  const taken = [];
  for (let number = 0; number < times; number++) {{
    const [start, key] = [performance.now(), root.dataset.key];
    root.querySelector('.al-' + name).click();
    while (root.dataset.key === key) await new Promise(requestAnimationFrame);
    taken.push(performance.now() - start);
    await new Promise(done => setTimeout(done, 250));
  }}
  return taken;
}}"""
#: Hold a key for some seconds as a keyboard repeats it; frames painted in each second, and the key of the last one.
HOLD = f"""async ([key, seconds]) => {{
  const root = document.querySelector('{EXPLORER}');
  root.focus();
  const press = repeat =>
    root.dispatchEvent(new KeyboardEvent('keydown', {{key, repeat, bubbles: true, cancelable: true}}));
  const painted = [];
  press(false);
  const repeats = setInterval(() => press(true), 33);
  for (let second = 0; second < seconds; second++) {{
    const before = Number(root.dataset.frame);
    await new Promise(done => setTimeout(done, 1000));
    painted.push(Number(root.dataset.frame) - before);
  }}
  clearInterval(repeats);
  root.dispatchEvent(new KeyboardEvent('keyup', {{key, bubbles: true}}));
  return painted;
}}"""


def report(name, numbers):
    """Print numbers and keep them beside those of the other tests."""
    path = ARTIFACTS.parent / "latency.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    told = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(told | {name: numbers}, indent=2) + "\n")
    print(name, numbers)  # noqa: T201  # what was measured is the point


def spread(taken):
    """Median and ninth decile, in milliseconds."""
    return {
        "median_ms": round(statistics.median(taken), 1),
        "p90_ms": round(statistics.quantiles(taken, n=10)[-1], 1),
    }


@pytest.fixture
def shown(open_notebook, lab_root, request):
    kind, half = getattr(request, "param", ("ChunkMap", 5_000))
    code = CODE.replace("KIND", kind).replace("HALF", str(half))
    write_notebook(lab_root, f"latency_{kind}.ipynb", code)
    tab = open_notebook(f"latency_{kind}.ipynb").run_all()
    return tab, Raster(tab)


@pytest.mark.parametrize("shown", some([("ChunkMap", 520_000), ("HeapBitmap", 520_000)]), indirect=True)
def test_click_to_painted_frame_held_key_and_play_with_a_million_objects(shown, request):
    tab, raster = shown
    kind, _ = request.node.callspec.params["shown"]
    assert int(tab.ask("print(explorer.index.contents(0, explorer.history.world).objects)")) > 1_000_000
    tab.page.evaluate(CLICKS, ["back", 5])  # warm
    before = raster.pixels()
    taken = tab.page.evaluate(CLICKS, ["back", 20])
    assert raster.pixels() != before
    report(f"{kind}: click to painted frame, 10^6 objects", spread(taken))
    painted = tab.page.evaluate(HOLD, ["ArrowLeft", 5])
    report(f"{kind}: frames a second while an arrow key is held, 10^6 objects", painted)
    is_not_stale(tab, raster)
    play_paints_each_step_and_ends_where_it_should(tab, raster, kind)
    assert tab.errors == []


def is_not_stale(tab, raster):
    """Tell that the frame painted last is of where the kernel stands, and what is drawn there afresh."""
    raster.rests()
    key = tab.page.locator(EXPLORER).get_attribute("data-key")
    for _ in range(
        50
    ):  # the kernel hears pages in a thread of its own, and answers first what was asked before
        if (there := tab.ask("print(explorer.here())")) == key:
            break
        tab.page.wait_for_timeout(60)
    assert there == key
    assert tab.page.locator(EXPLORER).get_attribute("data-key") == key  # the kernel did not move it
    shown = raster.pixels(), tab.page.locator(".al-told").inner_text()
    tab.ask("explorer.render()")
    tab.page.wait_for_timeout(600)
    raster.rests()
    assert (raster.pixels(), tab.page.locator(".al-told").inner_text()) == shown


def play_paints_each_step_and_ends_where_it_should(tab, raster, kind):
    """Play the last 60 steps, twenty a second."""
    tab.ask("explorer.last()")
    tab.page.wait_for_timeout(500)
    raster.rests()
    end = raster.pixels()
    tab.ask("explorer.go(explorer.stepper.place(explorer.stepper.last - 60))")
    tab.page.wait_for_timeout(500)
    raster.root.locator(".al-more").click()
    raster.root.locator(".al-speed").select_option("20")
    before = int(raster.root.get_attribute("data-frame"))
    raster.root.locator(".al-play").click()
    tab.page.wait_for_function(
        "() => document.querySelector('.al-told')?.innerText.includes('operation 1,203 of 1,203')",
        timeout=120_000,
    )
    raster.rests()
    frames = int(raster.root.get_attribute("data-frame")) - before
    report(f"{kind}: play of 60 steps, 20 a second", {"frames": frames})
    assert raster.pixels() == end


MANY_STEPS = min(420, number(1000))
#: Step `times` times, each as soon as the frame before is painted.
STEPS = f"""async ([name, times]) => {{
  const root = document.querySelector('{EXPLORER}');
  for (let number = 0; number < times; number++) {{
    const before = root.dataset.key;
    root.querySelector('.al-' + name).click();
    while (root.dataset.key === before) await new Promise(done => setTimeout(done, 5));
  }}
}}"""


def memory(tab, session):
    """Bytes that the page's scripts hold and KiB that the kernel holds, rubbish taken away."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    metrics = session.send("Performance.getMetrics")["metrics"]
    page = next(metric["value"] for metric in metrics if metric["name"] == "JSHeapUsedSize")
    resident = []
    for _ in range(10):  # 16 MB come and go while a question is answered: the least is what stays
        tab.page.wait_for_timeout(150)
        resident.append(int(tab.ask(RESIDENT)))
    return {"page_bytes": int(page), "kernel_kib": min(resident)}


@pytest.mark.timeout(480)  # a step is a round trip
def test_hundreds_of_steps_keep_no_memory(shown):
    tab, _ = shown
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("Performance.enable")
    # Warm: 400 frames are held, and each shape that is told (page.MOST_KNOWN).
    tab.page.evaluate(STEPS, ["back", 420])
    before = memory(tab, session)
    tab.page.evaluate(STEPS, ["next", MANY_STEPS])  # over shapes that are known
    after = memory(tab, session)
    report(f"memory before and after {MANY_STEPS} steps", {"before": before, "after": after})
    for name in before:
        assert after[name] <= before[name] * 1.05
    assert tab.errors == []
