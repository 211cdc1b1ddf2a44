"""What several families draw from: Go types that a person can lay out in the head, and the Go of the chapters."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random
from typing import Self

from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.go.versions import GO_1_21, GO_NEWEST, VERSIONS
from arenalab.syntax import type_of

#: The chapters are about Go 1.21, whose recordings they are compared with, and so are their exercises.
GO = GO_1_21
#: The collector starts no cycle by itself, so that nothing happens but what the program asks for.
GC_OFF = replace(GO, gogc=-1)

#: With pointers: the collector has to look into them.
POINTERFUL = (
    "*int", "string", "[]byte", "any", "struct{ next *int; key int }", "struct{ name string; age int }",
    "[4]string", "map[string]int", "func()", "struct{ left, right *int; value int }", "[3]*byte",
)  # fmt: skip
#: Without: numbers, and arrays and structs of numbers.
POINTER_FREE = (
    "int", "byte", "int16", "float64", "complex128", "[5]byte", "[3]int32", "struct{ x, y int32 }", "bool",
    "struct{ on bool; n int64 }", "[10]uint16",
)  # fmt: skip
#: Of no bytes at all.
EMPTY = ("struct{}", "[0]int", "[0]*int")
#: More than a quarter of a chunk.
LARGE = ("[2097153]byte", "[262145]*int", "[4194304]byte")


class Draw(Random):
    """What a family draws from: random numbers, and the Go that is asked for."""

    rules: GoRules = replace(GO_NEWEST, gogc=-1)  #: of that Go, with the collector off.

    @classmethod
    def under(cls, seed: str, version: str) -> Self:
        """Return the generator of a seed under a version of Go; the numbers are the same under each."""
        made = cls(seed)
        made.rules = replace(VERSIONS[version], gogc=-1)
        return made


@cache
def go_type(text: str) -> GoType:
    """Return the type of a Go expression."""
    return type_of(text, rules=GO)


def pointerful(draw: Random) -> GoType:
    """Draw a small type with pointers in it."""
    return go_type(draw.choice(POINTERFUL))


def pointer_free(draw: Random) -> GoType:
    """Draw a small type without pointers."""
    return go_type(draw.choice(POINTER_FREE))


def small(draw: Random) -> GoType:
    """Draw a small type of either kind."""
    return pointerful(draw) if draw.random() < 0.5 else pointer_free(draw)
