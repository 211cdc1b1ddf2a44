"""A wrong [[expect]] table is an error wherever its scenario runs: file and line, what was found, what is expected."""

import tomllib
from pathlib import Path

import pytest

import arenalab
from arenalab.cli import main
from arenalab.errors import ScenarioError
from arenalab.explore import ChunkMap, WhatIf, Workbench
from arenalab.scenarios import read_scenario
from arenalab.scenarios.lines import expect_lines
from arenalab.scenarios.run import run

LINED = '''name = "lined"
about = """
[[expect]]
after = 0  # in a text: no table
"""
ops = [
  { op = "new_arena", arena = 0 },  # [[expect]
  { op = "free", arena = 0 },
]

[[expect]]
after = 0
reuse = []

[ expect.arenas.0 ]
active = 0

[[ expect ]]
after = 1
fault = []
"reuse" = [
  0]
quarantine = [7]
'''
WAYS = {
    "open": arenalab.open,
    "open of a scenario": lambda path: arenalab.open(read_scenario(path)),
    "run": lambda path: run(read_scenario(path)),
    "explorer": ChunkMap,
    "what if": WhatIf,
    "workbench": lambda path: pytest.fail(str(Workbench(path))),
    "check": lambda path: main(["check", str(path)]),
    "report": lambda path: main(["report", str(path)]),
    "lab": lambda path: main(["lab", str(path)]),
}


def lined(folder, fact, wrong):
    path = folder / "lined.toml"
    path.write_text(LINED.replace("[7]", "[]").replace(fact, wrong))
    return path


@pytest.mark.parametrize("way", WAYS)
def test_wrong_expectation_fails_loudly_wherever_a_scenario_runs(way, tmp_path, capsys):
    path = lined(tmp_path, "reuse = []", "reuse = [3]")
    try:
        status = WAYS[way](path)
        text = capsys.readouterr()
        said = text.out + text.err if status in (1, 2) else ""
    except (ScenarioError, pytest.fail.Exception) as error:
        said = str(error)
    assert f"{path}:13: expect[0] (after = 0): the reuse list is [], expected [3]" in said


@pytest.mark.parametrize(
    ("fact", "wrong", "says"),
    [
        ("active = 0", "active = 9", r":15: expect\[0\] \(after = 0\): user arena 0's active is 0, expected 9"),
        ("quarantine = []", "quarantine = [5]", r":23: expect\[1\] \(after = 1\): the quarantine list is \[\], ex"),
        ("fault = []", "falut = []", r":20: expect\[1\]: unknown key 'falut'; expected one of: .*fault"),
        ("after = 1", "after = 7", r":19: expect\[1\]: after: got 7; expected an index of ops"),
        ("fault = []", 'fault = "[0]"', r":20: expect\[1\]: fault: got '\[0\]'; expected a list of chunk numbers"),
    ],
)  # fmt: skip
def test_wrong_expectation_is_named_by_its_line(fact, wrong, says, tmp_path):
    with pytest.raises(ScenarioError, match=rf"lined\.toml{says}"):
        run(read_scenario(lined(tmp_path, fact, wrong)))


def test_lines_of_all_our_expectations_are_found():
    for path in sorted((Path(arenalab.__file__).parent / "scenarios").glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        tables = [set(table) for table in tomllib.loads(text).get("expect", [])]
        assert [set(lines) - {""} for lines in expect_lines(text)] == tables, path.name
