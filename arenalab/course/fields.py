"""Fields: the widget for each kind of answer. Each is labelled, so that a screen reader names it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from arenalab.course.answers import Answer, Choice, Several
from arenalab.course.construct.build import ProgramText

PROGRAM_LINES = 8
WIDE = {"width": "auto", "max_width": "720px"}


@dataclass(frozen=True)
class Field:
    """A widget, and how to read what was given in it."""

    widget: Any
    given: Callable[[], Any]


def field_for(answer: Answer, on_enter: Callable[[], None]) -> Field:
    """Return an empty field for a kind of answer; `on_enter` is what the Enter key does in a text."""
    if isinstance(answer, Choice):
        radio = widgets.RadioButtons(options=answer.options, value=None, description="", layout=WIDE)
        return Field(_labelled(answer.label, radio), lambda: radio.value)
    if isinstance(answer, Several):
        boxes = [widgets.Checkbox(description=option, indent=False, layout=WIDE) for option in answer.options]
        chosen = _labelled(answer.label, *boxes)
        return Field(chosen, lambda: [box.description for box in boxes if box.value])
    if isinstance(answer, ProgramText):
        lines = widgets.Textarea(
            value=answer.start, rows=PROGRAM_LINES, placeholder=answer.how(), description=f"{answer.label}:",
            style={"description_width": "initial"}, layout=WIDE | {"width": "100%"},
        )  # fmt: skip
        lines.add_class("arenalab-program")
        return Field(lines, lambda: lines.value)
    text = widgets.Text(
        description=f"{answer.label}:", placeholder=answer.how(), style={"description_width": "initial"},
        layout={"width": "100%", "max_width": "640px"},
    )  # fmt: skip
    text.on_msg(lambda _, content, __: on_enter() if content.get("event") == "submit" else None)
    return Field(text, lambda: text.value)


def _labelled(label: str, *fields: Any) -> Any:
    box = widgets.VBox([widgets.Label(f"{label}:"), *fields])
    box.add_class("arenalab-choices")
    return box
