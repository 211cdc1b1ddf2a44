"""What is kept of a trace beside its objects: the other events as they were written, and arrays in their blocks."""

import gzip
from collections import defaultdict
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arenalab.intake.batches import TraceFile
from arenalab.intake.happened import OTHER
from arenalab.intake.log import FARTHEST, read_log
from arenalab.intake.shelf import Shelf
from tests.intake import plain
from tests.intake.making import HEADER, batch, body_of, leb

SAMPLE = Path(__file__).parents[1] / "data/execution-traces/stacks-go1.27.3.trace.gz"


def test_other_events_are_those_that_the_plain_reader_finds():
    mine, theirs = defaultdict(list), defaultdict(list)
    other = read_log(TraceFile(SAMPLE)).other
    for each in other.of(*OTHER):
        mine[each.m].append((each.generation, each.name, each.arguments))
    for generation, m, _, name, arguments in plain.events(gzip.decompress(SAMPLE.read_bytes())):
        if name in OTHER:
            theirs[m].append((generation, name, arguments))
    assert mine == theirs
    assert len(other) == sum(map(len, theirs.values())) > 0


def test_stamp_that_no_clock_vouches_for_is_ahead_by_less_than_32_bits(tmp_path):
    """Its thread's first event may come one tick after its batch; nothing says then how far its stamp is ahead."""
    events = batch(body_of([(1, "HeapObjectAlloc", (6, 0)), (1, "GoCreate", (1, 0, 0))]), 1, time=2**60)
    info = batch(b"\x01" + b"".join(map(leb, (0xC000000000, 8192, 8, 2048))), experiment=1)
    path = tmp_path / "some.trace"
    path.write_bytes(HEADER % 26 + info + events + batch(b"\x04\x05\x01\x01x", 1) + b"\x34")
    log = read_log(TraceFile(path))
    assert log.heap.ahead.tolist() == [FARTHEST]
    assert log.heap.ahead.dtype == np.int32
    assert [each.time - each.earliest for each in log.other.of("GoCreate")] == [FARTHEST]


@given(
    st.lists(
        st.tuples(st.sampled_from(("int8", "int16", "int64", "uint8")), st.integers(0, 20_000)), max_size=20
    )
)
def test_kept_arrays_are_as_they_were_given(rows):
    shelf, given_, kept = Shelf(), [], []
    for number, (kind, count) in enumerate(rows):
        array = (np.arange(count) + number).astype(kind)
        given_.append(array.copy())
        kept.append(shelf.keep(array))
        array[:] = 0
    assert all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(given_, kept, strict=True))
    assert all(each.flags.aligned for each in kept)


def test_many_small_arrays_share_few_blocks():
    shelf = Shelf()
    kept = [shelf.keep(np.zeros((100, 4))) for _ in range(10_000)]
    assert len({id(each.base) for each in kept}) < 12
