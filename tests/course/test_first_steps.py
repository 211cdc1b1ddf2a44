"""Chapter 1's questions against a second, simpler reasoning."""

from hypothesis import given
from hypothesis import strategies as st

from arenalab.course import question
from arenalab.course.families.first_steps import BACK, FRONT, NOWHERE
from arenalab.world.ops import Free, NewArena
from tests.examples import examples

seeds = st.integers(0, 10**6)


@examples(60)
@given(seeds)
def test_pointers_go_to_the_front(seed):
    asked = question("which-end", seed)
    wanted = asked.program[-1].type
    assert asked.value == (NOWHERE if wanted.size == 0 else FRONT if wanted.ptr_bytes else BACK)


@examples(30)
@given(seeds)
def test_chunks_are_counted_by_hand(seed):
    asked = question("chunks-taken", seed)
    taken = left = 0
    for op in asked.program:
        if isinstance(op, NewArena):
            taken, left = (taken, left - 1) if left else (taken + 1, 0)
        left += isinstance(op, Free)
    assert asked.value == taken


@examples(10)
@given(seeds)
def test_only_an_overfull_chunk_is_set_to_fault(seed):
    asked = question("list-after-free", seed)
    op = asked.program[1]
    assert asked.value == ("quarantine" if op.n * op.type.size > 8 * 2**20 else "reuse")
