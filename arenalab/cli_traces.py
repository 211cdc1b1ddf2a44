"""`arenalab trace FILE FILE ...`: a report on each, wherever it is made; one that can't be read keeps no other back."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from arenalab.advice.report import report_of
from arenalab.cli_workers import workers_of
from arenalab.errors import ArenaLabError
from arenalab.opening import open_trace
from arenalab.progress_line import ProgressLine
from arenalab.workers import if_lost

NOTHING, UNREAD = 1, 2  #: exit statuses: of a trace without scopes, of one that can't be read.


class Told(NamedTuple):
    """The report on one file; small enough to come from another process."""

    text: str
    facts: dict[str, Any]
    status: int


def told_of(file: Path, asked: dict[str, Any]) -> Told:
    """Report on one trace. Raises nothing but bugs."""
    try:
        run = open_trace(file, binary=asked["binary"])
        report = report_of(run, asked["scope"], go=asked["go"], gogc=asked["gogc"])
    except (ArenaLabError, OSError) as trouble:
        return unread(file, trouble)
    return Told(
        "\n".join(report.lines()), {"file": str(file)} | report.facts(), NOTHING * (report.its is None)
    )


def unread(file: Path, trouble: Exception) -> Told:
    """Return what stands for a file on which there is no report."""
    text = str(trouble)
    text = text if str(file) in text else f"{file}: {text}"
    return Told(text, {"file": str(file), "error": text}, UNREAD)


def main_traces(options: argparse.Namespace) -> int:
    """Report on several traces in their order, a JSON object a line if that is asked for; return the exit status."""
    files, status = options.files, 0
    asked = {name: getattr(options, name) for name in ("scope", "go", "gogc")}
    asked["binary"] = options.binary and options.binary.absolute()
    with workers_of(options, len(files)) as hands, ProgressLine() as line:
        for told in hands.in_order(
            partial(told_of, asked=asked), hands.paths(files), instead=if_lost(unread),
            meanwhile=lambda done: line.show(f"{done:,} of {len(files):,} traces", done / len(files)),
        ):  # fmt: skip
            line.wipe()
            _print(told, as_json=options.json)
            status = max(status, told.status)
    return status


def _print(told: Told, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(told.facts), flush=True)
    elif told.status == UNREAD:
        print(f"arenalab trace: {told.text}", file=sys.stderr)
    else:
        print(f"{told.text}\n", flush=True)
