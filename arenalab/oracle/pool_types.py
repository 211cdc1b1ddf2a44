"""Random Go types for random programs: all sizes, both ends of a chunk, and those that aim."""

from __future__ import annotations

import random
from collections.abc import Callable

MAX_ALLOC = 2_097_152

# The types by which the generator aims; each program has them first.
BYTE, POINTER, INT64, EMPTY = 0, 1, 2, 3
AIMING = ("byte", "*int", "int64", "struct{}")

_SCALARS = (
    "bool",
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
    "uint64",
    "int",
    "uint",
    "uintptr",
    "float32",
    "float64",
    "complex64",
    "complex128",
)
_POINTERS = (
    "*int",
    "*byte",
    "string",
    "[]int",
    "[]string",
    "map[string]int",
    "chan int",
    "func()",
    "error",
    "any",
    "unsafe.Pointer",
    "interface{ M(); N(int) string }",
)


def random_types(chance: random.Random, n: int) -> list[str]:
    """`n` Go type expressions: scalars, pointers, structs, arrays small and large, empty ones."""
    return [*AIMING, *(_outer(chance) for _ in range(n - len(AIMING)))][:n]


def _outer(chance: random.Random) -> str:
    return chance.choice(_MAKERS)(chance)


_MAKERS: tuple[Callable[[random.Random], str], ...] = (
    lambda chance: chance.choice(_SCALARS),
    lambda chance: chance.choice(_POINTERS),
    lambda chance: f"[{about(chance, 300_000)}]{chance.choice(_POINTERS)}",
    lambda chance: f"[{about(chance, 1_200_000)}]byte",
    lambda chance: f"[{chance.choice((MAX_ALLOC, MAX_ALLOC + 1, MAX_ALLOC // 2, MAX_ALLOC - 7))}]byte",
    lambda chance: f"[{chance.choice((1, 2, 4)) * MAX_ALLOC // 32}][]int",
    lambda chance: chance.choice(("[0]int", "struct{ _ [0]string }", "[7]struct{}", "[0]*int")),
    lambda chance: (
        f"struct{{ A {chance.choice((*_POINTERS, 'int32', 'byte'))}; "
        f"Z {chance.choice(('struct{}', '[0]int64', '[0]*int'))} }}"
    ),
    lambda chance: (
        f"struct{{ H {_inner(chance, 1)}; B [{about(chance, 4000)}]{_inner(chance, 1)}; T error }}"
    ),
    *(lambda chance: _inner(chance, 3),) * 3,
)


def _inner(chance: random.Random, depth: int) -> str:
    if depth == 0 or chance.random() < 0.2:
        return chance.choice(chance.choice((_SCALARS, _POINTERS)))
    if chance.random() < 0.3:
        return f"[{chance.randrange(1, 9)}]{_inner(chance, depth - 1)}"
    fields = (
        f"{'_' if chance.random() < 0.1 else f'F{i}'} {_inner(chance, depth - 1)}"
        for i in range(chance.randrange(1, 6))
    )
    return f"struct{{ {'; '.join(fields)} }}"


def about(chance: random.Random, top: int) -> int:
    """A number up to `top`, as often small as large."""
    return max(1, int(top ** chance.random()))
