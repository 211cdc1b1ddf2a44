"""The real compiler and the model lay the same types out alike, and refuse the same ones."""

import random
import re
import subprocess
from dataclasses import replace

import pytest

from arenalab.errors import ToolchainError
from arenalab.go.type_layout import TypeLayout
from arenalab.go.versions import GO_1_21, go_rules
from arenalab.oracle.random_types import RandomTypes, random_types
from arenalab.oracle.types_oracle import check_types, compare_with_compiler, laid_out, read_descriptors
from tests import examples
from tests.syntax.programs import PROGRAMS
from tests.syntax.refused import REFUSED

NUMBER = examples.number(2000)


@pytest.mark.go
@pytest.mark.slow
def test_fresh_types_are_laid_out_as_the_compiler_does(toolchain, capsys):
    seed = random.SystemRandom().randrange(2**32)
    status = check_types(seed, NUMBER, toolchain.go)
    out = capsys.readouterr().out
    with capsys.disabled():
        print(f"\nrandom types: {out.strip()}".replace("\n", " · "))  # noqa: T201  # a fresh seed must be seen
    assert status == 0, out
    assert f"seed {seed}\n" in out
    compared = re.search(rf"compared (\d+) facts over {NUMBER} types; skipped 0; 0 differences\n$", out)
    assert int(compared[1]) > NUMBER * 13


@pytest.mark.go
def test_types_by_name_and_recursion_are_laid_out_as_the_compiler_does(toolchain):
    drawn = RandomTypes(
        0,
        declarations=[
            "type Node struct { left, right *Node; by map[string]*Node; val [3]uint16 }",
            "type Alias = struct { a byte; Node }",
            "type Inner interface { M() }",
            "type Outer struct { *Shadow; Inner }",
            "type Shadow struct { M int }",
            "type Loop struct { *Loop; error }",
            "type Bytes [1 << 40]byte",
            "type Pointers [100][200]struct { _ [0]func(); p *int; x, y, z int8 }",
        ],
        expressions=[
            "Node", "Alias", "[17000]Alias", "Outer", "*Outer", "*Loop", "struct{ Loop }", "Bytes", "Pointers",
            "struct{ a Pointers; b struct{ Pointers } }", "[1]Inner", "struct{ _ Inner }", "[40]Pointers",
            "[3][5][7][11][13][17]struct{ a string; b int }", "struct{ a [127]*int; b [16300]struct{ p *int } }",
        ],
    )  # fmt: skip
    facts = list(compare_with_compiler(drawn, toolchain))
    assert [str(fact) for fact in facts if not fact.agrees] == []
    assert len(facts) >= 15 * 14


@pytest.mark.go
def test_the_programs_on_record_are_what_the_compiler_writes(toolchain):
    rows = read_descriptors(RandomTypes(0, expressions=list(PROGRAMS)), toolchain)
    assert [row["prog"] for row in rows] == list(PROGRAMS.values())


@pytest.mark.go
def test_a_planted_fault_in_the_model_is_found(toolchain, monkeypatch, capsys):
    """A mask limit that is one word too low makes one kind of type go wrong, and that is named."""
    right = TypeLayout.__init__

    def one_word_too_low(self, rules):
        right(self, replace(rules, max_ptrmask_words=rules.max_ptrmask_words - 1))

    monkeypatch.setattr(TypeLayout, "__init__", one_word_too_low)
    drawn = RandomTypes(0, expressions=["[16383]*int", "[16384]*int", "[16385]*int"])
    wrong = [fact for fact in compare_with_compiler(drawn, toolchain) if not fact.agrees]
    assert {fact.expr for fact in wrong} == {"[16384]*int"}
    assert "gcprog is False in real Go, True in the model" in "\n".join(map(str, wrong))
    monkeypatch.setattr("arenalab.oracle.types_oracle.random_types", lambda *_: drawn)
    assert check_types(1, 3, toolchain.go) == 1
    assert "first difference: type [16384]*int: rawkind is 17 in real Go" in capsys.readouterr().out


@pytest.mark.go
def test_the_compiler_refuses_with_the_same_words_at_the_same_place(toolchain, tmp_path):
    (tmp_path / "go.mod").write_text("module refused\n\ngo 1.21\n")
    for number, declaration in enumerate(REFUSED):
        package = tmp_path / f"p{number}"
        package.mkdir()
        (package / "x.go").write_text(f'package p\nimport "unsafe"\nvar _ unsafe.Pointer\n{declaration}\n')
    said = compiler_errors(toolchain, tmp_path)
    for number, (declaration, (column, reason)) in enumerate(REFUSED.items()):
        at, words = said.get(number, (0, "accepted"))
        assert (declaration, at, words[: len(reason)]) == (declaration, column, reason)


def compiler_errors(toolchain, folder):
    """The first error of each package: number -> (column, words). toolchain.run keeps only a few lines."""
    done = subprocess.run(
        [toolchain.go, "build", "-gcflags=-e", "./..."],
        cwd=folder, env=toolchain.environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = {}
    for number, column, words in re.findall(r"^p(\d+)/x.go:4:(\d+): (.*)$", done.stderr, re.MULTILINE):
        found.setdefault(int(number), (int(column), words))
    return found


@pytest.mark.go
def test_types_that_do_not_compile_are_an_error_not_a_pass(toolchain):
    with pytest.raises(ToolchainError, match="undefined: Nowhere"):
        read_descriptors(RandomTypes(0, expressions=["Nowhere"]), toolchain)


@pytest.mark.go
@pytest.mark.go_all
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_each_release_lays_fresh_types_out_as_the_model_does(go_of, capsys):
    status = check_types(None, 400, go_of)
    out = capsys.readouterr().out
    assert status == 0, out
    compared = re.search(
        rf"^{go_of.version}: compared (\d+) facts over 400 types; skipped 0; 0 diff", out, re.MULTILINE
    )
    assert int(compared[1]) > 400 * 13


def test_no_type_at_all_is_refused():
    with pytest.raises(ToolchainError, match="at least one type"):
        check_types(1, 0)


def test_random_types_are_the_same_for_the_same_seed():
    assert random_types(5, 50) == random_types(5, 50)
    assert random_types(5, 50).expressions != random_types(6, 50).expressions


def test_random_types_make_the_rare_common():
    drawn = random_types(7, 1000)
    made = list(laid_out(drawn, GO_1_21))
    assert sum(it.gcprog is not None for it in made) > 100
    assert sum(abs(it.mask.n - GO_1_21.max_ptrmask_words) < 8 for it in made) > 15
    assert sum(abs(it.mask.n - go_rules("1.27").max_ptrmask_words) < 8 for it in made) > 15
    assert sum(it.gcprog is not None and it.ptr_bytes != it.ptr_data_bytes for it in made) > 10
    assert sum(bool(it.fields) and it.fields[-1].type.size == 0 < it.size for it in made) > 50
    assert sum(it.depth > 4 for it in made) > 100
    assert sum(it.direct_iface for it in made) > 10
    assert {it.kind for it in made} >= {"struct", "array", "ptr", "map", "chan", "func", "interface", "slice"}
