"""HTML of the types explorer: a picture for each paper and width, an error with its place; every text is escaped."""

from __future__ import annotations

from html import escape

from arenalab.draw.theme import PAPERS
from arenalab.draw.type_layout_still import type_layout_still
from arenalab.errors import ArenaLabError, TypeTextError
from arenalab.view.type_layout import TypeLayout

WIDTHS = (
    960,
    600,
    360,
    280,
)  #: points for which a type is drawn; a page shows the widest that there is room for.
#: The page shows the paper that is like itself.
STYLE = """<style>.arenalab-types .arenalab-error {margin: 0; padding: 4px 8px; line-height: 1.4;
border-left: 4px solid #b00020; background: var(--jp-error-color3, #fdecee); color: var(--jp-ui-font-color1, #1c1f22)}
.arenalab-dark {display: none}
[data-jp-theme-light="false"] .arenalab-dark, .vscode-dark .arenalab-dark {display: block}
[data-jp-theme-light="false"] .arenalab-light, .vscode-dark .arenalab-light {display: none}
.arenalab-type {container-type: inline-size}
.arenalab-w600, .arenalab-w360, .arenalab-w280 {display: none}
@container (max-width: 959px) {.arenalab-w960 {display: none} .arenalab-w600 {display: block}}
@container (max-width: 599px) {.arenalab-w600 {display: none} .arenalab-w360 {display: block}}
@container (max-width: 359px) {.arenalab-w360 {display: none} .arenalab-w280 {display: block}}</style>"""


def picture_html(view: TypeLayout, *, steady: bool = False) -> str:
    """Return a type's picture on both papers and in all widths: it follows the page's theme and its room."""
    papers = [
        f'<div class="arenalab-{paper}">'
        + "".join(
            f'<div class="arenalab-w{width}">{type_layout_still(view, paper, width, steady=steady)}</div>'
            for width in WIDTHS
        )
        + "</div>"
        for paper in PAPERS
    ]
    return f'{STYLE}<div class="arenalab-type">{"".join(papers)}</div>'


def error_html(text: str, error: ArenaLabError) -> str:
    """Return the line of the text where the error is, a mark under its column, and the reason."""
    told = str(error)
    if isinstance(error, TypeTextError):
        lines, start = text.split("\n"), max(error.column - 60, 0)
        line = lines[error.line - 1] if error.line <= len(lines) else ""
        told = f"{line[start : start + 100]}\n{' ' * (error.column - 1 - start)}^ {error}"
    return f'<pre class="arenalab-error" role="alert">{escape(told)}</pre>'
