"""Widgets of what is no player: the workbench, types, the advice. Each has a name and a hint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import traitlets

from arenalab.view.columns import brief

AS_LONG = {"description_width": "initial"}  #: a control's words take the room that they need.


def row(*children: Any) -> Any:
    """Lay widgets side by side; they wrap where the notebook is narrow."""
    box = widgets.Box(children)
    box.add_class("arenalab-row")
    return box


def dropdown(options: Sequence[Any], hint: str, width: str, **more: Any) -> Any:
    """Return a dropdown of values or of (words, value); `more` is what ipywidgets takes.

    Raises:
        ValueError: the value of an option is None, which to ipywidgets is no choice: the page would show a blank.

    """
    blank = [words for words, value in (it for it in options if isinstance(it, tuple)) if value is None]
    if blank:
        raise ValueError(f"options without a value: {', '.join(blank)}; give each one that is not None")
    return widgets.Dropdown(
        options=list(options),
        tooltip=hint,
        layout=widgets.Layout(width=width, max_width="calc(100% - 4px)"),
        **more,
    )


def chooser(explorer: traitlets.HasTraits, trait: str, label: str, options: Sequence[str], hint: str) -> Any:
    """Return a dropdown that sets a trait; its label is part of it, so that no row parts them."""
    choice = dropdown(options, hint, "190px", description=label, style=AS_LONG)
    traitlets.link((explorer, trait), (choice, "value"))
    return choice


def kinds_offered(kinds: Sequence[str], value: str) -> list[tuple[str, str]]:
    """Return (words, kind) of the kinds of scopes that a trace has; one without any where there are none."""
    more = [value] if value and value not in kinds else []  # all calls of a function are not listed
    return [(brief(kind, 34), kind) for kind in (*kinds, *more)] or [("no scopes", "")]


def kinds_chooser(kinds: Sequence[str], value: str) -> Any:
    """Return the choice of a kind of scopes."""
    shown = kinds_offered(kinds, value)
    return dropdown(
        shown, "Which scopes are lanes", "230px", value=value, description="scopes", style=AS_LONG
    )
