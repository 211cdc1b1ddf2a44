"""Questions of chapter 14, would it help my program: what a trace can tell, bytes in slots, the day a cache crashes."""

from __future__ import annotations

import numpy as np

from arenalab.course import show
from arenalab.course.answers import Whole, choice
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.moments import after, end_of
from arenalab.course.question import Question
from arenalab.go.sizeclasses import CLASS_SIZES
from arenalab.go.types import GoType
from arenalab.intake.deaths import NEVER
from arenalab.intake.lifetimes import DEAD, ESCAPES, Cycles, Lifetimes
from arenalab.syntax import type_of
from arenalab.units import KiB, counted, plainly
from arenalab.world.end_events import ChunkUnmapped
from arenalab.world.events import ObjectAllocated
from arenalab.world.history import History
from arenalab.world.ops import Free, Hold, New, NewArena, Op, Rep, RunGC, Unhold

NODE = "struct{ next *int; value int }"
REQUESTS = 4
TOLD = {DEAD: "dead in scope", ESCAPES: "escapes"}
UNDECIDED = "undecided"
#: With pointers, and of a size that is no size class: a slot of the heap is larger.
ROUGH = (
    "struct{ name string; next *int; n, m int }", "[9]*int", "struct{ next *int; key [4]string }", "[13]*int",
    "struct{ rows []string; name string }", "[17]*int",
)  # fmt: skip


@family("what-a-trace-tells", title="What can a trace tell?", chapter=14)
def what_a_trace_tells(draw: Draw) -> Question:
    """Ask what is known of an object at its scope's end, from the cycles alone."""
    middle: list[Op] = [Unhold(0), Free(0)] if draw.random() < 0.8 else [Free(0)]
    draw.shuffle(middle)
    program: list[Op] = [NewArena(0), New(0, type_of(NODE)), Hold(0, 0)]
    for op in middle:
        program += [*_cycles_or_none(draw, 1), op]
    program += _cycles_or_none(draw, 2)
    return Question(
        text=(
            "A request makes a node, and a global points to it until it is set to nil. The request ends where the "
            "arena is freed. Think of the node on the Go heap instead, and of a trace of that program: it shows when "
            "each cycle ran, and which of them freed the node's slot, and no pointer.\n\n"
            "What can be concluded from it about the node at the request's end?"
        ),
        rules=draw.rules,
        program=tuple(program),
        answer=choice(*TOLD.values(), UNDECIDED, label="The node"),
        read=_told,
        look=show.collector,
        decided=end_of(-1),
        hints=(
            "Dead in scope needs a whole cycle between the global's nil and the request's end.",
            "Escapes needs a cycle that began after the request's end and still found the node.",
        ),
        why=lambda run: f"{_cycles(run)} The rule that is asked is the one of `arenalab trace`.",
        meant=lambda _, given: (
            "No cycle tells that, whether it is true or not." if given != UNDECIDED else "A cycle does tell."
        ),
    )


def _cycles_or_none(draw: Draw, most: int) -> list[Op]:
    return [RunGC() for _ in range(draw.randint(0, most))]


def _interval(run: History) -> tuple[int, int]:
    """Return the operations after which, and by the end of which, the node died: what cycles say of it."""
    cycles = [number for number, op in enumerate(run.ops) if isinstance(op, RunGC)]
    found = [number for number in cycles if run.after_op(number + 1).holds]
    lost = [number for number in cycles if number not in found]
    return max(found, default=1), min(lost, default=NEVER)


def _told(run: History) -> str:
    """Ask the rule of the traces; an operation is a moment."""
    alive, dead = (np.array([moment]) for moment in _interval(run))
    end, none = np.array([run.ops.index(Free(0))]), np.zeros(0, np.int64)
    rule = Lifetimes(alive, dead, Cycles(none, none, none))
    return TOLD.get(int(rule.verdicts(np.zeros(1, np.intp), end, end)[0]), UNDECIDED)


def _cycles(run: History) -> str:
    alive, dead = _interval(run)
    found = (
        f"operation {alive + 1} is the last cycle to find it" if alive > 1 else "no cycle found it reachable"
    )
    freed = "none freed it" if dead == NEVER else f"operation {dead + 1} frees it"
    return f"The request ends in operation {run.ops.index(Free(0)) + 1}; {found}, {freed}."


@family("arena-packs", title="How many bytes in an arena?", chapter=14)
def arena_packs(draw: Draw) -> Question:
    """Ask how many bytes of a chunk a request takes whose objects a trace shows by their slots."""
    drawn = draw.sample(ROUGH, 2)
    made = [(type_of(expr), draw.randint(2, 30)) for expr in drawn]
    shown = " and ".join(
        f"{many} × `{go_type.expr}` in slots of {plainly(_slot(go_type), 'byte')}" for go_type, many in made
    )
    return Question(
        text=(
            f"The trace shows a request's objects: {shown}. All hold pointers.\n\n"
            "How many bytes of an arena's chunk would they take?"
        ),
        rules=draw.rules,
        program=(NewArena(0), *(Rep(0, go_type, many) for go_type, many in made)),
        answer=Whole("Bytes"),
        read=_taken,
        decided=after(ObjectAllocated),
        hints=(
            "The heap rounds each object up to a size class. An arena only aligns it.",
            "Add up the types' own sizes: a pointer 8 bytes, a string 16, a slice 24.",
        ),
        why=lambda run: f"The heap's slots have {counted(_slots(run), 'byte')}.",
        meant=lambda run, given: "Those are the heap's slots." if given == _slots(run) else "",
        in_bulk=True,
    )


def _slot(go_type: GoType) -> int:
    return next(size for size in CLASS_SIZES if size >= go_type.size)


def _slots(run: History) -> int:
    return sum(op.n * _slot(op.type) for op in run.ops if isinstance(op, Rep))


def _taken(run: History) -> int:
    ledger = run.world.ledger
    begins, sizes = ledger.column("addr"), ledger.column("size")
    return int((begins + sizes).max() - begins.min())


@family("crash-of-a-cache", title="When does the cache crash?", chapter=14)
def crash_of_a_cache(draw: Draw) -> Question:
    """Ask which request's end makes an escaped pointer deadly."""
    kib, wanted = 10 * draw.randint(10, 50), draw.randint(1, REQUESTS - 1)
    chunk = draw.rules.chunk.usable_bytes
    fit = (chunk - type_of(NODE).size) // (kib * KiB)
    many = draw.randint(fit // (wanted + 1) + 1, fit // wanted)  # about so long the chunk lasts
    page = type_of(f"[{kib * KiB}]byte")
    program: list[Op] = [NewArena(0), New(0, type_of(NODE)), Rep(0, page, many), Free(0)]
    for number in range(1, REQUESTS):
        program += [NewArena(number), Rep(number, page, many), Free(number)]
    return Question(
        text=(
            f"Requests come one after the other, each with an arena. Each makes {plainly(many, 'page')} of {kib} KiB; "
            "request 0 makes a node before, and a cache keeps a pointer to that node, though the arena is freed. "
            f"A chunk has {counted(chunk, 'byte')}, and no cycle runs.\n\n"
            "From the end of which request on does a read of the node crash the program?"
        ),
        rules=draw.rules,
        program=tuple(program),
        answer=Whole("Request"),
        read=lambda run: _unmapping(run)[1],
        look=show.life_cycle,
        decided=lambda run: _unmapping(run)[0],
        hints=(
            "`Free` leaves a chunk readable that is not full: the next request goes on in it.",
            "It is set to fault at the end of the request in which a page did not fit any more.",
        ),
        why=lambda run: (
            f"{plainly(fit, 'page fits', 'pages fit')} beside the node. The next one, which request "
            f"{_unmapping(run)[1]} makes, takes a new chunk, and at that request's end the full one is set to fault."
        ),
        meant=lambda _, given: "That chunk is still readable: nothing crashes yet." if given == 0 else "",
        in_bulk=True,
    )


def _unmapping(run: History) -> tuple[int, int]:
    """Return the moment after the first chunk was set to fault, and whose Free it was."""
    at = next(at for at, event in enumerate(run.events, 1) if isinstance(event, ChunkUnmapped))
    op = next(op for number, op in enumerate(run.ops) if run.op_end(number + 1) >= at)
    return at, op.user_arena if isinstance(op, Free) else -1
