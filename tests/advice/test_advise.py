"""Advice and the forecast under it: what each number of a trace does to the answer."""

import gzip
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from arenalab.advice.advise import NO, OPEN, YES, advise, between
from arenalab.advice.costs import SHIPPED, costs_of, keep, read_tables, shipped_costs
from arenalab.advice.forecast import Setting, forecast, in_arenas
from arenalab.advice.scope_facts import COLUMNS, ScopeFacts, _just_before_cycles
from arenalab.advice.trace_run import TraceRun
from arenalab.errors import ArgumentError
from arenalab.intake.deaths import NEVER
from arenalab.intake.lifetimes import Cycles, Lifetimes
from arenalab.intake.scopes import Scope

SAMPLES = sorted((Path(__file__).parents[1] / "data/execution-traces").glob("plain-*.trace.gz"))
NONE = [["?", *[0] * len(COLUMNS)]]
MIB = 2**20


@pytest.fixture(scope="module")
def new():
    return costs_of("1.27", read_tables(SHIPPED))


@pytest.fixture(scope="module")
def old():
    return costs_of("1.21", read_tables(SHIPPED))


def row(name="main.node", size=48, count=0, *, elements=0, pointers=1, dead=0, escapes=0, gone=0, kept=0):
    return [name, size, size, elements, pointers, count, dead, escapes, gone, kept]


def facts(*within, live=0, scopes=1000, open_at_once=1, outside=NONE, seconds=0.1):
    """Return a trace's facts: `live` are nodes of 48 bytes."""
    return ScopeFacts.of(
        {
            "kind": "task request", "version": 26, "scopes": scopes, "open_at_once": open_at_once, "program": seconds,
            "gc": 0.01, "cycles": 3, "allocated": sum(each[5] for each in within),
            "within": within, "outside": outside, "there": [row(count=live)],
        }
    )  # fmt: skip


def trees(live=700_000, **more):
    return facts(row(count=1_000_000, gone=5000), live=live, **more)


def test_shipped_costs_are_taken_where_they_are_named_whatever_was_measured_here(monkeypatch, tmp_path, new):
    monkeypatch.setenv("ARENALAB_CACHE", str(tmp_path))
    keep(replace(new, machine=new.machine | {"cpu": "mine"}))
    run = TraceRun.read(SAMPLES[-1])
    assert run.advise("task request").table.machine["cpu"] == "mine"
    assert run.advise("task request", costs=shipped_costs("1.27")).table == new
    assert run.advise("task request", costs=shipped_costs("1.21")).table.line == "1.21"


def test_a_large_live_heap_makes_arenas_pay_and_a_larger_gogc_makes_them_not(old):
    asked = [
        forecast(trees(live), old, Setting(gogc, 10_000))
        for live, gogc in ((0, 100), (700_000, 25), (700_000, 400))
    ]
    small, often, seldom = asked
    assert often.change < 0 < seldom.change
    assert small.heap.marking < often.heap.marking / 4
    assert often.heap.cycles > 10 * seldom.heap.cycles
    assert seldom.heap.peak > often.heap.peak


def test_many_scopes_cost_as_many_times_as_much(new):
    once, often = (forecast(trees(), new, Setting(100, scopes)) for scopes in (10_000, 40_000))
    for name in ("values", "arenas", "chunks"):
        assert getattr(often.arena, name) == pytest.approx(4 * getattr(once.arena, name))
    assert often.heap.ns == pytest.approx(4 * once.heap.ns)


def test_what_escapes_stays_on_the_heap_and_collections_come_back(old):
    alone, kept = (
        forecast(facts(row(count=1_000_000, **fate), live=700_000), old, Setting(25, 10_000)).arena
        for fate in ({"gone": 5000}, {"escapes": 1_000_000})
    )
    assert kept.cycles > 20 * max(alone.cycles, 1)
    assert kept.chunks < alone.chunks / 10


def test_an_undecided_object_is_what_the_sample_of_its_group_says():
    its = facts(
        row(count=100, gone=3, kept=1), row(count=100, escapes=10, kept=1, gone=3), row(count=100),
        row(count=100, escapes=10), row(count=100, dead=40, kept=2),
    ).within  # fmt: skip
    assert in_arenas(its).tolist() == [75, 67.5, 100, 0, 40]
    assert in_arenas(its, 0.0).tolist() == [75, 67.5, 0, 0, 40]
    assert np.all(in_arenas(its) <= its.count - its.escapes)


def test_arenas_open_at_once_hold_a_chunk_each(new):
    one, many = (forecast(trees(open_at_once=n), new, Setting(100, 10_000)).arena for n in (1, 16))
    assert many.peak - one.peak == pytest.approx(15 * 8 * MIB, rel=0.1)
    assert many.cycles > one.cycles  # sixteen chunks are more than the room of 32 MiB


def test_tiny_scopes_pay_for_their_handles(new):
    its = facts(row("main.point", 32, 3000, gone=30), live=700_000)
    said = forecast(its, new, Setting(100, 2_000_000))
    assert said.arena.arenas > said.heap.values
    assert said.arena.cycles >= 2  # 112 MB of handles


@pytest.mark.timeout(10)
def test_work_beside_the_scopes_is_counted_not_walked_through(new):
    beside = [row("main.other", 1024, 4_000_000, pointers=0)]
    once, often = (
        forecast(
            facts(row(count=1000, gone=9), outside=beside, live=70_000), new, Setting(100, scopes)
        ).arena.cycles
        for scopes in (1000, 10_000_000)
    )
    assert often == pytest.approx(10_000 * once, rel=0.01)
    assert advise(facts(row(count=10, gone=9), outside=beside), new).forecast.arena.cycles > 1000


def test_slices_of_pointers_cost_an_arena_an_element_at_a_time(new):
    long = forecast(facts(row("*main.node", 4096, 1000, elements=512, gone=9)), new).arena
    plain = forecast(facts(row("uint8", 4096, 1000, elements=4096, pointers=0, gone=9)), new).arena
    assert long.values > 100 * plain.values
    assert long.chunks == plain.chunks


def test_answer_is_the_sign_of_the_whole_interval(new, old):
    answers = {
        advise(its, table, gogc).answer: advise(its, table, gogc).gain
        for its, table, gogc in ((trees(), old, 25), (trees(), new, 400), (trees(), old, 150))
    }
    assert set(answers) == {YES, NO, OPEN}
    assert answers[YES][0] > 0 >= answers[NO][1]
    assert answers[OPEN][0] < 0 < answers[OPEN][1]
    assert all(high <= 1 for _, high in answers.values())


def test_objects_of_which_nothing_is_known_make_the_interval_wider_and_are_told_of(old):
    known, unknown = (
        advise(facts(row(count=1_000_000, **of), live=700_000), old, 25) for of in ({"gone": 9}, {})
    )
    assert unknown.gain[0] < 0 < known.gain[0]
    assert (known.unsampled, unknown.unsampled) == (0, 1)
    assert any("does not tell whether they outlive" in line for line in unknown.lines())
    assert not any("does not tell whether they outlive" in line for line in known.lines())


def test_at_equal_memory_the_heap_takes_what_the_arenas_do(old):
    said = advise(trees(), old, 25)
    heap = forecast(trees(), old, Setting(said.equal_gogc, said.setting.scopes)).heap
    assert heap.peak == pytest.approx(said.forecast.arena.peak, rel=0.02)
    assert said.equal_gogc > 25  # the arenas take more than a heap that is held small
    assert said.gain_at_equal_memory[1] < said.gain[1]


def test_a_pool_is_named_for_values_and_never_for_slices(old):
    its = facts(
        row("main.large", 1024, 100_000, gone=9), row("*main.node", 1024, 100_000, elements=128, gone=9)
    )
    said = advise(its, old)
    assert [each.type for each in said.pools] == ["main.large"]
    assert any("sync.Pool: saves with main.large (" in line for line in said.lines())
    assert any(
        "with no type worth it" in line for line in advise(facts(row(size=8, count=10, gone=1)), old).lines()
    )


def test_words_and_numbers_say_the_same_and_where_they_come_from(old):
    its = facts(row(count=1_000_000, gone=5000, escapes=7), live=700_000)
    said = advise(its, old, 25)
    lines = list(said.lines())
    assert lines[0].startswith("Yes: an arena for each task request saves ")
    assert lines[0].endswith(", with Go 1.21.13 at GOGC=25.")
    assert any("has to stay out of the arena, or be copied out of it: 7 main.node" in line for line in lines)
    assert any(f"costs: {old.where()}" in line for line in lines)
    told = said.facts()
    assert (told["answer"], told["gain"], told["escapes"]) == ("yes", list(said.gain), {"main.node": 7})
    assert tuple(lines[:2]) == said.verdict
    assert set(said.reasons) < {line.strip() for line in lines}


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        ((0.031, 0.6), "saves 3.1 to 60 % of the processor time"),
        ((-0.2, -0.004), "costs 0.4 to 20 % more processor time"),
        ((-1.5, 0.02), "takes between 150 % more and 2 % less processor time"),
    ],
)
def test_interval_in_words(interval, words):
    assert between(interval) == words


def test_a_scope_without_objects_costs_its_arena_and_no_more(new):
    said = advise(facts(), new)
    assert said.answer == NO
    assert said.forecast.arena.values == said.forecast.heap.values == 0


@pytest.mark.parametrize("gogc", [0, -1, 10**6, "100", 1.5])
def test_no_gogc_is_refused(gogc, new):
    with pytest.raises(ArgumentError):
        advise(trees(), new, gogc)


def test_facts_come_back_as_they_were_kept():
    its = trees(open_at_once=3)
    assert ScopeFacts.of(its.facts()).facts() == its.facts()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_facts_of_a_trace_are_its_verdict_s_counts(sample, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "arenalab.advice.scope_facts.OF_TRACING", ("trace.Task",)
    )  # as trace.Region, which it has not
    path = tmp_path / "plain.trace"
    path.write_bytes(gzip.decompress(sample.read_bytes()))
    run = TraceRun.read(path)
    its, found = run.scope_facts("task request"), run.verdict("task request")
    of_tracing = sum(run.types[each] == "trace.Task" for each in run.objects.type[found.objects])
    assert of_tracing > 0
    assert its.within.count.sum() == len(found.fate) - of_tracing
    assert its.within.dead.sum() + its.within.escapes.sum() <= its.within.count.sum()
    assert its.scopes == 40
    everything = its.within.count.sum() + its.outside.count.sum()
    assert its.allocated == everything
    sampled = its.within.gone + its.within.kept
    assert 0 < sampled.sum() < its.within.count.sum()
    node = its.within.types.index("main.node")
    assert (its.within.asked[node], its.within.pointers[node], its.within.elements[node]) == (40, 1, 0)
    assert run.advise("task request", go="1.27").answer in (YES, NO, OPEN)


def test_the_sample_is_what_a_cycle_found_of_the_scope_that_ended_last_before_it():
    cycles = Cycles(*np.array([[25, 28, 30], [60, 63, 65], [70, 73, 75]]).T)
    scopes = [Scope("task x", 1, begin, end, end) for begin, end in ((0, 10), (11, 20), (31, 50))]
    of = np.array([1, 1, 0, 1, 2, 2, 2])
    alive = np.array([25, 12, 3, 25, 60, 70, 40])
    dead = np.array([NEVER, 30, 30, 65, 75, 75, 75])
    found = SimpleNamespace(objects=np.arange(7), of=of)
    sample = _just_before_cycles(Lifetimes(alive, dead, cycles), scopes, found)
    assert sample.tolist() == [1, -1, 0, 1, 1, 1, 0]


def test_another_table_gives_another_answer(new):
    dear = replace(new, rows=tuple((p, of, ns * (50 if p == "chunk" else 1)) for p, of, ns in new.rows))
    assert advise(trees(), dear, 25).gain[0] < advise(trees(), new, 25).gain[0]
