"""The picker of a Go: what a chapter begins with, what a pick changes, and what it says of cells that have run."""

import json

import pytest

from arenalab.course import Exercise, GoPicker, Question, answers, end_of, family, pick_go, question
from arenalab.course.chart import Chart, Line
from arenalab.course.family import FAMILIES
from arenalab.course.inventory import Inventory
from arenalab.course.progress import FILE
from arenalab.errors import ArgumentError, NoSuchError, ScenarioError
from arenalab.go.versions import NEWEST, VERSIONS
from arenalab.world.ops import NewArena


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    """A kernel that has just started, in a folder of its own."""
    monkeypatch.delenv("ARENALAB_GO", raising=False)
    monkeypatch.setattr(GoPicker, "picks", {})
    monkeypatch.chdir(tmp_path)


def chart():
    return Chart("T", "across", "ns", ("1", "2"), (Line("a", (1.0, 2.0)),))


def exercise():
    return Exercise("which-end")


def restarted(monkeypatch):
    monkeypatch.setattr(GoPicker, "picks", {})


def choose(picker, version):
    picker._choice.value = version


def test_a_chapter_begins_with_the_newest_go(tmp_path):
    assert pick_go() == NEWEST
    assert [*tmp_path.iterdir()] == [], "looking writes nothing"


def test_a_pick_is_taken_by_the_next_run_and_the_next_kernel(monkeypatch, tmp_path):
    choose(GoPicker(), "1.22")
    assert pick_go() == "1.22"
    restarted(monkeypatch)
    assert pick_go() == "1.22"
    assert json.loads((tmp_path / FILE).read_text())["go"] == {"Go": "1.22"}


def test_a_pick_and_an_exercise_share_the_file(tmp_path):
    exercise = Exercise("which-end", seed=2)
    exercise.answer(exercise.question.value)
    choose(GoPicker(), "1.23")
    exercise.another()
    exercise.answer(exercise.question.value)
    kept = json.loads((tmp_path / FILE).read_text())
    assert kept["exercises"] == {"which-end": {"2": True, "3": True}}
    assert kept["go"] == {"Go": "1.23"}


def test_the_environment_speaks_for_a_fresh_kernel_and_a_pick_after_it(monkeypatch):
    monkeypatch.setenv("ARENALAB_GO", "1.24")
    picker = GoPicker()
    assert picker.go == "1.24"
    choose(picker, "1.25")
    assert pick_go() == "1.25"


def test_newest_in_the_environment_passes_over_what_was_kept(monkeypatch):
    choose(GoPicker(), "1.24")
    restarted(monkeypatch)
    monkeypatch.setenv("ARENALAB_GO", "newest")
    assert pick_go() == NEWEST
    assert pick_go("1.21") == "1.21"
    assert GoPicker("1.21")._note.value == ""


def test_cells_that_ran_are_said_to_be_of_the_go_before():
    picker = GoPicker()
    assert picker._note.value == ""
    choose(picker, "1.21")
    assert f"The cells below were run with Go {NEWEST}." in picker._note.value
    assert "notebook:run-all-cells" in picker._note.value
    assert picker.go == NEWEST, "what the cells were run with"
    choose(picker, NEWEST)
    assert picker._note.value == ""


def test_a_chapter_that_does_not_hold_for_the_pick_takes_its_own_and_says_so():
    choose(GoPicker(), "1.21")
    picker = GoPicker(">=1.22")
    assert picker.go == NEWEST
    assert "holds for Go 1.22 to 1.27, not for Go 1.21" in picker._note.value
    assert "holds for Go 1.22 to 1.27, not for Go 1.21" in picker.kept()
    assert "1.21" not in repr(picker)
    assert pick_go("1.21") == "1.21"


def test_pickers_of_two_names_pick_apart(monkeypatch):
    monkeypatch.setenv("ARENALAB_GO", "1.26")
    before = GoPicker(name="Go before", default="1.21")
    assert (before.go, pick_go()) == ("1.21", "1.26")
    choose(before, "1.23")
    assert (pick_go(name="Go before"), pick_go()) == ("1.23", "1.26")


def test_a_page_without_a_kernel_shows_the_go_that_it_was_run_with():
    picker = GoPicker(default="1.23")
    assert "<b>Go 1.23.</b>" in picker.kept()
    assert repr(picker) == f"Go 1.23, picked from {', '.join(VERSIONS)}"


@pytest.mark.parametrize("held", ['{"arenalab progress": 1, "exercises": {}, "go": []}', "{"])
def test_a_damaged_file_picks_nothing_and_is_set_aside_by_a_pick(held, tmp_path):
    (tmp_path / FILE).write_text(held)
    picker = GoPicker()
    assert picker.go == NEWEST
    choose(picker, "1.22")
    assert "cannot be read" in picker._note.value
    assert pick_go() == "1.22"


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ScenarioError, match="got 'new'; expected a version"):
        pick_go("new")
    with pytest.raises(
        NoSuchError, match=r"default: got '1.21'; expected a version that the chapter holds for: 1\.22"
    ):
        pick_go(">=1.22", default="1.21")
    with pytest.raises(ArgumentError, match="name: got 1"):
        pick_go(name=1)


# exercises follow the Go that is picked


@pytest.mark.parametrize("version", VERSIONS)
def test_an_exercise_is_about_the_go_that_it_is_asked_of(version):
    exercise = Exercise("which-end", seed=2, go=version)
    assert exercise.question.rules.version == version
    exercise.another()
    assert exercise.question.rules.version == version


def test_a_family_knows_the_go_and_may_be_about_some_versions_only():
    @family("mapped-bytes", title="How many?", chapter=1, go=">=1.22,<1.25")
    def mapped(draw):
        return Question(
            text=f"Go {draw.rules.version}?", program=(NewArena(0),), answer=answers.Whole(),
            read=lambda run: run.rules.chunk.usable_bytes, decided=end_of(-1),
        )  # fmt: skip

    FAMILIES.pop("mapped-bytes")
    assert mapped.make(1).text == "Go 1.24?"
    assert mapped.make(1, "go1.22.10").rules.version == "1.22"
    with pytest.raises(
        ArgumentError, match=r"seed 1: go: got '1.27'; expected a Go that it is about \(>=1.22,<1.25\)"
    ):
        mapped.make(1, "1.27")


def test_a_question_alone_is_asked_of_another_go():
    asked = question("which-end", 2, go="1.23")
    assert Exercise(asked, go="1.21").question.rules.version == "1.21"


@pytest.mark.parametrize("shown", [GoPicker, Inventory, chart, exercise])
def test_what_is_kept_orders_nobody_without_a_kernel_to_run_a_cell(shown):
    kept = shown().kept()
    assert "With a kernel, this cell " in kept
    assert "Run this cell" not in kept
