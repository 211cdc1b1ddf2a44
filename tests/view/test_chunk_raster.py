"""The raster's words are the World's objects, word by word; runs lead from any raster to any other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.units import counted
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import chunk_map
from arenalab.view.chunk_raster import GROUND, chunk_raster, runs, word_said
from arenalab.view.chunk_state import DEAD, ChunkState
from arenalab.view.colouring import AGE, ARENA, CHOICES, COLOURINGS, DIRECTION, TYPE, colouring
from arenalab.world import ops
from arenalab.world.chunk_events import ChunkMapped
from tests.examples import examples
from tests.strategies import GC_OFF, programs

INT, POINTER, ODD, QUARTER = map(type_of, ("int64", "*int", "[3]byte", "[262144]*int"))


def run(*program):
    return Machine(GC_OFF).run(program)


def look(index, at, chunk=0):
    return ChunkState(index, index.history.at(at), chunk)


def raster(index, at, chunk=0, by=DIRECTION):
    its = look(index, at, chunk)
    return chunk_raster(index, its, colouring(by, index, its), index.history.log.op_at(at))


def key_of(shown, word):
    return shown.keys[shown.words[word] // 2]


def first_owners(its):
    """Word -> (ledger row, bytes from where), object by object from the ledger, the earliest carved first."""
    owners = {}
    if not its.filled:
        return owners
    world = its.world
    names, born = world.ledger.names, world.births.get(its.chunk, world.ledger.count)
    for number in range(born, world.ledger.count):
        row = dict(zip(names, world.ledger.row(number), strict=True))
        if row["chunk"] == its.chunk:
            offset = row["addr"] - its.span.base
            for word in range(offset // 8, -(-(offset + row["size"]) // 8)):
                owners.setdefault(word, (number, row))
                if word - offset // 8 > 40:  # of a large object the first words and the last will do
                    owners.setdefault((offset + row["size"] - 1) // 8, (number, row))
                    break
    return owners


def wanted(its, row, by, rank):
    """What an object's colour must be, from its ledger row."""
    if its.condition == DEAD:
        return "dead"
    if by == DIRECTION:
        key = "pointerful" if its.world.types[row["type"]].ptr_bytes else "pointer_free"
        return key if row["user_arena"] == its.owner else f"{key}_former"
    return rank[its.world.types[row["type"]].expr] if by == TYPE else f"choice_{row['user_arena'] % 8}"


@examples(40)
@given(programs(max_ops=14), st.data(), st.sampled_from([DIRECTION, TYPE, ARENA]))
def test_words_are_the_worlds_objects(program, data, by):
    history = run(*program)
    index = ChunkIndex(history)
    for at in data.draw(st.lists(st.integers(0, len(history)), min_size=1, max_size=3)):
        for chunk in range(len(history.at(at).spans)):
            its, shown = look(index, at, chunk), raster(index, at, chunk, by)
            names = zip(shown.said, shown.keys, strict=True)
            rank = {said: key for said, key in names if key in CHOICES}
            owners = first_owners(its)
            for word, (_, row) in owners.items():
                rank.setdefault(its.world.types[row["type"]].expr, CHOICES[-1])
                assert key_of(shown, word) == wanted(its, row, by, rank)
            objects = np.flatnonzero(shown.words >= 2 * len(GROUND))
            held = np.concatenate([run.left // 8 for run in its.held])
            assert set(objects[:1]) <= set(held) or its.condition == DEAD


@examples(40)
@given(programs(max_ops=14), st.data())
def test_bytes_without_objects_are_free_padding_or_what_the_chunk_is(program, data):
    history = run(*program)
    at = data.draw(st.integers(0, len(history)))
    index = ChunkIndex(history)
    for chunk in range(len(history.at(at).spans)):
        its, shown = look(index, at, chunk), raster(index, at, chunk)
        front, back, end = its.edges
        if its.condition == "usable":
            middle = shown.words[-(-front // 8) : back // 8]
            assert set(middle) <= {2 * GROUND.index(its.middle)}
            assert not np.isin(shown.words[: front // 8] // 2, [0, 1, 3, 4, 5]).any()
            assert not np.isin(shown.words[-(-back // 8) : end // 8] // 2, [0, 1, 3, 4, 5]).any()
            taken = sum(int((-(-run.right // 8) - run.left // 8).sum()) for run in its.held)
            assert (shown.words // 2 >= len(GROUND)).sum() <= taken
            assert (shown.words // 2 >= len(GROUND)).sum() * 8 >= sum(
                int((run.right - run.left).sum()) for run in its.held
            )
        elif its.condition == "address space":
            assert set(shown.words) == {2 * GROUND.index("address_space")}


@examples(40)
@given(programs(max_ops=14), st.data(), st.sampled_from(COLOURINGS))
def test_runs_lead_from_any_moment_to_any_other(program, data, by):
    history = run(*program)
    index = ChunkIndex(history)
    first = next((at for at, event in enumerate(history.events, 1) if isinstance(event, ChunkMapped)), None)
    if first is None:
        return
    old, new = (raster(index, data.draw(st.integers(first, len(history))), by=by) for _ in range(2))
    words = old.words.copy()
    changed = runs(old.words, new.words)
    assert changed.dtype == np.uint32
    for start, length, number in changed.reshape(-1, 3).tolist():
        assert (words[start : start + length] != number).all()
        words[start : start + length] = number
    assert np.array_equal(words, new.words)


@examples(30)
@given(programs(max_ops=14), st.data(), st.sampled_from(COLOURINGS))
def test_what_was_looked_at_before_changes_nothing(program, data, by):
    history = run(*program)
    at = data.draw(st.integers(0, len(history)))
    used = ChunkIndex(history)
    for chunk in range(len(history.at(at).spans)):
        for other in (len(history), at // 2, at):
            if chunk < len(history.at(other).spans):
                seen = raster(used, other, chunk, by)
        assert seen == raster(ChunkIndex(history), at, chunk, by)


@examples(30)
@given(programs(max_ops=14))
def test_word_is_told_exactly(program):
    history = run(*program)
    index = ChunkIndex(history)
    for chunk in range(len(history.world.spans)):
        its = look(index, len(history), chunk)
        for word, (number, row) in list(first_owners(its).items())[:50]:
            said, part = word_said(index, its, word)
            offset = row["addr"] - its.span.base
            assert part == (offset, offset + row["size"])
            assert counted(row["size"], "byte") in said
            assert f"operation {history.log.op_of_row(number) + 1:,}:" in said
        free = np.flatnonzero(raster(index, len(history), chunk).words == 0)[:5]
        assert {word_said(index, its, word)[0] for word in free} <= {""}


def test_neighbours_have_different_shades():
    history = run(ops.NewArena(0), ops.Rep(0, POINTER, 9), ops.Rep(0, INT, 9))
    words = raster(ChunkIndex(history), len(history)).words
    assert (np.diff(words[:9].astype(int)) != 0).all()
    assert (np.diff(words[-9:].astype(int)) != 0).all()


def test_word_that_objects_share_belongs_to_the_first_carved():
    history = run(ops.NewArena(0), ops.New(0, ODD), ops.New(0, ODD), ops.New(0, ODD))
    index = ChunkIndex(history)
    said, part = word_said(index, look(index, len(history)), 2**20 - 1)
    assert part == (2**23 - 3, 2**23)
    assert said.endswith("and 2 more in this word")
    assert raster(index, len(history)).words[-2:].tolist() == [
        2 * len(GROUND) + 2,
        2 * len(GROUND) + 3,
    ]  # the third reaches the word below


def test_reused_chunk_shows_both_arenas():
    program = [ops.NewArena(0), ops.New(0, POINTER), ops.Free(0), ops.NewArena(1), ops.New(1, POINTER)]
    history = run(*program)
    shown = raster(ChunkIndex(history), len(history), by=ARENA)
    assert [key_of(shown, word) for word in range(2)] == ["choice_0", "choice_1"]
    assert shown.legend() == [("choice_0", "arena 0"), ("choice_1", "arena 1")]
    by_direction = raster(ChunkIndex(history), len(history))
    assert [key_of(by_direction, word) for word in range(2)] == ["pointerful_former", "pointerful"]


def test_chunk_set_to_fault_is_dead_in_every_colour():
    program = [ops.NewArena(0), *[ops.New(0, QUARTER)] * 5, ops.Free(0)]
    history = run(*program)
    index = ChunkIndex(history)
    assert look(index, len(history)).condition == DEAD
    for by in COLOURINGS:
        assert set(raster(index, len(history), by=by).words // 2) == {GROUND.index("dead")}


def test_most_bytes_take_the_first_colours_and_the_rest_share_the_last():
    kinds = [type_of(f"[{number}]int") for number in range(1, 12)]
    history = run(ops.NewArena(0), *[ops.New(0, kind) for kind in kinds])
    shown = raster(ChunkIndex(history), len(history), by=TYPE)
    assert [said for _, said in shown.legend()] == [*[f"[{n}]int" for n in range(11, 4, -1)], "4 other types"]
    assert key_of(shown, 2**20 - 1) == CHOICES[-1]


def test_ages_are_fifths_of_the_objects():
    history = run(ops.NewArena(0), ops.Rep(0, POINTER, 10))
    shown = raster(ChunkIndex(history), len(history), by=AGE)
    assert [key_of(shown, word) for word in range(10)] == [f"age_{n // 2}" for n in range(10)]


def test_step_outlines_what_it_made_and_changes_little():
    history = run(ops.NewArena(0), ops.Rep(0, INT, 1000), ops.New(0, INT))
    index = ChunkIndex(history)
    before, after = raster(index, history.op_end(2)), raster(index, len(history))
    assert after.now == ((2**20 - 1001, 2**20 - 1000),)
    assert runs(before.words, after.words).tolist() == [2**20 - 1001, 1, after.words[-1001]]


@pytest.mark.parametrize("colour", [TYPE, ARENA, AGE])
def test_exact_objects_have_the_colour_of_their_words(colour):
    history = run(
        *(ops.NewArena(0), ops.New(0, POINTER), ops.New(0, INT), ops.Rep(0, ODD, 5), ops.Free(0)),
        *(ops.NewArena(1), ops.New(1, type_of("string")), ops.New(1, INT)),
    )
    view = chunk_map(ChunkIndex(history), len(history), colour=colour)
    alone = view.objects.size >= 8
    keys = [key_of(view.raster, left // 8) for left in view.objects.left[alone]]
    assert list(view.objects.meaning[alone]) == keys
    assert f"words of chunk 0 by {colour}" in view.text()


def test_chunk_with_a_million_objects_is_shown_whole():
    machine = Machine(GC_OFF, in_bulk=True)
    history = machine.run([ops.NewArena(0), ops.Rep(0, POINTER, 500_000), ops.Rep(0, INT, 500_000)])
    shown = raster(ChunkIndex(history), len(history))
    assert (shown.words // 2 >= len(GROUND)).sum() == 1_000_000
    assert (np.diff(shown.words[:500_000].astype(int)) != 0).all()
