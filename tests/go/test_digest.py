"""The digest that is taken at once is the one that FNV-1a gives byte by byte."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.go.digest import FEW, Digested, fnv1a_words, marks_digest, words_digest
from tests.examples import examples


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


@given(st.lists(st.tuples(st.integers(0, 3 * FEW // 8), st.integers(0, 2**64 - 1)), min_size=1, max_size=8))
def test_what_changed_is_digested_from_there_on_and_the_same_comes_out(changes):
    """Values become longer, shorter and others, as bitmap words of a chunk do that is filled and reused."""
    kept, values = Digested(2), np.zeros(0, dtype=np.uint64)
    for place, value in changes:
        values = np.resize(values, 2 * max(place, 1)) if place % 3 else values.copy()
        values[min(place, len(values) - 1) :][:1] = value
        assert kept.of(values) == byte_by_byte(values.astype("<u8").tobytes())


def test_of_a_long_array_only_what_changed_is_read(monkeypatch):
    from arenalab.go import digest  # noqa: PLC0415

    honest, read = digest.state_after, []
    monkeypatch.setattr(
        digest, "state_after", lambda values, *more: read.append(len(values)) or honest(values, *more)
    )
    kept, values = Digested(2), np.arange(20_000, dtype=np.uint64)
    kept.of(values)
    read.clear()
    values = np.append(values, [20_000, 5]).astype(np.uint64)
    values[-3] = 7
    assert kept.of(values) == fnv1a_words(values, 2)
    assert sum(read[:-1]) < 100


@examples(40)
@given(st.data())
def test_marks_that_are_mostly_set_give_what_the_definition_gives(data):
    """Whole blocks of set marks, before and behind them any others, in chunks of several sizes."""
    count = data.draw(st.sampled_from([0, 100, 256, 1000, 16_384, 70_000]))
    marks = np.ones(count, dtype=bool)
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, count))
        marks[start : start + data.draw(st.integers(0, 600))] = data.draw(st.booleans())
    marks[: data.draw(st.integers(0, count))] = False
    numbers = np.flatnonzero(marks)
    assert marks_digest(marks) == (len(numbers), byte_by_byte(numbers.astype("<u8").tobytes()))
