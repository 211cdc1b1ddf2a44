"""Recorded objects in arenas of real Go: it places each where the solver says, and `check` finds no difference."""

import gzip
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from arenalab.advice.placement import solved
from arenalab.advice.trace_run import TraceRun
from arenalab.oracle.program import Program
from arenalab.oracle.record import record
from arenalab.replay.trace import KINDS, SINGLE
from arenalab.truth.check import check_and_follow
from arenalab.truth.recording import load_recording
from arenalab.world.state import LEDGER
from tests.toolchains import found

pytestmark = pytest.mark.go
FOLDER = Path(__file__).parents[1] / "data/execution-traces"


def text_of(go_type):
    """Return a Go type of the same size, alignment and mask."""
    if not go_type.ptr_bytes:
        return f"[{go_type.size // go_type.align}]uint{8 * go_type.align}"
    words = [int(bit) for bit in go_type.mask.bits().tolist()] + [0] * (
        (go_type.size - go_type.ptr_bytes) // 8
    )
    parts = [(bit, len(list(many))) for bit, many in groupby(words)]
    fields = (f"f{n} [{many}]{'*byte' if bit else 'uintptr'}" for n, (bit, many) in enumerate(parts))
    return f"struct{{ {'; '.join(fields)} }}"


def rows_of(program):
    """Yield the program's operations as the recorder takes them."""
    trace = program.trace()
    for op, arena, kind, n in zip(
        *(getattr(trace, name).tolist() for name in ("op", "user_arena", "type", "n")), strict=True
    ):
        what = KINDS[op]
        arguments = {"arena": arena} if what not in ("mark_begin", "mark_end") else {}
        if what in ("new", "slice"):
            arguments["type"] = kind
        yield {"op": what} | arguments | ({"cap": n} if n != SINGLE and what == "slice" else {})


@pytest.mark.parametrize("line", ["1.21", "1.27"])
@pytest.mark.parametrize(("name", "kind"), [("plain-go1.27.3", "task request"), ("orders-go1.27.3", "http")])
def test_real_go_places_the_objects_where_the_solver_does(name, kind, line, tmp_path):
    toolchain = found(line)
    path = tmp_path / f"{name}.trace"
    path.write_bytes(gzip.decompress((FOLDER / f"{name}.trace.gz").read_bytes()))
    program = TraceRun.read(path).operations(kind, go=toolchain.release.line)
    program = program.chosen(
        np.argsort(program.made)
    )  # the recorder lists arenas by number, the model as made
    recording = tmp_path / "arenas.jsonl"
    last = record(
        Program([text_of(each) for each in program.values.types], list(rows_of(program))),
        recording,
        go=toolchain,
        snapshot=200,
    )
    assert "end" in last
    report, history = check_and_follow(load_recording(recording))
    assert report.ok, report.summary()
    assert report.facts > 10 * len(program)
    placed, world = solved(program), history.world
    rows = np.array([world.ledger.row(row) for row in range(len(world.ledger))])[
        np.argsort(np.argsort(program.place))
    ]
    chunk = rows[:, LEDGER.index("chunk")]
    base = np.array([span.base for span in world.spans])
    assert np.array_equal(rows[:, LEDGER.index("addr")] - base[chunk], placed.offset)
    assert np.array_equal(rows[:, LEDGER.index("size")], program.values.nbytes)
    assert np.array_equal(chunk, placed.life)  # no chunk comes again: the n-th obtained is chunk n
    assert len(world.spans) == placed.chunks_reserved
