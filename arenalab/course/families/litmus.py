"""Questions of chapter 18, litmus programs: is what a late pointer may see so always, sometimes or never?

The programs are the catalogue's (`scenarios.litmus`). The answer is read off their ends under every order of turns.
"""

from __future__ import annotations

from arenalab.course.answers import choice
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.moments import end_of
from arenalab.course.question import Question
from arenalab.scenarios.litmus import Litmus, answer_of, catalogue, seen
from arenalab.scenarios.litmus.compared import allowed
from arenalab.scenarios.litmus.question import ALWAYS, ANSWERS, NEVER, SOMETIMES
from arenalab.units import plainly
from arenalab.view.calls import call_of

#: What is mistaken in an answer about a program of one goroutine that leaves nothing to chance.
NO_CHANCE = "One goroutine, and the collector runs where the program says: nothing is left to chance here."
#: What is mistaken in an answer about a program with several.
ORDERS = {
    ALWAYS: "There is an order of turns in which it is not so: have another goroutine go first.",
    SOMETIMES: "Try each goroutine first, and a reader in the middle of Free: they all end alike.",
    NEVER: "There is an order of turns in which it is so: have another goroutine go first.",
}


@family("litmus-reads", title="What does a late read find?", chapter=18)
def reads(draw: Draw) -> Question:
    """Ask about a read after Free."""
    return _asked(
        draw, "reads after free",
        hints=(
            "Was the chunk full when `Free` came? Only a full one is set to fault.",
            "A chunk set to fault is mapped again, and cleared, when another arena obtains it after a cycle.",
        ),
        always="Follow the chunk: what became of it between the value's making and the read?",
        never="Free does not clear anything, and not every chunk is set to fault. Follow this one.",
    )  # fmt: skip


@family("litmus-writes", title="Whose value does a late write change?", chapter=18)
def writes(draw: Draw) -> Question:
    """Ask about a write after Free."""
    return _asked(
        draw, "writes after free",
        hints=(
            "Can the write land at all? If so: does an object lie at that place, now or later?",
            "`New` trusts that a chunk was cleared when it was obtained; a chunk on the reuse list is never cleared.",
        ),
        always="The write may fault, or land where nobody will look, or be cleared away.",
        never="A write lands wherever memory is mapped, and `New` does not clear what it hands out.",
    )  # fmt: skip


@family("litmus-reuse", title="Who comes to lie where?", chapter=18)
def reuse(draw: Draw) -> Question:
    """Ask about chunks that are used again."""
    return _asked(
        draw, "reuse",
        hints=(
            "There are two roads back: the reuse list, at once, and quarantine, after a cycle.",
            "A reused chunk goes on behind its old values. A recycled one is cleared and begins at its start.",
        ),
        always="Which of the two roads did this chunk take, and is it the next in line?",
        never="Which of the two roads did this chunk take, and who is the next to take one?",
    )  # fmt: skip


@family("litmus-pointers", title="Which pointer protects?", chapter=18)
def pointers(draw: Draw) -> Question:
    """Ask what a pointer does that the collector sees."""
    return _asked(
        draw, "pointers the collector sees",
        hints=(
            "A pointer that the collector sees keeps a chunk in quarantine. It makes nothing readable.",
            "Whole chunks are kept, one by one; and a chunk that is set to fault is never read by the collector.",
        ),
        always="Which chunk does the pointer lead to, and does the collector ever see the pointer?",
        never="Does the collector see a pointer into this very chunk, at the time of the last cycle?",
    )  # fmt: skip


@family("litmus-marking", title="What if the collector is reading?", chapter=18)
def marking(draw: Draw) -> Question:
    """Ask about a free while the collector marks."""
    return _asked(
        draw, "frees during marking",
        hints=(
            "While the collector marks a full chunk goes to the fault list, readable, and not to quarantine.",
            "Mark termination is the end of that: what is on the fault list is set to fault, before any sweep.",
        ),
        always="Is marking still under way when it is asked?",
        never="Did Free come while the collector was marking? Then the chunk isn't set to fault yet.",
    )  # fmt: skip


@family("litmus-dropped", title="And if nobody frees?", chapter=18)
def dropped(draw: Draw) -> Question:
    """Ask about a handle that was dropped."""
    return _asked(
        draw, "dropped handles",
        hints=(
            "A dropped arena is freed by its finalizer, after the cycle that found its handle dead.",
            "That cycle has marked the arena's chunks. It takes a further one to let them go.",
        ),
        always="Count the cycles: one finds the handle, the next one the chunks.",
        never="Has a cycle found the handle dead, and was the chunk full?",
    )  # fmt: skip


@family("litmus-clones", title="Was it copied in time?", chapter=18)
def clones(draw: Draw) -> Question:
    """Ask about Clone."""
    return _asked(
        draw, "clones",
        hints=(
            "`Clone` asks whether the bytes lie in a chunk, and copies them to the heap then. It asks nothing else.",
            "To copy is to read: what a read of that place finds now, the copy holds.",
        ),
        always="When was it copied, and what lay there then? A copy goes its own way.",
        never="Clone does not ask whether the arena lives: what can be read can be copied.",
    )  # fmt: skip


@family("litmus-weak", title="What does a weak pointer tell?", chapter=18, go=">=1.24")
def weak(draw: Draw) -> Question:
    """Ask about a weak pointer."""
    return _asked(
        draw, "weak pointers",
        hints=(
            "A weak pointer becomes nil when a sweep finds its chunk unmarked, and at no other time.",
            "Free itself does not touch weak pointers. A chunk on the reuse list is marked by every cycle.",
        ),
        always="Has a sweep found this chunk unmarked?",
        never="Not Free decides it but the sweep: which cycle finds the chunk unmarked?",
    )  # fmt: skip


@family("litmus-goroutines", title="Who comes first?", chapter=18)
def goroutines(draw: Draw) -> Question:
    """Ask about goroutines that go on beside one another."""
    return _asked(
        draw, "goroutines",
        hints=(
            "Perform it once with the one goroutine first, and once with the other. Do both end so?",
            "Free deals with full chunks one by one, the one that became full last first; another may come in between.",
        ),
        always=ORDERS[ALWAYS],
        never=ORDERS[NEVER],
    )  # fmt: skip


@family("litmus-sanitizers", title="What does a test build say?", chapter=18)
def sanitizers(draw: Draw) -> Question:
    """Ask about a build with a sanitizer."""
    return _asked(
        draw, "sanitizers",
        hints=(
            "A build with a sanitizer has no reuse list: every chunk of a freed arena is set to fault.",
            "While marking, the memory is there: then it matters what Free told the tool. Obtaining takes that back.",
        ),
        always="Is the memory mapped at that moment, and was this tool told that it is bad?",
        never="Is the memory mapped at that moment, and what does this tool check: reads, writes, both, neither?",
    )  # fmt: skip


def programs(topic: str, version: str) -> list[Litmus]:
    """Return the programs of one family of the catalogue that a version of Go knows."""
    return [each for each in catalogue() if each.family == topic and version in each.versions]


def _asked(draw: Draw, topic: str, *, hints: tuple[str, str], always: str, never: str) -> Question:
    version = draw.rules.version
    litmus = draw.choice(programs(topic, version))
    scenario, ends = litmus.scenario.under(version), allowed(litmus, version)
    meant = {ALWAYS: always, NEVER: never, SOMETIMES: ORDERS[SOMETIMES] if litmus.parts[1] else NO_CHANCE}
    return Question(
        text=_text(litmus),
        program=scenario.ops,
        rules=scenario.rules,
        answer=choice(*ANSWERS, label="That is so"),
        read=lambda _: answer_of(litmus, ends),
        decided=end_of(litmus.exists[-1][0] + 1),
        hints=hints,
        why=lambda _: f"{litmus.lesson} {_in_real_go(litmus, version)}",
        meant=lambda _, given: meant[given],
    )


def _text(litmus: Litmus) -> str:
    built = "" if litmus.build == "plain" else f" The program is built with `-{litmus.build}`."
    beside = "".join(
        f" Goroutine {number}: {', '.join(f'`{call_of(litmus.scenario.ops[row])}`' for row in rows)}."
        for number, rows in litmus.parts[1].items()
    )
    in_no_order = f"\n\nThese go on beside one another, in no order.{beside}" if beside else ""
    types = "".join(f", `{name}` is `{text}`" for name, text in litmus.scenario.types.items())
    return (
        f"Exists: {litmus.asks}. Is that so always, sometimes or never?{built} Object 0 is the value made first"
        f"{types}; the program's pointers are hidden from the collector, but for those in globals.{in_no_order}"
    )


def _in_real_go(litmus: Litmus, version: str) -> str:
    found = seen(litmus, version)
    if found is None:
        return f"No Go has shown it: {litmus.model_only}." if litmus.model_only else ""
    release = found.release.removeprefix("go")
    return f"In Go {release} it was so in {found.met(litmus)} of {plainly(found.runs, 'run')}."
