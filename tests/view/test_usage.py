"""What a run made of its arenas: the numbers are those that walking through every moment would count."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given

from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.acting import who
from arenalab.view.calls import call_of
from arenalab.view.usage import Outlived, Values, usage
from arenalab.view.usage_who import BY_FINALIZER, NEVER
from arenalab.view.usage_words import told
from arenalab.view.whose import whose, whose_words
from arenalab.world import ops
from arenalab.world.events import ChunkRetired, ReuseTaken
from arenalab.world.life_cycle import ABSENT, READY
from arenalab.world.schedule import Begin, GoOn
from arenalab.world.timeline import END_MISSING
from tests.concurrent import FUNCTION, overtaking, with_sites
from tests.strategies import GC_OFF, programs

POINTER, HALF, HUGE = type_of("*int"), type_of("[1000000]byte"), type_of("[3000000]byte")


def run(*program, rules=GC_OFF):
    return Machine(rules).run([ops.NewArena(0), *program])


def fill(arena=0):
    """Nine values of a million bytes: eight fill a chunk, the ninth is in the next one."""
    return [ops.New(arena, POINTER), *[ops.New(arena, HALF)] * 9]


@given(programs())
def test_numbers_are_those_of_every_moment(program):
    history = Machine(GC_OFF, in_bulk=True).run(program)
    its = usage(history)
    rows = history.world.ledger.table().tolist()
    in_use = [
        sum(world.list_of(chunk) not in (ABSENT, READY) for chunk in range(len(world.spans)))
        for world in map(history.at, range(len(history) + 1))
    ]
    assert its.most_in_use == max(in_use)
    assert its.in_use == in_use[-1]
    at = next((moment for moment, number in enumerate(in_use) if number and number == max(in_use)), None)
    assert its.most_in_use_at == (None if at is None else history.log.op_at(at))
    assert its.in_chunks == Values(sum(r[5] >= 0 for r in rows), sum(r[1] for r in rows if r[5] >= 0))
    assert its.on_heap == Values(sum(r[5] == -1 for r in rows), sum(r[1] for r in rows if r[5] == -1))
    assert its.of_size_zero == sum(r[5] == -2 for r in rows)
    assert its.full == sum(type(event) is ChunkRetired for event in history.events)
    assert its.reused == sum(type(event) is ReuseTaken for event in history.events)
    assert its.arenas == its.freed + its.finalized + its.unfreed == len(history.world.user_arenas)
    assert 0 <= its.share <= 1


def test_arena_that_ends_by_itself_is_told_from_one_that_nobody_ends():
    history = run(ops.NewArena(1), ops.NewArena(2), ops.Free(0), ops.Drop(1), ops.RunGC(), ops.RunGC())
    its = usage(history)
    assert (its.arenas, its.freed, its.finalized, its.unfreed) == (3, 1, 1, 1)
    text = told(its)
    assert "3 made: 1 freed by the program, 1 by a finalizer, 1 never" in text
    assert "1 arena waited for the collector" in text
    assert "1 arena held memory to the end" in text


def test_free_that_a_finalizer_was_seen_to_call_is_its_own_and_not_the_programs():
    history = run(ops.NewArena(1), ops.Free(0), ops.Free(1, by_finalizer=True))
    its = usage(history)
    assert (its.freed, its.finalized, its.unfreed) == (1, 1, 0)
    assert who(history, len(history) - 1) == "finalizer goroutine"
    assert call_of(history.ops[-1]) == "a1.Free(), called by its finalizer"


def test_room_behind_the_last_value_of_a_full_chunk_is_wasted():
    its = usage(run(*fill(), ops.Free(0)))
    assert (its.full, its.wasted) == (1, its.chunk_bytes - 8 * HALF.size - 8)
    assert "after the last value of 1 full chunk" in told(its)


def test_arena_whose_values_are_too_large_for_a_chunk_gained_nothing():
    its = usage(run(ops.New(0, HUGE), ops.NewArena(1), ops.New(1, POINTER)))
    assert (its.only_on_heap, its.on_heap) == ((0,), Values(1, HUGE.size))
    assert "values over 2 MiB go to the heap (2.861 MiB here)" in told(its)


class TestWhatOutlivedItsArena:
    def test_chunk_that_is_pointed_to_is_named_with_how_long(self):
        held = [*fill()[:1], ops.Hold(0, 0), *fill()[1:]]
        history = run(*held, ops.Free(0), ops.RunGC(), ops.RunGC(), ops.Unhold(0), ops.RunGC())
        free = history.ops.index(ops.Free(0))
        its = usage(history)
        assert its.outlived == (Outlived(0, (0,), free, 2, len(history.ops) - 1),)
        assert its.quarantined == ()
        assert "yes: something still pointed into 1 chunk of freed arenas: chunk 0 (arena 0;" in told(its)
        assert f"kept by 2 collections until operation {len(history.ops)}" in told(its)

    def test_pointer_that_stays_keeps_it_to_the_end(self):
        its = usage(run(*fill()[:1], ops.Hold(0, 0), *fill()[1:], ops.Free(0), ops.RunGC()))
        assert [(it.cycles, it.released, it.kept_by) for it in its.outlived] == [(1, None, "global 0")]
        assert its.quarantined == (0,)
        assert "1 of them in quarantine" in told(its)
        assert "kept by 1 collection to the end" in told(its)

    def test_chunk_that_nobody_points_to_is_looked_at_and_ready(self):
        its = usage(run(*fill(), ops.Free(0), ops.RunGC()))
        assert (its.looked_at, its.outlived) == (1, ())
        assert "outlived  no: a collection looked 1 time" in told(its)

    def test_mark_of_a_collection_that_began_before_the_free_is_no_pointer(self):
        program = [*fill(), ops.MarkBegin(), ops.Free(0), ops.MarkEnd()]
        its = usage(run(*program))
        assert (its.looked_at, its.outlived) == (0, ())
        assert "not known: no full chunk was freed before a collection" in told(its)

    def test_free_that_is_under_way_leads_to_its_own_chunks(self):
        its = usage(overtaking())
        assert its.looked_at == 2  # by the second collection alone; the first began within Free
        assert its.outlived == ()

    def test_fault_list_that_another_drains_waits_for_the_first_free_too(self):
        machine = Machine(GC_OFF)
        for op in [ops.NewArena(0), *fill(), ops.NewArena(1), *fill(1), ops.MarkBegin()]:
            machine.do(op)
        machine.take(Begin(2, ops.Free(0), until="chunk freed"))
        machine.do(ops.MarkEnd())
        machine.do(ops.Free(1), goroutine=3)
        machine.do(ops.RunGC())
        assert usage(machine.history).outlived == ()
        machine.take(GoOn(2))
        machine.do(ops.RunGC())
        assert usage(machine.history).looked_at > 0

    def test_nothing_is_known_without_a_collection(self):
        assert "not known: no collection began" in told(usage(run(*fill(), ops.Free(0))))

    @pytest.mark.parametrize("build_mode", ["race", "asan"])
    def test_sanitizer_sets_the_only_chunk_to_fault_and_it_counts(self, build_mode):
        rules = replace(GC_OFF, build_mode=build_mode)
        its = usage(run(ops.New(0, POINTER), ops.Hold(0, 0), ops.Free(0), ops.RunGC(), rules=rules))
        assert len(its.outlived) == 1


def test_run_without_a_chunk_has_words_too():
    text = told(usage(Machine(GC_OFF).history))
    assert "0 made" in text
    assert "none obtained" in text


def test_where_the_end_is_missing_nobody_says_that_an_arena_was_never_freed(tmp_path):
    history = with_sites(tmp_path, machine_with_an_arena_left().history)
    whole = usage(history)
    assert (whole.cut, whole.leaks) == (False, True)
    assert "never freed" in told(whole)
    history.remarks = (f"{END_MISSING}: 3 notes were not kept",)
    its = usage(history)
    assert (its.cut, its.leaks, its.unfreed) == (True, False, whole.unfreed)
    assert "never freed" not in told(its)
    assert "held memory to the end" not in told(its)
    assert "not freed where the recording ends: arena 3" in told(its)
    assert {end.how for end in its.left} == {"not yet where the recording ends"}
    its = whose(history, history.world.ledger.row(0)[0])
    assert "  its arena was not freed where the recording ends" in whose_words(its)


def machine_with_an_arena_left():
    machine = Machine(GC_OFF)
    for goroutine, program in (
        (5, [ops.NewArena(3), ops.New(3, POINTER)]),
        (6, [ops.NewArena(4), ops.Free(4)]),
    ):
        for op in program:
            machine.do(op, goroutine=goroutine)
    return machine


class TestByWhom:
    def test_lines_of_the_program_add_up_to_the_whole(self, tmp_path):
        its = usage(with_sites(tmp_path))
        made, freed = its.askers
        assert (made.who, freed.who) == (f"server.go:4 in {FUNCTION}", "free.go:9 in main.done")
        assert (made.arenas, made.freed, made.finalized, made.unfreed) == (3, 2, 1, 0)
        assert (made.values, made.nbytes) == (its.in_chunks.number, its.in_chunks.nbytes)
        assert (made.goroutines, freed.goroutines, freed.frees) == (3, 2, 2)
        text = told(its)
        assert "freed by a finalizer: arena 2 (made by goroutine 9 at server.go:4)" in text
        assert (
            "server.go:4 in main.(*server).answer (3 goroutines): made 3 arenas (2 freed, 1 by a finalizer)"
            in text
        )

    def test_goroutines_are_told_where_no_line_was_recorded(self):
        its = usage(overtaking())
        assert [(it.who, it.arenas, it.values, it.frees) for it in its.askers] == [
            ("goroutine 5", 1, 9, 1), ("goroutine 7", 1, 1, 1), ("goroutine 9", 1, 1, 0),
        ]  # fmt: skip

    def test_one_goroutine_without_lines_is_nobody_to_tell_of(self):
        its = usage(run(*fill(), ops.Free(0)))
        assert its.askers == ()
        assert "goroutine" not in told(its)

    @given(programs())
    def test_ends_of_arenas_are_those_counted(self, program):
        its = usage(Machine(GC_OFF, in_bulk=True).run(program))
        assert Counter(end.how for end in its.left) == Counter(
            {BY_FINALIZER: its.finalized, NEVER: its.unfreed}
        )

    @pytest.mark.parametrize(
        ("program", "leaks"),
        [
            ([ops.Free(0)], False),
            ([], True),
            ([ops.Drop(0), ops.RunGC()], True),
            ([*fill(), ops.Free(0)], True),  # nobody looked
            ([*fill(), ops.Free(0), ops.RunGC()], False),
            ([*fill()[:1], ops.Hold(0, 0), *fill()[1:], ops.Free(0), ops.RunGC()], True),
        ],
    )
    def test_leak_is_what_the_program_left_to_others_or_nobody_looked_at(self, program, leaks):
        assert usage(run(*program)).leaks == leaks
