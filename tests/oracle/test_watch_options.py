"""What the command line of the recorder does for a person's own program."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from arenalab.errors import RecordingError
from arenalab.oracle.cli import main_record
from arenalab.oracle.watch import run
from arenalab.oracle.watch.run import overhead, record_own_program

OPS = ("new_arena", "new", "slice", "free")
OWN = Path(__file__).parents[1] / "data" / "own"
ENVIRONMENT = os.environ | {"PYTHONPATH": str(OWN.parents[2])}
RECORD = [sys.executable, "-m", "arenalab", "record"]
#: The recorder, which may write no file above 60 kB once the program has run: less than its recording has.
SMALL_FILES = """
import resource, sys
from arenalab.oracle import cli
from arenalab.oracle.watch import run
written = run._written
def limited(*given, **more):
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
    return written(*given, **more)
run._written = limited
sys.exit(cli.main_record(sys.argv[1:]))
"""


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def singly(rows):
    """The operations, values that stand in one row each by itself."""
    for row in rows:
        if row.get("op") == "run":
            given = {name: row[name] for name in ("off", "type", "cap", "site") if name in row}
            columns = {
                name: one if isinstance(one, list) else [one] * row["n"] for name, one in given.items()
            }
            for each in zip(*columns.values(), strict=True):
                one = dict(zip(columns, each, strict=True))
                yield row | one | {"op": "new" if one.get("cap", -1) < 0 else "slice"}
        elif "op" in row:
            yield row


@pytest.fixture
def record(tmp_path, monkeypatch):
    """Return a function that calls `arenalab record`, and gives its status and the recording."""
    monkeypatch.chdir(OWN)
    out = tmp_path / "a.jsonl"
    return lambda *given: (main_record(["-o", str(out), *map(str, given)]), out)


@pytest.mark.go
@pytest.mark.usefixtures("toolchain")
class TestTheProgramGets:
    def test_what_it_is_given(self, tmp_path):
        given = [
            "--program",
            "./answers",
            "--env",
            "ASKED=a=b",
            "--env",
            "OTHER=",
            "--tags",
            "special,wanted",
        ]
        done = subprocess.run(
            [*RECORD, *given, "--dir", str(tmp_path), "-o", str(tmp_path / "a.jsonl")],
            cwd=OWN, env=ENVIRONMENT, input="line\n", capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout == f'"line\\n" a=b {tmp_path} tagged\n'

    def test_its_own_input_again_when_it_is_timed_and_that_is_a_file(self, tmp_path, monkeypatch):
        (tmp_path / "in").write_text("text")
        seen = []
        monkeypatch.setattr(run, "run_program", lambda *_, stdin, **__: seen.append(stdin) or run.Run(0, 1.0))
        kept = os.dup(0)
        try:
            with (tmp_path / "in").open() as file:
                os.dup2(file.fileno(), 0)
                os.lseek(0, 0, os.SEEK_END)
                assert overhead("./answers", [], runs=1, cwd=OWN) == (1.0, 1.0)
                assert os.lseek(0, 0, os.SEEK_CUR) == 0
                read, write = os.pipe()
                os.dup2(read, 0)
                overhead("./answers", [], runs=1, cwd=OWN)
                os.close(read), os.close(write)
        finally:
            os.dup2(kept, 0)
            os.close(kept)
        assert seen == [None, None, subprocess.DEVNULL, subprocess.DEVNULL]


@pytest.mark.go
@pytest.mark.usefixtures("toolchain")
class TestSites:
    def test_the_line_that_calls_is_told(self, record):
        status, out = record("--program", "./kinds", "--sites")
        assert status == 0
        head, *rows = lines(out)
        source = (OWN / "kinds" / "main.go").read_text().splitlines()
        assert all(Path(file) == OWN / "kinds" / "main.go" for _, file, _ in head["sites"])
        text = [source[line - 1].strip() for _, _, line in head["sites"]]
        called = {op: [text[each.get("site")] for each in singly(rows) if each["op"] == op] for op in OPS}
        assert called["new_arena"] == ["a := arena.NewArena()"]
        assert called["free"] == ["defer a.Free()"]
        assert called["slice"] == ["func() { arena.MakeSlice[int](a, 2, 3) }()"]
        assert called["new"][-3:] == [
            "reflect.ArenaNew(a, made)",
            *["func fill[T any](a *arena.Arena) *row[T] { return arena.New[row[T]](a) }"] * 2,
        ]
        assert {name for name, _, _ in head["sites"]} >= {"main.fill[...]", "main.small", "main.large"}

    def test_nobody_who_does_not_ask_is_told(self, record):
        _, out = record("--program", "./kinds")
        head, *rows = lines(out)
        assert "sites" not in head
        assert not any("site" in row for row in rows)
        types = [(row["expr"], row["size"]) for row in rows if "expr" in row]
        assert [size for name, size in types if name == "main.item"] == [4, 48]
        assert ("struct { A int }", 8) in types

    def test_an_arena_that_nobody_made_panics_as_it_does_without_us(self, record, capfd):
        status, out = record("--program", "./zero")
        assert status == 2
        assert "nil pointer dereference" in capfd.readouterr().err
        assert lines(out)[-1]["ended"] == "panic"


@pytest.mark.go
@pytest.mark.usefixtures("toolchain")
@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            ["--test", "./flagged", "--", "-run", "Nothing"],
            r"no test that ran made an arena \(exit status 0.*-run X -bench Y",
        ),
        (
            ["--program", "./serves", "--", "-requests", "x"],
            r"the program made no arena \(exit status 2.*after --, the arg",
        ),
        (
            ["--program", "./family", "--", "elsewhere"],
            r"the program made no arena \(exit status 0.*the processes did",
        ),
    ],
)
def test_a_run_without_an_arena_leaves_nothing_and_is_told_what_to_do(record, capfd, given, says):
    status, out = record(*given)
    assert (status, list(out.parent.iterdir())) == (2, [])
    assert re.search(f"a.jsonl was not written: {says}", capfd.readouterr().err)


@pytest.mark.go
@pytest.mark.usefixtures("toolchain")
def test_each_value_is_of_the_goroutine_that_made_it(record, capfd):
    _, out = record("--program", "./who")
    said = dict(line.split() for line in capfd.readouterr().out.splitlines())
    made = Counter((row.get("g", 1), row["op"]) for row in singly(lines(out)))
    values = {g: made[g, "new"] for g, op in made if op == "new_arena"}
    assert values == {int(g): int(number) for g, number in said.items()}
    assert made[1, "free"] == len(values) == 9


@pytest.mark.go
@pytest.mark.usefixtures("toolchain")
def test_counters_of_a_cycle_lie_between_what_go_says_before_and_after_it(record, capfd):
    _, out = record("--program", "./counts", "--env", "GOGC=400")
    before, after = json.loads(capfd.readouterr().out)
    real = [row["real"] for row in lines(out) if row.get("op") == "finish_mark"][-1]
    assert real["numgc"] == before["NumGC"] + 1 == after["NumGC"]
    assert before["TotalAlloc"] <= real["totalAlloc"] <= after["TotalAlloc"]
    live = real["totalAlloc"] - real["totalFree"]
    assert 64 << 20 < real["heapLive"] <= live <= real["heapInUse"] <= real["mappedReady"]
    assert real["heapGoal"] == after["NextGC"]
    assert real["heapInUse"] <= before["HeapInuse"]
    assert before["LastGC"] < after["LastGC"]
    assert real["resident"] % 4096 == 0
    assert 64 << 20 < real["resident"] < before["Sys"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--attach", "4711"], "a program that runs already can't be recorded.*let the recorder start it"),
        (["--program", ".", "--env", "ASKED"], r"--env: must be NAME=VALUE, not 'ASKED'"),
        (["--program", ".", "--env", "=1"], r"--env: must be NAME=VALUE, not '=1'"),
        (["--program", ".", "--dir", "nowhere"], "--dir: there is no folder nowhere"),
        (["--program", ".", "--race", "--asan"], "--asan: not allowed with argument --race"),
        (
            ["--program", ".", "--overhead", "3", "--timeout", "2"],
            "--timeout cuts them short; give one of the two",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(tmp_path, capsys, given, says):
    out = ["-o", str(tmp_path / "a.jsonl")]
    try:
        status = main_record([*given, *([] if "--attach" in given else out)])
    except SystemExit as ended:
        status = ended.code
    said = capsys.readouterr().err
    assert status == 2
    assert len(said.splitlines()) == 1
    assert re.search(says, said)
    assert not list(tmp_path.iterdir())


class TestNoRoom:
    """A disk that is full is told, and leaves nothing behind."""

    @pytest.fixture
    def quick(self, monkeypatch):
        """Leave out what needs no room: finding and building."""
        monkeypatch.setattr(run, "toolchain_for", lambda *_: type("Go", (), {"minor": "1.21"}))
        monkeypatch.setattr(run, "build", lambda *_: run.Built(Path("/bin/true"), None))

    @pytest.mark.usefixtures("quick")
    def test_for_the_notes(self, tmp_path):
        with pytest.raises(
            RecordingError, match=r"was not written: .*; the notes take \d+ MB.*-o.*--limit MB"
        ):
            record_own_program(".", [], tmp_path / "a.jsonl", limit=2**62)
        assert not list(tmp_path.iterdir())

    @pytest.mark.usefixtures("quick")
    def test_comes_to_light_before_the_program_runs(self, tmp_path, monkeypatch):
        def look(_, environment, **__):
            notes = Path(environment["ARENALAB_WATCH"]).stat()
            assert notes.st_size == 1_000_000
            assert notes.st_blocks * 512 >= 1_000_000  # a file with holes would meet the full disk later
            raise KeyboardInterrupt

        monkeypatch.setattr(run, "run_program", look)
        with pytest.raises(KeyboardInterrupt):
            record_own_program(".", [], tmp_path / "a.jsonl", limit=1_000_000)

    @pytest.mark.go
    @pytest.mark.usefixtures("toolchain")
    def test_for_the_recording(self, tmp_path):
        out = tmp_path / "out" / "a.jsonl"
        command = [sys.executable, "-c", SMALL_FILES, "--program", "./ends", "-o", str(out), "--", "os.Exit"]
        done = subprocess.run(command, cwd=OWN, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        assert done.returncode == 2, done.stderr
        assert re.fullmatch(r"arenalab record: .*a\.jsonl was not written: File too large; .*\n", done.stderr)
        assert not list(out.parent.iterdir())
