"""The GOGC that a trace's first heap goal shows: only where it can be no other."""

import pytest

from arenalab.advice.report import report_of
from arenalab.advice.trace_run import TraceRun
from arenalab.intake.batches import TraceFile
from arenalab.intake.heap_goal import OFF, goals_of, gogc_of
from arenalab.intake.log import read_log
from tests.intake.making import batch, body_of, trace
from tests.intake.test_objects import SAMPLES

MIB = 2**20


@pytest.mark.parametrize(
    ("goals", "gogc"),
    [
        ([4 * MIB], 100),  # as `examples/go/plain` wrote it with GOGC=100 and Go 1.23.9, 1.25.5, 1.27.3,
        ([16 * MIB, 17 * MIB], 400),  # with 400,
        ([0], OFF),  # with off, Go 1.25.5 and 1.27.3,
        ([8946670875745978731], OFF),  # the same, Go 1.23.9,
        ([2_564_096], None),  # with 50, where 2.4 MiB were alive as tracing began,
        ([3_326_080, 3_464_208], None),  # and with 10.
        ([4 * MIB * 33 // 100], 33),
        ([4 * MIB + 1], None),
        ([], None),
    ],
)
def test_gogc_is_read_off_the_least_goal_alone(goals, gogc, tmp_path):
    path = tmp_path / "some.trace"
    path.write_bytes(
        trace(batch(body_of([(5, "HeapGoal", (each,)) for each in goals] or [(5, "GCBegin", (1, 0))])))
    )
    assert gogc_of(read_log(TraceFile(path))) == gogc


def test_goal_that_is_none_is_not_the_largest(tmp_path):
    path = tmp_path / "some.trace"
    path.write_bytes(
        trace(batch(body_of([(5, "HeapGoal", (each,)) for each in (2**64 - 1, 5 * MIB, 2**62)])))
    )
    assert goals_of(read_log(TraceFile(path))) == [0, 5 * MIB, 0]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name.removesuffix(".trace.gz"))
def test_report_says_with_which_gogc_a_trace_was_recorded(path):
    """The samples were recorded without a GOGC: 100."""
    report = report_of(TraceRun.read(path), "task request")
    assert any("recorded with GOGC=100" in line for line in report.lines())
    assert report.facts()["gogc"] == 100
