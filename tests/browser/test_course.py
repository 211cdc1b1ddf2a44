"""Chapters as a reader meets them: every cell run, every exercise answered wrong once and right once.

Each seventh of them; in a weekly run all.
"""

import re

import pytest

from arenalab.course import families, question
from arenalab.course.answers import Choice, Several
from arenalab.course.construct.build import ProgramText
from arenalab.scenarios.values import newest_of
from tests.browser.conftest import VIEWPORT
from tests.browser.lab import KERNEL_READY
from tests.examples import some
from tools import notebooks as tool

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASKED = re.compile(r'^(?:arenalab\.)?Exercise\("([\w-]+)"(?:, seed=(\d+))?(, go=[^)]+)?\)', re.MULTILINE)
CHAPTERS = [source for source in tool.sources() if ASKED.search(source.read_text(encoding="utf-8"))]


def asked(source):
    """Return the questions of a chapter's exercises, in order."""
    about = {it.name: newest_of(it.go) for it in families()}
    text = source.read_text(encoding="utf-8")
    calls = ASKED.findall(text)
    assert len(calls) == text.count('Exercise("'), (
        "an exercise is asked in a way that this test does not read"
    )
    return [question(name, int(seed or 1), about[name] if go else None) for name, seed, go in calls]


def wrong(answer, value):
    if isinstance(answer, ProgramText):
        return next(answer.others(value))
    if isinstance(answer, Choice):
        return next(option for option in answer.options if option != value)
    if isinstance(answer, Several):
        return value.symmetric_difference({answer.options[0]})
    return value + 1


def fill_in(exercise, answer, value):
    """Answer as a reader does, and check."""
    if isinstance(answer, Choice):
        exercise.get_by_label(value, exact=True).check()
    elif isinstance(answer, Several):
        for option in answer.options:
            exercise.get_by_label(option, exact=True).set_checked(option in value)
    else:
        exercise.get_by_role("textbox").first.fill(answer.show(value))
    exercise.page.wait_for_timeout(400)
    # JupyterLab holds back what was typed until the kernel is idle, but no click.
    exercise.page.wait_for_function(KERNEL_READY)
    exercise.get_by_role("button", name="Check").click()


@pytest.mark.parametrize("source", some(CHAPTERS, 7), ids=lambda path: path.stem)
def test_chapter_runs_and_its_exercises_are_judged(source, open_notebook, lab_root):
    folder = lab_root / "course"
    folder.mkdir(exist_ok=True)
    (folder / source.with_suffix(".ipynb").name).write_bytes(source.with_suffix(".ipynb").read_bytes())
    if not (folder / "data").exists():
        (folder / "data").symlink_to(tool.FOLDER / "data")
    tab = open_notebook(f"course/{source.stem}.ipynb")
    tab.page.set_viewport_size({"width": VIEWPORT["width"], "height": 9000})  # no cell is out of sight
    tab.run_all()
    for number, it in enumerate(asked(source)):
        exercise = tab.page.locator(".arenalab-exercise").nth(number)
        fill_in(exercise, it.answer, wrong(it.answer, it.value))
        exercise.get_by_role("alert").get_by_text(re.compile("Incorrect:|Not yet")).wait_for()
        fill_in(exercise, it.answer, it.value)
        exercise.get_by_role("alert").get_by_text(re.compile("✓ Correct")).wait_for()
        exercise.get_by_role("button", name="Show me").click()
        exercise.locator(".arenalab-explorer, .arenalab-types").first.wait_for()
    tab.page.wait_for_timeout(1500)  # the pictures are painted
    assert tab.errors == []
