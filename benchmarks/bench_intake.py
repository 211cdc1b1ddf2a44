"""The reader of execution traces beside the plain one: on a committed trace repeated a hundred times, and on one of ten
million events from reading to a verdict and to the whole report.
"""

import gzip
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from arenalab.intake.batches import TraceFile
from arenalab.intake.events import events_of, has_events
from arenalab.intake.running import Running
from tests.intake import plain
from tests.toolchains import found

SAMPLE = Path(__file__).parents[1] / "tests/data/execution-traces/plain-go1.27.3.trace.gz"
TIMES = 100
PROGRAMS = Path(__file__).parents[1] / "examples/go"
REQUESTS = 105_000  #: of examples/go/plain: ten million events.
#: What is done with the trace, each in a process of its own.
WAYS = {
    "verdict": (
        "from arenalab.advice.trace_run import TraceRun; run = TraceRun.read(sys.argv[1])",
        "run.verdict('task request'); print(run.log.events)",
    ),
    "report": (
        "from arenalab.advice.report import report_of; from arenalab.advice.trace_run import TraceRun",
        "run = TraceRun.read(sys.argv[1]); list(report_of(run).lines()); print(run.log.events)",
    ),
    "plainly": (
        "from pathlib import Path; from tests.intake import plain",
        "print(sum(1 for _ in plain.events(Path(sys.argv[1]).read_bytes())))",
    ),
}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """The sample's batches, again and again in one generation."""
    data = gzip.decompress(SAMPLE.read_bytes())
    path = tmp_path_factory.mktemp("bench") / "some.trace"
    path.write_bytes(data[:16] + data[16:-1] * TIMES + data[-1:])
    return path


def columns(path):
    """Read all columns; return how many events there are."""
    trace = TraceFile(path)
    return sum(len(events_of(trace, batch)) for batch in trace.batches() if has_events(batch))


def places(path):
    """Read all columns, and who ran."""
    trace, running, count = TraceFile(path), Running(), 0
    for batch in filter(has_events, trace.batches()):
        count += len(running.of(events_of(trace, batch))[0])
    return count


def plainly(path):
    """Read all events with the plain reader."""
    return sum(1 for _ in plain.events(path.read_bytes()))


@pytest.mark.parametrize("read", [columns, places, plainly])
def test_trace_reader(benchmark, read, path):
    spent = []

    def timed():
        start = time.process_time()
        count = read(path)
        spent.append(time.process_time() - start)
        return count

    count = benchmark.pedantic(timed, rounds=3, warmup_rounds=1)
    rate, size = count / min(spent), path.stat().st_size / min(spent)
    benchmark.extra_info.update(events=count, events_per_second=rate, bytes_per_second=size)
    print(
        f"\n{read.__name__}: {rate / 1e6:.2f} M events/s, {size / 1e6:.1f} MB/s (processor), {count:,} events"
    )


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A trace of ten million events."""
    folder = tmp_path_factory.mktemp("large")
    program, path = folder / "plain", folder / "large.trace"
    found("1.27").run(["build", "-trimpath", "-o", str(program), "./plain"], PROGRAMS)
    traced = os.environ | {"GODEBUG": "traceallocfree=1"}
    subprocess.run([program, path, str(REQUESTS)], check=True, env=traced, stdout=subprocess.DEVNULL)
    return path


def alone(way, path):
    """Return how many events there are, the processor's seconds and the peak memory (MiB) of a process of its own."""
    command = [sys.executable, "-c", "; ".join(("import sys", *WAYS[way])), path]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ) as child:
        said = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return int(said), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


@pytest.mark.timeout(900)
def test_ten_million_events(benchmark, large):
    """Times of the three ways are taken in one run, one after the other, and printed beside one another."""
    took = benchmark.pedantic(lambda: {way: alone(way, large) for way in WAYS}, rounds=1)
    assert len({count for count, _, _ in took.values()}) == 1
    for way, (count, seconds, peak) in took.items():
        times = seconds / took["plainly"][1]
        benchmark.extra_info[way] = {
            "events": count,
            "seconds": seconds,
            "peak_mib": peak,
            "times_plain": times,
        }
        print(
            f"\n{way}: {seconds:.1f} s (processor), {times:.2f} times plainly, {peak:,.0f} MiB, {count:,} events"
        )
