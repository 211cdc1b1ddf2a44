"""What real Go does in other builds, where it puts values, and when it collects."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from arenalab.go.versions import CHANGES, go_rules
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world.ops import FinishMark, Free, New, NewArena

DATA = Path(__file__).parent / "data"
INT, QUARTER = "int", "[2097152]byte"
#: The one that the course shows, by the default Go; it doesn't say which that is.
FIRST = [
    {"go": "go1.21.13"} | json.loads(row) for row in (DATA / "surroundings.jsonl").read_text().splitlines()
]
ROWS = [*FIRST, *(json.loads(row) for row in (DATA / "surroundings-releases.jsonl").read_text().splitlines())]


def named(row):
    """Return a test's id: which Go, and which case."""
    return f"{row['go'].removeprefix('go')}-{row['case']}"


@pytest.mark.parametrize("row", [row for row in ROWS if "places" in row], ids=named)
def test_values_are_where_each_build_of_each_release_puts_them(row):
    rules = go_rules(row["go"], build_mode=row["build"], experiments="norandomizedheapbase64")
    integer, quarter = type_of(INT), type_of(QUARTER)
    program = [NewArena(0), New(0, integer), *[New(0, quarter)] * 4, Free(0), NewArena(1), New(1, integer)]
    world = Machine(rules).run(program).world
    base = world.spans[0].base
    rows = [world.ledger.row(number) for number in range(len(world.ledger))]
    placed = [[chunk, addr - world.spans[chunk].base] for addr, *_, chunk in rows]
    assert [*placed, [-1, base]] == row["places"]


@pytest.mark.parametrize("row", [row for row in ROWS if "cycles" in row], ids=named)
def test_cycles_start_when_they_do_in_each_release(row):
    """Globals and stacks are an input: with a few hundred kB more of them Go 1.22 starts its second cycle later."""
    roots = row.get("globals", 0) + row.get("stack", 0)
    rules = replace(go_rules(row["go"]), gogc=row["gogc"], other_root_bytes=roots)
    machine, counts = Machine(rules), []
    for number in range(len(row["cycles"])):
        machine.do(NewArena(number))
        if machine.world.gc.phase:
            machine.do(FinishMark())
        counts.append(machine.world.gc.cycles)
    assert counts == row["cycles"]


def test_every_release_was_asked_every_case():
    asked = {(row["go"], row["case"]) for row in ROWS}
    assert asked == {
        (f"go{release}", case)
        for release, _ in CHANGES.values()
        for case in ("plain", "race", "asan", "gogc 100", "gogc 400", "gogc off")
    } | {("go1.21.13", row["case"]) for row in FIRST}
