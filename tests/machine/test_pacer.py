"""Goal and trigger against numbers that real Go 1.21.13 printed with the runway at 0."""

from dataclasses import replace

import pytest

from arenalab.go.pacing import OFF, goal_and_trigger
from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.machine.pacer import should_start
from arenalab.syntax import type_of
from arenalab.units import MiB
from arenalab.world import ops
from arenalab.world.state import World

BIG = type_of("[262144]*int")


def test_a_small_heap_aims_at_four_mebibytes_and_starts_at_61_64ths():
    assert goal_and_trigger(0, 0, GO_1_21) == (4_194_304, 3_997_696)


@pytest.mark.parametrize(
    ("marked", "stacks", "goal", "trigger"),
    [
        (8_423_048, 8_304, 17_058_856, 16_654_022),
        (16_811_784, 8_304, 33_836_328, 33_038_272),
        (33_589_536, 8_160, 67_391_688, 65_807_174),
    ],
)
def test_goal_and_trigger_are_the_ones_a_real_run_printed(marked, stacks, goal, trigger):
    globals_bytes = 204_456
    assert goal_and_trigger(marked, stacks + globals_bytes, GO_1_21) == (goal, trigger)


def test_gogc_off_never_starts_a_cycle_by_itself():
    rules = replace(GO_1_21, gogc=-1)
    assert goal_and_trigger(10**9, 0, rules) == (OFF, OFF)
    machine = Machine(rules)
    machine.run([ops.NewArena(0), *[ops.New(0, BIG)] * 40])
    assert machine.world.gc.cycles == 0


def test_the_first_arena_of_a_program_starts_a_cycle_because_a_chunk_is_more_than_the_trigger():
    machine = Machine(GO_1_21)
    kinds = [type(event).__name__ for event in machine.do(ops.NewArena(0))]
    assert "TriggerReached" in kinds
    # The chunk is not in refs yet when the cycle starts: only the goroutine's stack holds it.
    assert kinds.index("CycleStarted") < kinds.index("ChunkActivated")
    assert machine.world.gc.phase == 1


@pytest.mark.parametrize("gogc", [25, 50, 100])
def test_a_goal_of_4_mebibytes_or_less_is_never_4_mebibytes_short(gogc):
    goal = 4 * MiB * gogc // 100
    assert goal_and_trigger(0, 0, replace(GO_1_21, gogc=gogc)) == (goal, goal // 64 * 61)


def test_a_goal_far_above_what_is_marked_has_its_trigger_4_mebibytes_short():
    assert goal_and_trigger(100 * MiB, 0, GO_1_21) == (200 * MiB, 196 * MiB)
    assert goal_and_trigger(80 * MiB, 0, GO_1_21) == (160 * MiB, 80 * MiB + 80 * MiB // 64 * 61)


def test_a_cycle_starts_when_the_trigger_is_reached_not_only_when_it_is_passed():
    _, trigger = goal_and_trigger(0, 0, GO_1_21)
    starts = [should_start(World(replace(GO_1_21, start_heap_live=trigger + more))) for more in (-1, 0, 1)]
    assert starts == [False, True, True]


@pytest.mark.parametrize("gogc", [25, 50, 100, 200, 400])
def test_a_larger_gogc_means_fewer_cycles_never_more(gogc):
    def cycles(percent):
        machine = Machine(replace(GO_1_21, gogc=percent), in_bulk=True)
        for number in range(12):
            machine.do(ops.NewArena(number))
            machine.do(ops.Rep(number, BIG, 4))
            if machine.world.gc.phase:
                machine.do(ops.MarkEnd())
        return machine.world.gc.cycles

    assert cycles(gogc) >= cycles(2 * gogc) >= 1


def test_the_goal_grows_with_what_is_scanned():
    small, large = (goal_and_trigger(40 * MiB, roots, GO_1_21)[0] for roots in (0, MiB))
    assert large - small == MiB
