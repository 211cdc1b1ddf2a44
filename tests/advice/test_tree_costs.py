"""Costs of trees: what lies between two measured GOGCs, whose table is used, what is refused, how it is measured."""

import json

import pytest

from arenalab.advice.tree_costs import (
    SHIPPED,
    keep_trees,
    own_file,
    read_tree_costs,
    shipped_tree_costs,
    table_of_trees,
    tree_costs,
)
from arenalab.cli import main
from arenalab.errors import ScenarioError
from arenalab.files import cache_dir
from arenalab.oracle.costs import measured_trees
from arenalab.oracle.releases import NEWEST, RELEASES
from tests.toolchains import found

HEADER = {
    "format": 1, "total": 10, "live": 5,
    "machine": {"cpu": "Z80", "processors": 1, "system": "CP/M", "date": "1976-07-01", "rounds": 1, "load": [0, 1]},
}  # fmt: skip
KNOWN = RELEASES[NEWEST.line].optional
BUILDS = cache_dir() / "go-build"


def row(gogc, ns, mib, go="go1.27.3", on="heap", nodes=1023, without=()):
    numbers = {"cpu_ns": ns, "most_ns": ns, "cycles": 1, "peak_mib": mib}
    return {"go": go, "without": list(without), "on": on, "gogc": gogc, "nodes": nodes, **numbers}


LINES = [HEADER, row("50", 100.0, 100.0), row("100", 50.0, 400.0), row("100", 9.0, 80.0, nodes=15),
         row("50", 12.0, 70.0, nodes=15)]  # fmt: skip
WHOLE = [*LINES[:3], row("50", 50.0, 60.0, on="arena"), row("100", 75.0, 60.0, on="arena")]


@pytest.fixture
def costs():
    return table_of_trees(LINES, "here")


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("ARENALAB_CACHE", str(tmp_path))
    BUILDS.mkdir(parents=True, exist_ok=True)
    (tmp_path / "go-build").symlink_to(BUILDS)


def test_a_measured_cost_takes_the_measured_memory_and_one_half_way_in_ratios_half_way(costs):
    assert costs.memory_for("1.27", "heap", 100) == pytest.approx(100)
    assert costs.memory_for("1.27", "heap", 50) == pytest.approx(400)
    assert costs.memory_for("1.27", "heap", 100 / 2**0.5) == pytest.approx(200)
    assert costs.smallest("1.27", "heap").gogc == "50"


def test_what_was_not_measured_is_refused_and_what_was_is_named(costs):
    with pytest.raises(ScenarioError, match="measured were 50 to 100 ns"):
        costs.memory_for("1.27", "heap", 101)
    with pytest.raises(
        ScenarioError, match=r"no costs of Go '1\.27' 'arena'; there are those of go1\.27\.3 heap"
    ):
        costs.by_gogc("1.27", "arena")
    with pytest.raises(ScenarioError, match=r"without greenteagc"):
        costs.by_gogc("1.27", "heap", ("greenteagc",))
    with pytest.raises(ScenarioError, match="GOGC '75' was not measured; there is 50, 100"):
        costs.row("1.27", "heap", "75")


def test_the_heap_is_one_and_all_else_is_measured_by_it_where_all_was_measured():
    whole = table_of_trees(WHOLE, "here")
    assert whole.ratios("1.27").splitlines()[1:] == ["  GOGC=50          0.50", "  GOGC=100         1.50"]
    torn = table_of_trees([*WHOLE, LINES[3]], "here")
    assert not torn.holds("1.27")
    for table, go in ((torn, "1.27"), (whole, "1.26")):
        with pytest.raises(
            ScenarioError, match=r"by GOGC and size; measure again with: arenalab costs --trees"
        ):
            table.ratios(go)


def test_sizes_and_gogcs_are_told_apart(costs):
    assert [each.gogc for each in costs.by_gogc("1.27", "heap")] == ["50", "100"]
    assert [each.nodes for each in costs.by_nodes("1.27", "heap")] == [15, 1023]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [HEADER],
        [HEADER | {"format": 2}, LINES[1]],
        [HEADER, row("50", -1, 1)],
        [HEADER, row("50", float("nan"), 1)],
        [HEADER, {"go": "go1.27.3"}],
        [{"format": 1}, LINES[1]],
        [3, 4],
    ],
)
def test_what_is_no_table_of_trees_is_one_error_that_says_how_to_make_one(lines):
    with pytest.raises(
        ScenarioError, match=r"^x: no costs of trees .*; measure again with: arenalab costs --trees$"
    ):
        table_of_trees(lines, "x")


@pytest.mark.usefixtures("cache")
def test_a_table_measured_here_goes_before_the_shipped_if_it_holds_the_releases_asked_for(costs):
    assert not tree_costs("1.27").own
    keep_trees(costs)
    assert not tree_costs("1.27").own, "it has no arenas"
    keep_trees(table_of_trees(WHOLE, "here"))
    assert tree_costs("1.27").machine["cpu"] == "Z80"
    assert tree_costs().own
    assert not tree_costs("1.21", "1.27").own
    own_file().write_text("{", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"trees\.jsonl: no costs of trees"):
        tree_costs()


def test_the_shipped_table_holds_what_the_chapter_asks_of_it():
    shipped = read_tree_costs(SHIPPED)
    assert shipped.gos == tuple(f"go{release.tried}" for release in RELEASES.values())
    for go in shipped.gos:
        assert shipped.holds(go)
        for on in measured_trees.WAYS:
            assert tuple(each.gogc for each in shipped.by_gogc(go, on)) == measured_trees.GOGC
            assert tuple(each.nodes for each in shipped.by_nodes(go, on)) == measured_trees.NODES
    assert {each.without for each in shipped.rows if each.go == "go1.27.3"} == {
        (), ("greenteagc",), ("sizespecializedmalloc",), ("greenteagc", "sizespecializedmalloc")
    }  # fmt: skip
    assert shipped.total == measured_trees.TOTAL
    assert shipped.live == measured_trees.LIVE
    assert all(each.cpu_ns <= each.most_ns for each in shipped.rows)


@pytest.mark.usefixtures("cache")
def test_command_shows_the_shipped_table(capsys):
    assert main(["costs", "--trees", "--show"]) == 0
    said = capsys.readouterr().out
    assert "(shipped)" in said
    assert "go1.27.3: ns a node, MiB at most" in said
    assert "heap without greenteagc and sizespecializedmalloc" in said
    assert main(["costs", "--trees", "--show", "--json"]) == 0
    [told] = json.loads(capsys.readouterr().out)
    assert len(told) - 1 == len(shipped_tree_costs().rows)


def test_a_file_to_keep_is_for_what_is_measured(capsys):
    for asked in (["-o", "x"], ["--trees", "--show", "-o", "x"]):
        with pytest.raises(SystemExit):
            main(["costs", *asked])
        assert "-o is for what --trees measures" in capsys.readouterr().err


@pytest.mark.go
@pytest.mark.slow
@pytest.mark.usefixtures("cache")
def test_trees_are_measured_kept_and_told(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(measured_trees, "TOTAL", 200_000)
    monkeypatch.setattr(measured_trees, "LIVE", 20_000)
    out = tmp_path / "trees.jsonl"
    go = found("1.21")
    assert main(["costs", "--trees", "--quick", "--go", str(go.go), "-o", str(out)]) == 0
    assert f"{go.version}: ns a node" in capsys.readouterr().out
    table = read_tree_costs(out)
    assert len(table.rows) == 2 * 6 * 4 + 2 * 9
    heap, slabs = (table.row("1.21", on) for on in ("heap", "slabs"))
    assert heap.cycles > slabs.cycles
    assert heap.cpu_ns > slabs.cpu_ns
    assert table.row("1.21", "heap", "off").cycles == 0


@pytest.mark.go_all
@pytest.mark.parametrize("line", RELEASES)
def test_experiments_that_a_build_does_without_are_those_that_the_release_has_switched_on(line, tmp_path):
    go, there = found(line), set()
    for asked in ("", *(f"no{each}" for each in RELEASES[line].optional)):
        environment = go.environment() | {"GOEXPERIMENT": asked}
        tags = go.run(["list", "-f", "{{context.ToolTags}}", "runtime"], tmp_path, environment)
        there.add((asked, *(each for each in KNOWN if f"goexperiment.{each}" in tags)))
    optional = RELEASES[line].optional
    assert there == {("", *optional)} | {
        (f"no{each}", *(other for other in optional if other != each)) for each in optional
    }
