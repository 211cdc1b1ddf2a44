"""Chapter 5's questions against the rule, told in a few lines."""

from hypothesis import given

from arenalab.world.ops import MakeSlice, Rep
from tests.course.asking import questions
from tests.examples import examples

some = examples(20)
QUARTER = 2 * 2**20


def placed(asked):
    """Return (chunk or None of the last value, bytes left of chunk 0 when chunk 1 was taken)."""
    room = asked.rules.chunk.usable_bytes
    chunk, free, left, home = 0, room, None, 0
    for op in asked.program[1:]:
        size = op.type.size * (op.cap if isinstance(op, MakeSlice) else 1)
        for _ in range(op.n if isinstance(op, Rep) else 1):
            if size > QUARTER:
                home = None
                continue
            if size > free:
                left, chunk, free = free if chunk == 0 else left, chunk + 1, room
            free, home = free - size, chunk
    return home, left


def named(home):
    return "the heap" if home is None else f"chunk {home}"


@some
@given(asked=questions("quarter-rule"))
def test_quarter_rule(asked):
    assert asked.value == named(placed(asked)[0])


@some
@given(asked=questions("wasted"))
def test_what_is_left_is_wasted(asked):
    home, left = placed(asked)
    assert (home, asked.value) == (1, left)


@some
@given(asked=questions("next-home"))
def test_arena_never_looks_back(asked):
    assert asked.value == named(placed(asked)[0])
