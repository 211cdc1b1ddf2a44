"""What a page without a kernel consists of: its script, its style sheet, its HTML."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from arenalab.player import assets

SCRIPT = "served.js"  #: the page's module: `show(el, post)`.
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>{title} · ArenaLab</title></head>
<body><main id="arenalab"></main>
<script type="module">
import {{ show, themed, posting }} from "./served.js";
themed();
show(document.getElementById("arenalab"), posting("send"));
</script></body></html>
"""


def page(title: str) -> str:
    """Return the HTML of a page, which stands beside served.js and posts what it says to `send`."""
    return PAGE.format(title=escape(title))


@cache
def script() -> str:
    """Return the page's module."""
    return assets.script(SCRIPT)


@cache
def style() -> str:
    """Return the style sheet: the player's, and that of the bar above."""
    ours = (Path(__file__).parent / "served.css").read_text(encoding="utf-8")
    return assets.style() + ours + assets.dark_page(":has(> #arenalab)")
