"""The CI script passes a whole green run, and nothing else. `make` is played by a script that prints and exits."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / ".ci" / "run"
TESTS = """======= 300 passed in 61.20s (0:01:01) =======
left to `make rest`: 40 tests (30 slow, 10 browser); `make check` runs both"""
NOTEBOOKS = "======= 12 passed in 4.00s ======="
REST = "======= 40 passed in 80.00s (0:01:20) ======="


def run_ci(
    folder, printed, rest=REST, *, status=0, rest_status=0, ratios_status=0, fuzz_status=0, npm_status=0
):
    """Run the script where `make test` and `make rest` print so and `npm` does nothing; return status and output."""
    (folder / ".ci").mkdir()
    shutil.copy(SCRIPT, folder / ".ci" / "run")
    stand_in = folder / "bin" / "make"
    stand_in.parent.mkdir()
    stand_in.write_text(
        '#!/bin/sh\necho "$1: $ARENALAB_REQUIRE_BROWSER $ARENALAB_REQUIRE_NODE $HYPOTHESIS_PROFILE"\n'
        f'if [ "$1" = rest ]; then\ncat <<"END"\n{rest}\nEND\nexit {rest_status}\nfi\n'
        f'if [ "$1" = ratios ]; then exit {ratios_status}; fi\n'
        f'cat <<"END"\n{printed}\nEND\nexit {status}\n'
    )
    stand_in.chmod(0o755)
    npm = folder / "bin" / "npm"
    npm.write_text(f"#!/bin/sh\nexit {npm_status}\n")
    npm.chmod(0o755)
    for part in ("player", "labextension"):
        (folder / part).mkdir()
    arenalab = folder / ".venv" / "bin" / "arenalab"
    arenalab.parent.mkdir(parents=True)
    arenalab.write_text(f'#!/bin/sh\necho "arenalab $*"\nexit {fuzz_status}\n')
    arenalab.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "HYPOTHESIS_PROFILE"} | {
        "PATH": f"{stand_in.parent}:{os.environ['PATH']}",
        "ARENALAB_CHROMIUM": "/bin/true",
    }
    done = subprocess.run(
        [folder / ".ci" / "run"], env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


GREEN = f"{NOTEBOOKS}\n{TESTS}"


def test_green_run_passes_and_its_closing_lines_are_printed(tmp_path):
    status, output = run_ci(tmp_path, GREEN)
    assert status == 0
    assert f"ci: pytest closed with\n{NOTEBOOKS}\n{TESTS.splitlines()[0]}\n" in output
    assert f"ci: pytest closed with\n{REST}\n" in output
    assert output.endswith("\narenalab fuzz --minutes 0.5\nci: passed\n")


def test_a_difference_that_the_fuzzer_finds_fails_the_run(tmp_path):
    status, output = run_ci(tmp_path, GREEN, fuzz_status=1)
    assert status == 1
    assert "ci: FAILED: the model and real Go differ" in output
    assert "ci: passed" not in output


def test_a_package_that_npm_can_not_get_fails_the_run_before_any_test(tmp_path):
    status, output = run_ci(tmp_path, GREEN, npm_status=1)
    assert status == 1
    assert "ci: FAILED: npm install" in output
    assert "test: 1 1 ci" not in output


def test_what_became_slower_fails_the_run(tmp_path):
    status, output = run_ci(tmp_path, GREEN, ratios_status=1)
    assert status == 1
    assert "ci: FAILED: something is slower than in the last release" in output


def test_what_failed_before_the_time_was_up_is_said_last(tmp_path):
    cut_off = "..F\nFAILED tests/test_one.py::test_sum (call)\nE   assert 4 == 5\n...."
    status, output = run_ci(tmp_path, GREEN, rest=cut_off, rest_status=124)
    assert status == 1
    assert (
        "to its end\nFAILED tests/test_one.py::test_sum (call)\nE   assert 4 == 5\nci: FAILED: make" in output
    )


def test_who_is_out_of_time_fails_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("SECONDS", "1741")  # as if the script had run so long
    status, output = run_ci(tmp_path, GREEN)
    assert status == 1
    assert "ci: FAILED: make test (exit 124; 124 is the time limit)" in output


def test_browser_node_and_all_random_programs_are_asked_for(tmp_path):
    output = run_ci(tmp_path, GREEN)[1]
    assert "test: 1 1 ci\n" in output
    assert "rest: 1 1 ci\n" in output


@pytest.mark.parametrize(
    ("printed", "rest", "statuses"),
    [
        (GREEN, REST, {"status": 2}),
        (GREEN, REST, {"rest_status": 2}),
        ("", REST, {}),
        (TESTS, REST, {}),
        (f"{TESTS}\n======= 11 passed, 1 skipped in 4.00s =======", REST, {}),
        (GREEN.replace("300 passed", "299 passed, 1 xfailed"), REST, {}),
        (GREEN.replace("300 passed", "1 failed, 299 passed"), REST, {"status": 2}),
        (f"{TESTS}\n======= no tests ran in 0.10s =======", REST, {"status": 5}),
        (GREEN, "", {}),
        (GREEN, "======= 39 passed, 1 skipped in 80.00s (0:01:20) =======", {}),
        (GREEN, "======= 39 passed in 80.00s (0:01:20) =======", {}),
        (GREEN.partition("left to")[0], REST, {}),
    ],
    ids=[
        "make test fails",
        "make rest fails",
        "nothing ran",
        "no notebooks",
        "skip",
        "xfail",
        "failure",
        "no notebook tests",
        "nothing of the rest ran",
        "skip in the rest",
        "less than what was left",
        "nobody says what was left",
    ],
)
def test_anything_less_fails(tmp_path, printed, rest, statuses):
    status, output = run_ci(tmp_path, printed, rest, **statuses)
    assert status == 1
    assert "ci: FAILED: " in output
    assert "ci: passed" not in output
