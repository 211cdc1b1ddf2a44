"""Pointer masks from a program's file: as its types were made, as package reflect tells; any other file is refused."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.advice.trace_run import TraceRun
from arenalab.errors import MissingExtraError, TraceError
from arenalab.intake.image import Image
from arenalab.intake.masks import FOREIGN, KIND, _Walker, masks_of
from tests.intake.elves import DATA, WORDS, Program

OWN = Path(__file__).parents[1] / "data/own"
SHAPES = st.recursive(
    st.sampled_from(sorted(WORDS)),
    lambda inner: st.one_of(
        st.tuples(st.just("array"), inner, st.integers(0, 5)),
        st.tuples(st.just("struct"), st.lists(inner, max_size=4).map(tuple)),
    ),
    max_leaves=12,
)
WAYS = st.sampled_from(("mask", "demand", "program"))


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("masks") / "program"


def found(path, rows):
    return {address: mask.astype(int).tolist() for address, mask in masks_of(path, rows).items()}


@given(shapes=st.lists(st.tuples(SHAPES, WAYS), min_size=1, max_size=6), moves=st.booleans())
def test_masks_are_those_that_the_types_were_made_with(shapes, moves, scratch):
    """Types too large for a mask in the file are walked; a program that moves has its pointers in relocations."""
    program = Program(moves)
    program.type(
        ("struct", ("pointer", ("array", "int", 37), "pointer"))
    )  # one whose place is told by its size
    for shape, how in shapes:
        program.type(shape, how if isinstance(shape, tuple) else "mask")
    scratch.write_bytes(program.file())
    far = 0x555555554000 if moves else 0
    rows = [each._replace(address=each.address + far) for each in program.rows]
    assert found(scratch, rows) == {at + far: mask for at, mask in program.masks.items()}


@pytest.fixture
def program(scratch):
    made = Program()
    made.type(("struct", ("pointer", "int", ("array", "string", 3))), "demand")
    made.type(("struct", ("slice", "interface")))
    scratch.write_bytes(made.file())
    return made


def test_types_that_are_in_no_file_have_no_mask(program, scratch):
    row = program.rows[0]._replace(address=0xC000012340, name="struct { A int }")
    huge = program.rows[0]._replace(size=1 << 40)
    assert row.address not in masks_of(scratch, [*program.rows, row])
    assert set(masks_of(scratch, [*program.rows[1:], huge])) == {each.address for each in program.rows[1:]}


@pytest.mark.parametrize(
    "change",
    [{"size": 4096}, {"ptr_bytes": 0}, {"name": "main.other"}, {"address": 0x401010}, {"name": "main.t1"}],
)
def test_program_that_differs_in_one_type_is_refused(change, program, scratch):
    *rows, last = program.rows
    with pytest.raises(TraceError, match=FOREIGN):
        masks_of(scratch, [*rows, last._replace(**change)])


def test_program_that_holds_none_of_the_types_is_refused(program, scratch):
    rows = [each._replace(address=each.address + 0x10000008, size=each.size + 808) for each in program.rows]
    with pytest.raises(TraceError, match=FOREIGN):
        masks_of(scratch, rows)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _: b"", "no ELF file"),
        (lambda _: b"go 1.26 trace\0\0\0", "no ELF file"),
        (lambda data: data[:40], "a damaged ELF file"),
        (lambda data: data[:-20], "cut off: a segment ends after the file"),
        (lambda data: data[: DATA // 2], "cut off"),
        (lambda data: data[:4] + b"\x01" + data[5:], "an ELF file of another kind|damaged"),
        (lambda data: data[:5] + b"\x02" + data[6:], "an ELF file of another kind|damaged"),
    ],
)  # fmt: skip
def test_file_that_is_no_program_or_damaged_is_one_error(spoil, says, program, scratch):
    scratch.write_bytes(spoil(program.file()))
    with pytest.raises(TraceError, match=says) as refused:
        masks_of(scratch, program.rows)
    assert str(refused.value).startswith(f"{scratch}: ")


@given(data=st.data())
def test_program_damaged_at_random_is_refused_or_read(data, scratch):
    made = Program()
    made.type(("struct", (("array", "string", 3), "slice", "int")), "demand")
    spoilt = bytearray(made.file())
    places = [*range(0x60, 0xB0), *range(DATA, len(spoilt))]
    for _ in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.sampled_from(places))] = data.draw(st.integers(0, 255))
    scratch.write_bytes(bytes(spoilt))
    try:
        masks = masks_of(scratch, made.rows)
    except TraceError as refused:
        assert str(refused).startswith(f"{scratch}: ")  # noqa: PT017
    else:
        assert {at: len(mask) for at, mask in masks.items()} == {
            row.address: row.size // 8 for row in made.rows
        }


def test_missing_program_is_one_error(tmp_path):
    with pytest.raises(TraceError, match="No such file"):
        masks_of(tmp_path / "none", [])


def test_without_the_library_the_command_that_installs_it_is_named(program, scratch, monkeypatch):
    monkeypatch.setitem(sys.modules, "elftools", None)
    with pytest.raises(MissingExtraError, match=r"elftools is missing; install with: .*\[trace\]"):
        masks_of(scratch, program.rows)


def test_array_of_endless_elements_and_types_within_themselves_are_refused(scratch):
    for place, to in ((64, 1 << 40), (48, None)):
        made = Program()
        made.type(("struct", ("pointer",)))
        at = made.type(("array", "pointer", 9), "demand")
        made.point(at + place, to or at)
        scratch.write_bytes(made.file())
        with pytest.raises(TraceError, match="damaged: "):
            masks_of(scratch, made.rows)


@pytest.mark.go
@pytest.mark.timeout(400)  # the first build of a Go compiles its library
@pytest.mark.parametrize(
    ("line", "flags"),
    [("1.23", []), ("1.25", []), ("1.27", ["-ldflags=-s -w"])],
    ids=["1.23", "1.25", "1.27-stripped"],
)
def test_masks_of_a_real_program_are_those_that_reflect_tells(line, flags, go_of, tmp_path):
    go, program, out = go_of(line), tmp_path / "shapes", tmp_path / "out.trace"
    go.run(["build", *flags, "-o", str(program), "./shapes"], OWN)
    environment = os.environ | {"GODEBUG": "traceallocfree=1"}
    done = subprocess.run([program, out], env=environment, capture_output=True, text=True, check=True)
    told = dict(re.findall(r"(.+) ([01]+)\n", done.stdout))
    run = TraceRun.read(out, binary=program)
    rows = {each.name: each for each in run.objects.types}
    masks = {name: "".join(map(str, run.masks[rows[name].address].astype(int))) for name in told}
    assert len(told) == 11
    assert masks == told
    made = [each for each in run.objects.types if each.name.startswith("struct { A []")]
    assert [each.address in run.masks for each in made] == [False]  # made at run time
    for each in run.objects.types:
        if each.address in run.masks:
            words = np.flatnonzero(run.masks[each.address])
            held = 8 * (words[-1] + 1 if len(words) else 0)
            assert held <= each.ptr_bytes <= each.size
            assert held == each.ptr_bytes or (
                line == "1.23" and each.size > 1 << 17
            )  # it rounds where it has a program
    if not flags:
        walked(Image(program), run)


def walked(image, run):
    """See to it that a walk of its fields gives each type the mask that the linker wrote."""
    walker = _Walker(image)
    for at, mask in run.masks.items():
        again = np.zeros_like(mask)
        if mask.any():
            walker.walk(at, int(image.bytes(at, 48)[KIND]) % 32, again)
        assert again.tolist() == mask.tolist()
