"""The program as a listing: loops are exact, each operation has one line, columns are read as columns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import ArgumentError
from arenalab.explore.program import Program
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.replay.trace import OpsSoFar, Trace
from arenalab.replay.workloads import workload
from arenalab.syntax import type_of
from arenalab.view.listing import MOST_LINES, Listing
from arenalab.view.loops import WORTH, Tree
from arenalab.view.statements import Statements
from arenalab.world import ops
from arenalab.world.history import History
from arenalab.world.many_ops import ManyOps, RunOfOps
from arenalab.world.sites import Site, Sites
from tests.examples import examples
from tests.strategies import GC_OFF, programs

NODE, INT = type_of("struct{ next *int; key string }"), type_of("int")


def ran(program):
    return Machine(GC_OFF).run(program)


def request(arena):
    body = [ops.NewArena(arena), *[ops.New(arena, NODE)] * 8, ops.MakeSlice(arena, INT, 5), ops.Free(arena)]
    return [*body, ops.RunGC()] if arena % 4 == 3 else body


def requests(count):
    return [op for arena in range(count) for op in request(arena)]


def texts(listing):
    return ["  " * line.depth + line.text for line in listing.rows()]


def unrolled(tree, node):
    kids = tree.children_of(node).tolist()
    once = [each for kid in kids for each in unrolled(tree, kid)] or [node]
    return once * int(tree.times[node])


@examples(150)
@given(st.lists(st.lists(st.integers(0, 2), max_size=5), max_size=6), st.integers(1, 6), st.data())
def test_unrolled_loops_are_the_row_that_was_folded(parts, most, data):
    row = np.array(
        [code for part in parts for code in part * data.draw(st.integers(1, most))], dtype=np.int64
    )
    begins = np.flatnonzero(np.append(True, np.diff(row) != 0)[: len(row)])
    times = np.diff(begins, append=len(row))
    tree = Tree(begins.astype(np.int32), times)
    tree.fold(row[begins] * 100 + times, row[begins] == 1)
    nodes = [each for node in tree.top.tolist() for each in unrolled(tree, node)]
    assert row[begins][nodes].tolist() == row.tolist()
    assert [int(tree.start[node]) for node in tree.top] == sorted(tree.start[tree.top].tolist())


def test_requests_are_a_loop_in_a_loop():
    listing = Listing(ran([ops.NewArena(90), *requests(16)]))
    assert texts(listing) == [
        "a90 := arena.NewArena()",
        "for range 4 {",
        "  for range 4 {",
        "    a := arena.NewArena()",
        "    for range 8 { arena.New[struct{ next *int; key string }](a) }",
        "    arena.MakeSlice[int](a, 5, 5)",
        "    a.Free()",
        "  }",
        "  runtime.GC()",
        "}",
    ]
    assert [line.op for line in listing.rows()] == [0, 1, 1, 1, 2, 10, 11, -1, 45, -1]


def test_operation_in_a_loop_is_told_by_its_turn():
    listing = Listing(ran([ops.NewArena(90), *requests(16)]))
    third = 1 + 45 + 2 * 11 + 9  # in the second lot of four requests the slice of the third one
    assert (listing.line_of(third), [turn[1:] for turn in listing.turns(third)]) == (5, [(1, 4), (2, 4)])
    assert listing.text(third).splitlines()[0].endswith("time 2 of 4, time 3 of 4")
    assert (listing.line_of(-1), listing.turns(-1)) == (-1, ())


def test_opened_loop_shows_each_time_around():
    listing = Listing(ran(requests(4)))
    head = next(line for line in listing.rows() if line.loop >= 0)
    closed = texts(listing)
    listing.open(head.loop)
    opened = texts(listing)
    assert opened[1:5] == [
        "  a0 := arena.NewArena()",
        "  for range 8 { arena.New[struct{ next *int; key string }](a0) }",
        "  s8 := arena.MakeSlice[int](a0, 5, 5)",
        "  a0.Free()",
    ]
    assert "  a2 := arena.NewArena()" in opened
    listing.close(head.loop)
    assert texts(listing) == closed


def all_open(listing):
    for node in np.flatnonzero(listing.tree.times >= WORTH).tolist():
        listing.open(node)
    return listing


@examples(60)
@given(programs(max_ops=12), st.integers(1, 4))
def test_each_operation_stands_on_one_line(program, times):
    history = ran(program)
    for _ in range(times - 1):  # the same operations again, under numbers that are free
        history.ops.extend(program)
        history.log.op_starts.extend((len(history),) * len(program))
        history.log.op_rows.extend((len(history.world.ledger),) * len(program))
    codes = np.repeat(Statements(history).code, Statements(history).count)
    listing = Listing(history)
    lines = [listing.line_of(op) for op in range(len(history.ops))]
    assert [codes[listing.op_of(line)] for line in lines] == codes.tolist()
    every = all_open(Listing(history))
    assert [every.op_of(every.line_of(op)) for op in range(len(history.ops))] == [*range(len(history.ops))]
    assert sorted(line.op for line in every.rows() if line.loop < 0 <= line.op) == [*range(len(history.ops))]


@examples(30)
@given(programs(max_ops=30), st.integers(1, 3))
def test_columns_are_read_as_operations_are(program, runs):
    history = ran(program)
    assert read(replay(Trace.from_ops(program), GC_OFF)) == read(history)
    many = History(GC_OFF)
    many.ops, many.log, many.world = ManyOps(), history.log, history.world
    allocations = {ops.New, ops.MakeSlice}
    for number, op in enumerate(program):
        kept = type(op) in allocations and number % (runs + 1) and made_one(history, number)
        many.ops.extend(RunOfOps(1, [op].__getitem__) if kept else [op])
    assert read(many) == read(history)


def made_one(history, op):
    row = history.op_rows[op]
    return row < len(history.world.ledger) and history.log.op_of_row(row) == op


def read(history):
    statements = Statements(history)
    codes = np.repeat(statements.code, statements.count).tolist()
    return [codes.index(code) for code in codes]


def test_what_was_replayed_in_bulk_is_never_made_into_operations(monkeypatch):
    history = replay(workload("batch-decode", 50_000))
    made = []
    get = OpsSoFar.__getitem__
    monkeypatch.setattr(
        OpsSoFar, "__getitem__", lambda self, number: made.append(number) or get(self, number)
    )
    listing = Listing(history)
    listing.text(25_000)
    assert len(made) < 100
    assert len(listing) > 1000


def test_listing_goes_on_where_the_history_does():
    machine = Machine(GC_OFF)
    machine.do(ops.NewArena(0))
    program = Program(machine.history)
    assert program.data()["lines"] == [["a0 := arena.NewArena()", 0, 0, -1, False]]
    for _ in range(4):
        machine.do(ops.New(0, INT))
    [[text, *_]] = program.data()["lines"][1:]
    assert text == "for range 4 { arena.New[int](a0) }"
    machine.history.take_back(2, machine.history.op_end(2))
    assert program.data()["lines"][1:] == [["p0 := arena.New[int](a0)", 1, 0, -1, False]]


def test_page_is_given_so_many_lines_at_most_around_the_one_it_asks_for():
    history = replay(workload("mixed", 5_000))
    program = Program(history)
    at = program.line_of(4_000)
    assert len(program.data()["lines"]) == MOST_LINES < at < program.data()["total"]
    program.show(at)
    told = program.data()
    assert told["lines"][at - told["first"]][1] == 4_000
    program.show(10**9)
    assert program.data()["first"] == program.data()["total"] - MOST_LINES


def test_two_explorers_of_a_history_open_loops_of_their_own():
    history = ran([ops.NewArena(0), *[ops.New(0, INT)] * 5])
    one, other = Program(history), Program(history)
    [[_, _, _, loop, is_open]] = one.data()["lines"][1:]
    assert (loop >= 0, is_open) == (True, False)
    one.open(loop, on=True)
    assert [line[0] for line in one.data()["lines"]][1:3] == ["for range 5 {", "p0 := arena.New[int](a0)"]
    assert (one.data()["total"], one.line_of(3), other.data()["total"], other.line_of(3)) == (8, 4, 2, 1)
    one.open(loop, on=False)
    assert one.data() == other.data()
    with pytest.raises(ArgumentError, match="number of a loop"):
        one.open(10**6, on=True)


def test_who_asked_and_where_stand_behind_the_call():
    machine = Machine(GC_OFF)
    machine.do(ops.NewArena(0))
    for goroutine in (7, 7, 7, 8):
        machine.do(ops.New(0, INT), goroutine)
    machine.history.sites = Sites([Site("/x/server.go", 42)], np.array([-1, 0, 0, 0, 0], dtype=np.int32))
    assert [line.text for line in Listing(machine.history).rows()] == [
        "a0 := arena.NewArena() // goroutine 1",
        "for range 3 { arena.New[int](a0) // goroutine 7, server.go:42 }",
        "p3 := arena.New[int](a0) // goroutine 8, server.go:42",
    ]


def test_value_that_was_never_made_has_no_name():
    machine = Machine(GC_OFF)
    machine.do(ops.NewArena(0))
    machine.do(ops.MakeSlice(0, INT, -1))
    assert Listing(machine.history).rows()[1].text == "arena.MakeSlice[int](a0, -1, -1)"


def test_object_made_in_a_loop_has_no_number_there():
    program = [ops.NewArena(0)]
    for number in range(3):
        program += [ops.New(0, INT), ops.Write(number, 0, 5)]
    assert texts(Listing(ran(program)))[1:] == [
        "for range 3 {", "  arena.New[int](a0)", "  the object, byte 0 = 5", "}",
    ]  # fmt: skip


@pytest.mark.parametrize("line", [-1, 2])
def test_line_that_is_not_there_is_refused(line):
    listing = Listing(ran([ops.NewArena(0), ops.Free(0)]))
    with pytest.raises(IndexError, match=f"line {line} of 2"):
        listing.op_of(line)


def test_what_is_no_loop_is_not_opened():
    with pytest.raises(ArgumentError, match="number of a loop"):
        Listing(ran([ops.NewArena(0)])).open(0)


def test_empty_history_has_no_line():
    listing = Listing(History(GC_OFF))
    assert (len(listing), listing.rows(), listing.line_of(0)) == (0, [], -1)
    assert listing.text() == "0 operations in 0 lines"
