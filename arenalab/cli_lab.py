"""`arenalab lab FILE`: JupyterLab on a small notebook whose one cell shows the workbench on the file."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from arenalab.cli_parser import Parser
from arenalab.errors import LONGEST_NAME, ScenarioError, cut, meant
from arenalab.files import keep_what_is_there, written_whole
from arenalab.install import PICTURES, require
from arenalab.notebook_parts import METADATA
from arenalab.progress_line import ProgressLine

CELL = """# Shift + Enter shows the {what}.
from arenalab.explore import {explorer}

{explorer}({path!r})"""
SHOWN_BY = {
    True: ("heap movie", "HeapMovie"),
    False: ("workbench", "Workbench"),
}  #: whether it is an execution trace.


def main_lab(argv: Sequence[str]) -> int:
    """Open a file in JupyterLab and serve until it is stopped; return the exit status.

    Raises:
        ArenaLabError: the `lab` extra is missing, the file can't be opened, the notebook is there already.

    """
    options, more = parser().parse_known_args(list(argv))
    require("lab", *PICTURES, "jupyterlab")
    check_jupyters(more, ("--notebook", "--force"))
    import arenalab  # noqa: PLC0415  # numpy is loaded only here

    with ProgressLine(after=0) as line:
        line.show(f"opening {options.file}")
        recorded = isinstance(arenalab.open(options.file), arenalab.TraceRun)
    with tempfile.TemporaryDirectory(prefix="arenalab-lab-") as folder:
        notebook = options.notebook or Path(folder) / "workbench.ipynb"
        keep_what_is_there(notebook, force=options.force)
        write_notebook(notebook, options.file, recorded=recorded)
        return serve([*opened_at(notebook.absolute()), *as_root(), *more])


def as_root() -> list[str]:
    """Return the flag without which Jupyter refuses to serve as root, the usual user of a container."""
    return ["--allow-root"] if getattr(os, "geteuid", lambda: -1)() == 0 else []


def opened_at(notebook: Path) -> list[str]:
    """Return the flags that make JupyterLab open, and print, the notebook's own address, not its launcher's."""
    address = quote(notebook.name)
    return [f"--ServerApp.root_dir={notebook.parent}", f"--LabApp.default_url=/lab/tree/{address}"]


def parser() -> Parser:
    """Return what it can be asked for."""
    about = "Open a file in JupyterLab. All other options, such as --no-browser, are JupyterLab's."
    made = Parser.of("lab", about)
    made.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help="a recording, saved history, trace, scenario or execution trace",
    )
    made.add_argument("--notebook", metavar="PATH", type=Path, help="keep the notebook there")
    made.add_argument("--force", action="store_true", help="replace that notebook if it is there")
    return made


def check_jupyters(options: list[str], own: tuple[str, ...]) -> None:
    """Refuse options that are neither a command's own nor JupyterLab's, which would pass them over.

    Raises:
        ScenarioError: there is one; the text says which was meant.

    """
    from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]  # noqa: PLC0415

    keys = [key if isinstance(key, tuple) else (key,) for key in (*LabApp.flags, *LabApp.aliases)]
    there = {"--help", "--help-all", "--version", *(f"--{name}" for names in keys for name in names)}
    for option in options:
        name = option.partition("=")[0]
        if name.startswith("--") and "." not in name and name not in there:
            near = meant(name, sorted({*there, *own}), "; ")
            raise ScenarioError(f"there is no option {cut(name, LONGEST_NAME)}, here or of JupyterLab{near}")


def write_notebook(path: Path, file: Path, *, recorded: bool = False) -> None:
    """Write a notebook of one cell that shows the workbench on a file, the heap movie on an execution trace.

    Raises:
        ScenarioError: it can't be written.

    """
    what, explorer = SHOWN_BY[recorded]
    cell: dict[str, Any] = {
        "cell_type": "code", "execution_count": None, "id": "workbench", "metadata": {}, "outputs": [],
        "source": CELL.format(path=str(file.absolute()), what=what, explorer=explorer),
    }  # fmt: skip
    notebook = {"cells": [cell], "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    try:
        with written_whole(path) as out:
            json.dump(notebook, out, indent=1)
            out.write("\n")
    except OSError as trouble:
        raise ScenarioError(f"can't write the notebook {path}: {os.strerror(trouble.errno or 0)}") from None


def serve(arguments: list[str]) -> int:
    """Run JupyterLab in this process until it is stopped."""
    from jupyterlab.labapp import LabApp  # noqa: PLC0415

    LabApp.launch_instance(argv=arguments)
    return 0
