"""A program by hand: handles ask for the operations that a program of data has, and say what there is."""

import inspect
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import arenalab
from arenalab.errors import ArgumentError, GoFault, GoPanic, GoThrow, NoSuchNameError, ScenarioError
from arenalab.lab import Ptr
from arenalab.machine.machine import Machine
from arenalab.names import Named
from arenalab.scenarios import load_scenario
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.actors import MAIN
from arenalab.world.event import EVENTS, Event
from arenalab.world.gc_events import ChunkReadied
from arenalab.world.touch import Outcome

NODES = "type Node struct { next *Node; n int32; key string; buf []byte; in struct{ f float64; ok bool }; xs [3]*Node }"
TYPES = ("Node", "int", "*int", "struct{}", "[3]byte", "[262145]*int", "[70000]*int")


@pytest.fixture
def lab():
    made = arenalab.Lab(gogc="off")
    made.types(NODES)
    return made


# the same as data


class Twice:
    """A program written twice: performed by handles, and as operations made from the same draws."""

    def __init__(self, go):
        self.lab = arenalab.Lab(go, gogc="off", catch_panics=True)
        self.lab.types(NODES)
        self.rules = replace(arenalab.go_rules(go), gogc=-1)
        self.arenas, self.nodes, self.globals = [], [], []
        self.ops, self.goroutine = [], MAIN

    def do(self, op):
        self.ops.append((op, self.goroutine))

    def type(self, text):
        return type_of(text, NODES, rules=self.rules)

    def addr(self, row):
        return self.lab.world.ledger.row(row)[0]

    def as_data(self):
        machine = Machine(self.rules)
        try:
            for op, goroutine in self.ops:
                machine.do(op, goroutine)
        except ScenarioError:
            pass
        return machine.history

    def new_arena(self, _):
        self.do(ops.NewArena(len(self.arenas)))
        self.arenas.append(self.lab.new_arena())

    def new(self, draw):
        if not self.arenas:
            return
        text, at = draw(st.sampled_from(TYPES)), draw(st.integers(0, len(self.arenas) - 1))
        self.do(ops.New(at, self.type(text)))
        made = self.arenas[at].new(text)
        if text == "Node" and made is not None:
            self.nodes.append((made, len(self.lab.world.ledger) - 1))

    def make_slice(self, draw):
        if not self.arenas:
            return
        at, cap = draw(st.integers(0, len(self.arenas) - 1)), draw(st.integers(-1, 5000))
        length = draw(st.one_of(st.none(), st.integers(-1, cap + 1)))
        self.do(ops.MakeSlice(at, self.type("*int"), cap, length))
        self.arenas[at].make_slice("*int", *((cap,) if length is None else (length, cap)))

    def new_many(self, draw):
        if self.arenas and self.arenas[-1].state == "live":
            n = draw(st.integers(0, 300))
            self.do(ops.Rep(len(self.arenas) - 1, self.type("Node"), n))
            self.arenas[-1].new_many("Node", n)

    def store(self, draw):
        if not self.nodes:
            return
        (p, row), (q, target) = draw(st.sampled_from(self.nodes)), draw(st.sampled_from(self.nodes))
        n = draw(st.integers(-(2**31), 2**31 - 1))
        self.do(ops.Store(self.addr(row), self.addr(target)))
        self.do(ops.Store(self.addr(row) + 88, 0))
        self.do(ops.Write(row, 8, n))
        p.next, p.xs[2], p.n = q, None, n

    def clone(self, draw):
        if self.nodes:
            p, row = draw(st.sampled_from(self.nodes))
            self.do(ops.Clone(row, self.type("Node")))
            arenalab.clone(p)

    def hold(self, _):
        if self.arenas and self.arenas[-1].state == "live":
            self.do(ops.Hold(len(self.globals), len(self.arenas) - 1))
            self.globals.append(self.lab.hold(self.arenas[-1]))

    def release(self, draw):
        if self.globals:
            number = draw(st.integers(0, len(self.globals) - 1))
            self.do(ops.Unhold(number))
            self.globals[number].release()

    def end(self, draw):
        if self.arenas and self.arenas[-1].state == "live":
            if draw(st.booleans()):
                self.do(ops.Free(len(self.arenas) - 1))
                self.arenas[-1].free()
            else:
                self.do(ops.Drop(len(self.arenas) - 1))
                self.lab.drop(self.arenas[-1])

    def gc(self, draw):
        detail = draw(st.booleans())
        self.do(ops.RunGC(detail))
        self.lab.gc(detail=detail)

    def in_another_goroutine(self, draw):
        number = draw(st.integers(1, 3))
        with self.lab.goroutine(number):
            self.goroutine = number
            self.new_arena(draw)
            self.new(draw)
        self.goroutine = MAIN


VERBS = [
    *(
        "new_arena",
        "new",
        "new",
        "make_slice",
        "new_many",
        "store",
        "store",
        "clone",
        "hold",
        "release",
        "end",
        "gc",
    ),
    "in_another_goroutine",
]


@settings(max_examples=40)
@given(st.data())
def test_program_by_handles_is_the_same_program_as_data(data):
    twice = Twice(data.draw(st.sampled_from(["1.21", "1.24", "1.27"])))
    for name in ["new_arena", *data.draw(st.lists(st.sampled_from(VERBS), max_size=15))]:
        try:
            getattr(twice, name)(data.draw)
        except (GoThrow, GoFault, ScenarioError):
            break
    mine, its = twice.lab.history, twice.as_data()
    assert list(mine.ops) == list(its.ops)
    assert mine.events == its.events
    assert mine.world == its.world
    assert mine.log.goroutines().tolist() == its.log.goroutines().tolist()


# what handles say


def test_field_holds_what_was_stored(lab):
    p, q = (lab.new_arena().new("Node") for _ in range(2))
    s = q.arena.make_slice("byte", 13, 64)
    assert (p.next, p.n, p.key, p.get("in").ok, p.xs[1]) == (None, 0, None, False, None)
    p.next, p.n, p.buf, p.key, p.xs[1] = q, -7, s, s, p
    inner = p.get("in")
    inner.f, inner.ok = 0.5, True
    assert (p.next, p.n, p.xs[1], inner.f, inner.ok) == (q, -7, p, 0.5, True)
    assert (p.buf.len, p.buf.cap, p.buf.object) == (13, 64, s.object)
    assert (len(p.key), p.key.type.expr) == (13, "byte")
    p.next = None
    assert p.next is None
    assert [type(event).__name__ for event in lab.last] == ["PointerStored"]


def test_pointer_may_lead_into_a_slice_and_dangle(lab):
    a, b = lab.new_arena(), lab.new_arena()
    p, s = a.new("Node"), b.make_slice("Node", 3, 5)
    for _ in range(5):
        b.make_slice("int", 2**18)  # 2 MiB: the chunk is full
    p.next = s[2]
    assert (p.next, p.next.offset, p.next.object) == (s[2], 192, s.object)
    s[1:4][0].n = 5
    assert s[1].n == 5
    assert (len(s[1:4]), s[1:4].cap) == (3, 4)
    b.free()
    assert p.next.touch().outcome is Outcome.FAULTS
    lab.do(ops.Store(p.addr, p.addr + 2**20))
    assert repr(p.next) == f"<Address {p.addr + 2**20:#x}: no object>"


def test_looking_is_no_operation_and_reading_is(lab):
    p = lab.new_arena().new("Node")
    done = len(lab.history.ops), len(lab.history)
    assert (p.next, p.touch().outcome, p.arena.active) == (None, Outcome.FINE, 0)
    assert (len(lab.history.ops), len(lab.history)) == done
    assert p.read("next")[-1].value == 0
    assert len(lab.history.ops) == done[0] + 1


def test_fault_is_told_to_who_looks_and_kills_who_reads_or_stores(lab):
    a = lab.new_arena()
    p = a.new("Node")
    for _ in range(5):
        a.make_slice("int", 2**18)  # 2 MiB: p's chunk is full
    a.free()
    with pytest.raises(GoFault, match="accessed data from freed user arena"):
        _ = p.next
    assert lab.world.died == ""
    with pytest.raises(GoFault, match="accessed data from freed user arena"):
        p.next = None
    assert lab.world.died
    with pytest.raises(ScenarioError, match="the program has died"):
        lab.new_arena()


def test_panic_is_raised_unless_the_program_recovers(lab):
    a = lab.new_arena()
    a.free()
    with pytest.raises(GoPanic, match="nil pointer dereference") as panic:
        a.new("int")
    assert panic.value.__notes__ == ["user arena 0 is freed: Free set the Arena's pointer to nil"]
    assert str(lab.last).startswith("panic: ")
    lab.catch_panics = True
    assert a.new("int") is None
    assert len(lab.history.ops) == 4


def test_slice_has_len_and_cap_as_in_go(lab):
    a = lab.new_arena()
    s, t = a.make_slice("byte", 13, 64), a.make_slice("byte", 5)
    assert [(op.cap, op.len) for op in lab.history.ops[1:]] == [(64, 13), (5, None)]
    assert (len(s), s.cap, len(t), t.cap) == (13, 64, 5, 5)
    with pytest.raises(GoPanic, match=r"slice bounds out of range \[:5\] with capacity 2"):
        a.make_slice("byte", 5, 2)


def test_clone_is_a_copy_that_still_points_into_the_arena(lab):
    a = lab.new_arena()
    p, s = a.new("Node"), a.make_slice("Node", 3)
    p.next = p
    copy = arenalab.clone(p)
    assert (copy.addr, copy.arena, copy.next) == (0, None, p)
    assert arenalab.clone(copy) is copy
    assert len(lab.clone(s)) == 3
    assert "Clone copies 3 × Node" in str(lab.last)


def test_weak_pointer_and_global(lab):
    a = lab.new_arena()
    p = a.new("Node")
    w, g = lab.make_weak(p), lab.hold(p)
    assert w.value() == p
    assert repr(g) == "<Global 0: 0x40c000000000>"
    g.release()
    assert (repr(g), repr(w)) == ("<Global 0: nil>", "<Weak 0: object 0>")
    assert lab.make_weak(None).value() is None
    a.new("int")
    with pytest.raises(ArgumentError, match="the last object that an arena placed"):
        lab.hold(p)


def test_goroutine_performs_what_stands_in_its_with(lab):
    a = lab.new_arena()
    with lab.goroutine() as g:
        a.new("int")
        with lab.goroutine(p=1) as h:
            a.new("int")
        a.new("int")
    a.new("int")
    assert lab.history.log.goroutines().tolist() == [1, 2, 3, 2, 1]
    assert (g.number, h.number, lab.world.gs[3].p) == (2, 3, 1)


def test_fork_goes_its_own_way(lab):
    a = lab.new_arena()
    twin = lab.fork()
    twin.types("type Other int")
    twin.arenas[0].new("Other")
    assert (len(lab.history.ops), lab.arenas, len(twin.world.ledger)) == (1, (a,), 1)
    with pytest.raises(ArgumentError, match="this one is of another"):
        lab.drop(twin.arenas[0])
    with pytest.raises(ScenarioError, match="undefined: Other"):
        lab.type_of("Other")


def test_type_declared_anew_is_the_one_that_is_meant(lab):
    lab.types("type T struct { p *T }")
    lab.types("type T struct { p *T; q *T }\ntype U = T")
    assert (lab.type_of("T").size, lab.type_of("U").size, lab.type_of("*Node").size) == (16, 16, 8)
    with pytest.raises(ScenarioError, match=r"undefined: Nod .*did you mean Node\?"):
        lab.types("type V struct { n *Nod }")
    with pytest.raises(ScenarioError, match="undefined: V"):
        lab.type_of("V")


def test_types_are_those_of_the_labs_go():
    assert arenalab.Lab("1.21").type_of("[16385]*int").gcprog is not None
    assert arenalab.Lab("1.27").type_of("[16385]*int").mask_kind == "on demand"


# events


def test_events_are_a_list_that_prints_and_chooses(lab):
    a = lab.new_arena()
    assert str(a.events).splitlines() == [event.sentence() for event in lab.history.events]
    assert a.events == lab.history.events
    assert a.events.of(chunk=0).of("SpanInitialised") == [a.events.of(chunk=0)[2]]
    assert a.events.of("ChunkSplitOff", chunk=3) == a.events.of("ChunkSplitOff")[2:3]
    assert str(a.events[:0]) == "nothing happened"
    assert repr(a.events[1:5]).startswith("<4 events: ")
    a.free()
    lab.gc()
    assert len(lab.gc().of(ChunkReadied)) == 0
    assert str(lab.do(ops.Snapshot())) == "nothing happened"


def test_machine_and_history_give_the_same_list():
    machine = Machine(go="1.27")
    events = machine.do(ops.NewArena(0))
    assert repr(events).endswith("more kinds>")
    assert machine.history.events_of(1).of(chunk=0) == events.of(chunk=0)


# what is offered


def test_only_what_a_person_needs_is_offered(lab):
    a = lab.new_arena()
    p = a.new("Node")
    for met in (lab, a, p, a.make_slice("int", 1), a.events, lab.goroutine(), lab.hold(a), lab.make_weak(p)):
        assert [name for name in dir(met) if name.startswith("_") or not hasattr(met, name)] == []
    assert {"next", "n", "set", "touch"} <= set(dir(p))
    assert "procedures" not in dir(lab)
    assert len(dir(lab)) < 50


@pytest.mark.parametrize(("kind", "names"), [
    (arenalab.Lab, ["go", "gogc", "in_bulk", "cycles", "catch_panics"]),
    (arenalab.ops.MakeSlice, ["user_arena", "type", "cap", "len", "copied", "given"]),
    (arenalab.DanglingPointer, ["history", "pointer", "cursor", "chunk"]),
    (arenalab.History, ["rules", "start"]),
], ids=lambda it: getattr(it, "__name__", ""))  # fmt: skip
def test_help_says_how_a_class_is_called(kind, names):
    assert list(inspect.signature(kind).parameters) == names


def test_every_explorer_of_a_run_is_a_verb(lab):
    pytest.importorskip("anywidget")
    from arenalab import explore  # noqa: PLC0415  # where the widgets are

    lab.new_arena().new("Node")
    verbs = {"layout": lab.layout("int")} | {name: getattr(lab, name)() for name in lab.explorers}
    shown = {type(made) for made in verbs.values()}
    of_traces = {explore.HeapMovie, explore.Advice, explore.Explorer}
    assert shown == {getattr(explore, name) for name in explore.__all__} - of_traces
    assert lab.chunk_map(after=1).cursor == len(lab.history.events_of(1))
    assert lab.dangling_pointer(lab.object(0)).pointer == (0, 0)


def test_name_that_is_none_is_told_which_was_meant(lab):
    p = lab.new_arena().new("Node")
    with pytest.raises(NoSuchNameError, match=r"did you mean new_arena\?"):
        lab.new_aren()
    with pytest.raises(NoSuchNameError, match=r"got 'nxt'; expected one of next, n, key, buf, in, xs"):
        _ = p.nxt
    with pytest.raises(NoSuchNameError, match="did you mean catch_panics"):
        lab.catch_panic = True
    assert not hasattr(lab, "nothing")
    assert not hasattr(p, "_repr_html_")


def test_handle_of_a_dead_program_still_says_what_it_is(lab):
    a = lab.new_arena()
    p = a.new("Node")
    assert (repr(lab), repr(a)) == (
        f"<Lab of Go {lab.rules.version}, GOGC=off: 2 operations, 28 events; 1 arena, 1 object>",
        "<Arena 0: chunk 0 active, 7.875 MiB free>",
    )
    assert repr(p) == "<*Node: object 0, 0x40c000000000, chunk 0>"
    assert isinstance(lab.object(0), Ptr)
    a.free()
    assert repr(a) == "<Arena 0: freed>"


def test_what_is_shown_of_anything_is_short_and_no_address_of_python(lab):
    recording = arenalab.load_recording(
        Path(__file__).parents[1] / "notebooks" / "data" / "first_steps-1.21.jsonl.gz"
    )
    a = lab.new_arena()
    p = a.new("Node")
    met = [
        *(
            lab,
            Machine(),
            lab.history,
            lab.world,
            lab.rules,
            lab.last,
            lab.last[0],
            *lab.history.ops,
            a,
            p,
            p.type,
        ),
        *(p.touch(), lab.world.ledger, recording, arenalab.check(recording), lab.history.story(chunk=0)[0]),
        *(load_scenario("arena-is-made-with-a-chunk"), lab.goroutine(), lab.hold(a), lab.make_weak(p)),
        *(a.make_slice("byte", 3), arenalab.Trace.from_ops([ops.NewArena(0)])),
    ]
    assert [text for text in map(repr, met) if " object at 0x" in text or not 10 < len(text) < 130] == []
    for each in met:
        assert [name for name in dir(each) if name.startswith("_")] == [] or not isinstance(
            each, Named | Event
        )


def test_every_event_and_operation_is_shown_by_its_sentence_or_call():
    assert [kind for kind in EVENTS.values() if kind.__repr__ is not Event.__repr__] == []
    assert [kind for kind in ops.OPS.values() if kind.__repr__ is not ops.Op.__repr__] == []
