"""A Go program that nobody changed is recorded, and the model follows it chunk by chunk."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from arenalab.errors import RecordingError, ToolchainError
from arenalab.go.types import GoType
from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.machine.sweep import sweep_chunk
from arenalab.oracle.cli import main_record
from arenalab.oracle.watch.notes import Notes
from arenalab.oracle.watch.patch import CALLS, patched
from arenalab.oracle.watch.run import record_own_program
from arenalab.world import ops

EXAMPLES = Path(__file__).parents[2] / "examples" / "go"
go = [pytest.mark.go, pytest.mark.usefixtures("toolchain")]


def rows_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def recorded(tmp_path, package, *arguments, **settings):
    out = tmp_path / "program.jsonl"
    watched = record_own_program(package, arguments, out, **{"cwd": EXAMPLES} | settings)
    return watched, rows_of(out)


OPS = {
    "new_arena": lambda row, _: ops.NewArena(row["arena"]),
    "new": lambda row, types: ops.New(row["arena"], types[row["type"]]),
    "slice": lambda row, types: ops.MakeSlice(row["arena"], types[row["type"]], row["cap"]),
    "rep": lambda row, types: ops.Rep(row["arena"], types[row["type"]], row["n"]),
    "free": lambda row, _: ops.Free(row["arena"]),
    "hold": lambda row, _: ops.Hold(row["hold"], row["arena"]),
    "unhold": lambda row, _: ops.Unhold(row["hold"]),
    "mark_begin": lambda *_: ops.MarkBegin(),
    "finish_mark": lambda *_: ops.FinishMark(),
    "sweep_step": lambda *_: ops.SweepStep(),
}


def places(world, first):
    """[chunk, first offset, stride, count] of the objects from row `first` on; no stride is known for one."""
    runs = []
    for addr, chunk in world.ledger.table(first)[:, [0, 5]].tolist():
        off = addr - world.spans[chunk].base if chunk >= 0 else 0
        if runs and runs[-1][0] == chunk and runs[-1][3] == 1:
            runs[-1][2:] = [off - runs[-1][1], 2]
        elif runs and runs[-1][0] == chunk and off == runs[-1][1] + runs[-1][2] * runs[-1][3]:
            runs[-1][3] += 1
        else:
            runs.append([chunk, off, 0, 1])
    return runs


def follow(rows):
    """Let the model do what the program did; yield (row, what, the model's value, the program's)."""
    types = [GoType.from_row(row) for row in rows if "expr" in row]
    machine = Machine(replace(GO_1_21, gogc=-1), in_bulk=True)
    for row in (row for row in rows if "op" in row):
        chunk = row.get("chunk", -1)
        machine._procedures = {
            **machine._procedures,
            ops.SweepStep: lambda w, _, chunk=chunk: sweep_chunk(w, chunk),
        }
        world, fault = machine.world, list(machine.world.fault)
        first = len(world.ledger)
        machine.do(OPS[row["op"]](row, types))
        match row["op"]:
            case "new_arena":
                yield row, "active", world.user_arenas[row["arena"]].active, row["active"]
            case "new" | "slice" if row["at"] == "chunk":
                yield row, "place", places(world, first)[0][:2], [row["chunk"], row["off"]]
            case "rep":
                yield row, "runs", places(world, first), row["runs"]
            case "finish_mark":
                yield row, "faulted", fault, row["faulted"]
            case "sweep_step":
                yield row, "kept", row["chunk"] not in world.ready, row["kept"]


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

    def test_the_model_follows_the_program(self, tmp_path, package, arguments):
        watched, rows = recorded(tmp_path, package, *arguments)
        assert (watched.exit, watched.lost, rows[-1]["lost"]) == (0, 0, 0)
        facts = list(follow(rows))
        assert len(facts) > 10
        assert [fact for fact in facts if fact[2] != fact[3]] == []


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
        assert [row["op"] for row in rows if "op" in row and row["op"] in ("new_arena", "new", "free")] == [
            "new_arena",
            "new",
            "free",
        ]
        assert all(model == told for _, _, model, told in follow(rows))

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
        assert set(patched(tmp_path)) == {"arena.go", "mgc.go", "mgcsweep.go"}
        text = (tmp_path / "arena.go").read_text()
        (tmp_path / "arena.go").write_text(text.replace("a.defunct.Store(true)", "a.gone.Store(true)"))
        with pytest.raises(ToolchainError, match=r"arena\.go does not fit.*defunct.*found 0 times"):
            patched(tmp_path)
        (tmp_path / "mgc.go").unlink()
        (tmp_path / "arena.go").write_text(text)
        with pytest.raises(ToolchainError, match=r"cannot read .*mgc\.go"):
            patched(tmp_path)


def test_a_file_without_notes_is_refused(tmp_path):
    path = tmp_path / "notes"
    path.write_bytes(bytes(4096))
    with pytest.raises(RecordingError, match="left no notes"):
        Notes.read(path)
