"""Where the step machine's time goes, and what bounds it and the bits: Python's own cost of an event, memory."""

import cProfile
import pstats
import random
import time
from collections import Counter

import numpy as np

import arenalab
from arenalab.machine.machine import Machine, collector_at_rest
from arenalab.syntax import type_of
from arenalab.world.ops import New, NewArena
from benchmarks.bench_machine import EXPRESSIONS
from benchmarks.bench_replay import MILLION, bits

__all__ = ["bits"]  # pytest finds the fixture here

ALLOCATIONS, PROFILED = 100_000, 20_000

#: Part of the work -> the modules that do it, as beginnings of their paths below the package.
PARTS = {
    "Go's procedures, each a generator": (
        *("machine/user_arena", "machine/heap_bits", "machine/api", "machine/chunk", "machine/general_heap"),
        *("machine/runtime", "machine/values", "machine/steps"),
    ),
    "addresses and bits": ("go/",),
    "events as records": ("world/event", "world/events", "world/gc_events", "world/chunk_events", "<string>"),
    "handlers: tables and journals written": (
        *("world/apply", "world/columns", "world/growing", "world/journalled", "world/heap_bits"),
        *("world/scan_limits", "world/slots", "world/tables", "world/deferred"),
    ),
    "log, keyframes, operations": ("world/log", "world/timeline", "world/state", "world/history"),
    "machine and scheduler": ("machine/", "world/schedule", "asked"),
}


def program(count):
    """Return `count` allocations of mixed types in eight user arenas, the same each time."""
    choose = random.Random(1).choices
    types, arenas = choose([type_of(text) for text in EXPRESSIONS], k=count), choose(range(8), k=count)
    return [NewArena(number) for number in range(8)] + [
        New(*each) for each in zip(arenas, types, strict=True)
    ]


def test_step_events(benchmark):
    ops, spent = program(ALLOCATIONS), []

    def run():
        start = time.process_time()
        history = Machine().run(ops)
        spent.append(time.process_time() - start)
        return history

    events = len(benchmark.pedantic(run, rounds=4, warmup_rounds=1).events)
    benchmark.extra_info.update(
        events=events, operations=ALLOCATIONS, ns=min(spent) * 1e9 / events, per_second=events / min(spent)
    )
    print(f"\n{events / min(spent):,.0f} events/s (processor)")


def test_step_profile(benchmark):
    """A profile makes each call dearer, so it gives shares of the time, and counts calls exactly."""
    ops, profile, machine = program(PROFILED), cProfile.Profile(), Machine()
    benchmark.pedantic(lambda: profile.runcall(machine.run, ops), rounds=1)
    stats = pstats.Stats(profile)
    own, calls = Counter(), 0
    package = arenalab.__file__.removesuffix("__init__.py")
    for (file, _, _), (_, count, seconds, _, _) in stats.stats.items():
        part = next(
            (part for part, files in PARTS.items() if file.removeprefix(package).startswith(files)), ""
        )
        own[part or "Python's own functions: len, append, dict.get"] += seconds
        calls += count
    whole = sum(own.values())
    benchmark.extra_info.update(
        shares={part: seconds / whole for part, seconds in own.most_common()},
        calls=calls / PROFILED,
        longest=max(seconds for _, _, seconds, _, _ in stats.stats.values()) / whole,
    )
    print("\n" + "\n".join(f"{seconds / whole:6.1%}  {part}" for part, seconds in own.most_common()))


class Least:
    """An event with one field."""

    __slots__ = ("number",)

    def __init__(self, number):
        self.number = number


def outer(count):
    """Yield events through one generator more, as a procedure does for the one that it calls."""
    yield from inner(count)


def inner(count):
    """Yield events."""
    for number in range(count):
        yield Least(number)


def test_least_for_an_event(benchmark):
    """Made, yielded through two generators, looked up by its type, written into a table, kept: nothing else."""
    table, count, spent = [0], 300_000, []

    def write(event):
        table[0] = event.number

    handlers = {Least: write}

    def run():
        kept, start = [], time.process_time()
        with collector_at_rest():  # as in Machine.run
            for event in outer(count):
                handlers[type(event)](event)
                kept.append(event)
        spent.append(time.process_time() - start)

    benchmark.pedantic(run, rounds=5)
    benchmark.extra_info.update(ns=min(spent) * 1e9 / count)
    print(f"\n{min(spent) * 1e9 / count:.0f} ns an event")


def test_bytes_that_bits_move(benchmark, bits):
    """Numbers of types and places read, words of the bitmap written, once each, as quickly as memory is copied."""
    window, values, _ = bits
    moved = values.kind.nbytes + values.word.nbytes + window.before.nbytes
    source = np.ones(32 * 2**20, np.uint64)  # 256 MB: no cache holds it
    target, spent = np.empty_like(source), []

    def copy():
        start = time.process_time()
        np.copyto(target, source)
        spent.append(time.process_time() - start)

    benchmark.pedantic(copy, rounds=5, warmup_rounds=1)
    per_byte = min(spent) / (2 * source.nbytes)
    benchmark.extra_info.update(
        gigabytes=1e-9 / per_byte, moved=moved / MILLION, ns=moved * per_byte * 1e9 / MILLION
    )
