"""What all tests share: their order, and what happens when an outside tool is missing."""

import asyncio
import gc
import os
import shutil
import sys
from pathlib import Path

import pytest

from arenalab.truth.recording import load_recording
from tests.examples import load_profile
from tests.left import pytest_addoption, pytest_configure  # noqa: F401  # hooks of pytest's
from tests.programs import makers
from tools import chromium

load_profile()
# What jsonschema has for checking IRIs takes longer to load than all of our tests; no notebook has any.
sys.modules.setdefault("rfc3987_syntax", None)

#: marker -> (what it needs, where it is looked for, the variable that forbids to go without, how to get it)
TOOLS = {
    "go": (
        "Go 1.21.13",
        ("go",),
        "ARENALAB_REQUIRE_GO",
        "pip install 'arenalab[go]'",
    ),
    "browser": (
        "Chromium",
        chromium.NAMES,
        "ARENALAB_REQUIRE_BROWSER",
        "apt install chromium-headless-shell (or chromium), or set ARENALAB_CHROMIUM to its path",
    ),
    "node": (
        "Node.js 20 or newer with npm",
        ("npm",),
        "ARENALAB_REQUIRE_NODE",
        "see https://nodejs.org; then run `npm install` in player/",
    ),
}


def pytest_xdist_auto_num_workers(config):
    """Return as many workers as processors; for `-n auto`, where browsers are waited for, half as many again."""
    processors = os.cpu_count() or 1
    return processors if config.option.numprocesses == "logical" else processors * 3 // 2


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Keep the twelve thousand tests out of Python's searches for garbage, which would go through them all."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the browser's tests first, together: one worker starts one Chromium and one JupyterLab for all it takes.

    Slow ones that have a time limit of their own come next: one begun last would leave the other workers idle.
    """
    items.sort(key=lambda item: 0 if item.path.parent.name == "browser" else 1 if _is_long(item) else 2)


def _is_long(item):
    return all(map(item.get_closest_marker, ("slow", "timeout")))


def find_tool(names):
    """Return the path of the first of `names` beside this Python or on PATH, None when there is none."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return next(filter(None, (shutil.which(name, path=path) for name in names)), None)


def pytest_runtest_setup(item):
    """Skip a test whose tool is missing, or fail it where the tool is required."""
    for marker, (need, names, required, advice) in TOOLS.items():
        if not item.get_closest_marker(marker):
            continue
        found = chromium.find_chromium() if marker == "browser" else find_tool(names)
        if not found:
            text = f"needs {need}, which is not installed: {advice}"
            if os.environ.get(required):
                pytest.fail(text, pytrace=False)
            pytest.skip(text)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Hide playwright's event loop from the tests that follow in the same process: they may run loops of their own."""
    if item.get_closest_marker("browser"):
        return (yield)
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)


@pytest.fixture(autouse=True)
def widgets_are_closed():
    """Explorers of a test go with it: ipywidgets' table would keep every one, and what it has drawn."""
    yield
    if kept := sys.modules.get("ipywidgets.widgets.widget"):
        for widget in list(kept._instances.values()):
            widget.close()


@pytest.fixture(scope="session")
def recordings():
    """Load a committed recording by its name."""
    folder = Path(__file__).parent / "data" / "recordings"
    return lambda name: load_recording(folder / f"{name}.jsonl")


@pytest.fixture(scope="session", params=makers().values(), ids=makers())
def made_history(request):
    """Each history of `tests/programs.py` in turn: pytest runs what asks for one together, then it is made no more."""
    return request.param()
