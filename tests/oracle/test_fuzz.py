"""The fuzzer finds a fault that is put into the model, makes it small, and counts honestly."""

import tomllib

import pytest

from arenalab.go import heapbits, layout
from arenalab.machine import gc
from arenalab.oracle.cli_fuzz import main_fuzz
from arenalab.oracle.fuzz import Pool, Tally, compare, program_of, smallest
from arenalab.oracle.lifecycle import MOVES
from arenalab.oracle.program import Program, mended
from arenalab.oracle.shrink import as_scenario, shrink
from arenalab.world import end_events
from arenalab.world.apply import HANDLERS
from tests.examples import some

go = [pytest.mark.go, pytest.mark.usefixtures("toolchain")]
MAKE = {"op": "new_arena", "arena": 0}


def _align_to_four(monkeypatch):
    right = layout.take_from_back
    monkeypatch.setattr(
        layout, "take_from_back", lambda low, high, size, align: right(low, high, size, min(align, 4))
    )


def _reuse_from_the_wrong_end(monkeypatch):
    monkeypatch.setitem(HANDLERS, end_events.ReusePut, lambda w, event: w.reuse.insert(0, event.chunk))


def _leave_the_marks(monkeypatch):
    right = heapbits.HeapBitsWriter.write

    def write(self, data, nbits):
        store = right(self, data, nbits)
        return store and store._replace(clears=0)

    monkeypatch.setattr(heapbits.HeapBitsWriter, "write", write)


def _count_a_free_twice(monkeypatch):
    right = HANDLERS[end_events.ChunkUncounted]

    def uncount(w, event):
        right(w, event)
        w.counters.large_free_count += 1

    monkeypatch.setitem(HANDLERS, end_events.ChunkUncounted, uncount)


def _know_one_order(monkeypatch):
    right = gc.finish_cycle
    monkeypatch.setattr(gc, "finish_cycle", lambda w, *_, sweeper=None: right(w, sweeper=sweeper))


FAULTS = {
    "alignment": _align_to_four,
    "list order": _reuse_from_the_wrong_end,
    "bit rule": _leave_the_marks,
    "counter": _count_a_free_twice,
    "schedule": _know_one_order,
}


@pytest.fixture(scope="module")
def pool(toolchain):
    assert toolchain
    return Pool.build("tests")


def test_the_same_seed_gives_the_same_programs(pool):
    assert program_of(pool, "a", 3) == program_of(pool, "a", 3)
    assert program_of(pool, "a", 3) != program_of(pool, "a", 4) != program_of(pool, "b", 4)


def test_operations_that_lost_their_meaning_are_left_out():
    ops = [{"op": "free", "arena": 1}, MAKE, {"op": "mark_begin"}, {"op": "gc"}, {"op": "free", "arena": 0}]
    assert mended(ops, 0) == [MAKE, {"op": "mark_begin"}, {"op": "free", "arena": 0}, {"op": "mark_end"}]


def test_a_program_shrinks_to_what_matters():
    noise = [{"op": "new_arena", "arena": n} for n in range(1, 30)]
    slices = [{"op": "slice", "arena": 3, "type": n % 3, "cap": 1000 + n} for n in range(20)]
    program = Program(
        ["int", "byte", "*int"], [MAKE, *noise, {"op": "gc"}, *slices, {"op": "free", "arena": 3}]
    )

    def differs(candidate):
        return any(
            op["op"] == "slice" and op["cap"] > 77 and op["type"] < len(candidate.types)
            for op in candidate.ops
        )

    small = shrink(program, differs, seconds=20)
    assert [op["op"] for op in small.ops] == ["new_arena", "slice"]
    assert small.ops[1]["cap"] == 78
    assert len(small.types) == 1


def test_what_is_found_is_a_scenario_ready_to_be_committed():
    program = Program(["struct{ a string }"], [MAKE, {"op": "slice", "arena": 0, "type": 0, "cap": 7}])
    text = as_scenario(program, "fuzz-1-2", "model and Go differ")
    data = tomllib.loads(text)
    assert data["types"] == {"T0": "struct{ a string }"}
    assert data["ops"][1] == {"op": "slice", "arena": 0, "type": "T0", "cap": 7}


def test_a_tally_of_nothing_is_no_success():
    assert not Tally().report.ok
    assert "never seen: none -> active" in "\n".join(Tally().lines())


class TestWithGo:
    pytestmark = go

    @pytest.mark.slow
    def test_model_and_go_agree_and_the_tally_says_on_what(self, capsys):
        asked = ["--minutes", "4", "--programs", "13", "--seed", "7", "--jobs", "1"]
        assert main_fuzz(asked) == 0
        told = capsys.readouterr().out
        assert " of 13 programs; 0 differences" in told
        assert told.startswith("seed 7\n")
        assert f"moves of a chunk's life seen: {len(MOVES)} of {len(MOVES)}" in told

    @pytest.mark.slow
    @pytest.mark.timeout(400)
    @pytest.mark.parametrize("fault", some(FAULTS, len(FAULTS)))
    def test_a_planted_fault_is_found_and_made_small(self, pool, monkeypatch, fault):
        FAULTS[fault](monkeypatch)
        for number in range(10):
            program, chosen, every = program_of(pool, "planted", number)
            trial = compare(pool.recorder, program, chosen, every)
            if trial.differs:
                break
        assert trial.differs
        small = smallest(trial, pool, seconds=90)
        assert small.differs
        assert len(small.program.ops) <= 10
