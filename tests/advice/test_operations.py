"""Recorded objects as what an arena would be asked for, and their scopes as a program that the machine performs."""

import gzip
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from arenalab import explore
from arenalab.advice.operations import newest_of, operations_of
from arenalab.advice.simulation import simulated
from arenalab.advice.trace_run import TraceRun
from arenalab.advice.values import go_type, values_of
from arenalab.errors import ArgumentError, NoSuchError, ScenarioError
from arenalab.intake.lifetimes import Cycles
from arenalab.intake.scopes import Scope
from arenalab.intake.tables import TypeRow
from arenalab.world import ops
from arenalab.world.history import History
from arenalab.world.run_events import SINGLE

FOLDER = Path(__file__).parents[1] / "data/execution-traces"
EXPLORERS = [
    kind
    for kind in (getattr(explore, name) for name in explore.__all__)
    if issubclass(kind, explore.Explorer) and hasattr(kind, "view") and kind.name != "Explorer"
]
NODE = TypeRow(1, 40, 24, "main.node")


def run_of(name, folder):
    path = folder / name
    path.write_bytes(gzip.decompress((FOLDER / f"{name}.gz").read_bytes()))
    return TraceRun.read(path)


@pytest.fixture(scope="module")
def orders(tmp_path_factory):
    return run_of("orders-go1.27.3.trace", tmp_path_factory.mktemp("orders"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return run_of("plain-go1.27.3.trace", tmp_path_factory.mktemp("plain"))


def asked(type_row, slot, offset=0, *, noscan=False, tiny=False, known=True):
    """Return the type's name and the capacity that one object is asked for with."""
    objects = SimpleNamespace(
        type=np.array([0]), types=[type_row], size=np.array([slot]), slot=np.array([4096]),
        address=np.array([4096 + offset]), span=np.array([0 if known else -1]), tiny=np.array([tiny]),
        spans=SimpleNamespace(noscan=np.array([noscan])),
    )  # fmt: skip
    values = values_of(objects, np.array([0]))
    return values.types[values.type[0]].expr, int(values.cap[0]), bool(values.unresolved[0])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (asked(NODE, 48), ("main.node", SINGLE, False)),
        (asked(NODE, 96), ("main.node", 2, False)),
        (asked(TypeRow(1, 600, 8, "main.page"), 640, 8), ("main.page", SINGLE, False)),
        (asked(TypeRow(1, 8, 8, "*int"), 1024, 8), ("*int", 127, False)),
        (asked(TypeRow(1, 1, 0, "uint8"), 64, noscan=True), ("uint8", 64, False)),
        (asked(TypeRow(0, 0, 0, "?"), 24, noscan=True), ("uint8", 24, False)),
        (asked(TypeRow(0, 0, 0, "?"), 24), ("unsafe.Pointer", 3, False)),
        (asked(TypeRow(0, 0, 0, "?"), 16, 8, noscan=True, tiny=True), ("uint8", 8, False)),
        (asked(TypeRow(1, 4, 0, "int32"), 16, 8, noscan=True, tiny=True), ("int32", SINGLE, False)),
        (asked(NODE, 0, known=False), ("main.node", SINGLE, False)),
        (asked(TypeRow(0, 0, 0, "?"), 0, known=False), ("uint8", 1, True)),
        (asked(TypeRow(1, 400, 8, "main.big"), 48), ("unsafe.Pointer", 6, False)),  # it can't be of that type
        (asked(TypeRow(1, 44, 24, "main.odd"), 48), ("unsafe.Pointer", 6, False)),  # no compiler made that
    ],
)
def test_object_is_asked_for_as_what_filled_its_slot(given, expected):
    assert given == expected


def test_mask_is_the_binary_s_where_it_agrees_with_ptr_bytes():
    told = {1: np.array([True, False, True, False, False])}
    assert go_type(NODE, told).mask.hex() == "05"
    assert go_type(NODE).mask.hex() == "07"
    assert go_type(NODE, {1: np.array([True, True, False])}).mask.hex() == "07"


def test_newest_go_of_each_format_is_taken():
    assert [newest_of(version) for version in (23, 25, 26)] == ["1.24", "1.25", "1.27"]


def test_scopes_of_one_tick_come_one_after_the_other(orders):
    """Stamps that were pulled back can have several scopes begin and end at one moment."""
    objects, log = orders.objects, orders.log
    born = int(log.heap.time[objects.birth[-1]])
    row = len(objects) - 1
    g = int(objects.g[row])
    scopes = [Scope("made", g, begin, end, end) for begin, end in ((born, born),) * 3]
    scopes.append(Scope("made", g, born - 9, born, born))
    scopes.append(Scope("made", g + 1, born, born + 9, born + 9))
    program = operations_of(log, objects, Cycles(*np.zeros((3, 0), np.int64)), scopes)
    turns = [(type(op).__name__, op.user_arena) for op in program.trace()]
    assert turns[0] == ("NewArena", 3)
    assert turns.index(("Free", 3)) < turns.index(("NewArena", 0)) < turns.index(("Free", 0))
    assert turns.index(("Free", 0)) < turns.index(("NewArena", 1)) < turns.index(("Free", 1))
    assert turns.index(("Free", 2)) < turns.index(("NewArena", 4))


@pytest.mark.parametrize("scopes", [5, slice(3, 6), [7, 2]])
def test_history_is_performed_by_the_goroutines_that_were_recorded(orders, scopes):
    history = orders.history("http", scopes)
    program = orders.operations("http")
    numbers = program.numbers(scopes)
    objects = [np.flatnonzero(program.of == number) for number in numbers]
    world = history.world
    assert [world.user_arenas[number].defunct for number in range(len(numbers))] == [True] * len(numbers)
    assert len(world.ledger) == sum(map(len, objects))
    for number, rows in enumerate(objects):
        mine = [op for op in history.ops if getattr(op, "user_arena", None) == number]
        assert [type(mine[0]), type(mine[-1]), len(mine)] == [ops.NewArena, ops.Free, len(rows) + 2]
    who = {history.log.actor_of_event(at) for at in range(len(history))} - {1}
    assert {each for each in who if each > 0} == {orders.found["http"][number].g for number in numbers}
    assert "A run of the model" in history.remarks[0]
    assert f"{len(numbers)} scopes of 60" in history.remarks[0]


def test_history_of_one_scope_is_the_same_performed_value_by_value_and_at_once(plain, monkeypatch):
    at_once = plain.history("goroutine main.work", 1)
    monkeypatch.setattr("arenalab.advice.performing.SHORT", 10**9)
    one_by_one = plain.history("goroutine main.work", 1)
    assert at_once.world == one_by_one.world
    assert len(at_once) < len(one_by_one)


@pytest.mark.parametrize("kind", EXPLORERS, ids=lambda kind: kind.__name__)
def test_every_explorer_opens_the_history(orders, kind):
    explorer = kind(orders.history("http", 3))
    explorer.last()
    assert len(explorer.text().splitlines()) > 1


def test_saved_history_is_the_same_and_says_what_it_is(plain, tmp_path):
    """Its values came in runs, so its operations are columns."""
    history = plain.history("goroutine main.work", 1)
    history.save(tmp_path / "some.history")
    again = History.load(tmp_path / "some.history")
    assert (again.world, again.remarks, list(again.ops)) == (
        history.world,
        history.remarks,
        list(history.ops),
    )
    assert "(A run of the model: objects that" in explore.ChunkMap(again).text()


def test_scope_without_objects_is_an_arena_all_the_same(plain):
    scopes = [Scope("made", 1, each, each + 1, each + 1) for each in (5, 7)]
    program = operations_of(plain.log, plain.objects, Cycles(*np.zeros((3, 0), np.int64)), scopes)
    found = simulated(program, plain.log, plain.objects, plain.lifetimes, scopes)
    assert (found.arenas, found.performed, found.objects, found.chunks_obtained) == (2, 2, 0, 1)
    assert (found.used_bytes, found.late, found.heap.in_slots) == (0, 0, 0)


def test_other_go_is_asked_for_by_name(plain):
    assert plain.history("task request", 1, go="1.21").rules.version == "1.21"
    assert plain.operations("task request").rules.version == "1.27"
    with pytest.raises(ScenarioError, match=r"1\.40"):
        plain.operations("task request", go="1.40")


@pytest.mark.parametrize(
    ("kind", "scopes", "trouble"),
    [
        ("http", 3, NoSuchError),
        ("task request", 0, ArgumentError),
        ("task request", [99], ArgumentError),
        ("task request", [1, 1], ArgumentError),
        ("task request", ["a"], ArgumentError),
        ("task request", None, ArgumentError),
    ],
)
def test_what_is_not_there_is_one_error(plain, kind, scopes, trouble):
    with pytest.raises(trouble):
        plain.history(kind, scopes)


def test_cycles_are_where_they_were_recorded(plain):
    """Every fourth request of examples/go/plain ends with a collection of its own."""
    program = plain.operations("task request")
    begins = program.cycles[0::2]
    ending = [number for number, end in enumerate(program.freed) if (begins < end).any()]
    inside = np.array([((program.made[n] < begins) & (begins < program.freed[n])).any() for n in ending])
    assert inside.sum() >= 10
    assert len(begins) == len(plain.lifetimes.cycles)


def test_rules_start_no_cycle_of_their_own(plain):
    rules = plain.operations("task request").rules
    assert (rules.gogc, rules.heap_known) == (-1, False)
    assert replace(rules, gogc=100, heap_known=True).version == "1.27"
