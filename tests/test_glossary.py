"""Every word of Go's runtime that a chapter or a screen uses has an entry, and chapters lead to it."""

import re
from pathlib import Path

import pytest

from arenalab.world.event import EVENTS
from tools import notebooks as tool

ROOT = Path(__file__).parents[1]
COURSE = tool.FOLDER / "glossary.md"
SCREENS = ROOT / "docs" / "glossary.md"
CHAPTERS = [path for path in tool.sources() if path.stem[:2].isdigit()]
#: Units, in which a small letter comes before a large one, are no words of the runtime.
UNITS = {"kB", "kIB"}


def prose(path):
    """Return the Markdown of a chapter up to its sources, without code that stands in blocks."""
    cells = tool.read_source(path).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.sub(r"```.*?```", "", text.partition("*Sources")[0], flags=re.DOTALL)


def terms(page=COURSE):
    return re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)


def explained():
    """Return the words that either glossary explains or names in code, in small letters."""
    text = "".join(page.read_text(encoding="utf-8") for page in (COURSE, SCREENS))
    code = " ".join(re.findall(r"(?:`|\*\*)(.+?)(?:`|\*\*)", text))
    return {word.lower() for word in re.findall(r"\w+", code)} | {term.lower() for term in terms()}


def unexplained(text):
    """Return the Go names and kinds of events of a text that no glossary has: heapLive, ChunkReadied."""
    named = set(re.findall(r"\b[a-z]+[A-Z]\w*\b", re.sub(r"\]\([^)]*\)", "", text)))
    named |= {kind for kind in EVENTS if re.search(rf"\b{kind}\b", text)}
    return sorted(word for word in named - UNITS if word.lower() not in explained())


def unlinked(text):
    """Return the glossary's terms that a text uses before it links to them, or without; longer terms first."""
    flat, found = " ".join(re.sub(r"^#+ .*$", "", text, flags=re.MULTILINE).split()), []
    flat = re.sub(r"\[[^\]]*\]\([^)#]*\)", "", re.sub(r"\[[^\]]*\]\(glossary\.md#([^)]+)\)", r"<\1>", flat))
    for term in sorted(terms(), key=len, reverse=True):
        plain = re.compile(rf"(?<![<\w-]){re.escape(term)}(s|ed)?\b(?![>-])", re.IGNORECASE)
        link, used = flat.find(f"<{term.replace(' ', '-')}>"), plain.search(flat)
        if used and not 0 <= link < used.start():
            found.append(term)
        flat = plain.sub("_", flat)  # a chunk set to fault is another thing than the fault list
    return found


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_names_of_gos_runtime_in_a_chapter_are_in_a_glossary(path):
    assert unexplained(prose(path)) == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_word_of_the_glossary_is_linked_where_a_chapter_first_uses_it(path):
    assert unlinked(prose(path)) == []


def test_name_that_no_glossary_has_is_found():
    assert unexplained("`heapLive` and gcSomethingNew; ChunkReadied, 3 kB") == ["gcSomethingNew"]
    assert unlinked("A [chunk](glossary.md#chunk) of the reuse list; Oblets.") == ["reuse list", "oblet"]
    assert unlinked(
        "A chunk, later a [chunk](glossary.md#chunk); the [fault list](glossary.md#fault-list)."
    ) == ["chunk"]


def test_each_term_of_the_glossary_is_used_by_a_chapter_or_another_term():
    text = "".join(prose(path) for path in CHAPTERS) + COURSE.read_text(encoding="utf-8")
    linked = set(re.findall(r"(?:glossary\.md)?#([a-z-]+)\)", text))
    assert [term for term in terms() if term.replace(" ", "-") not in linked] == []
