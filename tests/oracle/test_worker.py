"""No worker of a fuzz run outlives it, nor does the program that the worker runs."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.oracle.waiting import within

RUN = """
import subprocess, sys
from concurrent.futures import ProcessPoolExecutor
from arenalab.oracle.worker import start_worker
with ProcessPoolExecutor(2, initializer=start_worker) as executor:
    list(executor.map(subprocess.run, [["sleep", "100"]] * 2))
"""


def living(session):
    """Return the processes of a session that are not merely waiting to be taken."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, *numbers = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:  # it has ended
            continue
        found += [entry.name] if int(numbers[2]) == session and state != "Z" else []
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_killed_leaves_no_worker_and_no_program(number):
    with subprocess.Popen([sys.executable, "-c", RUN], start_new_session=True) as run:
        assert within(30, lambda: len(living(run.pid)) == 5)  # the run, two workers, two programs
        os.kill(run.pid, number)
        run.wait(timeout=30)
    assert within(10, lambda: not living(run.pid))
