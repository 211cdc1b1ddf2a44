"""Questions of chapter 5, refill: the quarter-chunk rule, what is wasted, where the next value goes."""

from __future__ import annotations

from arenalab.course import draws
from arenalab.course.answers import Whole, choice
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.moments import after
from arenalab.course.question import Question
from arenalab.go.types import GoType
from arenalab.units import counted, plainly
from arenalab.world.events import ChunkRetired, ObjectAllocated, RedirectedToHeap
from arenalab.world.history import History
from arenalab.world.ops import MakeSlice, New, NewArena, Rep

QUARTER = 2_097_152  #: bytes of a quarter of a chunk.
HEAP = "the heap"
RULE = "A value of more than 2,097,152 bytes, a quarter of a chunk, goes to the heap; exactly so many stay."


def block(nbytes: int) -> GoType:
    """Return an array of so many bytes, without a pointer."""
    return draws.go_type(f"[{nbytes}]byte")


def last_home(run: History) -> str:
    """Describe in which chunk the object made last lies."""
    chunk = run.world.ledger.row(len(run.world.ledger) - 1)[5]
    return f"chunk {chunk}" if chunk >= 0 else HEAP


@family("quarter-rule", title="Chunk or heap?", chapter=5)
def quarter_rule(draw: Draw) -> Question:
    """Ask whether a large value stays in the chunk."""
    element = draws.go_type(draw.choice(("byte", "*int", "string", "struct{ left, right *int; value int }")))
    most = QUARTER // element.size
    cap = most + draw.choice((-1, 0, 0, 1, 1, 2))
    return Question(
        text="The chunk is empty. Where does the backing store of the slice go? "
        f"Its element has {plainly(element.size, 'byte')}.",
        program=(NewArena(0), MakeSlice(0, element, cap)),
        rules=draw.rules,
        in_bulk=True,
        answer=choice("chunk 0", HEAP, label="It goes to"),
        read=last_home,
        decided=after(ObjectAllocated, RedirectedToHeap),
        hints=(
            "Multiply: how many bytes are that in all?",
            "The limit is a quarter of a chunk, 2,097,152 bytes.",
        ),
        why=lambda _: f"{cap:,} × {element.size} = {counted(cap * element.size, 'byte')}. {RULE}",
        meant=lambda _, given: (
            "Only more than a quarter of a chunk is sent there."
            if given == HEAP
            else "It is larger than a quarter."
        ),
    )


@family("wasted", title="What is wasted?", chapter=5)
def wasted(draw: Draw) -> Question:
    """Ask how much of the first chunk stays unused when the second is taken."""
    many, each, last = _too_much(draw)
    return Question(
        text=(
            f"A chunk has room for {counted(draw.rules.chunk.usable_bytes, 'byte')}. The last value doesn't fit after "
            "the others. How many bytes of chunk 0 are never used?"
        ),
        program=(NewArena(0), Rep(0, block(each), many), New(0, block(last))),
        rules=draw.rules,
        answer=Whole(unit="bytes"),
        read=lambda run: _retired(run).wasted_bytes,
        decided=after(ChunkRetired),
        hints=(
            f"The first values take {many} × {counted(each, 'byte')}.",
            "What doesn't fit opens a new chunk, whatever is left of the old.",
        ),
        why=lambda run: (
            f"{run.rules.chunk.usable_bytes:,} − {many} × {each:,} = {_retired(run).wasted_bytes:,}, less than the "
            f"{last:,} that are asked for."
        ),
        meant=lambda _, given: "That is the new value's size." if given == last else "",
    )


def _too_much(draw: Draw) -> tuple[int, int, int]:
    """Draw (how many values, bytes of each, bytes of one that does not fit any more)."""
    room = draw.rules.chunk.usable_bytes
    each = 1000 * draw.choice((300, 500, 600, 700, 900, 1000, 1200, 1500, 1800, 2000))
    many = draw.randint(room // each - 1, room // each)
    left = room - many * each
    while left >= QUARTER - 1000:
        many, left = many + 1, left - each
    return many, each, 1000 * draw.randint(left // 1000 + 1, QUARTER // 1000)


def _retired(run: History) -> ChunkRetired:
    return next(it for it in reversed(run.events) if isinstance(it, ChunkRetired))


@family("next-home", title="Where does the small one go?", chapter=5)
def next_home(draw: Draw) -> Question:
    """Ask where a small value goes after a large one opened a new chunk or was sent away."""
    many, each, last = _too_much(draw)
    large = draw.choice((last, QUARTER, QUARTER + 1, QUARTER + 8, 3_000_000))
    small = draws.small(draw)
    return Question(
        text="In which chunk does the last value land? Chunks are numbered in the order in which they were taken.",
        program=(NewArena(0), Rep(0, block(each), many), New(0, block(large)), New(0, small)),
        rules=draw.rules,
        answer=choice("chunk 0", "chunk 1", "chunk 2", HEAP, label="It lands in"),
        read=last_home,
        decided=after(ObjectAllocated),
        hints=(
            (
                f"{many} × {each:,} of {counted(draw.rules.chunk.usable_bytes, 'byte')} are taken. Does the third "
                "operation's value fit?"
            ),
            "What is sent to the heap opens no new chunk. An arena never goes back to a full one.",
        ),
        why=_why_home,
        meant=lambda _, given: {
            "chunk 0": "Chunk 0 is full, or it was given up: an arena doesn't look back.",
            HEAP: "Only values of more than a quarter of a chunk are sent there.",
            "chunk 1": "A second chunk is taken only for a value that is not sent to the heap.",
        }.get(given, "So many chunks were never taken."),
    )


def _why_home(run: History) -> str:
    if len(run.world.births) == 1:
        return f"{RULE} So chunk 0 stays the active one."
    retired = next(at for at, event in enumerate(run.events, 1) if isinstance(event, ChunkRetired))
    if run.op_of(retired) == len(run.ops):
        return f"{RULE} But chunk 0 has no byte left for the small one."
    return "Chunk 0 was given up for the large value; the room left in it is never looked at again."
