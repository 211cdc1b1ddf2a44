"""Links into Go's source: of the release that a history follows, at the line of the very function."""

import json

import pytest

from arenalab.go.versions import CHANGES, VERSIONS, go_rules
from arenalab.view.explained_events import EVENTS_EXPLAINED
from arenalab.view.go_source import LINES, first_function, source_of
from arenalab.world.chunk_events import AssistCharged
from arenalab.world.end_events import PointerHeld
from arenalab.world.gc_events import FinalizerRun
from arenalab.world.weak_events import WeakPointerMade
from tests.toolchains import found
from tools.go_lines import declaration, place, table

TABLE = json.loads(LINES.read_text(encoding="utf-8"))
#: What a release does not have: events of it can't happen there.
LATER = {"getGCMaskOnDemand, type.go": "1.24", "Make, weak/pointer.go": "1.24",
         "internal_weak_runtime_makeStrongFromWeak, mheap.go": "1.23"}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_each_event_leads_to_its_function(version):
    missing = [
        kind.go
        for kind in EVENTS_EXPLAINED
        if kind.go and source_of(kind.go, go_rules(version)) is None
        if version >= LATER.get(kind.go, version)
    ]
    assert missing == []


def test_link_is_to_the_release_that_was_run():
    assert source_of("newUserArena, arena.go", go_rules("1.21")) == {
        "name": "newUserArena",
        "file": "arena.go",
        "url": "https://cs.opensource.google/go/go/+/refs/tags/go1.21.13:src/runtime/arena.go;l=250",
    }
    assert ":src/weak/pointer.go;l=" in source_of(WeakPointerMade.go, go_rules("1.27"))["url"]


def test_function_is_called_as_its_release_does():
    names = [source_of(FinalizerRun.go, go_rules(version))["name"] for version in ("1.24", "1.25")]
    assert names == ["runfinq", "runFinalizers"]
    assert source_of(AssistCharged.go, go_rules("1.27"))["file"] == "malloc_stubs.go"


def test_nothing_leads_nowhere():
    assert source_of(PointerHeld.go, go_rules("1.27")) is None
    assert source_of(WeakPointerMade.go, go_rules("1.21")) is None


@pytest.mark.parametrize(
    ("go", "first"),
    [
        ("(*mspan).userArenaNextFree, arena.go", ("(*mspan).userArenaNextFree", "runtime/arena.go")),
        ("freeUserArenaChunk / gcMarkTermination, arena.go, mgc.go", ("freeUserArenaChunk", "runtime/arena.go")),
        ("Make, weak/pointer.go", ("Make", "weak/pointer.go")),
        ("throw", ("throw", "runtime/panic.go")),
    ],
)  # fmt: skip
def test_event_names_one_function_first(go, first):
    assert first_function(go) == first


def test_declaration_is_that_of_the_receiver():
    text = "package runtime\n\nfunc (h *other) free() {}\nfunc free() {}\nfunc (a *userArena) free() {}\n"
    found_at = [declaration(name).search(text).start() for name in ("free", "(*userArena).free")]
    assert [text.count("\n", 0, at) + 1 for at in found_at] == [4, 5]
    assert declaration("(*mspan).free").search(text) is None


def test_function_in_another_file_is_found_but_not_in_a_test(tmp_path):
    folder = tmp_path / "runtime"
    folder.mkdir()
    (folder / "a_test.go").write_text("func shade() {}\n")
    (folder / "b.go").write_text("\nfunc shade() {}\n")
    assert place(tmp_path, "shade, mgcmark.go") == ("shade", "runtime/b.go", 2)
    assert place(tmp_path, "mark, mgcmark.go") is None


@pytest.mark.go
def test_lines_are_those_of_the_go_that_is_installed():
    go = found("1.21")
    assert go.version == f"go{CHANGES['1.21'][0]}"
    assert {go_: place(go.goroot / "src", go_) for go_ in TABLE["1.21"]} == {
        go_: tuple(at) for go_, at in TABLE["1.21"].items()
    }


@pytest.mark.go_all
def test_lines_are_those_of_every_release():
    for version in CHANGES:
        found(version)
    assert table() == TABLE
