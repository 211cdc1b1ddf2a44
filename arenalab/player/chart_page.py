"""ChartPage: carries a chart beside which nothing steps into a page; and the same for a page without a kernel."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from arenalab.player import assets
from arenalab.player.bokeh_text import scripts

Message = dict[str, Any]


class ChartPage(anywidget.AnyWidget):
    """Shows one chart; `listener` hears what the page tells: {"kind": "paper" | "do" | "failed", …}."""

    _esm = assets.script()
    _css = assets.style()
    #: Tells the script that nothing steps here.
    chart_alone = traitlets.Bool(default_value=True).tag(sync=True)

    def __init__(self, listener: Callable[[Message], None]) -> None:
        """Make a page that shows nothing yet."""
        super().__init__()
        self._listener = listener
        self._chart: Message | None = None
        self._told: Message = {}  #: what the page was sent last
        self._open = False
        self.on_msg(self._hear)

    def show(self, chart: Message) -> None:
        """Show a chart, as `chart_state` tells it, now or when a page opens."""
        self._chart = chart
        self._flush()

    def forget(self) -> None:
        """Forget that a page shows it: no view is open any more."""
        self._open, self._told = False, {}

    def _flush(self) -> None:
        """Send the chart; of a document that the page has, those sources alone that hold something else now."""
        if not self._open or self._chart is None or self._chart == self._told:
            return
        columns, known = self._chart["columns"], self._told.get("columns", {})
        if self._told.get("key") == self._chart["key"]:
            columns = {name: its for name, its in columns.items() if known.get(name) != its}
        self._told = self._chart
        self.send({"kind": "chart", "chart": self._chart | {"columns": columns}})

    def _hear(self, _: Any, content: Message, _buffers: Any) -> None:
        """Answer the page; ipywidgets would hide an error in a log, so it goes to the listener."""
        try:
            self._answer(content)
        except Exception as error:  # noqa: BLE001  # whatever it is, the reader must see it
            self._listener({"kind": "failed", "text": f"{type(error).__name__}: {error}"})

    def _answer(self, content: Message) -> None:
        kind = content.get("kind")
        if kind == "bokeh":
            self.send({"kind": "bokeh", "scripts": scripts()})
        elif kind == "open":
            self._open, self._told = True, {}
            self._listener({"kind": "paper", "dark": bool(content.get("dark"))})
            self._flush()
        else:
            self._listener(content)


def chart_html(chart: Message) -> str:
    """Return the part of a saved page that `saved.js` makes a chart of; BokehJS stands elsewhere in the page."""
    told = json.dumps(chart, separators=(",", ":")).replace("<", "\\u003c")
    return f'<div class="arenalab-chart"><script type="application/json">{told}</script></div>'
