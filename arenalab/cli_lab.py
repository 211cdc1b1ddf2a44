"""`arenalab lab FILE`: JupyterLab on a small notebook whose one cell shows the workbench on the file."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from arenalab.cli_parser import Parser
from arenalab.errors import ScenarioError
from arenalab.install import require
from arenalab.progress_line import ProgressLine

CELL = """# Shift + Enter shows the workbench.
from arenalab.explore import Workbench

Workbench({path!r})"""
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def main_lab(argv: Sequence[str]) -> int:
    """Open a file in JupyterLab and serve until it is stopped; return the exit status.

    Raises:
        ArenaLabError: the `lab` extra is missing, the file can't be opened, the notebook is there already.

    """
    options, more = _parser().parse_known_args(list(argv))
    require("lab", "anywidget", "ipywidgets", "jupyterlab", "resvg_py")
    from arenalab.opening import open_file  # noqa: PLC0415  # numpy is loaded only here

    with ProgressLine(after=0) as line:
        line.show(f"opening {options.file}")
        open_file(options.file)
    with tempfile.TemporaryDirectory(prefix="arenalab-lab-") as folder:
        notebook = options.notebook or Path(folder) / "workbench.ipynb"
        write_notebook(notebook, options.file)
        return _serve([*_opened_at(notebook.absolute()), *_as_root(), *more])


def _as_root() -> list[str]:
    """Return the flag without which Jupyter refuses to serve as root, the usual user of a container."""
    return ["--allow-root"] if getattr(os, "geteuid", lambda: -1)() == 0 else []


def _opened_at(notebook: Path) -> list[str]:
    """Return the flags that make JupyterLab open, and print, the notebook's own address, not its launcher's."""
    address = quote(notebook.name)
    return [f"--ServerApp.root_dir={notebook.parent}", f"--LabApp.default_url=/lab/tree/{address}"]


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="arenalab lab", allow_abbrev=False,
        description="Open a file in JupyterLab. All other options, such as --no-browser, are JupyterLab's.",
    )  # fmt: skip
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="a recording, saved history, trace or scenario"
    )
    parser.add_argument("--notebook", metavar="PATH", type=Path, help="keep the notebook there (a new file)")
    return parser


def write_notebook(path: Path, file: Path) -> None:
    """Write a notebook of one cell that shows the workbench on a file.

    Raises:
        ScenarioError: there is such a notebook already, or it can't be written.

    """
    cell: dict[str, Any] = {
        "cell_type": "code", "execution_count": None, "id": "workbench", "metadata": {}, "outputs": [],
        "source": CELL.format(path=str(file.absolute())),
    }  # fmt: skip
    notebook = {"cells": [cell], "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    try:
        with path.open("x", encoding="utf-8") as out:
            json.dump(notebook, out, indent=1)
            out.write("\n")
    except OSError as trouble:
        raise ScenarioError(f"can't write the notebook {path}: {os.strerror(trouble.errno or 0)}") from None


def _serve(arguments: list[str]) -> int:
    """Run JupyterLab in this process until it is stopped."""
    from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]  # noqa: PLC0415

    LabApp.launch_instance(argv=arguments)
    return 0
