"""Mistakes of a new user: every one is met with one error of ArenaLab's own, whose text stands in a file."""

import subprocess
import sys

import pytest

from arenalab.errors import ScenarioError
from tools import mistakes, mistakes_made
from tools.mistakes_made import COMMANDS

IN_PYTHON = len(mistakes.PYTHON)


@pytest.fixture(scope="module")
def told():
    return mistakes.lines()


def test_no_mistake_is_met_with_a_bare_error_or_silence(told):
    assert [line for line in told if "BARE" in line or mistakes.SILENCE in line or "Traceback" in line] == []
    assert len(told) == IN_PYTHON + len(COMMANDS) >= 490


def test_no_mistake_breaks_the_program(told):
    assert [line for line in told if mistakes.BROKEN in line] == []


def test_planted_broken_program_is_seen():
    def broken():
        machine = mistakes_made.machine()
        machine.history.world.ready.append(9)
        raise ScenarioError("no")

    assert list(mistakes.said({"a": broken})) == ["a: ScenarioError: no", f"a: {mistakes.BROKEN}"]


def test_what_is_said_is_what_the_file_says(told):
    assert told == mistakes.GOLDEN.read_text(encoding="utf-8").splitlines()


def test_command_line_says_one_line_and_exits_with_2(told):
    for line in told[IN_PYTHON:]:
        status = line.rsplit(": 2: ", 1)
        assert len(status) == 2, line
        assert " | " not in status[1] or line.startswith("arenalab type"), (
            line
        )  # that one points into the text


def test_each_python_error_says_what_was_expected(told):
    typed = [line for line in told[:IN_PYTHON] if ": ArgumentError: " in line or ": NoSuchError: " in line]
    assert len(typed) >= 240
    assert [line for line in typed if "got " not in line or "expected " not in line] == []


def test_planted_bare_error_and_silence_are_seen():
    faults = {"a": lambda: {}["key"], "b": lambda: None}
    assert list(mistakes.said(faults)) == ["a: BARE KeyError: 'key'", "b: nothing was said (None)"]


def test_the_command_itself_ends_so():
    done = subprocess.run(
        [sys.executable, "-m", "arenalab.cli", "check", "nowhere"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
