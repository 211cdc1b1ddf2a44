"""`arenalab report FILE`: what a run made of its arenas, in words or as JSON; with --at, whose an address was.

Exit status 1, so that a build can ask for it: something outlived its arena, or the model differs from what was
recorded. With --check-leaks also where the program did not free an arena itself, or where chunks were freed and no
collection looked whether they are pointed to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from arenalab.cli_parser import Parser
from arenalab.errors import ArgumentError
from arenalab.opening import open_compared
from arenalab.progress_line import ProgressLine
from arenalab.truth.report import Report
from arenalab.units import counted
from arenalab.view.usage import Usage, usage
from arenalab.view.usage_words import reported
from arenalab.view.whose import whose, whose_words
from arenalab.world.history import History

ADDRESS = re.compile(r"0[xX][0-9a-fA-F]{1,16}|[0-9]{1,20}")


def main_report(argv: Sequence[str]) -> int:
    """Report on a recording, saved history, trace or scenario; return the exit status."""
    options = parser().parse_args(list(argv))
    address = None if options.at is None else address_of(options.at)
    with ProgressLine() as line:
        line.show(f"{options.file}: reading")
        history, compared = open_compared(options.file, lambda items: line.over(items, "rows"))
    if address is not None:
        return _told_of(history, address, as_json=options.json)
    its = usage(history)
    if options.json:
        print(json.dumps(_facts(compared) | {"remarks": history.remarks} | _numbers(its)))
    else:
        print(f"{options.file}: {_standing(compared)}\n{reported(history, its)}")
    failed = bool(its.outlived) or not (compared is None or compared.ok)
    return int(failed or (options.check_leaks and its.leaks))


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("report")
    made.add_argument("file", type=Path, help="a recording, saved history, trace or scenario")
    made.add_argument("--json", action="store_true", help="one JSON object; bytes and counts, no words")
    made.add_argument(
        "--at", metavar="ADDRESS", help="whose this address was, such as 0x40c0190219b0 that Go crashed at"
    )
    made.add_argument(
        "--check-leaks", action="store_true",
        help="exit status 1 also where the program did not free an arena itself, or nobody looked for pointers",
    )  # fmt: skip
    return made


def address_of(text: str) -> int:
    """Read an address, hexadecimal or decimal.

    Raises:
        ArgumentError: it is neither, or needs more than 64 bits.

    """
    if not ADDRESS.fullmatch(text) or (address := int(text, 0 if text[:2] in ("0x", "0X") else 10)) >= 2**64:
        raise ArgumentError("--at", text, "an address as Go prints it, such as 0x40c0190219b0, or in decimal")
    return address


def _told_of(history: History, address: int, *, as_json: bool) -> int:
    """Report whose an address was; the status is 0, whoever's it was."""
    its = whose(history, address)
    print(json.dumps(its.facts()) if as_json else "\n".join(whose_words(its)))
    return 0


def _numbers(its: Usage) -> dict[str, object]:
    """Return a report's numbers as JSON data."""
    return asdict(its) | {"leaks": its.leaks}


def _standing(compared: Report | None) -> str:
    """Describe what the report rests on."""
    if compared is None:
        return "what the model did; no real Go was recorded here"
    numbers = f"{counted(compared.facts, 'fact')} compared, {counted(compared.different, 'difference')}"
    if compared.ok:
        return f"recorded from real Go; {numbers}"
    return f"recorded from real Go, but not to be trusted; {numbers}; `arenalab check` says more"


def _facts(compared: Report | None) -> dict[str, int | None]:
    if compared is None:
        return {"facts": None, "differences": None}
    return {"facts": compared.facts, "differences": compared.different}
