"""Which objects forbid an arena: against what the examples are known to keep; and the parameters of memory regions."""

import gzip
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from arenalab.advice.escapes import escapes_of
from arenalab.advice.regions import regions_of
from arenalab.advice.trace_run import TraceRun
from arenalab.errors import NoSuchError
from arenalab.intake.lifetimes import ESCAPES

FOLDER = Path(__file__).parents[1] / "data/execution-traces"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Return a function from a committed trace's name to its TraceRun."""
    read = {}

    def find(name):
        if name not in read:
            path = tmp_path_factory.mktemp("traces") / f"{name}.trace"
            path.write_bytes(gzip.decompress((FOLDER / f"{name}.trace.gz").read_bytes()))
            read[name] = TraceRun.read(path)
        return read[name]

    return find


@pytest.mark.parametrize(("name", "kind"), [("plain-go1.27.3", "task request"), ("orders-go1.27.3", "http")])
def test_types_are_counted_as_the_verdict_counts_them(runs, name, kind):
    found, its = escapes_of(runs(name), kind), runs(name).verdict(kind)
    assert {each.type: each.objects for each in found.sites} == dict(its.by_type(ESCAPES))
    assert (found.objects, found.bytes) == (its.count(ESCAPES), its.bytes(ESCAPES))
    of = Counter(its.types)
    assert all(each.of == of[each.type] and not each.line for each in found.sites)
    assert list(found.sites) == sorted(found.sites, key=lambda each: (-each.objects, -each.bytes, each))
    assert found.scopes == len(set(its.of[its.fate == ESCAPES].tolist()))
    assert not found.by_line
    assert f"{found.sites[0].objects:,} of {found.sites[0].of:,} {found.sites[0].type}, " in "\n".join(
        found.lines()
    )


def test_goroutines_that_share_a_scope_are_told(runs):
    run, kind = runs("plain-go1.27.3"), "task request"
    found, its = escapes_of(run, kind), run.verdict(kind)
    others = [
        (of, row) for of, row in zip(its.of.tolist(), its.objects.tolist(), strict=True)
        if run.objects.g[row] != run.found[kind][of].g
    ]  # fmt: skip
    assert (found.shared_objects, found.shared_scopes) == (len(others), len({of for of, _ in others}))
    assert others
    assert "one arena can't serve two at once" in "\n".join(found.lines())


def test_with_stacks_each_line_that_lets_something_escape_is_named(runs):
    run = runs("stacks-go1.27.3")
    kind = next(iter(run.scopes()))
    found = escapes_of(run, kind)
    assert found.by_line
    assert sum(each.objects for each in found.sites) == found.objects > 0
    assert all(each.line > 0 and each.file and each.function for each in found.sites)
    pools = [each for each in found.sites if each.type == "sync.poolLocal"]
    assert [each.function for each in pools] == ["sync.(*Pool).pinSlow"]
    assert pools[0].caller.startswith("main.build (")
    assert "/plain/main.go:" in pools[0].caller
    assert f"{found.sites[0].function} ({found.sites[0].file}:{found.sites[0].line})" in "\n".join(
        found.lines()
    )


def test_regions_are_counted_object_by_object(runs):
    run = runs("plain-go1.27.3")
    kind, objects, begins = "task request", run.objects, run.lifetimes.cycles.begin.tolist()
    program, its = run.operations(kind), run.verdict(kind)
    asked, inside, fades, least, most = program.values.nbytes.tolist(), [], [], [], []
    for place, (row, of) in enumerate(zip(its.objects.tolist(), its.of.tolist(), strict=True)):
        scope, born = run.found[kind][of], int(run.log.heap.time[objects.birth[row]])
        if objects.g[row] != scope.g or asked[place] > 2048:
            continue
        inside.append(asked[place])
        first = born - int(run.log.heap.ahead[objects.birth[row]])
        if its.fate[place] == ESCAPES:
            fades.append(asked[place])
            continue
        least += [asked[place]] * int(run.lifetimes.alive[row] > born)
        most += [asked[place]] * any(first <= begin <= scope.end for begin in begins)
    found = regions_of(run, kind)
    fresh = int(np.logical_not(objects.before).sum())
    assert found["OR"][1:3] == pytest.approx((len(inside) / fresh,) * 2)
    assert found["OF"].low == pytest.approx(len(fades) / len(inside))
    assert found["BF"].low == pytest.approx(sum(fades) / sum(inside))
    assert found["BS"][1:3] == pytest.approx((sum(least) / sum(inside), sum(most) / sum(inside)))
    assert 0 < found["BS"].low <= found["BS"].high < 1
    assert 0 < found["BR"].low <= 1
    assert 0 < found["PF"].high <= 0.125
    assert found["PF"].low == 0
    assert list(found.facts()) == ["kind", "OR", "BR", "OF", "BF", "BS", "PF", "CR"]
    assert "OF >= " in next(found.lines())


@pytest.mark.parametrize("ask", [escapes_of, regions_of])
def test_unknown_kind_is_one_error(runs, ask):
    with pytest.raises(NoSuchError, match="task request"):
        ask(runs("plain-go1.27.3"), "nothing")
