"""The committed execution traces, read; and a small one with names that no page must take for markup."""

import gzip
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from arenalab.advice.trace_run import TraceRun
from arenalab.intake.kinds import NUMBER
from tests.intake.making import batch, body_of, leb, trace

FOLDER = Path(__file__).parent / "data/execution-traces"
PLAIN, ORDERS = "plain-go1.27.3", "orders-go1.27.3"
EVIL = "main.<script>window.pwned=1</script><img src=x onerror=window.pwned=2>"


def read(data):
    """Read a trace's bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "some.trace"
        path.write_bytes(data)
        return TraceRun.read(path)


@cache
def run_of(name):
    """Read a committed trace, once for all tests."""
    return read(gzip.decompress((FOLDER / f"{name}.trace.gz").read_bytes()))


def strings(*texts):
    """Write a table of strings, from id 1 on."""
    rows = (
        b"\x05" + leb(number) + leb(len(text.encode())) + text.encode()
        for number, text in enumerate(texts, 1)
    )
    return batch(b"\x04" + b"".join(rows))


def evil_data():
    """Write a trace of one task whose name, and whose object's type, are markup."""
    name = EVIL.encode()
    types = batch(b"\x00" + b"".join(map(leb, (1, 4096, 24, 8, len(name)))) + name, experiment=1)
    info = batch(b"\x01" + b"".join(map(leb, (0xC000000000, 8192, 8, 2048))), experiment=1)
    clock = batch(b"\x32\x08" + leb(15_625_000))
    events = [
        (10, "UserTaskBegin", (1, 0, 1, 0)),
        (10, "SpanAlloc", (8, 1, 12)),
        *((50, "HeapObjectAlloc", (8192 + 3 * number, 1)) for number in range(5)),
        (50, "UserTaskEnd", (1, 0)),
        (50, "GCBegin", (0, 0)),
        (50, "GCEnd", (1,)),
        *((50, "HeapObjectFree", (8192 + 3 * number,)) for number in range(3)),
        (50, "HeapObjectAlloc", (8192, 1)),
    ]
    return trace(info, types, clock, strings(EVIL), batch(body_of(events)))


@cache
def evil_run():
    """Read that trace."""
    return read(evil_data())


SLOTS, EACH, ROUND = (
    300_000,
    170,
    10_000,
)  #: of the large heap: slots, those of a span, objects from one cycle to the next.


def fixed(numbers, size):
    """Write numbers as LEB128 of so many bytes each, an array of shape (n, size)."""
    parts = [numbers // 128**at % 128 + (128 if at < size - 1 else 0) for at in range(size)]
    return np.stack(parts, axis=1).astype(np.uint8)


def large_data(objects=1_000_000):
    """Write the trace of a heap of 48-byte objects: slots taken in turn, freed by cycles before they are taken again.

    A task lasts from one cycle to the next.
    """
    info = batch(b"\x01" + b"".join(map(leb, (0xC000000000, 8192, 8, 2048))), experiment=1)
    parts, time = [info, batch(b"\x32\x08" + leb(15_625_000)), strings("round")], 1000

    def write(body, ticks):
        nonlocal time
        parts.append(batch(body, time=time))
        time += ticks

    spans = [(2, "SpanAlloc", (1 + span, 1, 20)) for span in range(-(-SLOTS // EACH))]
    write(body_of(spans), 2 * len(spans))
    for first in range(0, objects, ROUND):
        slot = np.arange(first, min(first + ROUND, objects)) % SLOTS
        word = fixed((1 + slot // EACH) * 1024 + slot % EACH * 6, 4)
        number, ones = first // ROUND, np.ones((len(slot), 1), np.uint8)
        begin = [(500, "GCBegin", (2 * number, 0)), (500, "GCEnd", (2 * number + 1,))]
        write(body_of([*begin, (2, "UserTaskBegin", (1 + number, 0, 1, 0))]), 1002)
        for name, tail in (("HeapObjectFree", ()), ("HeapObjectAlloc", (ones * 0,))):
            if name == "HeapObjectAlloc" or first >= SLOTS:
                body = np.hstack([ones * NUMBER[name], ones * 2, word, *tail])
                for at in range(0, len(body), 8000):
                    write(body[at : at + 8000].tobytes(), 2 * len(body[at : at + 8000]))
        write(body_of([(2, "UserTaskEnd", (1 + number, 0))]), 2)
    return trace(*parts)
