"""What all tests share: hypothesis profiles, and what happens when an outside tool is missing."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from arenalab.truth.recording import load_recording

# Examples are looked for afresh on each run, so that many runs see many programs; a failure prints the
# line that repeats it. Time is not judged: the machine may be busy.
settings.register_profile(
    "arenalab", max_examples=50, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("arenalab")

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
        ("chromium", "chromium-browser", "google-chrome"),
        "ARENALAB_REQUIRE_BROWSER",
        "apt install chromium, or set ARENALAB_CHROMIUM to its path",
    ),
}


#: Begun first, since it takes longest; a test file is one worker's.
LONGEST = "test_latency.py"


def pytest_xdist_auto_num_workers():
    """Return half as many workers again as there are processors: a browser test mostly waits for the browser."""
    return (os.cpu_count() or 1) * 3 // 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Spread the files of browser tests among the others, so that who waits is beside who works."""
    files = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    browser = sorted((path for path in files if path.parent.name == "browser"), key=_begun_first)
    among = {path: (number + 0.5) / len(browser) for number, path in enumerate(browser)}
    others = [path for path in files if path not in among]
    among |= {path: (number + 0.6) / len(others) for number, path in enumerate(others)}
    items[:] = [item for path in sorted(files, key=among.get) for item in files[path]]


def _begun_first(path):
    return path.name != LONGEST, path.name


def find_tool(names):
    """Return the path of the first of `names` beside this Python or on PATH, None when there is none."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return next(filter(None, (shutil.which(name, path=path) for name in names)), None)


def find_chromium():
    """Return the browser to test with: the one named by ARENALAB_CHROMIUM, else the first that is found."""
    return os.environ.get("ARENALAB_CHROMIUM") or find_tool(TOOLS["browser"][1])


def pytest_runtest_setup(item):
    """Skip a test whose tool is missing, or fail it where the tool is required."""
    for marker, (need, names, required, advice) in TOOLS.items():
        if not item.get_closest_marker(marker):
            continue
        found = find_chromium() if marker == "browser" else find_tool(names)
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


@pytest.fixture(scope="session")
def recordings():
    """Load a committed recording by its name."""
    folder = Path(__file__).parent / "data" / "recordings"
    return lambda name: load_recording(folder / f"{name}.jsonl")
