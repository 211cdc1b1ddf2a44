"""How `pytest --nbval notebooks` compares: strictly, except scripts, which a saved notebook does not keep, and dots."""

import pytest
from nbval.plugin import IPyNbFile

from tools.notebooks import SCRIPTS

#: A picture's letters are drawn with the fonts of the machine; the words beside it are compared.
DOTS = r"data:image/png;base64,[\w+/=]*"


@pytest.hookimpl(wrapper=True)
def pytest_collect_file():
    """Let a cell that loads BokehJS run, and compare the rest of what it shows."""
    collected = yield
    for file in collected:
        if isinstance(file, IPyNbFile):
            file.skip_compare += SCRIPTS
            file.sanitize_patterns[DOTS] = "DOTS"
    return collected
