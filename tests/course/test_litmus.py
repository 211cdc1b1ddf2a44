"""Chapter 18's questions against the catalogue's files."""

import pytest

from arenalab.course import families, question
from arenalab.course.construct import Build
from arenalab.course.families import litmus as asked_here
from arenalab.course.families.litmus import programs
from arenalab.errors import ArgumentError
from arenalab.scenarios.litmus import catalogue
from arenalab.scenarios.litmus.question import ANSWERS

SEEDS = range(1, 7)
TEN = [it.name for it in families(18) if not isinstance(question(it.name), Build)]


def of(asked, version):
    """Return the catalogue's program that a question is about: the one with its operations and its condition."""
    [found] = [
        each
        for each in catalogue()
        if version in each.versions
        and asked.text.startswith(f"Exists: {each.asks}. ")
        and [type(op) for op in asked.program] == [type(op) for op in each.scenario.under(version).ops]
        and asked.rules.build_mode == each.build
    ]
    return found


@pytest.mark.parametrize("version", ["1.24", "1.27"])
@pytest.mark.parametrize("name", TEN)
def test_an_answer_is_the_files_and_decided_where_the_condition_is(name, version):
    for seed in SEEDS:
        asked = question(name, seed, version)
        litmus = of(asked, version)
        assert asked.value == litmus.answer(version)
        assert asked.moment == asked.run.op_end(litmus.exists[-1][0] + 1)
        wrong = [answer for answer in ANSWERS if answer != asked.value]
        assert all(asked.meant(asked.run, answer) for answer in wrong)


def test_goroutines_are_named_and_one_goroutine_leaves_nothing_to_chance():
    beside, alone = question("litmus-goroutines", 1), question("litmus-reads", 1)
    assert "Goroutine 1: `" in beside.text
    assert "Goroutine 2: `" in beside.text
    assert alone.meant(alone.run, "sometimes") == asked_here.NO_CHANCE


def test_ten_families_draw_from_ten_of_the_catalogues():
    assert len(TEN) == 10
    assert len(programs("weak pointers", "1.23")) == 0
    assert len(programs("weak pointers", "1.24")) > 5
    with pytest.raises(ArgumentError):
        question("litmus-weak", 1, "1.21")
