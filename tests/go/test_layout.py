"""Address arithmetic: one value, whole columns, and the cases that Go's own text decides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.go import layout
from arenalab.go.versions import GO_1_21, PLATFORMS, go_rules

addresses = st.integers(0, 2**47)
aligns = st.sampled_from([1, 2, 4, 8])


@given(addresses, aligns)
def test_rounding_up_and_down_meet_on_multiples(addr, align):
    up, down = layout.align_up(addr, align), layout.align_down(addr, align)
    assert up % align == down % align == 0
    assert down <= addr <= up < down + 2 * align
    assert (up == down) == layout.is_aligned(addr, align)


def test_a_range_can_be_filled_exactly_from_either_end():
    assert layout.take_from_front(64, 128, 64, 8) == (64, 128, True)
    assert layout.take_from_back(64, 128, 64, 8) == (64, 64, True)


def test_a_value_one_byte_too_large_does_not_fit():
    assert layout.take_from_front(64, 128, 65, 1)[2] is False
    assert layout.take_from_back(64, 128, 65, 1)[2] is False


def test_the_front_gap_lies_below_the_object_and_the_back_gap_above():
    assert layout.take_from_front(9, 128, 8, 8) == (16, 24, True)
    assert layout.take_from_back(0, 0x7FFFF7, 8, 8) == (0x7FFFE8, 0x7FFFE8, True)


@given(st.lists(addresses, min_size=1, max_size=20), st.integers(1, 2**21), aligns)
def test_columns_and_single_numbers_go_through_the_same_rule(bases, size, align):
    limit = 2**46
    column = np.array(bases, dtype=np.int64)
    for take, edges in ((layout.take_from_front, (column, limit)), (layout.take_from_back, (limit, column))):
        starts, news, fits = take(*edges, size, align)
        for i, base in enumerate(bases):
            one = take(*((base, limit) if edges[0] is column else (limit, base)), size, align)
            assert (starts[i], news[i], bool(fits[i])) == one


@pytest.mark.parametrize(("size", "count", "overflows"), [
    (8, 2**61, True), (8, 2**61 - 1, False), (1, 2**64 - 1, False), (0, 2**63, False), (2**63, 0, False),
])  # fmt: skip
def test_the_product_leaves_64_bits_where_go_says_so(size, count, overflows):
    assert layout.mul_overflows(size, count) is overflows


def test_a_bitmap_word_describes_512_bytes():
    heap_word = 0xD0 // 8
    assert (layout.bitmap_word_of(heap_word), layout.bit_of(heap_word)) == (0, 26)
    assert layout.bitmap_word_of(heap_word + 512 // 8) == 1


def test_linux_amd64_has_the_numbers_printed_by_its_runtime():
    rules = GO_1_21
    assert rules.chunk.stride == 8_388_608
    assert rules.user_arena_chunk_pages == 1_024
    assert rules.user_arena_chunk_max_alloc_bytes == 2_097_152
    assert (rules.ptr_bits, rules.bitmap_word_bytes, rules.chunk_bitmap_words) == (64, 512, 16_384)


@pytest.mark.parametrize("platform", PLATFORMS, ids="/".join)
def test_each_platform_passes_the_runtimes_own_start_checks(platform):
    rules = go_rules(goos=platform[0], goarch=platform[1])
    chunk, heap_arena = rules.chunk.stride, rules.heap_arena_bytes
    assert chunk % rules.page_size == 0
    assert chunk % rules.phys_page_size == 0
    assert heap_arena % chunk == 0
