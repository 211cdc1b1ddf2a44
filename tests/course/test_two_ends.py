"""Chapter 2's questions against sums made by hand."""

from hypothesis import given

from arenalab.world.ops import MakeSlice
from tests.course.asking import questions
from tests.examples import examples

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
    front, back, lost = 0, asked.rules.chunk.usable_bytes, 0
    for size, align, noscan in values(asked):
        if noscan:
            start = (back - size) // align * align
            back, lost = start, lost + back - size - start
        else:
            front += size
    return front, back, lost


@some
@given(asked=questions("front-offset"))
def test_front_offset_is_the_sum_of_what_stands_before(asked):
    assert asked.value == filled(asked)[0] - values(asked)[-1][0]


@some
@given(asked=questions("back-offset"))
def test_back_offset_is_rounded_down_each_time(asked):
    assert asked.value == filled(asked)[1]


@some
@given(asked=questions("lost-to-alignment"))
def test_padding_is_what_rounding_loses(asked):
    assert asked.value == filled(asked)[2]
