"""Record every recordable scenario in real Go: `python -m tools.record_scenarios [--go VERSION|all] [NAME ...]`.

Without --go, writes tests/data/recordings/scenarios/NAME.jsonl, with a snapshot after every operation, made by
the first Go that the scenario holds for: 1.21 is in the `go` extra, others come with `arenalab go install`.
Recordings whose scenario is gone, or no longer recordable, are removed.

With --go, writes one file a release, goRELEASE.jsonl.gz, of all scenarios that hold for it and were recorded by
another Go first. The first ones are plain text, to be read and opened; six more of each would be ten times as
large as these, since most rows of a file repeat. With --experiment, too, nothing is written: they are recorded with
that GOEXPERIMENT besides, and compared.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from arenalab.oracle.build import Recorder, build_recorder
from arenalab.oracle.program import program_of
from arenalab.oracle.record import run
from arenalab.oracle.releases import RELEASES, line_of
from arenalab.oracle.toolchain import Toolchain, chosen_toolchains, find_toolchain
from arenalab.scenarios import Scenario, scenarios
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording
from arenalab.truth.report import Report

RECORDINGS = Path(__file__).parent.parent / "tests" / "data" / "recordings" / "scenarios"
LONG = 50  #: operations above which a snapshot is taken only now and then, to keep the file small.
LARGE = 200_000  #: characters above which pointer bits are told by their digest only.
HEADER = '{"oracle":'  #: how a recording begins.


def record_first(told: Sequence[Scenario], folder: Path) -> Iterator[Path]:
    """Record scenarios, each by the first Go that it holds for; yield their files.

    Raises:
        ScenarioError: real Go can't perform one.
        ToolchainError: no such Go, or it refused the types.

    """
    for version in dict.fromkeys(scenario.first for scenario in told):
        mine = [scenario.under(version) for scenario in told if scenario.first == version]
        recorder, types = recorder_of(find_toolchain(version), mine)
        for scenario in mine:
            out = folder / f"{scenario.name}.jsonl"
            out.write_text(text_of(scenario, recorder, types), encoding="utf-8")
            yield out


def recorder_of(go: Toolchain, told: Sequence[Scenario]) -> tuple[Recorder, list[str]]:
    """Return one recorder that knows the types of all these scenarios, and the types in its order."""
    programs = [program_of(scenario) for scenario in told]
    types = list(dict.fromkeys(text for program in programs for text in program.types))
    declared = dict.fromkeys(text for program in programs for text in program.declarations())
    return build_recorder(go, types, list(declared)), types


def text_of(scenario: Scenario, recorder: Recorder, types: Sequence[str]) -> str:
    """Record one scenario; return its lines. Pointer bits are told by their digest where they are many."""
    program, lines = program_of(scenario), list[str]()
    pool = [types.index(text) for text in program.types]
    every = 1 if len(scenario.rows) <= LONG else LONG
    run(recorder, program, lines.append, snapshot=every, bits="delta", pool=pool)
    if sum(map(len, lines)) > LARGE:
        lines.clear()
        run(recorder, program, lines.append, snapshot=every, bits="hash", pool=pool)
    return "".join(lines)


# one file a release


def held_by(version: str) -> list[Scenario]:
    """Return the scenarios that a version's file has: recordable ones that an earlier Go recorded first."""
    return [
        scenario.under(version)
        for scenario in scenarios()
        if scenario.recordable and scenario.runs_on(version) and scenario.first != version
    ]


def file_of(version: str) -> Path:
    """Return the file with the recordings that a version's release made."""
    return RECORDINGS / f"go{RELEASES[version].tried}.jsonl.gz"


def record_release(go: Toolchain) -> Path:
    """Record all scenarios that a release's file has; return the file."""
    out, told = file_of(go.minor), held_by(go.minor)
    recorder, types = recorder_of(go, told)
    text = "".join(text_of(scenario, recorder, types) for scenario in told)
    out.write_bytes(gzip.compress(text.encode(), mtime=0))
    return out


def recorded_by(version: str) -> dict[str, str]:
    """Return scenario -> its recording, of all that a version's release made: those in its file, and plain ones."""
    first = [s.name for s in scenarios() if s.recordable and s.first == version]
    plain = {name: (RECORDINGS / f"{name}.jsonl").read_text(encoding="utf-8") for name in first}
    return plain | (_in_file(version) if held_by(version) else {})


def _in_file(version: str) -> dict[str, str]:
    text = gzip.decompress(file_of(version).read_bytes()).decode()
    found: dict[str, list[str]] = {}
    for line in text.splitlines(keepends=True):
        if line.startswith(HEADER):
            lines = found[json.loads(line)["seed"]] = []  # where program_of puts the scenario's name
        lines.append(line)
    return {name: "".join(lines) for name, lines in found.items()}


# another GOEXPERIMENT


def with_experiment(go: Toolchain, name: str) -> Toolchain:
    """Return a toolchain that builds with one GOEXPERIMENT more, such as "nogreenteagc"."""
    return replace(go, assumed=replace(go.release, experiments=(*go.release.experiments, name)))


def _compared(go: Toolchain) -> int:
    """Record all scenarios of a release anew and compare them with the model; return 1 if something differs."""
    told = held_by(go.minor)
    recorder, types = recorder_of(go, told)
    reports = [report_of(text_of(scenario, recorder, types)) for scenario in told]
    facts, differences = sum(r.facts for r in reports), sum(r.different for r in reports)
    print(
        f"{go.version} {','.join(go.release.experiments)}: {facts} facts compared, {differences} differences"
    )
    return int(differences > 0)


def report_of(text: str) -> Report:
    """Compare a recording's text with the model."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording.jsonl"
        path.write_text(text, encoding="utf-8")
        return check(load_recording(path))


# the command


def remove_strays(wanted: Iterable[str]) -> None:
    """Remove plain recordings of scenarios that are not wanted."""
    for path in sorted(RECORDINGS.glob("*.jsonl")):
        if path.stem not in wanted:
            path.unlink()
            print(f"{path.name}: removed")


def main(arguments: Sequence[str]) -> int:
    """Record the named scenarios, or all, or those of releases; return the exit status."""
    parser = argparse.ArgumentParser(description="Record scenarios in real Go.")
    parser.add_argument("names", nargs="*", help="scenarios (default: all)")
    parser.add_argument("--go", metavar="VERSION|all", help="write the file of this release, or of each")
    parser.add_argument("--experiment", metavar="NAME", help="with --go: compare with this GOEXPERIMENT")
    asked = parser.parse_args(arguments)
    if asked.experiment:
        return max(_compared(with_experiment(go, asked.experiment)) for go in chosen_toolchains(asked.go))
    made = _releases(asked.go) if asked.go else _first(asked.names)
    for path in made:
        print(f"{path.name}: {path.stat().st_size} bytes")
    return 0


def _releases(asked: str) -> Iterable[Path]:
    return (record_release(go) for go in chosen_toolchains(asked) if held_by(line_of(go.version)))


def _first(names: Sequence[str]) -> Iterable[Path]:
    wanted = {scenario.name: scenario for scenario in scenarios() if scenario.recordable}
    remove_strays(wanted)
    return record_first([wanted[name] for name in names or wanted], RECORDINGS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
