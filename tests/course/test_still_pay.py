"""Questions of chapter 19 against second, simpler reasonings that know no event; its pictures of measured costs."""

import pytest
from hypothesis import example, given

from arenalab.advice.tree_costs import TreeRow, shipped_tree_costs
from arenalab.course import question
from arenalab.course.tradeoff import Tradeoff, by_gogc, by_nodes, tradeoff
from arenalab.units import MiB
from arenalab.world.ops import NewArena, Rep, RunGC
from tests.course.asking import questions
from tests.examples import examples

some = examples(25)
TAKEN = 2  #: chunks that a request takes at least, beside those that stay: one it fills, one it begins.


@some
@given(asked=questions("requests-that-collect"))
def test_collections_start_where_the_heap_has_no_room_for_what_a_request_takes(asked):
    live = asked.program.index(RunGC())
    room = live * asked.rules.gogc / 100 * 61 / 64
    if room > TAKEN + 1:
        assert asked.value == 0
    elif room < TAKEN:
        assert 1 <= asked.value <= sum(isinstance(op, Rep) for op in asked.program)


@some
@example(
    asked=question("gogc-for-memory", 751, "1.21")
)  # 8 MiB live: with GOGC=25 the goal is a little above 10 MiB
@given(asked=questions("gogc-for-memory"))
def test_the_goal_is_what_lives_and_gogc_percent_of_it(asked):
    live = sum(isinstance(op, NewArena) for op in asked.program) * asked.rules.chunk.usable_bytes
    most = int(asked.text.partition("more than ")[2].split()[0]) * MiB
    fits = [percent for percent in (25, 50, 100, 200, 400) if live * (100 + percent) // 100 <= most]
    assert asked.value == str(fits[-1])
    assert "may grow to" in asked.meant(asked.run, "400")


def test_who_counts_a_collection_for_each_request_is_told_what_free_gives_back():
    few = next(
        asked
        for seed in range(99)
        if (asked := question("requests-that-collect", seed)).value
        < sum(isinstance(op, Rep) for op in asked.program)
    )
    requests = sum(isinstance(op, Rep) for op in few.program)
    assert "if `Free` left heapLive" in few.meant(few.run, requests)
    assert few.meant(few.run, few.value) == ""


def rows(*points):
    return tuple(TreeRow("go1.27.3", (), "heap", gogc, 1023, ns, ns + 1, 3, mib) for gogc, ns, mib in points)


def test_tradeoff_draws_memory_across_and_joins_what_gogc_buys():
    buys = rows(("25", 120.0, 50.0), ("50", 90.0, 60.0), ("off", 80.0, 200.0))
    stays = rows(("25", 70.0, 61.0), ("50", 70.0, 60.0), ("off", 70.0, 62.0))
    shown = Tradeoff("T", (("<i>", buys), ("b", stays)))
    assert shown.text().splitlines() == [
        "T: ns a node at MiB at most, by GOGC",
        "  <i>: 25: 120 at 50, 50: 90 at 60, off: 80 at 200",
        "  b: 25: 70 at 61, 50: 70 at 60, off: 70 at 62",
    ]
    [plot] = shown.plots().every()
    line, points = plot.lines
    assert (list(line.x), line.joined, line.said) == ([50, 60, 200], True, ("25", "50", "off"))
    assert (list(points.x), points.joined, points.said) == ([60, 61, 62], False, ())
    assert plot.across.log
    assert plot.upward.log
    assert "<i>" not in str(shown.still())


def test_charts_of_the_shipped_table_say_its_numbers():
    costs = shipped_tree_costs()
    assert [len(rows) for _, rows in tradeoff(costs, "T", ("1.27", "heap"), ("1.21", "slabs")).ways] == [6, 6]
    off = by_gogc(costs, "T", ("as it is", "1.27", ()), ("without", "1.27", ("greenteagc",)))
    assert off.lines[1].values[2] == costs.row("1.27", "heap", "100", ("greenteagc",)).cpu_ns
    assert off.ticks[-1] == "off"
    sizes = by_nodes(costs, "T", "1.27", "heap", "arena")
    assert sizes.ticks == ("15", "127", "1,023", "16,383")
    assert sizes.lines[0].values[2] == pytest.approx(costs.row("1.27", "heap").cpu_ns)
