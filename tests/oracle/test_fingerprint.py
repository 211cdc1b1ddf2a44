"""A mirrored Go function that changed is named; spacing and comments are not changes."""

import json
import re
from dataclasses import replace

import pytest

from arenalab.errors import ToolchainError
from arenalab.oracle.fingerprint import STORED, Prints, compare, fingerprints, main_fingerprint, mirrored
from arenalab.oracle.go_source import Package, functions
from arenalab.oracle.installed import main_go
from arenalab.oracle.tried import try_release

SOURCE = """
package runtime

// refill gets a chunk. {
func (a *userArena) refill() *mspan {
	if x := "}"; x != `{` && '{' != '}' {
		return nil /* } */
	}
	return func() *mspan { return a.active }()
}

func asm(p unsafe.Pointer) (
	n uintptr)

func plain(f func() struct{}, s interface{ M() }) struct{} { return f() }
func (b *box[T]) open() {}
var x = func() {}
"""
WANTED = [("arena.go", "(*userArena).refill"), ("arena.go", "plain"), ("arena.go", "asm")]


def hashes(tmp_path, **files):
    for name, text in files.items():
        (tmp_path / f"{name}.go").write_text(text)
    return fingerprints(tmp_path, WANTED)


def test_each_function_is_found_with_its_receiver():
    assert set(functions(SOURCE)) == {"(*userArena).refill", "asm", "plain", "(*box).open"}
    assert functions(SOURCE)["plain"].endswith("{ return f ( ) }")


def test_comments_and_spacing_are_no_change(tmp_path):
    before = hashes(tmp_path, arena=SOURCE)
    after = hashes(tmp_path, arena=SOURCE.replace("return nil", "// never\n\t\treturn   nil"))
    assert len(before) == 3
    assert before == after


def test_a_changed_character_a_move_and_a_loss_are_told_apart(tmp_path):
    before = hashes(tmp_path, arena=SOURCE)
    moved = "func plain(f func() struct{}, s interface{ M() }) struct{} { return f() }\n"
    changed = SOURCE.replace(moved, "").replace("func asm", "func other").replace("a.active", "a.full")
    after = hashes(tmp_path, arena=changed, other="package runtime\n" + moved)
    assert list(compare(before, after)) == [
        ("changed", "arena.go:(*userArena).refill"),
        ("gone", "arena.go:asm"),
        ("moved", "arena.go:plain -> other.go:plain"),
    ]


def test_a_toolchain_without_sources_is_refused(tmp_path):
    with pytest.raises(ToolchainError, match="no Go sources"):
        fingerprints(tmp_path, WANTED)


def test_a_file_of_something_else_is_refused(tmp_path, toolchain, capsys):
    path = tmp_path / "a.json"
    path.write_text('{"go": "go1.2", "functions": {"a": 3}}')
    assert main_fingerprint(["--go", str(toolchain.go), "--compare", str(path)]) == 2
    assert "is not a file of fingerprints" in capsys.readouterr().err


@pytest.mark.go
def test_every_mirrored_function_exists_and_is_the_one_that_was_followed(toolchain):
    stored = json.loads((STORED / "go1.21.13.json").read_text())
    if toolchain.version != stored["go"]:
        pytest.skip(f"{toolchain.version} is not {stored['go']}")
    wanted = mirrored(toolchain.minor)
    assert len(wanted) > 20
    found = fingerprints(toolchain.goroot / "src" / "runtime", wanted)
    assert set(found) == {f"{file}:{name}" for file, name in wanted}
    differing = list(compare(stored["functions"], found))
    assert differing == [], (
        "if intended: python -m arenalab.oracle fingerprint -o arenalab/oracle/fingerprints/..."
    )


class TestAnyTwo:
    """Stored hashes of any two releases can be compared without either toolchain."""

    def test_what_changed_is_named_with_what_calls_it(self, capsys, monkeypatch):
        monkeypatch.setattr("arenalab.oracle.fingerprint.find_toolchain", _none)
        assert main_go(["compare", "1.26", "go1.27.3"]) == 1
        told = capsys.readouterr().out
        assert "changed: mgc.go:gcStart\n" in told
        assert "callee changed: scanstack, called by markroot\n" in told
        assert re.search(r"go1.26.6 -> go1.27.3: \d+ of \d+ mirrored functions differ, and \d+ of \d+ ", told)

    def test_a_release_does_not_differ_from_itself(self, capsys, monkeypatch):
        monkeypatch.setattr("arenalab.oracle.fingerprint.find_toolchain", _none)
        assert main_go(["compare", "1.24", "1.24.11"]) == 0
        assert "0 of " in capsys.readouterr().out

    def test_a_release_that_is_nowhere_is_refused(self, capsys, monkeypatch):
        monkeypatch.setattr("arenalab.oracle.fingerprint.find_toolchain", _none)
        assert main_go(["compare", "1.24.1", "1.27"]) == 2
        assert "none here" in capsys.readouterr().err


def _none(asked=None):
    raise ToolchainError(f"none here, {asked} neither")


def test_only_callees_that_one_type_alone_has_are_followed(tmp_path):
    source = "package runtime\nfunc top(b *box, m *m) { b.only(); m.lock(); helper(); top(nil, nil) }\n"
    source += "func (b *box) only() {}\nfunc (m *m) lock() {}\nfunc (r *rw) lock() {}\nfunc helper() {}\n"
    (tmp_path / "a.go").write_text(source)
    assert Package(tmp_path).callees("top") == ["(*box).only", "helper"]


@pytest.mark.go
@pytest.mark.go_all
def test_each_release_is_the_one_whose_hashes_are_stored(go_of):
    stored = Prints.stored(STORED / f"{go_of.version}.json")
    now = Prints.of(go_of)
    assert (now.functions, now.callees) == (stored.functions, stored.callees), (
        "if intended: python -m arenalab.oracle fingerprint --store"
    )


@pytest.mark.go
@pytest.mark.timeout(400)
def test_trying_a_release_names_each_part_and_what_does_not_fit(toolchain, capsys, monkeypatch):
    newer = replace(toolchain, version="go1.99.0")
    monkeypatch.setattr("arenalab.oracle.tried._checked", lambda _: "agrees")
    assert try_release(newer) == 1
    told = capsys.readouterr().out
    assert told.startswith("go1.99.0: not known, taken as 1.27 with another number\n")
    assert "texts of the runtime: DOES NOT FIT: " in told
    assert "recorder: DOES NOT FIT: go1.99.0: go build failed" in told
    assert "traces of it: DOES NOT FIT: go1.99.0 has no " in told
