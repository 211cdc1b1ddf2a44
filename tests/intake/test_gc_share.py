"""What the collector took of the running time: to the tick where we write the trace, and as the runtime counts it."""

import os
import subprocess
from pathlib import Path

import pytest

from arenalab.intake.batches import TraceFile
from arenalab.intake.gc_share import NAMES, gc_share
from arenalab.intake.log import read_log
from tests.examples import some
from tests.intake.making import batch, body_of, leb, trace

OWN = Path(__file__).parents[1] / "data/own"
TEXTS = ("GC (dedicated)", "GC (fractional)", "GC (idle)", "other", "runtime.bgsweep", "runtime.gopark")
STRINGS = b"\x04" + b"".join(b"\x05" + leb(k) + leb(len(n)) + n.encode() for k, n in enumerate(TEXTS, 1))
STACKS = b"\x02\x03\x01\x02" + b"\x01\x06\x00\x01" + b"\x01\x05\x00\x01"  # gopark under bgsweep
CLOCK = b"\x32\x08" + leb(1000)  # ticks a second


def shares(path, *threads):
    """Return the seconds × 1000 of a trace of some threads' events, each after so many ticks."""
    batches = [batch(body_of(rows), m=m, time=1000) for m, rows in enumerate(threads, 1)]
    path.write_bytes(trace(batch(STRINGS), batch(STACKS), batch(CLOCK), *batches))
    found = gc_share(read_log(TraceFile(path)))
    return {name: round(1000 * getattr(found, name)) for name in NAMES if getattr(found, name)}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.trace"


def test_a_worker_s_time_is_told_by_its_label(path):
    rows = []
    for label, ticks in ((1, 10), (2, 20), (3, 40), (1, 80)):
        rows += [(5, "GoStart", (9, 1)), (0, "GoLabel", (label,)), (ticks, "GoBlock", (0, 0))]
    assert shares(path, rows) == {"workers": 110, "idle": 40}


def test_a_label_is_its_goroutine_s_on_whatever_thread_it_goes_on(path):
    first = [
        (1, "GoStart", (9, 1)),
        (0, "GoLabel", (3,)),
        (10, "GoStop", (0, 0)),
        (0, "GoStart", (8, 1)),
        (7, "GoBlock", (0, 0)),
    ]
    second = [(100, "GoStart", (9, 2)), (30, "GoBlock", (0, 0))]
    assert shares(path, first, second) == {"idle": 40, "program": 7}


def test_an_assist_lasts_until_its_end_wherever_its_goroutine_waits_meanwhile(path):
    first = [
        (1, "GoStart", (5, 1)),
        (10, "GCMarkAssistBegin", (0,)),
        (20, "GoBlock", (0, 0)),
        (9, "GoStart", (6, 1)),
        (4, "GoBlock", (0, 0)),
    ]
    second = [(100, "GoStart", (5, 2)), (40, "GCMarkAssistEnd", ()), (80, "GoStop", (0, 0))]
    assert shares(path, first, second) == {"program": 94, "assists": 60}


def test_an_assist_that_began_before_the_trace_counts(path):
    rows = [
        (1, "GoStatus", (5, 1, 2)),
        (0, "GCMarkAssistActive", (5,)),
        (20, "GCMarkAssistEnd", ()),
        (3, "GoBlock", (0, 0)),
    ]
    assert shares(path, rows) == {"assists": 20, "program": 3}


def test_sweeping_is_what_a_goroutine_does_in_between_or_the_sweeper_at_all_times(path):
    rows = [
        (1, "GoStart", (5, 1)),
        (10, "GCSweepBegin", (0,)),
        (20, "GCSweepEnd", (1, 1)),
        (40, "GoBlock", (0, 0)),
        (1, "GoStart", (3, 1)),
        (100, "GoBlock", (0, 1)),
    ]
    assert shares(path, rows) == {"program": 50, "sweeping": 120}


def test_what_a_system_call_takes_is_no_running_time(path):
    back = [
        (1, "GoStart", (5, 1)),
        (10, "GoSyscallBegin", (1, 0)),
        (500, "GoSyscallEnd", ()),
        (20, "GoSyscallBegin", (2, 0)),
        (500, "ProcSteal", (0, 1, 3)),
        (9, "GoSyscallEndBlocked", ()),
        (70, "GoStart", (6, 1)),
        (3, "GoStop", (0, 0)),
    ]
    inside = [(1, "GoStatus", (7, 2, 3)), (400, "GoSyscallEnd", ()), (5, "GoBlock", (0, 0))]
    assert shares(path, back, inside) == {"program": 38}


def test_a_thread_without_a_goroutine_spends_nothing(path):
    assert shares(path, [(1, "GoStart", (5, 1)), (10, "GoBlock", (0, 0)), (900, "GoStart", (5, 2))]) == {
        "program": 10
    }


def test_share_leaves_idle_workers_out_and_is_said_in_words(path):
    rows = [
        (1, "GoStart", (9, 1)),
        (0, "GoLabel", (1,)),
        (10, "GoBlock", (0, 0)),
        (0, "GoStart", (9, 2)),
        (0, "GoLabel", (3,)),
        (500, "GoBlock", (0, 0)),
        (0, "GoStart", (5, 1)),
        (30, "GoBlock", (0, 0)),
    ]
    assert shares(path, rows) == {"workers": 10, "idle": 500, "program": 30}
    found = gc_share(read_log(TraceFile(path)))
    assert found.share == found.facts()["share"] == 0.25
    assert "".join(found.lines()) == (
        "GC: 25.0 % of 40 ms of running time (mark workers 10 ms, assists 0 s, sweeping 0 s); "
        "not counted: idle workers 500 ms"
    )


def test_trace_without_a_clock_has_no_seconds(path):
    path.write_bytes(trace(batch(body_of([(1, "GoStart", (5, 1)), (10, "GoBlock", (0, 0))]))))
    found = gc_share(read_log(TraceFile(path)))
    assert found.share == found.program == 0


@pytest.mark.go
@pytest.mark.slow
@pytest.mark.timeout(400)  # the first build of a Go compiles its library
@pytest.mark.parametrize("line", some(["1.27", "1.23"]))
def test_seconds_are_those_that_the_runtime_counts(line, go_of, tmp_path):
    """They come from different clocks: the runtime's own stop before a worker has left its P."""
    go = go_of(line)
    go.run(["build", "-o", str(tmp_path / "collects"), "./collects"], OWN)
    tries = [_both(tmp_path / "collects", tmp_path / "out.trace") for _ in range(TRIES)]
    assert any(_agree(counted, found) for counted, found in tries), tries


TRIES = 3  #: on a busy machine one of the clocks counts what the other does not: threads that wait for a processor.


def _both(program, out):
    """Run the program; return what the runtime counted and what its trace tells."""
    environment = os.environ | {"GOMAXPROCS": "2"}
    done = subprocess.run([program, out], env=environment, capture_output=True, text=True, check=True)
    return tuple(map(float, done.stdout.split())), gc_share(read_log(TraceFile(out)))


def _agree(counted, found):
    dedicated, assists, idle, user = counted
    pairs = ((found.workers, dedicated), (found.assists, assists), (found.idle, idle))
    return all(ours == pytest.approx(its, rel=0.35, abs=0.02) for ours, its in pairs) and (
        found.program + found.sweeping == pytest.approx(user, rel=0.2)
    )
