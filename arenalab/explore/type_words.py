"""HTML of the types explorer: a picture for either paper, an error with its place; every text is escaped."""

from __future__ import annotations

from html import escape

from arenalab.draw.still import Still
from arenalab.errors import ArenaLabError, TypeTextError

#: The page shows the paper that is like itself.
SHOWN = """<style>.arenalab-types .arenalab-error {{margin: 0; padding: 4px 8px; line-height: 1.4;
border-left: 4px solid #b00020; background: var(--jp-error-color3, #fdecee); color: var(--jp-ui-font-color1, #1c1f22)}}
.arenalab-dark {{display: none}}
[data-jp-theme-light="false"] .arenalab-dark, .vscode-dark .arenalab-dark {{display: block}}
[data-jp-theme-light="false"] .arenalab-light, .vscode-dark .arenalab-light {{display: none}}</style>
<div class="arenalab-light">{}</div><div class="arenalab-dark">{}</div>"""


def picture_html(light: Still, dark: Still) -> str:
    """Return a picture that follows the page's theme."""
    return SHOWN.format(light, dark)


def error_html(text: str, error: ArenaLabError) -> str:
    """Return the line of the text where the error is, a mark under its column, and the reason."""
    told = str(error)
    if isinstance(error, TypeTextError):
        lines, start = text.split("\n"), max(error.column - 60, 0)
        line = lines[error.line - 1] if error.line <= len(lines) else ""
        told = f"{line[start : start + 100]}\n{' ' * (error.column - 1 - start)}^ {error}"
    return f'<pre class="arenalab-error" role="alert">{escape(told)}</pre>'
