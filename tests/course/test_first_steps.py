"""Chapter 1's questions against a second, simpler reasoning."""

from hypothesis import given

from arenalab.course.families.first_steps import BACK, FRONT, NOWHERE
from arenalab.world.ops import Free, NewArena
from tests.course.asking import questions
from tests.examples import examples


@examples(60)
@given(asked=questions("which-end"))
def test_pointers_go_to_the_front(asked):
    wanted = asked.program[-1].type
    assert asked.value == (NOWHERE if wanted.size == 0 else FRONT if wanted.ptr_bytes else BACK)


@examples(30)
@given(asked=questions("chunks-taken"))
def test_chunks_are_counted_by_hand(asked):
    taken = left = 0
    for op in asked.program:
        if isinstance(op, NewArena):
            taken, left = (taken, left - 1) if left else (taken + 1, 0)
        left += isinstance(op, Free)
    assert asked.value == taken


@examples(10)
@given(asked=questions("list-after-free"))
def test_only_an_overfull_chunk_is_set_to_fault(asked):
    op = asked.program[1]
    assert asked.value == ("quarantine" if op.n * op.type.size > asked.rules.chunk.usable_bytes else "reuse")
