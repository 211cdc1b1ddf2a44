"""ArenaLab in JupyterLab: files open in the player without a kernel, cards in the launcher, what the server refuses."""

import contextlib
import json
import shutil
import urllib.error
import urllib.request

import psutil
import pytest

from arenalab.explore import ChunkMap
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world.ops import New, NewArena
from tests.browser.conftest import ARTIFACTS, REPOSITORY, VIEWPORT
from tests.browser.lab import LabPage
from tests.strategies import GC_OFF

pytestmark = pytest.mark.browser

RECORDING = REPOSITORY / "tests/data/recordings/small-1.jsonl"
#: A name that is HTML, if anybody takes it for that; JupyterLab's own list of files escapes it.
HOSTILE = "<img src=x onerror=document.title='hacked'>.rec"
#: What lies beside a recording and would be imported if the folder were searched.
TRAPS = ("arenalab", "json", "numpy", "traitlets")
CARD = '.jp-LauncherCard[data-category="ArenaLab"]:has-text("{}"):visible'
TAB = ".lm-DockPanel .arenalab-Player:visible"
OPEN = "async ([path, factory]) => { await window.jupyterapp.commands.execute('docmanager:open', {path, factory}) }"
SHOWN = "key => document.querySelector('.arenalab-Player .arenalab-explorer')?.dataset.key === key"
FETCHED = "url => fetch(url, {mode: 'no-cors'}).then(() => 'reached', () => 'refused')"
LAUNCHER = "async () => { await window.jupyterapp.commands.execute('launcher:create') }"
CLOSE = "() => window.jupyterapp.shell.currentWidget.dispose()"
POSTED = """async ([path, body]) => {
  const answer = await fetch(path, {method: 'POST', body: JSON.stringify(body), credentials: 'same-origin'});
  return answer.status;
}"""


@pytest.fixture(scope="module")
def files(lab_root):
    """A folder of files beside the notebooks."""
    folder = lab_root / "files"
    folder.mkdir()
    shutil.copy(RECORDING, folder / "server.rec")
    (folder / HOSTILE).write_bytes(RECORDING.read_bytes()[:3000])
    (folder / "plain.jsonl").write_text('{"a": 1}\n')
    (folder / ".hidden.rec").write_bytes(RECORDING.read_bytes())
    (lab_root.parent / "outside.rec").write_bytes(RECORDING.read_bytes())
    for name in TRAPS:
        (folder / f"{name}.py").write_text("raise SystemExit('imported from the folder of the file')")
        (lab_root / f"{name}.py").write_text("raise SystemExit('imported from the folder of the server')")
    yield folder
    for name in TRAPS:
        (lab_root / f"{name}.py").unlink()


@pytest.fixture(scope="module")
def front(lab, chromium, files):
    """JupyterLab's first page, in that folder."""
    with contextlib.closing(chromium.new_context(viewport=VIEWPORT)) as context:
        tab = LabPage(context.new_page(), lab, ARTIFACTS)
        tab.page.goto(f"{lab.url}/lab/tree/{files.name}?reset&token={lab.token}")
        tab.page.wait_for_selector(".jp-Launcher")
        yield tab


def asked(lab, path, method="GET", body=None, **headers):
    """Ask the server; return status and JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{lab.url}/{path}", method=method, data=data, headers=headers)  # noqa: S310  # our own
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read() or "null")
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read() or "null")


def kernels(lab):
    """Return what runs: kernels, and sessions of documents with kernels; those of earlier tests may be about to end."""
    token = {"Authorization": f"token {lab.token}"}
    return {it["id"] for what in ("kernels", "sessions") for it in asked(lab, f"api/{what}", **token)[1]}


def workers(lab):
    """Return the processes that show runs."""
    return [
        it for it in psutil.Process(lab.process.pid).children() if "arenalab.serving.worker" in it.cmdline()
    ]


def opened(front, path, factory=None):
    front.page.evaluate(OPEN, [path, factory])
    return front.page.locator(TAB)


@pytest.mark.brief
def test_a_double_click_opens_a_recording_without_a_kernel(front, lab):
    page, before = front.page, kernels(lab)
    page.dblclick('.jp-DirListing-itemText:has-text("server.rec")')
    tab = page.locator(TAB)
    page.wait_for_function(SHOWN, arg="0", timeout=60_000)
    picture = tab.locator("svg.al-scene").text_content
    assert "no chunk yet" in picture()
    tab.locator(".al-next").click()
    page.wait_for_function(
        "() => document.querySelector('.arenalab-Player .arenalab-explorer')?.dataset.key === '1'"
    )
    assert "no chunk yet" not in picture()
    assert "files/server.rec: Go 1.21" in tab.locator(".al-served-about").inner_text()
    front.screenshot("labextension")
    assert kernels(lab) <= before
    assert front.errors == []
    [worker] = workers(lab)
    worker.kill()  # as a system does that is short of memory
    tab.locator(".al-next").click()
    page.wait_for_function(SHOWN, arg="0", timeout=60_000)  # it is opened again
    [worker] = workers(lab)
    page.evaluate("() => window.dispatchEvent(new Event('pagehide'))")  # as when the whole page is left
    worker.wait(timeout=10)
    page.evaluate(CLOSE)
    front.errors.clear()  # the browser's line about the run that was gone


def test_a_saved_page_steps_in_a_frame_that_reaches_nothing(front, lab, files):
    page, before = front.page, kernels(lab)
    ChunkMap(Machine(GC_OFF).run([NewArena(0), New(0, type_of("[1000]int"))])).save_html(files / "saved.html")
    (files / "other.html").write_text("<p>other</p>")
    page.evaluate(OPEN, ["files/saved.html", "ArenaLab"])
    frame = page.frame_locator(".arenalab-SavedPage iframe")
    frame.locator(".al-next").click()
    frame.locator('.arenalab-explorer[data-key="1"]').wait_for()
    assert page.get_attribute(".arenalab-SavedPage iframe", "sandbox") == "allow-scripts allow-downloads"
    inside = next(it for it in page.frames if it.url == "about:srcdoc")
    assert inside.evaluate(FETCHED, f"{lab.url}/api/status") == "refused"
    assert workers(lab) == []
    assert kernels(lab) <= before
    page.evaluate(CLOSE)
    page.evaluate(OPEN, ["files/other.html", "ArenaLab"])
    told = page.locator('.arenalab-SavedPage:visible [role="alert"]')
    assert told.inner_text() == "files/other.html: not a page that an explorer has saved"
    page.evaluate(CLOSE)
    front.errors.clear()  # the browser's line about what the frame may not reach


def test_a_file_that_many_programs_write_keeps_what_opens_it_and_can_be_tried(front):
    page = front.page
    page.evaluate(OPEN, ["files/plain.jsonl", None])
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget?.context?.path === 'files/plain.jsonl'"
    )
    assert page.locator(TAB).count() == 0
    page.evaluate(CLOSE)
    tab = opened(front, "files/plain.jsonl", "ArenaLab")  # as the menu "Open With" does
    told = tab.locator('[role="alert"]')
    told.wait_for(timeout=60_000)
    assert told.inner_text().startswith("files/plain.jsonl: neither a recording")
    tab.locator("button").click()
    page.wait_for_selector(".jp-FileEditor:visible")
    page.evaluate(CLOSE)
    front.errors.clear()  # the browser's line about a refusal
    page.evaluate(CLOSE)


def test_a_damaged_file_with_a_hostile_name_is_one_line_of_text(front):
    page, name = front.page, HOSTILE
    tab = opened(front, f"files/{name}")
    told = tab.locator('[role="alert"]')
    told.wait_for(timeout=60_000)
    assert told.count() == 1
    assert told.inner_text().startswith(f"files/{name}")
    assert tab.locator("img").count() == 0
    assert "hacked" not in page.title()
    page.evaluate(CLOSE)
    front.errors.clear()


def test_the_card_opens_a_copy_of_the_course(front, lab_root):
    page = front.page
    page.evaluate(LAUNCHER)
    page.click(CARD.format("ArenaLab Course"))
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget?.context?.path === 'arenalab-course/index.ipynb'"
    )
    assert (lab_root / "arenalab-course/01_first_steps.ipynb").is_file()
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.evaluate(CLOSE)


def test_the_card_opens_a_scenario_that_is_chosen(front):
    page = front.page
    page.evaluate(LAUNCHER)
    page.click(CARD.format("ArenaLab Workbench"))
    page.fill(".jp-Dialog input", "access-under-race-faults-after-any-free")
    page.click(".jp-Dialog .jp-mod-accept")
    page.locator(TAB).locator("svg.al-scene").wait_for(timeout=60_000)
    assert front.errors == []
    page.evaluate(CLOSE)


@pytest.mark.brief
@pytest.mark.parametrize(
    "path",
    ["../outside.rec", "files/../../outside.rec", "files/.hidden.rec", "files/none.rec", "/etc/passwd"],
)
@pytest.mark.usefixtures("files")
def test_no_file_is_opened_that_jupyter_would_not_show(lab, path):
    status, told = asked(lab, "arenalab/runs", "POST", {"path": path}, Authorization=f"token {lab.token}")
    assert status == 404, told


@pytest.mark.brief
def test_who_has_no_token_or_comes_from_another_page_is_refused(lab, front):
    for path in ("course", "runs", "runs/x"):
        assert asked(lab, f"arenalab/{path}", "POST", {})[0] == 403
        assert asked(lab, f"arenalab/{path}", "POST", {}, Authorization="token guessed")[0] == 403
        with_its_cookie_alone = front.page.evaluate(POSTED, [f"/arenalab/{path}", {}])
        assert with_its_cookie_alone == 403
    assert asked(lab, "arenalab/scenarios")[0] == 403
