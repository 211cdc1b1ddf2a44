"""The inventory: the model computes each answer for each Go, distractors are wrong there, statistics find it."""

import numpy as np
import pytest

from arenalab.course.inventory import ITEMS, simulated, statistics
from arenalab.errors import ScenarioError
from arenalab.go.versions import VERSIONS

NAMES = [item.name for item in ITEMS]


def test_there_are_twenty_items_about_what_people_get_wrong():
    assert len(set(NAMES)) == len(ITEMS) == 20
    for item in ITEMS:
        assert len(item.keys) == len(set(item.keys)) >= 3, item.name
        assert len({choice.text for choice in item.choices}) == len(item.choices), item.name
        assert item.why.endswith(".")


@pytest.mark.parametrize("item", ITEMS, ids=NAMES)
def test_one_choice_is_right_in_each_version_and_a_distractor_says_where_it_is(item):
    right = {go: item.right(go) for go in VERSIONS}
    for choice in item.choices:
        versions = tuple(go for go, key in right.items() if key == choice.key)
        if choice.seen:
            assert versions == choice.right_in, f"{choice.text} is right in {versions}"
        else:
            assert versions == tuple(VERSIONS), f"{choice.text} is right in {versions} only"
    assert sum(not choice.seen for choice in item.choices) == 1


def test_an_answer_that_is_no_choice_is_refused():
    item = ITEMS[0]
    unread = type(item)(**{**vars(item), "name": "another", "read": lambda _: "something else"})
    with pytest.raises(ScenarioError, match="'something else'; choices: nothing"):
        unread.right()


def test_hard_items_are_told_from_easy_ones_and_all_of_them_discriminate():
    difficulty = np.linspace(-2, 2, len(ITEMS))
    found = statistics(ITEMS, simulated(ITEMS, 400, difficulty))
    shares = np.array([each.difficulty for each in found])
    assert np.corrcoef(shares, difficulty)[0, 1] < -0.97
    assert all(0.15 < each.discrimination < 0.6 for each in found)
    assert all(sum(each.chosen.values()) == 400 == each.answers for each in found)


def test_an_item_that_is_answered_by_chance_does_not_discriminate():
    answers = simulated(ITEMS, 400, np.zeros(len(ITEMS)))
    dice = np.random.default_rng(5)
    for person in answers:
        person[NAMES[3]] = str(dice.choice(ITEMS[3].keys))
    assert abs(statistics(ITEMS, answers)[3].discrimination) < 0.12


def test_little_is_said_of_few_people_and_nothing_of_who_did_not_answer():
    few = statistics(ITEMS, simulated(ITEMS, 5, np.zeros(len(ITEMS))))
    assert np.isnan(few[0].discrimination)
    [nobody, *_] = statistics(ITEMS, [{NAMES[1]: ITEMS[1].right()}] * 12)
    assert (nobody.answers, sum(nobody.chosen.values())) == (0, 0)
    assert np.isnan(nobody.difficulty)
    assert statistics(ITEMS, [])[0].answers == 0


@pytest.mark.parametrize(("answer", "said"), [
    ({"no such": "nil"}, "no item 'no such'"), ({"free-twice": "perhaps"}, "no choice 'perhaps'"),
])  # fmt: skip
def test_an_answer_to_nothing_that_was_asked_is_refused(answer, said):
    with pytest.raises(ScenarioError, match=said):
        statistics(ITEMS, [answer])
