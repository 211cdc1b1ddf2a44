"""Values that somebody may have put into a file: nasty ones, and changes to what stands there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

#: Of every kind that JSON knows, at every edge that Go, numpy and Python know.
NASTY: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 3, 7, 8, 63, 64, 255, 256, 4095, 8192, 65_535, 65_536, 10**6, 8 * 2**20,
    2**31 - 1, 2**31, -(2**31) - 1, 2**32, 2**47, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64 - 1, 2**64,
    10**30, 0.5, 1.0, -0.0, 1e308, float("nan"), float("inf"), float("-inf"),
    "", "0", "-1", "0x", "0x40c000000000", "NaN", "a" * 3000, "\ud800", "\x00", "<script>alert(1)</script>", "int",
    "*T", "[4]*int", "[9223372036854775807]*int", "struct{", "ff" * 40, "scan_swept", "new", "ReusePut",
    [], [0], [-1], [None], [[]], [0] * 200, [2**64], ["a", 1], list(range(20)), {}, {"a": 1}, {"0": {}}, {"": []},
    {"expr": "int", "size": -1}, {"op": "new"},
)  # fmt: skip

Way = tuple[Any, ...]  #: keys and positions that lead to a value.


def ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """Yield the way to every value in a value, itself first; of a long list only the first twenty."""
    yield way
    inner = (
        value.items() if isinstance(value, dict) else enumerate(value[:20]) if isinstance(value, list) else ()
    )
    for key, part in inner:
        yield from ways(part, (*way, key))


def at(value: Any, way: Way) -> Any:
    """Return what stands at the end of a way."""
    for key in way:
        value = value[key]
    return value


def planted(value: Any, way: Way, new: Any) -> Any:
    """Return a copy in which something else stands at the end of a way."""
    if not way:
        return new
    copy = value.copy()
    copy[way[0]] = planted(value[way[0]], way[1:], new)
    return copy


def nasty(rng: Random, old: Any) -> Any:  # noqa: PLR0911  # one case per kind of value
    """Return something else for a value: mostly one of its own kind, which must be looked at to be refused."""
    if rng.random() < 0.35:
        return rng.choice(NASTY)
    if isinstance(old, bool):
        return not old
    if isinstance(old, int):
        return rng.choice(
            (old + 1, old - 1, -old, old * 2, old // 2, old + 8, old ^ 1 << rng.randrange(64), 0)
        )
    if isinstance(old, str):
        at_ = rng.randrange(len(old) + 1)
        return rng.choice(
            (old[:at_], old[at_:], old + old, old[:at_] + rng.choice("09f-x\ud800[]*") + old[at_ + 1 :])
        )
    if isinstance(old, list) and old:
        return rng.choice((old[:-1], old[1:], old + old, old[::-1], [old], old * 30))
    if isinstance(old, dict) and old:
        gone = rng.choice(list(old))
        return {key: value for key, value in old.items() if key != gone}
    return rng.choice(NASTY)


def changed(rng: Random, value: Any, others: list[Any] = []) -> Any:  # noqa: B006  # only read
    """Return a value with something else in one place; `others` are rows to borrow from."""
    way = rng.choice(list(ways(value)))
    if others and way and rng.random() < 0.3:
        other = rng.choice(others)
        if isinstance(other, dict) and way[0] in other:
            return planted(value, way[:1], other[way[0]])
    new = nasty(rng, at(value, way))
    if isinstance(value, dict) and rng.random() < 0.05:
        return value | {rng.choice(("op", "event", "type", "chunk", "n", "\ud800", "")): rng.choice(NASTY)}
    return planted(value, way, new)


def written(rng: Random, value: Any) -> str:
    """Write a value as JSON, now and then with a key twice, nested deep, or a number of many digits."""
    text = json.dumps(value)
    chance = rng.random()
    if chance < 0.01:
        return "[" * 5000 + text
    if chance < 0.02:
        return text.replace("0", "1" * rng.choice((30, 400, 5000)), 1)
    if chance < 0.03 and text.startswith("{"):
        return text[:-1] + "," + text[1:]
    if chance < 0.04 and isinstance(value, dict) and value:
        key = rng.choice(list(value))
        return text[:-1] + f", {json.dumps(key)}: {json.dumps(rng.choice(NASTY))}}}"
    return text


def spoilt_bytes(rng: Random, raw: bytes) -> bytes:
    """Return bytes that are not quite the same: flipped, cut, doubled, with others put in."""
    data, where = bytearray(raw), rng.randrange(max(1, len(raw)))
    match rng.randrange(6):
        case 0:
            return bytes(data[:where])
        case 1:
            return bytes(data[:where] + data[min(len(raw), where + rng.randrange(1, 40)) :])
        case 2:
            part = data[where : where + rng.randrange(1, 200)]
            return bytes(data[:where] + part + data[where:])
        case 3:
            put = rng.choice(
                (b"\x00", b"\xff", b"\xed\xa0\x80", b"[" * 3000, b"9" * 5000, b"\r\n", b'"', b"{}", b"NaN")
            )
            return bytes(data[:where] + put + data[where:])
    for _ in range(rng.choice((1, 1, 2, 8))):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)
