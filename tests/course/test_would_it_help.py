"""Questions of chapter 14 against second, simpler reasonings."""

from hypothesis import given
from hypothesis import strategies as st

from arenalab.course import question
from arenalab.go.versions import GO_NEWEST
from arenalab.world.ops import Free, Rep, RunGC, Unhold
from tests.examples import examples

seeds = st.integers(0, 10**6)
some = examples(25)


@some
@given(seeds)
def test_only_a_cycle_between_the_last_pointer_and_the_end_or_after_the_end_tells(seed):
    asked = question("what-a-trace-tells", seed)
    program = [*asked.program]
    end, nil = program.index(Free(0)), program.index(Unhold(0)) if Unhold(0) in program else len(program)
    dead = RunGC() in program[nil:end]
    escapes = RunGC() in program[end:nil]
    assert asked.value == ("dead in scope" if dead else "escapes" if escapes else "undecided")


@some
@given(seeds)
def test_an_arena_takes_the_sizes_of_the_types(seed):
    asked = question("arena-packs", seed)
    assert asked.value == sum(op.n * op.type.size for op in asked.program if isinstance(op, Rep))
    assert all(op.type.size % 8 == 0 and op.type.ptr_bytes for op in asked.program if isinstance(op, Rep))


@some
@given(seeds)
def test_the_cache_crashes_when_a_page_does_not_fit_any_more(seed):
    asked = question("crash-of-a-cache", seed)
    pages = [op.user_arena for op in asked.program if isinstance(op, Rep) for _ in range(op.n)]
    size = next(op.type.size for op in asked.program if isinstance(op, Rep))
    assert asked.value == pages[(GO_NEWEST.chunk.usable_bytes - 16) // size]
