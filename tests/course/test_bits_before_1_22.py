"""Chapter 15's questions against the closed form: marks gone below the front, one word more at a border."""

from hypothesis import given

from arenalab.course.families.bits_before_1_22 import WORDS
from tests.course.asking import questions
from tests.examples import examples

some = examples(40)


def front(asked):
    """Return how far the pointerful values reach."""
    return sum(op.type.size * getattr(op, "cap", 1) for op in asked.program[1:] if op.type.ptr_bytes)


@some
@given(asked=questions("marks-cleared"))
def test_marks_below_the_last_byte_are_gone(asked):
    last = (front(asked) - 1) // 512
    assert last < WORDS
    assert asked.value == {f"word {number}" for number in range(last)}


@some
@given(asked=questions("scan-words"))
def test_scan_stops_in_the_word_of_the_last_byte(asked):
    assert asked.value == (front(asked) - 1) // 512 + 1


@some
@given(asked=questions("words-written"))
def test_a_value_at_a_border_writes_the_word_before_it_too(asked):
    start = front(asked) - asked.program[-1].type.size
    last = front(asked) - 1
    assert asked.value == last // 512 - start // 512 + 1 + (start % 512 == 0)
