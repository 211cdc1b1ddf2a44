"""What is missing is named with the command that installs it, wherever it is missed first."""

import importlib.metadata
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from arenalab import install
from arenalab.errors import MissingExtraError

RECORDING = Path(__file__).parent / "data" / "recordings" / "small-1.jsonl"
#: All that `pip install arenalab` does not bring.
OPTIONAL = (
    "anywidget",
    "bokeh",
    "distributed",
    "hypothesis",
    "ipywidgets",
    "jupyterlab",
    "lark",
    "PIL",
    "resvg_py",
)
COMMANDS = ("check", "type", "record", "fuzz", "lab")
CORE_ONLY = f"""
import sys
sys.modules.update(dict.fromkeys({OPTIONAL!r}))
"""


def with_the_core_only(*arguments):
    """Run the command line in a Python that has numpy and nothing else of what ArenaLab may use."""
    program = f"{CORE_ONLY}from arenalab.cli import main\nsys.exit(main({list(arguments)!r}))"
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_help_needs_nothing(command):
    done = with_the_core_only(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: arenalab {command}")


@pytest.mark.parametrize(
    ("arguments", "missing", "extra"),
    [
        (("fuzz", "--minutes", "0.01"), "hypothesis", "go"),
        (("lab", str(RECORDING)), "anywidget, ipywidgets, jupyterlab, resvg_py", "lab"),
        (("type", "*int"), "lark", "types"),
    ],
    ids=lambda it: it[0],
)
def test_command_that_lacks_something_says_what_to_install(arguments, missing, extra):
    done = with_the_core_only(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    told = f"{missing} {'are' if ',' in missing else 'is'} missing; install with: {install.install_command(extra)}"
    assert told in done.stderr


def test_recording_is_checked_with_the_core_only():
    done = with_the_core_only("check", str(RECORDING))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"no parser: {install.install_command('types')}" in done.stdout


@pytest.mark.parametrize("name", ["arenalab.explore", "arenalab.course"])
def test_import_that_lacks_something_says_what_to_install(name):
    done = subprocess.run(
        [sys.executable, "-c", f"{CORE_ONLY}import {name}"], capture_output=True, text=True, check=False
    )
    assert done.stderr.splitlines()[-1].endswith(f"install with: {install.install_command('lab')}")


def test_clone_is_installed_from_where_it_stands(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.chdir(tmp_path)
    assert install.install_command("go") == ".venv/bin/python -m pip install -e '.[go]'"
    monkeypatch.chdir("/")
    assert install.install_command("go").endswith(f" -m pip install -e '{str(tmp_path)[1:]}[go]'")


def test_package_is_installed_by_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "executable", "/opt/my tools/python")
    assert install.install_command("lab") == "'/opt/my tools/python' -m pip install 'arenalab[lab]'"


def test_command_is_one_that_a_shell_takes(tmp_path, monkeypatch):
    root = tmp_path / "it's mine"
    root.mkdir()
    (root / "pyproject.toml").touch()
    monkeypatch.setattr(install, "ROOT", root)
    assert shlex.split(install.install_command("go"))[-1] == f"{root}[go]"


def test_extras_that_are_named_exist():
    assert {"go", "lab", "types"} <= set(importlib.metadata.metadata("arenalab").get_all("Provides-Extra"))


def test_all_that_is_missing_is_named_at_once(monkeypatch):
    monkeypatch.setitem(sys.modules, "lark", None)
    with pytest.raises(MissingExtraError, match="lark, no_such_module are missing; install with: "):
        install.require("lab", "lark", "numpy", "no_such_module")
