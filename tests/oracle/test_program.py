"""Programs are checked before real Go sees them."""

import json
import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import ScenarioError
from arenalab.oracle.generate import Shape, random_ops
from arenalab.oracle.operations import OPERATIONS
from arenalab.oracle.program import Program, load_program, parse_operations
from arenalab.oracle.record import record
from arenalab.oracle.toolchain import Toolchain
from arenalab.oracle.weights import PROFILES
from arenalab.world.forms import asked_keys
from arenalab.world.ops import OPS

MAKE, NEW = {"op": "new_arena", "arena": 0}, {"op": "new", "arena": 0, "type": 0}
WEAK = {"op": "make_weak", "weak": 0, "object": 0}


@pytest.mark.parametrize(
    ("ops", "says"),
    [
        ([{"op": "grow"}], "operation 1 .grow.: unknown operation 'grow'; expected one of: new_arena"),
        ([{"op": "new", "arena": 0, "type": 0}], "arena 0 does not live"),
        ([MAKE, MAKE], "operation 2 .new_arena.: arena 0 was made before"),
        ([MAKE, {"op": "new", "arena": 0, "type": 1}], "new.type: got 1; expected one of 1 types"),
        ([MAKE, {"op": "new", "arena": 0}], "new: type is missing; its keys are arena, type"),
        ([MAKE, {"op": "slice", "arena": 0, "type": 0, "cap": -1}], "slice.cap: got -1; expected a whole"),
        ([MAKE, {"op": "slice", "arena": 0, "type": 0, "cap": 2**60}], "whole number from 0"),
        (
            [MAKE, {"op": "slice", "arena": 0, "type": 0, "cap": True}],
            "slice.cap: got True; expected a whole",
        ),
        ([MAKE, {"op": "free", "arena": 0}, {"op": "free", "arena": 0}], "operation 3 .free.: arena 0"),
        ([{"op": "mark_begin"}], "ends within a marking"),
        ([{"op": "weak_value", "weak": 0}], "operation 1 .weak_value.: weak pointer 0 was never made"),
        ([MAKE, {"op": "make_weak", "weak": 0, "object": 0}], "object 0 is not made yet; there are 0"),
        ([MAKE, NEW, {"op": "make_weak", "weak": 0, "object": 1}], "object 1 is not made yet; there are 1"),
        ([MAKE, NEW, WEAK, WEAK], "operation 4 .make_weak.: weak pointer 0 was made before"),
        ([MAKE, NEW, {"op": "free", "arena": 0}, WEAK], "object 0 is of arena 0, which does not live"),
        ([MAKE, NEW, {**WEAK, "offset": -1}], "make_weak.offset: got -1; expected"),
        ([{"op": "mark_begin"}, {"op": "gc"}], "operation 2 .gc.: a marking is held"),
        ([{"op": "mark_end"}], "no marking is held"),
    ],
)
def test_an_operation_without_meaning_is_refused_by_number(ops, says):
    with pytest.raises(ScenarioError, match=says):
        Program(["int"], ops)


@pytest.mark.parametrize(
    "text",
    [
        "int))(nil)}}; func init() { panic(1) }; var _ = []any{((0",
        "int // ",
        "[",
        "int)",
        'struct{ a int "b }',
        "",
        "/*",
    ],
)
def test_a_type_that_would_leave_its_brackets_is_refused(text):
    with pytest.raises(ScenarioError, match="type expression"):
        Program([text], [])


def test_an_object_is_of_the_arena_of_the_operation_that_made_it():
    rep = {"op": "rep", "arena": 1, "type": 0, "n": 5}
    made = [MAKE, {"op": "new_arena", "arena": 1}, NEW, rep, NEW, {"op": "free", "arena": 1}]
    assert Program(["int"], [*made, {**WEAK, "object": 6}]).since == "1.24"
    for number in (1, 5):
        with pytest.raises(ScenarioError, match=f"object {number} is of arena 1"):
            Program(["int"], [*made, {**WEAK, "object": number}])
    assert Program(["int"], made).since == "1.21"


@pytest.mark.parametrize("profile", PROFILES)
def test_random_programs_ask_for_weak_pointers_where_go_has_them_and_make_sense(profile):
    shapes = [
        Shape(1, 1, 0),
        Shape(8, 8, 8),
        Shape(8, 8, 0),
        Shape(0, 1, 0),
        Shape(24, 8, 16),
        Shape(2_097_152, 8, 8),
    ]

    def made(version):
        return random_ops(random.Random(5), 400, profile, shapes, version)  # noqa: S311  # not for secrets

    old, new = (Program(["int"] * len(shapes), made(version)) for version in ("1.23", "1.24"))
    assert (old.since, new.since) == ("1.21", "1.24")
    assert sum(op["op"] == "weak_value" for op in new.ops) > 3
    assert any(op.get("offset") for op in new.ops)
    assert made("1.27") == new.ops


def test_a_go_that_does_not_have_an_operation_yet_is_refused_before_anything_is_built():
    old = Toolchain(Path("go"), "go1.23.9", Path())
    with pytest.raises(ScenarioError, match=r"make_weak came with Go 1\.24, and this is go1\.23\.9"):
        record(Program(["int"], [MAKE, NEW, WEAK]), Path("out"), go=old)


def test_brackets_inside_a_struct_tag_are_text():
    assert Program(['struct{ A int "json:\\"a)\\"" }', 'struct{ B int `x:"("` }'], []).types


@given(st.text(max_size=200))
def test_any_text_is_an_operation_list_or_one_clear_error(text):
    with suppress(ScenarioError):
        assert isinstance(parse_operations(text), Program)


def test_a_scenario_names_its_types(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(
        'name = "a"\n[types]\nNode = "struct{ next *Node }"\nB = "byte"\n'
        '[[ops]]\nop = "new_arena"\narena = 0\n[[ops]]\nop = "new"\narena = 0\ntype = "B"\n'
    )
    program = load_program(path)
    assert program.ops[1] == {"op": "new", "arena": 0, "type": 1}
    assert program.declarations() == ["Node struct{ next *Node }"]


def test_a_scenario_with_an_unknown_type_names_file_and_operation(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text('name = "a"\n[types]\n[[ops]]\nop = "new"\narena = 0\ntype = "B"\n')
    with pytest.raises(
        ScenarioError, match=r"a\.toml: ops\[0\]: new.type: got 'B'; expected one of \[types\]"
    ):
        load_program(path)


def test_the_recorder_has_a_letter_for_each_operation_that_real_go_can_be_asked_for():
    told = {name: tuple(cell.key for cell in form.cells) for name, (_, form) in OPERATIONS.items()}
    assert told == {name: asked_keys(kind) for name, kind in OPS.items() if kind.asked is not None}
    assert len({letter for letter, _ in OPERATIONS.values()}) == len(OPERATIONS)


def test_a_scenario_that_real_go_cannot_perform_says_why(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text('name = "a"\nrecordable = false\nreason = "it dies"\nops = []\n')
    with pytest.raises(ScenarioError, match=r"a\.toml: not recordable: it dies"):
        load_program(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ScenarioError, match=r"nothing.*: can.t be read"):
        load_program(tmp_path / "nothing.toml")


def test_a_recording_is_an_operation_list_without_what_it_observed():
    rows = [
        {"oracle": 1, "seed": "s", "profile": "mix"},
        {"type": 0, "expr": "int", "size": 8},
        {"start": {}},
        {"i": 0, "op": "new_arena", "arena": 0, "active": 0, "d": {}},
        {"snap": 0},
    ]
    program = parse_operations("\n".join(map(json.dumps, rows)))
    assert program.ops == [{"op": "new_arena", "arena": 0}]
    assert (program.seed, program.profile) == ("s", "mix")
