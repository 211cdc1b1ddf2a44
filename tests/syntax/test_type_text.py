"""Go type texts are read as Go reads them, refused as Go refuses them, and never do worse."""

import subprocess
import sys
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arenalab.cli_type import type_table
from arenalab.errors import MissingExtraError, TypeTextError
from arenalab.go.types import GoType
from arenalab.go.versions import GO_1_21, GO_NEWEST
from arenalab.oracle.random_types import random_types
from arenalab.syntax import parse, type_of, types
from arenalab.syntax.tokens import MAX_TEXT
from tests.examples import some
from tests.left import slow
from tests.syntax.programs import PROGRAMS
from tests.syntax.refused import REFUSED

NODE = """
package list            // skipped over
import "unsafe"

type (
	// Node is one element.
	Node struct {
		next, prev *Node `json:"-"`
		key        string /* over
		two lines */
		val        [3]uint16
		raw        unsafe.Pointer
		_          struct{}
	}
	List = []Node
)
type Index map[string]List; type Visit func(n *Node, depth ...int) (again bool, err error)
"""
TAG = '`json:"-"`'


def test_declarations_come_back_by_name_in_order():
    found = types(NODE)
    assert list(found) == ["Node", "List", "Index", "Visit"]
    node = found["Node"]
    assert (node.size, node.ptr_bytes, node.mask.hex()) == (56, 48, "27")
    assert node.offsets == (0, 8, 16, 32, 40, 48)
    assert [(field.name, field.tag) for field in node.fields[:3]] == [
        ("next", TAG),
        ("prev", TAG),
        ("key", None),
    ]
    assert found["List"].expr == "[]Node"
    assert found["Visit"].kind == "func"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("int", "int"),
        (" ( int ) ", "int"),
        ("struct{ a,b int;c *int }", "struct{ a int; b int; c *int }"),
        ("struct { error; p unsafe . Pointer `t` }", "struct{ error; p unsafe.Pointer `t` }"),
        ('struct {\n\ta int "x"\n\n\terror // why\n}\n', 'struct{ a int "x"; error }'),
        ("struct{\n}", "struct{}"),
        ("interface{ M(a, b int) (c []byte); error }", "interface{ M(int, int) []byte; error }"),
        ("func ( a , b int , c ... string ) ( int , error )", "func(int, int, ...string) (int, error)"),
        ("func(func(uint)  ) func() <-chan int", "func(func(uint)) func() <-chan int"),
        ("func(int,) (error)", "func(int) error"),
        ("func() ()", "func()"),
        ("chan<- chan int", "chan<- chan int"),
        ("chan <-chan int", "chan<- chan int"),
        ("chan (<-chan int)", "chan (<-chan int)"),
        ("<-chan <-chan int", "<-chan <-chan int"),
        ("map[struct{ a string }][2]any", "map[struct{ a string }][2]any"),
        ("[0x_10]int", "[16]int"),
        ("[0b11]int", "[3]int"),
        ("[0o17]int", "[15]int"),
        ("[017]int", "[15]int"),
        ("[1_000]int", "[1000]int"),
        ("[1e6]byte", "[1000000]byte"),
        ("[1.5e1]byte", "[15]byte"),
        ("[(1<<4 + 3) * 2 - 7/2 % 2]int", "[37]int"),
        ("[-(-3)]int", "[3]int"),
        ("[-7 / 2 + 7 % -4]int", "[0]int"),
        ("[7 >> 1]int", "[3]int"),
        ("[1000000][0]*int", "[1000000][0]*int"),
        ("struct{ größe int; 世界 bool }", "struct{ größe int; 世界 bool }"),
    ],
)
def test_an_expression_is_printed_as_gofmt_would(text, printed):
    made = type_of(text)
    assert made.expr == printed
    assert type_of(printed) == made


@pytest.mark.parametrize("seed", range(3))
def test_printing_and_reading_again_changes_nothing(seed):
    drawn = random_types(seed, 60)
    for expression in drawn.expressions:
        made = type_of(expression, drawn.source)
        assert type_of(made.expr, drawn.source) == made


@pytest.mark.parametrize(
    ("text", "line", "column", "reason", "expected"),
    [
        ("", 1, 1, "unexpected the end", ("a type",)),
        ("[4", 1, 3, "unexpected the end of the line", None),
        ("struct{\n\ta int b }", 2, 8, "unexpected 'b'", ("'.'", "';'", "'}'", "a string")),
        ("[]\nint", 1, 3, "unexpected the end of the line", ("a type",)),
        ("map[int", 1, 8, "unexpected the end of the line", ("']'",)),
        ("int; bool", 1, 6, "unexpected 'bool'", ("';'", "the end")),
        ("struct{ a Foo }", 1, 11, "undefined: Foo", ()),
        (
            "Node[int]",
            1,
            5,
            "unexpected '['; ArenaLab reads no type parameters: write the instantiated type out",
            None,
        ),
        ("[N]int", 1, 2, "undefined array length N", ("a number",)),
        ("for", 1, 1, "unexpected keyword for", ("a type",)),
        ("func(a, b int, string)", 1, 16, "mixed named and unnamed parameters", ()),
        ("struct{ a int\n/* no end", 2, 1, "comment not terminated", ()),
        ('struct{ a int "tag }', 1, 15, "string not terminated", ()),
        ("struct{ x² int }", 1, 9, "invalid character '²' in a name", ()),
        ("'a'", 1, 1, 'invalid character "\'"', ()),
        ("[08]int", 1, 2, "invalid digit in octal literal 08", ()),
        ("[1<<600]int", 1, 2, "constant overflow", ()),
        ("[1<<9999]int", 1, 5, "invalid shift count 9999", ()),
        ("[1e999999999]int", 1, 2, "excessively long constant", ()),
        ("[" + "9" * 5000 + "]int", 1, 2, "excessively long constant", ()),
        ("[1<<48]byte", 1, 1, "type [281474976710656]byte larger than address space", ()),
        ("[1<<62][1<<62]int", 1, 8, "type [4611686018427387904]int larger than address space", ()),
        ("*[1<<48]byte", 1, 2, "type [281474976710656]byte larger than address space", ()),
        ("struct{ a, b, c [1<<46]byte }", 1, 1, None, ()),
        ("chan [65536]byte", 1, 6, "channel element type too large (>64kB)", ()),
        ("*" * 200 + "int", 1, 101, "types are nested more than 100 deep", ()),
        ("(" * 500 + "int", 1, 401, "brackets are nested more than 400 deep", ()),
        (b"int", 1, 1, "a Go type is a text, not bytes", ()),
        ("x" * (MAX_TEXT + 1), 1, 1, "the text has 200001 characters, at most 200000 are read", ()),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_an_error_says_line_column_reason_and_what_was_expected(text, line, column, reason, expected):
    with pytest.raises(TypeTextError) as caught:
        type_of(text)
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert str(error).startswith(f"line {line}, column {column}: {reason or 'type struct'}")
    if expected is not None:
        assert error.expected == expected


@pytest.mark.parametrize(("declaration", "column", "reason"), [(text, *why) for text, why in REFUSED.items()])
def test_what_go_refuses_is_refused_with_gos_reason(declaration, column, reason):
    with pytest.raises(TypeTextError) as caught:
        types(f"\n\t{declaration}\n")
    assert "".join(caught.value.reason.split()).startswith("".join(reason.split()))
    assert (caught.value.line, caught.value.column) == (2, column + 1)


@pytest.mark.parametrize(
    "text",
    [
        "type A struct { next *A; all []A; by map[string]A; f func(A) A; c chan A }",
        "type A *B; type B *A",
        "type A [2]func() [2]A",
        "type A interface { M() A }",
        "type A struct { *A }",
        "type any int; type string any; type A string",
        "type _ int; type _ bool; type A int",
        "type A struct { _ int; _ bool; x struct { x int } }",
        "type A interface { error; Error() string }",
        "type A = B; type B = C; type C struct { a *A }",
        "type A [1<<62]struct{}",
        "type A map[interface{ M() }]struct{ a, b A }",
    ],
)
def test_what_go_accepts_is_accepted(text):
    assert isinstance(types(text)["A"], GoType)


@pytest.mark.parametrize(("text", "program"), PROGRAMS.items())
def test_a_program_is_byte_for_byte_what_the_compiler_wrote(text, program):
    assert type_of(text, rules=GO_1_21).gcprog.hex() == program


def test_a_cycle_is_told_step_by_step():
    with pytest.raises(TypeTextError, match=r"type A: A refers to B, B refers to C, C refers to A$"):
        types("type A struct { b B }\ntype B [2]C\ntype C struct { x int; a A }")


@pytest.mark.parametrize(
    ("text", "has_methods"),
    [
        ("struct{ error }", True),
        ("*struct{ error }", True),
        ("**struct{ error }", False),
        ("struct{ e error }", False),
        ("interface{ M() }", False),
        ("struct{ Named }", True),
        ("struct{ *Deep }", True),
        ("struct{ Empty }", False),
        ("struct{ Named; Other }", False),
        ("struct{ Named; M int }", False),
        ("struct{ Deep; Twin }", False),
        ("struct{ Named; Deep }", True),
        ("struct{ Loop }", True),
    ],
)
def test_methods_are_promoted_from_the_shallowest_embedding(text, has_methods):
    declared = """
        type Named interface { M() }
        type Other interface { M() }
        type Empty interface {}
        type Deep struct { Named }
        type Twin struct { Other }
        type Loop struct { *Loop; Deep }
    """
    assert bool(type_of(text, declared).tflag % 2) is has_methods


WORDS = (
    r"struct interface func map chan type [ ] { } ( ) * , ; . ... <- = | ~ + - / % << >> 0 1 7 1e3 0x "
    r"int string error any unsafe Pointer A B _ é ` // /* */ package import type\tA\tstruct{"
)
PIECES = st.sampled_from([*WORDS.split(), '"', "\n"])


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map(" ".join)))
@example("type A struct { B }; type B struct { A }")
@example("\ud800")
@example("[1<<1<<1<<500]int")
def test_any_text_is_a_type_or_refused(text):
    for read in (type_of, types):
        try:
            found = read(text)
        except TypeTextError as error:
            assert error.line >= 1  # noqa: PT017  # nearly every text is refused
            assert error.column >= 1  # noqa: PT017
        else:
            assert isinstance(found, GoType | dict)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_type_or_refused(data):
    for text in (data.decode("latin-1"), data.decode("utf-8", "surrogateescape"), data):
        try:
            type_of(text)
        except TypeTextError as error:
            assert error.reason  # noqa: PT017


@given(st.integers(0, 2**32), st.data())
def test_a_spoilt_type_is_read_or_refused(seed, data):
    drawn = random_types(seed, 1)
    text = drawn.source + "\ntype T " + drawn.expressions[0]
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 5))
    text = text[:start] + data.draw(st.text(max_size=3)) + text[start + length :]
    try:
        types(text)
    except TypeTextError as error:
        assert error.reason  # noqa: PT017


def nested(body, rounds, *, backwards=False):
    """Declarations in which each type holds the one before it, the last one first if `backwards`."""
    lines = [f"type T{i} {body.format(before=f'T{i - 1}')}\n" for i in range(1, rounds)]
    return "".join(lines[::-1] if backwards else lines)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "type T0 *int\n" + nested("struct {{ a {before}; b [40]int; c {before} }}", 60),
            "GC program is longer|too large",
        ),
        ("type T0 byte\n" + nested("struct {{ a, b {before} }}", 60), "too large"),
        ("type T0 byte\n" + nested("[2]{before}", 60), "larger than address space"),
        ("type T0 int\n" + nested("struct {{ a {before} }}", 400), "more than 150 deep"),
        ("type T0 int\n" + nested("struct {{ a {before} }}", 400, backwards=True), "more than 150 deep"),
        (
            "type T0 *int\n" + nested("struct {{ p *int; gap [999]int; a [2]{before} }}", 45),
            "too large|larger",
        ),
        ("type T0 = int\n" + nested("= *{before}", 400), None),
        ("type T0 interface{}\n" + nested("interface {{ {before}; M{before}() }}", 400), None),
        ("[1]" * 99 + "int" + "/" * 2 + "x" * 100_000, None),
        ("struct{" + "a *int;" * 2 + "}", "redeclared"),
        ("struct{" + "_ *int; _ int; " * 3_000 + "}", None),
        ("func(" + "int, " * 10_000 + ")", None),
    ],
    ids=lambda value: repr(value)[:40],
)
@pytest.mark.parametrize("rules", some([GO_NEWEST, slow(GO_1_21)]), ids=lambda rules: rules.version)
def test_a_monstrous_text_is_answered_in_bounded_memory(text, reason, rules):
    tracemalloc.start()
    try:
        read = types if text.startswith("type") else type_of
        if reason is None:
            read(text, rules=rules)
        else:
            with pytest.raises(TypeTextError, match=reason):
                read(text, rules=rules)
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_doubled_embeddings_are_searched_once():
    """Looked at path by path, T20 would embed T0 a million times."""
    rounds = "".join(
        f"type A{i} struct {{ *T{i} }}; type B{i} struct {{ *T{i} }}; type T{i + 1} struct {{ A{i}; B{i} }}\n"
        for i in range(20)
    )
    made = types(
        "type T0 struct { error }\n" + rounds + "type Last struct { *T20 }; type Plain = struct{ T20; error }"
    )
    assert made["Last"].size == 8
    assert made["Plain"].tflag % 2 == 1


@pytest.mark.parametrize(
    ("rules", "how"), [(GO_1_21, "GC program"), (GO_NEWEST, "mask on demand")], ids=["1.21", "newest"]
)
def test_a_type_nested_as_deep_as_may_be_can_be_laid_out_and_shown(rules, how):
    text = "type T0 *int\n" + nested("struct {{ p *int; gap [999]int; a [1]{before} }}", 74)
    deepest = types(text, rules=rules)["T73"]
    assert deepest.mask.bits().sum() == 74
    assert how in type_table(deepest)


def test_without_lark_the_error_names_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "lark", None)
    parse._parser.cache_clear()
    parse._parsed.cache_clear()
    with pytest.raises(MissingExtraError, match=r"pip install .*\[types\]'"):
        type_of("int")


def test_importing_the_package_does_not_import_lark():
    code = "import sys, arenalab, arenalab.syntax; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
