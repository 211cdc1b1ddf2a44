"""Tables of costs: what they say between what was measured, whose is used, and what is refused."""

import json

import numpy as np
import pytest

from arenalab.advice import costs
from arenalab.advice.costs import SHIPPED, costs_of, keep, read_tables, table_of, tables
from arenalab.cli import main
from arenalab.errors import ScenarioError
from arenalab.files import cache_dir
from tests.toolchains import found


@pytest.fixture
def shipped():
    return costs_of("1.27", read_tables(SHIPPED))


BUILDS = cache_dir() / "go-build"  # a build cache of its own would compile Go's library anew


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("ARENALAB_CACHE", str(tmp_path))
    BUILDS.mkdir(parents=True, exist_ok=True)
    (tmp_path / "go-build").symlink_to(BUILDS)
    return tmp_path


def test_every_modelled_release_has_a_shipped_table():
    lines = [each.line for each in read_tables(SHIPPED)]
    assert lines == ["1.21", "1.22", "1.23", "1.24", "1.25", "1.26", "1.27"]


def test_where_something_was_measured_the_table_says_just_that(shipped):
    ways = {
        "heap value": shipped.heap_value,
        "arena value": lambda size, has: shipped.arena_value(size, has, 0),
    }
    seen = 0
    for part, of, ns in shipped.rows:
        if part in ways:
            assert ways[part](*of) == pytest.approx(ns)
            seen += 1
    assert seen == 2 * 22 + 4


def test_between_two_sizes_the_cost_lies_between_theirs_and_beyond_the_last_it_grows_with_the_size(shipped):
    few, middle, many = shipped.heap_value(np.array([32, 40, 48]), pointers=True)
    assert few < middle < many
    mib, eight = shipped.heap_value(np.array([2**20, 2**23]), pointers=False)
    assert eight == pytest.approx(8 * mib)


def test_a_slice_of_pointers_costs_by_its_elements_and_one_without_does_not(shipped):
    assert shipped.arena_value(2048, 1, 256) > 100 * shipped.arena_value(8, 1, 0)
    assert shipped.arena_value(2048, 0, 2048) < 3 * shipped.arena_value(8, 0, 0)


def test_a_table_measured_here_goes_before_the_shipped_and_says_so(shipped):
    mine = table_of(shipped.facts() | {"machine": shipped.machine | {"cpu": "mine"}}, "x", own=True)
    keep(mine)
    assert costs_of("1.27").where().endswith("(measured here)")
    assert "mine" in costs_of("go1.27.3").where()
    assert costs_of("1.27.1").machine["cpu"] == "mine"  # the same line
    assert costs_of("1.21").where().endswith("(shipped)")
    assert costs_of().line == "1.27"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda said: said | {"format": 2}, "format 2, expected 1"),
        (
            lambda said: said | {"rows": [row for row in said["rows"] if row[0] != "chunk"]},
            "no row of 'chunk'",
        ),
        (lambda said: said | {"rows": [*said["rows"][:-1], ["cycle", [], -1]]}, "a number that is negative"),
        (lambda said: said | {"rows": [["cycle"]]}, "not enough values"),
        (lambda _: {}, "rows"),
        (lambda _: [], ""),
    ],
)
def test_what_is_no_table_is_one_error_that_says_how_to_make_one(spoil, says, shipped):
    with pytest.raises(ScenarioError, match="no table of costs") as told:
        table_of(spoil(shipped.facts()), "costs.json")
    assert says in str(told.value)
    assert str(told.value).endswith("measure again with: arenalab costs")


def test_a_damaged_file_in_the_cache_is_named():
    keep(read_tables(SHIPPED)[0]).write_text("{", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"go1\.21\.13\.json: no table"):
        tables()


def test_a_go_without_costs_is_refused_and_those_with_are_named():
    with pytest.raises(
        ScenarioError, match=r"no costs of Go 1\.20; there are those of 1\.21, .*arenalab costs --go 1\.20"
    ):
        costs_of("1.20", read_tables(SHIPPED))


def test_command_shows_the_tables_without_a_go(capsys):
    assert main(["costs", "--show", "--go", "1.27"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("go1.27.3 on ")
    assert "a chunk got, filled and freed:" in said
    assert main(["costs", "--show", "--json"]) == 0
    assert [each["go"] for each in json.loads(capsys.readouterr().out)][::6] == ["go1.21.13", "go1.27.3"]


def test_command_names_what_it_does_not_have(capsys):
    assert main(["costs", "--show", "--go", "1.19"]) == 2
    assert "no costs of Go 1.19" in capsys.readouterr().err


@pytest.mark.go
@pytest.mark.slow
def test_costs_are_measured_kept_and_used(monkeypatch, capsys):
    go = found("1.21")
    monkeypatch.setattr("arenalab.oracle.costs.PARTS", 1)  # a bar that is too short does no harm
    assert main(["costs", "--quick", "--go", str(go.go)]) == 0
    assert "(measured here)" in capsys.readouterr().out
    mine = costs_of("1.21")
    assert mine.own
    assert (costs.folder() / f"{go.version}.json").is_file()
    assert mine.one("chunk") > 100 * mine.one("arena") > 0
    assert mine.arena_value(48, 1, 0) > 0
    assert mine.heap_value(1024, 0) > mine.heap_value(16, 0) > 0
    assert 2**20 * 30 < mine.resident(2**25) < 2**20 * 60
