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


@pytest.fixture
def open_notebook(lab, lab_root, chromium):
    """Open a notebook by its path below the served folder; each in a fresh browser profile.

    One of the repository's is as after a clone, whatever autosave made of it in an earlier test.
    """
    with contextlib.ExitStack() as opened:

        def open_(path, **options):
            if path.startswith("notebooks/"):
                shutil.copy(REPOSITORY / path, lab_root / path)
            context = opened.enter_context(chromium.new_context(viewport=VIEWPORT, **options))
            tab = LabPage(context.new_page(), lab, ARTIFACTS).open(path)
            opened.callback(tab.close)
            return tab

        yield open_
