"""What stands once in a watched program's notes and is meant by a number there: types, and lines that call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SHAPES = re.compile(r"\[.*\]")  # for which a generic function was compiled: Go's own traces leave them out
WRAPPED = re.compile(r"\.(?:defer|go)wrap\d+$")  # `defer a.Free()` is a function of its own, on that line
TYPE, CALL = 1, 2  # as in arenalab_watch_describe.go; 0: the program died while it wrote this one


@dataclass(frozen=True)
class Described:
    """A type as the runtime described it: the descriptor's numbers, its name, mask or GC program."""

    address: int
    size: int
    ptr_bytes: int
    align: int
    field_align: int
    kind: int
    flags: int
    name: str
    data: bytes


class Site(NamedTuple):
    """A line of the program that made an arena, allocated from one or freed one."""

    number: int
    function: str
    file: str
    line: int


def read_descriptions(words: npt.NDArray[np.uint64]) -> Iterator[Described | Site]:
    """Yield what was described, each once: its length in words stands first, then its kind."""
    at = 0
    while at < len(words):
        length, kind = int(words[at]), int(words[at + 1])
        if length == 0:
            return
        if kind == TYPE:
            yield _type(words[at + 2 : at + length])
        elif kind == CALL:
            yield _site(words[at + 2 : at + length])
        at += length


def _type(words: npt.NDArray[np.uint64]) -> Described:
    address, size, ptr_bytes, packed, name_length, data_length = words[:6].tolist()
    align, field_align, kind, flags = packed.to_bytes(8, "little")[:4]
    name, data = _texts(words[6:], name_length, data_length)
    return Described(
        address, size, ptr_bytes, align, field_align, kind, flags, name.decode("utf-8", "replace"), data
    )


def _site(words: npt.NDArray[np.uint64]) -> Site:
    number, line, name_length, file_length = words[:4].tolist()
    function, file = _texts(words[4:], name_length, file_length)
    named = WRAPPED.sub("", SHAPES.sub("[...]", function.decode("utf-8", "replace")))
    return Site(number, named, file.decode("utf-8", "replace"), line)


def _texts(words: npt.NDArray[np.uint64], one: int, other: int) -> tuple[bytes, bytes]:
    text = words.tobytes()
    return text[:one], text[one : one + other]
