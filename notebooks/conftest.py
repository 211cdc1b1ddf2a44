"""How `pytest --nbval notebooks` compares: strictly, except scripts, which a saved notebook does not keep, and dots."""

import os
from pathlib import Path

import pytest
from nbval.plugin import IPyNbFile

from arenalab.course.go_picker import NAME, NEWEST, variable
from tools.notebooks import SCRIPTS, VEIL

#: A picture's letters are drawn with the fonts of the machine; the words beside it are compared.
DOTS = r"data:image/png;base64,[\w+/=]*"

NO_CACHE = Path(__file__).parent / "nothing-is-kept-here"


@pytest.hookimpl(wrapper=True)
def pytest_collect_file():
    """Let a cell that loads BokehJS run, and compare the rest of what it shows."""
    os.environ[variable(NAME)] = NEWEST  # the saved outputs are those of nobody's pick
    os.environ["ARENALAB_CACHE"] = str(NO_CACHE)  # and costs are those that are shipped
    collected = yield
    for file in collected:
        if isinstance(file, IPyNbFile):
            file.skip_compare += SCRIPTS
            file.sanitize_patterns[DOTS] = "DOTS"
            file.sanitize_patterns[rf"\A{VEIL}"] = ""
    return collected
