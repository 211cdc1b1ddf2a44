"""The one palette: what something means -> how it looks, on light and on dark paper.

Rules:
1. Nothing is shown by colour alone: each meaning has a hatch, a place or a word of its own too.
2. The hues are those of Okabe and Ito, which people with any of the common colour-vision
   deficiencies tell apart; a test measures the differences and the contrast of all text.
"""

from __future__ import annotations

from arenalab.draw.looks import MORE_LOOKS, Hatch, Look, Paint, Paper
from arenalab.view.event_kinds import FAMILY

__all__ = ["Hatch", "Look", "Paint", "Paper"]  # the names other files look for here

FONT = "system-ui, 'Segoe UI', 'DejaVu Sans', 'Liberation Sans', Arial, sans-serif"
MONO = "ui-monospace, 'DejaVu Sans Mono', 'Liberation Mono', Menlo, Consolas, monospace"


#: What fills a chunk, in the order of legends.
LOOKS: dict[str, Look] = {
    "pointerful": Look(
        "with pointers", "", Paint("#0072b2", "#ffffff", "#00456c"), Paint("#56b4e9", "#0b1a24", "#b5def6")
    ),
    "pointer_free": Look(
        "without pointers", "", Paint("#e69f00", "#1a1200", "#7d5600"), Paint("#f0b43c", "#1f1600", "#fae0ab")
    ),
    "pointerful_former": Look(
        "freed, with", "dots", Paint("#bfdcee", "#0d2a3c", "#3f7ea6"), Paint("#1d4560", "#e2f1fb", "#6fa9cb")
    ),
    "pointer_free_former": Look(
        "freed, without",
        "dots",
        Paint("#f8e2b5", "#362500", "#a87813"),
        Paint("#5c4613", "#fff3d6", "#c79a3d"),
    ),
    "free": Look("free", "", Paint("#e9eef2", "#3d464d", "#87929b"), Paint("#20262b", "#c4ced6", "#75818b")),
    "waste": Look(
        "wasted", "slash", Paint("#e0e0e0", "#303030", "#7a7a7a"), Paint("#3a3a3a", "#ececec", "#8f8f8f")
    ),
    "padding": Look(
        "padding", "backslash", Paint("#d5d5d5", "#303030", "#6c6c6c"), Paint("#4c4c4c", "#ececec", "#a6a6a6")
    ),
    "red_zone": Look(
        "red zone", "cross", Paint("#f3c4c4", "#4a0d0d", "#a33b3b"), Paint("#5e2323", "#ffe3e3", "#d98080")
    ),
    "reserve": Look(
        "the runtime's own",
        "dense",
        Paint("#c3b8e6", "#150a33", "#5a4a9c"),
        Paint("#4a3f7a", "#f1edfd", "#b8acf0"),
    ),
    "dead": Look(
        "set to fault",
        "cross",
        Paint("#4f4f4f", "#ffffff", "#191919"),
        Paint("#8d8d8d", "#000000", "#d6d6d6"),
    ),
    "address_space": Look(
        "address space only",
        "",
        Paint("#ffffff", "#5a5a5a", "#b3b3b3"),
        Paint("#111111", "#a3a3a3", "#5c5c5c"),
    ),
}

#: What a bit is and where it comes from, in the order of legends.
BIT_LOOKS: dict[str, Look] = {
    "bit_one": Look(
        "1: a pointer", "", Paint("#597381", "#ffffff", "#2c3d48"), Paint("#e6edf2", "#10181d", "#8795a0")
    ),
    "bit_zero": Look(
        "0: none", "", Paint("#fbfbf8", "#3d464d", "#87929b"), Paint("#181b1e", "#c4ced6", "#75818b")
    ),
    "scratch": Look(
        "a GC program's mask",
        "dense",
        Paint("#e3a8c8", "#35081f", "#8f3a6b"),
        Paint("#6b2c50", "#ffe3f2", "#e08dbb"),
    ),
    "mask": Look(
        "write: the type's mask",
        "",
        Paint("#5cc6a5", "#04231a", "#00694e"),
        Paint("#1f6f56", "#eafff7", "#7fe0c2"),
    ),
    "pad": Look(
        "pad: zeros",
        "backslash",
        Paint("#cfe9df", "#0d2e24", "#4f8f7b"),
        Paint("#1d4438", "#d9f5ea", "#6fb39c"),
    ),
    "back_up": Look(
        "back-up: the bit below again",
        "cross",
        Paint("#f0e442", "#2b2800", "#7d7500"),
        Paint("#d9cd2f", "#1f1c00", "#fff7a0"),
    ),
    "kept": Look(
        "kept as it was",
        "dots",
        Paint("#eceff1", "#3d464d", "#87929b"),
        Paint("#262b30", "#c4ced6", "#75818b"),
    ),
}

EVERY_LOOK = LOOKS | BIT_LOOKS | MORE_LOOKS

#: What is not an area: text, lines, the current operation.
PAPERS: dict[Paper, dict[str, str]] = {
    "light": {"paper": "#ffffff", "text": "#1c1f22", "faint": "#5b646b", "line": "#aeb6bc", "now": "#a6004f"},
    "dark": {"paper": "#111111", "text": "#ececec", "faint": "#a9b1b7", "line": "#555d63", "now": "#ff3d97"},
}

#: Families of events: word and colours.
FAMILIES: dict[str, tuple[str, str, str]] = {
    "handle": ("a handle", "#6b5300", "#d9bf5f"),
    "chunk": ("a chunk comes", "#00694e", "#4fcfae"),
    "object": ("an object", "#005b8f", "#7cc4ee"),
    "bits": ("pointer bits", "#5a4a9c", "#b8acf0"),
    "counter": ("a counter", "#545b61", "#b4bcc3"),
    "free": ("a chunk goes", "#a03c00", "#f59a62"),
    "program": ("the program itself", "#1c1f22", "#ececec"),
    "mark": ("marking", "#8c2f7a", "#eb9bdb"),
    "sweep": ("sweeping", "#006b75", "#63d2de"),
    "error": ("an error", "#b00020", "#ff8a96"),
}

#: Name of an event's kind -> its family.
EVENT_COLOURS: dict[str, str] = {kind.__name__: family for kind, family in FAMILY.items()}


def event_colour(kind: str, paper: Paper) -> str:
    """Return the colour of a kind of event; plain text's for a name that is no event's."""
    if kind not in EVENT_COLOURS:
        return PAPERS[paper]["text"]
    return FAMILIES[EVENT_COLOURS[kind]][1 if paper == "light" else 2]


def edges(paper: Paper) -> dict[str, str]:
    """Return meaning -> colour of outline and hatch."""
    return {meaning: look.on(paper).edge for meaning, look in LOOKS.items()}
