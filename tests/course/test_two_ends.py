"""Chapter 2's questions against sums made by hand."""

from hypothesis import given
from hypothesis import strategies as st

from arenalab.course import question
from arenalab.world.ops import MakeSlice
from tests.examples import examples

seeds = st.integers(0, 10**6)
CHUNK = 8 * 2**20
some = examples(60)


def values(asked):
    """Return (size, alignment, pointer-free) of the values, in order."""
    ops = asked.program[1:]
    return [
        (op.type.size * (op.cap if isinstance(op, MakeSlice) else 1), op.type.align, op.type.ptr_bytes == 0)
        for op in ops
    ]


def filled(asked):
    """Return (front, back, bytes lost at the back) after all values."""
    front, back, lost = 0, CHUNK, 0
    for size, align, noscan in values(asked):
        if noscan:
            start = (back - size) // align * align
            back, lost = start, lost + back - size - start
        else:
            front += size
    return front, back, lost


@some
@given(seeds)
def test_front_offset_is_the_sum_of_what_stands_before(seed):
    asked = question("front-offset", seed)
    assert asked.value == filled(asked)[0] - values(asked)[-1][0]


@some
@given(seeds)
def test_back_offset_is_rounded_down_each_time(seed):
    asked = question("back-offset", seed)
    assert asked.value == filled(asked)[1]


@some
@given(seeds)
def test_padding_is_what_rounding_loses(seed):
    asked = question("lost-to-alignment", seed)
    assert asked.value == filled(asked)[2]
