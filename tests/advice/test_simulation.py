"""What arenas for a trace's scopes come to: against the machine, and against what the programs are known to keep."""

import gzip
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given

from arenalab.advice import simulation
from arenalab.advice.placement import ON_HEAP, performed, solved
from arenalab.advice.simulation import samples, what_late_finds
from arenalab.advice.trace_run import TraceRun
from arenalab.errors import ModelBug
from arenalab.intake.lifetimes import ESCAPES
from arenalab.replay.replay import replay
from arenalab.units import MiB
from arenalab.world.run_events import SINGLE
from arenalab.world.touch import Outcome, Pointer, touch
from tests.advice.arenas import RULES, of_order, programs

FOLDER = Path(__file__).parents[1] / "data/execution-traces"


@pytest.fixture(scope="module", params=["orders-go1.27.3", "plain-go1.27.3", "plain-go1.23.9"])
def run(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("simulated") / "some.trace"
    path.write_bytes(gzip.decompress((FOLDER / f"{request.param}.trace.gz").read_bytes()))
    return TraceRun.read(path)


def test_numbers_are_those_of_the_machine_s_world(run):
    kind = next(iter(run.scopes()))
    found, program = run.simulate(kind), run.operations(kind)
    world = replay(program.trace(), program.rules).world
    mapped = sum(span.mapped for span in world.spans) * world.rules.chunk.mapped_bytes
    assert found.performed == found.arenas == len(world.user_arenas) == len(run.found[kind])
    assert (found.mapped_bytes, found.resident_bytes) == (mapped, mapped)
    assert found.used_bytes + found.heap_bytes == sum(
        world.ledger.row(row)[1] for row in range(len(world.ledger))
    )
    assert found.objects == len(world.ledger) == len(run.verdict(kind).objects)
    assert found.open_at_once == run.verdict(kind).open_at_once
    assert found.reserved_bytes == 64 * MiB
    facts = found.facts()
    assert facts["late"] == sum(run.verdict(kind).fate == ESCAPES) == found.late_finds.stale
    assert f"{found.late:,} objects at least" in "\n".join(found.lines())


def test_recorded_heap_is_what_the_events_say(run):
    """One by one: an object takes its slot when it is born and gives it back at its free; tiny ones share."""
    kind = next(iter(run.scopes()))
    found, objects = run.simulate(kind).heap, run.objects
    moments, slots, most, live = [], Counter(), 0, 0
    for row in run.operations(kind).objects.tolist():
        moments.append((objects.birth[row], 1, row))
        moments.append((objects.end[row], 0, row))
    for _, comes, row in sorted(moments):
        slot = int(objects.slot[row])
        if comes:
            live += 0 if slots[slot] else int(objects.size[row])
            slots[slot] += 1
        else:
            slots[slot] -= 1
            live -= 0 if slots[slot] else int(objects.size[row])
        most = max(most, live)
    told = [each.arguments[0] for each in run.log.other.of("HeapAlloc")]
    assert (found.in_slots, found.heap_alloc) == (most, max(told))
    assert found.cycles == len(run.lifetimes.cycles)


def of_one_chunk_in_turn():
    """Return a program whose first chunk goes from arena 0 to arena 1, faults with it, and is recycled for arena 2."""
    order = [("made", 0, 0, 0), ("value", 0, 11, SINGLE), ("freed", 0, 0, 0)]
    for arena in (1, 2):
        order += [("made", arena, 0, 0), *[("value", arena, 3, SINGLE)] * 20, ("freed", arena, 0, 0)]
        order += [("cycle", 0, 0, 0)] * 2
    return of_order(order, RULES[0], 3)


@given(programs(most=40))
@example(of_one_chunk_in_turn())
def test_late_pointers_find_what_touching_them_finds(program):
    """A fault that waits for the cycle's end is looked at after it."""
    history, placed = replay(program.trace(), program.rules), solved(program)
    rows = np.argsort(np.argsort(program.place))
    seen, stale = Counter(), []
    for arena in range(program.arenas):
        freed = int(program.freed[arena])
        marking = int(np.searchsorted(program.cycles, freed)) % 2
        end = program.cycles[np.searchsorted(program.cycles, freed)] if marking else freed
        world = history.after_op(int(end) + 1)
        for value in np.flatnonzero(program.of == arena).tolist():
            outcome = touch(world, Pointer(int(rows[value]))).outcome
            if placed.life[value] != ON_HEAP and marking:
                # What another arena's Free sets to fault meanwhile was stale when its own was freed.
                outcome = touch(history.after_op(freed + 1), Pointer(int(rows[value]))).outcome
                chunk_goes = placed.faulted[placed.life[value]] == end and _full(
                    program, placed, value, freed
                )
                outcome = Outcome.FAULTS if chunk_goes else outcome
            seen[outcome] += 1
            if outcome == Outcome.STALE:
                stale.append((freed, int(rows[value])))
    later = faulting_later(program, history, stale)
    finds = what_late_finds(program, placed, np.arange(len(program.of)))
    assert (finds.faults, finds.stale) == (seen[Outcome.FAULTS], seen[Outcome.STALE])
    assert (finds.faults_later, finds.on_heap) == (len(later), seen[Outcome.FINE])


def faulting_later(program, history, stale):
    """Return those of (freed, row) that fault after a later Free or end of a cycle; at the end it may be recycled."""
    found = set()
    for moment in sorted({*program.freed.tolist(), *program.cycles.tolist()}):
        world = history.after_op(moment + 1)
        for freed, row in set(stale) - found:
            if freed < moment and touch(world, Pointer(row)).outcome == Outcome.FAULTS:
                found.add((freed, row))
    return found


def _full(program, placed, value, freed):
    """Whether a later value of the arena stands in another chunk."""
    mine = np.flatnonzero(np.logical_and(program.of == program.of[value], placed.life != ON_HEAP))
    return placed.life[mine[-1]] != placed.life[value] and freed >= 0


def test_solver_that_errs_is_found(run, monkeypatch):
    def wrong(program):
        return replace(solved(program), refills=1)

    monkeypatch.setattr("arenalab.advice.placement.solved", wrong)
    with pytest.raises(ModelBug, match="refills: 1 and 0"):
        run.simulate(next(iter(run.scopes())))


def test_of_arenas_too_large_for_the_machine_it_performs_the_first_objects(run, monkeypatch):
    kind, asked = next(iter(run.scopes())), []
    monkeypatch.setattr(simulation, "ARENAS", 0)
    monkeypatch.setattr(simulation, "VALUES", 10)
    monkeypatch.setattr(simulation, "certified", asked.append)
    found = run.simulate(kind)
    assert found.performed == 0
    assert [(len(each.of), each.arenas) for each in asked] == [(10, found.arenas)]
    assert list(solved(asked[0]).differs(performed(asked[0]))) == []
    assert "the machine performed the first 10 objects" in "\n".join(found.lines())


def test_samples_of_a_large_program_are_the_first_the_largest_and_some_others(run, monkeypatch):
    program = run.operations(next(iter(run.scopes())))
    assert [each.tolist() for each in samples(program)] == [list(range(program.arenas))]
    monkeypatch.setattr(simulation, "ARENAS", 3)
    monkeypatch.setattr(simulation, "VALUES", 400)
    first, largest, others = samples(program)
    sizes = np.bincount(program.of)
    assert program.made[first].tolist() == sorted(program.made)[: len(first)]
    assert sizes[largest[0]] == max(size for number, size in enumerate(sizes) if number not in first)
    assert len({*first, *largest, *others}) == len(first) + len(largest) + len(others)
    assert run.simulate(program.kind).performed == len(first) + len(largest) + len(others)
