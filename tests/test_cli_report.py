"""`arenalab report`: what a run made of its arenas, for people, for programs and for a build that wants to know."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from arenalab.cli import main
from arenalab.machine.machine import Machine
from arenalab.scenarios import load_scenario
from arenalab.syntax import type_of
from arenalab.view.usage_who import Asker
from arenalab.world import ops
from tests.programs import RECORDINGS
from tests.strategies import GC_OFF

GOOD = RECORDINGS / "chunks-1.jsonl"
RACED = Path(__file__).parent / "data/programs/shared_no_lock.jsonl"
HALF = type_of("[1000000]byte")


@pytest.fixture
def saved(tmp_path):
    """Return a function that saves the history of a program that fills a chunk, and says where."""

    def save(*program):
        path = tmp_path / "run.history"
        filled = [ops.NewArena(0), ops.New(0, type_of("*int")), ops.Hold(0, 0), *[ops.New(0, HALF)] * 9]
        Machine(GC_OFF).run([*filled, *program]).save(path)
        return str(path)

    return save


def test_recording_says_how_far_it_was_compared(capsys):
    main(["report", str(GOOD)])
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{GOOD}: recorded from real Go; ")
    assert first.endswith(" facts compared, 0 differences")
    assert [line.split()[0] for line in lines[:5]] == ["arenas", "values", "chunks", "room", "outlived"]


@pytest.mark.parametrize(("before", "status"), [([], 1), ([ops.Unhold(0)], 0)])
def test_status_says_whether_something_outlived_its_arena(saved, capsys, before, status):
    assert main(["report", saved(*before, ops.Free(0), ops.RunGC())]) == status
    said = capsys.readouterr().out
    assert "what the model did; no real Go was recorded here" in said
    assert f"outlived  {'yes' if status else 'no'}: " in said


def test_program_that_raced_is_not_trusted(capsys):
    assert main(["report", str(RACED)]) == 1
    said = capsys.readouterr().out
    assert "recorded from real Go, but not to be trusted" in said
    assert "goroutines use it at the same time" in said


def test_recording_that_differs_is_not_trusted(tmp_path, capsys):
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text(GOOD.read_text().replace('"maxalloc":2097152', '"maxalloc":2097153', 1))
    assert main(["report", str(wrong)]) == 1
    assert "not to be trusted; " in capsys.readouterr().out


def test_numbers_for_a_program(saved, capsys):
    path = saved(ops.Free(0), ops.RunGC())
    assert main(["report", "--json", path]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["facts"], told["differences"]) == (None, None)
    assert told["in_chunks"] == {"number": 10, "nbytes": 9_000_008}
    assert told["outlived"][0]["released"] is None
    main(["report", "--json", str(GOOD)])
    assert json.loads(capsys.readouterr().out)["differences"] == 0


def test_scenario_is_reported_as_any_run(capsys):
    path = load_scenario("arena-is-made-with-a-chunk").path
    assert main(["report", str(path)]) == 0
    assert "1 made: " in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "{", '{"oracle":1}\n'])
def test_bad_file_is_one_line(tmp_path, capsys, text):
    bad = tmp_path / "bad"
    bad.write_text(text)
    assert main(["report", str(bad)]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"arenalab report: {bad}")
    assert (len(said.err.splitlines()), said.out) == (1, "")


class TestAt:
    """`--at`: Go crashed there; whose was it?"""

    def test_value_and_chunk_are_told(self, saved, capsys):
        path = saved(ops.Free(0), ops.RunGC())
        assert main(["report", path, "--at", "0x40c000000000"]) == 0
        said = capsys.readouterr().out
        assert "byte 0 of a value of user arena 0: *int" in said
        assert "its arena was freed by operation" in said
        assert main(["report", path, "--at", str(0x40C000000000)]) == 0
        assert capsys.readouterr().out == said

    def test_json_says_the_same(self, saved, capsys):
        path = saved(ops.Free(0))
        assert main(["report", path, "--at", "0X40C000000000", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["address"], told["chunk"], told["fault"]) == ("0x40c000000000", 0, True)
        assert told["values"][0]["end"]["how"] == "freed"
        assert set(told) == documented("--at")
        assert set(told["values"][0]) == documented("values")
        assert set(told["values"][0]["end"]) == documented("end") == documented("left")

    @pytest.mark.parametrize(
        "text", ["", "x", "0x", "40c0", "-1", "1.5", "0x1g", " 5", "0x10000000000000000", str(2**64), "٣"]
    )
    def test_garbage_is_one_clear_error(self, saved, capsys, text):
        assert main(["report", saved(), f"--at={text}"]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert len(said.err.splitlines()) == 1
        assert "an address as Go prints it, such as 0x40c0190219b0, or in decimal" in said.err

    def test_address_in_no_chunk_says_so(self, saved, capsys):
        assert main(["report", saved(), "--at", "0x40c0190219b0"]) == 0
        assert "is in no chunk of this run" in capsys.readouterr().out


def test_build_that_wants_no_arena_left_over_asks_for_it(saved, capsys):
    left = saved()
    assert main(["report", left]) == 0
    assert main(["report", left, "--check-leaks"]) == 1
    assert "never freed: arena 0" in capsys.readouterr().out
    clean = saved(ops.Unhold(0), ops.Free(0), ops.RunGC())
    assert main(["report", clean, "--check-leaks"]) == 0


def documented(table):
    """Return the keys that docs/report.md lists below a heading."""
    text = (Path(__file__).parents[1] / "docs" / "report.md").read_text()
    part = text.split(f"## `{table}`", 1)[1].split("\n## ", 1)[0]
    return {
        key
        for line in part.splitlines()
        if line.startswith("| `")
        for key in re.findall(r"`(\w+)`", line.split("|")[1])
    }


def test_keys_are_documented(saved, capsys):
    main(["report", "--json", saved(ops.Free(0), ops.RunGC(), ops.NewArena(1))])
    told = json.loads(capsys.readouterr().out)
    assert set(told) == documented("--json")
    assert set(told["outlived"][0]) == documented("outlived")
    assert set(told["left"][0]) == documented("left")
    assert {field.name for field in fields(Asker)} == documented("askers")
