"""The reader's copy of the workbook: whole, kept from run to run, brought up to date, nothing in it lost."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from arenalab import workbook
from arenalab.workbook import GIVEN, PROGRESS, WorkbookError, bring_up_to_date
from tools import notebooks as tool

ROOT = Path(__file__).resolve().parent.parent
CHAPTER = "01_first_steps.ipynb"
BESIDE = "01_first_steps.new-edition.ipynb"


@pytest.fixture
def source(tmp_path):
    """The chapters as they came, of which a test may make a new edition."""
    folder = tmp_path / "source"
    shutil.copytree(tool.FOLDER, folder, ignore=shutil.ignore_patterns(PROGRESS, "__pycache__", ".*"))
    return folder


@pytest.fixture
def mine(tmp_path, source):
    """A reader's copy."""
    bring_up_to_date(tmp_path / "mine", source)
    return tmp_path / "mine"


def edited(path, words, *, outputs=False):
    """Change the first code cell of a notebook as a person would, or only its output as a run would."""
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    if outputs:
        cell.outputs = [nbformat.v4.new_output("stream", text=words)]
        cell.execution_count, notebook.metadata["widgets"] = 17, {"state": {}}
    else:
        cell.source += f"\n# {words}"
    nbformat.write(notebook, path)


def holds(path, words):
    return words in path.read_text()


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def snapshot(folder):
    return {name: (folder / name).read_bytes() for name in files(folder)}


def test_copy_holds_the_chapters_and_what_they_need(mine, source):
    top = {name for name in files(mine) if "/" not in name} - {GIVEN}
    assert top == {"glossary.md", *(path.with_suffix(".ipynb").name for path in tool.sources())}
    assert len(top) == 22
    assert {name for name in files(mine) if "/" in name} == {
        f"data/{path.name}" for path in (source / "data").iterdir()
    }


def test_all_that_chapters_name_is_in_the_copy(mine):
    for path in mine.glob("*.ipynb"):
        text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
        named = re.findall(r"[\"'](data/[^\"']+)[\"']|\]\(([\w./]+\.(?:ipynb|md))[)#]", text)
        # A chapter whose Go the reader picks names a file for each: data/costs-{GO}.jsonl
        parts = [re.sub(r"\{\w+\}", "*", pair[0] or pair[1]) for pair in named]
        assert [name for name in parts if not list(mine.glob(name))] == []


def test_second_run_changes_nothing_and_says_nothing(mine, source):
    before = snapshot(mine)
    assert bring_up_to_date(mine, source).lines() == []
    assert snapshot(mine) == before


def test_new_edition_of_an_unchanged_chapter_replaces_it(mine, source):
    edited(source / CHAPTER, "second edition")
    (source / "data" / "free.toml").write_text("# second edition\n")
    update = bring_up_to_date(mine, source)
    assert update.updated == [CHAPTER, "data/free.toml"]
    assert holds(mine / CHAPTER, "second edition")
    assert holds(mine / "data" / "free.toml", "second edition")


def test_chapter_that_was_run_keeps_its_outputs_and_is_still_brought_up_to_date(mine, source):
    edited(mine / CHAPTER, "my run", outputs=True)
    assert bring_up_to_date(mine, source).lines() == []
    edited(source / CHAPTER, "other output", outputs=True)
    assert bring_up_to_date(mine, source).lines() == []
    assert holds(mine / CHAPTER, "my run")
    edited(source / CHAPTER, "second edition")
    assert bring_up_to_date(mine, source).updated == [CHAPTER]
    assert holds(mine / CHAPTER, "second edition")


def test_new_outputs_come_to_a_chapter_that_was_never_run(mine, source):
    edited(source / CHAPTER, "other output", outputs=True)
    assert bring_up_to_date(mine, source).lines() == []
    assert (mine / CHAPTER).read_bytes() == (source / CHAPTER).read_bytes()


def test_chapter_that_the_reader_changed_is_kept_and_the_new_edition_is_beside_it(mine, source):
    edited(mine / CHAPTER, "my own words")
    assert bring_up_to_date(mine, source).lines() == []
    edited(source / CHAPTER, "second edition")
    [line] = bring_up_to_date(mine, source).lines()
    assert line == f"{mine}: {CHAPTER} has your changes and is kept; its new edition is {BESIDE}"
    assert holds(mine / CHAPTER, "my own words")
    assert (mine / BESIDE).read_bytes() == (source / CHAPTER).read_bytes()


def test_edition_beside_is_offered_once_replaced_by_the_next_and_gone_when_taken_over(mine, source):
    edited(mine / CHAPTER, "my own words")
    edited(source / CHAPTER, "second edition")
    bring_up_to_date(mine, source)
    assert bring_up_to_date(mine, source).lines() == []
    (mine / BESIDE).unlink()
    assert bring_up_to_date(mine, source).lines() == []
    assert not (mine / BESIDE).exists()
    edited(source / CHAPTER, "third edition")
    bring_up_to_date(mine, source)
    edited(source / CHAPTER, "fourth edition")
    assert bring_up_to_date(mine, source).beside == {CHAPTER: BESIDE}
    assert holds(mine / BESIDE, "fourth edition")
    (mine / CHAPTER).unlink()
    assert bring_up_to_date(mine, source).new == [CHAPTER]
    bring_up_to_date(mine, source)
    assert holds(mine / CHAPTER, "fourth edition")
    assert not (mine / BESIDE).exists()


def test_edition_beside_that_the_reader_changed_is_kept_too(mine, source):
    edited(mine / CHAPTER, "my own words")
    edited(source / CHAPTER, "second edition")
    bring_up_to_date(mine, source)
    edited(mine / BESIDE, "more of my words")
    edited(source / CHAPTER, "third edition")
    assert bring_up_to_date(mine, source).beside == {CHAPTER: "01_first_steps.new-edition-2.ipynb"}
    assert holds(mine / BESIDE, "more of my words")


def test_what_is_the_readers_own_is_never_touched(mine, source):
    own = {
        "mine.ipynb": "{}",
        "99_mine.ipynb": "[]",
        "notes.md": "x",
        PROGRESS: "mine",
        "data/mine.jsonl": "y",
    }
    for name, text in own.items():
        (mine / name).write_text(text)
    (source / PROGRESS).write_text("theirs")
    edited(source / CHAPTER, "second edition")
    bring_up_to_date(mine, source)
    assert {name: (mine / name).read_text() for name in own} == own


def test_progress_kept_beside_the_chapters_comes_along(tmp_path, source):
    (source / PROGRESS).write_text("{}")
    bring_up_to_date(tmp_path / "mine", source)
    assert (tmp_path / "mine" / PROGRESS).read_text() == "{}"


@pytest.mark.parametrize(
    "damage", [None, "", "[]", '{"arenalab workbook": 1, "files": 3}', '{"arenalab workbook": 2}']
)
def test_without_a_memory_of_what_was_copied_all_that_differs_is_kept(mine, source, damage):
    (mine / GIVEN).unlink() if damage is None else (mine / GIVEN).write_text(damage)
    edited(mine / CHAPTER, "my own words")
    assert bring_up_to_date(mine, source).beside == {CHAPTER: BESIDE}
    assert holds(mine / CHAPTER, "my own words")


def test_chapter_that_is_no_more_goes_unless_it_was_changed(mine, source):
    edited(mine / CHAPTER, "my own words")
    gone = "02_two_ends.ipynb"
    for name in (CHAPTER, gone):
        (source / name).unlink()
    assert bring_up_to_date(mine, source).lines() == []
    assert (mine / CHAPTER).exists()
    assert not (mine / gone).exists()


def test_notebook_that_is_no_notebook_any_more_is_kept(mine, source):
    (mine / CHAPTER).write_bytes(b"\xff{")
    edited(source / CHAPTER, "second edition")
    assert bring_up_to_date(mine, source).beside == {CHAPTER: BESIDE}
    assert (mine / CHAPTER).read_bytes() == b"\xff{"


def test_folder_that_can_not_be_made_is_one_error(tmp_path, source, capsys, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(WorkbookError, match="can't be copied"):
        bring_up_to_date(tmp_path / "file", source)
    monkeypatch.setattr(workbook, "ROOT", tmp_path)
    assert workbook.main([str(tmp_path / "mine")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_copy_of_a_clone_is_in_it_and_of_a_package_where_one_stands(tmp_path, monkeypatch):
    assert workbook.reader_folder() == ROOT / "workbook"
    monkeypatch.setattr(workbook, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert workbook.reader_folder() == Path("arenalab-course")
    (tmp_path / GIVEN).touch()
    assert workbook.reader_folder() == Path()


def test_chapters_come_with_a_package_too(tmp_path, source, monkeypatch):
    monkeypatch.setattr(workbook, "ROOT", tmp_path)
    with pytest.raises(WorkbookError, match="reinstall ArenaLab"):
        workbook.source_folder()
    shutil.copytree(source, tmp_path / "arenalab/notebooks")
    assert workbook.source_folder() == tmp_path / "arenalab/notebooks"


def test_copy_is_no_part_of_the_project():
    """Neither git nor the checks of `make test` see it: a reader's spelling is the reader's."""
    ignored = subprocess.run(
        [shutil.which("git"), "check-ignore", "workbook/x.py"], cwd=ROOT, check=False, capture_output=True
    )
    assert ignored.returncode == 0
    assert "workbook" in re.search(r'^skip = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[
        1
    ].split(",")


@pytest.fixture
def clone(tmp_path, source):
    """A clone in which `make lab` runs, with JupyterLab played by a script that keeps what it is asked."""
    folder = tmp_path / "clone"
    shutil.copytree(ROOT / "arenalab", folder / "arenalab", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(source, folder / "notebooks")
    for name in ("Makefile", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    tools = folder / ".venv" / "bin"
    tools.mkdir(parents=True)
    (tools / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (tools / "jupyter").write_text('#!/bin/sh\necho "asked: $*"\n')
    for name in ("pip", "../.lab-installed"):
        (tools / name).touch()
    for name in ("python", "jupyter"):
        (tools / name).chmod(stat.S_IRWXU)
    return folder


def make_lab(clone):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [shutil.which("make"), "lab", "ARGS=--no-browser"],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_make_lab_serves_the_copy_and_leaves_the_chapters_alone(clone):
    before = snapshot(clone / "notebooks")
    said = make_lab(clone)
    assert "asked: lab " in said
    assert "--ServerApp.root_dir=workbook --LabApp.default_url=/lab/tree/index.ipynb --no-browser" in said
    edited(clone / "workbook" / CHAPTER, "my run", outputs=True)
    (clone / "workbook" / "mine.ipynb").write_text("{}")
    make_lab(clone)
    assert holds(clone / "workbook" / CHAPTER, "my run")
    assert (clone / "workbook" / "mine.ipynb").read_text() == "{}"
    assert snapshot(clone / "notebooks") == before


def test_what_is_remembered_is_plain_json(mine):
    told = json.loads((mine / GIVEN).read_text())
    assert set(told["files"]) == files(mine) - {GIVEN}
