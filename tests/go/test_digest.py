"""The digest that is taken at once is the one that FNV-1a gives byte by byte."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.go.digest import fnv1a_words, marks_digest, words_digest


def byte_by_byte(data):
    digest = 0xCBF29CE484222325
    for byte in data:
        digest = (digest ^ byte) * 0x100000001B3 % 2**64
    return f"{digest:x}"


def test_the_published_values_of_eight_bytes_and_of_none():
    # FNV-1a (64 bit) of "" and of "chongo w", computed by the definition.
    assert fnv1a_words(np.empty(0, dtype=np.uint64)) == "cbf29ce484222325"
    assert fnv1a_words(np.frombuffer(b"chongo w", dtype=np.uint64)) == byte_by_byte(b"chongo w")


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 300), max_size=60))
def test_any_values_give_what_the_definition_gives(values):
    array = np.array(values, dtype=np.uint64)
    assert fnv1a_words(array) == byte_by_byte(array.astype("<u8").tobytes())


@pytest.mark.parametrize("count", [1, 255, 256, 16_384])
def test_whole_chunks_give_it_too(count):
    chance = np.random.default_rng(count)
    words = chance.integers(0, 2**64, count, dtype=np.uint64)
    words[chance.random(count) < 0.5] = 0
    filled = [number for number, word in enumerate(words.tolist()) if word]
    data = b"".join(n.to_bytes(8, "little") + int(words[n]).to_bytes(8, "little") for n in filled)
    assert words_digest(words) == (len(filled), byte_by_byte(data))
    data = b"".join(n.to_bytes(8, "little") for n in filled)
    assert marks_digest(words != 0) == (len(filled), byte_by_byte(data))
