"""The bitmap writer against a naive picture: one list of bits, one list of marks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.go.bitscan import chunk_scan, oblet_scan, pointer_words
from arenalab.go.digest import marks_digest, words_digest
from arenalab.go.heapbits import HeapBitsWriter, merged, write_plan
from arenalab.go.scan_limit import NoMorePtrs
from arenalab.go.versions import GO_1_21
from arenalab.syntax import type_of
from tests.strategies import TYPES

POINTERFUL = [go_type for go_type in TYPES if go_type.ptr_bytes > 0 and go_type.size <= 2048]
pointerful = st.sampled_from(POINTERFUL)


def write(words, marks, go_type, start):
    """Write one value's bits at heap word `start`, by the writer's stores."""
    writer = HeapBitsWriter(start)
    if start % 64 == 0 and start:
        writer = HeapBitsWriter(start - 1)
        writer.write(int(words[(start - 1) // 64]) >> 63, 1)
    stores = [writer.write(bits, count) for bits, count in write_plan(go_type)] + [writer.flush()]
    for store in filter(None, stores):
        words[store.word] = merged(int(words[store.word]), store.keep, store.data)
        if store.clears:
            marks[store.word] = False


def blank():
    return np.zeros(256, dtype=np.uint64), np.ones(256, dtype=bool)


@given(st.lists(pointerful, min_size=1, max_size=12), st.integers(0, 70))
def test_values_laid_end_to_end_leave_their_masks_and_the_closed_form_of_the_marks(values, start):
    words, marks = blank()
    at, expected = start, []
    for value in values:
        write(words, marks, value, at)
        expected += [at + word for word in pointer_words(value.mask.words())]
        at += value.size // 8
    assert pointer_words(words).tolist() == expected
    # Go's own text promises less; this closed form is what every recording shows.
    touched = (start - 1) // 64 if start and start % 64 == 0 else start // 64
    assert np.flatnonzero(~marks).tolist() == list(range(touched, (at - 1) // 64))


def test_an_object_that_ends_on_a_boundary_leaves_the_mark_and_the_next_one_clears_it():
    words, marks = blank()
    for at in range(64):
        write(words, marks, type_of("*int"), at)
    assert (int(words[0]), bool(marks[0])) == (2**64 - 1, True)
    write(words, marks, type_of("*int"), 64)
    assert (int(words[0]), bool(marks[0]), bool(marks[1])) == (2**64 - 1, False, True)


def test_a_pointer_free_tail_is_written_as_zeros_and_clears_marks():
    words, marks = blank()
    write(words, marks, type_of("struct{ p *int; t [1000]byte }"), 26)
    assert (int(words[0]), marks[:3].tolist()) == (1 << 26, [False, False, True])


def test_a_scan_stops_at_the_first_mark_and_counts_to_the_farthest_slot():
    rules = GO_1_21
    words, marks = np.zeros(16_384, dtype=np.uint64), np.ones(16_384, dtype=bool)
    assert oblet_scan(words, NoMorePtrs(marks), 0, rules.max_oblet_bytes, rules) == (0, 1)
    words[0] = 0b1000
    marks[0] = False
    assert oblet_scan(words, NoMorePtrs(marks), 0, rules.max_oblet_bytes, rules) == (32, 2)
    marks[:256] = False
    assert oblet_scan(words, NoMorePtrs(marks), 0, rules.max_oblet_bytes, rules) == (32, 256)
    words[255] = 1 << 63
    assert oblet_scan(words, NoMorePtrs(marks), 0, rules.max_oblet_bytes, rules) == (131_072, 256)
    assert oblet_scan(words, NoMorePtrs(marks), 1, rules.max_oblet_bytes, rules) == (0, 257)


def test_the_mark_of_an_oblets_last_word_changes_nothing():
    rules = GO_1_21
    words, marks = np.zeros(16_384, dtype=np.uint64), np.zeros(16_384, dtype=bool)
    words[255], marks[255] = 1, True
    assert oblet_scan(words, NoMorePtrs(marks), 0, rules.max_oblet_bytes, rules) == (255 * 512 + 8, 256)


def test_digests_of_nothing_are_the_offset_basis():
    assert words_digest(np.zeros(4, dtype=np.uint64)) == (0, "cbf29ce484222325")
    assert marks_digest(np.zeros(4, dtype=bool)) == (0, "cbf29ce484222325")


def test_digests_match_a_byte_by_byte_fnv():
    words = np.array([0, 5, 0x0102030405060708], dtype=np.uint64)
    digest = 0xCBF29CE484222325
    for value in (1, 5, 2, 0x0102030405060708):
        for byte in value.to_bytes(8, "little"):
            digest = (digest ^ byte) * 0x100000001B3 % 2**64
    assert words_digest(words) == (2, f"{digest:x}")


@given(
    st.lists(st.tuples(st.integers(0, 1023), st.integers(1, 2**64 - 1)), max_size=12),
    st.lists(st.integers(0, 1023), max_size=12),
    st.sampled_from([512, 131_072, 131_072 * 3, 131_072 * 4 - 512, 131_072 * 4]),
)
def test_scan_of_a_whole_chunk_is_the_sum_of_its_oblets(filled, marked, nbytes):
    words, marks = np.zeros(1024, dtype=np.uint64), np.zeros(1024, dtype=bool)
    for word, bits in filled:
        words[word] = bits
    marks[marked] = True
    size = GO_1_21.max_oblet_bytes
    oblets = [(number, min(size, nbytes - number * size)) for number in range(-(-nbytes // size))]
    work = sum(oblet_scan(words, NoMorePtrs(marks), number, length, GO_1_21)[0] for number, length in oblets)
    assert chunk_scan(words, NoMorePtrs(marks), nbytes, GO_1_21) == work


class EndsAt:
    """Another body of ScanLimit: no word from one on is read."""

    def __init__(self, words):
        self.words = words

    def end(self, first, count):
        return min(max(first, self.words), first + count)

    def last_words(self, count, width):
        ends = [min(width, max(self.words - start, 0)) - 1 for start in range(0, count, width)]
        return np.array(ends, dtype=np.int64)


@pytest.mark.parametrize("words", [0, 1, 255, 256, 257, 300, 16_384])
def test_scan_ends_where_any_body_of_the_interface_says(words):
    rules, bits = GO_1_21, np.full(16_384, 1, dtype=np.uint64)
    oblets = range(0, 16_384, 256)
    work = sum(oblet_scan(bits, EndsAt(words), at // 256, rules.max_oblet_bytes, rules)[0] for at in oblets)
    assert chunk_scan(bits, EndsAt(words), rules.chunk.usable_bytes, rules) == work
    ends = [min(words, at + 256) - 1 for at in oblets if words > at]
    assert work == sum((end % 256) * 512 + 8 for end in ends)
