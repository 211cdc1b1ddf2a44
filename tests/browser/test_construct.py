"""A program written in a real JupyterLab, by keyboard alone: mistyped, wrong, its own run looked at, then right."""

import pytest

from arenalab.course import question
from tests.browser.axe import keeps_nobody_out
from tests.browser.picture import write_notebook

pytestmark = pytest.mark.browser

EXERCISE = ".arenalab-exercise"
CODE = 'import arenalab\n\narenalab.Exercise("build-two-ends", seed=1)'


def test_program_is_written_wrong_then_right_by_keyboard_alone(open_notebook, lab_root):
    folder = lab_root / "programs"
    folder.mkdir()
    write_notebook(folder, "programs.ipynb", CODE)
    tab = open_notebook("programs/programs.ipynb").run_all()
    exercise, asked = tab.page.locator(EXERCISE), question("build-two-ends", 1)
    wrong = asked.answer.wrong[0]

    def check(text):
        exercise.get_by_label("Your program:").focus()
        tab.page.keyboard.press("ControlOrMeta+a")
        tab.page.keyboard.insert_text(text)
        tab.page.keyboard.press("Tab")
        assert exercise.get_by_role("button", name="Check").evaluate("it => it === document.activeElement")
        tab.page.keyboard.press("Enter")

    check("a := arena.NewArena()\na.free()")
    exercise.get_by_text("line 2: 'a.free()' is no statement that can be read here").wait_for()
    check(wrong)
    verdict = exercise.get_by_role("alert")
    verdict.get_by_text("✗ Not yet.").wait_for()
    assert asked.judged(wrong).meant in verdict.inner_text()
    assert "One program that does it" not in exercise.inner_text()
    exercise.get_by_role("button", name="My run").focus()
    tab.page.keyboard.press("Enter")
    exercise.locator(".arenalab-explorer .al-told").wait_for()
    tab.page.wait_for_timeout(1500)  # the picture is painted
    keeps_nobody_out(tab.page, EXERCISE)
    tab.screenshot("program_wrong_light", EXERCISE)
    check(asked.example)
    verdict.get_by_text("✓ Correct.").wait_for()
    tab.theme("JupyterLab Dark")
    tab.page.wait_for_timeout(500)
    tab.screenshot("program_right_dark", EXERCISE)
    assert tab.errors == []
