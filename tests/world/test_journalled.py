"""Words and marks of chunks: what forks, going apart or not, answer is what was written on their way."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arenalab.world.heap_bits import HeapBits
from arenalab.world.scan_limits import Marks

WORDS, CHUNKS = 4, 3
STEP = st.tuples(
    st.integers(0, 5),  # which of those there are
    st.sampled_from(["clear", "write", "run", "fork", "apart", "ask"]),
    st.integers(0, CHUNKS - 1),
    st.integers(0, WORDS - 1),
    st.integers(1, 3),
)


class Plain:
    """The same, written down at once."""

    def __init__(self, words=None, marks=None):
        self.words = {} if words is None else words
        self.marks = {} if marks is None else marks

    def copy(self):
        return Plain(
            *({chunk: list(row) for chunk, row in rows.items()} for rows in (self.words, self.marks))
        )


def clear(bits, limits, plain, chunk, _, __):
    bits.clear(chunk)
    limits.begin_chunk(chunk)
    plain.words[chunk], plain.marks[chunk] = [0] * WORDS, [True] * (WORDS - 1) + [False]


def write(bits, limits, plain, chunk, word, value):
    bits.write(chunk, word, value)
    limits.clear_mark(chunk, word)
    plain.words[chunk][word], plain.marks[chunk][word] = value, False


def run(bits, limits, plain, chunk, word, value):
    after, clears = np.full(WORDS - word, value, np.uint64), np.arange(WORDS - word, dtype=np.uint8) % 2
    bits.write_runs((chunk,), (word,), (len(after),), after)
    limits.clear_marks((chunk,), (word,), (len(after),), clears)
    for at, cleared in enumerate(clears.tolist(), word):
        plain.words[chunk][at] = value
        plain.marks[chunk][at] &= not cleared


def ask(bits, limits, plain, chunk, _, __):
    assert bits.words(chunk).tolist() == plain.words[chunk]
    assert limits.no_more_ptrs(chunk).tolist() == plain.marks[chunk]


@given(st.lists(STEP, max_size=30))
def test_forks_answer_what_was_written_on_their_way(steps):
    there = [(HeapBits(WORDS), Marks(WORDS), Plain())]
    for chunk in range(CHUNKS):
        clear(*there[0], chunk, 0, 0)
    for which, what, *where in steps:
        bits, limits, plain = there[which % len(there)]
        if what in ("fork", "apart"):
            apart = what == "apart"
            there.append((bits.fork(apart=apart), limits.fork(apart=apart), plain.copy()))
        else:
            {"clear": clear, "write": write, "run": run, "ask": ask}[what](bits, limits, plain, *where)
    for bits, limits, plain in there:
        for others, marks, other in there:
            assert (bits == others) == (plain.words == other.words)
            assert (limits == marks) == (plain.marks == other.marks)
        for chunk in range(CHUNKS):
            ask(bits, limits, plain, chunk, 0, 0)
