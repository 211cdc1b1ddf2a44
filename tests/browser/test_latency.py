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
from arenalab.explore import ChunkMap
from arenalab.world.ops import New, NewArena, Rep

pointer, number = arenalab.type_of("*int"), arenalab.type_of("int64")
machine = arenalab.Machine(replace(arenalab.go_rules(), gogc=-1), in_bulk=True)
machine.run([NewArena(0), Rep(0, pointer, 520_000), Rep(0, number, 520_000)])
machine.run([New(0, kind) for _ in range(600) for kind in (pointer, number)])
explorer = ChunkMap(machine)
explorer
"""
#: Objects of the chunk, memory of the kernel in KiB, frames that the kernel sent.
ASK = """async code => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  let out = '';
  const future = kernel.requestExecute({code, store_history: false});
  future.onIOPub = message => { if (message.header.msg_type === 'stream') out += message.content.text; };
  await future.done;
  return out;
}"""
RESIDENT = """
import gc; gc.collect()
print([line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")][0])
"""

#: Click a button `times` times; for each, milliseconds until the raster, and all of the page, is painted.
CLICKS = f"""async ([name, times]) => {{
  const canvas = document.querySelector('{CANVAS}');
  const button = document.querySelector('.arenalab-' + name);
  const title = window.Bokeh.documents.find(doc => doc.get_model_by_name('chunk_map'));
  let figures = 0;
  const listener = () => figures++;
  title.on_change(listener);
  const frame = () => new Promise(requestAnimationFrame);
  const taken = [];
  for (let number = 0; number < times; number++) {{
    const [before, drawn, start] = [canvas.dataset.frame, figures, performance.now()];
    const painted = new Promise(done => {{
      const observer = new MutationObserver(() => {{
        if (canvas.dataset.frame === before) return;
        observer.disconnect();
        done(performance.now() - start);
      }});
      observer.observe(canvas, {{attributes: true}});
    }});
    button.click();
    const raster = await painted;
    while (figures === drawn) await frame();
    await frame();
    taken.push([raster, performance.now() - start]);
    await new Promise(done => setTimeout(done, 60));
  }}
  title.remove_on_change(listener);
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
def shown(open_notebook, lab_root):
    write_notebook(lab_root, "latency.ipynb", CODE)
    tab = open_notebook("latency.ipynb").run_all()
    return tab, Raster(tab)


def asked(tab, code):
    return tab.page.evaluate(ASK, code).strip()


def test_click_to_painted_frame_with_a_million_objects(shown):
    tab, raster = shown
    assert int(asked(tab, "print(explorer.index.contents(0, explorer.history.world).objects)")) > 1_000_000
    tab.page.evaluate(CLICKS, ["back", 10])  # warm
    before, frames = raster.pixels(), raster.frame()
    taken = tab.page.evaluate(CLICKS, ["back", 60])
    assert raster.pixels() != before
    assert raster.frame() == frames + 60  # each click was a frame of its own
    report("click to painted raster, 10^6 objects", spread([one for one, _ in taken]))
    report("click to painted explorer, 10^6 objects", spread([whole for _, whole in taken]))
    assert tab.errors == []
