"""A file's indexes are those that explorers make of the run; those of another run, or spoilt, are not used."""

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

import arenalab.explore  # noqa: F401  # all explorers, with all their indexes
from arenalab.codec import archive
from arenalab.codec.archive import Archive
from arenalab.draw.scene import WIDTH
from arenalab.errors import HistoryError
from arenalab.machine.machine import Machine
from arenalab.world import history_indexes
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.history_indexes import HEAD, INDEXES, PREFIX
from arenalab.world.history_steps import Begun, Turned, steps_of
from tests.examples import examples
from tests.hostile.readers import EXPLORERS, PROGRAM
from tests.strategies import GC_OFF, programs
from tests.world import archived
from tests.world.test_history_columns import KINDS, long, said_of


@pytest.fixture(autouse=True)
def even_short_histories_have_indexes_and_their_columns_stand_in_blocks(monkeypatch):
    monkeypatch.setattr(history_indexes, "LEAST", 0)
    monkeypatch.setattr(archive, "BLOCK", 100)


def again(history, folder):
    """Save a history with its indexes and open it."""
    history.save(folder / "history.npz")
    return History.load(folder / "history.npz")


def columns_of(reader):
    return {name: column.tolist() for name, column in reader.for_file().items()}


@given(programs(micro_gc=True), st.booleans(), st.data())
@examples(40)
def test_an_index_of_a_file_says_what_a_fresh_one_does(tmp_path_factory, program, in_bulk, data):
    machine = Machine(GC_OFF, in_bulk=in_bulk)
    cut = data.draw(st.integers(0, len(program)))
    asked = data.draw(st.sets(st.sampled_from(sorted(INDEXES))))
    made = machine.run(program[:cut])
    for name in asked:
        made.reader(INDEXES[name])  # an explorer had been open meanwhile
    machine.run(program[cut:])
    loaded = again(made, tmp_path_factory.mktemp("history"))
    for kind in INDEXES.values():
        assert loaded.indexes.of(kind) is not None
        assert columns_of(loaded.reader(kind)) == columns_of(kind(loaded)) == columns_of(kind(made))


@pytest.mark.parametrize("cut", range(0, len(PROGRAM), 3))
def test_a_history_goes_on_where_its_indexes_end(tmp_path, cut):
    loaded = again(Machine(GC_OFF).run(PROGRAM[:cut]), tmp_path)
    for kind in INDEXES.values():
        loaded.reader(kind)
    whole, events = Machine(GC_OFF).run(PROGRAM), len(loaded)
    begun = seen = 0
    for step in steps_of(whole):
        begun += isinstance(step, Begun)
        seen += isinstance(step, Event)
        match step:
            case Begun() if begun > cut:
                loaded.begin(PROGRAM[begun - 1], step.goroutine)
            case Turned() if begun > cut:
                loaded.turn(step.op, step.actor, beside=step.beside)
            case Event() if seen > events:
                loaded.record(step)
    assert said_of(loaded.log) == said_of(whole.log)
    for kind in INDEXES.values():
        reader = loaded.reader(kind)
        reader.refresh()
        assert columns_of(reader) == columns_of(kind(whole)), kind


def seen(explorer):
    """Return all that a page gets of an explorer where it stands."""
    picture = explorer.picture(explorer.here(), WIDTH)
    rasters = {name: raster.words.tolist() for name, raster in picture.rasters.items()}
    return picture.data(), picture.scene.shapes, rasters, explorer.about()


@pytest.mark.parametrize("name", KINDS)
def test_every_explorer_shows_of_a_file_with_indexes_what_it_shows_of_the_run(tmp_path, name):
    made = KINDS[name]()
    loaded = again(made, tmp_path)
    for kind in EXPLORERS:
        shown = [kind(it, cursor=len(made) // 2) for it in (made, loaded)]
        assert seen(shown[0]) == seen(shown[1]), kind
        for it in shown:
            it.step()
        assert seen(shown[0]) == seen(shown[1]), kind


def changed(path, change):
    """Change members of a file and the head of its indexes, which stay those of its columns."""
    archived.changed(path, HEAD, change)
    its = Archive(path, "history", str(path), HistoryError).sums(PREFIX, HEAD)
    archived.changed(path, HEAD, lambda _, head: head.update(of=its))


def put(name, at, number):
    """Return a change of one number of an index's column."""
    return archived.put(f"{PREFIX}{name}", at, number)


FAULTS = {
    "a chunk that is none": (put("lives 1.chunk", 9, 99), "column index.lives 1.chunk, number 9: got 99"),
    "fewer moves": (put("lives 1.state.count", 0, 3), "column index.lives 1.state has 3 numbers; expected"),
    "an object twice": (put("chunks 1.row", 9, 0), "index.chunks 1: its rows are no order of the ledger's"),
    "a loop of itself": (put("listing 1.loops.children", 0, 65_000), "index.listing 1.loops"),
    "a loop that is longer": (
        put("listing 1.loops.times", 0, 9),
        "index.listing 1.loops: its loops, unrolled",
    ),
    "another counter": (
        put("counters 1.heap_live.value", 5, 9),
        "not end as its events do: index counters 1",
    ),
    "no column": (
        lambda _, head: head["short"].pop(f"{PREFIX}chunks 1.row.count"),
        "chunks 1.row.count can't be read",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_of_an_index_is_refused_by_its_place(tmp_path, fault):
    change, said = FAULTS[fault]
    path = tmp_path / "history.npz"
    long().save(path)
    changed(path, change)
    with pytest.raises(HistoryError, match=said) as caught:
        History.load(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_index_of_other_columns_or_of_another_form_is_made_anew(tmp_path, monkeypatch):
    path, kind = tmp_path / "history.npz", INDEXES["lives 1"]
    long().save(path)
    assert History.load(path).indexes.of(kind)
    monkeypatch.setattr(kind, "words", (*kind.words, "lunch"))
    assert History.load(path).indexes.of(kind) is None
    monkeypatch.undo()
    changed(path, lambda _, head: head["words"].pop("lives 1"))
    assert History.load(path).indexes.of(kind) is None
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("event.lunch.npy", b"of another run")
    loaded = History.load(path)
    assert not any(map(loaded.indexes.of, INDEXES.values()))
    assert columns_of(loaded.reader(kind)) == columns_of(kind(long()))


def test_history_whose_few_events_stand_for_many_operations_has_them(tmp_path, monkeypatch):
    made = KINDS["arenas in runs"]()
    assert 2 * len(made) < len(made.ops)
    monkeypatch.setattr(history_indexes, "LEAST", len(made.ops))
    assert all(map(again(made, tmp_path).indexes.of, INDEXES.values()))


def test_short_history_has_none(tmp_path, monkeypatch):
    monkeypatch.setattr(history_indexes, "LEAST", len(long()) + 1)
    assert not any(map(again(long(), tmp_path).indexes.of, INDEXES.values()))
