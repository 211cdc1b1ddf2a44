"""Execution traces made by hypothesis: any events, any numbers, any cut into batches."""

from typing import NamedTuple

from hypothesis import strategies as st

from arenalab.intake.kinds import NUMBER, TIMED
from tests.intake.plain import number

HEADER = b"go 1.%d trace\0\0\0"


class Made(NamedTuple):
    """A trace's bytes and the events put into it, as the plain reader yields them."""

    data: bytes
    events: list


def leb(value):
    """Write a LEB128 number."""
    out = bytearray()
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def batch(body, generation=1, m=7, time=0, experiment=0):
    """Write a batch."""
    kind = bytes([49, experiment]) if experiment else b"\x01"
    return kind + b"".join(map(leb, (generation, m, time, len(body)))) + body


def body_of(events):
    """Write events given as (step of time, name, arguments)."""
    return b"".join(bytes([NUMBER[n]]) + leb(step) + b"".join(map(leb, args)) for step, n, args in events)


def trace(*batches, version=26):
    """Write a whole file of one generation, which ends with a mark or, before Go 1.26, with its strings."""
    if version >= 26:
        return HEADER % version + b"".join(batches) + b"\x34"
    generation = number(batches[-1], 2 if batches[-1][0] == 49 else 1)[0]
    return HEADER % version + b"".join(batches) + batch(b"\x04", generation)


NUMBERS = st.one_of(
    st.integers(0, 300), st.sampled_from([2**k - d for k in range(1, 65) for d in (0, 1) if 2**k - d < 2**64])
)
STEPS = st.one_of(st.integers(0, 300), st.integers(0, 2**50))


@st.composite
def events(draw):
    """Draw one event: the step of time, its name, its arguments."""
    name, names = draw(st.sampled_from(list(TIMED.values())))
    return draw(STEPS), name, tuple(draw(NUMBERS) for _ in names)


@st.composite
def traces(draw):
    """Draw a trace, with tables and batches of other threads in between."""
    rows, parts = [], [batch(b"\x04", time=1)]
    generation = draw(st.integers(1, 200))
    parts = [batch(b"\x04", generation=generation)]
    for _ in range(draw(st.integers(0, 5))):
        m, time = draw(NUMBERS), draw(st.integers(0, 2**60))
        inside = draw(st.lists(events(), max_size=12))
        parts.append(batch(body_of(inside), generation, m, time))
        for step, name, args in inside:
            time += step
            rows.append((generation, m, time, name, args))
    return Made(trace(*parts, version=draw(st.sampled_from((23, 25, 26)))), rows)
