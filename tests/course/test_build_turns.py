"""Turns that a reader writes: read line by line, taken by the model, judged by the run."""

import pytest
from hypothesis import given

from arenalab.course import Exercise, judge
from arenalab.course.construct.turns import taken, turns_of
from arenalab.course.question import GC_OFF
from arenalab.errors import ScenarioError
from arenalab.world.ops import Free, NewArena
from arenalab.world.schedule import Begin, GoOn
from tests.course.asking import questions
from tests.examples import examples

FIRST = "goroutine 1: a := arena.NewArena()"


def test_a_turn_says_who_goes_what_it_begins_and_how_far():
    stands = "  goroutine 2:  b := arena.NewArena() until reuse empty"
    text = f"{FIRST}\n\n{stands}\ngoroutine 1: a.Free()\ngoroutine 2: goes on"
    assert list(turns_of(text)) == [
        (1, Begin(1, NewArena(0))),
        (3, Begin(2, NewArena(1), "reuse empty")),
        (4, Begin(1, Free(0))),
        (5, GoOn(2)),
    ]
    assert taken(text, GC_OFF).run.world.reuse == [0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "a := arena.NewArena()",
            r"^line 1: 'a := arena.NewArena\(\)' is no turn; expected turns, one a line",
        ),
        (
            f"{FIRST} until noon",
            r"line 1: no point is called 'noon'; expected one of: reuse empty, chunk freed",
        ),
        (f"{FIRST}\n{FIRST}", "line 2: there is an arena called 'a' already"),
        (
            f"{FIRST}\ngoroutine 1: b.Free()",
            r"line 2: 'b.Free\(\)' can't be read here \(arenas made so far: a\)",
        ),
        ("goroutine 1: goes on", "line 1: goroutine 1 is within no operation"),
        (
            f"{FIRST} until reuse empty",
            "goroutine 1 is still within its operation; end with: goroutine 1: goes on",
        ),
        ("goroutine 0: runtime.GC()", "the number of a goroutine"),
        ("\n".join(["goroutine 1: runtime.GC()"] * 61), "line 61: more than 60 turns"),
    ],
)
def test_what_can_not_be_taken_names_its_line(text, says):
    with pytest.raises(ScenarioError, match=says):
        taken(text, GC_OFF)


@examples(15)
@given(asked=questions("build-overtaken"))
def test_only_who_is_overtaken_takes_a_chunk_for_nothing(asked):
    assert judge(asked, asked.example).right
    in_turn, at_once = (judge(asked, text) for text in asked.answer.wrong)
    assert "maps 1 chunk, wanted are" in in_turn.meant
    assert "are in use at the same time" in at_once.meant
    assert "Your run makes 1 arena" in judge(asked, FIRST).meant


def test_exercise_takes_turns_and_shows_the_readers_own_run():
    exercise = Exercise("build-overtaken", seed=1)
    verdict = exercise.answer(exercise.question.example)
    assert verdict.right
    with pytest.raises(ScenarioError, match="line 1"):
        exercise.answer("goroutine 1: make an arena")
