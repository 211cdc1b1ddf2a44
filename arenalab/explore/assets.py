"""The page's side of the explorers: scripts and style sheets, put together from `js/` and `page.css`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from arenalab.draw.scene import scene_css
from arenalab.draw.theme import FAMILIES, PAPERS, Paper
from arenalab.explore.bundle import kept_style

HERE = Path(__file__).parent
PLAYER = ("common", "scene", "raster_core", "reels", "saved")  #: scripts that show films.


@cache
def script(*names: str) -> str:
    """Return scripts of `js/`, one after the other, as one module."""
    return "\n".join((HERE / "js" / f"{name}.js").read_text(encoding="utf-8") for name in names)


@cache
def style() -> str:
    """Return the style sheet of all explorers; the page's own theme decides which paper's colours hold."""
    dark = '[data-jp-theme-light="false"]', ".vscode-dark"
    sheets = [(HERE / "page.css").read_text(encoding="utf-8"), kept_style(), _paper_style("light", "")]
    return "\n".join([*sheets, *(_paper_style("dark", scope) for scope in dark)])


def _paper_style(paper: Paper, scope: str) -> str:
    """Return what differs between the papers: the colours of shapes, and the dots before sentences."""
    families = {**FAMILIES, "none": ("", PAPERS["light"]["text"], PAPERS["dark"]["text"])}
    dots = (
        f"{scope} .family-{name}{{background:{light if paper == 'light' else dark}}}"
        for name, (_, light, dark) in families.items()
    )
    return "\n".join([scene_css(paper, f"{scope} .arenalab-scene".strip()), *dots])


@cache
def saved_style() -> str:
    """Return the style sheet of a saved page."""
    return "\n".join(
        [
            style(),
            (HERE / "raster.css").read_text(encoding="utf-8"),
            (HERE / "saved.css").read_text(encoding="utf-8"),
        ]
    )
