"""The CI script passes a whole green run, and nothing else. `make` is played by a script that prints and exits."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / ".ci" / "run"
TESTS = "======= 300 passed in 61.20s (0:01:01) ======="
NOTEBOOKS = "======= 12 passed in 4.00s ======="


def run_ci(folder, printed, status=0, fuzz_status=0):
    """Run the script in a folder of its own where `make` prints `printed`; return exit status and output."""
    (folder / ".ci").mkdir()
    shutil.copy(SCRIPT, folder / ".ci" / "run")
    stand_in = folder / "bin" / "make"
    stand_in.parent.mkdir()
    stand_in.write_text(
        f'#!/bin/sh\necho "required: $ARENALAB_REQUIRE_BROWSER"\ncat <<"END"\n{printed}\nEND\nexit {status}\n'
    )
    stand_in.chmod(0o755)
    arenalab = folder / ".venv" / "bin" / "arenalab"
    arenalab.parent.mkdir(parents=True)
    arenalab.write_text(f'#!/bin/sh\necho "arenalab $*"\nexit {fuzz_status}\n')
    arenalab.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{stand_in.parent}:{os.environ['PATH']}",
        "ARENALAB_CHROMIUM": "/bin/true",
    }
    done = subprocess.run(
        [folder / ".ci" / "run"], env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def test_green_run_passes_and_its_closing_lines_are_printed(tmp_path):
    status, output = run_ci(tmp_path, f"{TESTS}\n{NOTEBOOKS}")
    assert status == 0
    assert f"ci: pytest closed with\n{TESTS}\n{NOTEBOOKS}\n" in output
    assert output.endswith("\narenalab fuzz --minutes 1\nci: passed\n")


def test_a_difference_that_the_fuzzer_finds_fails_the_run(tmp_path):
    status, output = run_ci(tmp_path, f"{TESTS}\n{NOTEBOOKS}", fuzz_status=1)
    assert status == 1
    assert "ci: FAILED: the model and real Go differ" in output
    assert "ci: passed" not in output


def test_browser_is_required(tmp_path):
    assert "required: 1" in run_ci(tmp_path, TESTS)[1]


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        (f"{TESTS}\n{NOTEBOOKS}", 2),
        ("", 0),
        (TESTS, 0),
        (f"{TESTS}\n======= 11 passed, 1 skipped in 4.00s =======", 0),
        (f"======= 299 passed, 1 xfailed in 60.00s (0:01:00) =======\n{NOTEBOOKS}", 0),
        (f"======= 1 failed, 299 passed in 60.00s (0:01:00) =======\n{NOTEBOOKS}", 2),
        (f"{TESTS}\n======= no tests ran in 0.10s =======", 5),
    ],
    ids=["make fails", "nothing ran", "no notebooks", "skip", "xfail", "failure", "no notebook tests"],
)
def test_anything_less_fails(tmp_path, printed, status):
    assert run_ci(tmp_path, printed, status)[0] == 1
