"""What can be recorded is built, wherever it lies; what can't is told in a sentence."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from arenalab.errors import ToolchainError
from arenalab.oracle.cli import main_record
from arenalab.oracle.own.lower import lowered, lowered_files, lowered_workspace
from arenalab.oracle.own.package import Package
from arenalab.oracle.toolchain import find_toolchain
from arenalab.oracle.watch.run import record_own_program
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording

OWN = Path(__file__).parents[1] / "data" / "own"
MAIN = 'package main\n\nimport "arena"\n\nfunc main() {\n\ta := arena.NewArena()\n\tarena.New[int](a)\n\ta.Free()\n}\n'
MAIN_DOES = ["new_arena", "new", "free"]
go = [pytest.mark.go, pytest.mark.usefixtures("toolchain")]


def module(folder, text, main=MAIN):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "go.mod").write_text(text)
    (folder / "main.go").write_text(main)
    return folder


def asked(rows):
    """What the program did; a collection may begin in between."""
    return [row["op"] for row in rows if row.get("op") in MAIN_DOES]


def tree(folder):
    """Every file's text and time, to see that nothing is touched."""
    return {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def recorded(tmp_path):
    """Return a function that records a package and checks the recording."""

    def record(package, cwd, *arguments, **settings):
        out = tmp_path / "out" / "program.jsonl"
        watched = record_own_program(str(package), arguments, out, cwd=cwd, **settings)
        report = check(load_recording(out))
        assert report.ok, str(report)
        rows = [json.loads(line) for line in out.read_text().splitlines()]
        return watched, rows

    return record


class TestWhereItLies:
    pytestmark = go

    def test_in_a_module_below_the_current_folder(self, recorded, tmp_path):
        module(tmp_path / "repository" / "tools" / "inner", "module example.org/inner\n\ngo 1.21\n")
        assert asked(recorded("./tools/inner", tmp_path / "repository")[1]) == MAIN_DOES

    def test_in_a_folder_whose_name_has_a_space(self, recorded, tmp_path):
        assert recorded(".", module(tmp_path / "two words", "module spaced\n\ngo 1.21\n"))[0].exit == 0

    def test_a_single_file(self, recorded, tmp_path):
        folder = module(tmp_path / "files", "module files\n\ngo 1.21\n")
        (folder / "other.go").write_text(MAIN)  # together they would not build
        assert asked(recorded("main.go", folder)[1]) == MAIN_DOES

    def test_the_persons_flags_hold(self, recorded, tmp_path, monkeypatch):
        folder = module(tmp_path / "tagged", "module tagged\n\ngo 1.21\n", "//go:build wanted\n\n" + MAIN)
        monkeypatch.setenv("GOFLAGS", "-tags=wanted")
        assert asked(recorded(".", folder)[1]) == MAIN_DOES

    def test_cgo_stays_on(self, recorded):
        watched, rows = recorded("./hands_to_c", OWN)
        assert (watched.exit, asked(rows)) == (0, MAIN_DOES)


@pytest.mark.parametrize(
    ("package", "says"),
    [
        ("./shelf", r'\./shelf is package shelf, a library.*one that imports "example\.org/own/shelf"'),
        ("./onlychecks", r"\./onlychecks holds tests only \(make_test\.go\).*--test records tests"),
        ("./...", r"\./\.\.\. names \d+ packages; name the one main package"),
        ("./nowhere", "nowhere"),
        ("../../../..", r"there is no go\.mod in .* or above"),
    ],
)
class TestNotAProgram:
    pytestmark = go

    def test_one_sentence_says_what_it_is(self, tmp_path, capsys, monkeypatch, package, says):
        monkeypatch.chdir(OWN)
        out = tmp_path / "program.jsonl"
        assert main_record(["--program", package, "-o", str(out)]) == 2
        said = capsys.readouterr().err
        assert len(said.splitlines()) == 1
        assert re.search(says, said)
        assert not list(tmp_path.iterdir())


class TestTests:
    pytestmark = go

    def test_a_package_of_tests_alone_is_recorded(self, recorded):
        watched, rows = recorded("./onlychecks", OWN, tests=True)
        assert (watched.exit, rows[0]["tests"]) == (0, True)
        assert asked(rows)

    def test_they_run_in_their_folder_with_the_flags_of_go_test(self, recorded, tmp_path):
        folder = module(tmp_path / "deep" / "inner", "module inner\n\ngo 1.21\n")
        (folder / "beside.txt").write_text("here")
        (folder / "main_test.go").write_text(
            'package main\n\nimport (\n\t"arena"\n\t"flag"\n\t"os"\n\t"testing"\n)\n\n'
            'var mine = flag.Int("mine", 0, "")\n\n'
            "func TestNot(t *testing.T) { t.Fatal() }\n\n"
            "func BenchmarkFew(b *testing.B) {\n"
            '\tif _, err := os.ReadFile("beside.txt"); err != nil || *mine != 7 {\n\t\tb.Fatal(err, *mine)\n\t}\n'
            "\tfor i := 0; i < b.N; i++ {\n\t\ta := arena.NewArena()\n\t\tarena.New[int](a)\n\t\ta.Free()\n\t}\n}\n"
        )
        flags = ["-run", "^$", "-bench=Few", "-benchtime", "5x", "-args", "-mine=7"]
        watched, rows = recorded("./inner", folder.parent, *flags, tests=True)
        assert watched.exit == 0
        assert asked(rows) == MAIN_DOES * 6  # once to see that it works

    def test_a_test_that_fails_is_recorded_and_its_status_told(self, recorded, tmp_path):
        folder = module(tmp_path / "fails", "module fails\n\ngo 1.21\n")
        (folder / "main_test.go").write_text(
            'package main\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {\n\tmain()\n\tt.Fail()\n}\n'
        )
        watched, rows = recorded(".", folder, tests=True)
        assert (watched.exit, rows[-1]["exit"], asked(rows)) == (1, 1, MAIN_DOES)

    def test_a_package_without_any_is_told(self, tmp_path, capsys, monkeypatch):
        monkeypatch.chdir(OWN)
        assert main_record(["--test", "./shelf", "-o", str(tmp_path / "a.jsonl")]) == 2
        assert "./shelf holds no tests; --program records a package main" in capsys.readouterr().err
        assert main_record(["--test", "./...", "-o", str(tmp_path / "a.jsonl")]) == 2
        assert "name the one package whose tests to run" in capsys.readouterr().err


NEWER = (
    "module newer\n\ngo 1.24\n\ntoolchain go1.24.1\n\ngodebug default=go1.23\n\ntool example.org/newer/cmd\n"
)


class TestANewerGoIsAskedFor:
    pytestmark = go

    def test_the_toolchain_is_found_from_there(self, tmp_path, monkeypatch):
        monkeypatch.chdir(module(tmp_path / "newer", NEWER))
        monkeypatch.setenv("GOTOOLCHAIN", "auto")
        monkeypatch.setenv("GOFLAGS", "-nonsense")
        assert find_toolchain().minor == "1.21"

    def test_the_refusal_names_both_versions_and_the_way_out(self, tmp_path):
        folder = module(tmp_path / "newer", NEWER)
        with pytest.raises(
            ToolchainError, match=r"asks for Go 1\.24, .*go1\.21\.13; .*--go 1\.24 .*--lower-go"
        ) as told:
            record_own_program(".", [], tmp_path / "a.jsonl", cwd=folder, go=find_toolchain())
        assert "not installed" not in str(told.value)

    def test_lowered_it_is_recorded_and_nothing_of_it_is_touched(self, recorded, tmp_path):
        folder = module(tmp_path / "newer", NEWER)
        before = tree(folder)
        _, rows = recorded(".", folder, lower=True)
        assert rows[0]["lowered"] == "1.21"
        assert tree(folder) == before

    def test_modules_in_its_tree_are_lowered_with_it(self, recorded, tmp_path):
        folder = module(
            tmp_path / "app",
            "module app\n\ngo 1.23\n\nrequire example.org/dep v1.0.0\n\nreplace example.org/dep => ../dep\n",
            MAIN.replace('"arena"', '(\n\t"arena"\n\n\t_ "example.org/dep"\n)'),
        )
        module(tmp_path / "dep", "module example.org/dep\n\ngo 1.22\n", "package dep\n")
        assert asked(recorded(".", folder, lower=True)[1]) == MAIN_DOES

    def test_a_workspace_is_lowered_with_it(self, recorded, tmp_path):
        (tmp_path / "go.work").write_text("go 1.25\n\nuse (\n\t./app\n\t./dep // beside it\n)\n")
        main = MAIN.replace('"arena"', '(\n\t"arena"\n\n\t_ "example.org/dep"\n)')
        folder = module(tmp_path / "app", "module app\n\ngo 1.23\n", main)
        module(tmp_path / "dep", "module example.org/dep\n\ngo 1.25\n", "package dep\n")
        assert asked(recorded(".", folder, lower=True)[1]) == MAIN_DOES

    def test_what_the_older_language_lacks_is_told_with_its_line(self, tmp_path):
        main = MAIN.replace("\tarena.New[int](a)\n", "\tfor range 3 {\n\t\tarena.New[int](a)\n\t}\n")
        folder = module(tmp_path / "newer", NEWER, main)
        with pytest.raises(ToolchainError, match=r"doesn't build at language level 1\.21: [^$]*main\.go:7"):
            record_own_program(".", [], tmp_path / "a.jsonl", cwd=folder, lower=True)


def test_only_what_is_newer_is_lowered():
    text = "module m\n\ngo 1.20 // old\n\nrequire go.example/tool v1.2.3\n\ntool (\n\ta\n\tb\n)\n\nretract v1.0.0\n"
    assert lowered(text, "1.21") == text.replace("tool (\n\ta\n\tb\n)", "")
    assert lowered("go 1.24rc1\ntoolchain go1.24.2\n", "1.21") == "go 1.21\n\n"


def test_a_workspace_that_is_switched_off_is_not_looked_for(tmp_path, monkeypatch):
    (tmp_path / "go.work").write_text("go 1.25\n")
    monkeypatch.setenv("GOWORK", "off")
    assert lowered_workspace(tmp_path, tmp_path, "1.21") == {}
    assert lowered_files(tmp_path, tmp_path, "1.21") == {}


def test_an_import_path_is_looked_up_from_the_current_folder(tmp_path):
    assert Package.of("example.org/cmd", tmp_path) == Package("example.org/cmd", tmp_path, "example.org/cmd")


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("mode", ["plain", "race", "asan"])
class TestBuildModes:
    pytestmark = go

    def test_each_free_is_recorded_and_the_model_follows(self, recorded, monkeypatch, mode):
        monkeypatch.setenv("GOFLAGS", "" if mode == "plain" else f"-{mode}")
        try:
            _, rows = recorded("./frees", OWN)
        except ToolchainError as trouble:
            if mode == "plain" or "missing" not in str(trouble):
                raise
            pytest.skip(f"no C compiler with -{mode}: {trouble}")
        assert rows[0]["build"] == mode
        assert sum(row.get("op") == "free" for row in rows) == 8
        assert rows[-1]["lost"] == 0


class TestWhatTheHeaderSays:
    pytestmark = go

    def test_a_child_process_is_counted_and_not_recorded(self, recorded):
        watched, rows = recorded("./family", OWN)
        assert rows[0]["other_processes"] == watched.other_processes == 2
        assert sum(row.get("op") == "free" for row in rows) == 30

    def test_settings_are_those_that_the_program_ran_with(self, recorded, monkeypatch):
        monkeypatch.setenv("GOGC", "75")
        monkeypatch.setenv("GOMAXPROCS", "1")
        _, rows = recorded("./turns", OWN)
        assert rows[0]["settings"] == {"GOGC": 75, "GOMEMLIMIT": "off", "GOMAXPROCS": 1}
        assert "changed" not in rows[0]
        _, rows = recorded("./turns", OWN, "changes")
        assert rows[0]["changed"] == ["GOGC", "GOMEMLIMIT"]

    def test_goroutines_that_take_turns_are_named_without_blame(self, recorded):
        _, rows = recorded("./unguarded", OWN, "locked", "30000")
        assert len(rows[-1]["shared"][0]["goroutines"]) == 4
        assert "raced" not in rows[-1]


@pytest.mark.go
@pytest.mark.usefixtures("toolchain")
def test_two_goroutines_inside_one_arena_are_proved(tmp_path, monkeypatch):
    out = tmp_path / "program.jsonl"
    monkeypatch.setenv("GOMAXPROCS", "8")  # the operating system stops threads anywhere
    for _ in range(20):  # a program that races may die before two have met in one place
        record_own_program("./unguarded", ["free for all", "300000"], out, cwd=OWN)
        end = json.loads(out.read_text().splitlines()[-1])
        if "raced" in end:
            break
    assert {row["arena"] for row in end["raced"]} == {0}
    assert all(one != other for one, other in (row["goroutines"] for row in end["raced"]))


class TestOneThatNeverEnds:
    pytestmark = go

    def test_for_some_seconds(self, recorded):
        watched, rows = recorded("./lingers", OWN, "plain", seconds=0.5)
        assert (watched.stopped, rows[-1]["stopped"], rows[-1]["exit"]) == ("SIGINT", "SIGINT", -2)
        assert watched.operations > 12

    def test_the_way_it_ends_is_recorded(self, recorded, capfd):
        watched, rows = recorded("./lingers", OWN, "drains", seconds=0.5)
        assert (watched.exit, capfd.readouterr().out) == (0, "ready\ndrained\n")
        assert asked(rows)[-3:] == MAIN_DOES
        assert any(row.get("expr") == "[5]string" for row in rows)


def test_an_interrupt_before_the_program_runs_is_no_traceback(tmp_path, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", interrupted)
    assert main_record(["--program", ".", "-o", str(tmp_path / "a.jsonl")]) == 130
    assert "nothing was written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
