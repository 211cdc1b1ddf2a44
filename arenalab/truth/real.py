"""Real Go's own counters in the recording of a person's program: looked at when each cycle's marking ended."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from arenalab.truth import rows
from arenalab.truth.items import Step
from arenalab.truth.recording import Recording
from arenalab.world.deferred import IntArray


def real_of(recording: Recording) -> Mapping[str, IntArray]:
    """Return Go's counters at the end of each cycle, by Go's names, one value a cycle; {} without any.

    "op" is the number of the operation (its `finish_mark`) that ended the cycle. A counter that was not recorded of
    a cycle is −1 there.

    Raises:
        RecordingError: a counter is no whole number that fits.

    """
    ends = [item for item in recording.items if isinstance(item, Step) and "real" in item.seen]
    told = [_checked(step.seen["real"], f"{recording.path}:{step.line}") for step in ends]
    columns = {name: [each.get(name, -1) for each in told] for each in told for name in each}
    columns |= {"op": [step.index for step in ends]} if ends else {}
    return {name: np.array(column, dtype=np.int64) for name, column in columns.items()}


def _checked(given: object, where: str) -> Mapping[str, int]:
    if not isinstance(given, dict) or any(type(n) is not int or not 0 <= n < 2**63 for n in given.values()):
        rows.refuse(where, "real", given, "an object of whole numbers")
    return given
