"""Signals go to the program that is recorded, and a recorder that is killed leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from arenalab.errors import ScenarioError
from arenalab.oracle.own import process
from arenalab.oracle.own.process import run_program
from tests.oracle.waiting import within

PROGRAM = """
import os, signal, sys, time
from pathlib import Path
{on_signal}
Path("ready").touch()
while True:
    time.sleep(0.02)
"""
DRAINS = """
def drain(*_):
    time.sleep(0.4)
    Path("drained").touch()
    sys.exit(3)
signal.signal(signal.SIGINT, drain)
"""
DEAF = "signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)"
PLAIN = "signal.signal(signal.SIGINT, signal.SIG_DFL)"
RECORDER = """
import sys
from pathlib import Path
from arenalab.oracle.own.process import run_program, working_folder
with working_folder(Path(sys.argv[1]), "folder-") as folder:
    program = folder / "watched"
    program.write_bytes(Path("/bin/sleep").resolve().read_bytes())
    program.chmod(0o755)
    run_program([str(program), "100"], {}, cwd=None, quiet=False, seconds=None)
"""


@pytest.fixture
def interrupted(tmp_path):
    """Return a function that runs a program and sends this process signals, one for each file that appears."""

    def run(on_signal, *numbers, seconds=None):
        def send():
            for count, number in enumerate(numbers):
                within(30, (tmp_path / "ready").exists)
                time.sleep(0.3 * (count > 0))
                os.kill(os.getpid(), number)

        sender = threading.Thread(target=send)
        sender.start()
        command = [sys.executable, "-c", PROGRAM.format(on_signal=on_signal)]
        try:
            return run_program(command, dict(os.environ), cwd=tmp_path, quiet=False, seconds=seconds)
        finally:
            sender.join()

    return run


class TestCtrlC:
    def test_a_program_that_drains_is_waited_for(self, interrupted, tmp_path):
        ran = interrupted(DRAINS, signal.SIGINT)
        assert (ran.exit, ran.stopped) == (3, "SIGINT")
        assert (tmp_path / "drained").exists()

    def test_a_program_that_does_not_listen_ends_by_it(self, interrupted):
        ran = interrupted(PLAIN, signal.SIGINT)
        assert (ran.exit, ran.stopped) == (-signal.SIGINT, "SIGINT")

    def test_the_second_one_kills(self, interrupted):
        ran = interrupted(DEAF, signal.SIGINT, signal.SIGINT)
        assert (ran.exit, ran.stopped) == (-signal.SIGKILL, "SIGKILL")

    def test_the_handler_of_before_is_back(self, interrupted):
        before = signal.getsignal(signal.SIGINT)
        interrupted(PLAIN, signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is before

    def test_a_program_started_in_the_background_gets_it_too(self, interrupted):
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does with `&`
        try:
            assert interrupted("", signal.SIGINT).stopped == "SIGINT"
        finally:
            signal.signal(signal.SIGINT, before)

    def test_what_nohup_ignores_stays_ignored(self, interrupted):
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            assert interrupted(PLAIN, signal.SIGHUP, signal.SIGINT).stopped == "SIGINT"
        finally:
            signal.signal(signal.SIGHUP, before)


STARTS_ANOTHER = """
import os, signal, subprocess, time
from pathlib import Path
other = subprocess.Popen(["sleep", "100"])
Path("other").write_text(str(other.pid))
{then}
"""


def is_running(path):
    """Whether the process whose number a file holds is there, and no zombie that nobody has taken yet."""
    state = Path("/proc") / path.read_text() / "stat"
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


class TestWhatTheProgramStarted:
    @pytest.fixture
    def run(self, tmp_path):
        def start(then, seconds=None):
            command = [sys.executable, "-c", STARTS_ANOTHER.format(then=then)]
            return run_program(command, dict(os.environ), cwd=tmp_path, quiet=True, seconds=seconds)

        yield start
        with suppress(ProcessLookupError):
            os.kill(int((tmp_path / "other").read_text()), signal.SIGKILL)

    def test_ends_with_it_when_somebody_kills_it(self, run, tmp_path):
        assert run("os.kill(os.getpid(), signal.SIGKILL)").exit == -signal.SIGKILL
        assert within(10, lambda: not is_running(tmp_path / "other"))

    def test_ends_with_it_when_it_was_asked_to_end(self, run, tmp_path):
        then = "signal.signal(signal.SIGINT, lambda *_: os._exit(3)); time.sleep(100)"
        assert run(then, seconds=1.0).exit == 3
        assert within(10, lambda: not is_running(tmp_path / "other"))

    def test_goes_on_when_it_came_to_its_own_end(self, run, tmp_path):
        assert run("").exit == 0
        assert is_running(tmp_path / "other")


def test_a_program_that_cannot_be_started_is_told(tmp_path):
    with pytest.raises(ScenarioError, match=r"can't be started in .*nowhere: No such file"):
        run_program(["true"], {}, cwd=tmp_path / "nowhere", quiet=True, seconds=None)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_comes_while_the_program_is_started_is_passed_on(monkeypatch, number):
    started = []

    class Interrupted(subprocess.Popen):
        def _execute_child(self, *args, **kwargs):
            super()._execute_child(*args, **kwargs)
            started.append(self.pid)
            os.kill(os.getpid(), number)

    monkeypatch.setattr(process.subprocess, "Popen", Interrupted)
    ran = run_program(["sleep", "100"], dict(os.environ), cwd=None, quiet=True, seconds=None)
    assert (ran.exit, ran.stopped) == (-number, number.name)
    assert not Path(f"/proc/{started[0]}").exists()


class TestATimeIsUp:
    def test_the_program_gets_an_interrupt(self, interrupted):
        ran = interrupted(DRAINS, seconds=1.5)
        assert (ran.exit, ran.stopped) == (3, "SIGINT")

    @pytest.mark.parametrize("how", ["seconds", "SIGTERM"])
    def test_it_is_killed_when_it_does_not_care(self, interrupted, monkeypatch, how):
        monkeypatch.setattr(process, "GRACE", 0.3)
        ran = interrupted(DEAF, seconds=1.5) if how == "seconds" else interrupted(DEAF, signal.SIGTERM)
        assert (ran.exit, ran.stopped) == (-signal.SIGKILL, "SIGKILL")


def test_a_program_that_ends_first_is_left_alone(tmp_path):
    ran = run_program(["true"], dict(os.environ), cwd=tmp_path, quiet=True, seconds=60)
    assert (ran.exit, ran.stopped) == (0, "")
    assert not [
        thread
        for thread in threading.enumerate()
        if isinstance(thread, threading.Timer) and thread.is_alive()
    ]


BUILDS = """
import os, subprocess, sys
from pathlib import Path
from arenalab.oracle.own.process import working_folder
with working_folder(Path(sys.argv[1]), "folder-") as folder:
    subprocess.run(["sleep", "100"], env=os.environ | {"GOTMPDIR": str(folder)})
"""


def running_from(folder):
    """The programs that lie in a folder, and what was told of one."""
    found = []
    for program in Path("/proc").glob("[0-9]*/exe"):
        try:
            known = os.fsencode(folder) in (program.parent / "environ").read_bytes()
            found += [program] if known or program.readlink().is_relative_to(folder) else []
        except OSError:  # it has ended
            continue
    return found


@pytest.mark.skipif(
    not Path("/proc/self/exe").exists() or not shutil.which("sleep"), reason="looks into /proc"
)
@pytest.mark.parametrize(
    ("what", "number"),
    [
        (RECORDER, signal.SIGKILL),
        (RECORDER, signal.SIGTERM),
        (RECORDER, signal.SIGINT),
        (BUILDS, signal.SIGKILL),
    ],
)
def test_a_recorder_that_is_killed_leaves_neither_its_program_nor_its_folder(tmp_path, what, number):
    with subprocess.Popen([sys.executable, "-c", what, str(tmp_path)], start_new_session=True) as recorder:
        assert within(30, lambda: running_from(tmp_path))
        recorder.send_signal(number)
        recorder.wait(timeout=30)
    assert within(10, lambda: not running_from(tmp_path))
    assert within(10, lambda: not list(tmp_path.iterdir()))
