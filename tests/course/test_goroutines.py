"""Questions of chapter 17 against second, simpler reasonings that know no event."""

from hypothesis import given
from hypothesis import strategies as st

from arenalab.course import Exercise, judge, question
from arenalab.world.ops import Free, NewArena, Rep
from arenalab.world.schedule import CHUNK_FREED, Begin, GoOn
from tests.examples import examples

seeds = st.integers(0, 10**6)
some = examples(25)


def does(turn, kind):
    return isinstance(turn, Begin) and isinstance(turn.op, kind)


@some
@given(seeds)
def test_the_chunk_that_was_freed_last_goes_to_whoever_asks_next(seed):
    asked = question("whose-chunk", seed)
    assert asked.value == [turn.op.user_arena for turn in asked.turns if does(turn, Free)][-1]


@some
@given(seeds)
def test_who_has_looked_at_the_reuse_list_does_not_look_again(seed):
    asked = question("overtaken", seed)
    fresh = waiting = 0
    for turn in asked.turns:
        if does(turn, Free):
            waiting += 1
        elif isinstance(turn, GoOn) or (does(turn, NewArena) and not turn.until and not waiting):
            fresh += 1
        elif does(turn, NewArena) and not turn.until:
            waiting -= 1
    assert asked.value == fresh


@some
@given(seeds)
def test_what_free_comes_to_after_the_collection_began_waits_the_oldest_chunks(seed):
    asked = question("half-freed", seed)
    [values] = [turn.op.n for turn in asked.turns if does(turn, Rep)]
    done = sum(turn.until == CHUNK_FREED for turn in asked.turns)
    assert asked.value == {f"chunk {number}" for number in range((values - 1) // 4 - done)}


def test_lines_say_who_goes_how_far():
    lines = question("overtaken", 4).lines()
    assert lines[1] == "goroutine 2: a1 := arena.NewArena()   // stops: the reuse list was empty"
    assert "goroutine 2: goes on" in lines
    assert Exercise("overtaken", seed=4).question.lines() == lines


def test_each_mistake_meets_what_was_thought():
    half = question("half-freed", 1)
    assert "stays so" in judge(half, "chunk 0; chunk 1; chunk 2").meant
    assert "nothing is set to fault" in judge(half, "none").meant
    own = next(q for seed in range(99) if _own(q := question("whose-chunk", seed)) not in (None, q.value))
    assert "its own" in judge(own, _own(own)).meant
    late = next(q for seed in range(99) if (q := question("overtaken", seed)).value == 3)
    assert any("once more" in judge(late, given).meant for given in (1, 2))


def _own(asked):
    who, freed = asked.turns[-1].goroutine - 1, [t.op.user_arena for t in asked.turns if does(t, Free)]
    return who if who in freed else None
