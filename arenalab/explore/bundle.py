"""What a notebook keeps of anything we show: the live widget, its words, its picture."""

from __future__ import annotations

import base64
from typing import Any

from arenalab.draw.still import Still

WIDGET = "application/vnd.jupyter.widget-view+json"


def bundle(widget: Any, words: str, picture: Still) -> dict[str, Any]:
    """Return a widget, and beside it text and picture for readers without a kernel."""
    return {
        WIDGET: widget._repr_mimebundle_()[WIDGET],
        "text/plain": words,
        "image/png": base64.b64encode(picture.png()).decode(),
    }
