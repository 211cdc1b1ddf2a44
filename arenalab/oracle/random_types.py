"""Random Go types that make rare layouts common, each the same for the same seed.

What is rare and easily wrong: structs in structs in structs, arrays on both sides of the length
where a mask becomes a program, scalars after the last pointer of an element, fields and tails of
size zero, blank and embedded fields, one-field structs and one-element arrays.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from arenalab.go.versions import LONGEST_MASK_WORDS, VERSIONS

_SCALARS = (
    "bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64",
    "uintptr", "float32", "float64", "complex64", "complex128", "byte", "rune",
)  # fmt: skip
_WORDS = (
    "*int", "**byte", "unsafe.Pointer", "string", "error", "any", "[]int", "[]*string", "chan int",
    "<-chan *int", "chan<- string", "map[string]int", "map[int]*byte", "func()",
    "func(int, ...string) (bool, error)", "interface{ M(); N(int) string }", "interface{ error; M() }",
    "chan (<-chan int)", "chan struct{ a, b *int; c [3]string }",
)  # fmt: skip
_ZERO_SIZED = ("struct{}", "[0]int", "[0]*int", "[0]byte", "[3]struct{}", "struct{ _ struct{}; A [0]int32 }")
_LENGTHS = (0, 1, 2, 3, 4, 5, 7, 8, 11, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129)
#: Words above which a descriptor holds no mask: in this version or that.
_LIMITS = sorted({rules.max_ptrmask_words for rules in VERSIONS.values()})
_DEPTH = 4


@dataclass
class RandomTypes:
    """Declared names and type expressions that may use them."""

    seed: int
    declarations: list[str] = field(default_factory=list)  #: "type N0 ..." in order
    expressions: list[str] = field(default_factory=list)

    @property
    def source(self) -> str:
        """The declarations as one Go text."""
        return "\n".join(self.declarations)


def random_types(seed: int, n: int) -> RandomTypes:
    """Return `n` type expressions and the names they use; the same for the same seed."""
    return _Maker(random.Random(seed)).make(seed, n)  # noqa: S311  # repeatable on purpose


class _Maker:
    """Draws one expression after the other from one stream of random numbers."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.embeddable: list[str] = []  # names of structs and interfaces
        self.names: list[str] = []
        self.lengths: tuple[int, ...] = _LENGTHS

    def make(self, seed: int, n: int) -> RandomTypes:
        made = RandomTypes(seed)
        self.lengths = _LENGTHS[:5]  # a declared type stays small, since it comes in arrays of arrays
        declared = [(f"N{i}", self.declared(f"N{i}")) for i in range(max(n // 20, 1))]
        made.declarations = [f"type {name} {underlying}" for name, underlying in declared]
        self.lengths = _LENGTHS
        self.names = [name for name, _ in declared]
        self.embeddable = [
            name for name, underlying in declared if underlying.startswith(("struct", "interface"))
        ]
        made.expressions = [self.top() for _ in range(n)]
        return made

    def declared(self, name: str) -> str:
        """Return what a name stands for; it may mention itself behind a pointer."""
        kind = self.dice.randrange(6)
        if kind == 0:
            return self.dice.choice(("interface{ M(); K() int }", "interface{ error }", "interface{}"))
        if kind == 1:
            return self.any_type(2)
        return f"struct{{ next *{name}; {self.fields(3)} }}" if kind == 2 else self.struct(3)

    def top(self) -> str:
        """Return one expression; a quarter of them around the limit between mask and program."""
        kind = self.dice.randrange(12)
        if kind in (0, 11):
            return self.around_limit()
        if kind == 10:
            return self.intricate()
        if kind == 1:
            return f"struct{{ H {self.any_type(1)}; B {self.around_limit()}; T {self.any_type(1)} }}"
        if kind == 2:
            gap = self.dice.randrange(1, 300_000)
            return f"struct{{ P {self.word()}; G [{gap}]{self.dice.choice(_SCALARS)}; Q {self.word()} }}"
        return self.struct(_DEPTH) if kind < 8 else self.any_type(_DEPTH)

    def around_limit(self) -> str:
        """Return an array whose pointer prefix is near the limit, or well above it."""
        elem = self.dice.choice(
            (self.word(), self.word(), self.small_struct(), f"[{self.length()}]{self.word()}")
        )
        words = self.dice.choice((1, 1, 2, 3, 4, 5, 8))
        limit = self.dice.choice((*_LIMITS, LONGEST_MASK_WORDS))
        near = limit // words + self.dice.randrange(-2, 3)
        far = self.dice.randrange(limit, 4 * limit)
        return f"[{self.dice.choice((near, near, near, near, far))}]{elem}"

    def intricate(self) -> str:
        """Return a type whose program has gaps and small arrays around the lengths where the writer decides."""
        fields = [f"H [{LONGEST_MASK_WORDS}]*int"]
        for i in range(self.dice.randrange(1, 60)):
            gap = self.dice.choice((0, 1, 2, 29, 30, 31, 32, 33, 34))
            count = self.dice.choice((1, 2, 3, 8, 10, 11, 15, 16, 17, 31, 32, 33))
            elem = self.dice.choice(("*int", "struct{ a *int; b int }", "struct{ a, b int; c *int }"))
            fields.append(f"G{i} [{gap}]int; P{i} [{count}]{elem}")
        return f"struct{{ {'; '.join(fields)} }}"

    def struct(self, depth: int) -> str:
        """Return a struct whose fields nest up to `depth` deep."""
        if self.dice.random() < 0.05:
            return f"struct{{ {self.dice.choice(('A', '_'))} {self.any_type(depth - 1)} }}"
        return f"struct{{ {self.fields(depth)} }}"

    def fields(self, depth: int) -> str:
        """Return one to eight fields, some blank, embedded, tagged or of size zero."""
        fields = []
        embedded: set[str] = set()
        for i in range(self.dice.randrange(1, 8)):
            chance = self.dice.random()
            if chance < 0.08 and self.embeddable:
                fields += self.embed(embedded)
            elif chance < 0.18:
                fields.append(f"_ {self.any_type(depth - 1)}")
            elif chance < 0.25:
                fields.append(f"F{i}, G{i} {self.any_type(depth - 1)}")
            else:
                tag = ' `json:"x"`' if chance > 0.97 else ""
                fields.append(f"F{i} {self.any_type(depth - 1)}{tag}")
        if self.dice.random() < 0.25:
            fields.append(f"Z {self.dice.choice(_ZERO_SIZED)}")
        return "; ".join(fields) or "F int"

    def embed(self, embedded: set[str]) -> list[str]:
        """Return an embedded field, if its name is not there yet."""
        name = self.dice.choice([*self.embeddable, "error"])
        if name in embedded:
            return []
        embedded.add(name)
        return [name]

    def any_type(self, depth: int) -> str:
        """Return any type, nested up to `depth` deep."""
        kind = self.dice.randrange(12)
        if depth > 0 and kind < 3:
            return self.struct(depth)
        if depth > 0 and kind == 3:
            return f"[{self.length()}]{self.any_type(depth - 1)}"
        if kind == 4:
            return self.dice.choice(_ZERO_SIZED)
        if kind == 5 and self.names:
            return self.dice.choice(self.names)
        if kind == 6 and depth > 0:
            return self.dice.choice(("*", "[]", "**", "map[string]")) + self.any_type(0)
        return self.dice.choice(_SCALARS) if kind > 8 else self.word()

    def small_struct(self) -> str:
        """Return an element with pointers and trailing scalars."""
        return self.dice.choice(
            (
                "struct{ A *int; B int }",
                "struct{ A, B *int; C int }",
                "struct{ S string; N int; Z [0]int }",
                self.struct(1),
            )
        )

    def word(self) -> str:
        """Return a type of one to three words with a pointer."""
        return self.dice.choice(_WORDS)

    def length(self) -> int:
        """Return a length around those where the compiler decides differently."""
        return self.dice.choice(self.lengths)
