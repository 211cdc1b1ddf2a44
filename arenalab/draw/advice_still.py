"""Scopes as points and their objects' lifetimes as a still picture; the words of the verdict below."""

from __future__ import annotations

from dataclasses import replace

from arenalab.draw.advice_plots import advice_plots
from arenalab.draw.plots_still import plots_scene
from arenalab.draw.scene import Scene
from arenalab.draw.scene_still import scene_markup
from arenalab.draw.still import Still, Svg
from arenalab.draw.theme import Paper
from arenalab.view.columns import brief
from arenalab.view.scope_points import ScopePicture

COST = "what arenas would cost or save, a forecast; what became of the objects"


def advice_scene(view: ScopePicture) -> Scene:
    """Draw the points of all scopes or some of very many, the two curves, and the words."""
    head = f"{brief(view.kind, 60)}: {view.title()}; recorded, no model in it"
    return plots_scene(replace(advice_plots(view), told=(head, "", COST, *view.words)))


def advice_still(view: ScopePicture, description: str, paper: Paper) -> Still:
    """Return a view as SVG."""
    scene = advice_scene(view)
    svg = Svg(scene.width, scene.height, paper, scene.title, description)
    svg.insert(0, 0, scene_markup(scene, paper))
    return Still(svg)
