"""The transition table says what the writer does: no more, no less."""

from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given

from arenalab import load_recording
from arenalab.explore.source import as_source
from arenalab.machine.machine import Machine
from arenalab.world import life_cycle, ops
from arenalab.world.apply import apply
from arenalab.world.life_cycle import ABSENT, STATES, TRANSITIONS
from tests.examples import examples
from tests.left import LONGEST
from tests.programs import RECORDINGS
from tests.strategies import GC_OFF, programs


def moves(history):
    """Return (state before, event, whether it names the chunk, state after), once where only numbers differ."""
    world, before, found = history.at(0), [], {}
    for event in history.events:
        apply(world, event)
        after = life_cycle.states_of(world)
        before += [ABSENT] * (len(after) - len(before))
        for chunk, (was, is_) in enumerate(zip(before, after, strict=True)):
            named = chunk in event.chunks
            found.setdefault((was, type(event), named, is_), (was, event, named, is_))
        before = after
    return list(found.values())


def refused(found):
    """Return the moves that the table does not tell."""
    return [
        (before, type(event).__name__, after)
        for before, event, named, after in found
        if after != (life_cycle.after(before, event) if named else before)
    ]


#: Frees an arena while the collector rests and another while it marks.
TWO_FREES = [
    *(ops.NewArena(0), ops.Free(0), ops.RunGC(), ops.NewArena(1)),
    *(ops.MarkBegin(), ops.Free(1), ops.MarkEnd()),
]


def sanitized(mode):
    """Return what a sanitizer build of TWO_FREES does."""
    return Machine(replace(GC_OFF, build_mode=mode)).run(TWO_FREES)


@pytest.fixture(scope="module")
def recorded():
    """Every recorded program but the longest, and what the model says of a sanitizer build: no recording is of one."""
    files = sorted(file for file in RECORDINGS.glob("**/*.jsonl") if file.stem != LONGEST)
    recorded = (
        as_source(load_recording(file))[0] for file in files
    )  # one at a time: together they are large
    return [move for history in chain(recorded, [sanitized("race")]) for move in moves(history)]


def test_every_chunk_of_every_recorded_program_moves_as_the_table_says(recorded):
    assert refused(recorded) == []


@pytest.mark.slow
def test_every_chunk_of_the_longest_program_does():
    [file] = RECORDINGS.glob(f"**/{LONGEST}.jsonl")
    assert refused(moves(as_source(load_recording(file))[0])) == []


def test_every_row_of_the_table_happens(recorded):
    seen = {(before, type(event)) for before, event, _, after in recorded if before != after}
    assert seen == set(TRANSITIONS)


@pytest.mark.parametrize("row", TRANSITIONS)
def test_wrong_row_is_seen(recorded, row, monkeypatch):
    monkeypatch.setitem(TRANSITIONS, row, "elsewhere")
    assert refused(recorded) != []


@pytest.mark.parametrize("mode", ["race", "msan", "asan"])
def test_sanitizer_build_quarantines_the_active_chunk_without_a_list_between(mode):
    assert refused(moves(sanitized(mode))) == []


@examples(30)
@given(programs(micro_gc=True))
def test_random_program_moves_its_chunks_as_the_table_says(program):
    machine = Machine(GC_OFF)
    machine.run(program)
    assert refused(moves(machine.history)) == []


def test_every_state_is_reached_and_left():
    assert {state for state, _ in TRANSITIONS} == set(STATES)
    assert set(TRANSITIONS.values()) == set(STATES) - {ABSENT}
