"""What proves a scenario: something that real Go did, looked for among what the release of each version made."""

from __future__ import annotations

import gzip
import json
from functools import cache

from arenalab.go.versions import CHANGES
from arenalab.scenarios import Scenario
from tools.record_scenarios import RECORDINGS, recorded_by
from tools.record_surroundings import RELEASES_OUT

CASES = RECORDINGS.parent / "versions"
SURROUNDINGS = "surroundings.jsonl"


def proofs_of(scenario: Scenario) -> list[str]:
    """Return what real Go did: the scenario's own recording, or the cases that it names."""
    return [f"recordings: {scenario.name}"] if scenario.recordable else list(scenario.proof)


def exists(proof: str, version: str) -> bool:
    """Return whether a proof is among the recordings and cases that the release of a version made."""
    file, _, name = proof.partition(": ")
    return name in (_recorded(version) if file == "recordings" else _cases(version, file))


@cache
def _recorded(version: str) -> frozenset[str]:
    return frozenset(recorded_by(version))


@cache
def _cases(version: str, file: str) -> frozenset[str]:
    """Return the names of the cases in a file of cases; none where the release made no such file."""
    release = f"go{CHANGES[version][0]}"
    path = RELEASES_OUT if file == SURROUNDINGS else CASES / f"{release}-{file}.gz"
    if not path.exists():
        return frozenset()
    text = path.read_bytes() if file == SURROUNDINGS else gzip.decompress(path.read_bytes())
    rows = map(json.loads, text.decode().splitlines())
    return frozenset(str(row.get("case")) for row in rows if row.get("go", release) == release)
