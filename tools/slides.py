"""Make slides of the course: a page for each chapter, from the saved notebooks; nothing is run, nothing is fetched.

    python -m tools.slides [FOLDER] [CHAPTER...]      (default: build/slides, all chapters)

* A heading begins a slide. Of a paragraph a slide has the first sentence; **Predict:** and **Claim:** it has whole.
* Code stands below the text before it; what it prints or draws is the next slide, so that a class predicts first.
* The exercises are slides, with hints and answers folded. Keys: arrows, space, Home, End; printed, all slides.
"""

from __future__ import annotations

import argparse
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

from tools.notebooks import FOLDER, sources

ASSETS = Path(__file__).parent / "site_assets"
#: What a teacher says, or what leads elsewhere.
LEFT_OUT = ("*You need:*", "*Sources", "**Next:**", "**Begin:**", "**Back to:**")
NOT_SHOWN = (
    "assert ",
    "pick_go(",
)  #: code that a class need not see: checks of what was learned, the picker.
WHOLE = re.compile(r"\*\*(Predict|Claim)|^\s*([*|#-]|\d+\.|```)|^\*\*")  #: paragraphs that are kept whole.
SENTENCE = re.compile(r"^.*?(?<!e\.g)(?<!i\.e)[.?!](?=\s|$)", re.DOTALL)
MOST_CHARS = 1800  #: of text that a cell prints: more does not fit on a slide.

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · slides · ArenaLab</title><style>{style}</style></head>
<body>{slides}
<p id="number" aria-live="polite"></p><script>{script}</script></body></html>
"""


class Slide(NamedTuple):
    """One slide: its class and its HTML."""

    kind: str  #: title, text, code, shown or exercise.
    body: str


def slides_of(notebook: Any) -> list[Slide]:
    """Return the slides of a saved notebook in order."""
    slides: list[Slide] = []
    for slide in (slide for cell in notebook.cells for slide in _of_cell(cell)):
        if slide.kind == "code" and slides and slides[-1].kind == "text":
            slides[-1] = Slide("code", slides[-1].body + slide.body)
        else:
            slides.append(slide)
    return slides


def _of_cell(cell: Any) -> Iterator[Slide]:
    if cell.cell_type == "markdown":
        yield from _of_text(cell.source)
        return
    shown = "".join(map(_output, cell.outputs))
    if "arenalab-exercise" in shown or re.match(r"(arenalab\.)?Exercise\(", cell.source):
        yield Slide("exercise", shown)
        return
    if any(said in cell.source for said in NOT_SHOWN):
        return
    yield Slide("code", str(Highlight2HTML(pygments_lexer="python3")(cell.source)))
    if shown:
        yield Slide("shown", shown)


def _of_text(text: str) -> Iterator[Slide]:
    for part in re.split(r"^(?=##? )", text, flags=re.MULTILINE):
        kept = [said for paragraph in re.split(r"\n\n+", part.strip()) if (said := _said(paragraph))]
        if kept:
            kind = "title" if kept[0].startswith("# ") else "text"
            html = str(markdown2html_mistune("\n\n".join(kept)))
            yield Slide(kind, re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", html))


def _said(paragraph: str) -> str:
    """Return what a slide has of a paragraph, "" for nothing; links are words only."""
    if paragraph.startswith(LEFT_OUT):
        return ""
    plain = re.sub(r"(?<!!)\[([^\]]*)\]\([^)]*\)", r"\1", paragraph)
    if WHOLE.search(plain):
        return plain
    first = SENTENCE.match(plain)
    return first[0] if first else plain


def _output(out: Any) -> str:
    if out.output_type == "stream":
        return f"<pre>{escape(_short(out.text))}</pre>"
    data = out.get("data", {})
    if "image/png" in data:
        told = escape(data.get("text/plain", ""), quote=True)
        return f'<img alt="{told}" src="data:image/png;base64,{data["image/png"].strip()}">'
    if "text/html" in data:
        return f"<div>{data['text/html'].replace('<details open', '<details')}</div>"
    return f"<pre>{escape(_short(data['text/plain']))}</pre>" if "text/plain" in data else ""


def _short(text: str) -> str:
    return text if len(text) <= MOST_CHARS else f"{text[:MOST_CHARS]}\n…"


def page(notebook: Any, title: str) -> str:
    """Return a chapter's slides as a page that needs nothing else."""
    slides = "\n".join(
        f'<section class="{slide.kind}" tabindex="-1">{slide.body}</section>' for slide in slides_of(notebook)
    )
    light, dark = (HtmlFormatter(style=style, cssclass="highlight") for style in ("xcode", "monokai"))
    at_night = f"@media (prefers-color-scheme: dark) {{ {dark.get_style_defs('.highlight')} }}"
    style = "\n".join(
        (light.get_style_defs(".highlight"), at_night, (ASSETS / "slides.css").read_text(encoding="utf-8"))
    )
    script = (ASSETS / "slides.js").read_text(encoding="utf-8")
    return PAGE.format(title=escape(title), style=style, slides=slides, script=script)


def make(folder: Path, names: list[str] | None = None) -> list[Path]:
    """Write the slides of chapters, of all without names, and a page that lists them; return the chapters' pages."""
    folder.mkdir(parents=True, exist_ok=True)
    pages, links = [], []
    for source in sources(FOLDER):
        if source.stem == "index" or (names and source.stem not in names):
            continue
        notebook = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
        title = next(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        title = title.splitlines()[0].lstrip("# ")
        pages.append(folder / f"{source.stem}.html")
        pages[-1].write_text(page(notebook, title), encoding="utf-8")
        links.append(f"- [{title}]({source.stem}.html)")
    body = str(markdown2html_mistune("# Slides of the course\n\n" + "\n".join(links)))
    style = (ASSETS / "slides.css").read_text(encoding="utf-8")
    index = PAGE.format(
        title="All chapters", style=style, slides=f'<section class="now">{body}</section>', script=""
    )
    (folder / "index.html").write_text(index, encoding="utf-8")
    return pages


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.slides", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/slides"))
    parser.add_argument("chapters", nargs="*", help="names such as 01_first_steps")
    asked = parser.parse_args(argv)
    pages = make(asked.folder, asked.chapters)
    print(f"{len(pages)} chapters: open {asked.folder / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
