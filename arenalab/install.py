"""How a missing part of ArenaLab is installed into the Python that runs."""

from __future__ import annotations

import os
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

from arenalab.errors import MissingExtraError

#: What pictures need, all of the `lab` extra but JupyterLab itself.
PICTURES = ("anywidget", "bokeh", "ipywidgets", "PIL", "resvg_py")
#: Module -> the extra that brings it.
EXTRAS = {
    **dict.fromkeys((*PICTURES, "IPython", "jupyterlab", "traitlets"), "lab"),
    "distributed": "sweep",
    "elftools": "trace",
    "hypothesis": "go",
    "lark": "types",
    "statsmodels": "inventory",
    **dict.fromkeys(("pandas", "pyarrow"), "tables"),
}
ROOT = Path(__file__).resolve().parent.parent


def install_command(extra: str) -> str:
    """Return the command that installs an extra: a clone is installed from where it stands, a package by name."""
    python = shlex.quote(_short(Path(sys.executable)))
    if not (ROOT / "pyproject.toml").is_file():
        return f"{python} -m pip install 'arenalab[{extra}]'"
    return f"{python} -m pip install -e {_quoted(f'{_short(ROOT)}[{extra}]')}"


def missing_module(error: ImportError) -> str:
    """Return what to install after a failed import; "" where no extra would help."""
    module = (error.name or "").partition(".")[0]
    extra = EXTRAS.get(module)
    return f"{module} is missing; install with: {install_command(extra)}" if extra else ""


def require(extra: str, *modules: str) -> None:
    """Do nothing when the modules of an extra are installed.

    Raises:
        MissingExtraError: some are not; names them and the command that installs them.

    """
    missing = [name for name in modules if not _installed(name)]
    if missing:
        they = f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
        raise MissingExtraError(f"{they}; install with: {install_command(extra)}")


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ValueError:  # sys.modules holds None for it: importing it is forbidden
        return False


def _short(path: Path) -> str:
    """Write a path from the working directory when it lies below it."""
    try:
        return os.fspath(path.relative_to(Path.cwd()))
    except (ValueError, FileNotFoundError):
        return os.fspath(path)


def _quoted(text: str) -> str:
    return f"'{text}'" if "'" not in text else shlex.quote(text)
