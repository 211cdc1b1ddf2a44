"""However a program ends, what it noted is kept, and the recording says how that was."""

import json
import signal
from pathlib import Path

import pytest

from arenalab.oracle.own.package import Package, build
from arenalab.oracle.watch.ended import how_it_ended
from arenalab.oracle.watch.notes import Kind
from arenalab.oracle.watch.patch import watching_runtime
from arenalab.oracle.watch.run import record_own_program
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording
from tests.oracle.notes_by_hand import by, chunk, freed, made, notes_of

OWN = Path(__file__).parents[1] / "data" / "own"
END = Kind.END


@pytest.fixture(scope="module")
def built(tmp_path_factory, toolchain):
    """Return the program that ends as it is told to, built once."""
    return build(toolchain, Package.of("./ends", OWN), tmp_path_factory.mktemp("ends"), watching_runtime)


@pytest.fixture
def ended(built, tmp_path, monkeypatch):
    """Return a function that records the program, and gives the rows of its recording."""
    monkeypatch.setattr("arenalab.oracle.watch.run.build", lambda *_: built)

    def record(*arguments, **settings):
        out = tmp_path / "a.jsonl"
        watched = record_own_program("./ends", arguments, out, cwd=OWN, **settings)
        report = check(load_recording(out))
        assert report.ok, str(report)
        return watched, [json.loads(line) for line in out.read_text().splitlines()]

    return record


@pytest.mark.go
@pytest.mark.parametrize(
    ("how", "says", "exit_code"),
    [
        ("returns", "main returned", 0),
        ("os.Exit", "os.Exit", 7),
        ("panic", "panic", 2),
        ("nil", "panic", 2),
        ("fault", "fault", 2),
        ("throw", "throw", 2),
        ("kill", "SIGKILL", -9),
        ("exit", "exit", 4),
    ],
)
def test_all_of_its_notes_are_there_and_the_end_is_told(ended, how, says, exit_code):
    watched, rows = ended(how, environment={"GOGC": "off"})
    end = rows[-1]
    assert (end["ended"], end["exit"], watched.exit) == (says, exit_code, exit_code)
    assert end["lost"] == 0
    frees = [row for row in rows if row.get("op") == "free"]
    assert len(frees) == 400
    assert "last" not in end
    if how == "fault":
        filled = [row for row in rows if row.get("op") == "run"][
            -1
        ]  # a pair, then what is too large beside it
        assert int(end["fault"], 16) == int(filled["base"], 16) + filled["off"][0] + 8


@pytest.mark.go
def test_the_last_notes_are_kept_when_the_first_fill_the_file(ended):
    watched, rows = ended("fault", environment={"GOGC": "off"}, limit=40_000)
    end = rows[-1]
    assert watched.lost == end["lost"] == rows[0]["lost"] > 1000
    assert (end["ended"], end["last"][-1]["what"]) == ("fault", "end")
    assert [note["what"] for note in end["last"][-4:]] == ["fault", "reuse", "freed", "end"]
    numbers = [note["note"] for note in end["last"]]
    assert numbers == list(range(rows[0]["notes"] + watched.lost))[-len(numbers) :]


class TestByHand:
    def test_a_signal_of_long_ago_is_no_fault(self, tmp_path):
        notes = notes_of(tmp_path / "n", [*made(0, 0), (END, 3, signal.SIGSEGV, chunk(0))])
        assert how_it_ended(notes, 2) == {"ended": "panic"}
        notes = notes_of(tmp_path / "n", [*made(0, 0), (END, 4, signal.SIGQUIT, chunk(0))])
        assert how_it_ended(notes, 2) == {"ended": "throw"}

    def test_the_last_of_two_ends_counts(self, tmp_path):
        notes = notes_of(tmp_path / "n", [(END, 2, 3), (END, 3)])
        assert how_it_ended(notes, 2)["ended"] == "panic"

    def test_an_end_among_the_lost_is_not_guessed(self, tmp_path):
        last = [(50, by(0, 3, Kind.WANT)), (51, freed(0, 0)[0])]
        said = how_it_ended(notes_of(tmp_path / "n", [(END, 2, 3)], asked=52, last=last), 3)
        assert said["ended"] == "exit"
        assert [(note["note"], note["g"], note["what"]) for note in said["last"]] == [
            (50, 3, "want"),
            (51, 1, "free"),
        ]
