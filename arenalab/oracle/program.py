"""What the recorder is asked to do: types and operations, checked before real Go sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arenalab.codec.lines import row_of
from arenalab.errors import ScenarioError, reason
from arenalab.oracle.operations import Checker, Op, arguments_only, line_of
from arenalab.oracle.releases import number_of
from arenalab.scenarios.read import Scenario, read_scenario
from arenalab.scenarios.values import FIRST_GO
from arenalab.world.ops import OPS


@dataclass
class Program:
    """Types and operations that real Go can perform.

    Attributes:
        types: Go type expressions; operations name them by index.
        ops: operations with their arguments, as a recording writes them.
        seed: what the recording's header says of its origin.
        profile: likewise.
        names: the types' names, where they have some.
    """

    types: Sequence[str]
    ops: list[Op]
    seed: str = ""
    profile: str = "operations"
    names: Sequence[str] = field(default=())

    def __post_init__(self) -> None:
        """Refuse what cannot be performed, naming the operation."""
        for text in self.types:
            check_expression(text)
        Checker(len(self.types)).check(self.ops)

    @property
    def since(self) -> str:
        """The first Go that has all its operations."""
        return max((OPS[op["op"]].since for op in self.ops), key=number_of, default=FIRST_GO)

    def declarations(self) -> list[str]:
        """Those named types that other types mention, as Go declarations."""
        named = dict(zip(self.names, self.types, strict=False))
        words = {word for text in self.types for word in re.findall(r"[^\W\d]\w*", text)}
        return [f"{name} {text}" for name, text in named.items() if name in words]

    def text(self, *, every: int, bits: str, pool: Sequence[int] | None = None) -> str:
        """The recorder's input: a snapshot each `every` operations (0: none), `bits` as in the header."""
        indices = range(len(self.types)) if pool is None else pool
        head = [every, bits[0], len(self.types), *indices]
        return "\n".join([" ".join(map(str, head)), *map(line_of, self.ops)]) + "\n"


def mended(ops: Iterable[Op], types: int) -> list[Op]:
    """Leave out the operations that have no meaning after others were taken away."""
    return Checker(types).mend(ops)


_PIECE = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|//|/\*|["`]|[()\[\]{}]')
_CLOSES = {")": "(", "]": "[", "}": "{"}


def check_expression(text: str) -> None:
    """Refuse a text that could close the brackets into which the generated Go file puts it.

    Whether it is a type is the Go compiler's business; that it stays *one* expression is ours,
    since a scenario may come from anywhere.
    """
    if len(text) > 100_000 or not text.strip():
        raise ScenarioError(f"a type expression must have 1 to 100,000 characters, this one has {len(text)}")
    open_brackets: list[str] = []
    for piece in _PIECE.findall(text):
        if piece in "([{":
            open_brackets.append(piece)
        elif piece in _CLOSES:
            if not open_brackets or open_brackets.pop() != _CLOSES[piece]:
                raise ScenarioError(f"unbalanced {piece!r} in the type expression {text[:200]!r}")
        elif piece in ("//", "/*", '"', "`"):
            raise ScenarioError(f"{piece!r} is not allowed in the type expression {text[:200]!r}")
    if open_brackets:
        raise ScenarioError(f"{open_brackets[-1]!r} is never closed in the type expression {text[:200]!r}")


def load_program(path: Path) -> Program:
    """Read a scenario (.toml) or an operation list (JSON lines).

    An operation list holds one JSON object a line: type rows `{"type": k, "expr": "…"}`, then
    operations with their arguments only. A recording is one too: what it observed is ignored.

    Raises:
        ScenarioError: it cannot be read, or makes no sense; the text names the file and the line.
    """
    scenario = read_scenario(path) if path.suffix == ".toml" else None
    try:
        return program_of(scenario) if scenario else parse_operations(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as trouble:
        raise ScenarioError(f"{path}: can't be read ({reason(trouble)})") from trouble
    except ScenarioError as trouble:
        raise ScenarioError(f"{path}: {trouble}") from trouble


def program_of(scenario: Scenario) -> Program:
    """A scenario's types and operations, for real Go; `[[expect]]` is for the tests.

    Raises:
        ScenarioError: real Go can't perform it; the text gives the scenario's own reason.
    """
    if not scenario.recordable:
        raise ScenarioError(f"not recordable: {scenario.reason}")
    number = {name: index for index, name in enumerate(scenario.types)}
    ops = [
        arguments_only(row | ({"type": number[row["type"]]} if "type" in row else {}))
        for row in scenario.rows
    ]
    return Program(list(scenario.types.values()), ops, scenario.name, "scenario", list(scenario.types))


def parse_operations(text: str) -> Program:
    """An operation list's program; see `load_program`."""
    types: list[str] = []
    ops: list[Op] = []
    header: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = row_of(line)
        except ScenarioError as trouble:
            raise ScenarioError(f"line {number}: {trouble}") from None
        if "oracle" in row:
            header = row
        elif "expr" in row:
            if row.get("type") != len(types) or not isinstance(row["expr"], str):
                raise ScenarioError(f"line {number}: types must be numbered 0, 1, 2 …; expected {len(types)}")
            types.append(row["expr"])
        elif "op" in row:
            ops.append(arguments_only(row))
    return Program(types, ops, str(header.get("seed", "")), str(header.get("profile", "operations")))
