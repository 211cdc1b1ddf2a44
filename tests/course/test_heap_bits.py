"""Chapter 4's questions against the closed form: masks in a row, marks gone below the front."""

from hypothesis import given
from hypothesis import strategies as st

from arenalab.course import question
from arenalab.course.families.heap_bits import WORDS
from tests.examples import examples

seeds = st.integers(0, 10**6)
some = examples(40)


def front(asked):
    """Return how far the pointerful values reach."""
    return sum(op.type.size * getattr(op, "cap", 1) for op in asked.program[1:] if op.type.ptr_bytes)


@some
@given(seeds)
def test_word_is_the_masks_in_a_row(seed):
    asked = question("bitmap-word", seed)
    digits = ""
    for op in asked.program[1:]:
        if op.type.ptr_bytes:
            mask = "".join(map(str, op.type.mask.bits(0, op.type.mask.n)))
            digits += mask.ljust(op.type.size // 8, "0")
    assert len(digits) <= 64
    assert asked.value == int(digits[::-1], 2)


@some
@given(seeds)
def test_marks_below_the_last_byte_are_gone(seed):
    asked = question("marks-cleared", seed)
    last = (front(asked) - 1) // 512
    assert last < WORDS
    assert asked.value == {f"word {number}" for number in range(last)}


@some
@given(seeds)
def test_scan_stops_in_the_word_of_the_last_byte(seed):
    asked = question("scan-words", seed)
    assert asked.value == (front(asked) - 1) // 512 + 1
