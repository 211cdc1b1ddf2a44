"""The page's side of the explorers: scripts and style sheets, put together from `js/` and `page.css`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from arenalab.draw.scene import scene_css

HERE = Path(__file__).parent


@cache
def script(*names: str) -> str:
    """Return scripts of `js/`, one after the other, as one module."""
    return "\n".join((HERE / "js" / f"{name}.js").read_text(encoding="utf-8") for name in names)


@cache
def style() -> str:
    """Return the style sheet of all explorers; the page's own theme decides which paper's colours hold."""
    dark = ('[data-jp-theme-light="false"] .arenalab-scene', ".vscode-dark .arenalab-scene")
    sheets = [(HERE / "page.css").read_text(encoding="utf-8"), scene_css("light", ".arenalab-scene")]
    return "\n".join([*sheets, *(scene_css("dark", scope) for scope in dark)])
