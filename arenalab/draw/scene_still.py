"""A scene as a still picture: the moment in words, the legend, and the very shapes that a page shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from arenalab.draw.raster_still import RASTER_HEIGHT, draw_raster
from arenalab.draw.scene import Scene, hatch_defs, scene_css
from arenalab.draw.still import Still, Svg
from arenalab.draw.still_reading import draw_legend, draw_reading, legend_height, reading_height
from arenalab.draw.theme import Paper
from arenalab.view.chunk_raster import Raster
from arenalab.view.reading import Reading

MARGIN = 16


def scene_still(
    scene: Scene, moment: Reading, meanings: Sequence[str], description: str, paper: Paper = "light",
    words: Mapping[str, str] | None = None, raster: Raster | None = None,
) -> Still:  # fmt: skip
    """Return a scene as SVG.

    Args:
        scene: what to show.
        moment: where in the history it is.
        meanings: what the legend has room for; those that the scene shows are explained.
        description: the picture in words, for screen readers.
        paper: "light" or "dark".
        words: for the legend, instead of the theme's.
        raster: what stands below the scene; an empty one keeps its place free.

    """
    head = MARGIN + reading_height(moment)
    top = head + legend_height(meanings, scene.width, MARGIN, words)
    below = 0 if raster is None else RASTER_HEIGHT
    svg = Svg(scene.width, top + scene.height + MARGIN + below, paper, scene.title, description)
    draw_reading(svg, moment, MARGIN, scene.width - MARGIN)
    draw_legend(svg, [key for key in meanings if key in scene.meanings], MARGIN, head, words)
    svg.insert(0, top, scene_markup(scene, paper))
    if raster is not None and len(raster.words):
        draw_raster(svg, raster, (MARGIN, top + scene.height + MARGIN))
    return Still(svg)


def scene_markup(scene: Scene, paper: Paper) -> str:
    """Return a scene's shapes with the style rules and hatches that they use, as SVG."""
    shapes = "\n".join(scene.shapes)
    hatches = "".join(
        pattern
        for pattern in re.findall(r"<pattern .*?</pattern>", hatch_defs())
        if f"url(#{pattern.split(chr(34))[1]})" in shapes
    )
    used = {name for names in re.findall(r'class="([^"]*)"', shapes + hatches) for name in names.split()}
    rules = [
        rule for rule in scene_css(paper).splitlines() if rule.startswith("text") or _class(rule) in used
    ]
    return f"<style>{chr(10).join(rules)}</style><defs>{hatches}</defs>\n{shapes}"


def _class(rule: str) -> str:
    return rule.partition("{")[0].removeprefix(".")
