"""What came of one file that `arenalab check` was given, and how it is found out: here or in another process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from arenalab.errors import ArenaLabError, ScenarioError
from arenalab.file_kind import EXECUTION, HISTORY, RECORDING, SCENARIO, TRACE, known_kind
from arenalab.scenarios.read import Scenario, read_scenario
from arenalab.scenarios.run import checked
from arenalab.truth.check import Steps, check
from arenalab.truth.recording import load_recording
from arenalab.truth.report import Report
from arenalab.units import counted

NOTHING_OF_GO = {
    HISTORY: "a saved history is what the model did and holds no fact of real Go; `arenalab lab {path}` shows it",
    TRACE: "a trace is a program and holds no fact of real Go; `arenalab lab {path}` shows it",
    EXECUTION: "an execution trace holds no arenas to compare; `arenalab trace {path}` reads it",
}
AGREES, DIFFERS, UNREAD = "agrees", "differs", "unread"
Watch = Callable[[str], Steps]


@dataclass(frozen=True)
class How:
    """How files are compared."""

    in_bulk: bool = True  #: solve long runs at once, certified.
    real: bool = False  #: perform scenarios in real Go, too.
    go: str | None = None  #: which Go then; "all" is one of each release line.


@dataclass
class Outcome:
    """What came of one file."""

    path: str
    kind: str = ""  #: "recording" or "scenario", "" for what can't be read.
    trouble: str = ""  #: why it can't be read.
    told: list[str] = field(default_factory=list)  #: the first difference, remarks, broken expectations.
    line: str = ""  #: the one line that says it all.
    report: Report | None = None  #: of real Go beside the model; without the differences themselves.
    expected: int = 0  #: facts that a scenario expects,
    broken: int = 0  #: and those that do not hold.

    @property
    def result(self) -> str:
        """Return "agrees", "differs" or "unread"."""
        if self.trouble:
            return UNREAD
        compared = self.report is None or self.report.ok
        return AGREES if compared and not self.broken else DIFFERS

    def facts(self) -> dict[str, Any]:
        """Return it as JSON data."""
        report = self.report or Report()
        real = {"operations": report.operations, "facts": report.facts, "differences": report.different}
        scenario = {"expectations": self.expected, "broken": self.broken} if self.kind == SCENARIO else {}
        return {
            "file": self.path, "kind": self.kind, "result": self.result,
            **({} if self.report is None else real | {"skipped": dict(report.skipped)}),
            **scenario, "told": self.told, "error": self.trouble,
        }  # fmt: skip


def outcome_of(path: Path, how: How, watch: Watch = lambda _: iter) -> Outcome:
    """Compare one file; `watch("rows")` hands on what is compared: a progress bar, say. Raises nothing but bugs."""
    try:
        return _outcome(path, how, watch)
    except (ArenaLabError, OSError) as trouble:
        text = str(trouble)
        return Outcome(str(path), trouble=text if str(path) in text else f"{path}: {text}")


def _outcome(path: Path, how: How, watch: Watch) -> Outcome:
    kind = SCENARIO if path.suffix == ".toml" else known_kind(path)
    if kind in NOTHING_OF_GO:
        raise ScenarioError(f"{path}: {NOTHING_OF_GO[kind].format(path=path)}")
    if kind == SCENARIO:
        return _of_scenario(path, how, watch)
    if path.is_dir():
        raise ScenarioError(f"{path}: holds no recording and no scenario, at any depth")
    if not kind and not looks_like_rows(path):
        raise ScenarioError(f"{path}: neither a recording (`arenalab record` makes one) nor a scenario")
    report = check(load_recording(path), in_bulk=how.in_bulk, steps=watch("rows"))
    line = report.summary()
    return Outcome(str(path), RECORDING, told=report.lines()[:-1], line=line, report=_light(report))


def looks_like_rows(path: Path) -> bool:
    """Return whether a file may be rows of JSON, even if there is no telling which or they are cut off."""
    with path.open("rb") as file:
        return file.read(1) in {b"{", b""}


def _light(report: Report) -> Report:
    """Return a report without what may be large and can't go to another process."""
    return replace(report, differences=[])


# scenarios


def _of_scenario(path: Path, how: How, watch: Watch) -> Outcome:
    scenario = read_scenario(path)
    made = Outcome(str(path), SCENARIO)
    if how.real:
        _in_real_go(made, scenario, how, watch)
    else:
        _expectations(made, scenario)
        made.line = f"a scenario, no real Go in it: {_held(made)}"
    return made


def _expectations(made: Outcome, scenario: Scenario) -> None:
    """Hold a scenario against what it expects in the model."""
    complaints = checked(scenario)
    made.expected += len(scenario.expected)
    made.broken += len(complaints)
    made.told += complaints


def _held(made: Outcome) -> str:
    return f"{counted(made.expected, 'expectation')}, {made.broken:,} broken"


def _in_real_go(made: Outcome, scenario: Scenario, how: How, watch: Watch) -> None:
    """Perform a scenario in real Go, the model beside it, and check both against its [[expect]] tables.

    The model's run bears the expectations out, and real Go's is compared with it fact by fact.
    """
    from arenalab.oracle.real_scenario import in_real_go, performers  # noqa: PLC0415  # real Go is needed only here

    if not scenario.recordable:
        _expectations(made, scenario)
        made.line = f"a scenario: {_held(made)}; real Go can't perform it: {scenario.reason}"
        return
    made.report, names = Report(), []
    for go in performers(scenario, how.go):
        _expectations(made, scenario.under(go.minor))
        report = check(in_real_go(scenario, go), in_bulk=how.in_bulk, steps=watch(f"rows of {go.version}"))
        made.told += [f"{go.version}: {line}" for line in report.lines()[:-1]]
        made.report.add(_light(report))
        names.append(go.version)
    made.line = f"a scenario: {_held(made)}; in real Go ({', '.join(names)}): {made.report.summary()}"


# totals


@dataclass
class Totals:
    """What came of all files."""

    report: Report = field(default_factory=Report)
    files: Counter[str] = field(default_factory=Counter)  #: kind -> files that could be read.
    results: Counter[str] = field(default_factory=Counter)  #: result -> files.
    broken: int = 0  #: scenarios of which an expectation is broken.

    def add(self, outcome: Outcome) -> None:
        """Count a file."""
        self.results[outcome.result] += 1
        if outcome.kind:
            self.files[outcome.kind] += 1
        self.broken += bool(outcome.broken)
        if outcome.report is not None:
            self.report.add(outcome.report)

    @property
    def _compared(self) -> bool:
        """Whether the summary is about facts of real Go: there are some, or nothing else."""
        return bool(self.report.facts or not self.files[SCENARIO])

    def summary(self) -> str:
        """Return the line about all files."""
        return "; ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        yield counted(sum(self.results.values()), "file")
        if self._compared:
            yield self.report.summary()
        if self.files[SCENARIO]:
            yield f"scenarios: {self.files[SCENARIO] - self.broken} of {self.files[SCENARIO]} hold"
        if self.results[UNREAD]:
            yield f"files that can't be checked: {self.results[UNREAD]}"

    def facts(self) -> dict[str, Any]:
        """Return them as JSON data."""
        return {
            "files": sum(self.results.values()),
            **{name: self.results[name] for name in (AGREES, DIFFERS, UNREAD)},
            "operations": self.report.operations, "facts": self.report.facts,
            "differences": self.report.different, "skipped": dict(self.report.skipped),
            "scenarios": self.files[SCENARIO], "scenarios broken": self.broken,
        }  # fmt: skip

    def status(self, *, real: bool = False) -> int:
        """Return the exit status: 2 when a file could not be read, 1 when something differs, else 0.

        Where scenarios were to be performed in real Go (`real`) and none could be, nothing was compared: 1, too.
        """
        if self.results[UNREAD]:
            return 2
        nothing = (real or self._compared) and not self.report.ok
        return int(bool(self.results[DIFFERS]) or nothing)
