"""The documentation site: its pages build, what they show runs, and no public name is left unsaid."""

import doctest
import inspect
import re
import shlex
import shutil
from importlib import import_module
from pathlib import Path

import pytest

import arenalab
from arenalab.cli import main as arenalab_command
from arenalab.cli_commands import COMMANDS, PARTS
from tools.docs import api, assemble, commands, examples
from tools.docs.check import complaints
from tools.docs.docstrings import as_rst
from tools.docs.lacking import lacking
from tools.docs.public import GROUPS, WINDOWS, modules, window_of

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(path for path in ROOT.glob("docs/**/*.md"))
SHOWN = [
    path
    for folder in ("formats", "howto", "tutorial")
    for path in sorted((ROOT / "docs" / folder).glob("*.md"))
]


@pytest.mark.parametrize("heading", GROUPS)
def test_public_modules_say_what_each_name_and_field_is(heading):
    assert [said for name in GROUPS[heading][1] for said in lacking(name)] == []


def test_examples_in_docstrings_hold():
    tried = {}
    for name in modules():
        module = import_module(name)
        if ">>>" in inspect.getsource(module):
            tried[name] = doctest.testmod(module)
    assert [name for name, (failed, attempted) in tried.items() if failed or not attempted] == []
    assert len(tried) > 15


def test_name_without_a_word_is_noticed(tmp_path, monkeypatch):
    (tmp_path / "unsaid.py").write_text(
        '"""A module that says little of itself."""\n'
        "from dataclasses import dataclass\n\n\n"
        "@dataclass\nclass Row:\n    '''A row of some table.'''\n\n    at: int\n    n: int = 0  #: how many.\n\n"
        "    def told(self):\n        '''Tell.'''\n\n\ndef bare():\n    pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert lacking("unsaid") == [
        "unsaid.Row.told: a docstring of 1 words: Tell.",
        "unsaid.bare: no docstring",
        "unsaid.Row.at: nothing says what it holds",
    ]


def test_what_a_module_shows_is_told_somewhere():
    homes = {home for window in WINDOWS for _, home, _ in window_of(window)}
    assert homes - set(modules()) - {""} == set()


def test_every_page_is_in_a_list_of_contents():
    lists = [
        (path.parent / line).resolve()
        for path in PAGES
        for block in re.findall(r"```\{toctree\}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
        for line in block.splitlines()
        if line and not line.startswith(":")
    ]
    lost = [page for page in PAGES if page.with_suffix("") not in lists and page != ROOT / "docs/index.md"]
    assert lost == []


def test_docstring_becomes_restructured_text():
    said = [
        "Take `*T` or x_ of",
        "1. one",
        "   more",
        "2. two",
        "",
        "    code * as it is",
        "",
        "Raises:",
        "    Error: `a|b`.",
    ]
    assert as_rst(said) == [
        "Take ``*T`` or x\\_ of", "", "1. one", "   more", "2. two", "",
        "::", "", "    code * as it is", "", "Raises:", "    Error: ``a|b``.", "",
    ]  # fmt: skip


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_examples_print_what_the_page_says(path, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = list(examples.run(path.read_text(encoding="utf-8"), tmp_path))
    assert [(each.block.text, each.printed) for each in found] == []


def test_example_that_prints_something_else_is_noticed(tmp_path):
    page = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    [found] = examples.run(page, tmp_path)
    assert (found.block.text, found.printed) == ("3\n", "2\n")


def test_whole_file_on_a_page_is_read(tmp_path):
    for page, files in (("formats/history.md", 1), ("recording-format.md", 2)):
        blocks = [
            block
            for block in examples.blocks_of((ROOT / "docs" / page).read_text(encoding="utf-8"))
            if block.file
        ]
        assert len(blocks) == files
        for block in blocks:
            path = tmp_path / block.file
            path.write_text(block.text, encoding="utf-8")
            assert len(arenalab.open(path).ops) > 2


def test_commands_say_what_their_parsers_say():
    page = commands.page()
    assert "### arenalab check" in page
    assert "| `--jobs N` |" in page
    assert str(Path.home()) not in page


def test_links_are_turned_to_where_the_pages_are():
    where = {"docs/trace.md": "trace.md", "notebooks/glossary.md": "course/glossary.md"}
    text = "See [a](../notebooks/glossary.md#Fault), [b](../README.md), `[c](d)`, ![e](f.png) and [g](https://h.i)."
    assert assemble.relinked(text, "docs/trace.md", where) == (
        "See [a](course/glossary.md#fault), b, `[c](d)`, ![e](f.png) and [g](https://h.i)."
    )


def test_kinds_of_events_in_the_glossary_lead_to_the_reference():
    text = "- **ReusePut** (`(*userArena).free, arena.go`): put.\n- **absent**: no address.\n"
    linked = assemble.events_linked(text, "glossary.md")
    assert "- {py:obj}`ReusePut <arenalab.world.end_events.ReusePut>` (`" in linked
    assert "- **absent**: no address." in linked
    assert assemble.events_linked(text, "trace.md") == text


def test_page_that_needs_a_network_or_leads_nowhere_is_noticed(tmp_path):
    (tmp_path / "a.html").write_text(
        '<script src="https://cdn.net/x.js"></script><a href="b.html#no">b</a><a href="c.html">c</a>'
    )
    (tmp_path / "b.html").write_text('<p id="yes"></p><img src="gone.png"><a href="a.html">a</a>')
    assert complaints(tmp_path) == [
        "a.html: fetches https://cdn.net/x.js",
        "a.html: links to b.html#no, where nothing is called so",
        "a.html: links to c.html, which is not there",
        "b.html: has no gone.png",
    ]


def test_reference_has_a_page_for_each_public_module():
    pages = api.pages()
    assert {f"reference/api/{name}.md" for name in modules()} <= set(pages)


def calls_in(path):
    """Yield the command lines of a page that begin with `arenalab`, without prompt and comment."""
    for block in examples.blocks_of(path.read_text(encoding="utf-8")):
        for line in block.text.splitlines() if block.kind in ("console", "sh") else ():
            for call in re.split(r"&&", line.removeprefix("$ ").partition("  #")[0]):
                if re.match(r"(\.venv/bin/)?arenalab ", call.strip()):
                    yield call.strip().partition(" -- ")[0].split()[1:]


def options_of(words):
    """Return the options that the command of some words has; None where there is no such command."""
    name = " ".join(words[:2])
    command = PARTS.get(name) or COMMANDS.get(words[0])
    if command is None:
        return None
    parser = commands.parser_of(command)
    parts = [
        part
        for action in parser._actions
        for part in (action.choices.values() if isinstance(action.choices, dict) else ())
    ]
    return {option for it in (parser, *parts) for action in it._actions for option in action.option_strings}


PASSED_ON = {"lab", "course"}  # what these don't know is JupyterLab's


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *PAGES], ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_commands_of_a_page_have_the_options_that_it_names(path):
    known = {}
    for words in calls_in(path):
        name = " ".join(words[:2]) if " ".join(words[:2]) in PARTS else words[0]
        known.setdefault(name, options_of(words))
        assert known[name] is not None, words
        given = {word.partition("=")[0] for word in words if word.startswith("-") and len(word) > 1}
        assert name in PASSED_ON or given <= known[name], words


def test_option_that_a_command_lacks_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```console\n$ arenalab check --quickly run.jsonl\n```\n")
    [words] = calls_in(page)
    assert "--quickly" not in options_of(words)
    assert options_of(["nothing"]) is None


CODEC = """package codec

import (
	"arena"
	"testing"
)

func decode() int {
	a := arena.NewArena()
	defer a.Free()
	return len(arena.MakeSlice[byte](a, 64, 64))
}

func TestDecode(t *testing.T) {
	if decode() != 64 {
		t.Fatal("no room")
	}
}

func BenchmarkDecode(b *testing.B) {
	for i := 0; i < b.N; i++ {
		decode()
	}
}
"""


@pytest.mark.go
@pytest.mark.slow
@pytest.mark.parametrize("page", ["record_your_program", "record_its_tests"])
def test_recordings_of_a_page_are_made_of_real_go(page, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "examples/go", tmp_path / "mine")
    (tmp_path / "mine/codec").mkdir()
    (tmp_path / "mine/codec/codec_test.go").write_text(CODEC)
    (tmp_path / "mine/cmd").mkdir()
    shutil.move(tmp_path / "mine/server", tmp_path / "mine/cmd/server")
    monkeypatch.chdir(tmp_path / "mine")
    text = (ROOT / f"docs/howto/{page}.md").read_text(encoding="utf-8")
    lines = [
        line
        for block in examples.blocks_of(text)
        for line in block.text.splitlines()
        if "arenalab record" in line
    ]
    assert lines
    for line in lines:
        arguments = shlex.split(line.replace("-its -own flags", ""))[1:]
        assert arenalab_command(arguments) == 0, line
        assert arenalab.check(arenalab.load_recording(arguments[arguments.index("-o") + 1])).ok
