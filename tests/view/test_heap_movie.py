"""A recorded heap at any moment: what is there, what a step did, and what the pictures' columns say of it."""

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import NoSuchError
from arenalab.intake.deaths import NEVER
from arenalab.intake.stacks import Call
from arenalab.view.heap_colours import (
    COLOURS,
    FREE,
    GROUND,
    NO_SPAN,
    STACKS,
    STEP,
    TYPE,
    USE,
    Moment,
    colours_of,
)
from arenalab.view.heap_index import HeapIndex
from arenalab.view.heap_lanes import CELLS, COLLECTOR, LANES, _seen, lane_parts, scope_lanes
from arenalab.view.heap_movie import heap_movie
from arenalab.view.heap_raster import pages_raster, slots_raster
from arenalab.view.heap_said import page_said, slot_said
from arenalab.view.heap_steps import EVENT, UNITS, HeapSteps, round_step
from tests.intake.heaps import PAGE, START, Thread, heaps
from tests.intake.making import batch, body_of, leb, trace
from tests.recorded import ORDERS, PLAIN, evil_run, read, run_of


def index_of(run):
    return HeapIndex(run.log, run.objects, run.found)


@pytest.fixture(scope="module", params=[PLAIN, ORDERS])
def run(request):
    return run_of(request.param)


@pytest.fixture(scope="module")
def index(run):
    return index_of(run)


def plainly_used(objects, at):
    """Return span -> its used slots, object by object; a lost object goes when its slot is given away again."""
    used, coming = defaultdict(set), defaultdict(list)
    for row in range(len(objects)):
        coming[int(objects.slot[row])].append(int(objects.birth[row]))
    for row in range(len(objects)):
        slot, birth, end = (int(getattr(objects, name)[row]) for name in ("slot", "birth", "end"))
        if objects.lost[row]:
            end = min(
                [
                    int(objects.spans.end[objects.span[row]]),
                    *(other for other in coming[slot] if other > birth),
                ]
            )
        if birth < at <= end and objects.span[row] >= 0:
            used[int(objects.span[row])].add(slot)
    return used


def held_slots(raster):
    return np.flatnonzero(raster.words // 2 >= len(GROUND))


@given(made=heaps(), share=st.floats(0, 1))
def test_slots_in_use_are_those_that_births_and_ends_say(made, share):
    run = read(made[0])
    index = index_of(run)
    at = round(share * index.moments)
    moment = Moment(index, at, at)
    used = plainly_used(run.objects, at)
    colours = colours_of(moment, USE)
    for span in moment.spans.tolist():
        raster = slots_raster(moment, colours, span)
        assert {raster.base + raster.cell_bytes * slot for slot in held_slots(raster).tolist()} == used.get(
            span, set()
        )
    assert set(used) <= set(moment.spans.tolist())
    assert len(moment.held) == sum(map(len, used.values()))


def test_slot_that_was_given_away_before_its_free_is_stamped_counts_once():
    thread, slot = Thread(1), 0
    thread.write(1000, "SpanAlloc", 0, 1, 8)
    for name in ("Alloc", "Alloc", "Free", "Free"):  # true order: Alloc, Free, Alloc, Free
        thread.write(1010, f"HeapObject{name}", slot, *([0] if name == "Alloc" else []))
    thread.flush()
    info = batch(b"\x01" + b"".join(map(leb, (START, PAGE, 8, 2048))), experiment=1)
    index = index_of(read(trace(info, batch(b"\x32\x08" + leb(15_625_000)), *thread.batches)))
    held = [Moment(index, at, at).held.tolist() for at in range(index.moments + 1)]
    assert held == [[], [], [0], [1], [1], []]


def test_span_is_there_as_long_as_its_objects_whatever_stamps_say_that_ran_ahead():
    ahead, clock = Thread(1), Thread(2)
    for page in (8, 16, 24):  # stamped 1001 to 1003
        ahead.write(1000, "SpanAlloc", page, 1, 12)
    clock.write(1000, "HeapObjectAlloc", 24 * PAGE // 8, 0)
    clock.flush()
    for slot in (16 * PAGE // 8, 24 * PAGE // 8):  # stamped 2000, 2001
        ahead.write(2000, "HeapObjectFree", slot)
    clock.write(1999, "SpanFree", 24)  # a buffer's first stamp is one later
    for thread in (ahead, clock):
        thread.flush()
    info = batch(b"\x01" + b"".join(map(leb, (START, PAGE, 8, 2048))), experiment=1)
    index = index_of(read(trace(info, batch(b"\x32\x08" + leb(15_625_000)), *ahead.batches, *clock.batches)))
    spans, objects = index.objects.spans, index.objects
    span = int(objects.span[0])
    assert spans.begin[span] > objects.birth[0]
    assert spans.end[span] < objects.end[0]
    held = [Moment(index, at, at) for at in range(index.moments + 1)]
    assert [at for at, moment in enumerate(held) if len(moment.held)] == [
        at for at, moment in enumerate(held) if span in moment.spans
    ] == list(range(int(objects.birth[0]) + 1, int(objects.end[0]) + 1))  # fmt: skip


@given(made=heaps(), share=st.floats(0, 1))
def test_what_is_there_is_what_was_born_less_what_died(made, share):
    run = read(made[0])
    index = index_of(run)
    since, at = sorted((round(share * index.moments), index.moments // 2))
    before, after = (set(index.alive(moment).tolist()) for moment in (since, at))
    born, died = set(index.born(since, at).tolist()), set(index.died(since, at).tolist())
    assert after == (before | born) - died
    assert died <= before | born


def test_a_page_is_coloured_by_the_slots_of_its_span(index):
    for at in HeapSteps(index, "cycle")._moments[1::3].tolist():
        moment = Moment(index, at, index.opening)
        used, raster = plainly_used(index.objects, at), pages_raster(moment, colours_of(moment, USE), -1)
        spans, wanted = index.objects.spans, np.full(index.cells, NO_SPAN)
        for span in range(len(spans.page)):
            if spans.begin[span] < at <= spans.end[span]:
                full = len(used[span]) / max(int(index.slots[span]), 1)
                number = len(GROUND) + (full >= 0.5) + (full >= 0.9) + (full >= 1)
                number = STACKS if spans.size[span] == 0 else number if full else FREE
                cells = index.cell_of(spans.page[span] + np.arange(spans.pages[span]))
                wanted[cells] = number
        assert (raster.words // 2).tolist() == wanted.tolist()
        assert [index.address_of(index.page_of(cell)) for cell in (0, index.cells - 1)] == [
            raster.starts[0][1], raster.starts[-1][1] + (index.cells - 1 - raster.starts[-1][0]) * index.page_bytes
        ]  # fmt: skip


def test_pages_after_a_gap_of_the_heap_have_their_own_addresses():
    """The heap grows by 512 pages; what lies between two such steps is left out of the raster."""
    info = batch(b"\x01" + b"".join(map(leb, (0xC000000000, 8192, 8, 2048))), experiment=1)
    spans = [(10, "SpanAlloc", (page, 1, 12)) for page in (8, 700, 4000)]
    index = index_of(read(trace(info, batch(b"\x32\x08" + leb(15_625_000)), batch(body_of(spans)))))
    moment = Moment(index, index.moments, 0)
    raster = pages_raster(moment, colours_of(moment, USE), -1)
    assert raster.starts == ((0, 0xC000000000), (1024, 0xC000000000 + 3584 * 8192))
    assert np.flatnonzero(raster.words // 2 == FREE).tolist() == [8, 700, 1024 + 4000 - 3584]
    assert [index.page_of(cell) for cell in (8, 700, 1440)] == [8, 700, 4000]


def test_tables_count_what_is_there_and_what_the_step_did(index):
    steps = HeapSteps(index, "cycle")
    gone = 0
    for position in range(1, steps.last + 1):
        at = steps.moment(position)
        view = heap_movie(index, at, steps.since(at))
        used = plainly_used(index.objects, at)
        assert view.classes.used.sum() == sum(map(len, used.values()))
        assert view.classes.used_bytes.sum() == sum(
            len(slots) * int(index.objects.spans.size[span]) for span, slots in used.items()
        )
        assert view.types.objects.sum() == len(view.moment.alive)
        assert (view.types.born.sum(), view.types.died.sum()) == (
            len(view.moment.born),
            len(view.moment.died),
        )
        gone += len(view.moment.died)
    assert gone == (index.objects.end != NEVER).sum()
    names = Counter(index.objects.types[number].name for number in index.objects.type[view.moment.died])
    [(name, count)] = names.most_common(1)
    assert f"{count:,} {name}" in view.reading.text()
    assert "recorded, no model in it" in view.text()


@pytest.mark.parametrize("unit", UNITS)
def test_steps_lead_through_the_whole_run_and_each_begins_where_the_last_ended(run, index, unit):
    steps = HeapSteps(index, unit, next(iter(run.scopes())))
    moments = [steps.moment(position) for position in range(steps.last + 1)]
    assert moments == sorted(set(moments))
    assert (moments[0], moments[-1]) == (index.opening, index.moments)
    assert [steps.position(at) for at in moments] == list(range(steps.last + 1))
    assert [steps.since(at) for at in moments] == moments[:1] + moments[:-1]
    if unit != EVENT:
        inside = moments[1] + (moments[2] - moments[1]) // 2
        assert steps.since(inside) == (moments[1] if inside > moments[1] else moments[0])
    assert steps.words(moments[0]) == "the start"
    assert (steps.moment(-1), steps.moment(steps.last + 1)) == (moments[0], moments[-1])


def test_a_step_by_scope_ends_where_a_scope_ends(run, index):
    kind = next(iter(run.scopes()))
    steps = HeapSteps(index, "scope", kind)
    moments = {steps.moment(position) for position in range(steps.last + 1)}
    assert set(index.moments_of(np.array([each.end for each in run.found[kind]])).tolist()) <= moments


def test_scopes_in_one_lane_never_overlap(run, index):
    for kind in run.scopes():
        its = scope_lanes(index, kind)
        for lane in range(its.at_once):
            rows = np.flatnonzero(its.lane == lane)
            rows = rows[np.lexsort((its.end[rows], its.begin[rows]))]
            assert (its.begin[rows][1:] >= its.end[rows][:-1]).all()
        assert its.at_once == run.verdict(kind).open_at_once


def test_lanes_stand_for_every_scope_and_name_the_longest_of_each_part(run, index):
    kind = next(iter(run.scopes()))
    view = heap_movie(index, index.moments, index.opening, kind=kind)
    parts, its = view.lanes, scope_lanes(index, kind)
    shown = parts.lane != COLLECTOR
    assert parts.count[shown].sum() == (its.lane < LANES).sum()
    assert parts.count[np.logical_not(shown)].sum() == len(index.cycles)
    assert len(parts) <= (LANES + 1) * CELLS
    few = lane_parts(index, kind, (0, 1))
    assert len(few) < len(parts)


def test_crowded_lane_shows_the_longest_scope_of_each_part():
    begin = np.arange(10_000) * 10
    end = begin + np.arange(10_000) % 7 + 1
    number, left, right, count = _seen(begin, end, np.arange(10_000), (0, 100_000))
    assert (len(number), count.sum(), (right - left).min()) == (CELLS, 10_000, 7)


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_says_what_it_means_and_is_used_alike_for_pages_and_slots(run, index, colour):
    kind = next(iter(run.scopes()))
    view = heap_movie(index, index.moments // 2, index.opening, colour=colour, kind=kind, scope=0)
    assert view.pages.keys == view.slots.keys
    for raster in (view.pages, view.slots):
        assert all(raster.said[number] for number in np.unique(raster.words // 2))
    again = heap_movie(index, index.moments // 2, index.opening, colour=colour, kind=kind, scope=0)
    assert (view.text(), view.pages, view.slots) == (again.text(), again.pages, again.slots)


def test_followed_span_is_the_one_that_the_step_changed_most(index):
    steps = HeapSteps(index, "cycle")
    at = steps.moment(steps.last)
    view = heap_movie(index, at, steps.since(at))
    changed = Counter(index.objects.span[np.concatenate([view.moment.born, view.moment.died])].tolist())
    there = {span: count for span, count in changed.items() if span in view.moment.spans}
    assert there[view.span] == max(there.values())
    page = int(index.objects.spans.page[view.moment.spans[0]])
    assert heap_movie(index, at, steps.since(at), page=page).span == view.moment.spans[0]


def test_a_span_of_stacks_says_that_it_is_one_and_has_no_slots(index):
    at = index.moments
    span = next(span for span in index.spans_at(at).tolist() if not index.slots[span])
    view = heap_movie(index, at, at, page=int(index.objects.spans.page[span]))
    assert (view.span, len(view.slots.words)) == (span, 0)
    assert view.slots.heading() == f"span {index.span_base[span]:#x}, stacks"


def test_words_of_a_slot_are_those_of_its_object(run, index):
    kind = next(iter(run.scopes()))
    view = heap_movie(index, index.moments, index.opening, kind=kind, colour=TYPE)
    for row in view.moment.held[:: max(len(view.moment.held) // 40, 1)].tolist():
        span, number = int(index.objects.span[row]), int(index.number[row])
        said = slot_said(view.moment, run.lifetimes, span, number)
        assert (
            f"{index.objects.types[index.objects.type[row]].name} at {index.objects.address[row]:#x}" in said
        )
        assert "not freed in this trace" in said
        page = int(index.cell_of(index.objects.spans.page[span]))
        assert "slots used" in page_said(view.moment, page) or "slot used" in page_said(view.moment, page)
    dead = int(view.moment.died[-1])
    said = slot_said(view.moment, run.lifetimes, int(index.objects.span[dead]), int(index.number[dead]))
    assert "no object was here" not in said


def test_a_freed_slot_tells_between_which_moments_its_object_died():
    run = evil_run()
    index = index_of(run)
    view = heap_movie(index, index.moments, index.opening, colour=STEP)
    assert "free; the last object here was" in slot_said(view.moment, run.lifetimes, 0, 1)
    assert "died between" in slot_said(view.moment, run.lifetimes, 0, 1)
    assert slot_said(view.moment, run.lifetimes, 0, 200) == "no object was here"
    assert (view.slots.words[:5] // 2 - len(GROUND)).tolist() == [1, 3, 3, 1, 1]


def test_a_slot_tells_the_line_that_allocated_its_object_where_the_trace_has_stacks():
    run = evil_run()
    calls = (Call("runtime.newobject", "malloc.go", 1, 1), Call("main.make<b>", "main.go", 7, 2))
    objects = replace(run.objects, stacks=[(), calls], stack=np.where(run.objects.slot > 0, 1, 0))
    index = HeapIndex(run.log, objects, run.found)
    said = slot_said(Moment(index, index.moments, index.opening), run.lifetimes, 0, 4)
    assert "allocated by main.make<b>, main.go:7" in said


def test_scopes_that_are_not_there_are_refused(index):
    with pytest.raises(NoSuchError, match="scope"):
        heap_movie(index, index.moments, index.opening, kind="task nothing")


def test_round_steps_are_the_next_larger():
    assert [round_step(least) for least in (0, 1, 1.5, 5, 6, 11, 99, 101)] == [1, 1, 2, 5, 10, 20, 100, 200]
