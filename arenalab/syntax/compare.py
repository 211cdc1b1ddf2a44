"""A recording's type row against the type its own expression makes here, fact by fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from arenalab.errors import TypeTextError
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.syntax import type_of

_PLAIN = (
    "size", "align", "fieldalign", "ptrbytes", "kind", "rawkind", "tflag", "gcprog", "ondemand", "prog",
    "offsets", "array",
)  # fmt: skip
_MASK = ("n", "ones", "sha256", "hex")


class TypeFact(NamedTuple):
    """One fact of a type row: what real Go said and what the model says."""

    expr: str
    name: str  #: the row's key; "ptrmask.ones" for a part of the mask
    real: Any
    model: Any

    @property
    def agrees(self) -> bool:
        """Whether the two are the same."""
        return bool(self.real == self.model)

    def __str__(self) -> str:
        """Return the fact with both sides; of two bit masks, the first word that differs."""
        expr, real, model = _shown(self.expr), _shown(self.real), _shown(self.model)
        if self.name == "ptrmask.hex":
            word = _first_difference(str(self.real), str(self.model))
            where = "" if word is None else f", which first differ at word {word}"
            return f"type {expr}: pointer mask{where}: {real} in real Go, {model} in the model"
        return f"type {expr}: {self.name} is {real} in real Go, {model} in the model"


def compare_row(row: Mapping[str, Any], rules: GoRules, declarations: str = "") -> list[TypeFact]:
    """Return the facts of a type row in which the model differs from it, none when all agree.

    Args:
        row: a type row as recordings have it; keys it lacks are not compared, unknown ones ignored.
        declarations: Go `type` declarations that the row's expression may use.
        rules: the compiler's.

    """
    return [fact for fact in row_facts(row, rules, declarations) if not fact.agrees]


def row_facts(row: Mapping[str, Any], rules: GoRules, declarations: str = "") -> list[TypeFact]:
    """Return every fact of a type row beside the model's; an expression that cannot be read is one."""
    expr = row.get("expr")
    try:
        made = type_of(expr, declarations, rules=rules)  # type: ignore[arg-type]  # anything but a text is refused
    except TypeTextError as error:
        return [TypeFact(str(expr), "expr", expr, f"unreadable: {error}")]
    return [
        TypeFact(made.expr, "expr", _squeezed(str(expr)), _squeezed(made.expr)),
        *facts_against(row, made),
    ]


def facts_against(row: Mapping[str, Any], made: GoType) -> Iterator[TypeFact]:
    """Yield what a row says about a type, its expression aside, beside what `made` is."""
    said = row.get("ptrmask")
    said = said if isinstance(said, Mapping) else {}
    shown = said.get("hex")
    mine = made.to_row(hex_up_to_bits=4 * len(shown) if isinstance(shown, str) else 0)
    for name in _PLAIN:
        if name in row:
            yield TypeFact(made.expr, name, row[name], mine.get(name, False))
    for name in _MASK:
        if name in said:
            yield TypeFact(made.expr, f"ptrmask.{name}", said[name], mine["ptrmask"].get(name, "not shown"))


def _squeezed(expr: str) -> str:
    """Drop what blanks mean nothing: Go's printers differ in them."""
    return "".join(expr.split())


def _first_difference(real: str, model: str) -> int | None:
    """Return the first bit in which two hexadecimal masks differ, None when one is no such text."""
    try:
        pairs = enumerate(zip(bytes.fromhex(real), bytes.fromhex(model), strict=False))
    except ValueError:
        return None
    for i, (one, other) in pairs:
        differ = one ^ other
        if differ:
            return 8 * i + f"{differ:08b}"[::-1].index("1")
    return 4 * min(len(real), len(model))


def _shown(value: Any) -> str:
    shown = value if isinstance(value, str) else repr(value)
    return shown if len(shown) <= 120 else shown[:117] + "..."
