"""Recordings of real Go: the same for the same seed, whole or absent, and rich in rare things."""

import json
import os
from pathlib import Path

import pytest

from arenalab.errors import ScenarioError, ToolchainError
from arenalab.oracle import toolchain as toolchains
from arenalab.oracle.cli import main_record
from arenalab.oracle.generate import Shape, generate
from arenalab.oracle.program import Program, load_program
from arenalab.oracle.record import record, type_rows
from arenalab.oracle.weights import PROFILES

pytestmark = [pytest.mark.go, pytest.mark.usefixtures("toolchain")]
AMBIENT = {"heapReleased", "heapFree", "committed", "mappedReady", "released"}
RECORDINGS = sorted((Path(__file__).parent.parent / "data" / "recordings").glob("*.jsonl"))


def rows_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def comparable(rows):
    """All rows but the start values, without the page heap's counters and a never used mspan's past.

    Nor what older recordings don't tell: the release in the header, capacities in snapshots.
    """
    for row in rows:
        if "start" in row:
            continue
        for name in ("go", "experiment", "caps"):
            row.pop(name, None)
        for user_arena in row.get("arenas", ()):
            user_arena.pop("refscap", None)
        for counters in (row.get("d"), row.get("counters")):
            for name in AMBIENT & set(counters or ()):
                del counters[name]
        for chunk in row.get("chunks", ()):
            if not chunk["uac"]:
                chunk["nelems"] = chunk["sweepgen"] = None
        yield row


def random_program(toolchain, seed, ops, profile):
    return generate(
        seed, ops, profile, lambda types: [Shape.of(row) for row in type_rows(toolchain, Program(types, []))]
    )


@pytest.mark.parametrize("profile", PROFILES)
def test_the_same_seed_gives_the_same_recording(toolchain, tmp_path, profile):
    paths = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for path in paths:
        record(random_program(toolchain, "17", 120, profile), path, snapshot=10)
    one, two = (list(comparable(rows_of(path))) for path in paths)
    assert len(one) > 120
    assert one == two


def test_another_seed_gives_another_program(toolchain):
    one, two = (random_program(toolchain, seed, 50, "mix") for seed in "12")
    assert one.ops != two.ops
    assert one.types != two.types


@pytest.mark.slow
def test_rare_things_are_common(toolchain, tmp_path):
    full = heap = fault = boundary = quarantine = finalized = 0
    for profile in ("fill", "gc", "chunks"):
        path = tmp_path / "a.jsonl"
        record(random_program(toolchain, "3", 300, profile), path, snapshot=1, bits="hash")
        for row in rows_of(path):
            heap += row.get("at") == "heap"
            finalized += bool(row.get("finalized"))
            fault += bool(row.get("fault"))
            quarantine += bool(row.get("quarantine"))
            for chunk in row.get("chunks", ()):
                full += chunk["free"] is not None and chunk["free"][0] == chunk["free"][1]
                boundary += chunk["free"] is not None and chunk["free"][0] % 512 == 0 != chunk["free"][0]
    assert min(full, heap, fault, boundary, quarantine, finalized) >= 5


def test_a_fault_list_is_kept_while_marking_is_held(tmp_path):
    ops = [{"op": "new_arena", "arena": 0}]
    ops += [{"op": "slice", "arena": 0, "type": 0, "cap": 2_097_152}] * 5
    ops += [{"op": "mark_begin"}, {"op": "free", "arena": 0}, {"op": "snapshot"}]
    ops += [{"op": "mark_end"}, {"op": "snapshot"}, {"op": "gc"}, {"op": "snapshot"}]
    path = tmp_path / "a.jsonl"
    record(Program(["byte"], ops), path, snapshot=0)
    held, ended, collected = (row for row in rows_of(path) if "snap" in row)
    assert (held["gcphase"], held["fault"], held["quarantine"]) == (1, [0], [])
    assert (ended["gcphase"], ended["fault"], ended["quarantine"]) == (0, [], [0])
    assert (collected["quarantine"], collected["ready"][0]) == ([], 0)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_committed_recording_can_be_made_again(tmp_path, path):
    rows = rows_of(path)
    every = {"op": 1}.get(rows[0]["snapshot"]) or int(rows[0]["snapshot"])
    again = tmp_path / "again.jsonl"
    record(load_program(path), again, snapshot=every, bits=rows[0]["bits"])
    assert list(comparable(rows_of(again))) == list(comparable(rows))


def test_a_type_that_go_refuses_is_told_with_the_compilers_words(tmp_path):
    with pytest.raises(ToolchainError, match="undefined: Nowhere"):
        record(Program(["struct{ a Nowhere }"], []), tmp_path / "a.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_no_toolchain_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setattr(toolchains.shutil, "which", lambda *_, **__: None)
    with pytest.raises(ToolchainError, match=r"pip install -e '.*\[go\]'.*--go PATH"):
        toolchains.find_toolchain()
    with pytest.raises(ToolchainError, match="no Go command at"):
        toolchains.find_toolchain(tmp_path / "go")


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("echo hello", "printed hello"),
        ("true", "printed nothing"),
        ("echo no such env >&2; false", "printed no such env"),
    ],
)
def test_a_program_that_is_no_go_command_is_refused(tmp_path, does, said):
    fake = tmp_path / "go"
    fake.write_text(f"#!/bin/sh\n{does}\n")
    fake.chmod(0o755)
    with pytest.raises(ToolchainError, match=f"does not answer as a Go command does .*{said}"):
        toolchains.find_toolchain(fake)


def test_the_command_writes_a_file_or_says_why_not(tmp_path, capsys):
    out = tmp_path / "a.jsonl"
    assert main_record(["--seed", "5", "--ops", "20", "-o", str(out)]) == 0
    assert rows_of(out)[-1]["end"]["ops"] >= 20
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"op":"free","arena":3}\n')
    assert main_record([str(bad), "-o", str(tmp_path / "b.jsonl")]) == 2
    assert "arena 3 does not live" in capsys.readouterr().err
    assert not (tmp_path / "b.jsonl").exists()


def test_recording_that_is_there_is_replaced_only_when_told(tmp_path, capsys):
    kept = tmp_path / "kept.jsonl"
    kept.write_text("kept")
    for what in (["--seed", "5"], ["--clone"], ["--errors"], ["--program", "."], [str(kept)]):
        assert main_record([*what, "-o", str(kept)]) == 2
        assert capsys.readouterr().err.endswith(
            f"{kept} is there already; name another file or use --force\n"
        )
    assert kept.read_text() == "kept"
    assert main_record(["--seed", "5", "--ops", "20", "--force", "-o", str(kept)]) == 0
    assert rows_of(kept)[-1]["end"]["ops"] >= 20


def test_folder_is_no_recording_and_a_missing_one_is_made(tmp_path, capsys):
    assert main_record(["--seed", "5", "--force", "-o", str(tmp_path)]) == 2
    assert f"{tmp_path} is a folder" in capsys.readouterr().err
    out = tmp_path / "new" / "a.jsonl"
    assert main_record(["--seed", "5", "--ops", "20", "-o", str(out)]) == 0
    assert out.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask():
    value = os.umask(0)
    os.umask(value)
    return value


def test_a_run_that_dies_leaves_a_recording_that_says_so(tmp_path):
    out = tmp_path / "a.jsonl"
    ops = [{"op": "new_arena", "arena": 0}, {"op": "slice", "arena": 0, "type": 0, "cap": 2**58}]
    last = record(Program(["[64]int"], ops), out)
    assert last["crash"] == 2
    assert "out of memory" in last["stderr"]
    assert rows_of(out)[-1] == last


def test_a_marking_left_open_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ScenarioError):
        Program([], [{"op": "mark_begin"}])
    assert list(tmp_path.iterdir()) == []
