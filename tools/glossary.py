"""Write docs/glossary.md: every word that the explorers show, with its sentence of explanation.

`python -m tools.glossary` writes the page; a test holds it against what it would write. The sentences have one home,
`arenalab.view.explained`, from which the explorers take them too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from arenalab.draw.theme import EVERY_LOOK, FAMILIES
from arenalab.view.counter_groups import WORDS
from arenalab.view.event_kinds import FAMILY
from arenalab.view.explained import (
    COUNTERS_EXPLAINED,
    FAMILIES_EXPLAINED,
    STATES_EXPLAINED,
)
from arenalab.view.explained_events import EVENTS_EXPLAINED
from arenalab.view.explained_looks import LOOKS_EXPLAINED

PAGE = Path(__file__).parent.parent / "docs" / "glossary.md"
HEAD = """\
# Glossary of the explorers

What the words and colours in ArenaLab's pictures mean, as the explorers say it when one points at them. The course has
[a glossary of its own](../notebooks/glossary.md) for the words of Go's runtime. This page is written by
`python -m tools.glossary`.
"""


def page() -> str:
    """Return the page."""
    return "\n".join((HEAD, *_sections())) + "\n"


def _sections() -> Iterator[str]:
    yield from _section("Lists and states of chunks", STATES_EXPLAINED)
    yield from _section("Counters", {WORDS[name]: said for name, said in COUNTERS_EXPLAINED.items()})
    yield "## Events\n\nBy family; after each kind the Go function that it follows.\n"
    for family, said in FAMILIES_EXPLAINED.items():
        yield f"### {FAMILIES[family][0].capitalize()}\n\n{said}\n"
        kinds = [kind for kind, its in FAMILY.items() if its == family]
        yield from (
            f"- **{kind.__name__}**{f' (`{kind.go}`)' if kind.go else ''}: {EVENTS_EXPLAINED[kind]}"
            for kind in kinds
        )
        yield ""
    words = {
        f"{look.word} (`{key}`)": LOOKS_EXPLAINED[key]
        for key, look in EVERY_LOOK.items()
        if key in LOOKS_EXPLAINED
    }
    yield from _section("What a legend shows", words)


def _section(title: str, entries: Mapping[str, str]) -> Iterator[str]:
    yield f"## {title}\n"
    yield from (f"- **{word}**: {said}" for word, said in entries.items())
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
