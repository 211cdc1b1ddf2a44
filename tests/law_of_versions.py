"""The law of versions: what differs from Go to Go is data, and nobody asks which Go it is.

Numbers stand in `rules/` and `go/versions.py`; a procedure that differs says in its `@mirrors` since when. So a new
Go is a row of data and, where it must be, a second body: nothing else has to be found and changed.
"""

import ast
import operator
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from arenalab import units
from arenalab.go.rules import GoRules
from arenalab.go.versions import VERSIONS
from tests.laws import modules, nodes

HOMES = ("rules/", "go/versions.py")
#: Numbers below it are anything's: a law about 8, 14 or 128 would cry wolf.
DISTINCTIVE = 1000
#: The same number, of another thing.
ANOTHER_THING = {("go/sizeclasses.py", 16_384): "a size class"}
#: Who reads versions for a living: which there are, which range one is in, which toolchain somebody named.
MAY_ASK = ("go/versions.py", "go/mirror.py", "oracle/toolchain.py")
FOLDED = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}
A_VERSION = re.compile(r"(go)?1\.\d\d(\.\d+)?")


def version_numbers() -> set[int]:
    """Return the numbers that differ between versions and are told apart from others by their looks."""
    found: dict[str, set[int]] = {}
    for rules in VERSIONS.values():
        told = {f.name: getattr(rules, f.name) for f in fields(GoRules) if f.init}
        told["usable"] = rules.chunk.usable_bytes
        told["reserve"] = rules.chunk.stride - rules.chunk.usable_bytes
        for name, value in told.items():
            if type(value) is int:
                found.setdefault(name, set()).add(value)
    shared = {value for values in found.values() if len(values) == 1 for value in values}
    differing = {value for values in found.values() if len(values) > 1 for value in values}
    return {value for value in differing - shared if value >= DISTINCTIVE}


def no_number_of_a_version_stands_elsewhere(root: Path) -> list[str]:
    """A number that differs from Go to Go is asked of the rules, in code and in what is shown."""
    numbers = version_numbers()
    written = re.compile("|".join(rf"(?<![\d,])(?:{n}|{n:,})(?![\d,]*\d)" for n in sorted(numbers)))
    return [
        f"{name}:{line}: {what} differs between versions of Go; ask the rules"
        for name, tree in modules(root)
        if not name.startswith(HOMES)
        for line, what in _told(name, tree, numbers, written)
    ]


def _told(
    name: str, tree: ast.Module, numbers: set[int], written: re.Pattern[str]
) -> Iterator[tuple[int, str]]:
    sayings = {id(node.value) for node in nodes(tree, ast.Expr)}  # docstrings
    folded = {
        id(part) for node in nodes(tree, ast.BinOp) if _folded(node) for part in (node.left, node.right)
    }
    for node in nodes(tree, ast.Constant, ast.Name, ast.BinOp):
        if (
            id(node) not in folded
            and (value := _folded(node)) in numbers
            and (name, value) not in ANOTHER_THING
        ):
            yield node.lineno, f"{value:,}"
        text = node.value if isinstance(node, ast.Constant) and id(node) not in sayings else ""
        if isinstance(text, str) and (found := written.search(text)):
            yield node.lineno, f"{found[0]} in a text"


def _folded(node: ast.AST) -> int | None:
    """Return the number that an expression without any name but KiB and MiB stands for."""
    if isinstance(node, ast.Constant):
        return node.value if type(node.value) is int else None
    if isinstance(node, ast.Name):
        return {"KiB": units.KiB, "MiB": units.MiB}.get(node.id)
    if isinstance(node, ast.BinOp) and (fold := FOLDED.get(type(node.op))):
        left, right = _folded(node.left), _folded(node.right)
        return fold(left, right) if left and right else None
    return None


def nobody_asks_for_a_version(root: Path) -> list[str]:
    """No code decides by a version of Go: rules say what differs, `@mirrors` which body is taken."""
    return [
        f"{name}:{_line(node)}: {ast.unparse(node)} asks for a version; let a rule say it, or a second body"
        for name, tree in modules(root)
        if name not in MAY_ASK
        for node in nodes(tree, ast.Compare, ast.match_case, ast.Call)
        if any(_is_version(leaf) for asked in _decided_by(node) for leaf in ast.walk(asked))
    ]


def _line(node: ast.AST) -> int:
    return (node.pattern if isinstance(node, ast.match_case) else node).lineno


def _decided_by(node: ast.AST) -> list[ast.expr]:
    """Return what a comparison, a match or a test of a text's beginning looks at."""
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.match_case):
        return [part for part in ast.walk(node.pattern) if isinstance(part, ast.expr)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return [node.func.value, *node.args] if node.func.attr in {"startswith", "endswith"} else []
    return []


def _is_version(node: ast.AST) -> bool:
    """Return whether an expression is a version, or a part of rules that says one."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and A_VERSION.fullmatch(node.value) is not None
    return isinstance(node, ast.Attribute) and node.attr == "version"
