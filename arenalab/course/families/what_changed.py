"""Questions of chapter 16, what changed: the same program under other versions of Go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from arenalab.course import draws, show
from arenalab.course.answers import Whole, several
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.moments import after
from arenalab.course.question import Question
from arenalab.go.versions import GO_NEWEST, VERSIONS
from arenalab.machine.machine import Machine
from arenalab.units import MiB, counted
from arenalab.world.events import ChunkActivated, GCProgExpanded, MaskBuilt, ObjectAllocated
from arenalab.world.gc_events import ObletScanned
from arenalab.world.history import History
from arenalab.world.ops import New, NewArena, Op, Rep, RunGC

#: Bytes of values: of some a chunk since Go 1.22 holds one less than one of Go 1.21.
SIZES = (2 * MiB, 1 * MiB, 2_000_000, 1_650_000, 1_390_000, 1_200_000, 2_064_372)
FIRST, LAST = next(iter(VERSIONS.values())), GO_NEWEST
#: Words of arrays of pointers, about the longest masks that a descriptor has.
LENGTHS = (
    1_000,
    20_000,
    *(FIRST.max_ptrmask_words + more for more in (0, 1)),
    *(LAST.max_ptrmask_words + more for more in (0, 1)),
)
TAILS = ("struct{ p *int; b [1000]byte }", "struct{ p *int; b [5000]byte }", "struct{ p *int; n [62]int }")
ROOM = (
    f"Values may take {counted(LAST.chunk.usable_bytes, 'byte')} of a chunk since Go 1.22, and before that "
    f"{FIRST.chunk.usable_bytes:,}."
)
MASKS = (
    f"A descriptor has a mask of at most {counted(FIRST.max_ptrmask_words, 'word')}, since Go 1.27 of "
    f"{LAST.max_ptrmask_words:,}. Beyond it a program is run; since Go 1.24 the mask is built."
)
Program = tuple[Op, ...]
Measure = Callable[[History], int | str]


def outcomes(program: Program, measure: Measure) -> dict[str, int | str]:
    """Return what is measured of a program under each version of Go."""
    each = {version: replace(rules, gogc=-1) for version, rules in VERSIONS.items()}
    return {version: measure(Machine(rules).run(program)) for version, rules in each.items()}


def chunks_taken(run: History) -> int:
    """Return how many chunks a run took."""
    return len(run.world.births)


def where_bits_come_from(run: History) -> str:
    """Describe what the runtime does for the bits of a run's value."""
    kinds = {type(event) for event in run.events}
    if GCProgExpanded in kinds:
        return "runs a GC program"
    return "builds a mask at first use" if MaskBuilt in kinds else "finds a mask in the type's descriptor"


def words_read(run: History) -> int:
    """Return how many bitmap words of the first oblet the last collection read."""
    return next(it.read_to for it in reversed(run.events) if isinstance(it, ObletScanned) and it.oblet == 0)


def _filling(draw: Draw) -> Rep:
    return Rep(0, draws.go_type(f"[{draw.choice(SIZES)}]byte"), draw.randint(4, 13))


def _filled(draw: Draw) -> tuple[Program, str, Measure]:
    return (NewArena(0), _filling(draw)), "the program takes {} chunks", chunks_taken


def _typed(draw: Draw) -> tuple[Program, str, Measure]:
    made = draws.go_type(f"[{draw.choice(LENGTHS)}]*int")
    return (NewArena(0), New(0, made)), "the runtime {}", where_bits_come_from


def _so_it_is_in(found: dict[str, int | str], given: int | str) -> str:
    """Return in which versions a wrong value would be right; "" for none."""
    named = [version for version, value in found.items() if value == given]
    return f"So it is in Go {', '.join(named)}." if named else ""


@family("which-versions", title="In which Go is it so?", chapter=16)
def which_versions(draw: Draw) -> Question:
    """Ask in which versions of Go a program does what it does in one of them."""
    program, told, measure = draw.choice((_filled, _typed, _typed))(draw)
    found = outcomes(program, measure)
    here = found[draw.rules.version]
    right = frozenset(f"Go {version}" for version, value in found.items() if value == here)
    return Question(
        text=f"In which versions of Go is this true: {told.format(here)}?",
        program=program,
        rules=draw.rules,
        answer=several(*(f"Go {version}" for version in VERSIONS), label="In"),
        read=lambda run: frozenset(f"Go {version}" for version in VERSIONS if found[version] == measure(run)),
        decided=after(ChunkActivated, ObjectAllocated, MaskBuilt, GCProgExpanded),
        hints=(ROOM, MASKS),
        why=lambda _: "; ".join(f"Go {version}: {value}" for version, value in found.items()) + ".",
        meant=lambda _, given: (
            "In one of those it is not so." if given - right else "It is so in another version, too."
        ),
    )


@family("chunks-by-version", title="How many chunks in this Go?", chapter=16)
def chunks_by_version(draw: Draw) -> Question:
    """Ask how many chunks a program takes in one version."""
    filling = _filling(draw)
    program = (NewArena(0), filling)
    found = outcomes(program, chunks_taken)
    return Question(
        text=f"How many chunks does the program take in Go {draw.rules.version}?",
        program=program,
        rules=draw.rules,
        answer=Whole(unit="chunks"),
        read=chunks_taken,
        decided=after(ChunkActivated),
        hints=(ROOM, "How many of the values fit into one chunk? None lies across two."),
        why=lambda run: (
            f"{run.rules.chunk.usable_bytes // filling.type.size} of the values fit into a chunk."
        ),
        meant=lambda _, given: _so_it_is_in(found, given),
    )


@family("words-by-version", title="How far is it read in this Go?", chapter=16)
def words_by_version(draw: Draw) -> Question:
    """Ask how many bitmap words a scan reads in one version: up to a mark, or up to the last pointer."""
    values = [New(0, draws.go_type(draw.choice(TAILS))) for _ in range(draw.randint(1, 3))]
    if draw.random() < 0.3:
        values.append(New(0, draws.go_type("*int")))
    program = (NewArena(0), *values, RunGC(detail=True))
    found = outcomes(program, words_read)
    return Question(
        text=(
            "A bitmap word describes 512 bytes of a chunk. How many words of its first oblet does the collector of Go "
            f"{draw.rules.version} read?"
        ),
        program=program,
        rules=draw.rules,
        answer=Whole(unit="words"),
        read=words_read,
        look=show.bitmap,
        decided=after(ObletScanned, nth=0),
        hints=(
            "In Go 1.21 it reads up to the word in which the last value with pointers ends.",
            "Since Go 1.22 it reads up to the word of the last pointer.",
        ),
        meant=lambda _, given: _so_it_is_in(found, given),
    )
