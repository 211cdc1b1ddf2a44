"""Scopes as points and their objects' lifetimes as two curves: held against plain counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.intake.deaths import NEVER
from arenalab.intake.lifetimes import DEAD, ESCAPES, Lifetimes
from arenalab.view.scope_points import SORTS, ScopePicture, ages, scope_points
from tests.intake.heaps import heaps
from tests.recorded import ORDERS, PLAIN, read, run_of

KINDS = [(PLAIN, "task request"), (ORDERS, "http")]


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_a_point_counts_what_became_of_its_scopes_objects(name, kind):
    run = run_of(name)
    its, scopes = run.verdict(kind), run.found[kind]
    points = scope_points(run.log, its, scopes)
    for number, scope in enumerate(scopes):
        fates = [fate for fate, of in zip(its.fate.tolist(), its.of.tolist(), strict=True) if of == number]
        dead, escapes = fates.count(DEAD), fates.count(ESCAPES)
        row = points.records([number])[0]
        assert (row.objects, row.dead, row.escapes) == (len(fates), dead, escapes)
        assert (row.undecided, row.goroutine) == (len(fates) - dead - escapes, scope.g)
        assert row.lasts == pytest.approx((scope.end - scope.begin) / run.log.ticks)
        said = 2 if escapes else 0 if dead == len(fates) else 1
        assert points.sort[number] == said
    assert points.bytes.sum() == its.size.sum()


@given(made=heaps(), seed=st.integers(0, 2**32 - 1))
def test_at_every_age_the_truth_lies_between_the_curves(made, seed):
    """At whatever moments of what is known each object was born and died."""
    run, chance = read(made[0]), np.random.default_rng(seed)
    latest = run.log.heap.time[run.objects.birth]
    earliest = latest - run.log.heap.wide("ahead", run.objects.birth)
    born = chance.integers(earliest, latest, endpoint=True)
    first = np.maximum(run.lifetimes.alive, born) + 1
    last = np.where(run.lifetimes.dead == NEVER, first + 100, run.lifetimes.dead)
    rows = np.flatnonzero(first <= last)
    lived = (chance.integers(first[rows], last[rows], endpoint=True) - born[rows]) / run.log.ticks
    curves = ages(run.log, run.objects, run.lifetimes, rows)
    for row, age in enumerate(curves.age):
        assert curves.surely[row] <= (lived <= age).mean() <= curves.perhaps[row]


def test_curves_of_exact_lifetimes_meet():
    run = run_of(PLAIN)
    rows = np.flatnonzero(run.objects.before == 0)[:500]
    birth = run.log.heap.time[run.objects.birth]
    lives = Lifetimes(
        birth + 15_625, birth + 15_626, run.lifetimes.cycles
    )  # a millisecond and one tick at most
    curves = ages(run.log, run.objects, lives, rows)
    assert (curves.surely[curves.age > 0.01].min(), curves.perhaps[curves.age < 0.0009].max()) == (1, 0)
    none = ages(run.log, run.objects, lives, rows[:0])
    assert len(none) == 0


def test_text_tells_the_selected_scopes_alone():
    run = run_of(ORDERS)
    its = run.verdict("http")
    points, curves = (
        scope_points(run.log, its, run.found["http"]),
        ages(run.log, run.objects, run.lifetimes, its.objects),
    )
    every = ScopePicture("http", points, (), curves, ("words",)).text()
    some = ScopePicture("http", points, (0, 4), curves, ("words",)).text()
    assert "http, 60 scopes; recorded, no model in it" in every
    assert "2 of 60 scopes selected" in some
    assert len(some.splitlines()) < len(every.splitlines())
    assert SORTS[2] in some
    assert some.endswith("words")
