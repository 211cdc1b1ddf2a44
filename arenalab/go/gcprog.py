"""GC programs: how Go 1.21 describes the pointer words of a type whose mask would be large.

A program is a row of instructions: literal bits, "repeat the last n bits c more times", stop.
`ProgramWriter` emits it as the compiler does (of a type: gcprog_emit.py); `decode` takes it apart;
`run` is the interpreter, one instruction at a time; `program_mask` gives its result as a `Mask`
without laying out what a repeat says.

Follows cmd/internal/gcprog, and runGCProg of runtime/mbitmap.go, Go 1.21 (programs are gone since 1.24).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from arenalab.errors import ArenaLabError
from arenalab.go.mask import MAX_DEPTH, Mask
from arenalab.go.mask_tree import concat, literal, repeat
from arenalab.go.mirror import mirrors

#: Longest program that is written or read here; far above what any type of a real program needs.
MAX_PROGRAM_BYTES = 1 << 16
MAX_REPEAT_BITS = 1 << 50  # a type has fewer words than this
_MAX_COPIED = 1 << 18  # pieces that the repeats of one program handle, all together
_MAX_LITERAL = 127  # Go: progMaxLiteral
_REPEAT = 0x80
_PAYS_OFF = 4 * 8  # bits below which a repeat is longer than the bits. Go: ShouldRepeat, ZeroUntil


class ProgramError(ArenaLabError, ValueError):
    """A GC program that cannot be written, read or run; the text says where and why."""


@dataclass(frozen=True, slots=True)
class LiteralBits:
    """Emit the lowest `n` bits of `bits`, 1 <= n <= 127."""

    n: int
    bits: int

    @property
    def emits(self) -> int:
        """How many bits the instruction adds."""
        return self.n

    def __str__(self) -> str:
        """Show the bits, lowest word first."""
        return f"literal {''.join(str(self.bits >> i & 1) for i in range(self.n))}"


@dataclass(frozen=True, slots=True)
class RepeatBits:
    """Emit the last `n` bits again, `count` more times."""

    n: int
    count: int

    @property
    def emits(self) -> int:
        """How many bits the instruction adds."""
        return self.n * self.count

    def __str__(self) -> str:
        """Return it in words."""
        return f"repeat the last {self.n} {self.count} more times"


class ProgramWriter:
    """Collect instructions as the compiler does. Go: gcprog.Writer, cmd/internal/gcprog, 1.21."""

    def __init__(self) -> None:
        """Begin an empty program."""
        self.index = 0  #: bits described so far
        self._out = bytearray()
        self._bits = 0
        self._pending = 0

    def ptr(self, index: int) -> None:
        """Record that word `index` is a pointer, and those skipped are not. Go: (*Writer).Ptr."""
        self.zero_until(index)
        self._lit(1)

    def zero_until(self, index: int) -> None:
        """Record that all words up to `index` are scalars. Go: (*Writer).ZeroUntil."""
        skip = index - self.index
        if skip < _PAYS_OFF:
            for _ in range(skip):
                self._lit(0)
            return
        self._lit(0)
        self.repeat(1, skip - 1)

    def repeat(self, n: int, count: int) -> None:
        """Repeat the last `n` bits `count` more times. Go: (*Writer).Repeat."""
        if n == 0 or count == 0:
            return
        self._flush()
        self._out.append(_REPEAT | (n if n < _REPEAT else 0))
        if n >= _REPEAT:
            self._varint(n)
        self._varint(count)
        self.index += n * count

    def end(self) -> bytes:
        """Finish and return the program, without the 4-byte length. Go: (*Writer).End."""
        self._flush()
        self._out.append(0)
        return bytes(self._out)

    def _lit(self, bit: int) -> None:
        if self._pending == _MAX_LITERAL:
            self._flush()
        self._bits |= bit << self._pending
        self._pending += 1
        self.index += 1

    def _flush(self) -> None:
        if self._pending:
            self._out.append(self._pending)
            self._out += self._bits.to_bytes((self._pending + 7) // 8, "little")
            self._bits = self._pending = 0
        if len(self._out) > MAX_PROGRAM_BYTES:
            raise ProgramError(
                f"the type's GC program is longer than {MAX_PROGRAM_BYTES} bytes, the most ArenaLab writes"
            )

    def _varint(self, value: int) -> None:
        while value >= _REPEAT:
            self._out.append(_REPEAT | value & (_REPEAT - 1))
            value >>= 7
        self._out.append(value)


def should_repeat(n: int, count: int) -> bool:
    """Return whether `count` elements of `n` bits are worth a repeat. Go: (*Writer).ShouldRepeat."""
    return count > 1 and count * n > _PAYS_OFF


def decode(program: bytes) -> list[LiteralBits | RepeatBits]:
    """Take a program apart; it must end with its stop byte and nothing after.

    Raises ProgramError naming the byte where it goes wrong, and for a repeat of more bits than
    there are, which would make the runtime read memory before its buffer.
    """
    if len(program) > MAX_PROGRAM_BYTES:
        raise ProgramError(f"the program has {len(program)} bytes, at most {MAX_PROGRAM_BYTES} are read")
    instructions: list[LiteralBits | RepeatBits] = []
    at = emitted = 0
    while at < len(program) and program[at]:
        instruction, after = _decode_one(program, at)
        if isinstance(instruction, RepeatBits) and not 0 < instruction.n <= emitted:
            raise ProgramError(f"GC program, byte {at}: repeats the last {instruction.n} bits of {emitted}")
        emitted += instruction.emits
        if emitted > MAX_REPEAT_BITS:
            raise ProgramError(f"GC program, byte {at}: describes {emitted} words, more than a type can have")
        instructions.append(instruction)
        at = after
    if at != len(program) - 1:
        trouble = "has no stop byte" if at >= len(program) else f"goes on after its stop byte at {at}"
        raise ProgramError(f"GC program of {len(program)} bytes {trouble}")
    return instructions


def _decode_one(program: bytes, at: int) -> tuple[LiteralBits | RepeatBits, int]:
    """Read the instruction at byte `at`; returns it and the byte after it."""
    n = program[at] & (_REPEAT - 1)
    if not program[at] & _REPEAT:
        data = program[at + 1 : at + 1 + (n + 7) // 8]
        if len(data) * 8 < n:
            raise ProgramError(f"GC program, byte {at}: {n} literal bits are cut short")
        return LiteralBits(n, int.from_bytes(data, "little") & ((1 << n) - 1)), at + 1 + len(data)
    at += 1
    if n == 0:
        n, at = _read_varint(program, at)
    count, at = _read_varint(program, at)
    return RepeatBits(n, count), at


def _read_varint(program: bytes, at: int) -> tuple[int, int]:
    """Read 7 bits a byte, low group first; returns the value and the byte after it."""
    value = 0
    for shift in range(0, 64, 7):
        if at >= len(program):
            break
        value |= (program[at] & (_REPEAT - 1)) << shift
        at += 1
        if not program[at - 1] & _REPEAT:
            return value, at
    raise ProgramError(f"GC program, byte {at}: a number is cut short or longer than 64 bits")


@mirrors("mbitmap.go", "runGCProg")
def run(program: bytes) -> Iterator[tuple[LiteralBits | RepeatBits, int, Mask]]:
    """Run a program: yield each instruction, the index of the first bit it emits, and those bits.

    The runtime writes the bits into the object itself, least significant bit first. Nothing that
    a repeat says is laid out. Raises ProgramError for a bad program.
    """
    tape: list[Mask] = []
    emitted = copied = 0
    for at, instruction in enumerate(decode(program)):
        if isinstance(instruction, LiteralBits):
            piece = literal(instruction.bits, instruction.n)
        else:
            taken = _tail(tape, instruction.n)
            tail = concat(taken)
            copied += len(taken) + len(tail.parts())
            piece = repeat(tail, instruction.count)
        if copied > _MAX_COPIED or piece.depth > MAX_DEPTH:
            raise ProgramError(f"GC program, instruction {at}: its repeats are nested beyond reason")
        yield instruction, emitted, piece
        tape.append(piece)
        emitted += piece.n


def _tail(tape: list[Mask], n: int) -> list[Mask]:
    """Return the pieces that say the last `n` bits of the tape, the first one cut to measure."""
    taken: list[Mask] = []
    missing = n
    for piece in reversed(tape):
        if missing <= piece.n:
            taken.append(piece.cut(piece.n - missing, piece.n))
            break
        taken.append(piece)
        missing -= piece.n
    return taken[::-1]


def program_mask(program: bytes) -> Mask:
    """Return the mask that a program describes. Raises ProgramError for a bad program."""
    return concat(piece for _, _, piece in run(program))
