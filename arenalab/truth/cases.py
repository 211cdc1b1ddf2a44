"""Recorded cases beside the model: what a program that ends badly printed, what `Clone` did.

Rules:
1. The model's side is computed by running the case's program, with the recording's settings.
2. Addresses differ from run to run only by whole chunks, so a fault is compared by its place
   within the chunk; where a nil pointer was read is compared whole.
3. What differs by the build or the moment (`pc=`, the chunk's own address, bytes in use) is
   taken out of both texts and counted as skipped.
"""

from __future__ import annotations

import re
from typing import Any

from arenalab.errors import GoError, GoPanic, ScenarioError
from arenalab.go.nil_reads import NIL_PAGE_BYTES
from arenalab.go.rules import GoRules
from arenalab.install import install_command
from arenalab.truth import rows
from arenalab.truth.compare import Comparer
from arenalab.truth.go_program import GoProgram

PC = re.compile(r" pc=0x[0-9a-f]{1,16}")
IN_USE = re.compile(r"\(\d{1,20} in use\)")
ADDRESS = re.compile(r"0x[0-9a-f]{1,16}")
NOT_REPRODUCIBLE = (
    (PC, "", "case pc (differs by build)"),
    (IN_USE, "(… in use)", "case bytes in use (ambient)"),
)
ERROR_KEYS = {"case", "exit", "message", "stdout", "returned", "recover"}


def compare_case(facts: Comparer, row: dict[str, Any], rules: GoRules) -> None:
    """Compare one row of errors.jsonl or clone.jsonl, whichever it is.

    Raises:
        RecordingError: a value is not of the format's kind.

    """
    try:
        from arenalab.truth import cases_clone, cases_errors  # noqa: PLC0415  # the parser is an extra
    except ImportError:
        facts.skip(f"case (no parser: {install_command('types')})")
        return
    name = rows.text(row, "case", facts.where)
    facts.what = f"case {name[:100]}"
    if "exit" in row and name in cases_errors.CASES:
        _compare_end(facts, row, cases_errors.CASES[name], GoProgram(rules))
    elif "exit" not in row and name in cases_clone.CASES:
        _compare_facts(facts, row, cases_clone.CASES[name](GoProgram(rules)))
    else:
        facts.skip("unknown case")


def _compare_end(facts: Comparer, row: dict[str, Any], program: Any, go: GoProgram) -> None:
    """Run a program to its end, good or bad, and compare what the process left."""
    error: GoError | None = None
    stdout = ""
    try:
        stdout = program(go) or ""
    except GoError as raised:
        error = raised
    except ScenarioError as refused:  # its Go can't be asked for that
        facts.fact("case", f"refused: {refused}", "run")
        return
    where, chunk = facts.where, go.machine.rules.chunk.stride
    facts.fact("case returned", error is None, rows.present(row, "returned", where))
    facts.fact("case exit", error.exit_code if error else 0, rows.integer(row, "exit", where, low=-255))
    facts.fact("case stdout", stdout, rows.text(row, "stdout", where))
    message = rows.text(row, "message", where)
    _count_left_out(facts, message)
    ours = error.printed() if error else ""
    facts.fact("case message", reproducible(ours, chunk), reproducible(message, chunk))
    _compare_recovered(facts, row, error)
    for key in row.keys() - ERROR_KEYS:
        facts.skip(f"unknown key {key}")


def _compare_recovered(facts: Comparer, row: dict[str, Any], error: GoError | None) -> None:
    told = rows.present(row, "recover", facts.where)
    if not isinstance(error, GoPanic):
        facts.fact("case recover", None if error is None else "fatal", told)
        return
    ours = {"type": error.go_type, "runtime_error": error.runtime_error, "message": error.text}
    if not isinstance(told, dict):
        facts.fact("case recover", ours, told)
        return
    for key, value in ours.items():
        facts.fact("case recover", value, told.get(key), label=f"recover {key}")
    for key in told.keys() - ours.keys():
        facts.skip(f"unknown key recover.{key}")


def _compare_facts(facts: Comparer, row: dict[str, Any], ours: dict[str, Any]) -> None:
    for key, value in ours.items():
        facts.fact("case clone", value, rows.present(row, key, facts.where), label=key)
    for key in row.keys() - ours.keys() - {"case"}:
        facts.skip(f"unknown key {key}")


def reproducible(message: str, chunk_bytes: int) -> str:
    """Return a message without what differs by build or moment; addresses in chunks as places in them."""
    for pattern, instead, _ in NOT_REPRODUCIBLE:
        message = pattern.sub(instead, message)
    return ADDRESS.sub(lambda found: _place(int(found[0], 16), chunk_bytes), message)


def _place(addr: int, chunk_bytes: int) -> str:
    if addr < NIL_PAGE_BYTES:
        return f"{addr:#x}"
    return f"chunk+{addr % chunk_bytes:#x}"


def _count_left_out(facts: Comparer, message: str) -> None:
    for pattern, _, name in NOT_REPRODUCIBLE:
        if found := pattern.findall(message):
            facts.skip(name, len(found))
    inside = [found for found in ADDRESS.findall(PC.sub("", message)) if int(found, 16) >= NIL_PAGE_BYTES]
    if inside:
        facts.skip("case address of a chunk (not reproducible)", len(inside))
