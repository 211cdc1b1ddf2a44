"""Scenario: a small Go program as data (TOML) and what must be true after its operations.

Laws of this file: nothing in a file is trusted; whatever is wrong is one `ScenarioError` that
names file, key and what to do. The format is described in docs/scenarios.md; operations have the
names and arguments of the recording format, so real Go can perform them too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arenalab.asked import path_of
from arenalab.errors import ScenarioError, TypeTextError, cut, listed, shown
from arenalab.file_kind import MAX_SCENARIO_BYTES
from arenalab.go.mirror import within
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_NEWEST, go_rules, version_of
from arenalab.scenarios.expect import Expect, read_expect
from arenalab.scenarios.turns import BESIDE, check_turns, is_scheduled, turns_of
from arenalab.scenarios.values import first_of, go_of, holds_in, known, newest_of, table, tables, text, texts
from arenalab.world.asked import Asked
from arenalab.world.ops import OPS, Op
from arenalab.world.schedule import Turn

if TYPE_CHECKING:
    from arenalab.go.types import GoType

MAX_OPS = 100_000

KEYS = ("name", "about", "go", "shows", "recordable", "reason", "proof", "rules", "types", "ops", "expect")
#: Field of an operation -> its argument in a scenario or recording.
ARGUMENTS = {"user_arena": "arena", "from_arena": "from", "to_arena": "to"}
#: The collector is off unless a scenario says otherwise: every cycle is one that it asks for.
DEFAULT_RULES: dict[str, Any] = {"gogc": -1}
#: Operations that real Go can be asked for, with their arguments. `detail` is how the model tells a cycle.
RECORDABLE = {
    "new_arena": {"arena"},
    "new": {"arena", "type"},
    "slice": {"arena", "type", "cap"},
    "rep": {"arena", "type", "n"},
    "free": {"arena"},
    "drop": {"arena"},
    "hold": {"hold", "arena"},
    "unhold": {"hold"},
    "link": {"from", "to"},
    "make_weak": {"weak", "object", "offset"},
    "weak_value": {"weak"},
    "gc": {"detail", "finalizers_after"},
    "mark_begin": {"detail"},
    "mark_end": {"finalizers_after"},
    "finish_mark": set(),
    "sweep_step": {"chunk"},
    "run_finalizers": set(),
    "snapshot": set(),
}


@dataclass(frozen=True)
class Scenario:
    """A program, its surroundings, and what must be true after its operations."""

    path: str  #: file it was read from.
    name: str  #: topic-situation-outcome.
    about: str  #: one sentence.
    go: str  #: Go versions it holds for, such as ">=1.21" or "<1.24".
    shows: tuple[str, ...]  #: rules of the runtime that it is about; see docs/seed-coverage.md.
    recordable: bool  #: whether real Go can perform it.
    reason: str  #: why real Go can't; "" when it can.
    proof: tuple[str, ...]  #: recorded cases that show the same, as "errors.jsonl: raw_double_free".
    settings: dict[str, Any]  #: [rules]: what differs from its Go version on linux/amd64 with GOGC off.
    types: dict[str, str]  #: name -> Go type expression.
    rows: tuple[dict[str, Any], ...]  #: operations with their arguments, types by name.
    expects: tuple[Expect, ...]  #: facts, each after one operation; some for some versions of Go only.
    version: (
        str  #: Go version that it is performed under: the newest it holds for, or what `under` was asked for.
    )

    @property
    def first(self) -> str:
        """The first Go version that it holds for."""
        return first_of(self.go)

    @cached_property
    def rules(self) -> GoRules:
        """The rules that it runs under."""
        return _rules(self.settings, self.path, self.version)

    @cached_property
    def ops(self) -> tuple[Op, ...]:
        """Its operations, ready for a Machine. Reads its types, which needs the `types` extra."""
        types, asked = _types(self.types, self.path), Asked()
        rows = [(i, row) for i, row in enumerate(self.rows) if "op" in row]
        return tuple(_op(row, types, asked, f"{self.path}: ops[{i}]") for i, row in rows)

    @property
    def scheduled(self) -> bool:
        """Whether its rows are turns of several goroutines."""
        return is_scheduled(self.rows)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Its rows as turns, ready for `Machine.take`."""
        return tuple(turns_of(self.rows, self.ops))

    @property
    def stops(self) -> tuple[str, ...]:
        """For each operation the kind of event at which it pauses for the next one, "" for most."""
        return tuple(row.get("until", "") for row in self.rows)

    def runs_on(self, version: str) -> bool:
        """Return whether it holds for a Go version such as "1.21"."""
        return holds_in(self.go, version)

    def under(self, version: str) -> Scenario:
        """Return the same program under another version of Go.

        Raises:
            ScenarioError: it says nothing of that version, or the version is not modelled.

        """
        version = version_of(version)
        if not self.runs_on(version):
            raise ScenarioError(f"{self.path}: go is {shown(self.go)}, so it says nothing of Go {version}")
        return replace(self, version=version)

    @property
    def expected(self) -> tuple[Expect, ...]:
        """The facts that are expected under its version."""
        return tuple(expect for expect in self.expects if holds_in(expect.go, self.version))

    def __str__(self) -> str:
        """Return the name, as a test's id."""
        return self.name


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario file.

    Raises:
        ScenarioError: it cannot be read or makes no sense; names file, key and what to do.

    """
    path = path_of("path", path)
    try:
        if path.stat().st_size > MAX_SCENARIO_BYTES:
            raise ScenarioError(
                f"{path}: larger than {MAX_SCENARIO_BYTES} bytes; a scenario is a small program"
            )
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as trouble:
        raise ScenarioError(f"cannot read {path}: {trouble}") from trouble
    except (ValueError, RecursionError) as trouble:  # tomllib hands a number of 5,000 digits to Python
        raise ScenarioError(f"{path}: not TOML: {cut(trouble)}") from trouble
    return parse_scenario(data, str(path))


def parse_scenario(data: Mapping[str, Any], path: str) -> Scenario:
    """Check a scenario's tables and return it; `path` is named in errors.

    Raises:
        ScenarioError: a key is unknown, missing or of the wrong kind.

    """
    known(data, KEYS, path)
    named = Path(path).stem
    if data.get("name") != named:
        raise ScenarioError(f"{path}: name must be the file's own, {named!r}, not {shown(data.get('name'))}")
    rows, types, go = _rows(data, path), _type_texts(data, path), go_of(data, path)
    recordable, settings = data.get("recordable", True), table(data, "rules", path)
    scenario = Scenario(
        path, named, text(data, "about", path), go, texts(data, "shows", path),
        recordable is not False, text(data, "reason", path), texts(data, "proof", path), settings, types,
        rows, _expects(data, len(rows), path), newest_of(go),
    )  # fmt: skip
    _rules(settings, path, scenario.version)
    _check_rows(scenario)
    _check_recordable(scenario, recordable)
    return scenario


# tables


def _expects(data: Mapping[str, Any], nops: int, path: str) -> tuple[Expect, ...]:
    rows = enumerate(tables(data, "expect", path))
    return tuple(read_expect(row, nops, f"{path}: expect[{index}]") for index, row in rows)


def _type_texts(data: Mapping[str, Any], path: str) -> dict[str, str]:
    value = table(data, "types", path)
    for name, expression in value.items():
        if not name.isidentifier() or not isinstance(expression, str):
            raise ScenarioError(f"{path}: types.{name} must be a Go type expression under a Go name")
    return value


# operations


def _rows(data: Mapping[str, Any], path: str) -> tuple[dict[str, Any], ...]:
    rows = tables(data, "ops", path)
    if len(rows) > MAX_OPS:
        raise ScenarioError(f"{path}: {len(rows)} operations; at most {MAX_OPS}, use rep for many equal ones")
    return tuple(rows)


def arguments_of(kind: type[Op]) -> dict[str, Any]:
    """Return an operation's arguments as a scenario writes them: name -> dataclass field."""
    return {ARGUMENTS.get(field.name, field.name): field for field in fields(kind)}


def _check_rows(scenario: Scenario) -> None:
    """Hold every operation's name and arguments against what there is, before anything runs."""
    check_turns(scenario.rows, scenario.path)
    for index, row in enumerate(scenario.rows):
        where = f"{scenario.path}: ops[{index}]"
        if "go_on" in row:
            continue
        if text(row, "op", where) not in OPS:
            raise ScenarioError(f"{where}: op is {shown(row.get('op'))}; there is {listed(OPS)}")
        wanted = arguments_of(OPS[row["op"]])
        known(row, ("op", *BESIDE, *wanted), where)
        if not within(scenario.first, since := OPS[row["op"]].since):
            raise ScenarioError(f'{where}: {row["op"]} came with Go {since}; write go = ">={since}"')
        for name, field in wanted.items():
            if name not in row and field.default is MISSING:
                raise ScenarioError(f"{where}: {row['op']} needs {name}")
            if name in row:
                _check_argument(row, name, field, scenario, where)


def _check_argument(
    row: Mapping[str, Any], name: str, field: Field[Any], scenario: Scenario, where: str
) -> None:
    value = row[name]
    if field.type == "GoType":
        if not isinstance(value, str) or value not in scenario.types:
            there = listed(scenario.types, value)
            raise ScenarioError(f"{where}: type {shown(value)} is not in [types]; there is {there}")
        return
    try:
        field.metadata["kind"].taken(name, tuple(value) if isinstance(value, list) else value)
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {error}") from None


def _op(row: Mapping[str, Any], types: Mapping[str, GoType], asked: Asked, where: str) -> Op:
    values: dict[str, Any] = {}
    for name, field in arguments_of(OPS[row["op"]]).items():
        if name in row:
            value = types[row[name]] if field.type == "GoType" else row[name]
            values[field.name] = tuple(value) if isinstance(value, list) else value
    try:
        if row["op"] == "rep":
            asked.add(values["n"], values["type"])
        return OPS[row["op"]](**values)
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {error}") from None


def _types(texts: Mapping[str, str], path: str) -> dict[str, GoType]:
    """Read the types; each may name the others, as in Go.

    Raises:
        ScenarioError: the text is no Go type; names the file and Go's reason.

    """
    if not texts:
        return {}
    from arenalab.syntax import types  # noqa: PLC0415  # the grammar's library is an extra

    try:
        return types("\n".join(f"type {name} {expression}" for name, expression in texts.items()))
    except TypeTextError as trouble:
        name = list(texts)[trouble.line - 1] if 0 < trouble.line <= len(texts) else "?"
        raise ScenarioError(f"{path}: types.{name}: {trouble.reason}") from trouble


# surroundings


def _rules(settings: Mapping[str, Any], path: str, version: str) -> GoRules:
    """Return a Go version's rules with a scenario's settings.

    Raises:
        ScenarioError: a setting that GoRules has not, or of the wrong kind.

    """
    known(settings, GO_NEWEST.settings(), f"{path}: rules")
    platform: dict[str, Any] = {
        name: text(settings, name, f"{path}: rules") for name in ("goos", "goarch") if name in settings
    }
    version = text(settings, "version", f"{path}: rules") or version
    try:
        return replace(go_rules(version, **platform), **DEFAULT_RULES | dict(settings))
    except ScenarioError as error:
        raise ScenarioError(f"{path}: rules.{error}") from None


def _check_recordable(scenario: Scenario, recordable: Any) -> None:
    """Refuse a scenario that hides that, or why, real Go can't perform it."""
    where, rows = scenario.path, [row for row in scenario.rows if "op" in row]
    if not isinstance(recordable, bool):
        raise ScenarioError(f"{where}: recordable must be true or false, not {shown(recordable)}")
    if recordable is bool(scenario.reason):
        raise ScenarioError(f"{where}: give a reason with recordable = false, and only then")
    beyond = [f"operation {shown(row['op'])}" for row in rows if row["op"] not in RECORDABLE]
    for row in rows:
        asked = {"op", *RECORDABLE.get(row["op"], row)}
        beyond += [repr(name) for name in row if name not in asked]
    beyond += ["[rules]"] if scenario.settings else []
    if recordable and beyond:
        raise ScenarioError(
            f"{where}: real Go can't be asked for {beyond[0]}; add recordable = false and a reason"
        )
