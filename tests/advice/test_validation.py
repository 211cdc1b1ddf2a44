"""The page docs/advice.md is what its data say: facts of traces, shipped costs, measured runs."""

import math
from itertools import product

import pytest

from tools.validate import measured, traced
from tools.validate.measured import FORMS, GOES, GOGC, WORKS
from tools.validate.page import BEGIN, END, PAGE, cells, table, written


@pytest.fixture(scope="module")
def all_cells():
    return list(cells())


def test_the_page_holds_the_whole_table_as_it_comes_of_the_data(all_cells):
    page = PAGE.read_text(encoding="utf-8")
    assert written(page, list(table(all_cells))) == page, "stale: python -m tools.validate.page"
    inside = page.partition(BEGIN)[2].partition(END)[0]
    assert all(f"| {work} | {go} | {gogc} |" in inside for go, work, gogc in product(GOES, WORKS, GOGC))


def test_both_forms_of_each_program_computed_the_same():
    machine, rows = measured.read()
    assert set(rows) == set(product(GOES, WORKS, GOGC, FORMS))
    for work in WORKS:
        assert len({rows[go, work, gogc, on]["sum"] for go, gogc, on in product(GOES, GOGC, FORMS)}) == 1
    assert all(len(row["cpu_ns"]) >= 5 for row in rows.values())
    assert machine["programs"] == measured.source_digest(), (
        "the programs are no longer those that were measured"
    )


def test_what_was_traced_is_what_was_measured():
    assert set(traced.read()) == set(WORKS)
    for work, facts in traced.read().items():
        assert facts.scopes == traced.REQUESTS[work]


def test_the_forecast_names_the_cheaper_form_in_nine_of_ten_clear_cells(all_cells):
    clear = [each for each in all_cells if each.clear]
    assert len(clear) >= len(all_cells) / 2
    assert sum(each.sign_right for each in clear) >= 0.9 * len(clear)
    assert {each.change_ms > 0 for each in clear} == {True, False}  # or always saying no would do


def test_a_cell_that_is_missed_is_marked(all_cells):
    wrong = all_cells[0]._replace(
        heap_ms=1e3, change_ms=500, noise_ms=1, forecast_ms=-1, forecast_cycles=1e3, forecast_mib=1
    )
    row = next(line for line in table([wrong]) if "| 25 |" in line)
    assert row.count("**✗**") == 3
    assert math.isclose(wrong.change_ms, 500)
