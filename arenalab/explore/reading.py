"""An error as HTML; every text from outside is escaped."""

from __future__ import annotations

from html import escape

#: With its looks, for no style sheet of ours need be in the page.
ERROR = (
    '<div class="arenalab-error" role="alert" style="padding:4px 8px;border-left:4px solid #b00020">{}</div>'
)


def error_html(text: str) -> str:
    """Return an error in a line of its own, "" for none."""
    return ERROR.format(escape(text)) if text else ""
