"""`arenalab report`: what a run made of its arenas, for people, for programs and for a build that wants to know."""

import json
from pathlib import Path

import pytest

from arenalab.cli import main
from arenalab.machine.machine import Machine
from arenalab.scenarios import load_scenario
from arenalab.syntax import type_of
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
