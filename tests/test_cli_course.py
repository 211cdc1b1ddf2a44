"""`arenalab course`: what it copies, what it opens, what it says."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from arenalab import cli_course, workbook
from arenalab.cli import main

ROOT = Path(workbook.__file__).parents[1]


@pytest.fixture
def served(monkeypatch, tmp_path):
    """What JupyterLab would have been started with."""
    asked = []
    monkeypatch.setattr(cli_course, "serve", lambda arguments: asked.append(arguments) or 0)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.chdir(tmp_path)
    return asked


def test_copies_and_opens_the_map_of_the_course(served, tmp_path, capsys):
    assert main(["course", "mine", "--no-browser", "--port=9"]) == 0
    where = [f"--ServerApp.root_dir={tmp_path / 'mine'}", "--LabApp.default_url=/lab/tree/index.ipynb"]
    assert served == [[*where, "--no-browser", "--port=9"]]
    assert (tmp_path / "mine/index.ipynb").is_file()
    assert capsys.readouterr().out.startswith("ArenaLab: mine: your copy of the workbook, ")


def test_value_of_an_option_of_jupyters_is_no_folder(served, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "ROOT", tmp_path)
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    assert main(["course", "--no-browser", "--port", "9871"]) == 0
    assert served[0][2:] == ["--no-browser", "--port", "9871"]
    assert main(["course", "--port", "9871", "--copy-only"]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"arenalab-course", "notebooks"}
    assert len(served) == 1


def test_copy_only_opens_nothing_and_a_second_time_says_that_all_is_there(
    served, tmp_path, capsys, monkeypatch
):
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    assert main(["course", "mine", "--copy-only"]) == 0
    capsys.readouterr()
    assert main(["course", "mine", "--copy-only"]) == 0
    assert capsys.readouterr().out == "ArenaLab: mine: your copy of the workbook is up to date\n"
    assert served == []
    assert (tmp_path / "mine/data").is_dir()


def test_without_jupyterlab_nothing_is_copied_and_one_line_says_how_to_get_it(
    served, tmp_path, capsys, monkeypatch
):
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    assert main(["course", "mine"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "jupyterlab is missing; install with: " in told
    assert served == list(tmp_path.iterdir()) == []


def test_folder_that_can_not_be_made_is_one_error(served, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["course", "file"]) == 2
    assert capsys.readouterr().err.startswith("arenalab course: the workbook can't be copied to file: ")
    assert served == []
