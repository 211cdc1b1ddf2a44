"""Go toolchains for the tests marked `go` in this folder."""

import pytest

from arenalab.oracle.installed import install
from tests.toolchains import REQUIRED, found


@pytest.fixture(scope="session")
def go_of():
    """Return a function from a release line to its toolchain; where it must run it is got first."""

    def find(line):
        if REQUIRED:
            install(line)
        return found(line)

    return find
