"""The page's side: the built script and style sheet of `static/`, and the colours of both papers."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from arenalab.draw.scene import scene_css
from arenalab.draw.theme import FAMILIES, PAPERS, Paper

STATIC = Path(__file__).parent / "static"
SCOPE = ".al-page"  #: where the colours of shapes hold.
#: What JupyterLab gives a dark page.
DARK = """--jp-ui-font-color1: #ececec; --jp-ui-font-color2: #a9b1b7; --jp-layout-color0: #1b1e21;
--jp-layout-color1: #111111; --jp-layout-color2: #24282c; --jp-border-color1: #555d63; --jp-border-color2: #3b4248;
--jp-brand-color1: #56b4e9; background: #111111; color: #ececec; color-scheme: dark;"""
SAVED = "saved.js"  #: the page without a kernel: a plain script, which shows each `.arenalab-saved`.


@cache
def script(name: str = "player.js") -> str:
    """Return a script of `static/`."""
    return (STATIC / name).read_text(encoding="utf-8")


@cache
def style() -> str:
    """Return the style sheet of the player; the page's own theme decides which paper's colours hold."""
    dark = '[data-jp-theme-light="false"]', ".vscode-dark"
    sheets = [(STATIC / "player.css").read_text(encoding="utf-8"), _paper_style("light", "")]
    return "\n".join([*sheets, *(_paper_style("dark", scope) for scope in dark)])


@cache
def saved_style() -> str:
    """Return the style sheet of a saved page."""
    return style() + (STATIC.parent / "saved.css").read_text(encoding="utf-8") + dark_page()


def dark_page(which: str = "") -> str:
    """Return how a dark page looks that no JupyterLab is around; `which` narrows the bodies down."""
    return f'body[data-jp-theme-light="false"]{which} {{ {DARK} }}\n'


def _paper_style(paper: Paper, scope: str) -> str:
    """Return what differs between the papers: the colours of shapes, and the dots before sentences."""
    families = {**FAMILIES, "none": ("", PAPERS["light"]["text"], PAPERS["dark"]["text"])}
    dots = (
        f"{scope} .family-{name}{{background:{light if paper == 'light' else dark}}}"
        for name, (_, light, dark) in families.items()
    )
    return "\n".join([scene_css(paper, f"{scope} {SCOPE}".strip()), *dots])
