"""Go toolchains for the tests marked `go` in this folder."""

import os

import pytest

from arenalab.errors import ToolchainError
from arenalab.oracle.installed import install
from arenalab.oracle.toolchain import find_toolchain

REQUIRED = os.environ.get("ARENALAB_REQUIRE_GO") == "1"


@pytest.fixture(scope="session")
def go_of():
    """Return a function from a release line to its toolchain; where it must run it is got first."""

    def find(line):
        if REQUIRED:
            install(line)
        try:
            return find_toolchain(line)
        except ToolchainError as trouble:
            if REQUIRED:
                pytest.fail(f"this test must run: {trouble}")
            pytest.skip(str(trouble))

    return find
