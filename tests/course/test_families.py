"""Every family of questions, over many seeds: the model accepts its own answer and no other, and tells none early.

Families are picked up by themselves; what one asks is checked independently in the test of its chapter.
"""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.course import Exercise, families, judge, question
from arenalab.course.family import FAMILIES
from arenalab.course.question import solved
from arenalab.course.words import folded_html, question_html, question_text, verdict_html
from arenalab.errors import ScenarioError
from tests.examples import examples

seeds = st.integers(0, 10**6)
each_family = pytest.mark.parametrize("name", [it.name for it in families()])
few = examples(15)
#: family -> how many questions it has, where that is not more than MANY.
HAS_FEW = {"build-changed": 3, "build-overtaken": 3, "half-freed": 6, "litmus-pointers": 8, "litmus-weak": 7}
MANY = 8


def other_values(answer, value):
    """Return values of the same kind that are not the right one."""
    return list(answer.others(value))


class Tags(HTMLParser):
    """Collect what a page of HTML opens and does not close, and the text outside <details>."""

    def __init__(self, page):
        super().__init__()
        self.open, self.seen = [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):  # noqa: ARG002  # the parser's own signature
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.seen += "" if "details" in self.open else data


@each_family
@few
@given(seed=seeds)
def test_question_of_any_seed_is_one_everywhere_is_judged_rightly_and_gives_nothing_away(name, seed):
    """To make a question is to run its program, so all that holds for each one is tried on the same."""
    asked, again = FAMILIES[name].make(seed), FAMILIES[name].make(seed)
    assert_same(asked, again)
    assert_accepts_its_own_answer_and_no_other(asked)
    assert_deciding_step_is_one_of_the_run_and_is_told(asked)
    assert_pages_are_whole_and_fold_the_answer(asked)


def assert_same(one, other):
    assert (one.text, one.program, one.answer, one.hints) == (
        other.text,
        other.program,
        other.answer,
        other.hints,
    )
    assert (one.value, one.moment) == (other.value, other.moment)
    assert question_text(one) == question_text(other)
    assert folded_html(one) == folded_html(other)


def assert_accepts_its_own_answer_and_no_other(asked):
    told = judge(asked, asked.answer.show(asked.value))
    assert told.right
    assert told.meant == ""
    others = other_values(asked.answer, asked.value)
    assert others
    for value in others:
        verdict = judge(asked, asked.answer.show(value))
        assert not verdict.right
        assert verdict.answer == told.answer
        assert verdict.text().startswith("Incorrect: ")


def assert_deciding_step_is_one_of_the_run_and_is_told(asked):
    verdict = solved(asked)
    assert 0 < verdict.moment <= len(asked.run)
    assert verdict.step.call
    assert verdict.step.sentence
    if asked.shown is not None:
        assert verdict.step.op < asked.shown, "the deciding operation is not shown to the reader"


def assert_pages_are_whole_and_fold_the_answer(asked):
    folded = Tags(folded_html(asked))
    assert folded.open == []
    assert "Decided in operation" not in folded.seen
    for page in (question_html(asked), verdict_html(judge(asked, asked.answer.show(asked.value)), asked)):
        assert Tags(page).open == []
    assert "Decided" not in question_text(asked)


@each_family
def test_seeds_bring_different_questions_and_answers(name):
    texts, answers = set(), set()
    for asked in map(FAMILIES[name].drawn, range(40)):
        texts.add((asked.text, *asked.lines()))
        if len(answers) < 2:  # an answer takes a run
            answers.add(asked.answer.show(asked.value))
        if len(texts) > MANY and len(answers) == 2:
            break
    assert len(answers) == 2
    assert min(len(texts), MANY + 1) == HAS_FEW.get(name, MANY + 1)


@each_family
def test_text_and_hints_are_there_and_short(name):
    asked = question(name, 1)
    assert 1 <= len(asked.hints) <= 3
    assert len(asked.text) < 700
    assert len(asked.lines()) <= 14
    assert FAMILIES[name].draw.__doc__


@each_family
def test_show_me_opens_at_the_deciding_moment(name, tmp_path):
    exercise = Exercise(name, seed=3, folder=tmp_path)
    exercise.answer(exercise.question.answer.show(exercise.question.value))
    exercise.show_button.click()
    assert exercise.error == ""
    assert exercise.explorer is not None
    if hasattr(exercise.explorer, "cursor"):
        assert exercise.explorer.cursor == exercise.verdict.moment


def test_unknown_family_lists_those_there_are():
    with pytest.raises(ScenarioError, match=r"exercise: got 'which-ned'; expected one of .*which-end"):
        question("which-ned")
