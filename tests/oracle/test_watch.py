"""A Go program that nobody changed is recorded, and the model follows it chunk by chunk."""

import json
from pathlib import Path

import pytest

from arenalab.errors import RecordingError, ToolchainError
from arenalab.oracle.cli import main_record
from arenalab.oracle.own.patch import patched
from arenalab.oracle.watch.notes import Notes
from arenalab.oracle.watch.patch import CALLS
from arenalab.oracle.watch.run import record_own_program
from arenalab.truth.check import check, history_of
from arenalab.truth.recording import load_recording
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import chunk_map
from arenalab.view.usage import usage

EXAMPLES = Path(__file__).parents[2] / "examples" / "go"
go = [pytest.mark.go, pytest.mark.usefixtures("toolchain")]


def rows_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def recorded(tmp_path, package, *arguments, **settings):
    out = tmp_path / "program.jsonl"
    watched = record_own_program(package, arguments, out, **{"cwd": EXAMPLES} | settings)
    return watched, rows_of(out)


@pytest.mark.parametrize(
    ("package", "arguments"),
    [
        ("./binarytrees", ["-depth", "15"]),
        ("./requests", ["-requests", "30"]),
        ("./workers", ["-jobs", "30"]),
    ],
)
class TestExamples:
    pytestmark = go

    def test_the_model_follows_the_program_and_its_chunk_map_opens(self, tmp_path, package, arguments):
        watched, rows = recorded(tmp_path, package, *arguments)
        assert (watched.exit, watched.lost, rows[-1]["lost"]) == (0, 0, 0)
        recording = load_recording(tmp_path / "program.jsonl")
        report = check(recording)
        assert report.ok, str(report)
        assert report.operations == rows[-1]["end"]["ops"]
        assert report.facts - report.compared["constant"] > 10
        history = history_of(recording)
        shown = chunk_map(ChunkIndex(history), len(history))
        assert len(shown.chunks) > 0
        assert shown.all_chunks == len(history.world.spans)


class TestRecording:
    pytestmark = go

    def test_a_leaked_pointer_is_inferred_and_keeps_its_chunk(self, tmp_path):
        _, rows = recorded(tmp_path, "./requests", "-requests", "40")
        holds = [row for row in rows if row.get("op") == "hold"]
        assert holds
        assert all(row["inferred"] for row in holds)
        swept = [row for row in rows if row.get("op") == "sweep_step"]
        assert {row["kept"] for row in swept} == {True, False}

    def test_finalizers_free_what_the_program_dropped(self, tmp_path):
        _, rows = recorded(tmp_path, "./workers", "-jobs", "40")
        frees = [row for row in rows if row.get("op") == "free"]
        assert frees
        assert all(row["finalizer"] for row in frees)

    def test_a_report_tells_the_finalizers_frees_from_the_programs(self, tmp_path, monkeypatch, capfd):
        monkeypatch.chdir(EXAMPLES)
        out = tmp_path / "a.jsonl"
        assert main_record(["--program", "./workers", "-o", str(out), "--", "-jobs", "3"]) == 0
        capfd.readouterr()
        its = usage(history_of(load_recording(out)))
        assert its.freed == 0
        assert its.finalized == sum(row.get("op") == "free" for row in rows_of(out))

    def test_a_report_names_the_chunks_that_a_leaked_pointer_keeps(self, tmp_path):
        _, rows = recorded(tmp_path, "./requests", "-requests", "40")
        its = usage(history_of(load_recording(tmp_path / "program.jsonl")))
        assert len(its.outlived) == sum(row.get("op") == "hold" for row in rows) > 0

    def test_a_short_program_is_reported_on_at_once(self, tmp_path, monkeypatch, capfd):
        monkeypatch.chdir(EXAMPLES)
        out = str(tmp_path / "a.jsonl")
        assert main_record(["--program", "./binarytrees", "-o", out, "--", "-depth", "4"]) == 0
        assert "outlived  not known: " in capfd.readouterr().err

    def test_a_program_that_crashes_leaves_a_recording(self, tmp_path, monkeypatch):
        monkeypatch.setenv("GOGC", "off")  # a collection under way would put the fault off
        folder = tmp_path / "crash"
        folder.mkdir()
        (folder / "go.mod").write_text("module crash\n\ngo 1.21\n")
        (folder / "main.go").write_text(
            'package main\n\nimport "arena"\n\nfunc main() {\n\ta := arena.NewArena()\n'
            "\tp := arena.New[[2]*int](a)\n\tfor i := 0; i < 5; i++ {\n"
            "\t\tarena.MakeSlice[byte](a, 2<<20, 2<<20)\n\t}\n\ta.Free()\n\tprintln(p[1])\n}\n"
        )
        watched, rows = recorded(tmp_path, ".", cwd=folder)
        assert watched.exit == rows[-1]["exit"] == 2
        told = [str(op).partition("(")[0] for op in load_recording(tmp_path / "program.jsonl").ops]
        assert [name for name in told if name in ("NewArena", "New", "Free")] == ["NewArena", "New", "Free"]
        report = check(load_recording(tmp_path / "program.jsonl"))
        assert report.ok, str(report)

    def test_what_does_not_fit_is_counted(self, tmp_path):
        watched, rows = recorded(tmp_path, "./binarytrees", "-depth", "10", limit=64_000)
        assert watched.lost == rows[-1]["lost"] > 1000
        assert watched.operations > 0

    def test_the_command_tells_the_programs_exit_status(self, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(EXAMPLES)
        out = str(tmp_path / "a.jsonl")
        assert main_record(["--program", "./binarytrees", "-o", out, "--", "-depth", "x"]) == 2
        assert main_record(["--program", "./nowhere", "-o", str(tmp_path / "b.jsonl")]) == 2
        assert "nowhere" in capsys.readouterr().err
        assert not (tmp_path / "b.jsonl").exists()

    def test_a_runtime_with_another_text_is_refused_by_anchor(self, tmp_path, toolchain):
        runtime = toolchain.goroot / "src" / "runtime"
        for call in CALLS:
            text = (runtime / call.file).read_text()
            (tmp_path / call.file).write_text(text)
        assert set(patched(tmp_path, CALLS)) == {call.file for call in CALLS}
        text = (tmp_path / "arena.go").read_text()
        (tmp_path / "arena.go").write_text(text.replace("a.defunct.Store(true)", "a.gone.Store(true)"))
        with pytest.raises(ToolchainError, match=r"arena\.go does not fit.*defunct.*found 0 times"):
            patched(tmp_path, CALLS)
        (tmp_path / "mgc.go").unlink()
        (tmp_path / "arena.go").write_text(text)
        with pytest.raises(ToolchainError, match=r"cannot read .*mgc\.go"):
            patched(tmp_path, CALLS)


def test_a_file_without_notes_is_refused(tmp_path):
    path = tmp_path / "notes"
    path.write_bytes(bytes(4096))
    with pytest.raises(RecordingError, match="left no notes"):
        Notes.read(path)
