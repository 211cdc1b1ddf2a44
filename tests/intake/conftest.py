"""Go toolchains for the tests marked `go` in this folder."""

import pytest

from tests.toolchains import found


@pytest.fixture(scope="session")
def go_of():
    """Return a function from a release line to its toolchain."""
    return found
