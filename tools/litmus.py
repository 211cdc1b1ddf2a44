"""Write docs/litmus.md: each litmus program, its question, the model's answer and what real Go was seen to do.

`python -m tools.litmus` writes the page, or says what is missing: a program that no release has run and that gives no
reason; a run that ended in a state which the model forbids; an answer that runs contradict.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from arenalab.go.versions import VERSIONS
from arenalab.scenarios.litmus import Litmus, catalogue, compare, seen
from arenalab.scenarios.litmus.compared import allowed
from arenalab.scenarios.litmus.question import ALWAYS, FAMILIES, NEVER, SOMETIMES, State
from arenalab.units import counted

PAGE = Path(__file__).parent.parent / "docs" / "litmus.md"
FILES = "../arenalab/scenarios/litmus"


def cell(litmus: Litmus, version: str) -> str:
    """Return what the table says of a program under a version: the answer, and in how many runs it was so."""
    if version not in litmus.versions:
        return f"only {litmus.scenario.go}"
    answer = litmus.answer(version)
    found = seen(litmus, version)
    if litmus.model_only or found is None:
        return f"{answer}, model only"
    return f"{answer} {found.met(litmus)}/{found.runs}"


def unseen(litmus: Litmus) -> list[State]:
    """Return the states that the model allows under a program's newest Go and no run of any release ended in."""
    found = (run.states for version in litmus.versions if (run := seen(litmus, version)))
    return sorted(allowed(litmus, litmus.versions[-1]).difference(*found))


# the page


def page(told: Sequence[Litmus]) -> str:
    """Return the page as Markdown."""
    parts = [HEAD, _totals(told)]
    for family, about in FAMILIES.items():
        mine = [each for each in told if each.family == family]
        parts += [f"\n## {family[0].upper()}{family[1:]}\n", f"{about}\n", *_table(mine)]
        parts += [f"\n{each.name}: model only, since {each.model_only}." for each in mine if each.model_only]
    return "\n".join([*parts, "\n## Programs with several ends\n", ENDS, *_ends(told)]) + "\n"


def _totals(told: Sequence[Litmus]) -> str:
    pairs = [(each, version) for each in told for version in each.versions]
    runs = sum(found.runs for each, version in pairs if (found := seen(each, version)))
    of = {answer: sum(each.answer(v) == answer for each, v in pairs) for answer in (ALWAYS, SOMETIMES, NEVER)}
    only = sum(bool(each.model_only) for each in told)
    return (
        f"{counted(len(told), 'program')}, {counted(len(pairs), 'cell')}: {of[ALWAYS]} always, {of[SOMETIMES]} "
        f"sometimes, {of[NEVER]} never. {runs:,} runs of real Go, none of which ended in a state that the model "
        f"forbids. {counted(only, 'program')} for the model only."
    )


def _table(told: Sequence[Litmus]) -> Iterator[str]:
    yield f"| program | exists | {' | '.join(VERSIONS)} |"
    yield f"|---|---|{'---|' * len(VERSIONS)}"
    for each in told:
        cells = " | ".join(cell(each, version) for version in VERSIONS)
        yield f"| [{each.name}]({FILES}/{each.name}.toml): {each.lesson} | {each.asks} | {cells} |"


def _ends(told: Sequence[Litmus]) -> Iterator[str]:
    yield "| program | end | runs |"
    yield "|---|---|---|"
    for each in told:
        if each.parts[1]:
            yield from _ends_of(each)


def _ends_of(litmus: Litmus) -> Iterator[str]:
    every = [found.states for version in litmus.versions if (found := seen(litmus, version))]
    ends = sorted({state for states in every for state in states} | set(unseen(litmus)))
    for end in ends if len(ends) > 1 else ():
        count = sum(states.get(end, 0) for states in every)
        yield f"| {litmus.name} | {end} | {f'{count:,}' if count else 'allowed, never seen'} |"


HEAD = """\
# What may a late pointer see? The litmus catalogue

Made by `python -m tools.litmus`; a test compares. A litmus program is a short one with one question about its end, as
herd7 and the Linux kernel have them for memory models. Here is one, `read-of-a-full-chunk-faults`:

```text
a := arena.NewArena()
p := arena.New[Node](a); p.value = 41      // object 0
fill(a)                                    // four arrays of 2 MiB: p's chunk is full
a.Free()
v := p.value                               // the late read
exists: the late read is a fault that names the arena      answer: always
```

*Always*: however it is run, its end is so. *Sometimes*: it may be; who comes first decides. *Never*: it is forbidden.
The model performs a program under every order of its goroutines' turns, with finalizers first, between and last, and
must come to the answer that the file gives. Then the release of each version ran it, every run in a process of its own:
`5/5` says that in five of five runs the end was so. A program with one goroutine was run five times, one with several
a hundred times or more. Programs kept their pointers as integers, so that the collector knew of none but the held
ones. No cell is empty: what no Go here can show says so, and why.

Runs show that something happens. That something never happens they don't show: there the model says it for every
order of this one program, and the runs say that they agree. What was searched beyond these programs:
[isolation.md](isolation.md).

A file is a [scenario](scenarios.md) with a table `[litmus]`:

| key | holds |
|---|---|
| `family` | one of the headings below |
| `asks` | the question, in words |
| `exists` | the same for a machine: `{ 5 = 41 }`, what operations found; all must have |
| `answer` | `"always"`, `"sometimes"` or `"never"`, or a table: `{ "<1.22" = "always", ">=1.22" = "never" }` |
| `model_only` | why no Go here can show it |

What an operation finds: a read its value, `New` an earlier object that lay there (`"where object 0 was"`), `Clone` the
very pointer (`"the same"`), a weak pointer `"nil"` or `"its object"`; a `"panic: …"`, which is recovered; or what ends
the program, a `"fault: …"`, a `"throw: …"`, a sanitizer's `"report: …"`. Operations with `goroutine = N` go on
beside one another, in no order. `python -m tools.record_litmus --go all` runs what is new or changed.
"""
ENDS = """\
All ends of the programs that have more than one, in words for each operation that found something, and how many runs
of all releases came to them. *Allowed, never seen* is what the model lets happen under the newest Go and no run of
any release has hit: a window of a few instructions.
"""


def main() -> int:
    """Write the page, or say what is missing; return the exit status."""
    found = [text for version in VERSIONS for text in compare(catalogue(), version).troubles]
    for text in found:
        print(text)
    if not found:
        PAGE.write_text(page(catalogue()), encoding="utf-8")
        print(PAGE)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
