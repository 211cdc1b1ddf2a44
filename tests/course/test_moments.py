"""Where an exercise is decided: right after the event with which its answer becomes so, for good."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.course import Build, families, question
from arenalab.world.history import History
from tests.course.asking import builds
from tests.course.test_families import each_family
from tests.examples import examples

seeds = st.integers(0, 10**6)


def until(run, at):
    """Return a history of the first `at` events of a run."""
    made = History(run.rules)
    starts = [*run.op_starts, len(run)]
    for op, start, following in zip(run.ops, starts, starts[1:], strict=False):
        if start < at:
            made.begin(op)
            for event in run.events[start : min(following, at)]:
                made.record(event)
    return made


def readable(asked, at):
    """Return the answer that can be read off after `at` events, None while there is none."""
    try:
        return asked.read(until(asked.run, at))
    except (LookupError, StopIteration, AttributeError):
        return None


def last(*kinds):
    """Expect the last event of some kinds."""
    return lambda run, _: max(at for at, event in enumerate(run.events, 1) if type(event).__name__ in kinds)


def last_about(chunk):
    """Expect the last event about a chunk, whose number the question may name."""
    return lambda run, asked: max(
        at
        for at, event in enumerate(run.events, 1)
        if (chunk(asked) if callable(chunk) else chunk) in event.chunks
    )


def named(asked):
    return int(asked.text.rpartition("chunk ")[2].split(" ")[0])


def end(run, _):
    return len(run)


def of_none(chunk):
    """Expect the last event about a chunk if no collection does it; else the answer tells when."""
    return lambda run, asked: last_about(chunk)(run, asked) if asked.value == 0 else None


def end_of_an_operation(run, asked):
    """Expect the end of some operation; of which one, tests/course/test_litmus.py says."""
    return asked.moment if asked.moment in map(run.op_end, range(len(run.ops) + 1)) else -1


#: Where the answer may be so by chance before, or from the start: what decides it all the same.
LATER = {
    "which-end": last("ObjectAllocated", "PlacedAtZerobase"),
    "chunks-taken": last("ChunkActivated"),
    "lost-to-alignment": end,
    "mask-or-program": lambda run, asked: (
        last("ObjectAllocated")(run, asked) if asked.value.startswith("a mask") else None
    ),
    "bitmap-place": last("ObjectAllocated"),
    "which-versions": last("ChunkActivated", "ObjectAllocated", "MaskBuilt", "GCProgExpanded"),
    "chunks-by-version": last("ChunkActivated"),
    "marks-cleared": last("BitmapWordWritten"),
    "scan-words": last("BitmapWordWritten"),
    "quarter-rule": last("ObjectAllocated", "RedirectedToHeap"),
    "next-home": last("ObjectAllocated"),
    "next-owner": last("ChunkActivated"),
    "old-pointer": end,
    "heap-live-of-a-leak": last("MarkTerminated"),
    "ready-again": of_none(lambda asked: int(asked.text.partition("chunk ")[2][0])),
    "bytes-marked": last("ChunksMarked"),
    "list-after-free": last_about(0),
    "list-while-marking": last_about(named),
    "touch-after-free": last_about(0),
    "collections-after-free": of_none(0),
    "list-of-the-dropped": last_about(lambda asked: int(asked.text.partition("is chunk ")[2][0])),
    "collections-after-drop": of_none(0),
    "heap-live-by-hand": last("ChunkAccounted", "ChunkUncounted"),
    "chunks-to-pay": last("ChunkMapped"),
    "open-together": lambda run, asked: (
        end(run, asked) if "Free()" in asked.lines()[-1] else last("ChunkActivated")(run, asked)
    ),
    "left-behind": end,
    "what-a-trace-tells": end,
    "whose-chunk": last("ChunkActivated"),
    "overtaken": last("ChunkMapped"),
    "half-freed": last("FaultDeferred"),
    "requests-that-collect": end,
    "gogc-for-memory": last("GoalSet"),
} | {it.name: end_of_an_operation for it in families(18)}  # fmt: skip


@each_family
@examples(6)
@given(seed=seeds)
def test_exercise_is_decided_where_its_answer_becomes_so(name, seed):
    asked = question(name, seed)
    later = end if isinstance(asked, Build) else LATER.get(name)  # a program is judged by all of its run
    expected = later(asked.run, asked) if later else None
    if expected is not None:
        assert asked.moment == expected
    elif name == "leaked-chunks":  # the sweep asks for nothing but the marks
        run = until(asked.run, asked.moment)
        assert asked.value == {
            f"chunk {number}" for number in run.world.quarantine if run.world.spans[number].mark_bit
        }
        assert not any(span.mark_bit for span in until(asked.run, asked.moment - 1).world.spans)
    else:
        assert readable(asked, asked.moment - 1) != asked.value


#: Leaked chunks: see above. A value of 2 MiB is 100,000 events, and the last of them is its own.
NOT_READ = ("leaked-chunks", "quarter-rule")
#: What is answered by a program has no answer that could be read off.
READ = [it.name for it in families() if it.name not in {*NOT_READ, *builds()}]


@pytest.mark.parametrize("name", READ)
@examples(5)
@given(seed=seeds)
def test_answer_can_be_read_off_at_the_deciding_moment(name, seed):
    asked = question(name, seed)
    assert readable(asked, asked.moment) == asked.value
