"""The page about isolation: made of the figures that are kept, and the figures are what a search finds."""

from collections import Counter

import pytest

from arenalab.errors import ModelBug
from tools.isolation import PAGE, PLANS, read, search_all, told
from tools.isolation_page import page

DONE = read()


def test_the_page_is_the_one_that_the_generator_writes():
    assert PAGE.read_text(encoding="utf-8") == page(DONE), "write it again: python -m tools.isolation page"


def test_what_the_page_says_of_builds_holds_in_the_figures():
    stale = Counter()
    for row in DONE.values():
        for level in row["levels"]:
            stale[row["bounds"]["build_mode"]] += level["outcomes"].get("stale data", 0)
            assert not {"somebody else's object", "no object"}.intersection(level["outcomes"])
    assert stale["asan"] == stale["msan"] == 0 < stale["race"] < stale["plain"]


def test_a_page_whose_answer_is_wrong_is_not_written():
    wrong = DONE | {
        "plain": DONE["plain"] | {"found": ["global 0 points to object 1, where object 2 is now"]}
    }
    with pytest.raises(ModelBug, match="says that no state breaks a property"):
        page(wrong)


@pytest.mark.parametrize("name", DONE)
def test_the_first_levels_of_each_search_are_those_that_are_kept(name):
    depth = 3
    search = PLANS[name].begun()
    list(search.levels(depth))
    again, kept = told(PLANS[name], search), DONE[name]
    assert again["levels"] == kept["levels"][:depth]
    assert (again["bounds"], again["start"]) == (kept["bounds"], kept["start"])
    assert kept["states"] == 1 + sum(level["states"] for level in kept["levels"])


def test_a_search_that_was_cut_off_goes_on_and_its_last_level_comes_after_all_others(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "tools.isolation.PLANS", {name: PLANS[name]._replace(depth=3) for name in ("plain", "links")}
    )
    names, data = ["plain", "links"], tmp_path / "kept.json"
    search_all(names, 1, 0, data, tmp_path)
    assert not data.exists()
    search_all(["plain"], 1, 60, data, tmp_path)
    search_all(names, 1, 60, data, tmp_path)
    assert {name: len(row["levels"]) for name, row in read(data).items()} == {"plain": 3, "links": 3}
    assert read(data)["plain"]["levels"] == DONE["plain"]["levels"][:3]
