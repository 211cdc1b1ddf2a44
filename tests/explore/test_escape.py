"""Text from outside stays text: whatever a recording, a history, a scenario, a trace or a reader writes, no page has
another tag, attribute or comment than it has for harmless text of the same length, and nothing is escaped twice.
"""

import json
import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from string import ascii_letters, digits
from xml.etree import ElementTree as ET

import ipywidgets as widgets
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab import explore
from arenalab.course import Exercise, Overview
from arenalab.course.chart import Chart, Line
from arenalab.course.progress import FILE
from arenalab.course.question import solved
from arenalab.course.words import verdict_html
from arenalab.draw.lettering import text_width
from arenalab.errors import ScenarioError
from arenalab.explore import type_words, workbench_parts
from arenalab.explore.reading import error_html
from arenalab.go.types import GoType
from arenalab.machine.machine import Machine
from arenalab.replay.trace import Trace
from arenalab.replay.trace_file import save_trace
from arenalab.scenarios.read import read_scenario
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.examples import examples
from tests.explore.test_film import EXPLORERS, unpack
from tests.strategies import GC_OFF

PIECES = (
    "<img src=x onerror=pwned()>", '"', "'", "&", "]]>", "</title>", "</text>", "</div>", "-->", "<!--", "`",
    "</style>",
)  # fmt: skip
evil = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
each_explorer = pytest.mark.parametrize("kind", EXPLORERS, ids=lambda kind: kind.__name__)


class Page(HTMLParser):
    """What a browser makes of HTML: tags with the names of their attributes, comments, and all words."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, *(name for name, _ in attrs)))
        self.words += [value for _, value in attrs if value]

    def handle_endtag(self, tag):
        self.tags.append(f"/{tag}")

    def handle_data(self, data):
        self.words.append(data)

    def handle_comment(self, data):
        self.tags.append(("comment", data))

    def unknown_decl(self, data):
        self.tags.append(("declaration", data))


#: Letters and digits by how wide they are; the first of each width.
PLAIN = {text_width(sign): sign for sign in reversed(ascii_letters + digits)}


def harmless(text):
    """Return text that no page could take for markup: as long, and to the sign as wide as letters can be."""
    return re.sub(r"[^ ]", lambda sign: PLAIN[min(PLAIN, key=lambda it: abs(it - text_width(sign[0])))], text)


def assert_text_stays_text(pages_of, text, *, shown=True):
    """Hold what is made of a text, whose beginning is shown, against what is made of its harmless twin."""
    told = ""
    for page, twin in zip(pages_of(text), pages_of(harmless(text)), strict=True):
        seen = Page(page)
        told += "\n".join(seen.words)
        assert seen.tags == Page(twin).tags
        assert not re.search("&(amp|lt|gt|quot|#x27|#39);", " ".join(seen.words)), "escaped twice"
    assert not shown or text[:12] in told, "it does not come so far"


def html_below(widget):
    """Yield the HTML of a widget and of all below it."""
    if isinstance(widget, widgets.HTML):
        yield widget.value
    for child in getattr(widget, "children", ()):
        yield from html_below(child)


def pages(explorer):
    """Return all HTML and SVG that an explorer writes: as a still picture, and of every step of a film.

    What the page itself writes of words is text to it: tests of `player/` see to that.
    """
    explorer.step()
    explorer.step()
    still = str(explorer.still())
    ET.fromstring(still)  # noqa: S314  # our own; a browser would refuse a whole page for less
    return [*html_below(explorer.widget), still, *unpack(explorer.film())["shapes"]]


TYPES = [type_of("*int").to_row(0), type_of("[3]byte").to_row(1)]
PROGRAM = [
    *({"op": "new_arena", "arena": 0}, {"op": "new", "arena": 0, "type": 0}),
    *({"op": "slice", "arena": 0, "type": 1, "cap": 3}, {"op": "rep", "arena": 0, "type": 0, "n": 2}),
    {"op": "free", "arena": 0},
]


def type_rows(text):
    """Return rows of two types, with a pointer and without, that are called as nothing in Go is."""
    return [row | {"expr": f"{text}{number}"} for number, row in enumerate(TYPES)]


def named(folder, text, ending):
    """Return a path whose file is called as evil as a file can be."""
    return folder / f"{text.replace('/', '|')}{ending}"


def recording(folder, text):
    """Write a recording with text wherever one can stand, of a program that nobody changed.

    What the format itself names goes last: a text, or its twin, may be spelled like one of its keys ("i").
    """
    path, more = (
        named(folder, text, ".jsonl"),
        dict.fromkeys(("note", "file", "function", "line", text), text),
    )
    rows = [
        {
            **dict.fromkeys(("seed", "profile", "program", text), text),
            "oracle": 1,
            "observed": "partial",
            "go": "go1.21.13",  # another one is refused
        },
        *type_rows(text),
        {**more, "start": {"abs": {}}},
        *(more | {"i": number} | row for number, row in enumerate(PROGRAM)),
        {**more, "end": more | {"ops": len(PROGRAM)}},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def machine(_, text):
    """Run a program whose type has a tag, as a reader types it."""
    made = Machine(GC_OFF)
    tagged = type_of(f"struct{{ next *int {json.dumps(text)}; more []string }}")
    made.run([ops.NewArena(0), ops.New(0, tagged), ops.Free(0)])
    return made


def scenario(folder, text):
    """Write a scenario with text wherever one can stand."""
    path = named(folder, text, ".toml")
    said = json.dumps(text)  # a TOML string as well
    path.write_text(
        f"name = {json.dumps(path.stem)}\nabout = {said}\nshows = [{said}]\nproof = [{said}]\nrecordable = false\n"
        f"reason = {said}\ntypes.T = {json.dumps(f'struct {{ p *int {said} }}')}\n"
        "ops = [{op = 'new_arena', arena = 0}, {op = 'new', arena = 0, type = 'T'}, {op = 'free', arena = 0}]\n",
        encoding="utf-8",
    )
    return path


def trace(folder, text):
    """Write a trace whose types are called as nothing in Go is."""
    one, other = (GoType.from_row(row) for row in type_rows(text))
    path = named(folder, text, ".npz")
    save_trace(
        Trace.from_ops([ops.NewArena(0), ops.New(0, one), ops.MakeSlice(0, other, 3), ops.Free(0)]), path
    )
    return path


SOURCES = (recording, machine, scenario, trace)


@each_explorer
@examples(4)
@given(source=st.sampled_from(SOURCES), text=evil)
def test_text_of_a_file_or_a_type_stays_text(kind, source, text, tmp_path_factory):
    folder = tmp_path_factory.mktemp("evil")
    shown = source in (recording, trace)  # a name hides its type, quotes in a tag have a backslash
    assert_text_stays_text(lambda words: pages(kind(source(folder, words))), text, shown=shown)


@given(text=evil)
def test_each_text_of_an_error_stays_text(text):
    def of(words):
        typed = type_words.error_html(words, ScenarioError(words))
        told = [error_html(words), workbench_parts.about_html(words)]
        return [*told, typed]

    assert_text_stays_text(of, text)


@examples(5)
@given(text=evil)
def test_workbench_and_its_saved_page_keep_text_text(text, tmp_path_factory):
    def of(words):
        folder = tmp_path_factory.mktemp("evil")
        bench = explore.Workbench(read_scenario(scenario(folder, words)))
        bench.bar.path.value = str(named(folder, words, ".gone"))
        assert "gone" in bench.error
        page = bench.save_html(folder / "page.html").read_text(encoding="utf-8")
        return [*html_below(bench.widget), str(bench.still()), page]

    assert_text_stays_text(of, text)


@examples(10)
@given(text=evil)
def test_types_keeps_text_text(text, tmp_path_factory):
    def of(words):
        typed = explore.Types(words)
        assert typed.error
        typed.text = f"struct{{ p *int {json.dumps(words)} }}"
        assert not typed.error
        page = typed.save_html(tmp_path_factory.mktemp("evil") / "page.html").read_text(encoding="utf-8")
        return [*html_below(typed.widget), *html_below(explore.Types(words).widget), page]

    assert_text_stays_text(of, text)


@examples(10)
@given(text=evil)
def test_answers_progress_and_charts_keep_text_text(text, tmp_path_factory):
    def of(words):
        folder = named(tmp_path_factory.mktemp("evil"), words, "")
        folder.mkdir()
        (folder / FILE).write_text(json.dumps({words: words}), encoding="utf-8")
        exercise = Exercise("front-offset", folder=folder)
        exercise.field.widget.value = words
        exercise.check_button.click()
        assert exercise.error
        said = replace(
            solved(exercise.question), right=False, given=words, answer=words, meant=words, why=words
        )
        chart = Chart(words, words, words, (words, "2"), (Line(words, (1.0, 2.0)),))
        overview = Overview(folder)._repr_mimebundle_()["text/html"]
        return [*html_below(exercise.widget), verdict_html(said, exercise.question), overview, str(chart.still()),
                *html_below(chart.live().widget)]  # fmt: skip

    assert_text_stays_text(of, text)


def test_planted_markup_and_double_escaping_are_noticed():
    with pytest.raises(AssertionError):
        assert_text_stays_text(lambda words: [f"<p>{words}</p>"], "<img src=x onerror=pwned()>")
    with pytest.raises(AssertionError):
        assert_text_stays_text(lambda words: [f'<p title="{escape(words, quote=False)}"></p>'], '"')
    with pytest.raises(AssertionError, match="escaped twice"):
        assert_text_stays_text(lambda words: [f"<p>{escape(escape(words))}</p>"], "&")
