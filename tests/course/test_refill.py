"""Chapter 5's questions against the rule, told in a few lines."""

from hypothesis import given
from hypothesis import strategies as st

from arenalab.course import question
from arenalab.world.ops import MakeSlice, Rep
from tests.examples import examples

seeds = st.integers(0, 10**6)
some = examples(20)
CHUNK, QUARTER = 8 * 2**20, 2 * 2**20


def placed(asked):
    """Return (chunk or None of the last value, bytes left of chunk 0 when chunk 1 was taken)."""
    chunk, free, left, home = 0, CHUNK, None, 0
    for op in asked.program[1:]:
        size = op.type.size * (op.cap if isinstance(op, MakeSlice) else 1)
        for _ in range(op.n if isinstance(op, Rep) else 1):
            if size > QUARTER:
                home = None
                continue
            if size > free:
                left, chunk, free = free if chunk == 0 else left, chunk + 1, CHUNK
            free, home = free - size, chunk
    return home, left


def named(home):
    return "the heap" if home is None else f"chunk {home}"


@some
@given(seeds)
def test_quarter_rule(seed):
    asked = question("quarter-rule", seed)
    assert asked.value == named(placed(asked)[0])


@some
@given(seeds)
def test_what_is_left_is_wasted(seed):
    asked = question("wasted", seed)
    home, left = placed(asked)
    assert (home, asked.value * 1024) == (1, left)


@some
@given(seeds)
def test_arena_never_looks_back(seed):
    asked = question("next-home", seed)
    assert asked.value == named(placed(asked)[0])
