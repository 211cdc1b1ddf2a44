"""Go for the tests marked `go`: where it must run and is not there it is got, into the user's cache folder."""

import os

import pytest

from arenalab.errors import ToolchainError
from arenalab.oracle.installed import install
from arenalab.oracle.toolchain import find_toolchain

REQUIRED = os.environ.get("ARENALAB_REQUIRE_GO") == "1"


def found(line=None, *, wanted=REQUIRED):
    """Return the toolchain of a release line, or the default one, which came with the tests' packages."""
    try:
        if wanted and line not in {None, "1.21"}:
            install(line)
        return find_toolchain(line)
    except ToolchainError as trouble:
        if REQUIRED:
            pytest.fail(f"this test must run: {trouble}")
        pytest.skip(str(trouble))
