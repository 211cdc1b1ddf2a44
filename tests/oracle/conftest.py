"""Go toolchains for the tests marked `go`: the default one, and one of each release line."""

import pytest

from arenalab.oracle.releases import NEWEST, RELEASES
from tests.toolchains import REQUIRED, found

#: Lines that every run tries; `pytest -m go_all` tries all.
USUAL = ("1.21", "1.24", "1.27")


@pytest.fixture(scope="session")
def toolchain():
    default = found()
    if default.minor != "1.21":
        pytest.skip(f"what this test holds real Go against is Go 1.21's, and found is {default.version}")
    return default


def all_asked_for(config):
    """Return whether `-m` names go_all, and so asks for every release, installed or not."""
    return "go_all" in config.option.markexpr


def pytest_generate_tests(metafunc):
    """Run a test that asks for a `line` with each release line, or with each experiment that its module has for it."""
    lines = RELEASES if all_asked_for(metafunc.config) else USUAL
    if "experiment" in metafunc.fixturenames:
        pairs = [(line, name) for line in lines for name in metafunc.module.EXPERIMENTS.get(line, [])]
        metafunc.parametrize(("line", "experiment"), pairs, scope="session")
    elif "line" in metafunc.fixturenames:
        metafunc.parametrize("line", lines, scope="session")


@pytest.fixture(scope="session")
def go_of(line, pytestconfig):
    """Return the toolchain of a release line."""
    return found(line, wanted=REQUIRED or all_asked_for(pytestconfig))


@pytest.fixture(scope="session")
def tracing(pytestconfig):
    """Return the newest toolchain: one that writes allocations into its traces."""
    return found(NEWEST.line, wanted=REQUIRED or all_asked_for(pytestconfig))
