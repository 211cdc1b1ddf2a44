"""A question that cannot be asked is refused when it is made; the error says which part of it is wrong."""

from random import Random
from types import SimpleNamespace

import pytest

from arenalab.course.answers import Whole, choice
from arenalab.course.exercise import Exercise
from arenalab.course.family import FAMILIES, family
from arenalab.course.moments import after, end_of, last_about
from arenalab.course.question import Question
from arenalab.course.registry import question
from arenalab.errors import ArgumentError, NoSuchError, ScenarioError
from arenalab.world import end_events
from arenalab.world.ops import Free, NewArena


@pytest.fixture(autouse=True)
def tidy():
    yield
    FAMILIES.pop("mine", None)


def right():
    return {
        "program": (NewArena(0), Free(0)), "answer": Whole(unit="chunks"), "decided": end_of(-1),
        "read": lambda run: len(run.world.spans),
    }  # fmt: skip


def enter(text="How many chunks?", **changed):
    @family("mine", title="Mine", chapter=1)
    def mine(_):
        return Question(text, **right() | changed)

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


def kind_of(name):
    """Return a function under another name, as a cell of a notebook holds it."""
    draw = lambda _: Question("?", (NewArena(0),), Whole(), lambda _: 1, end_of(-1))  # noqa: E731
    draw.__qualname__, draw.__module__ = name, "__main__"
    return draw


def test_cell_whose_function_was_renamed_replaces_its_family(monkeypatch):
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=kernel))
    kernel = SimpleNamespace(get_parent=lambda: {"metadata": {"cellId": "one"}})
    family("mine", title="First", chapter=1)(kind_of("first"))
    family("mine", title="Second", chapter=1)(kind_of("renamed"))
    assert question("mine").title == "Second"
    kernel.get_parent = lambda: {"metadata": {"cellId": "two"}}
    with pytest.raises(ScenarioError, match=r"'mine', __main__\.renamed and __main__\.other; rename one"):
        family("mine", title="Other", chapter=1)(kind_of("other"))
    family("mine", title="Moved", chapter=1)(kind_of("renamed"))
    assert question("mine").title == "Moved"


WRONG = [
    ({"read": lambda run: run.events[10**6]}, "read raised IndexError: .*; expected a function of the run"),
    ({"read": lambda _: 1 / 0}, "read raised ZeroDivisionError"),
    ({"read": lambda _: "many"}, "read: got 'many' of the run; expected a whole number of chunks"),
    ({"answer": choice("a", "b"), "read": lambda _: "c"}, "read: got 'c' of the run; expected one of: a; b"),
    (
        {"decided": after(end_events.ChunkQuarantined)},
        "decided: no ChunkQuarantined in the run: the moment never comes; the run has .*ChunkActivated",
    ),
    ({"decided": after(end_events.ReusePut, nth=3)}, "decided: nth: got 3; expected which of the ReusePut"),
    ({"decided": after(end_events.ReusePut, chunk=5)}, "decided: no ReusePut with {'chunk': 5}"),
    (
        {"decided": end_of(3)},
        "decided: end_of: got 3; expected the number of an operation, or from the end: -2 to 2",
    ),
    ({"decided": last_about(99)}, "decided: no event of the run concerns chunk 99"),
    ({"decided": lambda _: 10**6}, "decided: moment: got 1000000"),
    ({"decided": lambda _: None}, "decided: moment: got None"),
    ({"why": lambda _: None.nothing}, "why raised AttributeError"),
    ({"why": lambda _: 3}, "why: Question.why: got 3; expected a text, returned"),
    (
        {"meant": lambda _, given: {7: "seven"}[given]},
        "meant raised KeyError: .*; expected a function of the run and",
    ),
    ({"program": (Free(3),)}, "program: there is no user arena 3"),
    ({"program": ("NewArena(0)",)}, r"its function: Question.program\[0\]: got 'NewArena\(0\)'"),
    ({"answer": "3"}, "its function: Question.answer: got '3'"),
    ({"read": 3}, "its function: Question.read: got 3"),
    ({"hint": "x"}, "its function: Question: got .*unexpected keyword argument 'hint'"),
    ({"hints": "Is it full?"}, "its function: Question.hints: got 'Is it full.'; expected texts in a tuple"),
]


@pytest.mark.parametrize(("changed", "says"), WRONG)
def test_question_with_a_wrong_part_is_refused_as_its_family_is_entered(changed, says):
    with pytest.raises(ScenarioError, match=rf"exercise 'mine', seed 1: {says}"):
        enter(**changed)
    assert "mine" not in FAMILIES


def test_family_whose_moment_comes_for_some_seeds_only_is_refused():
    with pytest.raises(ScenarioError, match=r"exercise 'mine', seed 3: decided: no ReusePut"):

        @family("mine", title="Mine", chapter=1)
        def _(draw):
            third = draw.getstate() == Random("mine:3").getstate()  # noqa: S311
            freed = () if third else (Free(0),)
            return Question("?", (NewArena(0), *freed), Whole(), lambda _: 1, after(end_events.ReusePut))


@pytest.mark.parametrize(("changed", "says"), [case for case in WRONG if "its function" not in case[1]])
def test_exercise_of_a_question_with_a_wrong_part_is_refused(changed, says, tmp_path):
    with pytest.raises(ScenarioError, match=rf"question 'How many\?': {says}"):
        Exercise(Question("How many?", **right() | changed), folder=tmp_path)


def test_function_that_returns_no_question_is_told():
    with pytest.raises(ArgumentError, match=r"its function: got None; expected a Question"):
        family("mine", title="Mine", chapter=1)(lambda _: None)


def test_exercise_that_is_not_there_lists_those_that_are(tmp_path):
    with pytest.raises(
        NoSuchError, match=r"exercise: got 'nothing'; expected one of arena-packs, back-offset, "
    ):
        Exercise("nothing", folder=tmp_path)
