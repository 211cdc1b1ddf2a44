"""JupyterLab's part (labextension/): what is committed, which the wheel carries, is what the sources give."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import find_tool

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "labextension"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SHARED = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
LIBRARIES = "the libraries of JupyterLab's part are not installed: run `npm install` in labextension/"


def test_all_that_jupyter_looks_for_is_there():
    assert [source for source in SHARED if not (ROOT / source).exists()] == []
    built = json.loads((FOLDER / "built/package.json").read_text())
    assert (FOLDER / "built" / built["jupyterlab"]["_build"]["load"]).is_file()
    assert built["version"] == PROJECT["project"]["version"]
    [module] = json.loads((FOLDER / "etc/arenalab.json").read_text())["ServerApp"]["jpserver_extensions"]
    assert (ROOT / module.replace(".", "/") / "__init__.py").is_file()


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.node
def test_what_is_committed_is_what_the_sources_give(tmp_path):
    if not (FOLDER / "node_modules/.package-lock.json").exists():
        (pytest.fail if os.environ.get("ARENALAB_REQUIRE_NODE") else pytest.skip)(LIBRARIES)
    copy = tmp_path / "labextension"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("built", "lib", "node_modules"))
    (copy / "node_modules").symlink_to(FOLDER / "node_modules")
    done = subprocess.run(
        [find_tool(("npm",)), "run", "--silent", "build"], cwd=copy, env=os.environ | {"PYTHON": sys.executable},
        capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert contents(copy / "built") == contents(FOLDER / "built"), (
        "run `npm run build` in labextension/ and commit"
    )
