"""The exercise as a widget: what its buttons do, what is told when, and that nothing is swallowed."""

import asyncio
from dataclasses import replace
from html import escape

import pytest

from arenalab.course import Exercise, Question, families
from arenalab.course.answers import Bits, choice
from arenalab.course.exercise import SETTLE_SECONDS
from arenalab.course.family import FAMILIES, Family
from arenalab.course.moments import after, end_of
from arenalab.course.registry import question
from arenalab.errors import ScenarioError
from arenalab.explore.bundle import WIDGET
from arenalab.syntax import type_of
from arenalab.world.end_events import ChunkQuarantined
from arenalab.world.ops import New, NewArena

EVIL = 'struct{ p *int "<script>window.pwned=1</script>" }'


@pytest.fixture
def exercise(tmp_path):
    return Exercise("which-end", seed=2, folder=tmp_path)


def evil(_draw):
    return Question(
        text="What of `<b>` & <script>window.pwned=2</script>?",
        program=(NewArena(0), New(0, type_of(EVIL))),
        answer=choice("<i>yes</i>", "no"),
        read=lambda run: "<i>yes</i>" if run.events else "no",
        decided=end_of(-1),
        hints=("<img src=x onerror=window.pwned=3>",),
        why=lambda _: "<script>window.pwned=4</script>",
        meant=lambda _, given: f"<u>{given}</u>",
    )


@pytest.fixture
def evil_family(monkeypatch):
    families()
    monkeypatch.setitem(FAMILIES, "evil", Family("evil", "<em>Evil</em>", 99, evil))
    return "evil"


def radio(exercise):
    return exercise.field.widget.children[1]


def wrong_option(exercise):
    return next(it for it in exercise.question.answer.options if it != exercise.question.value)


def test_check_judges_what_was_chosen(exercise):
    radio(exercise).value = wrong_option(exercise)
    exercise.check_button.click()
    assert exercise.verdict.right is False
    assert 'role="alert"' in exercise._verdict.value
    assert "✗ Incorrect:" in exercise._verdict.value
    radio(exercise).value = exercise.question.value
    exercise.check_button.click()
    assert "✓ Correct:" in exercise._verdict.value
    assert "0 of 1 right" in exercise._progress_line.value


def test_check_without_an_answer_is_no_attempt(exercise):
    exercise.check_button.click()
    assert exercise.verdict is None
    assert "choose one of the answers first" in exercise._error.value
    assert exercise._verdict.value == ""
    radio(exercise).value = exercise.question.value
    exercise.check_button.click()
    assert exercise._error.value == ""


def test_nothing_tells_the_answer_before_an_attempt(exercise):
    assert exercise.show_button.disabled
    with pytest.raises(ScenarioError, match="answer first"):
        exercise.show()
    sent = " ".join(str(w.value) for w in (exercise._asked, exercise._verdict, exercise._hints))
    assert "Decided" not in sent


def test_hints_come_one_by_one(exercise):
    hints = exercise.question.hints
    assert len(hints) == 2
    for given in (1, 2):
        assert exercise.hint_button.description == f"Hint {given} of 2"
        exercise.hint_button.click()
        assert exercise._hints.value.count("<li>") == given
    assert exercise.hint_button.disabled


def pages(exercise):
    return " ".join(it.value for it in (exercise._hints, exercise._verdict))


def test_wrong_answers_bring_what_is_mistaken_and_hints_before_the_answer(exercise):
    first, second, third = exercise.question.answer.others(exercise.question.value)
    hints = exercise.question.hints
    for given, number in ((first, 1), (first, 1), (second, 2)):  # the same one again takes no hint
        verdict = exercise.answer(given)
        assert escape(verdict.meant, quote=False) in exercise._verdict.value.replace("&#x27;", "'")
        assert exercise._hints.value.count("<li>") == number
        assert hints[1].split("`")[0] in exercise._hints.value or number == 1
        assert "The answer is" not in pages(exercise)
        assert "Decided in" not in pages(exercise)
    exercise.answer(third)
    assert f"The answer is <b>{exercise.question.value}" in exercise._verdict.value
    assert "Decided in operation" in exercise._verdict.value
    exercise.answer(first)
    assert "The answer is" in exercise._verdict.value


def test_right_answer_after_a_hint_is_correct_and_the_first_try_counts(exercise):
    exercise.answer(wrong_option(exercise))
    exercise.answer(exercise.question.value)
    assert "✓ Correct:" in exercise._verdict.value
    assert "0 of 1 right at the first try" in exercise._progress_line.value


def test_first_wrong_answer_after_all_hints_may_be_tried_again(exercise):
    exercise.hint()
    exercise.hint()
    first, second, _ = exercise.question.answer.others(exercise.question.value)
    exercise.answer(first)
    assert "Try again." in exercise._verdict.value
    exercise.answer(second)
    assert "The answer is" in exercise._verdict.value


def test_show_me_after_a_wrong_answer_shows_the_answer(exercise):
    exercise.answer(wrong_option(exercise))
    exercise.show_button.click()
    assert f"The answer is <b>{exercise.question.value}" in exercise._verdict.value


def test_question_that_stands_alone_is_an_exercise(tmp_path):
    alone = replace(evil(None), title="My own", hints=())
    exercise = Exercise(alone, folder=tmp_path)
    assert repr(exercise).startswith("Exercise: My own\nWhat of ")
    assert "Another one" not in [it.description for it in exercise.widget.children[3].children[:-1]]
    exercise.answer("no")
    assert "<p>Try again.</p>" in exercise._verdict.value
    assert exercise.progress.read()[0] == {"My own": {"1": False}}
    exercise.again_button.click()
    assert exercise.answer("<i>yes</i>").right


def test_exercise_takes_a_family_or_one_of_its_questions(tmp_path):
    named = Exercise("which-end", seed=4, folder=tmp_path)
    for asked in (FAMILIES["which-end"], question("which-end", 4)):
        exercise = Exercise(asked, seed=4, folder=tmp_path)
        assert repr(exercise) == repr(named)
        exercise.another_button.click()
        assert exercise.question.seed == 5


def test_another_one_asks_afresh_and_again_asks_the_same(exercise):
    first = repr(exercise)
    exercise.answer(exercise.question.value)
    exercise.show_button.click()
    assert len(exercise._stage.children) == 1
    exercise.another_button.click()
    assert exercise.seed == 3
    assert repr(exercise) != first
    assert (exercise.verdict, exercise._verdict.value, exercise._stage.children) == (None, "", ())
    assert exercise.show_button.disabled
    exercise.seed = 2
    assert repr(exercise) == first
    exercise.answer(exercise.question.value)
    exercise.again_button.click()
    assert (repr(exercise), exercise.verdict, radio(exercise).value) == (first, None, None)


def test_enter_in_a_text_field_checks(tmp_path):
    exercise = Exercise("chunks-taken", folder=tmp_path)
    exercise.field.widget.value = str(exercise.question.value)
    exercise.field.widget._handle_custom_msg({"event": "submit"}, [])
    assert exercise.verdict.right


def test_click_that_overtakes_the_last_letters_waits_for_them(tmp_path):
    exercise = Exercise("chunks-taken", folder=tmp_path)

    async def type_and_click():
        exercise.field.widget.value = "1"
        exercise.check_button.click()
        exercise.field.widget.value = str(exercise.question.value)
        await asyncio.sleep(SETTLE_SECONDS * 2)

    asyncio.run(type_and_click())
    assert exercise.question.value != 1
    assert exercise.verdict.right


def test_every_field_and_button_has_a_name(tmp_path):
    for name in ("which-end", "chunks-taken"):
        exercise = Exercise(name, folder=tmp_path)
        field = exercise.field.widget
        assert field.children[0].value if hasattr(field, "children") else field.description
        buttons = [it for it in exercise.__dict__.values() if type(it).__name__ == "Button"]
        assert len(buttons) == 6
        assert all(it.description and it.tooltip for it in buttons)


def test_bundle_serves_the_kernel_the_page_and_the_terminal(exercise):
    bundle = exercise._repr_mimebundle_()
    assert bundle.keys() == {WIDGET, "text/plain", "text/html"}
    assert bundle["text/plain"].startswith("Exercise which-end, seed 2: ")
    assert "Decided" not in bundle["text/plain"]
    assert bundle["text/html"].index("<details><summary>Answer") < bundle["text/html"].index(
        "Decided in operation"
    )


def test_texts_of_questions_and_types_are_escaped(evil_family, tmp_path):
    exercise = Exercise(evil_family, folder=tmp_path)
    exercise.hint_button.click()
    exercise.answer("no")
    pages = [exercise._asked.value, exercise._hints.value, exercise._verdict.value]
    for page in [*pages, exercise._repr_mimebundle_()["text/html"]]:
        assert "<script>" not in page
        assert not any(tag in page for tag in ("<img", "<u>", "<i>yes", "<em>"))
    assert "&lt;script&gt;" in pages[0]


def test_error_of_a_button_is_shown(exercise, monkeypatch):
    exercise.answer(exercise.question.value)
    monkeypatch.setattr("arenalab.course.exercise.ChunkMap", lambda *_, **__: 1 / 0)
    exercise.show_button.click()
    assert "ZeroDivisionError: division by zero" in exercise._error.value


def test_moment_that_never_comes_is_told():
    with pytest.raises(ScenarioError, match="no ChunkQuarantined with"):
        after(ChunkQuarantined, chunk=0)(question("which-end").run)


def test_bits_are_asked_for_in_one_text():
    assert "101011" in Bits().how()
