"""Go toolchains for the tests marked `go`: the default one, and one of each release line."""

import os

import pytest

from arenalab.errors import ToolchainError
from arenalab.oracle.installed import install
from arenalab.oracle.releases import RELEASES
from arenalab.oracle.toolchain import find_toolchain

#: Lines that every run tries; `pytest -m go_all` tries all.
USUAL = ("1.21", "1.24", "1.27")
REQUIRED = os.environ.get("ARENALAB_REQUIRE_GO") == "1"


@pytest.fixture(scope="session")
def toolchain():
    try:
        found = find_toolchain()
    except ToolchainError as trouble:
        if REQUIRED:
            pytest.fail(f"this test must run: {trouble}")
        pytest.skip(str(trouble))
    if found.minor != "1.21":
        pytest.skip(f"what this test holds real Go against is Go 1.21's, and found is {found.version}")
    return found


def pytest_generate_tests(metafunc):
    """Run a test that asks for a `line` with each release line."""
    if "line" in metafunc.fixturenames:
        lines = RELEASES if "go_all" in metafunc.config.option.markexpr else USUAL
        metafunc.parametrize("line", lines, scope="session")


@pytest.fixture(scope="session")
def go_of(line):
    """Return the toolchain of a release line; where all must run it is got first."""
    if REQUIRED and line != "1.21":
        install(line)
    try:
        return find_toolchain(line)
    except ToolchainError as trouble:
        if REQUIRED:
            pytest.fail(f"this test must run: {trouble}")
        pytest.skip(str(trouble))
