"""How `pytest --nbval notebooks` compares: strictly, except scripts, which a saved notebook does not keep."""

import pytest
from nbval.plugin import IPyNbFile

from tools.notebooks import SCRIPTS


@pytest.hookimpl(wrapper=True)
def pytest_collect_file():
    """Let a cell that loads BokehJS run, and compare the rest of what it shows."""
    collected = yield
    for file in collected:
        if isinstance(file, IPyNbFile):
            file.skip_compare += SCRIPTS
    return collected
