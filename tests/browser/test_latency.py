"""How quick an explorer is with a million objects in one chunk, that play keeps up, and that nothing is kept.

Times are measured and reported (`artifacts/latency.json`), not asserted: machines differ.
"""

import json
import statistics

import pytest

from tests.browser.conftest import ARTIFACTS
from tests.browser.picture import write_notebook
from tests.browser.raster import CANVAS, Raster

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import replace

import arenalab
from arenalab.explore import ChunkMap, HeapBitmap
from arenalab.world.ops import New, NewArena, Rep

pointer, number = arenalab.type_of("*int"), arenalab.type_of("int64")
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1), in_bulk=True)
machine.run([NewArena(0), Rep(0, pointer, 520_000), Rep(0, number, 520_000)])
machine.run([New(0, pointer)] * 1200)  # each changes a bit, so each step changes every picture
explorer = KIND(machine)
explorer
"""
RESIDENT = """
import gc; gc.collect()
print([line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")][0])
"""

#: Click a button `times` times; for each, milliseconds until the raster, and all of the page, is painted.
CLICKS = f"""async ([name, times]) => {{
  const canvas = document.querySelector('{CANVAS}');
  const shapes = document.querySelector('.arenalab-explorer .arenalab-page');
  const button = document.querySelector('.arenalab-' + name);
  const frame = () => new Promise(requestAnimationFrame);
  const seen = it => `${{it.dataset.frame}} ${{it.dataset.ahead}}`;
  const painted = (it, start) => new Promise(done => {{
    const before = seen(it);
    const observer = new MutationObserver(() => {{
      if (seen(it) === before) return;
      observer.disconnect();
      done(performance.now() - start);
    }});
    observer.observe(it, {{attributes: true}});
  }});
  const taken = [];
  for (let number = 0; number < times; number++) {{
    const [start, told] = [performance.now(), shapes.dataset.frame];
    const all = [painted(canvas, start), painted(shapes, start)];
    button.click();
    const [raster, picture] = await Promise.all(all);
    while (shapes.dataset.frame === told) await frame(); // the kernel's own frame has the last word
    taken.push([raster, Math.max(raster, picture), performance.now() - start]);
    await new Promise(done => setTimeout(done, 250)); // a person clicks no faster
  }}
  return taken;
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
    kind = getattr(request, "param", "ChunkMap")
    write_notebook(lab_root, f"latency_{kind}.ipynb", CODE.replace("KIND", kind))
    tab = open_notebook(f"latency_{kind}.ipynb").run_all()
    return tab, Raster(tab)


def painted(tab):
    """How many pictures the page has painted."""
    return int(tab.page.locator(".arenalab-explorer .arenalab-page").first.get_attribute("data-frame"))


@pytest.mark.parametrize("shown", ["ChunkMap", "HeapBitmap"], indirect=True)
def test_click_to_painted_frame_with_a_million_objects(shown, request):
    tab, raster = shown
    assert int(tab.ask("print(explorer.index.contents(0, explorer.history.world).objects)")) > 1_000_000
    tab.page.evaluate(CLICKS, ["back", 10])  # warm
    before, frames = raster.pixels(), painted(tab)
    taken = tab.page.evaluate(CLICKS, ["back", 30])
    assert raster.pixels() != before
    assert painted(tab) == frames + 30  # each click was a frame of its own
    kind = request.node.callspec.params["shown"]
    for number, what in enumerate(("raster", "explorer", "frame of the kernel")):
        report(f"{kind}: click to painted {what}, 10^6 objects", spread([times[number] for times in taken]))
    assert tab.errors == []


#: Click a button `times` times, each as soon as the raster has followed.
STEPS = f"""async ([name, times]) => {{
  const canvas = document.querySelector('{CANVAS}');
  for (let number = 0; number < times; number++) {{
    const before = canvas.dataset.frame;
    document.querySelector('.arenalab-' + name).click();
    while (canvas.dataset.frame === before) await new Promise(done => setTimeout(done, 5));
  }}
}}"""


#: Play to the end; milliseconds from when the words tell the last step until its frame is painted.
PLAYED = f"""async () => {{
  const canvas = document.querySelector('{CANVAS}');
  const pause = ms => new Promise(done => setTimeout(done, ms));
  const told = () => document.querySelector('.arenalab-reading').innerText;
  document.querySelector('.jupyter-widget-play button, .widget-play button').click();
  while (!told().includes('operation 1,203 of 1,203')) await pause(5);
  const ended = performance.now();
  let [frame, painted] = [canvas.dataset.frame, ended];
  while (performance.now() - ended < 1000) {{
    await pause(5);
    if (canvas.dataset.frame !== frame) [frame, painted] = [canvas.dataset.frame, performance.now()];
  }}
  return painted - ended;
}}"""


def memory(tab, session):
    """Bytes that the page's scripts hold and KiB that the kernel holds, rubbish taken away."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    metrics = session.send("Performance.getMetrics")["metrics"]
    page = next(metric["value"] for metric in metrics if metric["name"] == "JSHeapUsedSize")
    return {"page_bytes": int(page), "kernel_kib": int(tab.ask(RESIDENT))}


@pytest.mark.timeout(480)  # a step is a round trip
def test_five_hundred_steps_keep_no_memory(shown):
    tab, _ = shown
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("Performance.enable")
    tab.page.evaluate(STEPS, ["back", 100])  # warm
    before = memory(tab, session)
    tab.page.evaluate(STEPS, ["back", 500])  # what a page holds goes up and down by 3 % within as many
    after = memory(tab, session)
    report("memory before and after 500 steps", {"before": before, "after": after})
    for name in before:
        assert after[name] <= before[name] * 1.05
    assert tab.errors == []


def test_play_drops_frames_and_ends_where_it_should(shown):
    tab, raster = shown
    end = raster.pixels()
    tab.ask(
        "explorer.controls.speed.value = 50\nexplorer.go(explorer.stepper.place(explorer.stepper.last - 150))",
    )
    tab.page.wait_for_timeout(500)
    first = raster.frame()
    late = tab.page.evaluate(PLAYED)
    assert raster.pixels() == end
    frames = raster.frame() - first
    report("play of 150 steps, 20 a second", {"frames": frames, "ms_behind_at_the_end": round(late)})
    assert 0 < frames <= 151
    assert tab.errors == []
