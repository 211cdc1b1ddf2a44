"""How long `import arenalab` takes in a fresh Python, beside an import of nothing."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("statement", ["pass", "import arenalab", "import numpy"])
def test_import(benchmark, statement):
    command = [sys.executable, "-c", statement]
    benchmark.pedantic(subprocess.run, args=(command,), kwargs={"check": True}, rounds=10, warmup_rounds=1)
