"""`arenalab report FILE`: what a run made of its arenas, in words or as JSON.

Exit status: 0 nothing is known to have outlived its arena, 1 something did, or the model differs from what was
recorded, 2 bad input. So a build can ask for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from arenalab.cli_parser import Parser
from arenalab.opening import open_compared
from arenalab.progress_line import ProgressLine
from arenalab.truth.report import Report
from arenalab.units import counted
from arenalab.view.usage import usage
from arenalab.view.usage_words import reported


def main_report(argv: Sequence[str]) -> int:
    """Tell of a recording, saved history, trace or scenario; return the exit status."""
    parser = Parser(prog="arenalab report", description="What a run made of its arenas.")
    parser.add_argument("file", type=Path, help="a recording, saved history, trace or scenario")
    parser.add_argument("--json", action="store_true", help="one JSON object; bytes and counts, no words")
    options = parser.parse_args(list(argv))
    with ProgressLine() as line:
        line.show(f"{options.file}: reading")
        history, compared = open_compared(options.file, lambda items: line.over(items, "rows"))
    its = usage(history)
    if options.json:
        print(json.dumps(_facts(compared) | {"remarks": history.remarks} | asdict(its)))
    else:
        print(f"{options.file}: {_standing(compared)}\n{reported(history, its)}")
    return int(bool(its.outlived) or not (compared is None or compared.ok))


def _standing(compared: Report | None) -> str:
    """Say what the report rests on."""
    if compared is None:
        return "what the model did; no real Go was recorded here"
    numbers = f"{compared.facts:,} facts compared, {counted(compared.different, 'difference')}"
    if compared.ok:
        return f"recorded from real Go; {numbers}"
    return f"recorded from real Go, but not to be trusted; {numbers}; `arenalab check` says more"


def _facts(compared: Report | None) -> dict[str, int | None]:
    if compared is None:
        return {"facts": None, "differences": None}
    return {"facts": compared.facts, "differences": compared.different}
