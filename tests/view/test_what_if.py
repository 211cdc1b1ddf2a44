"""The what-if view: columns against both runs, words for every outcome."""

import numpy as np
from hypothesis import given

from arenalab.machine.machine import Machine
from arenalab.replay.what_if import ARENA, PLAIN, WhatIf
from arenalab.units import MiB
from arenalab.view.chunk_map import PAGE
from arenalab.view.what_if import what_if
from arenalab.view.what_if_rows import ENDED
from arenalab.world import ops
from tests.examples import examples
from tests.replay.test_what_if import KEPT, NODE
from tests.strategies import GC_OFF, programs


def view_of(program=KEPT, settings=None, heap=ARENA, done=None):
    history = Machine(GC_OFF, in_bulk=True).run(program)
    under, done = WhatIf(history), len(program) if done is None else done
    cursor = history.op_end(done) if done else 0
    return what_if((history, cursor, done - 1), done, under.run({}), under.run(settings or {}, heap))


def total(view, name):
    row = view.totals.name.tolist().index(name)
    return int(view.totals.left[row]), int(view.totals.right[row]), view.totals.better[row]


@examples(30)
@given(programs(max_ops=12))
def test_bands_and_totals_are_those_of_the_worlds(program):
    history = Machine(GC_OFF).run(program)
    under = WhatIf(history)
    runs = under.run({}), under.run({"user_arena_chunk_bytes_max": 4 * MiB})
    for done in (0, len(program) // 2, len(program)):
        view = what_if((history, history.op_end(done) if done else 0, done - 1), done, *runs)
        for side, run, column in zip((view.left, view.right), runs, ("left", "right"), strict=True):
            world = run.history.at(run.events(done))
            values = dict(zip(view.totals.name, getattr(view.totals, column), strict=True))
            assert values["mapped now"] == world.counters.heap_in_use
            assert values["GC cycles"] == world.counters.numgc
            lengths = np.bincount(side.bands.row, side.bands.right - side.bands.left, len(side.rows))
            assert set(lengths) <= {side.scale} == {world.rules.chunk.stride}
            assert len(side.rows) <= view.rows <= PAGE
            assert view.lines.operations[-1] == len(program)


@examples(30)
@given(programs(max_ops=12))
def test_bands_of_the_plain_heap_are_what_its_spans_hold(program):
    view = view_of(program, heap=PLAIN)
    shown = (view.right.bands.right - view.right.bands.left).sum()
    assert view.right.more or shown == total(view, "mapped now")[1]
    assert view.text() == view_of(program, heap=PLAIN).text()


def test_better_value_is_the_smaller_and_equal_ones_are_neither():
    view = view_of(heap=PLAIN)
    assert total(view, "values kept by pointers") == (3015, 1, "right")
    assert total(view, "GC cycles") == (2, 2, "")
    assert view.left.rows.kept[0] == "kept by a pointer: 3,015 dead values"


def test_side_says_what_was_chosen_and_what_stands_behind_it():
    assert view_of().right.title == "as recorded"
    assert view_of().right.behind == "the run itself: nothing was performed again"
    view = view_of(settings={"gogc": 100, "build_mode": "race"})
    assert view.right.title == "GOGC=100, race build"
    assert "Go can be set so, unverified" in view.right.behind
    assert "no Go can do it" in view_of(settings={"reuse_order": "fifo"}).right.behind
    assert "not certified" in view_of(heap=PLAIN).right.behind
    assert view_of(settings={"gogc": 50}, heap=PLAIN).right.title == "no arenas: plain new and make, GOGC=50"


def test_run_that_ended_is_told_and_compared_no_further():
    program = [ops.NewArena(0), ops.New(0, NODE), ops.Free(0), ops.Read(0, 8), ops.NewArena(1)]
    view = view_of(program, {"build_mode": "race"})
    assert view.right.bad
    assert view.right.trouble.startswith("ended at operation 4: the program dies: ")
    assert view.lines.right[-1] == ENDED
    assert set(view.totals.better) == {""}
    before = view_of(program, {"build_mode": "race"}, done=3)
    assert (before.right.bad, before.right.trouble) == (False, "")


def test_go_that_would_not_start_has_no_chunks():
    view = view_of(settings={"user_arena_chunk_bytes_max": 3 * MiB})
    assert view.right.trouble.startswith("ended at operation 1: Go would not start")
    assert len(view.right.bands) == len(view.right.rows) == 0


def test_refused_and_redirected_are_told():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, NODE)])
    machine.do(ops.Store(machine.world.ledger.row(0)[0], 0))
    under = WhatIf(machine.history)
    run = under.run({"max_alloc_fraction": 2**16, "user_arena_chunk_bytes_max": 2**19})
    view = what_if((machine.history, len(machine.history), 2), 3, under.run({}), run)
    assert view.right.trouble.startswith("1 operation left out, the last at 3: the object")
    assert view.right.bad
    view = what_if((machine.history, machine.history.op_end(2), 1), 2, under.run({}), run)
    assert view.right.trouble.startswith("1 value on the heap")
    assert not view.right.bad
