"""What a workbench offers: histories of the notebook's cells, scenarios, explorers, layouts."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

import ipywidgets as widgets
import traitlets

from arenalab.explore.controls import AS_LONG, dropdown, row
from arenalab.explore.shell import Explorer
from arenalab.machine.machine import Machine
from arenalab.replay.trace import Trace
from arenalab.scenarios import scenarios
from arenalab.scenarios.read import Scenario
from arenalab.truth.recording import Recording
from arenalab.world.history import History

ONE, BESIDE, ABOVE = "single", "side by side", "stacked"
LAYOUTS = (ONE, BESIDE, ABOVE)
NOTHING = "choose …"
SHARED = ("cursor", "chunk")  #: what explorers that move together have in common.
LONGEST_ABOUT = 300


def explorers() -> dict[str, type[Explorer]]:
    """Return every explorer of a history by its name."""
    found = {kind.name: kind for kind in _below(Explorer) if kind.name != Explorer.name}
    return dict(sorted(found.items()))


def _below(kind: type[Explorer]) -> Iterator[type[Explorer]]:
    for one in kind.__subclasses__():
        if one.__module__.startswith("arenalab.explore."):
            yield one
            yield from _below(one)


def cells() -> dict[str, Any]:
    """Return what the notebook's cells hold that can be looked at, by name."""
    try:
        from IPython.core.getipython import get_ipython  # noqa: PLC0415  # only in a notebook is it there
    except ImportError:
        return {}
    shell = get_ipython()
    held = {} if shell is None else dict(shell.user_ns)
    kinds = (Machine, History, Recording, Trace, Scenario)
    return {name: value for name, value in held.items() if isinstance(value, kinds) and name[0] != "_"}


def offered() -> list[tuple[str, Any]]:
    """Return what can be chosen, each in a tuple: nothing, the cells' own, then the scenarios."""
    own = [(f"cell: {name}", (value,)) for name, value in cells().items()]
    return [(NOTHING, ()), *own, *((f"scenario: {scenario.name}", (scenario,)) for scenario in scenarios())]


def name_of(given: Any) -> str:
    """Describe briefly what is looked at."""
    if isinstance(given, Scenario):
        return f"{given.name}: {given.about}"
    if isinstance(given, Machine):
        return "a machine of this notebook"
    return str(given) if not isinstance(given, History) else "a history of this notebook"


def place_of(explorer: traitlets.HasTraits) -> dict[str, Any]:
    """Return where an explorer stands, so that another of the same run opens there."""
    return {name: getattr(explorer, name) for name in SHARED if explorer.has_trait(name)}


def linked(one: traitlets.HasTraits, other: traitlets.HasTraits) -> list[traitlets.link]:
    """Have two explorers of a run move together; return what holds them, to be unlinked."""
    return [traitlets.link((one, name), (other, name)) for name in SHARED]


def about_html(text: str) -> str:
    """Return what is looked at, for a page."""
    shown = text if len(text) <= LONGEST_ABOUT else text[: LONGEST_ABOUT - 1] + "…"
    return f'<div style="line-height:1.4;min-height:1.4em">{escape(shown)}</div>'


class Bar:
    """The workbench's own controls."""

    def __init__(self) -> None:
        """Make the widgets; the workbench gives them their meaning."""
        self.source = self._choice("Source", offered(), "A variable of this notebook, or a scenario", "390px")
        self.again = widgets.Button(
            description="Refresh", tooltip="Refresh notebook variables", layout={"width": "auto"}
        )
        self.path = widgets.Text(
            description="or a file", continuous_update=False, placeholder="recording, history, trace, scenario",
            tooltip="Path of a file to open", style=AS_LONG, layout={"width": "390px", "max_width": "calc(100% - 4px)"},
        )  # fmt: skip
        self.layout = self._choice("Layout", LAYOUTS, "How many explorers, and where", "200px")
        names = list(explorers())
        self.kinds = [
            self._choice(word, names, f"Which explorer, {number} of 2", width)
            for number, (word, width) in enumerate((("Explorer 1", "214px"), ("Explorer 2", "214px")), 1)
        ]
        for name, widget in (("source", self.source), ("path", self.path), ("layout", self.layout)):
            widget.add_class(f"arenalab-workbench-{name}")

    @staticmethod
    def _choice(name: str, options: Any, hint: str, width: str) -> Any:
        return dropdown(options, hint, width, description=name, style=AS_LONG)

    def rows(self) -> list[Any]:
        """Return the rows of controls."""
        return [
            row(self.source, self.again, self.path),
            row(self.kinds[0], self.layout, self.kinds[1]),
        ]
