"""Saved pages: films in HTML that steps by itself, from disk, without a kernel and without a network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from arenalab.errors import ScenarioError
from arenalab.files import written_whole
from arenalab.player import assets
from arenalab.player.bokeh_text import bokeh_html

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


def player_html(*, charts: bool = False) -> str:
    """Return the script that shows all films of a page, with BokehJS where some have charts."""
    return (bokeh_html() if charts else "") + f"<script>{assets.script(assets.SAVED)}</script>"


def films_html(films: Sequence[str]) -> str:
    """Return the part of a page that shows films; several of them move together."""
    shown = "\n".join(map(film_html, films))
    return f'<div class="arenalab-group">{shown}</div>' if len(films) > 1 else shown


def page_html(title: str, body: str, player: str = "") -> str:
    """Return a page; `body` is HTML whose texts are escaped."""
    return PAGE.format(title=escape(title), style=assets.saved_style(), films=body, player=player)


def save_page(path: Path, title: str, films: Sequence[str], *, charts: bool = False) -> Path:
    """Write films as one page; `charts`: whether some have charts. Return the page's path.

    Raises:
        ScenarioError: it can't be written.

    """
    return write_page(path, title, films_html(films), player_html(charts=charts))


def write_page(path: Path, title: str, body: str, player: str = "") -> Path:
    """Write a page, whole or not at all; `body` is HTML whose texts are escaped. Return its path.

    Raises:
        ScenarioError: it can't be written.

    """
    try:
        with written_whole(path) as out:
            out.write(page_html(title, body, player))
    except OSError as trouble:
        raise ScenarioError(f"{path}: can't be written ({trouble.strerror})") from None
    return path
