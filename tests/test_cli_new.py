"""`arenalab new lesson`: what it writes passes its checks, and nothing of the author's is overwritten."""

import json
import subprocess
import sys

import pytest

from arenalab.cli import main

NAME = "who-gets-the-chunk"


@pytest.mark.slow
def test_lesson_passes_its_checks(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "lesson", NAME, "--folder", "mine", "--py"]) == 0
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == [
        f"{NAME}.{kind}" for kind in ("ipynb", "py", "toml")
    ]
    assert f"mine/{NAME}.ipynb: written" in capsys.readouterr().out
    assert main(["check", f"mine/{NAME}.toml"]) == 0
    assert "3 expectations, 0 broken" in capsys.readouterr().out
    notebook = tmp_path / "mine" / f"{NAME}.ipynb"
    assert "widget-view" not in notebook.read_text()
    outputs = [cell.get("outputs", []) for cell in json.loads(notebook.read_text())["cells"]]
    assert any("LifeCycle" in str(output) or "<img" in str(output) for output in outputs)
    assert f"Exercise {NAME}, seed 1: " in str(outputs[-2])
    assert "chunk 0 put on the reuse list" in str(outputs)
    nbval = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env", str(notebook)]
    done = subprocess.run([sys.executable, *nbval], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Who gets it", "a lesson can't be called 'Who gets it'; expected lower-case words joined by '-'"),
        ("../who", "a lesson can't be called '../who'"),
        ("which-end", "an exercise of the course is called 'which-end'"),
    ],
)
def test_name_that_can_not_be_used_is_refused(name, says, capsys, tmp_path):
    assert main(["new", "lesson", name, "--folder", str(tmp_path)]) == 2
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_there_stay(tmp_path, capsys):
    there = tmp_path / f"{NAME}.toml"
    there.write_text("mine")
    assert main(["new", "lesson", NAME, "--folder", str(tmp_path)]) == 2
    assert f"{there} is there already; name another file or use --force" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [there.name]
    assert there.read_text() == "mine"
