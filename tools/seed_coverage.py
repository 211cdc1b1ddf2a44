"""Write docs/seed-coverage.md: every rule of runtime/arena.go, who follows it here, and what proves it.

`python -m tools.seed_coverage` writes the page. A rule is a lifecycle step, a function or a branch of
one. Scenarios say which rules they are about (`shows`); that the rule is really at work in them is
measured: its event must have happened, or its function must have run. A proof is something that real
Go did: the scenario's recording, or a recorded case. Both are asked for in each version that has the rule.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Container, Iterable, Iterator, Sequence
from cProfile import Profile
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import Any

from arenalab.errors import GoThrow
from arenalab.go.mirror import MIRRORED, Mirror
from arenalab.go.versions import NEWEST, VERSIONS
from arenalab.scenarios import Scenario, scenarios
from arenalab.scenarios.run import ENGINES, run
from arenalab.scenarios.values import FIRST_GO, holds_in
from tools.seed_proofs import exists, proofs_of
from tools.seed_rules import AROUND, FUNCTIONS, HOLDS, LATER, LIFECYCLE, UNREACHABLE

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "seed-coverage.md"


@dataclass
class Row:
    """One rule: what it is, who follows it, which scenarios show it, what proves it."""

    key: str
    what: str
    event: str = ""  #: the event that tells it.
    followers: list[str] = field(default_factory=list)  #: our functions.
    scenarios: list[Scenario] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)

    @property
    def versions(self) -> list[str]:
        """The versions of Go that have it."""
        return [version for version in VERSIONS if holds_in(HOLDS.get(self.key, f">={FIRST_GO}"), version)]

    def trouble(self) -> Iterator[str]:
        """Yield what is missing."""
        if not self.followers and not self.event:
            yield f"{self.key}: nothing in the model follows it"
        if not self.scenarios:
            yield f"{self.key}: no scenario shows it"
        if not self.proofs:
            yield f"{self.key}: nothing that real Go did proves it"
        for scenario in self.scenarios:
            if not any(at_work(self, scenario.under(v)) for v in self.versions if scenario.runs_on(v)):
                yield f"{self.key}: {scenario.name} shows it, but there it is not at work"
        if self.scenarios:
            missing = [v for v in self.versions if not is_shown(self, v)]
            yield from (f"{self.key}: nothing that Go {v} did shows it" for v in missing)


def load_mirrors() -> dict[str, list[Mirror]]:
    """Return Go function in arena.go -> our functions that follow it, in some versions or all."""
    for module in ("machine.machine", "go.init_checks", "world.tables"):
        importlib.import_module(f"arenalab.{module}")
    found: dict[str, list[Mirror]] = {}
    for mirror in MIRRORED:
        if mirror.file == "arena.go":
            found.setdefault(mirror.function, []).append(mirror)
    return found


def rows(known: Iterable[Scenario]) -> list[Row]:
    """Return every rule with its scenarios and proofs."""
    mirrors, told = load_mirrors(), list(known)
    made = [Row(key, what, event) for key, (what, event) in (LIFECYCLE | AROUND | LATER).items()]
    for name, (function, branches) in FUNCTIONS.items():
        named = {name: f"`{function}`"} | {f"{name}: {branch}": what for branch, what in branches.items()}
        for row in (Row(key, what) for key, what in named.items()):
            row.followers = [
                m.python for m in mirrors.get(function, []) if any(map(m.holds_in, row.versions))
            ]
            made.append(row)
    for row in made:
        of_branch = f"{row.key}: "
        row.scenarios = [s for s in told if any(k == row.key or k.startswith(of_branch) for k in s.shows)]
        row.proofs = list(dict.fromkeys(proof for s in row.scenarios for proof in proofs_of(s)))
    return made


def problems(known: Iterable[Scenario], some: Container[str] | None = None) -> list[str]:
    """Return what is missing or false: rules without proof, proofs that are not there, unknown rules.

    Of rules, only `some` are looked at where these are named: to perform the scenarios of all takes ten seconds.
    """
    told = list(known)
    table = rows(told)
    keys = {row.key for row in table}
    found = [text for row in table if some is None or row.key in some for text in row.trouble()]
    for scenario in told:
        found += [
            f"{scenario.name}: shows {key!r}, which is no rule" for key in scenario.shows if key not in keys
        ]
        found += [
            f"{scenario.name}: {proof!r} is not there"
            for proof in proofs_of(scenario)
            if not exists(proof, scenario.first)
        ]
    return found


def is_shown(row: Row, version: str) -> bool:
    """Return whether a version's release proves a rule by a scenario in which it is at work under that version."""
    held = (s.under(version) for s in sorted(row.scenarios, key=_weight) if s.runs_on(version))
    return any(
        all(exists(p, version) for p in proofs_of(s)) and at_work(row, s) for s in held if proofs_of(s)
    )


def _weight(scenario: Scenario) -> int:
    """Return about how many values a scenario makes: those that make few are performed first."""
    return sum(int(row.get("n", 1)) + int(row.get("cap", 0)) for row in scenario.rows)


# what is at work in a scenario

_seen: dict[tuple[str, str], tuple[set[str], set[CodeType]]] = {}


def at_work(row: Row, scenario: Scenario) -> bool:
    """Return whether a rule's event happened, or one of its followers ran, in a scenario."""
    happened, ran = observed(scenario)
    return row.event in happened if row.event else any(code_of(name) in ran for name in row.followers)


def observed(scenario: Scenario) -> tuple[set[str], set[CodeType]]:
    """Perform a scenario; return the kinds of its events and the code that ran."""
    key = scenario.name, scenario.version
    if key not in _seen:
        profile = Profile(subcalls=False, builtins=False)
        try:
            events = profile.runcall(run, scenario, ENGINES["step"], after_op=_look).events
        except GoThrow:
            events = []
        ran = {entry.code for entry in profile.getstats() if isinstance(entry.code, CodeType)}
        _seen[key] = {type(event).__name__ for event in events}, ran
    return _seen[key]


def _look(world: Any) -> None:
    """Ask what a reader of statistics would: which chunks are unused."""
    for span in world.spans:
        assert span.unused in (True, False)  # noqa: S101  # asking is the point


def code_of(name: str) -> CodeType:
    """Return the code of one of our functions by its dotted name; a property's is its getter's."""
    module, _, rest = name.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), rest)
    except ModuleNotFoundError:
        module, _, owner = module.rpartition(".")
        found = getattr(getattr(importlib.import_module(module), owner), rest)
    getter: Any = found.fget if isinstance(found, property) else found
    code: CodeType = getter.__code__
    return code


# the page


def page(table: Sequence[Row]) -> str:
    """Return the page as Markdown."""
    parts = [HEAD, "## The lifecycle, step by step\n", *_table([r for r in table if r.key in LIFECYCLE])]
    functions = [row for row in table if row.followers]
    parts += ["## The functions and their branches\n", *_table(functions)]
    parts += ["## Around it: the collector\n", *_table([r for r in table if r.key in AROUND])]
    parts += ["## What later Gos added\n", *_table([r for r in table if r.key in LATER])]
    parts += ["## What no program can reach\n", UNREACHABLE_HEAD]
    parts += [f"| `{text}` | {why} |" for text, why in UNREACHABLE.items()]
    return "\n".join(parts) + "\n"


def _table(table: Iterable[Row]) -> list[str]:
    lines = ["| rule | what | Go | model | scenarios | proof |", "|---|---|---|---|---|---|"]
    for row in table:
        model = (
            f"event {row.event}"
            if row.event
            else ", ".join(f"`{n.removeprefix('arenalab.')}`" for n in row.followers)
        )
        shown = ", ".join(s.name for s in row.scenarios)
        proofs = ", ".join(_brief(row.proofs))
        lines.append(f"| {row.key} | {row.what} | {when(row.versions)} | {model} | {shown} | {proofs} |")
    return [*lines, ""]


def when(versions: Sequence[str]) -> str:
    """Write versions, one after the other, for a reader: "all", "1.21", "1.21 to 1.23", "since 1.22"."""
    first, last = versions[0], versions[-1]
    if last == NEWEST:
        return "all" if first == FIRST_GO else f"since {first}"
    return first if first == last else f"{first} to {last}"


def _brief(proofs: Sequence[str]) -> list[str]:
    """Write recordings that bear their scenario's name as a count, and cases by name."""
    recorded = [proof for proof in proofs if proof.startswith("recordings: ")]
    cases = [f"`{proof}`" for proof in proofs if proof not in recorded]
    return ([f"{len(recorded)} recording{'s' if len(recorded) > 1 else ''}"] if recorded else []) + cases


HEAD = """\
# What of Go's arena.go the model shows, and what proves it

Made by `python -m tools.seed_coverage`; a test compares. A *rule* is a numbered step of the lifecycle
that heads Go 1.21's runtime/arena.go, a function of that file, or a branch of one; what later Gos added stands at the
end. *Go* says which versions have it. Each scenario is a file in arenalab/scenarios; that the rule is at work in it is
measured when it runs: its event must happen, or its function run. That the very branch is taken, the scenario's own
facts say. In each version that has the rule at least one scenario runs in which it is at work, and that version's own
release proves it: by a *recording* of the scenario, or by *cases*, recorded one by one. Recordings are in
tests/data/recordings/scenarios, cases in tests/data/recordings/versions and tests/data/surroundings-releases.jsonl.
"""
UNREACHABLE_HEAD = """\
These throws guard the runtime against itself; real Go can't be made to show them.

| text | why |
|---|---|"""


def main() -> int:
    """Write the page, or say what is missing; return the exit status."""
    missing = problems(scenarios())
    for text in missing:
        print(text)
    if not missing:
        PAGE.write_text(page(rows(scenarios())), encoding="utf-8")
        print(PAGE)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
