"""`make test` says how many tests it left to `make rest`, however many processes ran; the two are all tests."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests import examples

ROOT = Path(__file__).parents[1]
SOME = """
import pytest

def test_quick(): pass
@pytest.mark.slow
def test_slow(): pass
@pytest.mark.browser
def test_browser(): pass
@pytest.mark.slow
@pytest.mark.browser
def test_both(): pass
@pytest.mark.browser
@pytest.mark.brief
def test_brief(): pass
"""


def expressions():
    """Return what `make test` and `make rest` give to pytest's -m."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.findall(r"pytest -n \w+ \$\(PARALLEL\).* -m (\".*?\") \$\(ARGS\)", makefile)
    return [shlex.split(text)[0] for text in found]


SETTINGS = """[tool.pytest.ini_options]
markers = ["slow: a", "brief: a", "browser: a"]
"""


def closing(folder, *options, tests=SOME, lines=3):
    """Run tests where `tests/left.py` is the conftest; return its last lines, and its status."""
    (folder / "pyproject.toml").write_text(SETTINGS)
    (folder / "conftest.py").write_text((ROOT / "tests/left.py").read_text(encoding="utf-8"))
    (folder / "test_some.py").write_text(tests)
    command = [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "no:cacheprovider", *options]
    # Other plugins take seconds to import.
    alone = {"env": os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, "cwd": folder}
    done = subprocess.run(command, **alone, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[-lines:], done.returncode


@pytest.mark.parametrize("processes", [[], ["-n", "2"]], ids=["alone", "workers"])
def test_what_is_left_is_counted_and_run_by_the_other_command(tmp_path, processes):
    test, rest = expressions()
    (left, memory, passed), _ = closing(tmp_path, "-m", test, *processes)
    assert left == "left to `make rest`: 3 tests (2 slow, 1 browser); `make check` runs both"
    assert re.fullmatch(r"most memory of a process: \d\d+ MB", memory)
    assert " 2 passed" in passed
    assert " 3 passed" in closing(tmp_path, "-m", rest, *processes)[0][-1]


@pytest.mark.parametrize("processes", [[], ["-n", "2"]], ids=["alone", "workers"])
def test_run_that_takes_more_memory_than_it_may_fails(tmp_path, processes):
    words = ["-k", "quick", *processes]
    lines, status = closing(tmp_path, *words, "--most-megabytes", "2")
    assert re.search(r"of a process: \d\d+ MB: FAILED, it may be 2", "".join(lines))
    assert "left to" not in "".join(lines)
    assert status == 1
    assert (
        closing(tmp_path, *words, "--most-megabytes", "100000")[1] == 0
    )  # a process is told what its parent had


RED = """
def test_red(): assert 2 + 2 == 5
"""
TOLD = ["FAILED test_some.py::test_red (call)", "E   assert (2 + 2) == 5"]


def test_run_that_is_cut_off_has_told_what_failed(tmp_path):
    cut_off = "def test_of_a_killed_process(): import os; os.kill(os.getpid(), 9)"
    lines, status = closing(tmp_path, tests=RED + cut_off, lines=100)
    assert lines[lines.index(TOLD[0]) :][:2] == TOLD
    assert status == -9


def test_each_failure_of_a_worker_is_told_once(tmp_path):
    lines, _ = closing(tmp_path, "-n", "2", tests=RED, lines=100)
    assert lines.count(TOLD[0]) == 1
    assert lines[lines.index(TOLD[0]) :][:2] == TOLD


def test_a_weekly_run_tries_all_examples_and_nobody_tries_none():
    assert [examples.number(asked, "fresh") for asked in (1, 4, 40)] == [1, 4, 40]
    for profile in ("dev", "ci"):
        assert [examples.number(asked, profile) for asked in (1, 4, 40, 200)] == [1, 4, 10, 50]


DRAWING = """
import importlib, sys
from hypothesis import given, strategies
from tests.examples import load_profile

load_profile()
importlib.import_module(sys.argv[1])

@given(strategies.lists(strategies.integers(), min_size=40))
def drawn(numbers):
    print(*numbers)

drawn()
"""


def drawn(profile, loaded):
    """Return what a test draws under a profile when a module is loaded."""
    command = [sys.executable, "-c", DRAWING, loaded]
    told = {"env": os.environ | {"HYPOTHESIS_PROFILE": profile}, "capture_output": True, "text": True}
    return subprocess.run(command, cwd=ROOT, check=True, **told).stdout.split()


def test_ci_draws_the_same_whatever_is_loaded():
    assert drawn("ci", "json") == drawn("ci", "arenalab.go.versions")
    assert drawn("dev", "json") != drawn("dev", "json")
