"""Make a program on which model and Go differ as small as it gets.

First whole arenas are taken away, then operations in halves, quarters and so on down to one, then
types that nothing uses; then hypothesis looks for smaller arguments. A candidate counts when it still
differs, no matter in which fact.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from arenalab.oracle.operations import Op
from arenalab.oracle.program import Program, mended

if TYPE_CHECKING:
    from hypothesis import settings

Differs = Callable[[Program], bool]
EXAMPLES = 30


def shrink(program: Program, differs: Differs, *, seconds: float = 120) -> Program:
    """The smallest program found within about `seconds` on which the two still differ."""
    until = time.monotonic() + seconds
    program = _fewer_arenas(program, differs, until)
    program = _fewer_ops(program, differs, until)
    program = _fewer_types(program, differs)
    program = _smaller_arguments(program, differs, until)
    return _fewer_ops(program, differs, until)


def _fewer_arenas(program: Program, differs: Differs, until: float) -> Program:
    """Without those arenas whose every operation can go."""
    for arena in sorted({op["arena"] for op in program.ops if "arena" in op}, reverse=True):
        if time.monotonic() > until:
            break
        rest = [op for op in program.ops if arena not in (op.get("arena"), op.get("from"), op.get("to"))]
        candidate = replace(program, ops=mended(rest, len(program.types)))
        if differs(candidate):
            program = candidate
    return program


def _fewer_ops(program: Program, differs: Differs, until: float) -> Program:
    size = max(1, len(program.ops) // 2)
    while True:
        shorter = _without_some(program, differs, size, until)
        if shorter is not None:
            program = shorter
        elif size == 1 or time.monotonic() > until:
            return program
        size = max(1, min(size // 2 if shorter is None else size, len(program.ops) // 2))


def _without_some(program: Program, differs: Differs, size: int, until: float) -> Program | None:
    """The program without one stretch of `size` operations, the last such stretch first."""
    for start in range(len(program.ops) - 1, -size, -size):
        if time.monotonic() > until:
            return None
        rest = mended(program.ops[: max(0, start)] + program.ops[max(0, start) + size :], len(program.types))
        if len(rest) < len(program.ops):
            candidate = replace(program, ops=rest)
            if differs(candidate):
                return candidate
    return None


def _fewer_types(program: Program, differs: Differs) -> Program:
    used = sorted({op["type"] for op in program.ops if "type" in op})
    number = {old: new for new, old in enumerate(used)}
    ops = [op | {"type": number[op["type"]]} if "type" in op else op for op in program.ops]
    candidate = replace(program, types=[program.types[old] for old in used], ops=ops, names=())
    return candidate if differs(candidate) else program


def _smaller_arguments(program: Program, differs: Differs, until: float) -> Program:
    """Let hypothesis lower the caps and counts, one after the other."""
    for index, op in enumerate(program.ops):
        for name in ("cap", "n"):
            if op.get(name, 0) > 1 and time.monotonic() < until:
                program = _smaller(program, index, name, differs)
    return program


def _smaller(program: Program, index: int, name: str, differs: Differs) -> Program:
    from hypothesis import find  # noqa: PLC0415  # `arenalab fuzz --help` runs without it
    from hypothesis import strategies as st  # noqa: PLC0415
    from hypothesis.errors import NoSuchExample  # noqa: PLC0415

    def changed(value: int) -> Program:
        ops: list[Op] = [dict(op) for op in program.ops]
        ops[index][name] = value
        return replace(program, ops=ops)

    try:
        least = find(
            st.integers(1, program.ops[index][name]),
            lambda value: differs(changed(value)),
            settings=_quietly(),
        )
    except NoSuchExample:
        return program
    return changed(least)


def _quietly() -> settings:
    from hypothesis import HealthCheck, Phase, settings  # noqa: PLC0415

    return settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


def as_scenario(program: Program, name: str, about: str) -> str:
    """The program as a scenario file, ready to be committed."""
    lines = [f"name = {_toml(name)}", f"about = {_toml(about)}", f'go = ">={program.since}"', "", "[types]"]
    lines += [f"T{number} = {_toml(text)}" for number, text in enumerate(program.types)]
    for op in program.ops:
        lines += ["", "[[ops]]"]
        lines += [f"{key} = {_toml(f'T{value}' if key == 'type' else value)}" for key, value in op.items()]
    return "\n".join(lines) + "\n"


def _toml(value: int | str) -> str:
    return json.dumps(value, ensure_ascii=False)
