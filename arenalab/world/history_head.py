"""What the head of a saved history says, whichever form the file has: rules, cycles, remarks, and its types' rows."""

from __future__ import annotations

from typing import Any, get_args

from arenalab.errors import ArenaLabError, ArgumentError, HistoryError, ScenarioError, cut, shown
from arenalab.go.rules import GoRules
from arenalab.go.type_layout import laid_out
from arenalab.go.types import GoType
from arenalab.world.timeline import Cycles, Timeline

MOST_REMARKS = 10


def head_of(history: Timeline) -> dict[str, Any]:
    """Return what the head of a history's file says, but for its format."""
    said = {"remarks": list(history.remarks)} if history.remarks else {}
    return {"rules": history.rules.settings(), "cycles": history.cycles, **said}


class FileTypes:
    """The types of a file, numbered as they come.

    An operation may have been given a type as another Go lays it out. What the file holds is laid out under its own
    rules: read back, a type's parts are not known, and no program could be written from it.
    """

    def __init__(self, rules: GoRules) -> None:
        """Begin without any."""
        self.rules = rules
        self.numbers: dict[GoType, int] = {}

    def number(self, go_type: GoType) -> int:
        """Return a type's number; one that is new gets the next."""
        return self.numbers.setdefault(laid_out(go_type, self.rules), len(self.numbers))


def rules_of(row: dict[str, Any], where: str, formats: tuple[int, ...]) -> GoRules:
    """Return the rules of a history of one of some formats."""
    if row.get("arenalab_history") not in formats or not isinstance(row.get("rules"), dict):
        raise HistoryError(f"{where}: not a history of format {formats[0]}")
    try:
        return GoRules(**row["rules"])
    except ScenarioError as error:
        raise HistoryError(f"{where}: rules.{cut(error)}") from None
    except TypeError as error:
        raise HistoryError(f"{where}: rules that this version doesn't know ({cut(error)})") from None


def remarks_of(row: dict[str, Any], where: str) -> tuple[str, ...]:
    """Return what must be said of the history wherever it is shown."""
    given = row.get("remarks", [])
    if (
        not isinstance(given, list)
        or len(given) > MOST_REMARKS
        or not all(isinstance(each, str) for each in given)
    ):
        expected = f"a list of at most {MOST_REMARKS} texts"
        raise HistoryError(f"{where}: {ArgumentError('remarks', given, expected)}")
    return tuple(given)


def cycles_of(row: dict[str, Any], where: str) -> Cycles:
    """Return what became of cycles that allocations started; before format 2 they were held."""
    cycles: Cycles = row.get("cycles", "held")
    if cycles not in get_args(Cycles):
        expected = f"one of: {', '.join(get_args(Cycles))}"
        raise HistoryError(f"{where}: {ArgumentError('cycles', cycles, expected)}")
    return cycles


def type_of_row(row: dict[str, Any], where: str) -> GoType:
    """Return the type in a row."""
    if "expr" not in row:
        raise HistoryError(f"{where}: neither type, op nor event (keys {shown(sorted(row))})")
    try:
        return GoType.from_row(row)
    except (ArenaLabError, ValueError) as error:
        raise HistoryError(f"{where}: {cut(error)}") from None
