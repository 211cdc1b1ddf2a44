"""Litmus programs in real Go: each is run many times, each time in a process of its own.

What a run found is what its operations printed, and how it died. The runner (probe/litmus) does all to arenas through
package arena; a build for each sanitizer that there is. The address of a fault is left out where it is the one that
the program touched.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from arenalab.errors import ToolchainError
from arenalab.oracle.build import build_program
from arenalab.oracle.toolchain import Toolchain
from arenalab.scenarios.litmus.question import Litmus, State, state_of

RUNS, RUNS_BESIDE = 5, 100  #: of a program with one goroutine, and with several.
SECONDS = 60
#: How real Go dies -> how it is said.
DEATHS = (
    (re.compile(r"(?m)^(accessed data from freed user arena|unexpected fault address) 0x(\w+)$"), "fault: "),
    (re.compile(r"(?m)ERROR: (AddressSanitizer: [\w-]+ on address) 0x0*(\w+)"), "report: "),
    (re.compile(r"(?m)^fatal error: (.+)()$"), "throw: "),
)
#: What a program needs with one P and a held collection, and what it may have beside others.
ENVIRONMENT = {"GOGC": "off", "GODEBUG": "asyncpreemptoff=1", "GORACE": "atexit_sleep_ms=0"}


def build_runner(go: Toolchain, programs: Iterable[Litmus], mode: str) -> tuple[Path, list[str]]:
    """Return the runner that knows these programs' types, and the types in its order."""
    types = list(dict.fromkeys(text for each in programs for text in declared(each).values()))
    lines = "".join(f"\tof[{text}](),\n" for text in types)
    pool = f"package main\n\nvar kinds = []kind{{\n{lines}}}\n"
    return build_program(go, "litmus", {"pool.go": pool}, mode), types


def declared(litmus: Litmus) -> dict[str, str]:
    """Return a program's types, each with the names of the others written out."""
    types: dict[str, str] = {}
    for name, text in litmus.scenario.types.items():
        types[name] = re.sub(r"\b(" + "|".join(types or {"\0": ""}) + r")\b", lambda m: types[m[0]], text)
    return types


def run(litmus: Litmus, runner: Path, types: Sequence[str], times: int = 0) -> Counter[State]:
    """Run a program and return state -> how many runs ended in it.

    Raises:
        ToolchainError: a run ended as none may: not within its time, or in words that nobody knows.

    """
    asked = json.dumps(asked_of(litmus, types))
    beside = bool(litmus.parts[1])
    set_up = ENVIRONMENT | {"GOMAXPROCS": "2" if beside and not _holds_marking(litmus) else "1"}
    times = times or (RUNS_BESIDE if beside else RUNS)
    return Counter(_once([str(runner), asked], set_up, litmus) for _ in range(times))


def asked_of(litmus: Litmus, types: Sequence[str]) -> dict[str, Any]:
    """Return a program as the runner reads it."""
    texts = declared(litmus)
    rows = [
        row | {"i": index} | ({"type": types.index(texts[row["type"]])} if "type" in row else {})
        for index, row in enumerate(litmus.scenario.rows)
    ]
    first, beside, last = litmus.parts
    return {
        "copies": any(row.get("copied") for row in rows),
        "first": [rows[index] for index in first],
        "beside": [[rows[index] for index in mine] for mine in beside.values()],
        "last": [rows[index] for index in last],
    }


def _holds_marking(litmus: Litmus) -> bool:
    return any(row["op"] in ("mark_begin", "finish_mark", "run_finalizers") for row in litmus.scenario.rows)


def _once(command: list[str], set_up: dict[str, str], litmus: Litmus) -> State:
    try:
        done = subprocess.run(  # the runner that was built here
            command, env=set_up, capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired as late:
        raise ToolchainError(f"{litmus.name}: not done within {SECONDS} s") from late
    lines = [line.partition(" ")[::2] for line in done.stdout.splitlines()]
    found = {int(op): what for op, what in lines if op != "end" and not _is_beside(what)}
    if lines[-1:] != [("end", "")]:
        died = _at_death(lines, litmus)
        found[died] = _death(done.stderr, litmus, dict(_said_of(lines, died)).get("touches", ""))
    return state_of({op: what for op, what in found.items() if what != "done"})


def _is_beside(what: str) -> bool:
    """Return whether a line tells of an operation that it begins, and not what it found."""
    return what == "begins" or what.startswith("touches ")


def _said_of(lines: Sequence[tuple[str, str]], op: int) -> list[tuple[str, str]]:
    """Return what was said of one operation: a word, and the rest."""
    return [(word, rest) for at, what in lines if at == str(op) for word, _, rest in [what.partition(" ")]]


def _death(said: str, litmus: Litmus, touched: str) -> str:
    for pattern, how in DEATHS:
        if found := pattern.search(said):
            where = f" at {found[2]}" if found[2] not in ("", touched) else ""
            return f"{how}{found[1]}{where}"
    raise ToolchainError(f"{litmus.name}: it died in words that nobody knows:\n{said[:600]}")


def _at_death(lines: Sequence[tuple[str, str]], litmus: Litmus) -> int:
    """Return the operation in which a program died: of those that had begun, the one that can die so."""
    ended = {op for op, what in lines if not _is_beside(what)}
    begun = [int(op) for op, what in lines if what == "begins" and op not in ended]
    if not begun:
        raise ToolchainError(f"{litmus.name}: it died outside its operations")
    touching = [op for op in begun if litmus.scenario.rows[op]["op"] in ("read", "write", "clone")]
    return (touching or begun)[-1]
