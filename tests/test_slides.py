"""Slides of every chapter, made from the saved notebooks: whole, offline, nothing said before it is predicted."""

import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from arenalab.course import families
from tools import notebooks, slides

TEACHING = Path(__file__).parents[1] / "docs" / "teaching.md"
CHAPTERS = [path for path in notebooks.sources() if path.stem != "index"]


def deck(path):
    return slides.slides_of(nbformat.read(path.with_suffix(".ipynb"), as_version=4))


class Fetched(HTMLParser):
    """Collect what a page would load from elsewhere."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        names = ("src",) if tag != "link" else ("href",)
        self.found += [value for name, value in attrs if name in names and not value.startswith("data:")]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_has_a_title_what_to_predict_and_its_exercises(path):
    its = deck(path)
    assert its[0].kind == "title"
    assert 8 <= len(its) <= 60
    cells = notebooks.read_source(path).cells
    asked = [cell for cell in cells if re.match(r"(arenalab\.)?Exercise\(", cell.source)]
    assert sum(slide.kind == "exercise" for slide in its) == len(asked)
    told = "".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert "".join(slide.body for slide in its).count("<strong>Predict") == told.count("**Predict")


def test_output_comes_on_the_slide_after_its_code():
    cells = [
        nbformat.v4.new_markdown_cell(
            "# 1 · Title\n\n*You need:* nothing.\n\nFirst. Second.\n\n## Part\n\n**Predict:** what? Why?"
        ),
        nbformat.v4.new_code_cell("print(7)", outputs=[nbformat.v4.new_output("stream", text="7 <b>")]),
        nbformat.v4.new_code_cell("assert True"),
        nbformat.v4.new_markdown_cell("See [there](02.ipynb). More.\n\n*Sources: all.*\n\n**Next:** [2](02.ipynb)"),
    ]  # fmt: skip
    its = slides.slides_of(nbformat.v4.new_notebook(cells=cells))
    assert [slide.kind for slide in its] == ["title", "code", "shown", "text"]
    title, code, shown, text = (slide.body for slide in its)
    assert ("First." in title, "Second." in title, "You need" in title) == (True, False, False)
    assert "what? Why?" in code
    assert "7 &lt;b&gt;" not in code
    assert "7 &lt;b&gt;" in shown
    assert ("See there." in text, "<a " in text, "More." in text, "Next" in text) == (
        True,
        False,
        False,
        False,
    )


def test_pages_need_nothing_else_and_are_listed(tmp_path):
    pages = slides.make(tmp_path, ["02_two_ends", "20_arena_inventory"])
    assert [page.name for page in pages] == ["02_two_ends.html", "20_arena_inventory.html"]
    for page in (*pages, tmp_path / "index.html"):
        text = page.read_text(encoding="utf-8")
        assert Fetched(text).found == []
        assert "@import" not in text
    assert 'href="02_two_ends.html"' in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_exercises_that_the_teachers_guide_names_are_there():
    text = TEACHING.read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+-[a-z-]+)`", text)) - {"arenalab-progress"}
    assert len(named) > 8
    assert named <= {family.name for family in families()}
