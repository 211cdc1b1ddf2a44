"""Another Go for the same program: all that a version decides is swapped, all that was asked for stays."""

from dataclasses import replace

import pytest

from arenalab.errors import ArgumentError
from arenalab.go.versions import VERSIONS, changed_by, go_rules, other_version
from arenalab.machine.machine import Machine
from arenalab.replay.sweeps import sweep
from arenalab.replay.what_if import WhatIf
from arenalab.replay.workloads import workload
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.state import LEDGER


@pytest.mark.parametrize("one", VERSIONS)
@pytest.mark.parametrize("other", VERSIONS)
def test_one_go_turned_into_another_is_that_one(one, other):
    for where in ({}, {"goarch": "386"}, {"build_mode": "asan"}):
        assert other_version(go_rules(one, **where), other) == go_rules(other, **where)


def test_what_ifs_settings_and_a_recorded_base_stay():
    asked = {
        "user_arena_chunk_bytes_max": 2**21,
        "gogc": 25,
        "reuse_order": "fifo",
        "user_arena_hint": 0x1C5E_1800_0000,
    }
    changed = other_version(replace(go_rules("1.21"), **asked), "1.27")
    assert changed == replace(go_rules("1.27"), **asked)
    assert not other_version(go_rules("1.26", experiments="norandomizedheapbase64"), "1.27").random_heap_base


def test_a_go_is_named_in_words():
    assert changed_by(go_rules("1.21"), {"go": "go1.24.11", "gogc": 50}) == replace(go_rules("1.24"), gogc=50)
    with pytest.raises(ArgumentError, match="a version of Go"):
        changed_by(go_rules("1.21"), {"go": 1.27})


def test_sweep_runs_a_program_under_several_gos():
    trace = workload("mixed", 2000, seed=1)
    rows = sweep({"go": ["1.21", "1.27", "1.20"]}, trace)
    assert [row["go"] for row in rows] == ["1.21", "1.27", "1.20"]
    assert "expected one of" in rows[2]["error"]
    alone = [sweep({"gogc": [100]}, trace, rules=go_rules(go))[0] for go in ("1.21", "1.27")]
    for row, same in zip(rows[:2], alone, strict=True):
        assert {k: v for k, v in row.items() if k != "go"} == {k: v for k, v in same.items() if k != "gogc"}
    assert rows[0]["heap_live_peak"] - rows[1]["heap_live_peak"] >= 131_120


def chunks(history):
    """Return in which chunk each value of a run is."""
    return history.world.ledger.table()[:, LEDGER.index("chunk")].tolist()


def test_an_object_that_fits_eight_times_into_a_chunk_fits_seven_times_where_the_bitmap_is_in_it():
    program = [ops.NewArena(0), *[ops.New(0, type_of("[1048576]byte"))] * 9]
    recorded = Machine(replace(go_rules("1.21"), gogc=-1)).run(program)
    assert chunks(recorded) == [0] * 8 + [1]
    assert chunks(WhatIf(recorded).run({"go": "1.27"}).history) == [0] * 7 + [1] * 2


@pytest.mark.parametrize(
    ("version", "usable"), [("1.21", 4_194_304), ("1.22", 4_063_200), ("1.27", 4_063_200)]
)
def test_chunk_of_a_32_bit_platform_keeps_back_its_bitmap_and_dummy_type(version, usable):
    """Run on linux/386 with real Go 1.22.10 and 1.27.3: a chunk of 4 MiB keeps back 131,104 bytes."""
    rules = go_rules(version, goarch="386")
    assert (rules.chunk.stride, rules.chunk.usable_bytes) == (4_194_304, usable)
    history = Machine(rules).run([ops.NewArena(0), ops.New(0, type_of("[1000000]byte", rules=rules))])
    assert history.world.spans[0].free_limit - history.world.spans[0].base == usable - 1_000_000
