"""docs/authors.md: its questions ask and judge, its scenario holds, its families vary."""

import re
import tomllib
from pathlib import Path

import pytest

from arenalab.course import Exercise, judge, question
from arenalab.course.construct import Build
from arenalab.course.family import FAMILIES
from arenalab.scenarios import parse_scenario
from arenalab.scenarios.run import run

PAGE = Path(__file__).parents[2] / "docs" / "authors.md"


def blocks(language):
    return re.findall(
        rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


@pytest.fixture
def names(tmp_path, monkeypatch):
    """What both examples define, run in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    defined = {"__name__": "__main__"}
    for block in blocks("python"):
        exec(compile(block, PAGE.name, "exec"), defined)  # noqa: S102  # our own page
    yield defined
    FAMILIES.pop("arenas-open")


def test_questions_of_the_page_are_judged(names, tmp_path):
    asked = names["question"]
    assert (asked.value, judge(asked, "5").meant) == (4, "They don't fit into one chunk.")
    assert Exercise(asked, folder=tmp_path).answer("4 values").right
    assert len({question("arenas-open", seed).value for seed in range(20)}) > 2


def test_parts_of_a_question_are_all_explained():
    told = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    own = {"family", "title", "chapter", "seed"}
    assert set(Build.__dataclass_fields__) | {"wrong", "start"} == told | own


def test_program_of_the_page_is_built(names):
    asked = names["two_chunks"].checked()
    assert asked.judged(asked.example).right
    assert asked.judged("a := arena.NewArena()").meant == "Your run leaves chunk 0 with room for more."


def test_scenario_of_the_page_holds():
    [text] = blocks("toml")
    data = tomllib.loads(text)
    assert len(run(parse_scenario(data, f"{data['name']}.toml")).ops) == 4
