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
from arenalab.file_kind import RECORDING, kind_of
from arenalab.opening import open_file
from arenalab.progress_line import ProgressLine
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording
from arenalab.truth.report import Report
from arenalab.units import counted
from arenalab.view.usage import usage
from arenalab.view.usage_words import told


def main_report(argv: Sequence[str]) -> int:
    """Tell of a recording, saved history, trace or scenario; return the exit status."""
    parser = Parser(prog="arenalab report", description="What a run made of its arenas.")
    parser.add_argument("file", type=Path, help="a recording, saved history, trace or scenario")
    parser.add_argument("--json", action="store_true", help="one JSON object; bytes and counts, no words")
    options = parser.parse_args(list(argv))
    compared = _compared(options.file)
    history = open_file(options.file)
    its = usage(history)
    if options.json:
        print(json.dumps(_facts(compared) | {"remarks": history.remarks} | asdict(its)))
    else:
        print("\n".join([f"{options.file}: {_standing(compared)}", *history.remarks, told(its)]))
    return int(bool(its.outlived) or not (compared is None or compared.ok))


def _compared(path: Path) -> Report | None:
    """Hold a recording against the model; return None for a file without a fact of real Go."""
    if kind_of(path) != RECORDING:
        return None
    with ProgressLine() as line:
        line.show(f"{path}: reading")
        return check(load_recording(path), steps=lambda items: line.over(items, "rows"))


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
