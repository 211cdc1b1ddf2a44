"""What `--audit`, `--test` and `--stacks` add: each end decided, an iteration a scope, each object's function."""

from pathlib import Path

import numpy as np
import pytest

from arenalab.advice.trace_run import TraceRun
from arenalab.cli import main
from arenalab.intake.batches import TraceFile
from arenalab.intake.events import events_of, has_events
from arenalab.intake.kinds import NUMBER
from arenalab.intake.lifetimes import DEAD, ESCAPES, UNDECIDED
from arenalab.oracle.capture.overlay import WITH_STACK
from arenalab.oracle.capture.program import Wanted, capture_program

DATA = Path(__file__).parents[1] / "data"
TRACED, AUDITED = DATA / "traced", DATA / "audited"
KINDS = {
    "task request": "ofTask",
    "region build": "ofRegion",
    "goroutine main.routine": "ofRoutine",
    "http": "ofRequest",
}
pytestmark = pytest.mark.go


def fates(run, kind, name):
    """How many objects of a type, in all scopes of a kind, are dead, undecided and escaped."""
    verdict = run.verdict(kind)
    mine = np.array(verdict.types) == name
    return tuple(int((verdict.fate[mine] == fate).sum()) for fate in (DEAD, UNDECIDED, ESCAPES))


@pytest.fixture(scope="module")
def audited(tracing, tmp_path_factory):
    """Fifty values in each of twenty scopes of each kind, of which two are kept.

    On a busy machine a stamp may leave a scope undecided, never false: then it may run again, three times in all.
    """
    for _ in range(3):
        out = tmp_path_factory.mktemp("audited") / "x.trace"
        done = capture_program(".", [], out, Wanted(audit=True), go=tracing, cwd=AUDITED)
        assert done.whole
        assert done.status.collections > 2 * 20 * 3
        run = TraceRun.read(out)
        told = [fates(run, kind, f"main.{name}") for kind, name in KINDS.items()]
        assert all(dead <= 1960 and kept <= 40 for dead, _, kept in told)
        if not any(undecided for _, undecided, _ in told):
            break
    return run


class TestAudit:
    """All is told, and nothing falsely."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_at_each_end_it_is_known_what_died_and_what_outlives_it(self, audited, kind):
        assert audited.scopes()[kind] == 20
        assert fates(audited, kind, f"main.{KINDS[kind]}") == (1960, 0, 40)

    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_stays_undecided_but_objects_that_share_a_slot(self, audited, kind):
        verdict = audited.verdict(kind)
        open_ = verdict.objects[verdict.fate == UNDECIDED]
        assert audited.objects.tiny[open_].all()
        assert verdict.decided >= 0.98

    def test_what_lies_in_a_pool_outlives_its_request(self, audited):
        assert fates(audited, "http", "main.ofPool") == (0, 0, 20)


def test_without_an_audit_most_is_undecided(tracing, tmp_path):
    capture_program(".", [], tmp_path / "x.trace", go=tracing, cwd=AUDITED)
    run = TraceRun.read(tmp_path / "x.trace")
    assert fates(run, "region build", "main.ofRegion")[1] > 1900


class TestBenchmarks:
    ARGUMENTS = ("--test", str(TRACED), "-bench", "Nodes")

    def capture(self, tracing, out, *more):
        given = ["trace", "capture", "--go", str(tracing.go), "-o", str(out), *self.ARGUMENTS, *more]
        return main(given)

    def test_an_iteration_is_a_goroutine_and_audited_all_decided(self, tracing, tmp_path, capfd):
        assert self.capture(tracing, tmp_path / "x.trace", "-count", "7", "--audit") == 0
        assert "TestWork" not in capfd.readouterr().out
        run = TraceRun.read(tmp_path / "x.trace")
        kind = next(kind for kind in run.scopes() if "run1" in kind or kind.startswith("benchmark"))
        assert run.scopes()[kind] == 7
        assert fates(run, kind, "main.node") == (7 * 19, 0, 7)
        assert run.verdict(kind).decided == 1
        node = [each.name for each in run.objects.types].index("main.node")
        assert (run.objects.type == node).sum() == 7 * 20  # no others are made meanwhile

    def test_a_trace_of_their_own_is_refused(self, tracing, tmp_path, capfd):
        assert self.capture(tracing, tmp_path / "x.trace", "--", "-trace=y") == 2
        assert "-trace is what this command does; leave it out" in capfd.readouterr().err
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("stacks", [True, False])
def test_with_stacks_each_object_has_its_function(tracing, tmp_path, stacks):
    out = tmp_path / "x.trace"
    capture_program(".", ["return"], out, Wanted(stacks=stacks), go=tracing, cwd=TRACED)
    file = TraceFile(out)
    kinds = np.concatenate([events_of(file, batch).kind for batch in file.batches() if has_events(batch)])
    plain, with_stack = (kinds == NUMBER["HeapObjectAlloc"]).sum(), (kinds == WITH_STACK).sum()
    assert (plain > 1500, with_stack > 1500) == (not stacks, stacks)
    assert not min(plain, with_stack)
    if stacks:
        assert sum(fates(TraceRun.read(out), "under main.work", "main.node")) == 1500
