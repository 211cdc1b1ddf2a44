"""Record every recordable scenario in real Go: `python -m tools.record_scenarios [NAME ...]`.

Writes tests/data/recordings/scenarios/NAME.jsonl, with a snapshot after every operation, made by the first
Go that the scenario holds for: 1.21 is in the `go` extra, others come with `arenalab go install`.
Recordings whose scenario is gone, or no longer recordable, are removed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from arenalab.oracle.program import program_of
from arenalab.oracle.record import record
from arenalab.scenarios import Scenario, scenarios

RECORDINGS = Path(__file__).parent.parent / "tests" / "data" / "recordings" / "scenarios"
LONG = 50  #: operations above which a snapshot is taken only now and then, to keep the file small.
LARGE = 200_000  #: bytes above which pointer bits are told by their digest only.


def record_scenario(scenario: Scenario, folder: Path) -> Path:
    """Record one scenario and return the file.

    Raises:
        ScenarioError: real Go can't perform it.
        ToolchainError: no such Go, or it refused the types.

    """
    out = folder / f"{scenario.name}.jsonl"
    every = 1 if len(scenario.rows) <= LONG else LONG
    record(program_of(scenario), out, go=scenario.version, snapshot=every, bits="delta")
    if out.stat().st_size > LARGE:
        record(program_of(scenario), out, go=scenario.version, snapshot=every, bits="hash")
    return out


def main(names: Sequence[str]) -> int:
    """Record the named scenarios, or all; return the exit status."""
    wanted = [scenario for scenario in scenarios() if scenario.recordable]
    for path in RECORDINGS.glob("*.jsonl"):
        if path.stem not in {scenario.name for scenario in wanted}:
            path.unlink()
            print(f"{path.name}: removed")
    for scenario in wanted:
        if not names or scenario.name in names:
            path = record_scenario(scenario, RECORDINGS)
            print(f"{path.name}: {path.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
