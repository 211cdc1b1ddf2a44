"""Write docs/versions.md: what changed from Go 1.21 to the newest, rule by rule, and which scenario shows it.

`python -m tools.version_changes` writes the page; with `--count` it first counts anew how many facts of the
recordings of each release the model agrees with. What a scenario shows is measured: it must fail when the rule
is put back to what it was before, or, for a procedure, run that very body.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from arenalab.errors import ScenarioError
from arenalab.go.mirror import MIRRORED, Mirror
from arenalab.go.versions import CHANGES, EXPERIMENTS, VERSIONS
from arenalab.scenarios import Scenario, load_scenario, scenarios
from arenalab.scenarios.run import broken, engine_for, perform
from tools.record_scenarios import recorded_by, report_of
from tools.seed_coverage import code_of, load_mirrors, observed
from tools.version_rules import BODIES, DERIVED, EXPERIMENTS_HEAD, EXPERIMENTS_TOLD, PROOFS, RULES

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "versions.md"
TALLY = ROOT / "tests" / "data" / "version-tally.json"
RECORDINGS = ROOT / "tests" / "data" / "recordings" / "versions"
RELEASES = {version: release for version, (release, _) in CHANGES.items()}


def changes() -> Iterator[tuple[str, str]]:
    """Yield (version, rule) for each rule that a version changed."""
    for version, (_, changed) in CHANGES.items():
        yield from ((version, name) for name in changed)


def before(version: str) -> str:
    """Return the version before another."""
    known = list(VERSIONS)
    return known[known.index(version) - 1]


def bodies() -> list[Mirror]:
    """Return the procedures that not all versions share, by Go's file, function and version."""
    load_mirrors()
    known = list(VERSIONS)
    found = [m for m in MIRRORED if m.until or m.since != known[0]]
    return sorted(found, key=lambda m: (m.file, m.function, known.index(m.since)))


# what is missing or false


def problems() -> list[str]:
    """Return what is missing or false: changes that no scenario shows, scenarios that don't show theirs."""
    return [*_of_rules(), *_of_bodies()]


def _of_rules() -> Iterator[str]:
    for version, name in changes():
        _, shown = RULES.get(name, ("", {}))
        if version not in shown:
            yield f"{name}: nobody says which scenario shows what changed in {version}"
        elif (scenario := shown[version]) is None:
            if name not in PROOFS:
                yield f"{name}: neither a scenario nor a proof"
        elif not shows(load_scenario(scenario), version, name):
            yield f"{name}: {scenario} holds in {version} also with the rule as it was before"


def shows(scenario: Scenario, version: str, name: str) -> bool:
    """Return whether a scenario fails in a version whose rule `name` is put back to what it was before.

    Where the bits lie can't be put back alone, since procedures go by it: then all rules are.
    """
    asked, old = scenario.under(version), getattr(VERSIONS[before(version)], name)
    engine = engine_for(asked)
    try:
        history = perform(
            replace(asked, settings=asked.settings | {name: old}), engine, after_op=lambda _: None
        )
    except ScenarioError:
        history = perform(scenario.under(before(version)), engine, after_op=lambda _: None)
    return bool(broken(asked, history, unseen=engine.unseen))


def _of_bodies() -> Iterator[str]:
    for mirror in bodies():
        name = BODIES.get((mirror.function, mirror.since))
        if name is None:
            yield f"{mirror.python}: nobody says which scenario runs it"
        elif code_of(mirror.python) not in observed(load_scenario(name).under(mirror.since))[1]:
            yield f"{mirror.python}: {name} doesn't run it in Go {mirror.since}"


# the tally


def counted(release: str, name: str) -> tuple[int, int]:
    """Return (facts compared, differences) of a recording of a release."""
    report = report_of(gzip.decompress((RECORDINGS / f"go{release}-{name}.jsonl.gz").read_bytes()).decode())
    return report.facts, report.different


def counted_scenarios(version: str) -> dict[str, int]:
    """Return how many scenarios a version's release recorded and can't record, facts compared, differences."""
    texts = recorded_by(version)
    reports = [report_of(text) for text in texts.values()]
    facts, different = sum(r.facts for r in reports), sum(r.different for r in reports)
    return {"recorded": len(texts), "left_out": left_out(version), "facts": facts, "differences": different}


def left_out(version: str) -> int:
    """Return how many scenarios that hold for a version real Go can't be asked for."""
    return sum(scenario.runs_on(version) and not scenario.recordable for scenario in scenarios())


def count() -> None:
    """Compare all recordings of all releases, and store how many facts that were."""
    stored = json.loads(TALLY.read_text(encoding="utf-8")) if TALLY.exists() else {"runs": []}
    stored["recordings"] = {
        release: {name: counted(release, name) for name in recordings_of(release)}
        for release in RELEASES.values()
    }
    stored["scenarios"] = {release: counted_scenarios(version) for version, release in RELEASES.items()}
    TALLY.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def recordings_of(release: str) -> list[str]:
    """Return the names of a release's recordings."""
    start = f"go{release}-"
    return sorted(p.name.removeprefix(start).partition(".")[0] for p in RECORDINGS.glob(f"{start}*.gz"))


# the page


def page() -> str:
    """Return the page as Markdown."""
    known = list(VERSIONS)
    head = [f"| | {' | '.join(known)} | shown by |", "|---" * (len(known) + 2) + "|"]
    parts = [HEAD, *head, *(_rule(name) for name in RULES), "", DERIVED_HEAD, *head]
    parts += [f"| {what} | {' | '.join(_values(path))} | |" for what, path in DERIVED.items()]
    parts += ["", BODIES_HEAD, *(_body(mirror) for mirror in bodies())]
    parts += ["", EXPERIMENTS_HEAD, *map(_experiment, EXPERIMENTS_TOLD)]
    parts += ["", TURNS_HEAD, _only(known[0]), *(_turns(version) for version in known[1:])]
    return "\n".join([*parts, "", TALLY_HEAD, *_tally()]) + "\n"


def _values(path: str) -> Iterator[str]:
    """Yield each version's value of a rule, "=" where it is as before."""
    last: Any = None
    for rules in VERSIONS.values():
        value: Any = rules
        for name in path.split("."):
            value = getattr(value, name)
        yield "=" if value == last else _told(value)
        last = value


def _told(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else (
        f"{value:,}" if isinstance(value, int) else str(value)
    )  # fmt: skip


def _rule(name: str) -> str:
    what, shown = RULES[name]
    named = list(dict.fromkeys(scenario for scenario in shown.values() if scenario)) or [PROOFS[name]]
    return f"| `{name}`: {what} | {' | '.join(_values(name))} | {', '.join(named)} |"


def _body(mirror: Mirror) -> str:
    known = list(VERSIONS)
    last = known[known.index(mirror.until) - 1] if mirror.until else ""
    when = (
        f"since {mirror.since}"
        if not last
        else mirror.since
        if last == mirror.since
        else f"{mirror.since} to {last}"
    )
    ours = mirror.python.removeprefix("arenalab.")
    return f"| `{mirror.function}` | {when} | `{ours}` | {BODIES[mirror.function, mirror.since]} |"


def _experiment(name: str) -> str:
    what, since = EXPERIMENTS_TOLD[name]
    said, cells = "", []
    for version in VERSIONS:
        said = ("on" if since[version] else "off") if version in since else said
        cells.append(said)
    changed = ", ".join(f"`{rule}`" for rule in EXPERIMENTS[name][True]) or "nothing"
    return f"| `{name}`: {what} | {' | '.join(cells)} | {changed} |"


def _only(version: str) -> str:
    named = [s.name for s in scenarios() if s.go == version]
    return f"| {version} alone | {len(named)} | {', '.join(named)} |"


def _turns(version: str) -> str:
    """Return which scenarios expect something else from a version on, by what their expectations' `go` names."""
    named = [
        s.name
        for s in scenarios()
        if version in re.findall(r"\d+\.\d+", " ".join([s.go, *(e.go for e in s.expects)]))
    ]
    return f"| {version} | {len(named)} | {', '.join(named) or 'none'} |"


def _tally() -> Iterator[str]:
    stored = json.loads(TALLY.read_text(encoding="utf-8"))
    for release, files in stored["recordings"].items():
        facts, different = (sum(row[i] for row in files.values()) for i in (0, 1))
        told = stored["scenarios"][release]
        yield (
            f"| go{release} | {len(files)} | {facts:,} | {told['recorded']} | {told['left_out']} | "
            f"{told['facts']:,} | {different + told['differences']:,} |"
        )
    if stored["runs"]:
        yield RUNS_HEAD
    for run in stored["runs"]:
        shared = f"{run['share']} %" if "share" in run else ""
        yield (
            f"| {run['date']} | {run['go']} | `{run['command']}` | {run['facts']:,} | {shared} | "
            f"{run['differences']:,} |"
        )


HEAD = """\
# What changed from Go 1.21 to Go 1.27

Made by `python -m tools.version_changes`; a test compares. A *rule* is a field of `GoRules`; each version of Go is the
one before with what [arenalab/go/versions.py](../arenalab/go/versions.py) says it changed. "=" means as in the version
before. A scenario *shows* a change: it fails when that rule is put back to what it was.

## The rules
"""
DERIVED_HEAD = "## What follows from them\n"
BODIES_HEAD = """\
## The procedures

Where a number can't tell the difference, a procedure has a body of its own; the machine takes that of its version.

| Go function | Go | model | runs in |
|---|---|---|---|"""
TURNS_HEAD = """\
## The scenarios

Scenarios of Go 1.21 alone are about noMorePtrs marks, the back-up, or values that fill 8 MiB exactly. All that are
not named here hold from the first version to the newest with the same facts.

| Go | scenarios | that expect something else from it on, or up to it |
|---|---|---|"""
TALLY_HEAD = """\
## What real Go proved

Recordings made by each release: runs, types, misuse and Clone in tests/data/recordings/versions, and in
tests/data/recordings/scenarios every scenario that holds for it. Left out are scenarios that real Go can't be asked
for, since they die, pause, read freed memory or set what no Go lets be set; docs/seed-coverage.md says what proves
those. Recounted by `python -m tools.version_changes --count`.

| release | files | facts compared | scenarios | left out | facts compared | differences |
|---|---|---|---|---|---|---|"""
RUNS_HEAD = """
Longer runs, on one core, each with a seed of its own. The share is how much of what Go reported was compared; the
rest, such as the page heap, is not reproducible and named by the command. Go 1.23.9 and 1.25.5 were fuzzed twice: the
first time showed that the recorder held the background sweeper before it was parked.

| date | Go | command | facts compared | share | differences |
|---|---|---|---|---|---|"""


def main(arguments: list[str]) -> int:
    """Write the page, or say what is missing; return the exit status."""
    if "--count" in arguments:
        count()
    missing = problems()
    for text in missing:
        print(text)
    if not missing:
        PAGE.write_text(page(), encoding="utf-8")
        print(PAGE)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
