"""Everything under a function: against calls that truly were, made at random, and against a real program's."""

import gzip
from collections import defaultdict
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.advice.trace_run import TraceRun
from arenalab.errors import NoSuchError
from arenalab.intake.functions import functions_of
from arenalab.intake.stacks import site
from arenalab.intake.under import CUT
from tests.intake.showing import START, Made

FOLDER = Path(__file__).parents[1] / "data/execution-traces"
NAMES = "abcd"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("under") / "some.trace"


@pytest.fixture(scope="module")
def real(scratch):
    path = scratch.parent / "stacks.trace"
    path.write_bytes(gzip.decompress((FOLDER / "stacks-go1.27.3.trace.gz").read_bytes()))
    return TraceRun.read(path)


def members(run, kind):
    """Return the numbers of the objects of each scope, in the order of their births."""
    found = run.verdict(kind)
    groups = defaultdict(list)
    for of, word in zip(
        found.of.tolist(), (run.objects.address[found.objects] - START).tolist(), strict=True
    ):
        groups[of].append(word // 48)
    return sorted(groups.values())


@st.composite
def programs(draw):
    """Draw a goroutine's life as calls that nest; each act is (what, frames, numbers of the calls it is in)."""
    acts, count = [], iter(range(1, 1000))

    def call(frames, numbers, fuel):
        for act in draw(st.lists(st.integers(0, 30), max_size=4)):
            if act < 13:
                acts.append(
                    ("allocate" if act < 10 else "block", (*frames[:-1], (frames[-1][0], 1)), numbers)
                )
            elif fuel:  # the caller goes on behind this call: each place in it is an instruction
                caller = (frames[-1][0], 100 + act % 3)
                call((*frames[:-1], caller, (NAMES[act % 4], 0)), (*numbers, next(count)), fuel - 1)

    call((("root", 0),), (0,), 4)
    return acts


def plainly(acts, function):
    """Return the objects of each call, told apart as far as stacks can, and those of each true call."""
    told, true, seen = [], defaultdict(list), 0
    for what, frames, numbers in acts:
        place = next((i for i, each in enumerate(frames) if each[0] == function), None)
        told.append((None if place is None else frames[:place], seen if what == "allocate" else None))
        if what == "allocate" and place is not None:
            true[numbers[place]].append(seen)
        seen += what == "allocate"
    groups = (
        [each for _, each in group if each is not None]
        for below, group in groupby(told, lambda row: row[0])
        if below is not None
    )
    return [each for each in groups if each], list(true.values())


def written(acts):
    """Return the trace of a goroutine that lives so, from its creation to its end."""
    made = Made()
    made.create(5)
    made.add("GoStart", 5, 1)
    for turn, (what, frames, _) in enumerate(acts):
        if what == "allocate":
            made.allocate(frames)
        else:
            made.add("GoBlock", 0, made.stack(frames))
            made.add("GoStart", 5, turn + 2)
    made.add("GoDestroy")
    return made


@given(acts=programs())
def test_calls_are_told_apart_as_far_as_stacks_can(acts, scratch):
    run = written(acts).run(scratch)
    for function in NAMES:
        told, true = plainly(acts, function)
        if not told:
            continue
        assert members(run, f"under {function}") == sorted(told)
        for objects in true:  # no true call is torn, no stranger is let in
            assert any(set(objects) <= set(each) for each in told)
        assert sum(map(len, true)) == sum(map(len, told))


@given(acts=programs())
def test_a_function_that_is_proposed_has_the_verdict_that_its_scope_gets(acts, scratch):
    run = written(acts).run(scratch)
    if not any(what == "allocate" for what, *_ in acts):
        return
    proposed = functions_of(run.log, run.objects)
    assert {each.name for each in proposed} == {
        name for what, calls, _ in acts if what == "allocate" for name, _ in calls
    }
    for each in proposed:
        found = run.verdict(each.kind)
        assert (each.calls, each.objects, each.undecided) == (found.scopes, len(found.objects), each.objects)


def test_two_calls_with_a_stack_of_their_goroutine_in_between_are_two(scratch):
    made = Made()
    made.create(5)
    made.add("GoStart", 5, 1)
    inside, outside = [("main", 9), ("F", 1)], [("main", 12)]
    for between in (None, outside, None):
        made.allocate(inside)
        if between:
            made.add("GoUnblock", 1, 1, made.stack(between))
    made.add("GoDestroy")
    assert members(made.run(scratch), "under F") == [[0, 1], [2]]


def test_another_goroutine_says_nothing_of_a_call(scratch):
    made = Made()
    made.create(5)
    made.create(6)
    for turn, (g, calls) in enumerate(
        [(5, [("main", 9), ("F", 1)]), (6, [("main", 2)]), (5, [("main", 9), ("F", 1)]), (5, [("main", 3)])]
    ):
        made.add("GoStart", g, turn)
        made.allocate(calls)
        made.add("GoStop", 1, 0)
    assert members(made.run(scratch), "under F") == [[0, 2]]


def test_call_without_begin_or_end_in_the_trace_is_left_out_and_counted(scratch):
    made = Made()
    made.create(5)
    for g, functions in ((9, "FmF"), (5, "FmF")):  # goroutine 9 was there before
        made.add("GoStart", g, 1)
        for name in functions:
            made.allocate([("main", 9), (name, 1)])
        made.add("GoStop", 1, 0)
    run = made.run(scratch)
    found = run.verdict("under F")
    assert (found.scopes, found.left_out) == (1, 3)
    assert members(run, "under F") == [[3]]


def test_stack_whose_outermost_calls_may_be_missing_neither_begins_nor_ends_a_call(scratch):
    made = Made()
    made.create(5)
    made.add("GoStart", 5, 1)
    deep = [("deep", 1)] * CUT
    for calls in (deep, [("m", 9), ("F", 1)], deep, [("m", 9), ("F", 1)], [("F", 7), *deep], [("m", 3)]):
        made.allocate(calls)
    assert members(made.run(scratch), "under F") == [[1, 2, 3]]


def test_trace_without_stacks_says_how_to_get_them(scratch):
    made = Made()
    made.add("GoStart", 5, 1)
    made.allocate([])
    run = made.run(scratch)
    with pytest.raises(NoSuchError, match="a trace with allocation stacks"):
        run.verdict("under main.f")
    assert functions_of(run.log, run.objects) == []
    assert run.objects.stack.tolist() == [0]


def test_function_that_is_on_no_stack_is_refused_and_those_like_it_are_named(real):
    with pytest.raises(NoSuchError, match=r"'under main.Build'; expected under one of: .*main.build"):
        real.verdict("under main.Build")


def test_allocation_without_stack_on_the_scheduler_s_stack_has_none(real):
    """The runtime writes a stack of one frame at 0 there."""
    assert all(call.pc for stack in real.objects.stacks for call in stack)
    assert real.objects.stacks[0] == ()


def test_real_calls_are_those_that_the_program_makes(real):
    """Each of 40 requests builds one tree, of 31 nodes, 16 strings, in one call."""
    found = real.verdict("under main.build")
    nodes = found.of[np.array(found.types) == "main.node"]
    assert (found.scopes, found.left_out) == (40, 0)
    assert np.bincount(nodes).tolist() == [31] * 40
    assert real.verdict("under strings.Repeat").scopes == 40 * 16  # tree, which calls it, goes on elsewhere
    assert {
        kind for kind in real.scopes() if kind.startswith("under")
    } == set()  # listed only by functions_of


def test_stack_of_a_real_object_names_the_line_that_allocated_it(real):
    objects = real.objects
    names = np.array([each.name for each in objects.types])[objects.type]
    lines = {site(objects.stacks[each]) for each in objects.stack[names == "main.node"]}
    assert {(each.function, each.file.rpartition("/")[2]) for each in lines} == {("main.tree", "main.go")}
    assert len({each.line for each in lines}) == 2  # a leaf and an inner node


def test_proposed_functions_have_what_their_scopes_have(real):
    proposed = real.functions()
    assert [each.closed for each in proposed] == sorted((each.closed for each in proposed), reverse=True)
    assert {"main.build", "main.tree", "main.render", "runtime/trace.NewTask"} <= {
        each.name for each in proposed
    }
    for each in proposed:
        found = real.verdict(each.kind)
        has = [any(call.function == each.name for call in stack) for stack in real.objects.stacks]
        known = np.array(has)[
            real.objects.stack[found.objects]
        ]  # not of the scheduler, nor of a goroutine it began
        fates = [int((found.fate[known] == fate).sum()) for fate in (-1, 1, 0)]
        assert [each.calls, each.dead, each.escapes, each.undecided] == [found.scopes, *fates]
        assert each.bytes == found.size[known].sum()
        assert f"{each.calls:,} × " in each.line()
