"""The saved notebooks are what their sources say, whole, small and free of dead widgets.

That their outputs are right is checked by `pytest --nbval notebooks`, which runs them.
"""

import re
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest

from tools import notebooks as tool

LONGEST_CELL_LINES = 12
BUILDS = re.compile(r'(arenalab\.)?Exercise\("build-')
ASKS = re.compile(r"(arenalab\.)?Exercise\(")
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


#: What every chapter has, in this order.
PARTS = (
    "# ",
    "*You need:*",
    "## Look",
    "## Against the real Go",
    "## What we learned",
    "## Exercises",
    "*Sources:",
)
#: Chapters that measure real Go from their first cell on have no separate part for it.
MEASURED = {
    "12_should_i_use_arenas": {"## Look", "## Against the real Go"},
    "14_would_it_help_my_program": {"## Against the real Go"},
    "19_do_arenas_still_pay": {"## Look", "## Against the real Go"},
}
FEWEST_EXERCISES = 3


def chapter(source):
    """Return whether a notebook is a chapter with exercises: all with a number but 13 and the inventory, 20."""
    return source.stem[:2].isdigit() and source.stem[:2] not in ("13", "20")


def prose(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def missing_parts(source, notebook):
    """Complain about a chapter that lacks a part, or has it out of order."""
    lines, at, complaints = prose(notebook).splitlines(), 0, []
    for part in PARTS if chapter(source) else ():
        if part in MEASURED.get(source.stem, ()):
            continue
        found = next((n for n in range(at, len(lines)) if lines[n].startswith(part)), None)
        if found is None:
            complaints.append(f"{source.stem}: no line that begins with {part!r} behind the part before")
        else:
            at = found
    return complaints


def unlinked_next(source, notebook):
    """Complain about a chapter that does not lead to the next one."""
    if not chapter(source):
        return []
    following = f"{int(source.stem[:2]) + 1:02}_"
    there = any(each.stem.startswith(following) for each in tool.sources())
    if not there or f"]({following}" in prose(notebook).partition("*Sources:")[2]:
        return []
    return [f"{source.stem}: no link to the next notebook at its end"]


def few_exercises(source, notebook):
    """Complain about a chapter with too little to do."""
    asked = [cell for cell in code_cells(notebook) if ASKS.match(cell.source)]
    few = chapter(source) and len(asked) < FEWEST_EXERCISES
    return [f"{source.stem}: {len(asked)} exercises, at least {FEWEST_EXERCISES}"] if few else []


def unclaimed_pictures(source, notebook):
    """Complain about a chapter that shows pictures and never says what to see in them."""
    pages = [
        page for cell in code_cells(notebook) for out in cell.outputs for page in out.get("data", {}).items()
    ]
    shown = any(form == "image/png" or (form == "text/html" and "<img" in page) for form, page in pages)
    silent = chapter(source) and shown and "**Claim:" not in prose(notebook)
    return [f"{source.stem}: pictures, but no **Claim:** before them"] if silent else []


def unasserted_lesson(source, notebook):
    """Complain about a chapter whose lessons are only told."""
    last = [cell.source for cell in code_cells(notebook) if not ASKS.match(cell.source)][-1]
    compared = "assert report.ok" in last or source.stem in MEASURED
    told = chapter(source) and not (compared and last.count("assert ") >= 3)
    return [f"{source.stem}: what was learned is not asserted"] if told else []


def unfolded_predictions(source, notebook):
    """Complain about a chapter that asks for a prediction above an output that is seen."""
    asked = [at for at, cell in enumerate(notebook.cells) if "**Predict:**" in cell.source]
    below = [next(c for c in notebook.cells[at:] if c.cell_type == "code") for at in asked]
    seen = [cell for cell in below if not cell.metadata.get("jupyter", {}).get("outputs_hidden")]
    return [f"{source.stem}: {len(seen)} predictions, but the output is not folded"] if seen else []


def nothing_to_construct(source, notebook):
    """Complain about a chapter in which its reader writes no program."""
    built = any(BUILDS.match(cell.source) for cell in code_cells(notebook))
    there = source.stem == "index" or source.stem.startswith("20_") or built
    return [] if there else [f"{source.stem}: no exercise that asks for a program"]


def installing_cells(source, notebook):
    """Complain about cells that install or shell out."""
    said = [line for cell in code_cells(notebook) for line in cell.source.splitlines()]
    return [f"{source.stem}: {line}" for line in said if re.match(r"\s*[!%]|.*pip install", line)]


RULES = [
    *(parts_from_source, long_cells, unrun_cells, untidy_outputs, large_file, missing_parts, unlinked_next),
    *(few_exercises, unclaimed_pictures, unasserted_lesson, installing_cells, unfolded_predictions),
    nothing_to_construct,
]
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


def anchors(page):
    """Return what headings of a Markdown page can be linked to, as code-hosting sites and JupyterLab both do."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {heading.strip().replace(" ", "-") for heading in headings if heading == heading.lower()}


def dead_links(text, folder):
    """Return the links of a notebook or page that lead to no file, or to no heading of a page."""
    dead, text = [], re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    for target, anchor in re.findall(r"\]\(([^)#:\s]+)(?:#([^)]*))?\)", text):
        path = folder / target
        if not path.exists() or (anchor and anchor not in anchors(path)):
            dead.append(f"{target}#{anchor}" if anchor else target)
    return dead


@pytest.mark.parametrize("source", tool.sources(), ids=lambda path: path.stem)
def test_links_lead_to_files_and_headings(source):
    text = prose(read(source))
    assert dead_links(text, tool.FOLDER) == []
    if chapter(source):
        assert "](glossary.md#" in text


def test_glossary_links_lead_somewhere_and_every_term_has_a_source():
    text = (tool.FOLDER / "glossary.md").read_text(encoding="utf-8")
    assert dead_links(text, tool.FOLDER) == []
    terms = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert len(terms) > 15
    assert [term.split("\n")[0] for term in terms] == sorted(term.split("\n")[0] for term in terms)
    assert [
        it.split("\n")[0]
        for it in terms
        if not re.search(r"^\*.*(Go 1\.2\d|ArenaLab)", it, re.MULTILINE | re.DOTALL)
    ] == []


def test_dead_links_are_noticed(tmp_path):
    (tmp_path / "page.md").write_text("# Page\n\n## full list\n")
    text = (
        "[a](page.md#full-list) [b](page.md#Page) [c](02_missing.ipynb) [d](page.md) [e](https://go.dev/#x)"
    )
    assert dead_links(text, tmp_path) == ["page.md#Page", "02_missing.ipynb"]


def test_map_leads_to_every_notebook():
    text = prose(read(tool.FOLDER / "index.py"))
    named = [source.stem for source in tool.sources() if source.stem != "index"]
    assert [stem for stem in named if f"]({stem}.ipynb)" not in text] == []


SMALL = """# %% [markdown]
# # A small notebook
#
# *You need:* nothing.
#
# ## Look
#
# **Claim: there are 41.**

# %%
Exercise = str
class Shown:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": "41 objects", "image/png": "iVBORw0KGgo=", "application/javascript": "1"}

Shown()

# %%
GO = "pick_go()"
print("fits")

# %% [markdown]
# **Predict:** what is it?

# %% jupyter={"outputs_hidden": true}
print("it is 41")

# %% [markdown]
# ## Against the real Go
# ## What we learned

# %%
class report:
    ok = True
assert report.ok
assert 1
assert 2

# %% [markdown]
# ## Exercises

# %%
Exercise("a")
# %%
Exercise("b")
# %%
Exercise("build-c")

# %% [markdown]
# *Sources: none.*
#
# [Next](02_more.ipynb)
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


def test_a_folded_output_tells_nothing_in_its_first_line(made):
    [cell] = [cell for cell in read(made).cells if cell.metadata.get("jupyter")]
    assert cell.outputs[0].text == " \nit is 41\n"
    assert cell.metadata.tags == ["hide-output"]


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


def plant_seen_prediction(notebook):
    [cell] = [cell for cell in notebook.cells if cell.metadata.get("jupyter")]
    del cell.metadata["jupyter"]


def replaced(old, new):
    """Return a plant that writes one text for another, in whatever cell holds it."""

    def plant(notebook):
        [cell] = [cell for cell in notebook.cells if old in cell.source]
        cell.source = cell.source.replace(old, new)

    return plant


@pytest.mark.parametrize(
    ("rule", "plant"),
    [
        (missing_parts, replaced("*You need:*", "You need")),
        (missing_parts, replaced("## Exercises", "## Tasks")),
        (unlinked_next, replaced("02_more", "03_more")),
        (few_exercises, replaced('Exercise("b")', "")),
        (unclaimed_pictures, replaced("**Claim:", "**See:")),
        (unasserted_lesson, replaced("assert report.ok", "report.ok")),
        (unasserted_lesson, replaced("assert 2", "print(2)")),
        (installing_cells, replaced('print("fits")', "!pip install fits")),
        (unfolded_predictions, plant_seen_prediction),
        (nothing_to_construct, replaced("build-c", "c")),
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


def test_widget_whose_next_output_is_read_without_a_kernel_is_left_out_whole(made):
    notebook = read(made)
    live = nbformat.v4.new_output("display_data", {tool.WIDGET: {"model_id": "1234"}})
    notebook.cells[1].outputs.insert(0, deepcopy(live))
    kept = notebook.cells[1].outputs[1].data.copy()
    tool.normalise(notebook)
    assert [output.data for output in notebook.cells[1].outputs] == [kept]
    notebook.cells[1].outputs.append(live)
    with pytest.raises(tool.NotebookError, match="cell 1 shows a widget without"):
        tool.normalise(notebook)


def nbval(folder):
    """Run nbval as `make test` does; return its exit status and text, without the summary, longer where `CI` is set."""
    shutil.copy(tool.FOLDER / "conftest.py", folder)
    command = [sys.executable, "-m", "pytest", "-c", str(tool.FOLDER.parent / "pyproject.toml")]
    options = ["-v", "-rN", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env", str(folder)]
    done = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.slow
def test_nbval_catches_a_planted_output(made, tmp_path):
    """One in what is printed, one in what is shown; beside it is the notebook as it was."""
    saved = Path(shutil.copy(made.with_suffix(".ipynb"), tmp_path))
    notebook = nbformat.read(saved, as_version=4)
    outputs = [out.get("data", out) for cell in code_cells(notebook) for out in cell.outputs]
    for out, key in ((out, key) for out in outputs for key in ("text", "text/plain") if key in out):
        out[key] = out[key].replace("41 objects", "42 objects").replace("fits", "does not fit")
    nbformat.write(notebook, tmp_path / "planted.ipynb")
    status, text = nbval(tmp_path)
    assert status == 1
    assert re.findall(r"planted\.ipynb::Cell (\d) FAILED", text) == ["0", "1"]
    assert text.count("Cell outputs differ") == text.count(" FAILED ") == 2


def test_what_real_go_said_is_the_same_in_course_and_tests():
    tests = Path(__file__).parent / "data"
    assert (tool.FOLDER / "data" / "surroundings.jsonl").read_text() == (
        tests / "surroundings-releases.jsonl"
    ).read_text()


@pytest.mark.parametrize("source", tool.sources(), ids=lambda path: path.stem)
def test_notebook_needs_nothing_outside_its_folder(source):
    """A reader may have copied the notebooks alone."""
    assert "../" not in "".join(cell.source for cell in code_cells(read(source)))
