"""Make the notebooks that readers open (.ipynb) from the sources that are reviewed (.py).

* The `.py` (jupytext, percent format) is the source; nobody edits the `.ipynb` beside it.
* Outputs are kept, because readers look at them and `pytest --nbval` compares them. What is kept is the same
  on every machine: text and pictures stay; ids, times, versions, widget views and scripts go.
* A widget must bring its text, and a picture or a page of HTML, in its own output or in the next: a saved notebook
  would show nothing otherwise.

Run by `make notebooks` and, before each commit, by pre-commit:
    python -m tools.notebooks make [NAME...]      execute and write the pairs
    python -m tools.notebooks tidy FILE...        clean notebooks that were saved from JupyterLab
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient

from arenalab.course.go_picker import NAME, NEWEST, variable
from arenalab.notebook_parts import KERNELSPEC, SCRIPTS, WIDGET

Notebook = Any  #: nbformat.NotebookNode, which is untyped.
Cell = Any
Output = Any

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
CELL_SECONDS = 120

TEXT, PICTURE, PAGE = "text/plain", "image/png", "text/html"

#: What an opened notebook needs to find its kernel; nothing about the machine that ran it. Nor does it name its
#: source to JupyterLab's jupytext, which refuses to open a pair whose files carry the "wrong" times, as after a clone.
METADATA = {
    "kernelspec": KERNELSPEC,
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


#: Of a cell: its tags, and whether its output is folded (`jupyter.outputs_hidden`), as after a question to the reader.
KEPT = ("tags", "jupyter")
HIDE = "hide-output"  #: the tag of a folded output, to the documentation's builder.


#: JupyterLab shows the first line of a folded output that is not empty: this one tells nothing.
VEIL = " \n"


class NotebookError(Exception):
    """A notebook cannot be made or is not as a saved notebook must be; says which cell and what to do."""


def sources(folder: Path = FOLDER) -> list[Path]:
    """Return the notebook sources of a folder in reading order."""
    return sorted(folder.glob("[0-9][0-9]_*.py")) + sorted(folder.glob("index.py"))


def read_source(source: Path) -> Notebook:
    """Read a percent-format source as a notebook without outputs; raises what jupytext raises."""
    return jupytext.read(source, fmt="py:percent")


def execute(notebook: Notebook, folder: Path) -> None:
    """Run all cells in a fresh kernel started in `folder`.

    Raises:
        CellExecutionError: the first cell that fails, with its traceback.
    """
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
    )
    client.execute(
        env=os.environ | {variable(NAME): NEWEST}
    )  # not what somebody picked who looked at a chapter here


def normalise(notebook: Notebook) -> Notebook:
    """Strip what differs between machines or cannot live without a kernel; changes and returns the notebook.

    Raises:
        NotebookError: a cell shows a widget that brings no text, or neither picture nor HTML.
    """
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: Counter[str] = Counter()
    for number, cell in enumerate(notebook.cells):
        cell.id = _cell_id(cell.source, seen)
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in KEPT})
        if cell.cell_type == "code":
            _require_kept(cell.outputs, number)
            cell.outputs = [kept for out in cell.outputs if (kept := _normal_output(out)) is not None]
            _veil(cell)
    return notebook


def _cell_id(source: str, seen: Counter[str]) -> str:
    """Name a cell by its text, so that ids stay the same from run to run and in diffs."""
    digest = hashlib.sha256(source.encode()).hexdigest()[:8]
    seen[digest] += 1
    return f"{digest}-{seen[digest]}"


def _require_kept(outputs: list[Output], cell_number: int) -> None:
    """Refuse a widget of which a reader without a kernel would see nothing."""
    forms = [set(out.get("data", {})) for out in outputs]
    for its, following in zip(forms, [*forms, set()][1:], strict=True):
        if WIDGET in its and not (_seen_without_kernel(its) or _seen_without_kernel(following)):
            raise NotebookError(
                f"cell {cell_number} shows a widget without {TEXT} and {PICTURE} or {PAGE} beside it, so that a "
                f"reader without a kernel would see nothing; show an Explorer or an Exercise, or end the cell with "
                f"a value that prints"
            )


def _normal_output(out: Output) -> Output | None:
    """Return the output as it is saved, or None when nothing of it is."""
    out.pop("transient", None)
    if "data" not in out:
        return out
    for script in (WIDGET, *SCRIPTS):
        out.data.pop(script, None)
    out.metadata = nbformat.from_dict({})
    return out if out.data else None


def _veil(cell: Cell) -> None:
    """Have a folded output tell nothing, in JupyterLab and in the documentation's pages."""
    if cell.metadata.get("jupyter", {}).get("outputs_hidden"):
        cell.metadata["tags"] = [HIDE]
        for out in cell.outputs[:1]:
            held = out.get("data", out)  # what is printed, or forms of what is shown
            for form in {"text", TEXT, PAGE}.intersection(held):
                held[form] = VEIL + held[form].removeprefix(VEIL)


def _seen_without_kernel(forms: Collection[str]) -> bool:
    """Return whether what is shown in these forms can be read without its widget, and be compared."""
    return TEXT in forms and (PICTURE in forms or PAGE in forms)


def make(source: Path) -> Path:
    """Execute one source and write its pair; return the pair's path."""
    notebook = read_source(source)
    execute(notebook, source.parent)
    pair = source.with_suffix(".ipynb")
    nbformat.write(normalise(notebook), pair)
    return pair


def tidy(path: Path) -> bool:
    """Normalise a saved notebook in place without running it; return whether it changed."""
    before = path.read_text(encoding="utf-8")
    after = nbformat.writes(normalise(nbformat.reads(before, as_version=4))) + "\n"
    changed: bool = after != before
    if changed:
        path.write_text(after, encoding="utf-8")
    return changed


def _make_all(names: list[str]) -> int:
    wanted = [source for source in sources() if not names or source.stem in names]
    if not wanted:
        print(f"no notebook source called {', '.join(names) or '*.py'} in {FOLDER}", file=sys.stderr)
        return 1
    for source in wanted:
        print(f"{source.stem}: running", flush=True)
        pair = make(source)
        print(f"{source.stem}: {pair.stat().st_size / 1000:.0f} kB")
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.notebooks", description="Make or tidy the notebooks."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("make", help="execute sources and write their pairs").add_argument("names", nargs="*")
    commands.add_parser("tidy", help="clean saved notebooks").add_argument("files", nargs="+", type=Path)
    args = parser.parse_args(argv)
    if args.command == "make":
        return _make_all(args.names)
    changed = [path for path in args.files if tidy(path)]
    for path in changed:
        print(f"tidied {path}")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
