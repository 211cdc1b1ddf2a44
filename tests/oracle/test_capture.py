"""`arenalab trace capture -- PROGRAM`: the trace is whole however a program ends, and nothing else is left behind."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from arenalab.advice.trace_run import TraceRun
from arenalab.cli import main
from arenalab.errors import RecordingError, ToolchainError
from arenalab.oracle.capture import program
from arenalab.oracle.capture.overlay import capturing_files, with_stacks
from arenalab.oracle.capture.program import Wanted, capture_program
from arenalab.oracle.capture.status import LIMIT, prepared
from arenalab.oracle.capture.toolchains import tracing_toolchain
from arenalab.oracle.own.package import Package, build
from arenalab.oracle.toolchain import find_toolchain
from tests.oracle.waiting import within

TRACED = Path(__file__).parents[1] / "data" / "traced"
pytestmark = pytest.mark.go


@pytest.fixture(scope="session")
def built(tracing, tmp_path_factory):
    """The program, built once."""
    return build(tracing, Package.of(".", TRACED), tmp_path_factory.mktemp("traced"), capturing_files)


@pytest.fixture
def captured(tracing, built, tmp_path, monkeypatch):
    """Return a function that runs the built program under capture."""
    monkeypatch.setattr(program, "build", lambda *_: built)
    out = tmp_path / "out" / "x.trace"

    def capture(how, *, settings=None, **wanted):
        done = capture_program(
            str(TRACED), [how], out, Wanted(**wanted), go=tracing, cwd=TRACED, **(settings or {})
        )
        return done, out

    return capture


def nodes(out):
    """How many nodes the trace saw being made."""
    objects = TraceRun.read(out).objects
    mine = [number for number, each in enumerate(objects.types) if each.name == "main.node"]
    return sum(int((objects.type[np.logical_not(objects.before)] == number).sum()) for number in mine)


@pytest.mark.parametrize(
    ("how", "status", "why"),
    [
        ("return", 0, "main returned"),
        ("exit", 3, "os.Exit"),
        ("panic", 2, "a panic"),
        ("fault", 2, "a panic"),
        ("throw", 2, "a fatal error"),
        ("child", 0, "main returned"),
        ("own", 0, "main returned"),
    ],
)
def test_a_trace_is_whole_however_the_program_ends(captured, how, status, why):
    done, out = captured(how)
    assert (done.ran.exit, done.whole, done.status.why) == (status, True, why)
    assert (done.status.others, done.status.asked) == (how == "child", how == "own")
    assert nodes(out) == 1500
    assert [each.name for each in out.parent.iterdir()] == ["x.trace"]


def test_every_release_that_writes_allocations_can_be_built(go_of, tmp_path):
    if go_of.minor == "1.21":
        with pytest.raises(ToolchainError, match=r"since Go 1\.23, and .* is go1\.21"):
            capture_program(".", ["return"], tmp_path / "x.trace", go=go_of, cwd=TRACED)
        return
    done = capture_program(".", ["exit"], tmp_path / "x.trace", go=go_of, cwd=TRACED)
    assert (done.ran.exit, done.whole, done.version) == (3, True, go_of.version)
    assert nodes(tmp_path / "x.trace") == 1500


class TestSignals:
    def test_of_a_program_that_does_not_listen_the_trace_is_whole_first(self, captured):
        done, out = captured("sleep", seconds=0.5)
        assert (done.ran.exit, done.ran.stopped, done.whole) == (-signal.SIGINT, "SIGINT", True)
        assert nodes(out) == 1500

    def test_a_program_that_drains_is_traced_until_then(self, captured):
        done, _ = captured("drain", seconds=0.5)
        assert (done.ran.exit, done.whole) == (4, True)

    def test_what_is_cut_off_is_kept_and_said_to_be(self, captured):
        done, out = captured("kill")
        assert (done.ran.exit, done.whole, done.status.why) == (-signal.SIGKILL, False, "")
        assert out.stat().st_size == done.status.bytes > 0


def test_at_the_limit_tracing_ends_and_the_program_goes_on(captured, capfd):
    done, out = captured("much", limit=1_000_000)
    assert (done.status.why, done.whole, done.ran.exit) == (LIMIT, True, 0)
    assert "made 401500" in capfd.readouterr().out
    assert 1_000_000 <= out.stat().st_size < 3_000_000
    assert 1500 < nodes(out) < 401_500


def test_on_a_full_disk_nothing_is_written_and_it_says_what_to_do(captured, monkeypatch, tmp_path):
    def full(folder):
        prepared(folder)
        (folder / "trace").unlink()
        (folder / "trace").symlink_to("/dev/full")

    monkeypatch.setattr(program, "prepared", full)
    with pytest.raises(RecordingError, match=r"No space left on device; free some room, .*--limit MB"):
        captured("return")
    assert not list((tmp_path / "out").iterdir())


def test_input_and_environment_are_the_programs(captured, capfd, tmp_path):
    (tmp_path / "input").write_text("twelve bytes")
    with (tmp_path / "input").open() as file:
        kept = os.dup(0)
        os.dup2(file.fileno(), 0)
        try:
            captured("read", settings={"environment": {"TOLD": "so"}})
        finally:
            os.dup2(kept, 0)
            os.close(kept)
    assert "read 12 so" in capfd.readouterr().out


class TestCommand:
    """What a person sees."""

    def test_says_what_was_traced_and_the_next_command(self, built, tracing, tmp_path, monkeypatch, capfd):
        monkeypatch.setattr(program, "build", lambda *_: built)
        monkeypatch.chdir(tmp_path)
        assert main(["trace", "capture", "--go", str(tracing.go), "--", str(TRACED), "exit"]) == 3
        said = capfd.readouterr().err
        whole = (
            r"traced\.trace: [\d.]+ MB of go1\.\d+\.\d+, [\d.]+ s, whole: ended by os\.Exit \(program: exit"
        )
        assert re.search(whole, said)
        assert "goroutine main.main.func1: 1 scope, " in said
        assert said.endswith("more: arenalab trace traced.trace\n")
        assert main(["trace", "capture", "--go", str(tracing.go), "--", str(TRACED), "exit"]) == 2
        assert "traced.trace is there already; name another file or use --force" in capfd.readouterr().err

    def test_a_program_that_is_built_already_is_refused_with_what_to_do(self, built, tmp_path, capfd):
        assert main(["trace", "capture", "-o", str(tmp_path / "x"), "--", str(built.binary)]) == 2
        assert "is built already, and can't be made to trace itself any more; name its package" in (
            said := capfd.readouterr().err
        )
        assert "since it calls trace.Start, run it as GODEBUG=traceallocfree=1" in said
        assert main(["trace", "capture", "--", sys.executable]) == 2
        assert "nor is it a Go program" in capfd.readouterr().err
        assert not list(tmp_path.iterdir())

    def test_without_a_go_it_says_how_to_get_one(self, tmp_path, monkeypatch, capfd):
        monkeypatch.setenv("ARENALAB_CACHE", str(tmp_path))
        monkeypatch.setenv("PATH", str(tmp_path))
        assert main(["trace", "capture", "-o", str(tmp_path / "x"), "--", str(TRACED)]) == 2
        said = capfd.readouterr().err
        assert re.search(
            r"needs Go 1\.23 or newer, and there is none; get one with: arenalab go install 1", said
        )


def test_a_capturer_that_is_killed_leaves_nothing(tracing, tmp_path):
    command = [sys.executable, "-m", "arenalab", "trace", "capture", "--go", str(tracing.go)]
    child = subprocess.Popen(
        [*command, "-o", str(tmp_path / "x.trace"), "--", ".", "sleep"],
        cwd=TRACED,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    try:
        assert within(60, lambda: any(each.stat().st_size for each in tmp_path.glob(".arenalab-*/trace")))
    finally:
        child.kill()
        child.wait()
    assert within(20, lambda: not list(tmp_path.iterdir()))


def test_an_unknown_runtime_is_refused_by_what_it_lacks():
    with pytest.raises(ToolchainError, match=r"traceallocfree\.go does not fit"):
        with_stacks("func (tl traceLocker) HeapObjectAlloc(addr uintptr) {\n\tother()\n}\n")


def test_the_go_of_the_module_is_taken_where_it_writes_allocations(tmp_path):
    (tmp_path / "go.mod").write_text("module x\n\ngo 1.21\n")
    found = tracing_toolchain(Package.of(".", tmp_path), None)
    assert find_toolchain(found).minor not in ("1.21", "1.22")
