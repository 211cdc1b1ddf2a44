"""The Go toolchain for the tests marked `go`."""

import os

import pytest

from arenalab.errors import ToolchainError
from arenalab.oracle.toolchain import find_toolchain


@pytest.fixture(scope="session")
def toolchain():
    try:
        found = find_toolchain()
    except ToolchainError as trouble:
        if os.environ.get("ARENALAB_REQUIRE_GO") == "1":
            pytest.fail(f"this test must run: {trouble}")
        pytest.skip(str(trouble))
    if found.minor != "1.21":
        pytest.skip(f"the recorder needs Go 1.21, found {found.version}")
    return found
