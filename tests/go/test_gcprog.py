"""GC programs are written as the compiler writes them and run as the runtime runs them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.go import gcprog
from arenalab.go.gcprog import LiteralBits, ProgramError, ProgramWriter, RepeatBits, decode, program_mask, run
from arenalab.go.type_layout import FieldSpec, TypeLayout, TypeLayoutError
from arenalab.go.versions import GO_1_21

LAYOUT = TypeLayout(GO_1_21)
POINTER, INT = LAYOUT.pointer_shaped("*int", "ptr"), LAYOUT.basic("int")


def struct(*types):
    return LAYOUT.struct("struct", [FieldSpec(f"F{i}", it) for i, it in enumerate(types)])


def plain_run(program):
    """The bits of a program, by the plainest reading of the format: a list, one element a word."""
    bits, at = [], 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = program[at]
            at += 1
            value += byte % 128 * 2**shift
            shift += 7
            if byte < 128:
                return value

    while program[at]:
        head, at = program[at], at + 1
        if head < 128:
            bits += [program[at + i // 8] // 2 ** (i % 8) % 2 for i in range(head)]
            at += (head + 7) // 8
        else:
            n = head % 128 or varint()
            count = varint()
            for _ in range(n * count):
                bits.append(bits[-n])
    return bits


@st.composite
def programs(draw):
    """Valid programs: literals, and repeats of no more than what is there."""
    writer, bits = ProgramWriter(), 0
    for _ in range(draw(st.integers(1, 12))):
        if not bits or draw(st.booleans()):
            for bit in draw(st.lists(st.integers(0, 1), min_size=1, max_size=150)):
                writer._lit(bit)
                bits += 1
        else:
            n = draw(st.integers(1, bits))
            count = draw(st.integers(1, max(1, 3000 // n)))
            writer.repeat(n, count)
            bits += n * count
        if bits > 20_000:
            break
    assert writer.index == bits
    return writer.end()


@pytest.mark.parametrize(
    ("go_type", "program"),
    [
        (LAYOUT.array("", POINTER, 16385), "01018180800100"),
        (struct(LAYOUT.array("", struct(POINTER, INT), 20000), INT), "0201829f9c0100"),
        (struct(POINTER, LAYOUT.array("", INT, 200_000), POINTER), "020181bf9a0c010100"),
        (LAYOUT.array("", LAYOUT.array("", POINTER, 130), 130), "01018183840100"),
    ],
    ids=["pointers", "pairs and a tail", "a gap", "nested arrays are one"],
)
def test_program_is_the_compilers(go_type, program):
    assert go_type.gcprog.hex() == program


@pytest.mark.parametrize(
    ("go_type", "program"),
    [
        (
            LAYOUT.array("", struct(POINTER, LAYOUT.array("", INT, 31), POINTER), 20_000),
            "210100000001a19f9c0100",
        ),
        (
            LAYOUT.array("", struct(POINTER, LAYOUT.array("", INT, 32), POINTER), 20_000),
            "0201811f0101a29f9c0100",
        ),
        (struct(LAYOUT.array("", INT, 20_000), LAYOUT.array("", POINTER, 32)), "0100819f9c0120ffffffff00"),
        (struct(LAYOUT.array("", INT, 20_000), LAYOUT.array("", POINTER, 33)), "0100819f9c010101812000"),
    ],
    ids=["a gap of 31 words", "a gap of 32", "32 pointers", "33 pointers"],
)
def test_compiler_repeats_a_gap_of_32_words_but_of_pointers_only_33(go_type, program):
    """As the descriptors of Go 1.21.13 say."""
    assert go_type.gcprog.hex() == program


def test_a_literal_has_at_most_127_bits():
    writer = ProgramWriter()
    for word in range(0, 130, 2):
        writer.ptr(word)
    assert [step.n for step in decode(writer.end())] == [127, 2]


@pytest.mark.parametrize(("words", "count"), [(2, 16), (16, 2), (32, 1), (33, 1)])
def test_elements_of_32_bits_in_all_and_a_single_one_are_no_repeat(words, count):
    assert not gcprog.should_repeat(words, count)
    assert gcprog.should_repeat(words, count + 1)


@pytest.mark.parametrize(("length", "is_program"), [(16384, False), (16385, True)])
def test_a_program_begins_above_16384_words(length, is_program):
    assert (LAYOUT.array("", POINTER, length).gcprog is not None) is is_program


def test_a_long_scalar_tail_needs_no_program():
    assert struct(POINTER, LAYOUT.array("", LAYOUT.basic("byte"), 2_000_000)).gcprog is None


def test_trailing_scalars_count_for_the_array_but_not_for_the_struct_around_it():
    array = LAYOUT.array("", struct(POINTER, INT), 40_000)
    assert (array.ptr_bytes, array.ptr_data_bytes, array.size) == (640_000, 639_992, 640_000)
    around = struct(LAYOUT.array("", struct(POINTER, INT), 20_000), INT)
    assert (around.ptr_bytes, around.size) == (320_000, 320_008)


@given(programs())
def test_a_program_means_what_the_plain_reading_says(program):
    assert program_mask(program).bits().tolist() == plain_run(program)


@given(programs())
def test_each_step_tells_where_its_bits_begin(program):
    bits, end = plain_run(program), 0
    for instruction, start, piece in run(program):
        assert start == end
        assert instruction.emits == piece.n
        assert piece.bits().tolist() == bits[start : start + piece.n]
        end += piece.n
    assert end == len(bits)


@given(st.binary(max_size=40))
def test_any_bytes_are_a_program_or_refused(data):
    try:
        mask = program_mask(data)
    except ProgramError as error:
        assert "program" in str(error)  # noqa: PT017  # most bytes are refused, some are programs
    else:
        if mask.n < 100_000:
            assert mask.bits().tolist() == plain_run(data)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("", "no stop byte"),
        ("0101", "no stop byte"),
        ("0000", "goes on after its stop byte"),
        ("0801", "no stop byte"),
        ("0901", "9 literal bits are cut short"),
        ("8101", "repeats the last 1 bits of 0"),
        ("0101820100", "repeats the last 2 bits of 1"),
        ("010181ffff", "a number is cut short"),
        ("010181" + "ff" * 12, "longer than 64 bits"),
        ("010181ffffffffffffffff7f00", "more than a type can have"),
    ],
)
def test_a_spoilt_program_is_refused_with_the_place(program, reason):
    with pytest.raises(ProgramError, match=reason):
        decode(bytes.fromhex(program))


def test_a_program_of_a_megabyte_is_refused_unread():
    with pytest.raises(ProgramError, match="at most"):
        decode(bytes(1 << 20))


def test_a_program_that_doubles_itself_fifty_times_is_small():
    doubling = bytes.fromhex("0101") + b"".join(
        (b"\x80" + varint(2**i) + b"\x01" if i > 6 else bytes([128 + 2**i, 1])) for i in range(50)
    )
    mask = program_mask(doubling + b"\0")
    assert (mask.n, mask.ones) == (2**50, 2**50)


HUNDREDS = b"".join(bytes([127]) + i.to_bytes(15, "big") + b"\x7f" for i in range(1, 2001))


@pytest.mark.parametrize("n", [127 * 2000, 127 * 2000 - 1, 127 * 2000 + 1, 127 * 1999])
def test_a_program_of_endless_copies_is_run_or_refused_soon(n):
    """Each repeat copies two thousand literals, more or less one bit, two thousand times."""
    copies = (b"\x80" + varint(n) + b"\x01") * 2000
    try:
        mask = program_mask(HUNDREDS + HUNDREDS[:17] + copies + b"\0")
    except ProgramError as error:
        assert "nested beyond reason" in str(error)  # noqa: PT017  # some are told in few pieces
    else:
        assert mask.n == 127 * 2001 + 2000 * n


def test_a_type_whose_program_would_be_a_novel_is_refused():
    two = struct(*[POINTER, LAYOUT.array("", INT, 40)] * 2)
    while len(two.gcprog or b"") <= gcprog.MAX_PROGRAM_BYTES // 4:
        two = struct(two, INT, two)
    assert two.mask.ones == two.gcprog.count(0x81) + 1  # a gap, so a repeat, between two pointers
    two = struct(two, INT, two)
    with pytest.raises(TypeLayoutError, match=f"GC program is longer than {gcprog.MAX_PROGRAM_BYTES} bytes"):
        struct(two, INT, two)


def test_instructions_are_told_in_words():
    assert [str(step) for step in decode(bytes.fromhex("0203829f9c0100"))] == [
        "literal 11",
        "repeat the last 2 19999 more times",
    ]
    assert (LiteralBits(2, 3).emits, RepeatBits(2, 19999).emits) == (2, 39998)


def varint(value):
    out = b""
    while value >= 128:
        out += bytes([value % 128 + 128])
        value //= 128
    return out + bytes([value])
