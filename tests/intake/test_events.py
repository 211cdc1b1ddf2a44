"""The columns hold what the plain reader and Go's own tool find in the same bytes, and bad bytes are refused."""

import gzip
import re
import tracemalloc
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import TraceError
from arenalab.intake.batches import LARGEST, TraceFile
from arenalab.intake.events import events_of, has_events
from arenalab.intake.kinds import FIRST_EXPERIMENTAL, NUMBER, TIMED
from arenalab.intake.running import Running
from arenalab.intake.tables import Tables
from tests.intake import plain
from tests.intake.making import batch, body_of, leb, trace, traces
from tests.left import slow

FOLDER = Path(__file__).parents[1] / "data/execution-traces"
SAMPLES = sorted(FOLDER.glob("*.trace.gz"))
GOS_OWN = [path for path in SAMPLES if not path.name.startswith("stacks")]  # Go's tool knows no event 140
GOS_OWN = [path if path.name.startswith("orders") else slow(path) for path in GOS_OWN]


def told(path):
    """Return all events of a file as the plain reader yields them."""
    file, rows = TraceFile(path), []
    for each in file.batches():
        if has_events(each):
            found = events_of(file, each)
            for kind, time, at in zip(
                found.kind.tolist(), found.time.tolist(), found.at.tolist(), strict=True
            ):
                name, names = TIMED[kind]
                args = tuple(found.words[at : at + len(names)].tolist())
                rows.append((found.generation, found.m, time, name, args))
        else:
            Tables(each.generation).add(file, each)
    return rows


@pytest.fixture
def unpacked(tmp_path):
    """Write bytes, or a packed sample, to a file and return its path."""

    def write(data):
        path = tmp_path / "some.trace"
        path.write_bytes(gzip.decompress(data.read_bytes()) if isinstance(data, Path) else data)
        return path

    return write


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("made") / "some.trace"


@given(made=traces())
def test_made_trace_is_read_as_it_was_written(made, scratch):
    scratch.write_bytes(made.data)
    assert list(plain.events(made.data)) == made.events
    assert told(scratch) == made.events


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_real_trace_is_read_as_the_plain_reader_reads_it(sample, unpacked):
    path = unpacked(sample)
    assert told(path) == list(plain.events(path.read_bytes()))


def test_a_sample_of_each_version_is_there(unpacked):
    assert {TraceFile(unpacked(sample)).version for sample in SAMPLES} == {23, 25, 26}


@given(made=traces(), data=st.data())
def test_damaged_trace_is_refused_or_read_as_the_plain_reader_reads_it(made, data, scratch):
    spoilt = bytearray(made.data)
    for _ in range(data.draw(st.integers(1, 3))):
        spoilt[data.draw(st.integers(16, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    spoilt = bytes(spoilt[: data.draw(st.integers(16, len(spoilt)))])
    scratch.write_bytes(spoilt)
    try:
        found = told(scratch)
    except TraceError as refused:
        assert re.fullmatch(rf"{scratch}: byte [\d,]+: .+; the trace is damaged or cut off", str(refused))  # noqa: PT017
    else:
        assert found == list(plain.events(spoilt))


FINE = body_of([(3, "HeapObjectAlloc", (1000, 2)), (1, "GCEnd", (5,))])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "an empty file; expected a Go execution trace"),
        (b"package main\n", "begins with b'package main"),
        (gzip.compress(b"go 1.26 trace\0\0\0", mtime=0), "no batch"),  # workers must agree on its name
        (gzip.compress(trace(batch(FINE)), mtime=0)[:-9], "can't be "),
        (b"\x1f\x8b\x08", "can't be unpacked"),
        (b"\x28\xb5\x2f\xfd", "a zstd file (unpack it first)"),
        (b"PK\x03\x04" + bytes(20), "a zip file"),
        (b"go 1.21 trace\0\0\0", "format go 1.21; expected one of 1.23, 1.25, 1.26"),
        (b"go 1.99 trace\0\0\0", "format go 1.99"),
        (b"go 1.26 trace\0\0\0", "no batch"),
        (trace(batch(FINE))[:-1], "the file ends within a generation"),
        (trace(batch(FINE))[:-3], "bytes of which"),
        (trace(batch(FINE), batch(FINE, generation=3)), "generation 3 after 1"),
        (trace(batch(FINE, generation=0)), "generation 0 after 0"),
        (trace(b"\x07"), "expected a batch of events, got a byte 7"),
        (trace(batch(FINE, experiment=2)), "unknown experiment 2"),
        (trace(b"\x01\x01\x01\x01" + leb(LARGEST + 1) + bytes(LARGEST + 1)), "expected at most 65,536"),
        (trace(b"\x01\x01\x01\x01" + leb(1 << 62)), "expected at most 65,536"),
        (trace(b"\x01" + b"\xff" * 11), "does not fit in 64 bits"),
        (trace(batch(FINE[:-1])), "GCEnd goes on after its batch's end"),
        (trace(batch(FINE[:-1] + b"\x85")), "ends within a number"),
        (trace(batch(FINE[:-1] + b"\xff" * 9 + b"\x02")), "does not fit in 64 bits"),
        (trace(batch(FINE + b"\x01\x00")), "expected an event, got a byte 1"),
        (trace(batch(FINE, time=(1 << 63) - 2)), "times beyond"),
        (trace(batch(b"\x04\x05\x01\x7f")), "a string of 127 bytes"),
        (trace(batch(b"\x02\x03\x01\xff\x01")), "a stack of 255 frames"),
        (trace(batch(b"\x04\x03\x01\x00")), "expected an entry 5, got 3"),
        (
            trace(batch(b"\x01\x00\x00\x08\x10", experiment=1)),
            "units (0, 8, 16) from 0x0; expected bytes of a page",
        ),
        (trace(batch(b"\x32\x08\x00")), "a clock of 0 ticks"),
    ],
)
def test_bad_file_is_one_error(data, says, unpacked):
    path = unpacked(data)
    with pytest.raises(TraceError, match=re.escape(says)) as refused:
        told(path)
    assert str(refused.value).startswith(f"{path}: ")


def test_missing_file_is_one_error(tmp_path):
    with pytest.raises(TraceError, match="No such file"):
        TraceFile(tmp_path / "none.trace")


def test_memory_holds_one_batch_however_long_the_file(unpacked):
    body = body_of([(3, "HeapObjectAlloc", (1 << 20, 2))] * 5000)
    peaks = []
    for count in (4, 40):
        path = unpacked(trace(*[batch(body)] * count))
        tracemalloc.start()
        file = TraceFile(path)
        assert sum(len(events_of(file, each)) for each in file.batches()) == 5000 * count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


def test_table_of_a_kind_has_a_column_for_each_argument(unpacked):
    file = TraceFile(unpacked(trace(batch(FINE, time=100))))
    (found,) = (events_of(file, each) for each in file.batches())
    assert {name: column.tolist() for name, column in found.table("HeapObjectAlloc").items()} == {
        "time": [103], "word": [1000], "type": [2],
    }  # fmt: skip
    assert list(found.lines()) == ["HeapObjectAlloc time=103 word=1000 type=2", "GCEnd time=104 gc_seq=5"]


PLACE = re.compile(r"M=(-?\d+) P=(-?\d+) G=(-?\d+) Experimental Time=\d+ Name=(\w+)")


def wire_events(lines):
    """Yield the timed events in what `go tool trace -d=wire` printed, as `told` does."""
    for line in filter(lambda line: line and not line.startswith("\t"), lines.splitlines()):
        name, *given = line.split()
        values = [int(each.partition("=")[2]) for each in given]
        if name == "EventBatch":
            generation, m, time, _ = values
        elif name in NUMBER:
            time += values[0]
            yield generation, m, time, name, tuple(values[1:])


def parsed_places(lines):
    """Return for each thread the P, goroutine and name of each allocation event that `-d=parsed` printed."""
    found = defaultdict(list)
    for m, p, g, name in PLACE.findall(lines):
        found[int(m)].append((int(p), int(g), name))
    return found


def places(path):
    """Return the same by `Running`."""
    file, running, found = TraceFile(path), Running(), defaultdict(list)
    for each in filter(has_events, file.batches()):
        inside = events_of(file, each)
        for kind, g, p in zip(
            inside.kind.tolist(), *(column.tolist() for column in running.of(inside)), strict=True
        ):
            if kind >= FIRST_EXPERIMENTAL:
                found[each.m].append((p, g, TIMED[kind][0]))
    return found


@pytest.mark.go
@pytest.mark.timeout(400)  # later Gos build the tool when it is first asked for
@pytest.mark.parametrize("sample", GOS_OWN, ids=lambda path: path.name)
def test_gos_own_tool_prints_the_same(sample, unpacked, go_of):
    """A tool of a later Go does not know the allocations of format 1.23: who wrote a trace reads it."""
    path = unpacked(sample)
    go = go_of(re.search(r"go(1\.\d+)", sample.name)[1])
    wire, parsed = ("2", "1") if go.minor == "1.23" else ("wire", "parsed")
    lines = go.run(
        ["tool", "trace", f"-d={wire}", str(path)], path.parent, go.environment() | {"GOEXPERIMENT": ""}
    )
    assert list(wire_events(lines)) == told(path)
    lines = go.run(
        ["tool", "trace", f"-d={parsed}", str(path)], path.parent, go.environment() | {"GOEXPERIMENT": ""}
    )
    assert parsed_places(lines) == places(path)
