"""Make the course a static site: every explorer steps in the page, offline, without a kernel; with a search.

    python -m tools.site [FOLDER]      (default: build/site)

* The notebooks' sources are run once. In their kernel an explorer shows its *film* (`arenalab.player.film`), so a
  page holds the whole run, and the scripts that play it are those of `save_html`. What has no film shows what it
  has for a page without a kernel: a chart that can be zoomed, a picture for either paper.
* Nothing is fetched: styles, scripts and the search index are files beside the pages, and open from disk.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from pygments.formatters import HtmlFormatter

from arenalab.player import assets
from arenalab.player.bokeh_text import scripts
from arenalab.player.saved import film_html
from tools.notebooks import FOLDER, execute, read_source, sources

ASSETS = Path(__file__).parent / "site_assets"
FILM, CHART = "application/vnd.arenalab.film", "application/vnd.arenalab.has-chart"
PART = "application/vnd.arenalab.page-part"
CHARTED = "<!-- with a chart -->"  #: stands behind such a film,
CHART_PART = 'class="arenalab-chart"'  #: and behind what has a chart of its own.
BOKEH = '<script src="assets/bokeh.js" defer></script>\n'  #: of pages with one.

#: Runs first in each kernel: an explorer shows its film; all else, and one whose film is too long, its part of a page.
SHOW_FILMS = f"""
def _show_films():
    from IPython.display import display
    from arenalab.errors import ScenarioError
    from arenalab.explore import Explorer
    from arenalab.explore.bundle import Shown

    def show(shown):
        data = {{}}
        try:
            if isinstance(shown, Explorer):
                data = {{"{FILM}": shown.film(), "{CHART}": "yes" * shown.has_chart}}
        except ScenarioError:
            pass
        display(data or {{"{PART}": shown.page_part()}}, raw=True)

    get_ipython().display_formatter.ipython_display_formatter.for_type(Shown, show)

_show_films()
del _show_films
"""

FOLDED = "What happens (think first, then unfold)"  #: stands before an output that the reader is to predict.

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · ArenaLab</title>
<link rel="stylesheet" href="assets/site.css"></head>
<body data-jp-theme-light="true">
<script src="assets/paper.js"></script>
<a class="skip" href="#content">to the text</a>
<header><a class="home" href="index.html">ArenaLab</a>
<label class="search"><span>search</span>
<input id="search" type="search" placeholder="search" autocomplete="off"></label>
<button id="paper" type="button" title="Light or dark" aria-label="Light or dark">◐</button></header>
<div id="found" role="region" aria-live="polite" aria-label="What was found" hidden></div>
<nav aria-label="Chapters"><details open><summary>Chapters</summary><ol>{chapters}</ol></details></nav>
<main id="content">
{body}
</main>
<script src="assets/index.js" defer></script>
{bokeh}<script src="assets/player.js" defer></script>
<script src="assets/site.js" defer></script>
</body></html>
"""


class Chapter(NamedTuple):
    """One page of the site."""

    name: str  #: of its file, without an ending.
    title: str
    body: str  #: HTML.
    texts: list[tuple[str, str]]  #: (heading, text below it), for the search.


def rendered(source: Path) -> Chapter:
    """Run a notebook's source and return its page."""
    notebook = read_source(source)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(SHOW_FILMS))
    execute(notebook, source.parent)
    cells = notebook.cells[1:]
    title = next(_title(cell.source) for cell in cells if cell.cell_type == "markdown")
    return Chapter(source.stem, title, "\n".join(map(_cell, cells)), list(_texts(cells)))


def _title(markdown: str) -> str:
    return MARKS.sub("", markdown.lstrip().splitlines()[0]).strip()


def _cell(cell: Any) -> str:
    if cell.cell_type == "markdown":
        return f'<section class="prose">{_markdown(cell.source)}</section>'
    code = str(Highlight2HTML(pygments_lexer="python3")(cell.source))
    shown = "".join(map(_output, cell.outputs))
    if cell.metadata.get("jupyter", {}).get("outputs_hidden"):
        shown = f"<details><summary>{FOLDED}</summary>{shown}</details>"
    return f'<section class="code">{code}</section>{shown}'


def _markdown(text: str) -> str:
    """Return Markdown as HTML in which links between notebooks lead to pages."""
    html = str(markdown2html_mistune(text))
    html = re.sub(r'href="([\w./-]+)\.(?:ipynb|md)(#[^"]*)?"', r'href="\1.html\2"', html)
    return re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", html)


def _output(out: Any) -> str:
    if out.output_type == "stream":
        return _printed(out.text)
    if out.output_type == "error":
        raise RuntimeError(f"a cell failed: {out.ename}: {out.evalue}")
    data = out.get("data", {})
    if FILM in data:
        return film_html(data[FILM]) + CHARTED * bool(data[CHART])
    if PART in data:
        told = data[PART].replace("Run this cell", "In the notebook, run this cell")
        return f'<div class="out">{told}</div>{CHARTED * (CHART_PART in told)}'
    if "text/html" in data:
        return f'<div class="out">{data["text/html"]}</div>'
    if "image/png" in data:
        told = escape(data.get("text/plain", ""), quote=True)
        return f'<img class="out" alt="{told}" src="data:image/png;base64,{data["image/png"].strip()}">'
    return _printed(data["text/plain"]) if "text/plain" in data else ""


#: Stands in what is printed as a table of three columns or more: its lines may not be broken.
COLUMNS = re.compile(r"\S {2,}\S.* {2,}\S")


def _printed(text: str) -> str:
    kind = "out columns" if COLUMNS.search(text) else "out"
    return f'<pre class="{kind}">{escape(text)}</pre>'


MARKS = re.compile(r"<[^>]*>|[*`>#|]|\]\([^)]*\)|\[")  # what Markdown adds to words


def _texts(cells: list[Any]) -> Iterator[tuple[str, str]]:
    """Yield (heading, text below it) of all Markdown, without its marks."""
    heading, below = "", list[str]()
    for line in "\n".join(cell.source for cell in cells if cell.cell_type == "markdown").splitlines():
        if line.startswith("#"):
            if heading:
                yield heading, " ".join(below)
            heading, below = MARKS.sub("", line).strip(), []
        elif line.strip():
            below.append(MARKS.sub("", line).strip())
    yield heading, " ".join(below)


def document(path: Path) -> Chapter:
    """Return the page of a Markdown file."""
    text = path.read_text(encoding="utf-8")
    cell = nbformat.v4.new_markdown_cell(text)
    return Chapter(path.stem, _title(text), _cell(cell), list(_texts([cell])))


def write(chapters: list[Chapter], folder: Path) -> None:
    """Write all pages and what they share."""
    (folder / "assets").mkdir(parents=True, exist_ok=True)
    for chapter in chapters:
        (folder / f"{chapter.name}.html").write_text(_page(chapter, chapters), encoding="utf-8")
    found = [
        {"page": f"{chapter.name}.html", "title": chapter.title, "heading": heading, "text": text}
        for chapter in chapters
        for heading, text in chapter.texts
    ]
    light, dark = (HtmlFormatter(style=style, cssclass="highlight") for style in ("xcode", "monokai"))
    sheets = [
        assets.saved_style(), light.get_style_defs(".highlight"),
        dark.get_style_defs('[data-jp-theme-light="false"] .highlight'),
        (ASSETS / "site.css").read_text(encoding="utf-8"),
    ]  # fmt: skip
    for name, text in (
        ("index.js", f"window.ARENALAB_INDEX = {json.dumps(found)};"),
        ("player.js", assets.script(assets.SAVED)),
        ("bokeh.js", "\n".join(scripts())),
        *((name, (ASSETS / name).read_text(encoding="utf-8")) for name in ("paper.js", "site.js")),
        ("site.css", "\n".join(sheets)),
    ):
        (folder / "assets" / name).write_text(text, encoding="utf-8")


def _page(chapter: Chapter, chapters: list[Chapter]) -> str:
    links = "".join(
        f'<li><a href="{it.name}.html"{" aria-current=page" if it is chapter else ""}>{escape(it.title)}</a></li>'
        for it in chapters
    )
    return PAGE.format(
        title=escape(chapter.title),
        chapters=links,
        body=chapter.body,
        bokeh=BOKEH * (CHARTED in chapter.body),
    )


def make(folder: Path, notebooks: Path = FOLDER) -> list[Chapter]:
    """Make the whole site and return its chapters."""
    chapters = []
    every = sorted(sources(notebooks), key=lambda source: (source.stem != "index", source.stem))
    for source in every:
        print(f"{source.stem}: running", flush=True)
        chapters.append(rendered(source))
    chapters += [document(path) for path in sorted(notebooks.glob("*.md"))]
    write(chapters, folder)
    return chapters


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.site", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/site"))
    folder = parser.parse_args(argv).folder
    chapters = make(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{len(chapters)} pages, {size / 2**20:.1f} MiB: open {folder / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
