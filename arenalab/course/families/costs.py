"""Questions of chapter 12, should I use arenas: chunks to map, memory that stays."""

from __future__ import annotations

from arenalab.course import show
from arenalab.course.answers import Whole
from arenalab.course.draws import Draw, go_type
from arenalab.course.family import family
from arenalab.course.moments import after, end_of
from arenalab.course.question import Question
from arenalab.course.tell import mapped_mib
from arenalab.units import MiB, counted, plainly
from arenalab.world.chunk_events import ChunkMapped
from arenalab.world.events import ChunkActivated
from arenalab.world.history import History
from arenalab.world.ops import Free, NewArena, Op, Rep

SIZED = {"[4]string": 64, "struct{ left, right *int; data [4]int }": 48, "[1024]byte": 1024, "[16]*int": 128}


def _values(draw: Draw, part: float) -> tuple[str, int]:
    """Draw a type, and how many of it make that part of a chunk."""
    expr = draw.choice(sorted(SIZED))
    return expr, int(part * draw.rules.chunk.usable_bytes / SIZED[expr]) // 100 * 100


def _room(draw: Draw) -> str:
    return f"a chunk room for {counted(draw.rules.chunk.usable_bytes, 'byte')}"


def _mapped(run: History) -> int:
    """Return how often a chunk was mapped and zeroed."""
    return sum(isinstance(event, ChunkMapped) for event in run.events)


@family("chunks-to-pay", title="How many chunks are paid for?", chapter=12)
def chunks_to_pay(draw: Draw) -> Question:
    """Ask how many chunks are mapped for requests that come one after the other."""
    expr, many = _values(draw, draw.choice((0.2, 0.3, 0.45, 0.7, 1.2)))
    requests, chunk = draw.randint(2, 4), draw.rules.chunk.usable_bytes
    return Question(
        text=(
            f"Requests come one after the other, each with an arena of its own. A `{expr}` has {SIZED[expr]} bytes, "
            f"{_room(draw)}.\n\nHow many times does Go map and zero a chunk for them?"
        ),
        program=tuple(
            op for n in range(requests) for op in (NewArena(n), Rep(n, go_type(expr), many), Free(n))
        ),
        rules=draw.rules,
        answer=Whole("Chunks"),
        read=_mapped,
        look=show.life_cycle,
        decided=after(ChunkMapped),
        hints=(
            "A chunk that is not full goes on to the next arena, with what is left of it.",
            "A full one is set to fault, and no collection runs here that would bring it back.",
        ),
        why=lambda _: (
            f"{requests} × {many:,} × {SIZED[expr]} bytes are {requests * many * SIZED[expr] / chunk:.2f} chunks; "
            "a value never lies across two."
        ),
        meant=lambda run, given: (
            "That would be a chunk for each request, as if none went on in a chunk that was left."
            if given == requests != _mapped(run)
            else ""
        ),
        in_bulk=True,
    )


@family("open-together", title="How much for requests at the same time?", chapter=12)
def open_together(draw: Draw) -> Question:
    """Ask how many MiB are mapped while several arenas are in use."""
    expr, many = _values(draw, draw.choice((0.05, 0.2, 0.6, 1.4)))
    requests, freed = draw.randint(2, 5), draw.randint(0, 1)
    chunk = draw.rules.chunk.usable_bytes
    program: list[Op] = []
    for number in range(requests):
        program += [NewArena(number), Rep(number, go_type(expr), many)]
    program += [Free(number) for number in range(freed)]
    return Question(
        text=(
            f"Several requests are under way at once. A `{expr}` has {SIZED[expr]} bytes, "
            f"{_room(draw)}; 8 MiB are mapped for each. No collection runs.\n\nHow many MiB are mapped at the end?"
        ),
        program=tuple(program),
        rules=draw.rules,
        answer=Whole("Mapped", "MiB"),
        read=lambda run: mapped_mib(run.world),
        look=show.address_space,
        decided=after(ChunkMapped, ChunkActivated) if not freed else end_of(-1),
        hints=(
            "An arena never shares the chunk that it fills, however small its values are.",
            "`Free` gives back only full chunks.",
        ),
        why=lambda _: f"{plainly(requests, 'arena')} with {many * SIZED[expr] / MiB:.1f} MiB of values each.",
        meant=lambda run, given: (
            "So few would do if arenas shared their chunks."
            if given == 8 * -(-requests * many * SIZED[expr] // chunk) < mapped_mib(run.world)
            else ""
        ),
        in_bulk=True,
    )


@family("left-behind", title="How much stays after Free?", chapter=12)
def left_behind(draw: Draw) -> Question:
    """Ask how many MiB stay mapped when every arena was freed."""
    requests, one_by_one = draw.randint(2, 4), draw.random() < 0.5
    expr, many = _values(draw, draw.choice((0.1, 0.4, 0.7, 1.3)))
    made = [(NewArena(n), Rep(n, go_type(expr), many)) for n in range(requests)]
    program: list[Op] = []
    for number, ops in enumerate(made):
        program += [*ops, *([Free(number)] if one_by_one else [])]
    program += [] if one_by_one else [Free(number) for number in range(requests)]
    return Question(
        text=(
            f"Every arena was freed. A `{expr}` has {SIZED[expr]} bytes, {_room(draw)}; 8 MiB are mapped for "
            "each.\n\nHow many MiB of chunks are still mapped, until the next arenas take them?"
        ),
        program=tuple(program),
        rules=draw.rules,
        answer=Whole("Mapped", "MiB"),
        read=lambda run: mapped_mib(run.world),
        look=show.address_space,
        decided=end_of(-1),
        hints=("Which chunks does `Free` keep readable?", "How many arenas were open at the same time?"),
        why=lambda run: f"On the reuse list: {plainly(len(run.world.reuse), 'chunk')}.",
        meant=lambda _, given: "`Free` sets only full chunks to fault." if given == 0 else "",
        in_bulk=True,
    )
