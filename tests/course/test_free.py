"""Chapter 6's questions against lists kept by hand."""

from hypothesis import given

from arenalab.world.ops import Free, New, NewArena, Rep, RunGC
from tests.course.asking import questions
from tests.examples import examples

some = examples(60)


@some
@given(asked=questions("fault-first"))
def test_full_chunks_go_latest_first(asked):
    full = (asked.program[1].n - 1) // 4
    assert asked.value == ("chunk 0" if "last" in asked.text.split("?")[0] else f"chunk {full - 1}")


@some
@given(asked=questions("next-owner"))
def test_reuse_list_is_a_stack(asked):
    taken, active, reuse = 0, {}, []
    for op in asked.program:
        if isinstance(op, NewArena):
            active[op.user_arena], taken = (reuse.pop(), taken) if reuse else (taken, taken + 1)
        elif isinstance(op, Rep) and op.type.size > 2**20:
            active[op.user_arena], taken = taken, taken + 1  # five quarters: one chunk more
        elif isinstance(op, Free):
            reuse.append(active.pop(op.user_arena))
    assert asked.value == f"chunk {active[max(active)]}"


@some
@given(asked=questions("old-pointer"))
def test_old_pointer_is_followed_by_hand(asked):
    ops = asked.program
    freed, full = Free(0) in ops, any(isinstance(op, Rep) and op.type.size > 2**20 for op in ops)
    cycle, later = any(isinstance(op, RunGC) for op in ops), NewArena(1) in ops
    if not freed:
        expected = "its own value"
    elif not full:
        expected = "the old value, though it was freed"
    elif not (cycle and later):
        expected = "nothing: the program crashes"
    else:  # arena 1 took the freed arena's half-filled chunk, arena 2 the cleared chunk 0
        back_of_zero = [op for op in ops if isinstance(op, New) and op.user_arena == 2]
        expected = "somebody else's value" if back_of_zero else "zeros that belong to no value"
    assert asked.value == expected
