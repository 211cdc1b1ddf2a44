"""The inventory as a form: what it shows when, what is kept and what never, and two sheets compared."""

import json
from html import escape

import numpy as np
import pytest

from arenalab.course.inventory import ITEMS, Inventory, Sheet, change, keep, rasch, read_kept, simulated
from arenalab.course.inventory.kept_answers import FILE
from arenalab.errors import ArgumentError, ScenarioError

DIFFICULTIES = np.linspace(-2, 2, len(ITEMS))


def answered(form, *, wrong=()):
    """Give each item its right answer, but some."""
    for item in ITEMS:
        keys = [key for key in item.keys if key != item.right(form.go)]
        form.choices[item.name].value = keys[0] if item.name in wrong else item.right(form.go)
    return form


def shown(form):
    return form._verdict.value


# what is shown


def test_before_the_course_only_the_number_of_right_answers_is_shown(tmp_path):
    form = answered(Inventory("before", folder=tmp_path), wrong=["clone"])
    form.done.click()
    assert "19 answers of 20 right, 0 left out" in shown(form)
    assert "clone" not in shown(form)
    assert not any(escape(item.why) in shown(form) for item in ITEMS)


def test_after_the_course_each_answer_is_shown_with_its_rule(tmp_path):
    form = answered(Inventory("after", folder=tmp_path), wrong=["clone"])
    form.choices["finalizer"].value = None
    form.done.click()
    assert "18 answers of 20 right, 1 left out" in shown(form)
    for item in ITEMS:
        assert escape(item.why) in shown(form)
    numbers = {item.name: number for number, item in enumerate(ITEMS, 1)}
    assert f"<b>{numbers['clone']}.</b> ✗ Not so: " in shown(form)
    assert f"<b>{numbers['finalizer']}.</b> Not answered." in shown(form)
    assert f"<b>{numbers['free-twice']}.</b> ✓ Right." in shown(form)


def test_page_without_a_kernel_folds_every_answer():
    page = Inventory("after").kept()
    assert page.count("<details>") == page.count("</details>") == len(ITEMS)
    seen = "".join(part.partition("</details>")[2] or part for part in page.split("<details>"))
    assert not any(escape(item.why) in seen for item in ITEMS)
    assert not any(item.why in repr(Inventory()) for item in ITEMS)


def test_before_the_course_a_page_without_a_kernel_holds_no_answer():
    page = Inventory("before").kept()
    assert page.count("<li>") == sum(len(item.choices) for item in ITEMS)
    assert "<details>" not in page
    assert not any(escape(item.why) in page for item in ITEMS)


def test_occasion_or_go_that_there_is_not_is_refused():
    for asked in ({"occasion": "during"}, {"go": "1.9"}):
        with pytest.raises(ScenarioError, match=r"expected (an occasion|a version of Go)"):
            Inventory(**asked)


# what is kept


def test_nothing_is_kept_unless_the_box_is_ticked(tmp_path):
    form = answered(Inventory(folder=tmp_path))
    assert form.keep.value is False
    form.done.click()
    assert list(tmp_path.iterdir()) == []
    assert read_kept(tmp_path) == ([], 0)


def test_ticked_box_keeps_a_line_with_what_the_form_says_and_no_more(tmp_path):
    form = answered(Inventory(folder=tmp_path))
    form.keep.value, form.word.value = True, " heron "
    form.done.click()
    form.done.click()
    lines = (tmp_path / FILE).read_text().splitlines()
    assert len(lines) == 2
    held = json.loads(lines[0])
    assert held.keys() == {"arenalab inventory", "answers", "go", "occasion", "word"}
    assert (held["word"], held["occasion"], len(held["answers"])) == ("heron", "before", 20)
    assert read_kept(tmp_path) == ([form.sheet] * 2, 0)
    texts = [
        child.value
        for child in form.widget.children
        if hasattr(child, "value") and isinstance(child.value, str)
    ]
    assert any(str(tmp_path / FILE) in text and "No time, no name" in text for text in texts)


def test_log_that_can_not_be_written_is_an_error_in_the_form(tmp_path):
    form = answered(Inventory(folder=tmp_path / "gone"))
    form.keep.value = True
    form.done.click()
    assert "No such file or directory" in form._error.value


@pytest.mark.parametrize("line", [
    "", "{", "[]", "7", '{"arenalab inventory": 2}', '{"arenalab inventory": 1, "occasion": "noon", "word": ""}',
    '{"arenalab inventory": 1, "occasion": "after", "word": "x", "answers": {"a": 1}}',
    '{"arenalab inventory": 1, "occasion": "after", "word": "x", "more": 1}',
    '{"arenalab inventory": 1, "occasion": "after", "word": "x", "go": "9.9"}', "[" * 100_000,
])  # fmt: skip
def test_line_of_something_else_is_passed_over_and_counted(tmp_path, line):
    sheet = Sheet("before", "heron", answers={"clone": "one"})
    keep(sheet, tmp_path)
    with (tmp_path / FILE).open("a") as log:
        log.write(f"{line}\n")
    keep(sheet, tmp_path)
    assert read_kept(tmp_path) == ([sheet] * 2, int(line != ""))


def test_sheet_of_the_wrong_kind_is_refused():
    for parts in (("noon", ""), ("after", "x" * 41), ("after", 7)):
        with pytest.raises(ArgumentError):
            Sheet(*parts)


# before and after


def test_two_sheets_of_one_word_are_compared_and_others_left_out():
    right = {item.name: item.right() for item in ITEMS}
    half = {name: right[name] for name in list(right)[:10]}
    found = change(
        [Sheet("before", "heron", answers=half), Sheet("after", "heron", answers=right),
         Sheet("before", "", answers=half), Sheet("after", "stork", answers=half)],
        ITEMS,
    )  # fmt: skip
    assert (found.people, found.before, found.after) == (1, 0.5, 1.0)
    assert found.items[ITEMS[0].name] == (1, 1)
    assert found.items[ITEMS[-1].name] == (0, 1)
    assert "Without a group that had no course" in found.text()
    assert "Nobody" in change([], ITEMS).text()


# the Rasch model


def test_rasch_model_recovers_known_difficulties_within_its_own_errors():
    found = rasch(ITEMS, simulated(ITEMS, 400, DIFFICULTIES), resamples=20)
    logits, errors = np.array([(it.logits, it.error) for it in found]).T
    assert np.corrcoef(logits, DIFFICULTIES)[0, 1] > 0.98
    assert (np.abs(logits - DIFFICULTIES) < 3.5 * errors).all()
    assert np.sqrt((((logits - DIFFICULTIES) / errors) ** 2).mean()) < 1.6


def test_difficulty_does_not_depend_on_how_able_the_people_are():
    able = rasch(ITEMS, simulated(ITEMS, 600, DIFFICULTIES, ability=1.0), resamples=0)
    others = rasch(ITEMS, simulated(ITEMS, 600, DIFFICULTIES, ability=-1.0, seed=2), resamples=0)
    apart = np.array([one.logits - other.logits for one, other in zip(able, others, strict=True)])
    assert abs(apart).max() < 0.8
    shares = [np.mean([p[ITEMS[10].name] == ITEMS[10].right() for p in simulated(ITEMS, 600, DIFFICULTIES, ability=a)])
              for a in (1.0, -1.0)]  # fmt: skip
    assert shares[0] - shares[1] > 0.3


def test_item_that_all_have_right_and_answers_that_are_missing_do_no_harm():
    answers = simulated(ITEMS, 200, DIFFICULTIES)
    for number, person in enumerate(answers):
        person["clone"] = ITEMS[[item.name for item in ITEMS].index("clone")].right()
        if number % 3 == 0:
            del person["finalizer"]
    found = {it.item: it for it in rasch(ITEMS, answers, resamples=5)}
    assert np.isnan(found["clone"].logits)
    assert (
        abs(found["finalizer"].logits - DIFFICULTIES[[item.name for item in ITEMS].index("finalizer")]) < 0.7
    )


def test_few_people_get_no_model():
    with pytest.raises(ScenarioError, match="29 people; a Rasch model needs at least 30"):
        rasch(ITEMS, simulated(ITEMS, 29, DIFFICULTIES))
