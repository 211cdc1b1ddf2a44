"""The progress file: written only by attempts, whole or not at all, never lost."""

import json
from pathlib import Path

import pytest

from arenalab.course import Exercise
from arenalab.course.progress import FILE, Progress

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def progress(tmp_path):
    return Progress(tmp_path)


def files(progress):
    return sorted(path.name for path in progress.path.parent.iterdir())


def test_first_verdict_counts(progress):
    assert progress.told("which-end") == ""
    assert [progress.note("which-end", 1, right=False), progress.note("which-end", 1, right=True)] == ["", ""]
    assert progress.note("which-end", 2, right=True) == ""
    assert progress.told("which-end") == "1 of 2 right at the first try"
    assert files(progress) == [FILE]


def test_two_notebooks_write_to_one_file(progress):
    other = Progress(progress.path.parent)
    progress.note("which-end", 1, right=True)
    other.note("chunks-taken", 5, right=False)
    assert progress.read() == ({"which-end": {"1": True}, "chunks-taken": {"5": False}}, "")


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", "[" * 50_000, "\x00", '{"arenalab progress": 2}', '{"arenalab progress": 1, "exercises": []}',
     '{"arenalab progress": 1, "exercises": {"a": {"1": "yes"}}}'],
)  # fmt: skip
def test_damaged_file_is_set_aside_with_one_message(progress, damage):
    progress.path.write_text(damage)
    assert progress.told("which-end") == ""
    assert files(progress) == [FILE]
    message = progress.note("which-end", 1, right=True)
    aside = "arenalab-progress.damaged.json"
    assert message.startswith(f"{FILE} cannot be read (")
    assert message.endswith(f"it is kept as {aside}")
    assert progress.path.with_name(aside).read_text() == damage
    assert progress.note("which-end", 2, right=True) == ""
    assert progress.told("which-end") == "2 of 2 right at the first try"


def test_second_damaged_file_does_not_take_the_place_of_the_first(progress):
    for text in ("one", "two"):
        progress.path.write_text(text)
        progress.note("which-end", 1, right=True)
    kept = ["arenalab-progress.damaged-2.json", "arenalab-progress.damaged.json"]
    assert [progress.path.with_name(name).read_text() for name in kept] == ["two", "one"]


def test_file_that_cannot_be_written_is_told_and_the_old_one_stays(progress, monkeypatch):
    progress.note("which-end", 1, right=True)
    before = progress.path.read_bytes()

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert progress.note("which-end", 2, right=True) == "progress could not be kept: No space left on device"
    assert progress.path.read_bytes() == before


def test_looking_writes_nothing(tmp_path):
    exercise = Exercise("which-end", folder=tmp_path)
    exercise._repr_mimebundle_()
    for button in (
        exercise.hint_button,
        exercise.another_button,
        exercise.again_button,
        exercise.check_button,
    ):
        button.click()
    assert list(tmp_path.iterdir()) == []


def test_attempt_writes_beside_the_notebook(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exercise = Exercise("which-end", seed=4)
    exercise.answer(exercise.question.value)
    assert json.loads((tmp_path / FILE).read_text())["exercises"] == {"which-end": {"4": True}}


def test_progress_is_not_put_under_version_control():
    assert any(
        FILE.startswith(line.rstrip("*")) for line in (ROOT / ".gitignore").read_text().split() if "*" in line
    )
