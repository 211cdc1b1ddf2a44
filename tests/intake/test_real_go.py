"""A fresh trace of a Go that no committed sample comes from."""

import numpy as np
import pytest

from arenalab.intake.batches import TraceFile
from arenalab.intake.log import read_log
from arenalab.intake.objects import objects_of
from tests.intake.test_objects import between
from tools.trace_samples import capture


@pytest.mark.go
@pytest.mark.timeout(400)  # the first build of a Go compiles its library
def test_allocations_of_a_fresh_trace_are_those_that_the_runtime_counted(go_of, tmp_path):
    data, (allocated, _), _ = capture(go_of("1.24"), tmp_path)
    path = tmp_path / "copy.trace"
    path.write_bytes(data)
    log = read_log(TraceFile(path))
    objects = objects_of(log)
    born = np.logical_and(between(log, log.heap.time[objects.birth]), np.logical_not(objects.before))
    assert 0 <= born.sum() - allocated <= 2
    assert (objects.unresolved, int(objects.lost.sum()), objects.strays) == (0, 0, 0)
    names = np.array([each.name for each in objects.types])[objects.type]
    assert ((names == "main.node").sum(), (names == "main.page").sum()) == (40 * 31, 40)
