"""What an exercise says to a right and to each wrong answer, against a second reasoning: no two words are swapped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.course import families, judge, question
from arenalab.course.families.first_steps import BACK, FRONT, HEAP, NOWHERE
from arenalab.units import MiB
from arenalab.world.ops import Drop, Free, Hold, MarkBegin, MarkEnd, New, NewArena, Rep, RunGC, Unhold
from tests.course.test_families import other_values
from tests.course.test_what_changed import chunks, words
from tests.examples import examples

seeds = st.integers(0, 10**6)


def number(text):
    return int(text.rsplit(maxsplit=1)[-1].removeprefix("a"))


def last_type(asked):
    return asked.program[-1].type


def full(asked, chunk):
    """Return whether a `filled` program has filled a chunk."""
    return chunk < sum(isinstance(op, Rep) for op in asked.program) - 1


def named_chunk(asked):
    return int(asked.text.rpartition("chunk ")[2].split(" ")[0])


def marking_at_the_end(asked):
    return asked.program.count(MarkBegin()) > asked.program.count(MarkEnd())


def slot(size):
    """Return the bytes of a slot, as the size classes from 32 to 256 bytes have them, which lie 16 apart."""
    return -(-size // 16) * 16


def free_while_marking(asked):
    before = asked.program[: asked.program.index(Free(0))]
    return before.count(MarkBegin()) > before.count(MarkEnd())


def cycles_before_free(asked):
    return asked.program[: asked.program.index(Free(0))].count(RunGC())


def cycles_while_held(asked):
    return asked.program[: asked.program.index(Unhold(0))].count(RunGC())


def all_bytes(asked):
    return sum(op.n * op.type.size for op in asked.program if isinstance(op, Rep))


def why_end(asked):
    made = last_type(asked)
    return "has size 0" if not made.size else "may hold pointers" if made.ptr_bytes else "holds no pointer"


def why_home(asked):
    first, large, small = asked.program[1:]
    left = asked.rules.chunk.usable_bytes - first.n * first.type.size
    if large.type.size <= 2 * MiB:
        return "given up for the large value"
    return "stays the active one" if small.type.size <= left else "no byte left for the small one"


def why_marks(asked):
    last = (sum(op.type.size for op in asked.program[1:]) - 1) // 512
    return (
        ("no word before it", "so word 0 before it")[last]
        if last < 2
        else f"so the words 0 to {last - 1} before it"
    )


def why_after_free(asked):
    if free_while_marking(asked):
        return f"while collection {cycles_before_free(asked) + 1} was marking"
    return f"between collections, after {cycles_before_free(asked)} of them"


def why_after_drop(asked):
    dropped = Drop(0) in asked.program
    said = "The arena was dropped" if dropped else "The arena was freed"
    return f"{said}, and a global" if Hold(0, 0) in asked.program else f"{said}."


#: Family -> what its reason must say, where that depends on the question.
WHY = {
    "which-end": why_end,
    "chunks-taken": lambda asked: f"{sum(isinstance(op, NewArena) for op in asked.program)} arenas were made",
    "list-after-free": lambda asked: "2 chunks taken" if asked.value == "quarantine" else "1 chunk taken",
    "next-home": why_home,
    "marks-cleared": why_marks,
    "list-while-marking": lambda asked: (
        f"{'Full' if full(asked, named_chunk(asked)) else 'Not full'}; at the end the collector is "
        f"{'marking' if marking_at_the_end(asked) else 'at rest'}"
    ),
    "collections-after-free": why_after_free,
    "collections-after-drop": why_after_drop,
    "list-of-the-dropped": lambda asked: f"since the drop: {asked.program.count(RunGC())};",
}


def meant_old(asked, given):
    if Free(0) not in asked.program:
        return "Nobody has freed"
    was_full = any(isinstance(op, Rep) and op.type.size > MiB for op in asked.program)
    return {
        "its own value": "was freed",
        "the old value, though it was freed": "Nobody kept the memory",
        "somebody else's value": "put a value right there",
        "zeros that belong to no value": "leave this part free",
        "nothing: the program crashes": "made it ready" if was_full else "Only a chunk that was full",
    }[given]


def meant_prefix(asked, given):
    return "the whole value" if given == last_type(asked).size else ""


def meant_back(asked, given):
    sizes = [op.type.size * getattr(op, "cap", 1) for op in asked.program[1:] if op.type.noscan]
    if given == asked.rules.chunk.usable_bytes - sum(sizes):
        return "without rounding down"
    return "its end, not its start" if given == asked.value + last_type(asked).size else ""


def meant_front(asked, given):
    sizes = [op.type.size * getattr(op, "cap", 1) for op in asked.program[1:-1]]
    return "without pointers, too" if given == sum(sizes) else ""


def meant_word(asked, given):
    used = sum(op.type.size for op in asked.program[1:] if op.type.ptr_bytes) % 512 // 8
    turned = sum(2 ** (used - 1 - bit) for bit in range(used) if asked.value // 2**bit % 2)
    return "the wrong direction" if given == turned else ""


def meant_owner(asked, given):
    freed = sum(isinstance(op, Free) for op in asked.program)
    told = asked.why(asked.run).partition(": ")[2].rstrip(".").split(", ")
    assert len(told) == freed
    return "put on the reuse list earlier" if str(number(given)) in told else "not on the reuse list"


def meant_place(asked, given):
    bitmap = 8 * MiB - 128 * 1024
    word = (asked.value - bitmap) // 8
    if given == word:
        return "the number of the word"
    return "as if a word had one byte" if given == bitmap + word != bitmap else ""


def by_name(**words):
    return lambda _, given: words.get(given.replace(" ", "_"), words["else_"])


#: Family -> what must be said to a wrong value, "" for nothing.
MEANT = {
    "which-end": lambda _, given: {
        FRONT: "values with pointers", BACK: "values without pointers",
        HEAP: "larger than a quarter", NOWHERE: "size 0",
    }[given],
    "chunks-taken": lambda asked, given: (
        "a chunk for each arena" if given == sum(isinstance(op, NewArena) for op in asked.program) else ""
    ),
    "list-after-free": by_name(
        ready="after a cycle", fault="while the collector is marking", reuse="this one was full",
        quarantine="still being filled", else_="no chunks any more",
    ),
    "front-offset": meant_front,
    "back-offset": meant_back,
    "type-size": lambda asked, given: (
        "without the padding" if given == sum(it.type.size for it in last_type(asked).fields) else ""
    ),
    "pointer-prefix": meant_prefix,
    "bitmap-word": meant_word,
    "scan-words": lambda asked, given: "in which it finds the mark" if given == asked.value - 1 else "",
    "wasted": lambda asked, given: "the new value's size" if given == last_type(asked).size else "",
    "next-home": by_name(
        chunk_0="doesn't look back", chunk_1="only for a value",
        the_heap="more than a quarter", else_="never taken",
    ),
    "fault-first": lambda asked, given: (
        "still being filled" if number(given) == (asked.program[1].n - 1) // 4 else ""
    ),
    "next-owner": meant_owner,
    "old-pointer": meant_old,
    "leaked-chunks": lambda asked, given: (
        "was being filled" if max(asked.answer.options) in given else ""
    ),
    "heap-live-of-a-leak": lambda asked, given: "leaves out the quarantined" if given == 1 < asked.value else "",
    "bytes-marked": lambda asked, given: (
        "leaves out the reuse list"
        if asked.run.world.reuse and given == asked.value - len(asked.run.world.reuse) else ""
    ),
    "list-while-marking": by_name(
        fault="freed while marking", quarantine="as soon as they are set to fault", reuse="was being filled",
        ready="has swept it", else_="no chunks any more",
    ),
    "collections-after-free": lambda asked, given: (
        "before it was freed" if free_while_marking(asked) and given == cycles_before_free(asked) + 1 else ""
    ),
    "list-of-the-dropped": by_name(fault="nothing has to wait", ready="without a pointer", else_=""),
    "chunks-to-pay": lambda asked, given: (
        "a chunk for each request" if given == sum(isinstance(op, Free) for op in asked.program) else ""
    ),
    "open-together": lambda asked, given: (
        "if arenas shared" if given == 8 * -(-all_bytes(asked) // (8 * MiB)) < asked.value else ""
    ),
    "left-behind": lambda _, given: "only full chunks" if given == 0 else "",
    "collections-after-drop": lambda asked, given: (
        "queues its finalizer" if given == 1 and Free(0) not in asked.program else ""
    ),
    "first-finalizer": lambda asked, given: (
        "taken that finalizer off" if Free(number(given)) in asked.program
        else "queued earlier" if Drop(number(given)) in asked.program else "still reachable"
    ),
    "touch-after-free": lambda asked, given: (
        "Nobody has freed" if Free(0) not in asked.program
        else "was freed" if given.endswith("is alive") else "fault list" if given.endswith("old value")
        else "another arena" if given.endswith("another value") else "not while the collector marks"
    ),
    "pointer-words": lambda asked, given: "too many" if given - asked.value else "is missing",
    "mask-or-program": lambda asked, given: (
        "needs no description" if asked.value.startswith("a mask") else "too far" if given.startswith("a mask")
        else "gone since" if "program" in given else "came with"
    ),
    "which-versions": lambda asked, given: "it is not so" if given - asked.value else "in another version",
    "chunks-by-version": lambda asked, given: "So it is in Go 1.21." if given == chunks(asked, "1.21") else "",
    "words-by-version": lambda asked, given: "So it is in Go 1.21." if given == words(asked, "1.21") else "",
    "where-scans-end": lambda asked, given: (
        "its last pointer ends before"
        if given == sum(op.type.size for op in asked.program[1:] if op.type.ptr_bytes) else ""
    ),
    "bitmap-place": meant_place,
    "words-written": lambda asked, given: "lose its mark" if given < asked.value else "Only a word",
    "marks-cleared": lambda asked, given: "too many" if given - asked.value else "too few",
    "scan-stops": lambda asked, given: "It reads on" if given < asked.value else "Nothing so far",
    "who-is-marked": lambda asked, given: "is missing" if asked.value - given else "too many",
    "heap-live-by-hand": lambda asked, given: (
        "were set to fault" if given == chunks_taken(asked) > asked.value else ""
    ),
    "first-cycle": lambda asked, given: "still below" if given < asked.value else "An earlier one",
    "next-cycle": lambda asked, given: "still below" if given < asked.value else "An earlier one",
    "ready-again": lambda asked, given: (
        "into another chunk" if isinstance(asked.program[2], Hold) is (named_chunk(asked) != 0)
        else "was left during" if 0 < given <= cycles_while_held(asked) else ""
    ),
    "quarter-rule": lambda _, given: "Only more" if given == HEAP else "larger than a quarter",
    "lost-to-alignment": lambda _, given: "can't start" if given == 0 else "",
    "what-a-trace-tells": lambda _, given: "A cycle does" if given == "undecided" else "No cycle tells",
    "arena-packs": lambda asked, given: (
        "the heap's slots"
        if given == sum(op.n * slot(op.type.size) for op in asked.program if isinstance(op, Rep)) else ""
    ),
    "crash-of-a-cache": lambda _, given: "still readable" if given == 0 else "",
}  # fmt: skip


def chunks_taken(asked):
    return sum(type(event).__name__ == "ChunkAccounted" for event in asked.run.events)


def wrong_values(asked):
    """Return wrong values, those near the right one and those that somebody may well think of."""
    sizes = [
        op.type.size * getattr(op, "cap", 1)
        for op in asked.program
        if isinstance(op, New) or hasattr(op, "cap")
    ]
    if isinstance(asked.value, int):
        likely = {
            8,
            *sizes,
            sum(sizes),
            sum(sizes[:-1]),
            8 * MiB - sum(sizes),
            asked.rules.chunk.usable_bytes - sum(sizes),
            asked.value + sizes[-1] if sizes else 1,
        }
        return [
            it for it in {*other_values(asked.answer, asked.value), *likely} if it not in (asked.value, -1)
        ]
    return other_values(asked.answer, asked.value)


@pytest.mark.parametrize("name", WHY)
@examples(25)
@given(seed=seeds)
def test_reason_is_that_of_this_question(name, seed):
    asked = question(name, seed)
    assert WHY[name](asked) in judge(asked, asked.answer.show(asked.value)).why


@pytest.mark.parametrize("name", MEANT)
@examples(25)
@given(seed=seeds)
def test_each_wrong_answer_is_told_what_it_would_mean(name, seed):
    asked = question(name, seed)
    for value in wrong_values(asked):
        said, expected = judge(asked, asked.answer.show(value)).meant, MEANT[name](asked, value)
        assert expected in said
        assert bool(expected) is bool(said)


#: Chapters whose families are looked at in a file of their own: test_goroutines, test_litmus, test_still_pay.
OF_THEIR_OWN = (17, 18, 19)


def test_every_family_that_explains_wrong_answers_is_looked_at():
    explaining = {it.name for it in families() if question(it.name).meant is not None}
    elsewhere = {it.name for chapter in OF_THEIR_OWN for it in families(chapter)} - set(MEANT)
    assert explaining - elsewhere == set(MEANT)
