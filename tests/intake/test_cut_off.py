"""A trace whose writer was killed: its whole generations are read, what is lost is said; without any it is refused."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.advice.trace_run import TraceRun
from arenalab.errors import CutOffError, TraceError
from arenalab.intake.batches import TraceFile
from arenalab.intake.log import read_log
from tests.intake.making import HEADER, batch, body_of, leb

INFO = batch(b"\x01" + b"".join(map(leb, (0xC000000000, 8192, 8, 2048))), experiment=1)


def events_in(number, count):
    """Return the batches of a thread's events in a generation."""
    rows = [(5, "HeapObjectAlloc", (6 * each, 0)) for each in range(count)]
    return [batch(body_of(part), number, time=number * 100_000) for part in (rows[:3], rows[3:]) if part]


def generation(number, version, events):
    """Return a generation's bytes: a thread's events in two batches, a table, and how a generation ends."""
    parts = events_in(number, events)
    tables = batch(b"\x02", number) + batch(b"\x04\x05\x01\x01x", number)
    return (INFO if number == 1 else b"") + b"".join(parts) + tables + (b"\x34" if version >= 26 else b"")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("cut") / "some.trace"


@given(
    version=st.sampled_from((23, 25, 26)),
    counts=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    data=st.data(),
)
def test_whole_generations_before_the_cut_are_read(version, counts, data, scratch):
    """Before Go 1.26, without marks, one is known to be whole when a batch of the next is there, or the file ends."""
    parts = [generation(number, version, count) for number, count in enumerate(counts, 1)]
    ends = [16 + len(b"".join(parts[: number + 1])) for number in range(len(parts))]
    firsts = [end + len(events_in(number, counts[number - 1])[0]) for number, end in enumerate(ends[:-1], 2)]
    whole = HEADER % version + b"".join(parts)
    at = data.draw(st.integers(17, len(whole) - 1))
    scratch.write_bytes(whole[:at])
    known = sum(end <= at for end in (ends if version >= 26 or at in ends else firsts))
    if not known:
        with pytest.raises(CutOffError):
            read_log(TraceFile(scratch))
        return
    log = read_log(TraceFile(scratch))
    assert log.events == len(log.heap) == sum(counts[:known])
    assert set(log.tables) == set(range(1, known + 1))
    lost = at - ends[known - 1]
    assert log.cut == (f"cut off in generation {known + 1}: {lost:,} bytes not read" if lost else "")


def test_a_cut_between_two_batches_is_seen_in_each_format(scratch):
    """Before Go 1.26 no mark says that a generation ends; it ends with its strings."""
    for version in (23, 25, 26):
        parts = [generation(number, version, 5) for number in (1, 2)]
        rest = batch(b"\x04\x05\x01\x01x", 2) + (b"\x34" if version >= 26 else b"")
        scratch.write_bytes(HEADER % version + b"".join(parts)[: -len(rest)])
        log = read_log(TraceFile(scratch))
        assert (log.events, log.cut) == (
            5,
            f"cut off in generation 2: {len(parts[1]) - len(rest):,} bytes not read",
        )


def test_packed_trace_that_is_cut_off_is_read_as_far_as_its_generations_are_whole(scratch):
    parts = [generation(number, 26, 9) for number in range(1, 400)]
    packed = gzip.compress(HEADER % 26 + b"".join(parts), mtime=0)
    scratch.write_bytes(packed[: len(packed) // 2])
    log = read_log(TraceFile(scratch))
    whole = max(log.tables)
    assert 50 < whole < 399
    assert (log.events, log.cut) == (9 * whole, f"cut off in generation {whole + 1}: the rest not read")


def test_what_is_damaged_and_not_cut_off_is_refused(scratch):
    data = HEADER % 26 + generation(1, 26, 5) + b"\x07" + generation(2, 26, 5)
    scratch.write_bytes(data)
    with pytest.raises(TraceError, match="expected a batch of events, got a byte 7") as refused:
        read_log(TraceFile(scratch))
    assert not isinstance(refused.value, CutOffError)


def test_real_trace_that_is_cut_off_in_its_only_generation_is_refused(scratch):
    sample = Path(__file__).parents[1] / "data/execution-traces/plain-go1.23.9.trace.gz"
    data = gzip.decompress(sample.read_bytes())
    for share in (0.3, 0.9, 0.99):
        scratch.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(CutOffError, match="the trace is damaged or cut off"):
            TraceRun.read(scratch)
