"""Saved pages: films in HTML that steps by itself, from disk, without a kernel and without a network."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from html import escape
from pathlib import Path

from arenalab.explore import assets
from arenalab.explore.page import scripts

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · ArenaLab</title>
<style>{style}</style></head>
<body data-jp-theme-light="true"><main>
{films}
</main>
{player}
</body></html>
"""
FILM = """<div class="arenalab-saved"><noscript>Stepping needs JavaScript.</noscript>
<script type="text/plain">{}</script></div>"""


def film_html(packed: str) -> str:
    """Return the part of a page that `player_html` makes a film of; base 64 needs no escaping."""
    return FILM.format(packed)


def player_html(*, bokeh: bool = True) -> str:
    """Return the scripts that show all films of a page; `bokeh` for pages with figures."""
    figures = [f"<script>{text}</script>" for text in scripts()] if bokeh else []
    player = assets.script("common", "scene", "reels", "saved")
    return "\n".join([*figures, f'<script type="module">{player}</script>'])


def save_page(path: Path, title: str, films: Iterable[str], *, bokeh: bool = True) -> Path:
    """Write films as one page, whole or not at all; return its path."""
    text = PAGE.format(
        title=escape(title), style=assets.saved_style(), films="\n".join(map(film_html, films)),
        player=player_html(bokeh=bokeh),
    )  # fmt: skip
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    return path
