"""Mutants of files: made from a sound one by a seed, so that each can be made again."""

from __future__ import annotations

import io
import json
import math
import tomllib
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from tests.hostile.values import NASTY, changed, planted, spoilt_bytes, written

Mutate = Callable[[Random, bytes], bytes]


def lines_mutant(rng: Random, raw: bytes) -> bytes:
    """Change rows of a file of JSON lines: their values, their order, how often they stand there."""
    rows = raw.decode().splitlines()
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        _change_lines(rng, rows)
    return "".join(f"{row}\n" for row in rows).encode("utf-8", "surrogatepass")


def _change_lines(rng: Random, lines: list[str]) -> None:
    if rng.random() < MOVED:
        _move(rng, lines)
    elif lines:
        at = rng.randrange(len(lines))
        try:
            row, other = json.loads(lines[at]), json.loads(rng.choice(lines))
        except (ValueError, RecursionError):
            return  # an earlier change spoilt it
        lines[at] = written(rng, changed(rng, row, [other]))


def _change_rows(rng: Random, rows: list[Any]) -> None:
    if rng.random() < MOVED:
        _move(rng, rows)
    elif rows:
        at = rng.randrange(len(rows))
        rows[at] = changed(rng, rows[at], rows)


MOVED = 0.4  #: how often rows are moved rather than changed.


def _move(rng: Random, rows: list[Any]) -> None:
    """Take rows out, double one, or let them change places."""
    if not rows:
        return
    one, two = (rng.randrange(len(rows)) for _ in range(2))
    match rng.randrange(5):
        case 0:
            del rows[one]
        case 1:
            rows.insert(two, rows[one])
        case 2:
            rows[one], rows[two] = rows[two], rows[one]
        case 3:
            rows.insert(two, rows.pop(one))
        case 4:
            del rows[one : one + rng.randrange(1, 8)]


def toml_mutant(rng: Random, raw: bytes) -> bytes:
    """Change tables of a scenario: their values, their order, how often they stand there."""
    data = tomllib.loads(raw.decode())
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        tables = [name for name in ("ops", "expect") if data.get(name) and isinstance(data[name], list)]
        if tables and rng.random() < 0.3:
            _change_rows(rng, data[rng.choice(tables)])
        else:
            kept = {"name": data["name"]} if rng.random() < 0.9 and "name" in data else {}
            changed_data = changed(rng, data)
            data = changed_data | kept if isinstance(changed_data, dict) else {"name": changed_data}
    return "".join(f"{json.dumps(str(key))} = {toml(value)}\n" for key, value in data.items()).encode(
        "utf-8", "surrogatepass"
    )


def toml(value: Any) -> str:
    """Write a value as TOML in one line; what TOML has no word for is a date, which JSON has none for."""
    if value is None:
        return "1979-05-27T07:32:00Z"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(str(k))} = {toml(v)}' for k, v in value.items())} }}"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else json.dumps(value)


def archive_mutant(rng: Random, raw: bytes) -> bytes:
    """Change columns of an archive, their headers, or what a column of JSON says: a trace's types, a history's head."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(rng.choice((1, 1, 2, 3))):
        name = rng.choice(list(parts))
        parts[name] = _changed_column(rng, name, parts[name])
        if rng.random() < 0.03:
            del parts[name]
    out = io.BytesIO()
    packing = zipfile.ZIP_DEFLATED if rng.random() < 0.02 else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


TEXTS = ("types.npy", "history.npy")  #: columns that hold JSON.


def _changed_column(rng: Random, name: str, part: bytes) -> bytes:
    chance = rng.random()
    if chance < 0.1:
        return spoilt_bytes(rng, part)
    if chance < 0.25:
        end = part.index(b"\n") + 1 if b"\n" in part else len(part)
        head = bytes(part[:10]) + spoilt_bytes(rng, bytes(part[10:end]))
        return head + part[end:]
    try:
        column = np.lib.format.read_array(io.BytesIO(part), allow_pickle=False)
    except Exception:  # noqa: BLE001  # an earlier change spoilt it
        return spoilt_bytes(rng, part)
    out = io.BytesIO()
    try:
        np.save(out, _changed_types(rng, column) if name in TEXTS else _changed_numbers(rng, column))
    except RuntimeError:  # a column of dates that an earlier change made is no column of texts
        return spoilt_bytes(rng, part)
    return out.getvalue()


def _changed_types(rng: Random, column: Any) -> Any:
    try:
        said = written(rng, changed(rng, json.loads(column.tobytes())))
    except (ValueError, RecursionError):  # an earlier change spoilt it
        said = "{"
    return np.frombuffer(said.encode("utf-8", "surrogatepass"), dtype=np.uint8)


def _changed_numbers(rng: Random, column: Any) -> Any:
    chance, column = rng.random(), column.copy()
    if chance < 0.1:
        return column.astype(rng.choice(("i1", "u8", "f8", "U3", ">i4", "?", "M8[s]")))
    if chance < 0.2:
        return column[: rng.randrange(len(column) + 1)] if column.ndim else column
    if chance < 0.25:
        return column.reshape(1, -1)
    for _ in range(rng.choice((1, 1, 4))):
        if column.ndim == 1 and len(column) and column.dtype.kind in "iu":
            limits = np.iinfo(column.dtype)
            wanted = rng.choice(
                (rng.randrange(20), *(v for v in NASTY if isinstance(v, int)), limits.max, limits.min)
            )
            column[rng.randrange(len(column))] = min(max(int(wanted), limits.min), limits.max)
    return column


#: What a reader may have typed beside the answer.
TYPED = ("9" * 5000, "0x" + "f" * 9000, "_", ",", "٣", "²", "−", " bytes", "0b", "\ud800", "; ", "e9", "\n")


def answer_mutant(rng: Random, raw: bytes) -> bytes:
    """Change what a reader answers."""
    row = json.loads(raw)
    given = rng.choice(NASTY) if rng.random() < 0.4 else changed(rng, row["given"])
    if isinstance(given, str) and rng.random() < 0.5:
        put = rng.choice(TYPED)
        where = rng.randrange(len(given) + 1)
        given = given[:where] + put + given[where:]
    return json.dumps(planted(row, ("given",), given)).encode()


def mutant(mutate: Mutate, seeds: list[bytes], number: int) -> bytes:
    """Return mutant `number` of some sound files: of their structure mostly, sometimes of their bytes."""
    rng = Random(number)  # noqa: S311  # nothing secret
    raw = rng.choice(seeds)
    if mutate is not answer_mutant and rng.random() < 0.15:
        return spoilt_bytes(rng, raw)
    return mutate(rng, raw)
