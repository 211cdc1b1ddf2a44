"""The what-if explorer's own controls: a dropdown for each setting of each side."""

from dataclasses import replace

import pytest

from arenalab.errors import ScenarioError
from arenalab.explore import WhatIf
from arenalab.explore.what_if_controls import AS_RECORDED
from arenalab.go.versions import go_rules
from arenalab.machine.machine import Machine
from arenalab.replay import what_if_performed
from arenalab.replay.what_if import PLAIN
from arenalab.replay.workloads import workload
from arenalab.syntax import type_of
from arenalab.units import MiB
from arenalab.world import ops
from tests.player.telling import control, sets
from tests.replay.test_what_if import KEPT
from tests.strategies import GC_OFF


@pytest.fixture
def explorer():
    made = WhatIf(Machine(GC_OFF).run(KEPT))
    made.last()
    return made


def test_right_side_starts_on_the_plain_heap(explorer):
    assert (explorer.left, explorer.right) == ({}, {"heap": PLAIN})
    assert explorer.shown.left.title == "as recorded"
    assert explorer.shown.right.title == "no arenas: plain new and make"
    assert control(explorer, "right.heap")["value"] == PLAIN


def test_dropdown_runs_its_side_anew(explorer):
    sets(explorer, "right.heap", "arenas")
    assert explorer.shown.right.title == "as recorded"
    sets(explorer, "right.user_arena_chunk_bytes_max", 2 * MiB)
    assert explorer.right == {"user_arena_chunk_bytes_max": 2 * MiB}
    assert explorer.shown.right.title == "chunks of 2 MiB"
    assert explorer.shown.left.title == "as recorded"
    sets(explorer, "right.user_arena_chunk_bytes_max", AS_RECORDED)
    assert explorer.right == {}


def test_more_of_a_long_program_is_performed_when_somebody_asks(explorer, monkeypatch):
    whole = explorer.text()
    monkeypatch.setattr(what_if_performed, "AT_ONCE", 4)
    part = WhatIf(Machine(GC_OFF).run(KEPT))
    part.last()
    assert "ended at operation 5: it was not performed further yet" in part.text()
    while any(each["name"] == "go_on" for each in part.controls_data()):
        part.presses()["go_on"]()
    assert part.text() == whole


def test_trait_moves_the_dropdowns_even_to_a_value_that_is_not_on_offer(explorer):
    explorer.left = {"gogc": 75}
    assert control(explorer, "left.gogc")["value"] == 75
    assert explorer.shown.left.title == "GOGC=75"


def test_both_sides_stand_after_the_same_operation(explorer):
    explorer.first()
    assert explorer.shown.position == 0
    explorer.step()
    explorer.step()
    assert explorer.shown.position == 2
    sets(explorer, "unit", "event")
    explorer.back()
    assert explorer.shown.position == 2


def test_click_on_a_chunk_shows_its_page(explorer):
    explorer.on_choose("chunk 3")
    assert (explorer.chunk, explorer.shown.focus) == (3, 3)


def test_setting_that_go_refuses_is_told_in_the_picture(explorer):
    explorer.right = {"user_arena_chunk_bytes_max": 3 * MiB}
    assert "would not start" in explorer.shown.right.trouble
    assert explorer.error == ""


def test_setting_that_there_is_not_is_refused_at_once():
    with pytest.raises(ScenarioError, match="can't be chosen"):
        WhatIf(Machine(GC_OFF).run(KEPT), right={"page_size": 1})


def test_machine_that_goes_on_is_compared_to_its_new_end():
    machine = Machine(GC_OFF)
    machine.run(KEPT)
    grown = WhatIf(machine)
    grown.do(ops.NewArena(7))
    assert grown.shown.position == grown.shown.operations == len(KEPT) + 1


def test_trace_counts_its_operations_whatever_the_collector_did_beside_them():
    trace = workload("request-response", 2000)
    explorer = WhatIf(trace)
    explorer.last()
    assert explorer.shown.position == explorer.shown.operations == len(trace) == len(explorer.history.ops)
    assert explorer.history.world.gc.cycles > 0


MILLION = 131_072  #: pointers of 8 bytes: 1 MiB.


def test_version_of_go_is_a_choice_and_shows_what_fits_a_chunk():
    one = type_of(f"[{MILLION}]*int")
    program = [ops.NewArena(0), *[ops.New(0, one)] * 8]
    history = Machine(replace(go_rules("1.21"), gogc=-1)).run(program)
    explorer = WhatIf(history, right={"go": "1.27"})
    explorer.last()
    left, right = explorer.shown.left, explorer.shown.right
    assert (left.title, right.title) == ("as recorded", "Go 1.27")
    assert right.behind == "by the model's own rules (certified); Go can be set so, unverified"
    assert right.trouble == ""
    chunks = explorer.shown.totals.name.tolist().index("chunks or spans")
    used = [sum(name != "ready" for name in side.rows.where) for side in (left, right)]
    assert used == [1, 2]
    assert explorer.shown.totals.left[chunks] <= explorer.shown.totals.right[chunks]
    assert "48 B dummy type: its PtrBytes say where a scan of the chunk ends" in right.bands.said
    assert "reserve" in explorer.legend()
    sets(explorer, "right.go", "1.26")
    assert (explorer.right, explorer.shown.right.title) == ({"go": "1.26"}, "Go 1.26")
    sets(explorer, "right.go", AS_RECORDED)
    assert "reserve" not in explorer.legend()


def test_version_goes_with_other_settings_and_an_unknown_one_is_told():
    explorer = WhatIf(Machine(GC_OFF).run(KEPT), right={"go": "1.24", "reuse_order": "fifo"})
    assert explorer.shown.right.title == "Go 1.24, reuse fifo"
    with pytest.raises(ScenarioError, match="expected one of: 1"):
        explorer.runs.run({"go": "1.20"})
