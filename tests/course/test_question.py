"""A question that cannot be asked is told when it is made, and says which part of it is wrong."""

import pytest

from arenalab.course.answers import Whole
from arenalab.course.exercise import Exercise
from arenalab.course.question import FAMILIES, Question, after, end_of, family, last_about
from arenalab.course.registry import question
from arenalab.errors import ArgumentError, NoSuchError, ScenarioError
from arenalab.world import end_events
from arenalab.world.ops import Free, NewArena


@pytest.fixture(autouse=True)
def tidy():
    yield
    FAMILIES.pop("mine", None)


def enter(text="How many chunks?", **changed):
    right = {
        "program": (NewArena(0), Free(0)), "answer": Whole(unit="chunks"), "decided": end_of(-1),
        "read": lambda run: len(run.world.spans),
    }  # fmt: skip

    @family("mine", title="Mine", chapter=1)
    def mine(_):
        return Question(text, **right | changed)

    return mine


def test_cell_that_is_run_again_replaces_its_family(tmp_path):
    enter("First?")
    assert question("mine").text == "First?"
    enter("Second?")
    exercise = Exercise("mine", folder=tmp_path)
    assert exercise.question.text == "Second?"
    assert exercise.answer("8 chunks").right


def test_family_of_another_module_is_not_replaced():
    question("which-end")
    with pytest.raises(
        ScenarioError, match=r"two families of questions are called 'which-end', arenalab\.course\."
    ):
        family("which-end", title="X", chapter=1)(lambda _: None)
    assert question("which-end").title != "X"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"read": lambda run: run.events[10**6]}, "read raised IndexError"),
        ({"read": lambda _: 1 / 0}, "read raised ZeroDivisionError"),
        (
            {"decided": after(end_events.ChunkQuarantined)},
            "decided: no ChunkQuarantined in the run: the moment never comes",
        ),
        (
            {"decided": after(end_events.ReusePut, nth=3)},
            "decided: nth: got 3; expected which of the ReusePut",
        ),
        ({"decided": after(end_events.ReusePut, chunk=5)}, "decided: no ReusePut with {'chunk': 5}"),
        ({"decided": end_of(2)}, "decided: end_of: got 2; expected the number of an operation: -2 to 1"),
        ({"decided": last_about(7)}, None),
        ({"decided": last_about(99)}, "decided: no event of the run concerns chunk 99"),
        ({"decided": lambda _: 10**6}, "decided: moment: got 1000000"),
        ({"decided": lambda _: None}, "decided: moment: got None"),
        ({"why": lambda run: run.nothing}, "why raised AttributeError"),
        ({"program": (Free(3),)}, "program: there is no user arena 3"),
        ({"program": ("NewArena(0)",)}, r"its function: Question.program\[0\]: got 'NewArena\(0\)'"),
        ({"answer": "3"}, "its function: Question.answer: got '3'"),
        ({"read": 3}, "its function: Question.read: got 3"),
        ({"hint": "x"}, "its function: Question: got .*unexpected keyword argument 'hint'"),
    ],
)
def test_question_with_a_wrong_part_is_told_when_it_is_made(changed, says):
    made = enter(**changed)
    if says is None:
        assert made.make(4).seed == 4
        return
    with pytest.raises(ScenarioError, match=rf"exercise 'mine', seed 4: {says}"):
        made.make(4)


def test_function_that_returns_no_question_is_told():
    with pytest.raises(ArgumentError, match=r"its function: got None; expected a Question"):
        family("mine", title="Mine", chapter=1)(lambda _: None).make(1)


def test_exercise_that_is_not_there_lists_those_that_are(tmp_path):
    with pytest.raises(NoSuchError, match=r"exercise: got 'nothing'; expected one of back-offset, "):
        Exercise("nothing", folder=tmp_path)
