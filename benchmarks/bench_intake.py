"""The reader of execution traces beside the plain one, on a committed trace repeated a hundred times."""

import gzip
import time
from pathlib import Path

import pytest

from arenalab.intake.batches import TraceFile
from arenalab.intake.events import events_of, has_events
from arenalab.intake.running import Running
from tests.intake import plain

SAMPLE = Path(__file__).parents[1] / "tests/data/execution-traces/plain-go1.27.3.trace.gz"
TIMES = 100


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
