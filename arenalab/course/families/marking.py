"""Questions of chapter 8, marking: how much is marked, where reading ends, who keeps whom."""

from __future__ import annotations

from arenalab.course import show
from arenalab.course.answers import Whole, several
from arenalab.course.draws import Draw, go_type, pointer_free
from arenalab.course.family import family
from arenalab.course.moments import after
from arenalab.course.programs import chunk_names, node, quarter
from arenalab.course.question import Question
from arenalab.units import counted
from arenalab.world.gc_events import ChunksMarked, ObletScanned
from arenalab.world.history import History
from arenalab.world.ops import Free, Link, New, NewArena, Op, Rep, RunGC

FRONT_TYPES = ("*int", "struct{ left, right *int; value int }", "struct{ p *int; b [1000]byte }", "[70]*int")


def _marked(run: History) -> ChunksMarked:
    return next(event for event in reversed(run.events) if isinstance(event, ChunksMarked))


@family("bytes-marked", title="How much is marked?", chapter=8)
def bytes_marked(draw: Draw) -> Question:
    """Ask how many chunks a collection marks: whole ones, however little is in them."""
    program: list[Op] = []
    for number in range(draw.randint(1, 4)):
        program += [NewArena(number), Rep(number, node(), draw.randint(1, 500))]
        if draw.random() < 0.3:
            program.append(Free(number))
    return Question(
        text="How many chunks does the collection mark? No chunk is filled up here.",
        program=(*program, RunGC()),
        rules=draw.rules,
        answer=Whole("Marked", "chunks"),
        read=lambda run: len(_marked(run).marked),
        look=show.collector,
        decided=after(ChunksMarked),
        hints=(
            "To the collector a chunk is one object, however little is in it.",
            "Who holds the chunk of a freed arena, if it was not full? And who takes it next?",
        ),
        why=lambda run: (
            f"{counted(_marked(run).nbytes, 'byte')}: chunks of live arenas, and of the reuse list."
        ),
        meant=lambda run, given: (
            "That leaves out the reuse list, which holds its chunks alive."
            if run.world.reuse and given == len(_marked(run).marked) - len(run.world.reuse)
            else ""
        ),
        in_bulk=True,
    )


@family("scan-stops", title="Where does reading end?", chapter=8)
def scan_stops(draw: Draw) -> Question:
    """Ask at which bitmap word the scan of a chunk's first oblet stops."""
    values = [New(0, go_type(draw.choice(FRONT_TYPES))) for _ in range(draw.randint(2, 5))]
    values.insert(draw.randrange(len(values)), New(0, pointer_free(draw)))
    sizes = "`[70]*int` has 560 bytes, `struct{ p *int; b [1000]byte }` 1008, the others what you see."
    return Question(
        text=(
            "A bitmap word describes 512 bytes of a chunk. The collector reads the words one by one from the "
            f"chunk's front. {sizes}\n\nWhich word, counted from 0, is the last one it reads there?"
        ),
        program=(NewArena(0), *values, RunGC(detail=True)),
        rules=draw.rules,
        answer=Whole("Word"),
        read=lambda run: next(e.read_to - 1 for e in run.events if isinstance(e, ObletScanned)),
        look=show.bitmap,
        decided=after(ObletScanned, nth=0),
        hints=(
            "Values without pointers lie at the other end.",
            (
                "In Go 1.21 it stops at the word that describes the end of the last value with pointers, its tail "
                "included; since Go 1.22 at the word of the last pointer."
            ),
        ),
        why=lambda run: f"What has to be read ends at byte {_end_of_reading(run):,} from the front.",
        meant=lambda run, given: (
            "It reads on: something further from the front has to be read."
            if given <= (_end_of_reading(run) - 1) // 512
            else "Nothing so far from the front has to be read."
        ),
    )


def _end_of_reading(run: History) -> int:
    """Return how many bytes from the front have to be read: PtrBytes, else what values with pointers take."""
    span = run.world.spans[0]
    return run.world.scan_limits.ptr_bytes(0) or span.free_base - span.base


@family("who-is-marked", title="Which chunks are marked?", chapter=8)
def who_is_marked(draw: Draw) -> Question:
    """Ask which chunks a collection marks when arenas point into each other and some were freed."""
    arenas = range(3)
    program: list[Op] = [op for number in arenas for op in (NewArena(number), New(number, node()))]
    program += [Link(*draw.sample(arenas, 2)) for _ in range(draw.randint(1, 2))]
    freed = draw.sample(arenas, draw.randint(1, 2))
    for number in freed:
        program += [Rep(number, quarter(draw.rules), 4), Free(number)]
    return Question(
        text=(
            "Each arena's first chunk has its number. An arena that is freed has filled its first chunk before; "
            "the fourth of its large values needs another chunk, or one from the reuse list.\n\n"
            "Which of the chunks 0, 1 and 2 does the collection mark?"
        ),
        program=(*program, RunGC()),
        rules=draw.rules,
        answer=several(*chunk_names(3), label="Marked"),
        read=lambda run: frozenset(f"chunk {n}" for n in _marked(run).marked if n in arenas),
        look=show.collector,
        decided=after(ChunksMarked),
        hints=(
            "Live arenas keep their chunks. A freed chunk lives on if a chunk that is read points into it.",
            "A quarantined chunk may be marked, but it is never read: its own pointers keep nobody.",
        ),
        why=lambda _: (
            f"Freed: {', '.join(f'a{n}' for n in sorted(freed))}; their full chunks are quarantined."
        ),
        meant=lambda run, given: (
            "One is missing: an arena keeps its chunks, and a pointer from a chunk that is read keeps its target."
            if {f"chunk {n}" for n in _marked(run).marked if n in arenas} - given
            else "One is too many: nothing that the collector reads points into it."
        ),
    )
