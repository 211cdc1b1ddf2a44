"""Run a person's program: signals are passed on to it, and nothing of it is left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from arenalab.errors import ScenarioError

GRACE = 10.0  # seconds that a program has to end itself, unless a person waits who can press Ctrl-C again
EVERY = 0.2  # seconds between two calls of who watches a program
CHANGES = sum((os.WEXITED, os.WSTOPPED, os.WNOWAIT))  # the program ended or was stopped: look, don't take
SEEN = sum((os.WSTOPPED, os.WNOHANG))
PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Run:
    """How a program's run ended: its exit code, the seconds it took, the signal that was sent to it."""

    exit: int
    seconds: float
    stopped: str = ""


def ended(exit_code: int) -> str:
    """How a program ended, in words, by its exit code: negative for the signal that ended it."""
    return f"exit status {exit_code}" if exit_code >= 0 else f"ended by {signal_name(-exit_code)}"


def signal_name(number: int) -> str:
    """What a signal is called: SIGKILL, say; most of Linux's real-time ones have a number only."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


@contextmanager
def working_folder(beside: Path | None = None, prefix: str = "arenalab-") -> Iterator[Path]:
    """A temporary folder that goes away even if this process is killed, and with it what runs from it."""
    with tempfile.TemporaryDirectory(dir=beside, prefix=prefix, ignore_cleanup_errors=True) as name:
        folder = Path(name).absolute()
        with _janitor(folder):
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)  # before the janitor looks


@contextmanager
def _janitor(folder: Path) -> Iterator[None]:
    command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("janitor.py")), str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd="/", start_new_session=True,
    ):  # fmt: skip
        yield  # leaving closes its input, and waits for it


def run_program(
    command: Sequence[str],
    environment: dict[str, str],
    *,
    cwd: Path | None,
    quiet: bool,
    seconds: float | None,
    stdin: IO[bytes] | int | None = None,
    watch: Callable[[], None] | None = None,
) -> Run:
    """Run a program in a process group of its own, with this process's output, and its input unless `stdin` is given.

    SIGINT, SIGTERM and SIGHUP go to the program, which may end itself in its own way; a second one
    kills it. After `seconds` it gets a SIGINT. `watch` is called some times a second meanwhile, in another thread.
    Whatever comes, the program has ended on return; and where a signal ended it, so have the processes that it
    started, if they stayed in its group.

    Raises:
        ScenarioError: it can't be started there.
    """
    started = time.perf_counter()
    output = subprocess.DEVNULL if quiet else None
    stopper = _Stopper()
    # The signals are taken first: what this process ignores, its program would ignore from the start.
    with (
        _passed_on(stopper),
        _called(watch),
        _started(command, cwd=cwd, env=environment, stdin=stdin, stdout=output) as child,
    ):
        try:
            stopper.has_started(child)
            with stopper.after(seconds):
                killed = _wait(child)
            seconds_taken = time.perf_counter() - started
        except BaseException:
            stopper.kill()
            raise
        if killed or stopper.sent:
            _end_group(child)  # before it is taken: until then nobody else gets its number
        return Run(child.wait(), seconds_taken, stopper.sent)


def _started(command: Sequence[str], **how: Any) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, process_group=0, **how)
    except OSError as trouble:
        raise ScenarioError(
            f"the program can't be started in {how['cwd'] or Path.cwd()}: {trouble.strerror or trouble}"
        ) from trouble


def _end_group(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


class _Stopper:
    """Asks a program to end, and makes it."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None
        self.early: list[int] = []  # signals that came before the program was there
        self.sent = ""
        self.timers: list[threading.Timer] = []

    def has_started(self, child: subprocess.Popen[bytes]) -> None:
        """Take the program, and pass on what came while it was being started: an exception would have lost it."""
        self.child = child
        for number in self.early:
            self.take(number, None)

    def take(self, number: int, _frame: FrameType | None) -> None:
        """Handle a signal that this process got."""
        if self.child is None:
            self.early.append(number)
        elif self.sent:
            self.kill()
        elif number == signal.SIGINT:
            print(
                "arenalab: Ctrl-C is passed on; waiting for the program's end (Ctrl-C again kills it)",
                file=sys.stderr,
            )
            self._send(signal.SIGINT)
        else:
            self.ask(signal.Signals(number))

    def ask(self, number: signal.Signals) -> None:
        """Send a signal, and kill the program if it takes too long over it."""
        self._send(number)
        self._later(GRACE, self.kill)

    def kill(self) -> None:
        """End the program and whatever it started, if it stayed in its process group."""
        self._send(signal.SIGKILL)

    @contextmanager
    def after(self, seconds: float | None) -> Iterator[None]:
        """Ask the program to end after so many seconds, unless it has ended before."""
        if seconds is not None:
            self._later(seconds, lambda: self.ask(signal.SIGINT))
        try:
            yield
        finally:
            for timer in self.timers:
                timer.cancel()
                timer.join()

    def _send(self, number: signal.Signals) -> None:
        self.sent = number.name
        with suppress(ProcessLookupError):
            if self.child is not None:
                os.killpg(self.child.pid, number)

    def _later(self, seconds: float, action: object) -> None:
        timer = threading.Timer(seconds, action)  # type: ignore[arg-type]
        timer.daemon = True
        self.timers.append(timer)
        timer.start()


@contextmanager
def _called(watch: Callable[[], None] | None) -> Iterator[None]:
    """Call a function every now and then, in a thread of its own."""
    done = threading.Event()

    def call() -> None:
        while watch is not None and not done.wait(EVERY):
            watch()

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def _passed_on(stopper: _Stopper) -> Iterator[None]:
    """Hand signals to the stopper for a while; only the main thread can. `nohup` keeps its meaning."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {signal.SIGHUP} if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else set()
    mine = [number for number in PASSED_ON if number not in kept]
    before = {number: signal.signal(number, stopper.take) for number in mine}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait(child: subprocess.Popen[bytes]) -> bool:
    """Wait until the program has ended; say whether by a signal. Lend it the terminal when it wants to read from it."""
    while True:
        state = os.waitid(os.P_PID, child.pid, CHANGES)
        if state is None or state.si_code != os.CLD_STOPPED:
            break
        os.waitid(os.P_PID, child.pid, SEEN)  # it has been seen
        if state.si_status in (signal.SIGTTIN, signal.SIGTTOU) and _give_terminal(os.getpgrp(), child.pid):
            os.killpg(child.pid, signal.SIGCONT)
    _give_terminal(child.pid, os.getpgrp())
    return state is not None and state.si_code in (os.CLD_KILLED, os.CLD_DUMPED)


def _give_terminal(owner: int, to: int) -> bool:
    """Make the process group `to` the terminal's, if it was `owner`'s; say whether."""
    if not os.isatty(0) or os.tcgetpgrp(0) != owner:
        return False
    handler = signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # the answer to a background group that asks
    try:
        os.tcsetpgrp(0, to)
    finally:
        signal.signal(signal.SIGTTOU, handler)
    return True
