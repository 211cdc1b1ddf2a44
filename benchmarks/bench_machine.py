"""How fast the step machine runs, and how fast a History goes to any moment of a long run."""

import random
from dataclasses import replace
from itertools import count

import pytest

from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world.ops import Free, MakeSlice, New, NewArena, Rep, RunGC, Store

ALLOCATIONS = 1_000_000
EXPRESSIONS = [
    *("bool", "int16", "int32", "int64", "string", "[]byte", "*int", "[3]uint16", "complex128"),
    *(
        "struct{ next *int; val int }",
        "struct{ a bool; b string }",
        "[16]*int",
        "[4]struct{ k string; v any }",
    ),
]


@pytest.fixture(scope="module")
def program():
    """A million allocations of mixed types in eight user arenas, the same each time."""
    choose = random.Random(1).choices
    types = choose([type_of(text) for text in EXPRESSIONS], k=ALLOCATIONS)
    arenas = choose(range(8), k=ALLOCATIONS)
    made = [NewArena(number) for number in range(8)]
    return made + [New(arena, kind) for arena, kind in zip(arenas, types, strict=True)]


@pytest.fixture(scope="module")
def history(program):
    """The finished run."""
    return Machine().run(program)


def test_step_machine(benchmark, program):
    run = benchmark.pedantic(lambda: Machine().run(program), rounds=2)
    events = len(run.events)
    benchmark.extra_info["events"] = events
    print(f"\n{events} events, {events / benchmark.stats['median']:,.0f} events/s, aim 300,000")


def test_seek_anywhere(benchmark, history):
    choose, number = random.Random(2), count()
    moments = [choose.randrange(len(history.events)) for _ in range(200)]
    benchmark.pedantic(lambda: history.at(moments[next(number) % 200]), rounds=200, warmup_rounds=3)
    print(f"\nslowest of 200 seeks: {benchmark.stats['max'] * 1000:.1f} ms, aim 50 ms")


#: Equal values in bulk: (operation, how many such operations).
EQUAL = {
    "a million pointers": (lambda: Rep(0, type_of("*int"), 1_000_000), 1),
    "a million booleans": (lambda: Rep(0, type_of("bool"), 1_000_000), 1),
    "runs of 40 nodes": (lambda: Rep(0, type_of("struct{ next *int; key string }"), 40), 100),
    "slices of 200 nodes": (lambda: MakeSlice(0, type_of("struct{ next *int; key string }"), 200), 100),
    "values of 2 MiB": (lambda: New(0, type_of("[262144]*int")), 4),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_values(benchmark, name):
    op, times = EQUAL[name]

    def setup():
        machine = Machine(replace(GO_1_21, gogc=-1), in_bulk=True)
        machine.do(NewArena(0))
        return (machine, op()), {}

    def run(machine, op):
        for _ in range(times):
            machine.do(op)

    benchmark.pedantic(run, setup=setup, rounds=10, warmup_rounds=1)
    print(f"\n{name}: {benchmark.stats['min'] * 1e6 / times:,.0f} µs an operation, in bulk and certified")


@pytest.fixture
def thousand_chunks():
    """A thousand user arenas, each a chunk with a thousand values, half of them freed; pointers between them."""
    choose, row = random.Random(3), type_of("[1023]*int")
    machine = Machine(replace(GO_1_21, gogc=-1), in_bulk=True)
    for number in range(1000):
        machine.run([NewArena(number), Rep(number, row, 1000)])
    bases = [span.base for span in machine.world.spans]
    machine.run(Store(bases[k % 1000] + 8 * (k // 1000), choose.choice(bases)) for k in range(20_000))
    machine.run(Free(number) for number in range(0, 1000, 2))
    return machine


def test_a_cycle_over_a_thousand_chunks_and_a_million_values(benchmark, thousand_chunks):
    benchmark.pedantic(lambda: thousand_chunks.do(RunGC()), rounds=3)
    print(f"\n{benchmark.stats['median']:.2f} s a cycle, in bulk and certified, aim 2 s")
