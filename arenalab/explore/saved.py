"""Saved pages: films in HTML that steps by itself, from disk, without a kernel and without a network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from arenalab.errors import ScenarioError
from arenalab.explore import assets
from arenalab.files import written_whole

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


def player_html() -> str:
    """Return the scripts that show all films of a page."""
    return f'<script type="module">{assets.script(*assets.PLAYER)}</script>'


def save_page(path: Path, title: str, films: Sequence[str]) -> Path:
    """Write films as one page; several of them move together. Return the page's path."""
    shown = "\n".join(map(film_html, films))
    body = f'<div class="arenalab-group">{shown}</div>' if len(films) > 1 else shown
    return write_page(path, title, body, player_html())


def write_page(path: Path, title: str, body: str, player: str = "") -> Path:
    """Write a page, whole or not at all; `body` is HTML whose texts are escaped. Return its path.

    Raises:
        ScenarioError: it can't be written.

    """
    text = PAGE.format(title=escape(title), style=assets.saved_style(), films=body, player=player)
    try:
        with written_whole(path) as out:
            out.write(text)
    except OSError as trouble:
        raise ScenarioError(f"{path}: can't be written ({trouble.strerror})") from None
    return path
