"""Programs to write in chapters 16 and 19: one that the next Go lays out otherwise, and requests that share a chunk."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from arenalab.course.construct import Build, build
from arenalab.course.construct.told import arenas_of, chunks_of_values, made_nothing, values
from arenalab.course.draws import Draw
from arenalab.course.families.what_changed import FIRST, ROOM, chunks_taken
from arenalab.course.family import family
from arenalab.course.question import GC_OFF
from arenalab.errors import ScenarioError
from arenalab.go.rules import GoRules
from arenalab.machine.machine import Machine
from arenalab.units import MiB, plainly
from arenalab.world.history import History
from arenalab.world.ops import Free, New, NewArena, Rep

BEFORE = replace(FIRST, gogc=-1)
NODE = "struct { left, right *int; n [4]int }"


@family("build-changed", title="Write a program: one chunk before, two since", chapter=16)
def build_changed(draw: Draw) -> Build:
    """Ask for values that fill one chunk of Go 1.21 and begin a second one since Go 1.22."""
    wanted = draw.choice((4, 8, 16))
    before, later = BEFORE, GC_OFF if draw.rules.chunk == BEFORE.chunk else draw.rules
    return build(
        text=(
            f"Write a program that makes {plainly(wanted, 'value')}, all in one chunk with Go {before.version}, and in "
            f"two chunks with Go {later.version}."
        ),
        example=_arrays(wanted, 8 * MiB // wanted),
        goal=lambda run: _changed(run, wanted, before, later),
        wrong=(
            _arrays(wanted, 8_000_000 // wanted),
            _arrays(wanted - 1, 8 * MiB // wanted),
            f"a := arena.NewArena()\narena.New[[{8 * MiB}]byte](a)",
        ),
        rules=draw.rules,
        hints=("Since Go 1.22 a chunk has its bitmap in it. How many bytes are left for values?", ROOM),
        why=lambda _: ROOM,
    )


def _arrays(many: int, size: int) -> str:
    return f"a := arena.NewArena()\nfor range {many} {{ arena.New[[{size}]byte](a) }}"


def _changed(run: History, wanted: int, before: GoRules, later: GoRules) -> str:
    made = len(values(run))
    if made != wanted:
        larger = (
            " What is larger than a quarter of a chunk goes to the heap."
            if len(run.world.ledger) > made
            else ""
        )
        return f"Your program makes {made:,} of {plainly(wanted, 'value')} that a chunk holds.{larger}"
    try:
        taken = [chunks_taken(Machine(rules).run(run.ops)) for rules in (before, later)]
    except ScenarioError as error:
        return f"Your program does not run with both versions: {error}"
    if taken == [1, 2]:
        return ""
    chunks = f"{plainly(taken[0], 'chunk')} with Go {before.version}, {taken[1]} with Go {later.version}"
    return f"Your run takes {chunks}; wanted are 1 and 2."


@family("build-shared", title="Write a program: requests that share a chunk", chapter=19)
def build_shared(draw: Draw) -> Build:
    """Ask for requests with an arena each, one after the other, in the memory of one chunk."""
    requests, nodes = draw.randint(3, 6), 100 * draw.randint(1, 9)
    request = f"a := arena.NewArena(); for range {nodes} {{ arena.New[{NODE}](a) }}"
    return build(
        text=(
            f"Write a program of {requests} requests: each has an arena of its own with {plainly(nodes, 'value')} or "
            "more, and frees it. All of them together take one chunk."
        ),
        example=f"for range {requests} {{ {request}; a.Free() }}",
        goal=lambda run: _shared(run, requests, nodes),
        wrong=(
            f"for range {requests} {{ {request} }}",
            f"{request}\na.Free()",
            "\n".join(request.replace("a :=", f"{it} :=").replace("(a)", f"({it})") for it in "bcdefg"[:requests])
            + "".join(f"\n{it}.Free()" for it in "bcdefg"[:requests]),
        ),
        rules=draw.rules,
        hints=(
            "An arena takes a chunk of 8 MiB when it is made. `Free` hands on one that is not full.",
            "What counts is how many arenas are open at once.",
        ),
        why=lambda _: "Each arena went on in the chunk that the one before had left on the reuse list.",
        start="",
    )  # fmt: skip


def _shared(run: History, requests: int, nodes: int) -> str:
    if nothing := made_nothing(run):
        return nothing
    made, freed = arenas_of(run, NewArena), set(arenas_of(run, Free))
    if len(made) != requests:
        return f"Your program makes {plainly(len(made), 'arena')}, one for each of {requests} requests is wanted."
    least = min(_values_by_arena(run)[number] for number in made)
    if least < nodes:
        return f"An arena of your run has {plainly(least, 'value')}; {nodes} or more are wanted in each."
    if open_ := [number for number in made if number not in freed]:
        return f"Your run ends with {plainly(len(open_), 'arena')} that nobody freed."
    chunks = len(chunks_of_values(run))
    hint = "Who frees before the next one begins hands on the chunk."
    return "" if chunks == 1 else f"Your run takes {plainly(chunks, 'chunk')}, wanted is one. {hint}"


def _values_by_arena(run: History) -> Counter[int]:
    found: Counter[int] = Counter()
    for op in run.ops:
        if isinstance(op, New | Rep):
            found[op.user_arena] += op.n if isinstance(op, Rep) else 1
    return found
