"""`arenalab explore`: what it prints, how it goes on, and what it refuses."""

import json

import pytest

import arenalab
from arenalab.cli import main
from tests.search.faults import FAULTS
from tests.search.test_search import planted


def test_levels_are_told_with_what_a_held_pointer_finds(capsys):
    assert main(["explore", "--depth", "4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (
        lines[0]
        == "1 move: 1 new state of 2 tried, 0 past a recycling; a held pointer finds: no pointer is held"
    )
    assert lines[3].endswith("a held pointer finds: fine 14 (87.5 %), stale data 2 (12.5 %)")
    assert lines[4].endswith("0 past a recycling: each keeps every property")
    assert lines[5] == "in all of them a held pointer finds: fine 16 (88.9 %), stale data 2 (11.1 %)"


def test_what_hidden_pointers_find_is_told_beside_it(capsys):
    assert main(["explore", "--start", "recycled", "--hidden", "--depth", "1"]) == 0
    first, _, held, hidden = capsys.readouterr().out.splitlines()
    assert held == "in all of them a held pointer finds: fine 1 (100.0 %)"
    assert hidden.startswith("and a hidden one: fine 19 (44.2 %), ")
    assert "somebody else's object 14 (32.6 %)" in first


def test_a_search_that_ran_out_of_time_says_so(capsys):
    assert main(["explore", "--minutes", "1e-9"]) == 0
    assert "the time was over in level 1, which is not counted" in capsys.readouterr().out


def test_it_goes_on_with_what_was_saved_and_speaks_json(capsys, tmp_path):
    kept = str(tmp_path / "kept.npz")
    main(["explore", "--depth", "5", "--json"])
    whole = capsys.readouterr().out.splitlines()
    main(["explore", "--depth", "3", "--json", "--save", kept])
    main(["explore", "--depth", "5", "--json", "--resume", kept])
    assert [line for line in capsys.readouterr().out.splitlines() if "tries" in line] == whole[:-1]
    states = 1 + sum(json.loads(line)["states"] for line in whole[:-1])
    assert json.loads(whole[-1]) == {"states": states, "depth": 5, "found": []}


def test_a_program_that_breaks_a_property_is_printed_and_written(capsys, tmp_path):
    _, module, name, old, new, *_ = FAULTS[1]
    out = tmp_path / "found.jsonl"
    with planted(module, name, old, new):
        assert main(["explore", "--start", "held", "--depth", "3", "--out", str(out)]) == 1
    printed = capsys.readouterr().out
    assert "Free(user_arena=0)" in printed
    assert len(arenalab.open(out).ops) == printed.count("\n  ")


@pytest.mark.parametrize(("given", "said"), [
    (["--arenas", "0"], "arenas: got 0"), (["--resume", "none.npz"], "none.npz"),
    (["--start", "linked"], "the search's start makes no sense"),
])  # fmt: skip
def test_what_makes_no_sense_is_one_line(capsys, given, said):
    assert main(["explore", *given]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert said in line
