"""Exercises in a real JupyterLab: answered wrong once and right once, by mouse and by keyboard, and shown."""

import json

import pytest

from arenalab.course import question
from tests.browser.axe import keeps_nobody_out
from tests.browser.picture import write_notebook

pytestmark = pytest.mark.browser

EXERCISE = ".arenalab-exercise"
CODE = """
from IPython.display import display
from arenalab.course import Exercise

display(Exercise("which-end", seed=2))
display(Exercise("chunks-taken", seed=2))
"""


@pytest.fixture
def tab(open_notebook, lab_root):
    folder = lab_root / "exercises"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("arenalab-progress*"):
        old.unlink()
    write_notebook(folder, "exercises.ipynb", CODE)
    return open_notebook("exercises/exercises.ipynb").run_all()


def nth(tab, number):
    exercise = tab.page.locator(EXERCISE).nth(number)
    exercise.get_by_role("button", name="Check").wait_for()
    return exercise


def test_wrong_then_right_by_mouse_and_by_keyboard_alone(tab, lab_root):
    choose_by_mouse(tab, lab_root)
    write_a_number_by_keyboard(tab)
    keeps_nobody_out(tab.page, EXERCISE)
    assert tab.errors == []


def choose_by_mouse(tab, lab_root):
    exercise, asked = nth(tab, 0), question("which-end", 2)
    assert exercise.get_by_role("button", name="Show me").is_disabled()
    wrong = next(asked.answer.others(asked.value))
    exercise.get_by_label(wrong).check()
    exercise.get_by_role("button", name="Check").click()
    verdict = exercise.get_by_role("alert")
    verdict.get_by_text("Incorrect:").wait_for()
    exercise.locator(".arenalab-hints li").wait_for()
    exercise.get_by_role("button", name="Hint 2 of 2").wait_for()
    assert "Read the new hint and try again." in verdict.inner_text()
    assert "Decided" not in exercise.inner_text()
    tab.screenshot("exercise_wrong_light", EXERCISE)
    exercise.get_by_label(asked.value).check()
    exercise.get_by_role("button", name="Check").click()
    verdict.get_by_text("✓ Correct:").wait_for()
    assert "Decided in operation 4" in verdict.inner_text()
    exercise.get_by_role("button", name="Show me").click()
    exercise.locator(".arenalab-explorer .al-told").wait_for()
    tab.page.wait_for_timeout(1500)  # the picture is painted
    tab.screenshot("exercise_shown_light", EXERCISE)
    tab.theme("JupyterLab Dark")
    tab.page.wait_for_timeout(500)
    tab.screenshot("exercise_shown_dark", EXERCISE)
    kept = json.loads((lab_root / "exercises/arenalab-progress.json").read_text())
    assert kept["exercises"] == {"which-end": {"2": False}}


def write_a_number_by_keyboard(tab):
    exercise, asked = nth(tab, 1), question("chunks-taken", 2)
    exercise.get_by_role("textbox").focus()
    tab.page.keyboard.type("lots")
    tab.page.keyboard.press("Enter")
    exercise.get_by_text("'lots' is not a whole number").wait_for()
    tab.page.keyboard.press("ControlOrMeta+a")
    tab.page.keyboard.type(str(asked.value))
    tab.page.keyboard.press("Tab")
    assert exercise.get_by_role("button", name="Check").evaluate("it => it === document.activeElement")
    tab.page.keyboard.press("Enter")
    exercise.get_by_role("alert").get_by_text("✓ Correct:").wait_for()
    exercise.get_by_role("button", name="Another one").focus()
    tab.page.keyboard.press("Enter")
    exercise.get_by_text("question 3").wait_for()
    assert exercise.get_by_role("textbox").input_value() == ""
    tab.page.mouse.move(5, 5)
    exercise.screenshot(path=tab.artifacts / "exercise_number_dark.png")


def test_saved_notebook_shows_question_and_folded_answer_before_it_is_run(open_notebook):
    tab = open_notebook("notebooks/01_first_steps.ipynb")
    tab.page.set_viewport_size({"width": 1280, "height": 9000})
    output = tab.page.locator(".jp-RenderedHTML", has_text="Exercise: Which end?")
    output.get_by_text("Where does the last value go?").wait_for()
    decided = output.get_by_text("Decided in operation 4")
    assert not decided.is_visible()
    tab.screenshot("exercise_unrun", ".jp-RenderedHTML:has-text('Which end?')")
    output.locator("summary", has_text="Answer").click()
    decided.wait_for()
    assert tab.errors == []
