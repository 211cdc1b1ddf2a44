"""Go for the tests marked `go`: where it must run and is not there, that is a failure and no skip."""

import os

import pytest

from arenalab.errors import ToolchainError
from arenalab.oracle.toolchain import find_toolchain

REQUIRED = os.environ.get("ARENALAB_REQUIRE_GO") == "1"


def found(line=None):
    """Return the toolchain of a release line, or the default one."""
    try:
        return find_toolchain(line)
    except ToolchainError as trouble:
        if REQUIRED:
            pytest.fail(f"this test must run: {trouble}")
        pytest.skip(str(trouble))
