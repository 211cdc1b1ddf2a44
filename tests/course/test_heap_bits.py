"""Chapter 4's questions against the closed form: masks in a row, and where the last pointer ends."""

from hypothesis import given

from tests.course.asking import questions
from tests.examples import examples

some = examples(40)


def placed(asked):
    """Yield (offset, type, bytes) of the values with pointers."""
    at = 0
    for op in asked.program[1:]:
        size = op.type.size * getattr(op, "cap", 1)
        if op.type.ptr_bytes:
            yield at, op.type, size
            at += size


@some
@given(asked=questions("bitmap-word"))
def test_word_is_the_masks_in_a_row(asked):
    digits = ""
    for op in asked.program[1:]:
        if op.type.ptr_bytes:
            mask = "".join(map(str, op.type.mask.bits(0, op.type.mask.n)))
            digits += mask.ljust(op.type.size // 8, "0")
    assert len(digits) <= 64
    assert asked.value == int(digits[::-1], 2)


@some
@given(asked=questions("where-scans-end"))
def test_scans_end_after_the_last_pointer(asked):
    assert asked.value == max(at + made.ptr_bytes for at, made, _ in placed(asked))


@some
@given(asked=questions("bitmap-place"))
def test_bitmap_is_the_chunks_last_128_kib_a_bit_for_each_word(asked):
    at = [at for at, _, _ in placed(asked)][-1]
    assert asked.value == 8 * 2**20 - 128 * 2**10 + at // 8 // 64 * 8
