"""`arenalab type` draws a type, or prints it as one line of JSON, or says what is wrong with the text."""

import json
from pathlib import Path

import pytest

from arenalab import type_of, types
from arenalab.cli_type import run_type, type_table
from arenalab.errors import TypeTextError

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "types-1.jsonl").read_text().splitlines()
]
NODE = """\
struct{ next *int; key string; val [3]uint16; any; _ struct{} }
  size            56 bytes
  align           8 (as a field 8)
  kind            struct (kind byte 25)
  pointer prefix  48 bytes = 6 words, 3 of them pointers
  described by    a mask
  flags           extra star

    offset     size  field           type
         0        8  next            *int
         8       16  key             string
        24        6  val             [3]uint16
        30        2                  (padding)
        32       16  any (embedded)  any
        48        0  _               struct{}
        48        8                  (padding)

      word   offset  bit
         0        0   ■  next
         1        8   ■  key str
         2       16   ·  key len
         3       24   ·  val[0], val[1], val[2]
         4       32   ·  any tab
         5       40   ■  any data
         6       48   ·  (padding)

  pointer bits, 64 words of memory to a line, lowest address first:
         0  ■■···■
"""


def test_a_struct_is_drawn_with_its_fields_words_and_bits(capsys):
    assert run_type("struct{ next *int; key string; val [3]uint16; any; _ struct{} }", as_json=False) == 0
    assert capsys.readouterr().out == NODE


def test_a_gc_program_is_told_step_by_step(capsys):
    assert run_type("[20000]struct{ a *int; b int }", as_json=False, go="1.21") == 0
    out = capsys.readouterr().out
    assert "described by    a GC program" in out
    assert "20,000 elements of 16 bytes: struct{ a *int; b int }" in out
    assert "  ... 39,976 more words" in out
    assert "  ... 39,488 more bits" in out
    assert out.endswith(
        "  GC program, 7 bytes: 02 01 82 9f 9c 01 00\n"
        "    literal 10\n    repeat the last 2 19999 more times\n    stop\n"
    )


@pytest.mark.parametrize(
    "text", ["[1<<40]*int", "[1000000][1000000]struct{}", "struct{ a [1<<46]byte; b *int }"]
)
def test_a_huge_type_is_drawn_at_once(text, capsys):
    assert run_type(text, as_json=False) == 0
    assert len(capsys.readouterr().out) < 4_000


def test_a_type_without_pointers_is_described_by_nothing(capsys):
    assert run_type("[0]int", as_json=False) == 0
    out = capsys.readouterr().out
    assert "pointer prefix  none: the collector does not scan it" in out
    assert "described by    nothing" in out
    assert "word" not in out


def test_json_has_the_keys_and_values_of_a_recorded_row(capsys):
    for row in ROWS[:40]:
        assert run_type(row["expr"], as_json=True, go="1.21") == 0
        made = json.loads(capsys.readouterr().out)
        assert {**made, "i": row["i"], "expr": row["expr"]} == row


def test_declarations_give_one_line_each(capsys):
    assert run_type("// two\ntype Node struct { next *Node }; type Leaf [2]Node", as_json=True) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["expr"] for line in lines] == ["Node", "Leaf"]


def test_a_name_that_begins_like_the_keyword_is_an_expression(capsys):
    assert run_type("typed", as_json=True) == 2
    assert "undefined: typed" in capsys.readouterr().err


def test_an_error_points_at_the_place(capsys):
    assert run_type("struct{\n\ta int\n\tb Foo\n}", as_json=False) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "arenalab type: line 3, column 4: undefined: Foo\n    \tb Foo\n    \t  ^\n"


@pytest.mark.parametrize(
    ("go", "how", "flagged"),
    [
        (None, "a mask on demand", True),
        ("1.23", "a GC program", False),
        ("1.24.11", "a mask on demand", True),
    ],
)
def test_go_decides_what_describes_a_large_type(capsys, go, how, flagged):
    assert run_type("[20000]*int", as_json=False, go=go) == 0
    told = capsys.readouterr().out
    assert f"described by    {how}\n" in told
    assert ("mask on demand" in told[told.index("flags") :].splitlines()[0]) == flagged
    assert ("GC program, " in told) == (how == "a GC program")


def test_go_that_there_is_not_is_refused_in_one_line(capsys):
    assert run_type("int", as_json=False, go="1.20") == 2
    assert "expected one of: 1.21" in capsys.readouterr().err


def test_declaration_is_the_same_type_here_and_in_python(capsys):
    text = "package p\n\n// A node.\ntype Node struct { next *Node; key string }"
    assert run_type(text, as_json=False) == 0
    assert (
        capsys.readouterr().out.rstrip("\n") == type_table(type_of(text)) == type_table(types(text)["Node"])
    )
    assert type_of("type A struct { b B }", "type B [3]*int").size == 24


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("type A int\ntype B string", r"declares A, B: 2 types; arenalab.types\(TEXT\) returns all by name"),
        ("package p", "declares no type"),
        ("type A struct{", r"column 15: unexpected the end; expected '\*' or '}' or a name"),
    ],
)
def test_text_that_does_not_declare_one_type_is_refused_as_one(text, said):
    with pytest.raises(TypeTextError, match=said):
        type_of(text)
