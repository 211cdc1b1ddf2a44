"""A mirrored Go function that changed is named; spacing and comments are not changes."""

import json

import pytest

from arenalab.errors import ToolchainError
from arenalab.oracle.fingerprint import STORED, compare, fingerprints, functions, main_fingerprint, mirrored

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
    wanted = mirrored()
    assert len(wanted) > 20
    found = fingerprints(toolchain.goroot / "src" / "runtime", wanted)
    assert set(found) == {f"{file}:{name}" for file, name in wanted}
    differing = list(compare(stored["functions"], found))
    assert differing == [], (
        "if intended: python -m arenalab.oracle fingerprint -o arenalab/oracle/fingerprints/..."
    )
