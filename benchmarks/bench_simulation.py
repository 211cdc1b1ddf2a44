"""Arenas for all of a trace's scopes solved at once, beside the machine that performs them one by one.

The scopes are those of a committed trace (40 requests, 2,179 operations), one after the other again and again.
"""

import gzip
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from arenalab.advice.placement import performed, solved
from arenalab.advice.trace_run import TraceRun

SAMPLE = Path(__file__).parents[1] / "tests/data/execution-traces/plain-go1.27.3.trace.gz"
TIMES = {solved: 2375, performed: 25}  #: the machine takes too long for more.


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The sample's requests as a program."""
    path = tmp_path_factory.mktemp("bench") / "some.trace"
    path.write_bytes(gzip.decompress(SAMPLE.read_bytes()))
    return TraceRun.read(path).operations("task request")


def repeated(program, times):
    """Return a program that runs so many times, each time in arenas of its own."""

    def after(column, step):
        return (column + np.arange(times)[:, None] * step).reshape(-1)

    values = program.values._replace(
        **{name: np.tile(getattr(program.values, name), times) for name in ("type", "cap", "unresolved")}
    )
    return replace(
        program, objects=np.tile(program.objects, times), of=after(program.of, program.arenas), values=values,
        g=np.tile(program.g, times), owner=np.tile(program.owner, times),
        **{name: after(getattr(program, name), len(program)) for name in ("place", "made", "freed", "cycles")},
    )  # fmt: skip


@pytest.mark.parametrize("perform", [solved, performed])
def test_arenas(benchmark, perform, program):
    many, spent = repeated(program, TIMES[perform]), []

    def timed():
        start = time.process_time()
        found = perform(many)
        spent.append(time.process_time() - start)
        return found

    found = benchmark.pedantic(timed, rounds=3, warmup_rounds=1)
    each = 1e6 * min(spent) / many.arenas
    benchmark.extra_info.update(arenas=many.arenas, operations=len(many), us_an_arena=each)
    print(
        f"\n{perform.__name__}: {each:,.1f} µs an arena (processor), {many.arenas:,} arenas, {len(many):,} operations, "
        f"{found.refills:,} refills"
    )
