"""`arenalab course`: the reader's copy of the course, made or brought up to date, and opened in JupyterLab."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from arenalab.cli_lab import as_root, check_jupyters, opened_at, serve
from arenalab.cli_parser import Parser
from arenalab.install import require
from arenalab.workbook import bring_up_to_date, reader_folder

FIRST = "index.ipynb"
COPY_ONLY = "--copy-only"
OWN = (COPY_ONLY, "-h", "--help")


def main_course(argv: Sequence[str]) -> int:
    """Copy the course and serve it until it is stopped; return the exit status.

    Raises:
        ArenaLabError: the folder can't be written, or the `lab` extra is missing.

    """
    own, more = _shared_out(list(argv))
    options = parser().parse_args(own)
    if not options.copy_only:
        require("lab", "anywidget", "bokeh", "ipywidgets", "jupyterlab", "lark", "resvg_py")
        check_jupyters(more, (COPY_ONLY,))
    folder = options.folder or reader_folder()
    for line in bring_up_to_date(folder).lines() or [f"{folder}: your copy of the workbook is up to date"]:
        print(f"ArenaLab: {line}")
    return 0 if options.copy_only else serve([*opened_at(folder.absolute() / FIRST), *as_root(), *more])


def _shared_out(argv: list[str]) -> tuple[list[str], list[str]]:
    """Return our own words and JupyterLab's: a word after one of its options is that option's value, no folder."""
    begins = next((at for at, word in enumerate(argv) if word.startswith("-") and word not in OWN), len(argv))
    rest = argv[begins:]
    return argv[:begins] + [COPY_ONLY] * (COPY_ONLY in rest), [word for word in rest if word != COPY_ONLY]


def parser() -> Parser:
    """Return what it can be asked for."""
    about = """Copy the course to a folder of your own and open it in JupyterLab. What you change there stays yours:
        called again, it brings the rest up to date. All other options, such as --no-browser, are JupyterLab's."""
    made = Parser.of("course", about)
    made.add_argument(
        "folder", metavar="FOLDER", nargs="?", type=Path,
        help="where the copy is (default: arenalab-course; where you stand, if that is a copy; workbook in a clone)",
    )  # fmt: skip
    made.add_argument(COPY_ONLY, action="store_true", help="copy, and open nothing")
    return made
