"""What real Go was seen to do with litmus programs: one file a release, in `recorded/`."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from arenalab.scenarios.litmus.question import Litmus, State

FOLDER = Path(__file__).parent / "recorded"


class Seen(NamedTuple):
    """What came of a litmus program in real Go."""

    release: str  #: of Go, "go1.27.3".
    states: Mapping[State, int]  #: state -> how many runs ended in it.

    @property
    def runs(self) -> int:
        """How often it was run."""
        return sum(self.states.values())

    def met(self, litmus: Litmus) -> int:
        """Return in how many runs the condition held."""
        return sum(count for state, count in self.states.items() if litmus.holds(state))


def seen(litmus: Litmus, version: str) -> Seen | None:
    """Return what a version's release did with a program; None where it was not recorded, or as another program."""
    rows = recordings().get(version, {})
    row = rows.get(litmus.name)
    if row is None or row["program"] != litmus.digest:
        return None
    return Seen(row["go"], row["states"])


@cache
def recordings() -> dict[str, dict[str, dict[str, Any]]]:
    """Return version -> program -> its row, of all files."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for path in sorted(FOLDER.glob("go*.jsonl.gz")):
        rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]
        version = ".".join(path.name.removeprefix("go").split(".")[:2])
        found[version] = {row["litmus"]: row for row in rows}
    return found
