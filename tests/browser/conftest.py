"""Fixtures for browser tests: `lab` serves the notebooks, `open_notebook` opens one in Chromium.

@pytest.mark.browser
def test_step_and_back(open_notebook):
    tab = open_notebook("notebooks/01_first_steps.ipynb").run_all()
    tab.page.click(".al-step")
    ...
    assert tab.errors == []
"""

import contextlib
import os
import shutil
from pathlib import Path

import pytest

from tests.browser.lab import LabPage, LabServer
from tools.chromium import find_chromium

REPOSITORY = Path(__file__).resolve().parents[2]
ARTIFACTS = Path(os.environ.get("ARENALAB_ARTIFACTS", REPOSITORY / "artifacts")) / "browser"
VIEWPORT = {"width": 1280, "height": 1600}


#: What playwright says where Chromium's own process of a page came down, a segmentation fault of its own.
CRASHED = "(Target|Page) crashed"


def pytest_collection_modifyitems(items):
    """Let a test of the browser run once more where Chromium crashed, and for nothing else; pytest names it then."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=CRASHED))


@pytest.fixture(scope="session")
def lab_root(tmp_path_factory):
    """The served folder: `notebooks` takes copies; a test may write notebooks of its own beside it."""
    root = tmp_path_factory.mktemp("served")
    (root / "notebooks").mkdir()
    (root / "notebooks/data").symlink_to(REPOSITORY / "notebooks/data")
    return root


@pytest.fixture(scope="session")
def lab(lab_root, tmp_path_factory):
    """One JupyterLab for all browser tests."""
    server = LabServer(lab_root, tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


# Not for the whole session: playwright's event loop would be in the way of tests that run a kernel.
@pytest.fixture(scope="package")
def chromium():
    """One Chromium for all browser tests."""
    playwright = pytest.importorskip("playwright.sync_api", exc_type=ImportError)
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


class Desk:
    """Pages of JupyterLab, kept from test to test: to load it takes longer than what most tests do in it."""

    def __init__(self, lab, chromium):
        self.lab, self.chromium = lab, chromium
        self.free: list[LabPage] = []  #: with nothing open.

    def open(self, path):
        """Open a notebook on a page that is free, or on a new one."""
        if self.free:
            return self.free.pop().open_next(path)
        return LabPage(self.chromium.new_context(viewport=VIEWPORT).new_page(), self.lab, ARTIFACTS).open(
            path
        )

    def put_away(self, tab):
        """Keep a page for the next notebook, but for one that a test has changed beyond its notebook."""
        if tab.put_away(VIEWPORT) and not tab.errors:
            self.free.append(tab)
        else:
            tab.page.context.close()


@pytest.fixture(scope="package")
def desk(lab, chromium):
    """Pages of JupyterLab for all tests of a worker."""
    return Desk(lab, chromium)


@pytest.fixture
def open_notebook(desk, lab_root):
    """Open a notebook by its path below the served folder.

    One of the repository's is as after a clone, whatever autosave made of it in an earlier test.
    """
    with contextlib.ExitStack() as opened:

        def open_(path):
            if path.startswith("notebooks/"):
                shutil.copy(REPOSITORY / path, lab_root / path)
            tab = desk.open(path)
            opened.callback(desk.put_away, tab)
            return tab

        yield open_
