"""The life cycle as a scene: states with their chunks and the table's arrows, then lanes and a story.

Where there is room, states are boxes and the table's rows arrows between them; else both are lists.
"""

from __future__ import annotations

from arenalab.draw.life_cycle_boxes import BOXES_FROM, boxes_height, draw_boxes
from arenalab.draw.life_cycle_lanes import draw_lanes, lanes_height
from arenalab.draw.life_cycle_rows import draw_rows, rows_height
from arenalab.draw.life_cycle_story import draw_story, story_height
from arenalab.draw.scene import WIDTH, Scene
from arenalab.view.life_cycle import LifeCycle

GAP = 8  #: between the parts of the picture.


def life_cycle_scene(view: LifeCycle, width: float = WIDTH) -> Scene:
    """Draw the life cycle: clicking a chunk tells "chunk N", clicking a line of its story "at N"."""
    scene = Scene(0, "Life cycle", width=width)
    boxes = width >= BOXES_FROM
    lanes = (boxes_height(scene) if boxes else rows_height(view)) + GAP
    story = lanes + lanes_height(view) + GAP
    scene.height = story + story_height(scene)
    (draw_boxes if boxes else draw_rows)(scene, view)
    draw_lanes(scene, view, lanes)
    draw_story(scene, view, story)
    return scene
