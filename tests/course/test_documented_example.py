"""The exercise that the docstring of `arenalab.course` shows: it compiles, asks, judges, and may be entered again."""

import re
import textwrap

import pytest

import arenalab.course
from arenalab.course import family, judge, question
from arenalab.course.family import FAMILIES
from arenalab.course.words import folded_html
from arenalab.errors import ScenarioError
from arenalab.go.versions import NEWEST, go_rules

NAME = "first-bytes"


@pytest.fixture
def example():
    """The code of the docstring, and a registry that forgets what it enters."""
    [block] = re.findall(r"^    from random.*?(?=^\S)", arenalab.course.__doc__, re.MULTILINE | re.DOTALL)
    yield compile(textwrap.dedent(block), "arenalab.course", "exec")
    FAMILIES.pop(NAME, None)


def run(code):
    exec(code, {"__name__": "__main__"})  # noqa: S102  # our own docstring


def test_example_asks_and_judges(example):
    run(example)
    asked = question(NAME, seed=1)
    count = int(re.search(r"\d+", asked.text)[0])
    assert judge(asked, hex(go_rules().chunk.usable_bytes - count)).right
    assert judge(asked, "0x0").meant == "That is the front."
    assert asked.look(asked.run, asked.moment).cursor == asked.moment
    assert f"(Go {NEWEST}: " in folded_html(asked)
    assert "(Go 1.21: " in folded_html(question("which-end", seed=1, go="1.21"))
    assert f'Exercise("{NAME}", seed=1)' in arenalab.course.__doc__


def test_cell_that_is_run_again_replaces_its_exercise(example):
    run(example)
    first = FAMILIES[NAME]
    run(example)
    assert FAMILIES[NAME] is not first
    assert question(NAME, 3).text == first.make(3).text


def test_name_that_another_function_has_is_refused_with_both(example):
    run(example)
    with pytest.raises(ScenarioError, match=r"'first-bytes', __main__\.first_bytes and .*other; rename one"):

        @family(NAME, title="Other", chapter=1)
        def other(draw):
            return draw
