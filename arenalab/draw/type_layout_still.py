"""A type's layout as a still picture: the very shapes of the page, below a legend of what is there."""

from __future__ import annotations

import re

from arenalab.draw.scene import WIDTH
from arenalab.draw.scene_still import MARGIN, scene_markup
from arenalab.draw.still import Still, Svg
from arenalab.draw.still_reading import draw_legend, legend_height
from arenalab.draw.theme import Paper
from arenalab.draw.type_layout import MEANINGS, type_layout_scene
from arenalab.view.type_layout import TypeLayout


def type_layout_still(
    view: TypeLayout, paper: Paper = "light", width: float = WIDTH, *, steady: bool = False
) -> Still:
    """Draw a type.

    Args:
        view: what to show.
        paper: "light" or "dark".
        width: points.
        steady: whether the next type may come in its place: then all are equally high.

    """
    scene = type_layout_scene(view, width, steady=steady)
    top = legend_height(MEANINGS, scene.width, MARGIN)
    svg = Svg(scene.width, top + scene.height + MARGIN, paper, scene.title, view.text())
    draw_legend(svg, [key for key in MEANINGS if key in scene.meanings], MARGIN, 6)
    svg.insert(0, top, _of_its_own(scene_markup(scene, paper), f"al-{paper}-{width:g}"))
    return Still(svg)


def _of_its_own(markup: str, name: str) -> str:
    """Keep a picture's style rules and hatches to itself: a page holds it on both papers and in all widths."""
    markup = markup.replace("url(#h-", f"url(#{name}-h-").replace(
        '<pattern id="h-', f'<pattern id="{name}-h-'
    )
    head, rules, rest = re.split("<style>|</style>", markup, maxsplit=2)
    own = "\n".join(f".{name} {rule}" for rule in rules.splitlines())
    return f'{head}<style>{own}</style><g class="{name}">{rest}</g>'
