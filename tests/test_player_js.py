"""The player's page (player/): lint, types, unit tests, and that what is committed is what the sources give."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import find_tool

ROOT = Path(__file__).resolve().parents[1]
PLAYER, STATIC = ROOT / "player", ROOT / "arenalab/player/static"
LIBRARIES = "the player's libraries are not installed: run `npm install` in player/"

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def npm():
    """Run one of the scripts of player/package.json; return what it printed once it went well."""
    if not (PLAYER / "node_modules/.package-lock.json").exists():
        (pytest.fail if os.environ.get("ARENALAB_REQUIRE_NODE") else pytest.skip)(LIBRARIES)

    def run(*words):
        done = subprocess.run(
            [find_tool(("npm",)), "run", "--silent", *words],
            cwd=PLAYER, capture_output=True, text=True, check=False, timeout=100,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.mark.slow
def test_the_sources_have_no_complaints(npm):
    npm("lint")
    npm("types")


def test_every_unit_test_passes(npm):
    assert "passed" in npm("test")


def test_what_is_committed_is_what_the_sources_give(npm, tmp_path):
    npm("build", "--", str(tmp_path))
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(built) == ["player.css", "player.js", "saved.js", "served.js"]
    stale = [name for name, data in built.items() if (STATIC / name).read_bytes() != data]
    assert not stale, f"{stale}: run `npm run build` in player/ and commit what it writes"
