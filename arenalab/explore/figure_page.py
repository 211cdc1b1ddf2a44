"""FigurePage: carries a bokeh document into a notebook, and what changes in it.

Why not jupyter_bokeh: it sends each changed property in three messages and more, waits for none
to be painted, and needs BokehJS loaded by a cell's output, which a reloaded page has lost. Here

1. all that changes at once goes as one patch;
2. the next patch waits until the last one is painted;
3. BokehJS comes from the kernel when the page lacks it, so nothing is fetched from a network and
   nothing is left in the saved notebook.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

import anywidget
import bokeh
import traitlets
from bokeh.document import Document
from bokeh.document.events import DocumentPatchedEvent, ModelChangedEvent
from bokeh.embed import json_item
from bokeh.protocol.messages.patch_doc import patch_doc
from bokeh.resources import Resources

from arenalab.explore import assets

Listener = Callable[[dict[str, Any]], None]


class Rooted(Protocol):
    """What a page can show: all of it hangs on one model of bokeh."""

    root: Any


@cache
def scripts() -> list[str]:
    """Return BokehJS, whole: about 1.3 MB of text, read once."""
    return list(Resources(mode="inline", components=["bokeh"]).js_raw)


class FigurePage(anywidget.AnyWidget):
    """Shows one figure; `listener` hears {"kind": "paper", "dark": …} and {"kind": "failed", "text": …}."""

    _esm = assets.script("common", "reach", "figure_page")
    _css = assets.style()
    label = traitlets.Unicode("").tag(sync=True)  #: what a screen reader calls it.
    bokeh_version = traitlets.Unicode(bokeh.__version__).tag(sync=True)

    def __init__(self, plot: Rooted, label: str, listener: Listener) -> None:
        """Take a plot's root into a document of its own."""
        super().__init__(label=label)
        self.plot = plot
        self._listener = listener
        self._changes: dict[tuple[str, str], DocumentPatchedEvent] = {}
        self._shown = self._waiting = False
        self._document = Document()
        self._document.add_root(plot.root)
        self._document.on_change(self._note)
        self.on_msg(self._hear)

    def _note(self, event: Any) -> None:
        """Keep a change for the next patch; of two changes of one property the later one counts."""
        if isinstance(event, ModelChangedEvent):
            by = (event.model.id, event.attr)
            self._changes.pop(by, None)
            self._changes[by] = event

    def flush(self) -> None:
        """Send what changed, unless the page is still painting or nobody looks."""
        if not self._shown:
            self._changes.clear()
        if self._waiting or not self._changes:
            return
        message = patch_doc.create(list(self._changes.values()))
        self._changes.clear()
        self._waiting = True
        self.send({"kind": "patch", "patch": message.content})

    def _hear(self, _: Any, content: dict[str, Any], _buffers: Any) -> None:
        """Answer the page; ipywidgets would hide an error in a log, so it is told to the listener."""
        try:
            self._answer(content)
        except Exception as error:  # noqa: BLE001  # whatever it is, the reader must see it
            self._listener({"kind": "failed", "text": f"{type(error).__name__}: {error}"})

    def _answer(self, content: dict[str, Any]) -> None:
        kind = content.get("kind")
        if kind == "open":
            self._listener({"kind": "paper", "dark": content["dark"]})
            self._open(content)
        elif kind == "painted":
            self._waiting = False
            self.flush()
        else:
            self._listener(content)

    def _open(self, content: dict[str, Any]) -> None:
        """Answer a view that has just been made, in a new or a reloaded page."""
        self._changes.clear()
        self._shown, self._waiting = True, True
        self.send(
            {
                "kind": "open",
                "id": content["id"],
                "scripts": scripts() if content["missing"] else [],
                "item": json_item(self.plot.root),
            }
        )
