"""The collector explorer: a click asks why a chunk lives, and micro operations show it piece by piece."""

from arenalab.explore import Collector
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.player.telling import choose
from tests.strategies import GC_OFF

NODE = type_of("struct{ next *int }")
PROGRAM = [
    *(ops.NewArena(0), ops.New(0, NODE), ops.NewArena(1), ops.New(1, NODE), ops.Link(0, 1), ops.Hold(0, 0)),
    ops.StartGC(),
]


def test_click_on_a_chunk_shows_the_way_to_it():
    machine = Machine(GC_OFF)
    machine.run(PROGRAM)
    explorer = Collector(machine)
    for chunk in (1, 0):
        choose(explorer, f"chunk {chunk}")
        assert (explorer.chunk, explorer.shown.focus) == (chunk, chunk)
        assert f"chunk {chunk} (active) is alive:" in explorer.text()
    assert explorer.error == ""


def test_click_on_nonsense_is_told_and_changes_nothing():
    explorer = Collector(Machine(GC_OFF).run(PROGRAM))
    before = explorer.drawn()
    choose(explorer, "chunk <script>")
    assert explorer.error.startswith("ValueError")
    assert explorer.drawn() == before


def test_micro_operations_are_followed_piece_by_piece():
    explorer = Collector(Machine(GC_OFF))
    phases = []
    for op in (*PROGRAM, ops.MarkStep(), ops.FinishMark(), ops.SweepStep(), ops.RunGC(detail=True)):
        explorer.do(op)
        phases.append(explorer.shown.state)
    assert phases[-5:] == ["mark", "mark", "sweep due", "sweep due", "off"]
    assert explorer.shown.cycle == 2


def test_legend_says_what_a_mark_means_when_no_cycle_is_under_way():
    explorer = Collector(Machine(GC_OFF).run(PROGRAM))
    explorer.last()
    assert "white: no mark" in explorer.still()
