"""What the documents promise is there: the example runs, the commands exist, the links lead somewhere."""

import re
from pathlib import Path

import pytest

from arenalab.draw.theme import PAPERS
from tools import pictures
from tools.docs.assemble import MADE

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def dead_links(document, root):
    """Return the relative links of a document that lead to no file, nor to a page that `make docs` makes."""
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)  # of prose: New[T](a) is no link
    made = tuple((ROOT / "docs" / folder).as_posix() for folder in MADE)
    paths = {target: (root / document.parent / target).resolve() for target in targets}
    return [
        target for target, path in paths.items() if not path.exists() and not path.as_posix().startswith(made)
    ]


def code_blocks(document, language):
    return re.findall(rf"```{language}\n(.*?)```", document.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_readme_example_prints_what_the_readme_says(capsys):
    [program] = code_blocks(ROOT / "README.md", "python")
    [printed] = code_blocks(ROOT / "README.md", "text")
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102  # our own README
    assert capsys.readouterr().out == printed


def test_gallery_shows_what_the_tool_makes():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"docs/pictures/(\w+)_light\.png", readme))
    assert shown == set(pictures.PICTURES)
    assert {path.stem for path in (ROOT / "docs/pictures").glob("*.png")} - {"costs"} == {
        f"{name}_{paper}" for name in shown for paper in PAPERS
    }
    for name, shows in pictures.PICTURES.items():
        assert shows().text().count("\n") > 5, name


def test_make_targets_named_in_documents_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = {
        name
        for path in DOCUMENTS
        for name in re.findall(r"[`\n]make ([a-z]+)", path.read_text(encoding="utf-8"))
    }
    assert {"lab", "test"} <= named <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    assert dead_links(document, ROOT) == []


def test_dead_link_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("See [this](page.md), [that](missing.md#part) and [them](https://example.org/).")
    assert dead_links(page, tmp_path) == ["missing.md"]


def test_how_to_add_each_thing_is_told_once():
    told = re.findall(
        r"^\*\*(.+?)\*\*", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert len(told) > 3
    assert sorted(told) == sorted(set(told))


def test_architecture_fits_two_pages():
    """About 500 words to a page."""
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split()) <= 1000


def test_whether_an_arena_pays_is_said_of_a_version():
    """Between Go 1.21 and 1.27 the answer turns round."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    told = [line for line in text.split("\n\n") if "sixteen nodes" in line]
    told += re.findall(r"\*\*Claim.*?(?:cheaper|faster|fast|saves).*?\*\*", text, re.DOTALL)
    assert told
    assert [words for words in told if "1.21" not in words] == []
    assert "1.27" in text


def test_chapter_12_reads_its_verdict_off_the_costs_of_the_go_that_is_picked():
    text = (ROOT / "notebooks" / "12_should_i_use_arenas.py").read_text(encoding="utf-8")
    assert 'print(f"Go {GO}, GOGC=100: {costs.verdict()}")' in text
    assert re.findall(r"\*\*Claim[^*]*(?:cheaper|faster|saves)[^*]*\*\*", text) == []
