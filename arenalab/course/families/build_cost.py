"""Programs to write in chapters 8 and 11 to 14: how much is read, when a cycle starts, what arenas cost."""

from __future__ import annotations

from dataclasses import replace

from arenalab.course.construct import Build, build
from arenalab.course.construct.told import arenas_of, count_of, made_nothing, values
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.show import address_space, bitmap, collector
from arenalab.units import MiB, plainly
from arenalab.world.chunk_events import ChunkMapped
from arenalab.world.gc_events import ChunksMarked, FinalizerRun, SweepStarted, TriggerReached
from arenalab.world.history import History
from arenalab.world.ops import Drop, Free, NewArena

#: GOGC, and how many chunks it takes until the first cycle: 4 MiB × GOGC / 100, 8 MiB a chunk.
FIRST = ((300, 2), (500, 3), (700, 4))
ANSWER = "a := arena.NewArena(); arena.New[[]byte](a); a.Free()"


@family("build-scan", title="Write a program: how much the collector reads", chapter=8)
def build_scan(draw: Draw) -> Build:
    """Ask for values of which a collection scans so many bytes."""
    before, after = draw.randint(1, 9), draw.randint(1, 9)
    wanted, size = 8 * (before + 1), 8 * (before + 1 + after)
    front = f"a := arena.NewArena()\narena.New[struct {{ a [{before}]int; p *int }}](a)\narena.New[[{after}]int](a)\n"
    return build(
        text=(
            f"Write a program whose values have {plainly(size, 'byte')} in all or more, of which a collection counts "
            f"{plainly(wanted, 'byte')} of scan work: from the chunk's start to the end of its last pointer."
        ),
        example=f"{front}runtime.GC()",
        goal=lambda run: _scan(run, wanted, size),
        wrong=(
            f"a := arena.NewArena()\narena.New[[{size}]byte](a)\nruntime.GC()",
            f"a := arena.NewArena()\narena.New[[{before + 1 + after}]*int](a)\nruntime.GC()",
            front,
        ),
        rules=draw.rules,
        look=bitmap,
        hints=(
            "The collector reads from the front up to the last pointer, whatever stands in between.",
            "Values without pointers cost no scan work: put the rest of the bytes there.",
        ),
        why=lambda run: (
            f"The last pointer of chunk 0 ends {plainly(_scan_work(run), 'byte')} from its start."
        ),
    )


def _scan(run: History, wanted: int, size: int) -> str:
    if nothing := made_nothing(run):
        return nothing
    if not count_of(run, SweepStarted):
        return "Your run has no collection: `runtime.GC()` at the end."
    found, taken = _scan_work(run), sum(it.size for it in values(run))
    if taken < size:
        return f"The values of your run have {plainly(taken, 'byte')}, wanted are {size} or more."
    hint = "" if found else " Values without pointers lie at the back, where the collector never comes."
    return (
        ""
        if found == wanted
        else f"Your run: {plainly(found, 'byte')} of scan work, wanted are {wanted}.{hint}"
    )


def _scan_work(run: History) -> int:
    """Return the bytes of chunks that the last collection counts as scan work."""
    return next((event.scan_work for event in reversed(run.events) if isinstance(event, ChunksMarked)), 0)


@family("build-cycle", title="Write a program: which arena starts a cycle", chapter=11)
def build_cycle(draw: Draw) -> Build:
    """Ask for a program in which a certain NewArena starts the first cycle."""
    percent, chunks = draw.choice(FIRST)
    wanted = chunks + draw.randint(1, 5)
    kept = "\n".join(f"{name} := arena.NewArena()" for name in "bcde"[:chunks])
    return build(
        text=(
            f"`GOGC={percent}`: the first trigger is a little below {4 * percent // 100} MiB. Write a program in which "
            f"the arena that is made as number {wanted}, counted from 1, starts the first cycle."
        ),
        example=f"for range {wanted - chunks} {{ a := arena.NewArena(); a.Free() }}\n{kept}",
        goal=lambda run: _cycle(run, wanted),
        wrong=(
            f"for range {wanted} {{ a := arena.NewArena() }}",
            f"for range {wanted} {{ a := arena.NewArena(); a.Free() }}",
        ),
        rules=replace(draw.rules, gogc=percent),
        look=collector,
        hints=(
            "An arena that takes a new chunk adds 8 MiB to heapLive at once.",
            "An arena that is freed leaves its chunk on the reuse list, and the next one takes that.",
        ),
        why=lambda run: f"Arena {_cycle_starter(run)} was the first to bring heapLive to the trigger.",
        start="",
    )


def _cycle(run: History, wanted: int) -> str:
    number, made = _cycle_starter(run), plainly(len(arenas_of(run, NewArena)), "arena")
    if number == 0:
        live = run.world.counters.heap_live // MiB
        return f"No cycle starts in your run: at its end heapLive is {live} MiB, after {made}."
    hint = " A chunk that comes from the reuse list adds nothing to heapLive." if number < wanted else ""
    return "" if number == wanted else f"In your run arena {number} starts a cycle, wanted is {wanted}.{hint}"


def _cycle_starter(run: History) -> int:
    """Return which NewArena, counted from 1, reached the trigger first; 0 for none."""
    moments = (at for at, event in enumerate(run.events, 1) if isinstance(event, TriggerReached))
    at = next(moments, 0)
    number = run.log.op_at(at) if at else -1
    if number < 0 or not isinstance(run.ops[number], NewArena):
        return 0
    return sum(isinstance(op, NewArena) for op in run.ops[: number + 1])


@family("build-few-chunks", title="Write a program: many arenas, few chunks", chapter=12)
def build_few_chunks(draw: Draw) -> Build:
    """Ask for many arenas that map a few chunks only."""
    arenas, chunks = draw.randint(6, 40), draw.randint(1, 2)
    return build(
        text=(
            f"Write a program that makes {plainly(arenas, 'arena')} with at least one value each, "
            f"and maps no more than {plainly(chunks, 'chunk')}."
        ),
        example=f"for range {arenas} {{ a := arena.NewArena(); arena.New[int](a); a.Free() }}",
        goal=lambda run: _few_chunks(run, arenas, chunks),
        wrong=(
            f"for range {arenas} {{ a := arena.NewArena(); arena.New[int](a) }}",
            f"a := arena.NewArena()\nfor range {arenas} {{ arena.New[int](a) }}\na.Free()",
            f"for range {arenas} {{ a := arena.NewArena(); a.Free() }}",
        ),
        rules=draw.rules,
        look=address_space,
        hints=(
            "An arena that lives has a chunk for itself, 8 MiB of it.",
            "Free each arena before the next one is made: that goes on in the chunk that was left.",
        ),
        why=_through,
        start="",
    )


def _few_chunks(run: History, arenas: int, chunks: int) -> str:
    if nothing := made_nothing(run):
        return nothing
    made = len(arenas_of(run, NewArena))
    holding = sum(row.last_object >= 0 for row in run.world.user_arenas.values())
    if min(made, holding) < arenas:
        return (
            f"Your run makes {plainly(made, 'arena')}, {holding} of them with a value; wanted are {arenas}."
        )
    found = count_of(run, ChunkMapped)
    hint = "" if arenas_of(run, Free) else " Nothing is freed, so each arena maps a chunk of its own."
    return (
        "" if found <= chunks else f"Your run maps {plainly(found, 'chunk')}, at most {chunks} may be.{hint}"
    )


def _through(run: History) -> str:
    arenas, chunks = len(arenas_of(run, NewArena)), count_of(run, ChunkMapped)
    return f"{plainly(arenas, 'arena')} went through {plainly(chunks, 'chunk')}."


@family("build-leak", title="Write a program: the leak of a server", chapter=13)
def build_leak(draw: Draw) -> Build:
    """Ask for a server's leak: requests without a value lose their arena, all others free it."""
    answered, lost = draw.randint(2, 6), draw.randint(1, 3)
    leaks = f"for range {lost} {{ a := arena.NewArena(); a = nil }}\n"
    return build(
        text=(
            f"The server of this chapter in small. {answered} requests find something: each makes an arena with values "
            f"and frees it. {lost} more find nothing: an arena each is lost without a value. "
            "At the end, finalizers have freed what was lost. Write that program."
        ),
        example=f"for range {answered} {{ {ANSWER} }}\n{leaks}runtime.GC()",
        goal=lambda run: _leak(run, answered, lost),
        wrong=(
            f"for range {answered + lost} {{ {ANSWER} }}",
            f"for range {answered} {{ {ANSWER} }}\n{leaks}",
        ),
        rules=draw.rules,
        look=collector,
        hints=(
            "A request that finds nothing returns before it comes to `Free`: `a = nil` is what it does.",
            "The finalizers run when `runtime.GC()` has found the handles unreachable.",
        ),
        why=lambda run: f"{plainly(count_of(run, FinalizerRun), 'arena')} had to be freed by a finalizer.",
        start="",
    )


def _leak(run: History, answered: int, lost: int) -> str:
    arenas = run.world.user_arenas
    empty = {number for number, row in arenas.items() if row.last_object < 0}
    freed, dropped = set(arenas_of(run, Free)), set(arenas_of(run, Drop))
    found = len(freed - empty), len(dropped.intersection(empty))
    if found != (answered, lost) or len(arenas) != answered + lost:
        return (
            f"Your run: {plainly(found[0], 'arena')} freed, of those with values; wanted {answered}; "
            f"{found[1]} without a value lost, wanted {lost}; {plainly(len(arenas), 'arena')} in all."
        )
    if count_of(run, FinalizerRun) < lost:
        return "Nobody has found the lost arenas yet: only a collection does, `runtime.GC()`."
    return ""


@family("build-at-once", title="Write a program: requests that live at once", chapter=14)
def build_at_once(draw: Draw) -> Build:
    """Ask for requests with an arena each, of which so many live at once."""
    at_once, rounds = draw.randint(2, 4), draw.randint(2, 6)
    requests, names = at_once * rounds, "abcd"[:at_once]
    made = "; ".join(f"{name} := arena.NewArena()" for name in names)
    freed = "; ".join(f"{name}.Free()" for name in names)
    return build(
        text=(
            f"A program answers {requests} requests, each with an arena of its own that it frees. What it maps is "
            f"decided by how many live at once. Write one that maps {plainly(at_once, 'chunk')}."
        ),
        example=f"for range {rounds} {{\n  {made}\n  {freed}\n}}",
        goal=lambda run: _at_once(run, requests, at_once),
        wrong=(
            f"for range {requests} {{ a := arena.NewArena(); a.Free() }}",
            f"for range {requests} {{ a := arena.NewArena() }}",
        ),
        rules=draw.rules,
        look=address_space,
        hints=(
            "A chunk that was left is taken by the next arena, so one after the other need one chunk.",
            f"Make {plainly(at_once, 'arena')} before you free the first of them, and so on.",
        ),
        why=_through,
        start="",
    )


def _at_once(run: History, requests: int, at_once: int) -> str:
    made, freed = len(arenas_of(run, NewArena)), len(arenas_of(run, Free))
    if (made, freed) != (requests, requests):
        return f"Your run makes {plainly(made, 'arena')} and frees {freed}; wanted are {requests}."
    found = count_of(run, ChunkMapped)
    hint = " One arena after the other needs one chunk only." if found < at_once else ""
    return "" if found == at_once else f"Your run maps {plainly(found, 'chunk')}, wanted are {at_once}.{hint}"
