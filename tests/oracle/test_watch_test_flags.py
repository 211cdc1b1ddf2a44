"""Flags behind `record --test PACKAGE --`: testing's are named anew, the tests' own are theirs, others refused."""

import json
from pathlib import Path

import pytest

from arenalab.errors import RecordingError
from arenalab.oracle.cli import main_record
from arenalab.oracle.own.flags_of_tests import test_arguments as arguments_of_tests

OWN = Path(__file__).parents[1] / "data" / "own"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("-run X -v", "-test.run X -test.v"),
        ("--run=A=B -count=3", "-test.run=A=B -test.count=3"),
        ("-test.run X", "-test.run X"),
        ("-many 3 -plugin=a", "-many 3 -plugin=a"),
        ("-run -many", "-test.run -many"),
        ("-v -args -race -run", "-test.v -race -run"),
        ("word -short", "word -test.short"),
    ],
)
def test_flags_are_named_as_a_test_binary_has_them(given, expected):
    assert arguments_of_tests(given.split(), OWN) == ["-test.paniconexit0", *expected.split()]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("-cpuprofile c.out", "-test.outputdir=/here -test.cpuprofile c.out"),
        (
            "-memprofile=m -outputdir=out",
            "-test.outputdir=/here -test.memprofile=m -test.outputdir=/here/out",
        ),
        ("-outputdir out -v", "-test.outputdir /here/out -test.v"),
        ("-trace t -outputdir /there", "-test.outputdir=/here -test.trace t -test.outputdir /there"),
        ("-args -cpuprofile c.out", "-cpuprofile c.out"),
    ],
)
def test_profiles_are_written_where_they_were_asked_for_and_not_beside_the_package(given, expected):
    assert arguments_of_tests(given.split(), Path("/here")) == ["-test.paniconexit0", *expected.split()]


@pytest.mark.parametrize(
    ("flag", "advice"),
    [
        ("-race", "say --race before the --"),
        ("--asan=true", "say --asan before the --"),
        ("-tags=a,b", "say --tags LIST before the --"),
        ("-cover", "GOFLAGS=-cover"),
        ("-mod=mod", "GOFLAGS=-mod"),
        ("-json", "leave it out"),
        ("-vet=off", "leave it out"),
        ("-c", "leave it out"),
        ("-fuzz=F", "gets its seeds"),
        ("-test.fuzz=F", "gets its seeds"),
    ],
)
def test_flag_that_is_no_test_binarys_is_refused_with_what_to_do(flag, advice):
    with pytest.raises(RecordingError) as refused:
        arguments_of_tests(["-run", "X", flag], OWN)
    assert advice in str(refused.value)
    assert "\n" not in str(refused.value)


def test_refused_flag_builds_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(OWN)
    status = main_record(["--test", "./flagged", "-o", str(tmp_path / "a.jsonl"), "--", "-race"])
    told = capsys.readouterr()
    assert (status, told.out, list(tmp_path.iterdir())) == (2, "", [])
    assert told.err == "arenalab record: -race is for the build of the tests; say --race before the --\n"


def test_own_flag_of_a_test_reaches_it(tmp_path, monkeypatch):
    monkeypatch.chdir(OWN)
    out = tmp_path / "a.jsonl"
    assert main_record(["--test", "./flagged", "-o", str(out), "--", "-run", "Many", "-many", "7"]) == 0
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert sum(row.get("n", row.get("rep", 1)) for row in rows if row.get("op") in ("new", "run")) == 7
    assert [row["op"] for row in rows if row.get("op") in ("new_arena", "free")] == ["new_arena", "free"]
