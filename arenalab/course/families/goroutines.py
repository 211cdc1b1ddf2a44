"""Questions of chapter 17, goroutines: whose chunk it gets, who is overtaken, what half a Free has done."""

from __future__ import annotations

from arenalab.course import show
from arenalab.course.answers import Whole, several
from arenalab.course.construct.turns import BuildTurns, build_turns
from arenalab.course.draws import Draw, go_type
from arenalab.course.family import family
from arenalab.course.moments import after
from arenalab.course.programs import chunk_names
from arenalab.course.question import Question
from arenalab.course.scheduled import scheduled
from arenalab.units import plainly
from arenalab.world.chunk_events import ChunkMapped
from arenalab.world.end_events import FaultDeferred
from arenalab.world.events import ChunkActivated
from arenalab.world.history import History
from arenalab.world.ops import Free, MarkBegin, NewArena, Rep
from arenalab.world.schedule import CHUNK_FREED, REUSE_EMPTY, Begin, GoOn, Turn

QUARTER = "[2000000]byte"  #: four fit into a chunk of any version, five into none.


@family("whose-chunk", title="Whose chunk does it get?", chapter=17)
def whose_chunk(draw: Draw) -> Question:
    """Ask which chunk a goroutine's new arena gets after several goroutines have freed theirs."""
    many = draw.randint(2, 4)
    freed = draw.sample(range(many), draw.randint(1, many))
    asks = draw.choice([*freed, *range(many)])
    turns = [Begin(n + 1, NewArena(n)) for n in range(many)]
    turns += [Begin(n + 1, Free(n)) for n in freed]
    return scheduled(
        [*turns, Begin(asks + 1, NewArena(many))],
        text=(
            f"Goroutine 1 made arena 0 on chunk 0, goroutine 2 arena 1 on chunk 1, and so on. In the end goroutine "
            f"{asks + 1} makes one more. Which chunk does it get?"
        ),
        rules=draw.rules,
        answer=Whole("Chunk"),
        read=_last_activated,
        look=show.goroutines,
        decided=after(ChunkActivated),
        hints=(
            "How many reuse lists does a process have?",
            "It is a stack: what was put there last is taken first.",
        ),
        why=lambda _: (
            f"Chunk {freed[-1]} was freed last, by goroutine {freed[-1] + 1}; who asks makes no difference."
        ),
        meant=lambda _, given: _mistaken_chunk(given, asks, freed, many),
    )


def _last_activated(run: History) -> int:
    return int([event.chunk for event in run.events if isinstance(event, ChunkActivated)][-1])


def _mistaken_chunk(given: int, asks: int, freed: list[int], many: int) -> str:
    if given == many:
        return "That is a fresh one; but a freed chunk is waiting."
    if given == asks and given in freed:
        return "That was its own. But the list knows no goroutine: it is one for all."
    return "That one has waited longest; the list is no queue." if given == freed[0] else ""


@family("overtaken", title="How many chunks for all of them?", chapter=17)
def overtaken(draw: Draw) -> Question:
    """Ask how many chunks are mapped when some goroutines are overtaken within NewArena."""
    freed, standing, later = draw.randint(1, 3), draw.randint(1, 3), draw.randint(0, 2)
    who = range(2, 2 + standing)
    turns: list[Turn] = [Begin(1, NewArena(n)) for n in range(freed)]
    turns += [Begin(n, NewArena(freed + n - 2), REUSE_EMPTY) for n in who]
    turns += [Begin(1, Free(n)) for n in range(freed)]
    turns += [GoOn(n) for n in who]
    turns += [Begin(1, NewArena(freed + standing + n)) for n in range(later)]
    return scheduled(
        turns,
        text="How many times does Go map a chunk for all of them together?",
        rules=draw.rules,
        answer=Whole("Chunks"),
        read=_mapped,
        look=show.goroutines,
        decided=after(ChunkMapped),
        hints=(
            "Whoever stopped has looked at the reuse list already. Does it look again?",
            "Who begins later finds what was put there meanwhile.",
        ),
        why=lambda _: (
            f"{plainly(freed, 'arena')} of goroutine 1, then {standing} more for those that stood: what is freed "
            f"meanwhile comes too late for them. {_later(later, freed)}"
        ),
        meant=lambda run, given: (
            "So few would do if refill looked at the list once more when it goes on."
            if given
            == freed + max(standing - freed, 0) + max(later - max(freed - standing, 0), 0)
            != _mapped(run)
            else ""
        ),
    )


def _later(later: int, freed: int) -> str:
    if not later:
        return ""
    return "Those made in the end take freed ones." if later <= freed else "In the end the list runs empty."


@family("half-freed", title="Which chunks have to wait?", chapter=17)
def half_freed(draw: Draw) -> Question:
    """Ask which chunks are on the fault list when a collection starts in the middle of a Free."""
    full = draw.randint(2, 4)
    done = draw.randint(1, full - 1)
    turns: list[Turn] = [Begin(1, NewArena(0)), Begin(1, Rep(0, go_type(QUARTER), 4 * full + 1))]
    turns += [Begin(1, Free(0), CHUNK_FREED), *[GoOn(1, CHUNK_FREED)] * (done - 1)]
    turns += [Begin(2, MarkBegin(), p=1), GoOn(1)]
    everything, none = frozenset(chunk_names(full)), frozenset[str]()
    early = frozenset(chunk_names(full)[full - done :])
    meant = {
        everything: "What was set to fault before the collection began stays so.",
        none: "From the collection's start on, nothing is set to fault any more.",
        early: "Those were dealt with before the collection began.",
    }
    return scheduled(
        turns,
        text=(
            f"Four such values fill a chunk, so arena 0 has {full} full ones and begins one more. Goroutine 1 is "
            "within its `Free` when goroutine 2 starts a collection. Which chunks are on the fault list when `Free` "
            "returns?"
        ),
        rules=draw.rules,
        answer=several(*chunk_names(full + 1), label="On the fault list"),
        read=lambda run: frozenset(f"chunk {number}" for number in run.world.fault),
        look=show.life_cycle,
        decided=after(FaultDeferred),
        hints=(
            "`Free` asks for each chunk again whether the collector is marking.",
            "The full list has the latest full chunk first; `Free` takes them from its head.",
        ),
        why=lambda _: f"{plainly(done, 'chunk')} came before the start, {full - done} after it.",
        meant=lambda _, given: meant.get(given, ""),
    )


@family("build-overtaken", title="Write the turns: fresh chunks for nothing", chapter=17)
def build_overtaken(draw: Draw) -> BuildTurns:
    """Ask for turns in which arenas that are never in use together take a fresh chunk each."""
    wanted = draw.randint(2, 4)
    names = "abcd"[:wanted]
    stand = [
        f"goroutine {n}: {names[n - 1]} := arena.NewArena() until reuse empty" for n in range(2, wanted + 1)
    ]
    leave = [
        line
        for n in range(2, wanted + 1)
        for line in (f"goroutine {n - 1}: {names[n - 2]}.Free()", f"goroutine {n}: goes on")
    ]
    at_once = [f"goroutine 1: {name} := arena.NewArena()" for name in names]
    in_turn = [f"{made}\ngoroutine 1: {name}.Free()" for name, made in zip(names, at_once, strict=True)]
    return build_turns(
        text=(
            f"Write turns in which {plainly(wanted, 'arena')} are made, no two of them in use at the same time, and "
            f"yet {plainly(wanted, 'chunk')} are mapped. An arena is in use from when its `NewArena` returns until its "
            "`Free` begins."
        ),
        rules=draw.rules,
        example="\n".join(["goroutine 1: a := arena.NewArena()", *stand, *leave]),
        goal=lambda run: _lacks(run, wanted),
        wrong=("\n".join(in_turn), "\n".join(at_once)),
        look=show.goroutines,
        hints=(
            "Whoever stopped at `until reuse empty` has looked at the list, and will not look again.",
            "Let all others look while the first arena is still in use. Then free it, and let one of them go on.",
        ),
        why=lambda run: (
            f"{plainly(_mapped(run), 'chunk')} for {plainly(wanted, 'arena')}, one in use at a time."
        ),
    )


def _mapped(run: History) -> int:
    return sum(isinstance(event, ChunkMapped) for event in run.events)


def _lacks(run: History, wanted: int) -> str:
    made, most, mapped = sum(isinstance(op, NewArena) for op in run.ops), _most_in_use(run), _mapped(run)
    if made != wanted:
        return f"Your run makes {plainly(made, 'arena')}, wanted are {wanted}."
    if most > 1:
        return f"In your run {plainly(most, 'arena')} are in use at the same time."
    if mapped != wanted:
        return (
            f"Your run maps {plainly(mapped, 'chunk')}, wanted are {wanted}: who begins after a `Free` finds its chunk "
            "on the reuse list."
        )
    return ""


def _most_in_use(run: History) -> int:
    """Return how many arenas are in use at most: made and not yet being freed."""
    changes = [(run.log.op_end(n), 1) for n, op in enumerate(run.ops) if isinstance(op, NewArena)]
    changes += [(run.log.op_starts[n], -1) for n, op in enumerate(run.ops) if isinstance(op, Free)]
    in_use, most = 0, 0
    for _, change in sorted(
        changes, key=lambda it: (it[0], -it[1])
    ):  # who returns does so before the next begins
        in_use += change
        most = max(most, in_use)
    return most
