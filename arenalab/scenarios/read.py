"""Scenario: a small Go program as data (TOML) and what must be true after its operations.

Rules: nothing in a file is trusted; whatever is wrong is one `ScenarioError` that
names file, key and what to do. The format is described in docs/scenarios.md; operations have the
names and arguments of the recording format, so real Go can perform them too.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arenalab.asked import path_of
from arenalab.errors import ScenarioError, TypeTextError, cut, reason, shown
from arenalab.file_kind import MAX_SCENARIO_BYTES, opened
from arenalab.go.mirror import within
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_NEWEST, go_rules, version_of
from arenalab.scenarios.expect import Expect, read_expect
from arenalab.scenarios.lines import Lines, expect_lines
from arenalab.scenarios.turns import BESIDE, check_turns, is_scheduled, turns_of
from arenalab.scenarios.values import (
    first_of,
    go_of,
    holds_in,
    known,
    newest_of,
    refused,
    table,
    tables,
    text,
    texts,
)
from arenalab.units import counted
from arenalab.world.asked import Asked
from arenalab.world.forms import argument_form, asked_keys, kind_named
from arenalab.world.ops import OPS, Op, Rep
from arenalab.world.schedule import Turn

if TYPE_CHECKING:
    from arenalab.go.types import GoType

MAX_OPS = 100_000

KEYS = (
    "name",
    "about",
    "go",
    "shows",
    "recordable",
    "reason",
    "proof",
    "rules",
    "types",
    "ops",
    "expect",
    "litmus",
)
#: Why a litmus program has no recording of the recorder's own.
BY_LITMUS = "what it finds was recorded by the litmus runner"
#: The collector is off unless a scenario says otherwise: every cycle is one that it asks for.
DEFAULT_RULES: dict[str, Any] = {"gogc": -1}
#: How the model tells a cycle; real Go need not be asked for it.
TOLD_ONLY = {"op", "detail"}


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
    litmus: dict[str, Any]  #: [litmus]: the question that it asks; see `scenarios.litmus`.
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

    def __repr__(self) -> str:
        """Return its name and how much there is of it."""
        ops, expects = counted(len(self.rows), "operation"), counted(len(self.expects), "expectation")
        return f"<Scenario {self.name}: {ops}, {expects}>"

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
        with opened(path) as file:
            written = file.read(MAX_SCENARIO_BYTES + 1)
        if len(written) > MAX_SCENARIO_BYTES:
            raise ScenarioError(
                f"{path}: larger than {MAX_SCENARIO_BYTES} bytes; a scenario is a small program"
            )
        written_text = written.decode("utf-8")
        data = tomllib.loads(written_text)
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as trouble:
        raise ScenarioError(f"{path}: can't be read ({reason(trouble)})") from trouble
    except (ValueError, RecursionError) as trouble:  # tomllib hands a number of 5,000 digits to Python
        raise ScenarioError(f"{path}: not TOML: {cut(trouble)}") from trouble
    return parse_scenario(data, str(path), expect_lines(written_text))


def parse_scenario(data: Mapping[str, Any], path: str, lines: Sequence[Lines] = ()) -> Scenario:
    """Check a scenario's tables and return it; `path` and the `lines` of its [[expect]] tables are named in errors.

    Raises:
        ScenarioError: a key is unknown, missing or of the wrong kind.

    """
    known(data, KEYS, path)
    named = Path(path.removesuffix(".gz")).stem
    if data.get("name") != named:
        raise refused(path, "name", data.get("name"), f"the file's own, {named!r}")
    rows, types, go = _rows(data, path), _type_texts(data, path), go_of(data, path)
    litmus, settings = table(data, "litmus", path), table(data, "rules", path)
    recordable, reason = data.get("recordable", not litmus), text(data, "reason", path)
    scenario = Scenario(
        path, named, text(data, "about", path), go, tuple(texts(data, "shows", path)), recordable is not False,
        reason or (BY_LITMUS if litmus else ""), tuple(texts(data, "proof", path)), settings, types,
        rows, _expects(data, len(rows), path, lines), litmus, newest_of(go),
    )  # fmt: skip
    _rules(settings, path, scenario.version)
    _check_rows(scenario)
    _check_recordable(scenario, recordable)
    return scenario


# tables


def _expects(data: Mapping[str, Any], nops: int, path: str, lines: Sequence[Lines]) -> tuple[Expect, ...]:
    rows = tables(data, "expect", path)
    places = lines if len(lines) == len(rows) else [{}] * len(rows)
    return tuple(read_expect(row, nops, path, i, places[i]) for i, row in enumerate(rows))


def _type_texts(data: Mapping[str, Any], path: str) -> dict[str, str]:
    value: dict[str, str] = table(data, "types", path)
    for name, expression in value.items():
        if not name.isidentifier() or not isinstance(expression, str):
            raise refused(path, f"types.{name}", expression, "a Go type expression under a Go name")
    return value


# operations


def _rows(data: Mapping[str, Any], path: str) -> tuple[dict[str, Any], ...]:
    rows = tables(data, "ops", path)
    if len(rows) > MAX_OPS:
        raise ScenarioError(f"{path}: {len(rows)} operations; at most {MAX_OPS}, use rep for many equal ones")
    return tuple(rows)


def _check_rows(scenario: Scenario) -> None:
    """Hold every operation's name and arguments against what there is, before anything runs."""
    check_turns(scenario.rows, scenario.path)
    for index, row in enumerate(scenario.rows):
        if "go_on" in row:
            continue
        try:
            _check_row(scenario, row)
        except ScenarioError as error:
            raise ScenarioError(f"{scenario.path}: ops[{index}]: {error}") from None


def _check_row(scenario: Scenario, row: Mapping[str, Any]) -> None:
    kind = kind_named(row.get("op"))
    form = argument_form(kind)
    form.check_keys(row, ("op", *BESIDE))
    if not within(scenario.first, kind.since):
        raise ScenarioError(f'{kind.name} came with Go {kind.since}; write go = ">={kind.since}"')
    form.check(row, scenario.types)


def _op(row: Mapping[str, Any], types: Mapping[str, GoType], asked: Asked, where: str) -> Op:
    try:
        op = argument_form(kind_named(row["op"])).read(row, types)
        if isinstance(op, Rep):
            asked.add(op.n, op.type)
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {error}") from None
    return op


def _types(texts: Mapping[str, str], path: str) -> dict[str, GoType]:
    """Read the types; each may name the others, as in Go.

    Raises:
        ScenarioError: the text is no Go type; names the file and Go's reason.

    """
    if not texts:
        return {}
    try:
        return _declared("\n".join(f"type {name} {expression}" for name, expression in texts.items()))
    except TypeTextError as trouble:
        name = list(texts)[trouble.line - 1] if 0 < trouble.line <= len(texts) else "?"
        raise ScenarioError(f"{path}: types.{name}: {trouble.reason}") from trouble


@lru_cache(maxsize=256)  # many scenarios declare the same types, and a grammar takes its time
def _declared(declarations: str) -> dict[str, GoType]:
    from arenalab.syntax import types  # noqa: PLC0415  # the grammar's library is an extra

    return types(declarations)


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
        raise refused(where, "recordable", recordable, "true or false")
    if recordable is bool(scenario.reason):
        raise ScenarioError(f"{where}: give a reason with recordable = false, and only then")
    beyond = [f"operation {shown(row['op'])}" for row in rows if OPS[row["op"]].asked is None]
    for row in rows:
        asked = TOLD_ONLY.union(asked_keys(OPS[row["op"]]))
        beyond += [repr(name) for name in row if name not in asked]
    beyond += ["[rules]"] if scenario.settings else []
    if recordable and beyond:
        raise ScenarioError(
            f"{where}: real Go can't be asked for {beyond[0]}; add recordable = false and a reason"
        )
