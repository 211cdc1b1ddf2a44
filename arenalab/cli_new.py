"""`arenalab new lesson NAME`: a notebook, a scenario and an exercise to start from; all three pass their checks."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from arenalab.cli_parser import Parser
from arenalab.errors import ScenarioError, cut, shown
from arenalab.files import keep_what_is_there, written_whole
from arenalab.install import PICTURES, require
from arenalab.notebook_parts import METADATA, SCRIPTS, WIDGET
from arenalab.progress_line import ProgressLine

TEMPLATES = Path(__file__).parent / "course" / "lesson"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
CELL_SECONDS = 120


def main_new(argv: Sequence[str]) -> int:
    """Write what a lesson starts from, and say how it is checked; return the exit status.

    Raises:
        ArenaLabError: no name for a lesson, a file that is there already, or the `lab` extra is missing.

    """
    options = parser().parse_args(list(argv))
    require("lab", *PICTURES, "jupyterlab", "lark")
    name, folder = _checked_name(options.name), options.folder
    texts = {folder / f"{name}.toml": _filled("scenario.txt", name)}
    source = _filled("notebook.txt", name)
    if options.py:
        texts[folder / f"{name}.py"] = source
    notebook = folder / f"{name}.ipynb"
    for path in (*texts, notebook):
        keep_what_is_there(path, force=options.force)
    with ProgressLine(after=0) as line:
        line.show(f"running {notebook.name}")
        texts[notebook] = _executed(source, texts[folder / f"{name}.toml"], name)
    for path, text in texts.items():
        with written_whole(path) as out:
            out.write(text)
    print("\n".join([*(f"{path}: written" for path in texts), *_next_steps(folder, name)]))
    return 0


def parser() -> Parser:
    """Return what it can be asked for."""
    about = """Write a notebook with an exercise in it, and the scenario that it shows, as a start for a lesson of your
        own. All of it passes its checks; docs/authors.md says what each part means."""
    made = Parser.of("new", about)
    made.add_argument("what", choices=("lesson",), help="what to make")
    made.add_argument(
        "name", metavar="NAME", help="lower-case words joined by '-', such as who-gets-the-chunk"
    )
    made.add_argument("--folder", metavar="FOLDER", type=Path, default=Path(), help="where (default: here)")
    made.add_argument(
        "--py", action="store_true", help="also NAME.py, the notebook as jupytext's percent format"
    )
    made.add_argument("--force", action="store_true", help="replace files of these names")
    return made


def _checked_name(name: str) -> str:
    """Return a lesson's name: its scenario, its notebook and its exercise are called so.

    Raises:
        ScenarioError: not in that form, or an exercise of the course is called so.

    """
    if not NAME.fullmatch(name):
        raise ScenarioError(
            f"a lesson can't be called {shown(name)}; expected lower-case words joined by '-', such as "
            "who-gets-the-chunk"
        )
    from arenalab.course import families  # noqa: PLC0415  # the course needs the `lab` extra

    if name in {it.name for it in families()}:
        raise ScenarioError(f"an exercise of the course is called {name!r}; choose another name")
    return name


def _filled(template: str, name: str) -> str:
    title = name.replace("-", " ").capitalize()
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    return text.replace("@NAME@", name).replace("@TITLE@", title)


def _executed(source: str, scenario: str, name: str) -> str:
    """Return the notebook of a percent-format source as JSON, with what its cells show beside its scenario."""
    nbformat: Any = import_module("nbformat")  # comes with JupyterLab; untyped
    from jupyter_client.kernelspec import NoSuchKernel  # noqa: PLC0415
    from nbclient import NotebookClient  # noqa: PLC0415
    from nbclient.exceptions import CellExecutionError  # noqa: PLC0415

    notebook = nbformat.v4.new_notebook(cells=list(map(_cell, _parts(source))), metadata=METADATA)
    with tempfile.TemporaryDirectory(prefix="arenalab-new-") as folder:
        (Path(folder) / f"{name}.toml").write_text(scenario, encoding="utf-8")
        client = NotebookClient(
            notebook, timeout=CELL_SECONDS, kernel_name="python3", record_timing=False, coalesce_streams=True,
            store_widget_state=False, resources={"metadata": {"path": folder}},
        )  # fmt: skip
        try:
            client.execute(stderr=subprocess.DEVNULL)  # where the kernel warns
        except (RuntimeError, TimeoutError, CellExecutionError, NoSuchKernel) as trouble:
            raise ScenarioError(f"the notebook of a new lesson does not run here: {cut(trouble)}") from None
    notebook.metadata = nbformat.from_dict(METADATA)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"lesson-{number}"
        if cell.cell_type == "code":
            cell.outputs = [kept for out in cell.outputs if (kept := _kept(out)) is not None]
    return str(nbformat.writes(notebook)) + "\n"


def _parts(source: str) -> list[str]:
    return re.split(r"^# %%", source, flags=re.MULTILINE)[1:]


def _cell(part: str) -> Any:
    """Return the cell of what follows `# %%`."""
    make: Any = import_module("nbformat.v4")
    head, _, body = part.partition("\n")
    if head.strip() == "[markdown]":
        return make.new_markdown_cell(re.sub(r"^# ?", "", body.strip("\n"), flags=re.MULTILINE))
    return make.new_code_cell(body.strip("\n"))


def _kept(out: Any) -> Any:
    """Return an output without what needs its kernel, None when nothing is left."""
    if "data" not in out:
        return out
    for kind in (WIDGET, *SCRIPTS):
        out.data.pop(kind, None)
    out.metadata = {}
    return out if out.data else None


def _next_steps(folder: Path, name: str) -> list[str]:
    notebook, scenario = folder / f"{name}.ipynb", folder / f"{name}.toml"
    return [
        "next:",
        f"  jupyter lab {notebook}  # write the lesson",
        f"  arenalab check {scenario}  # the scenario holds what it says",
        f"  pytest --nbval --nbval-current-env {notebook}  # the saved outputs are what the cells show",
    ]
