"""The saved notebooks are what their sources say, whole, small and free of dead widgets.

That their outputs are right is checked by `pytest --nbval notebooks`, which runs them.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tools import notebooks as tool

LONGEST_CELL_LINES = 12
LARGEST_BYTES = 300_000


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def parts_from_source(source, notebook):
    """Complain where the pair does not hold the cells of its source."""
    wanted = [(cell.cell_type, cell.source) for cell in tool.read_source(source).cells]
    held = [(cell.cell_type, cell.source) for cell in notebook.cells]
    return [] if held == wanted else [f"{source.stem}: .ipynb and .py differ; run `make notebooks`"]


def long_cells(source, notebook):
    """Complain about code that belongs in the package."""
    lengths = [len(cell.source.splitlines()) for cell in code_cells(notebook)]
    return [f"{source.stem}: a code cell of {n} lines" for n in lengths if n > LONGEST_CELL_LINES]


def unrun_cells(source, notebook):
    """Complain about cells without a number: nbval would not compare them."""
    numbers = [cell.execution_count for cell in code_cells(notebook)]
    return [] if numbers == [*range(1, len(numbers) + 1)] else [f"{source.stem}: not run from top to bottom"]


def untidy_outputs(source, notebook):
    """Complain about widget views, scripts, ids, times: all that `normalise` takes away."""
    before = nbformat.writes(notebook)
    after = nbformat.writes(tool.normalise(nbformat.reads(before, as_version=4)))
    return [] if before == after else [f"{source.stem}: not as `make notebooks` saves it"]


def large_file(source, notebook):
    """Complain about a file that is slow to clone and to open."""
    size = len(nbformat.writes(notebook).encode())
    return [f"{source.stem}: {size} bytes, at most {LARGEST_BYTES}"] if size > LARGEST_BYTES else []


RULES = [parts_from_source, long_cells, unrun_cells, untidy_outputs, large_file]
RULE_IDS = [rule.__name__ for rule in RULES]


def read(source):
    return nbformat.read(source.with_suffix(".ipynb"), as_version=4)


def test_there_are_notebooks():
    assert "01_first_steps" in [source.stem for source in tool.sources()]


def test_every_notebook_has_its_source():
    sources = {source.stem for source in tool.sources()}
    assert {path.stem for path in tool.FOLDER.glob("*.ipynb")} == sources


@pytest.mark.parametrize("source", tool.sources(), ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", RULES, ids=RULE_IDS)
def test_notebook_keeps_the_rule(rule, source):
    assert rule(source, read(source)) == []


SMALL = """# %% [markdown]
# # A small notebook

# %%
class Shown:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": "41 objects", "image/png": "iVBORw0KGgo=", "application/javascript": "1"}

Shown()

# %%
print("fits")
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small notebook that `make notebooks` has made, in a folder of its own."""
    source = tmp_path_factory.mktemp("small") / "01_small.py"
    source.write_text(SMALL)
    tool.make(source)
    return source


def test_a_made_notebook_keeps_all_rules(made):
    assert [complaint for rule in RULES for complaint in rule(made, read(made))] == []


def test_making_twice_gives_the_same_bytes(made):
    before = made.with_suffix(".ipynb").read_bytes()
    tool.make(made)
    assert made.with_suffix(".ipynb").read_bytes() == before


def plant_other_text(notebook):
    notebook.cells[2].source += "\n# edited in the browser"


def plant_long_cell(notebook):
    notebook.cells[2].source = "\n".join(["x = 1"] * 13)


def plant_unrun_cell(notebook):
    notebook.cells[2].execution_count = None


def plant_widget_view(notebook):
    notebook.cells[1].outputs[0].data[tool.WIDGET] = {"model_id": "1234"}


def plant_widget_state(notebook):
    notebook.metadata["widgets"] = {"state": {}}


def plant_megabyte(notebook):
    notebook.cells[1].outputs[0].data["image/png"] = "A" * 1_000_000


@pytest.mark.parametrize(
    ("rule", "plant"),
    [
        (parts_from_source, plant_other_text),
        (long_cells, plant_long_cell),
        (unrun_cells, plant_unrun_cell),
        (untidy_outputs, plant_widget_view),
        (untidy_outputs, plant_widget_state),
        (large_file, plant_megabyte),
    ],
)
def test_rule_catches_a_planted_fault(rule, plant, made):
    notebook = read(made)
    plant(notebook)
    assert len(rule(made, notebook)) == 1


def test_widget_without_twins_is_refused(made):
    notebook = read(made)
    plant_widget_view(notebook)
    del notebook.cells[1].outputs[0].data["image/png"]
    with pytest.raises(tool.NotebookError, match="cell 1 shows a widget without"):
        tool.normalise(notebook)


def test_widget_with_text_and_html_is_kept_without_its_view(made):
    notebook = read(made)
    plant_widget_view(notebook)
    shown = notebook.cells[1].outputs[0].data
    shown["text/html"] = shown.pop("image/png")
    tool.normalise(notebook)
    assert shown.keys() == {"text/plain", "text/html"}
    del shown["text/plain"]
    plant_widget_view(notebook)
    with pytest.raises(tool.NotebookError, match="cell 1 shows a widget without text/plain"):
        tool.normalise(notebook)


def nbval(folder):
    """Run nbval as `make test` does; return its exit status and text."""
    shutil.copy(tool.FOLDER / "conftest.py", folder)
    command = [sys.executable, "-m", "pytest", "-c", str(tool.FOLDER.parent / "pyproject.toml")]
    options = ["-p", "no:cacheprovider", "--nbval", "--nbval-current-env", str(folder)]
    done = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("held", "planted"), [("41 objects", "42 objects"), ("fits", "does not fit")])
def test_nbval_catches_a_planted_output(held, planted, made, tmp_path):
    saved = Path(shutil.copy(made.with_suffix(".ipynb"), tmp_path))
    assert nbval(tmp_path)[0] == 0
    notebook = nbformat.read(saved, as_version=4)
    outputs = [out.get("data", out) for cell in code_cells(notebook) for out in cell.outputs]
    for out, key in ((out, key) for out in outputs for key in ("text", "text/plain") if key in out):
        out[key] = out[key].replace(held, planted)
    nbformat.write(notebook, saved)
    status, text = nbval(tmp_path)
    assert status == 1
    assert "Cell outputs differ" in text
