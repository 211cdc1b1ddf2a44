"""A mask says the same bits, however it was put together, and lays out no more than was asked for."""

import hashlib
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.go.mask import MAX_BITS, MAX_DIGEST_BITS, Mask, MaskTooLargeError
from arenalab.go.mask_tree import EMPTY, concat, literal, repeat, zeros

LEAVES = st.one_of(
    st.lists(st.integers(0, 1), max_size=80).map(lambda bits: (literal(number(bits), len(bits)), bits)),
    st.integers(0, 200).map(lambda n: (zeros(n), [0] * n)),
)


def number(bits):
    return sum(bit * 2**i for i, bit in enumerate(bits))


def grown(parts):
    """A mask of parts in a row, or of one part repeated, beside the plain list of its bits."""
    return st.one_of(
        st.lists(parts, max_size=4).map(
            lambda row: (concat(mask for mask, _ in row), [bit for _, bits in row for bit in bits])
        ),
        st.tuples(parts, st.integers(0, 6)).map(lambda it: (repeat(it[0][0], it[1]), it[0][1] * it[1])),
    )


MASKS = st.recursive(LEAVES, grown, max_leaves=12)


@given(MASKS)
def test_any_mask_says_the_bits_it_was_made_of(made):
    mask, bits = made
    assert (mask.n, mask.ones) == (len(bits), sum(bits))
    assert mask.bits().tolist() == bits
    assert mask.first_one() == (bits.index(1) if 1 in bits else None)
    assert mask.end_of_ones() == len(bits) - (bits[::-1].index(1) if 1 in bits else len(bits))


@given(MASKS, st.data())
def test_a_range_of_bits_is_that_range_laid_out_or_cut(made, data):
    mask, bits = made
    start = data.draw(st.integers(0, len(bits)))
    stop = data.draw(st.integers(start, len(bits)))
    assert mask.bits(start, stop).tolist() == bits[start:stop]
    assert mask.cut(start, stop).bits().tolist() == bits[start:stop]


@given(MASKS, st.data())
def test_words_are_64_bits_lowest_first_and_zero_behind_the_end(made, data):
    mask, bits = made
    count = (len(bits) + 63) // 64
    expected = [number(bits[64 * i : 64 * i + 64]) for i in range(count)]
    start = data.draw(st.integers(0, count))
    stop = data.draw(st.integers(start, count + 2))
    assert mask.words().dtype == np.uint64
    assert mask.words().tolist() == expected
    assert mask.words(start, stop).tolist() == expected[start:stop]
    assert [mask.word(i) for i in range(count + 1)] == [*expected, 0]


@given(MASKS)
def test_bytes_and_digest_are_those_of_the_packed_bits(made):
    mask, bits = made
    data = number(bits).to_bytes((len(bits) + 7) // 8, "little")
    assert (mask.to_bytes(), mask.hex()) == (data, data.hex())
    assert mask.sha256() == hashlib.sha256(data).hexdigest()[:32]


@given(MASKS)
def test_equal_bits_are_equal_masks_with_equal_hashes(made):
    mask, bits = made
    written_out = literal(number(bits), len(bits))
    assert mask == written_out
    assert hash(mask) == hash(written_out)


@given(MASKS, st.data())
def test_one_flipped_bit_makes_another_mask(made, data):
    mask, bits = made
    if bits:
        at = data.draw(st.integers(0, len(bits) - 1))
        bits = [bit ^ (i == at) for i, bit in enumerate(bits)]
        assert mask != literal(number(bits), len(bits))


@given(MASKS)
def test_one_more_scalar_makes_another_mask(made):
    mask, _ = made
    assert mask != concat((mask, zeros(1)))


def test_swapped_words_make_another_mask():
    one, two = literal(0b01, 2), literal(0b10, 2)
    assert concat((repeat(one, 100), repeat(two, 100))) != concat((repeat(two, 100), repeat(one, 100)))


def test_a_mask_of_a_terabyte_costs_no_memory():
    tracemalloc.start()
    huge = repeat(concat((literal(1, 1), zeros(999_999))), 10**9)
    assert (huge.n, huge.ones, huge.first_one()) == (10**15, 10**9, 0)
    assert huge == repeat(huge.cut(0, 10**6), 10**9)
    assert huge.word(10**6 // 64 * 5) == 1
    assert huge.bits(10**15 - 10**6, 10**15 - 10**6 + 3).tolist() == [1, 0, 0]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_too_many_bits_at_once_are_refused_with_advice():
    huge = repeat(literal(1, 2), MAX_BITS)
    with pytest.raises(MaskTooLargeError, match=f"{2 * MAX_BITS} mask bits.*ask for a range"):
        huge.words()
    assert huge.words(1_000_000, 1_000_001).tolist() == [0x5555555555555555]
    with pytest.raises(MaskTooLargeError, match="no digest of"):
        repeat(literal(1, 1), MAX_DIGEST_BITS + 1).sha256()


@pytest.mark.parametrize(
    "mask", [EMPTY, literal(5, 3), repeat(literal(5, 70), 3), concat((zeros(99), literal(5, 3)))]
)
def test_a_mask_cannot_be_changed(mask):
    with pytest.raises(AttributeError, match="cannot be changed"):
        mask.n = 1
    assert isinstance(mask, Mask)


def test_a_mask_is_no_other_thing():
    assert literal(1, 1) != 1
    assert literal(0, 0) == EMPTY
    assert repr(literal(0b101, 3)) == "Mask(n=3, ones=2, bits=101)"
    assert repr(zeros(30)).endswith("000...)")
