"""The advice explorer: scopes as points, their objects' lifetimes, and what would come of an arena for each."""

from __future__ import annotations

from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import numpy as np
import traitlets

from arenalab.advice.costs import CostTable
from arenalab.asked import path_of, position
from arenalab.draw.advice_plots import advice_plots
from arenalab.draw.advice_still import advice_still
from arenalab.draw.plots_state import chart_state
from arenalab.draw.still import Still
from arenalab.draw.theme import Paper
from arenalab.errors import ArenaLabError, ArgumentError
from arenalab.explore.bundle import REACHED, alive, words_html
from arenalab.explore.controls import dropdown, kinds_chooser, row
from arenalab.explore.heap_parts import usual_kind
from arenalab.explore.pictured import WithErrorLine
from arenalab.explore.recorded import Recorded, TraceSource, there_is
from arenalab.explore.wiring import shown
from arenalab.intake.scopes import of_kind
from arenalab.intake.verdict import Verdict
from arenalab.player.chart_page import ChartPage, chart_html
from arenalab.player.saved import player_html, write_page
from arenalab.view.scope_points import (
    IN_PART,
    SOME_ESCAPE,
    SURELY_DEAD,
    ScopePicture,
    ScopePoints,
    ages,
    scope_points,
)

RECORDED = "points and lifetimes: recorded, no model in them"
NONE, BY_HAND = "no scope", "custom"
LARGEST = "the largest tenth"
#: What the dropdown selects -> the sort of scopes, or None.
SELECTS = {
    "something escapes": SOME_ESCAPE, "all dead by its end": SURELY_DEAD, "undecided in part": IN_PART,
}  # fmt: skip


class Advice(WithErrorLine, Recorded):
    """Scopes of an ordinary program as points, the lifetimes of their objects, and the verdict.

    Points and lifetimes are recorded, with no model in them; what an arena would cost is a forecast, and says
    what it rests on.

    Args:
        trace: an execution trace with allocations: its path, or a TraceRun.
        kind: of the scopes; None is the kind with the best place for an arena.
        costs: by which the verdict is worked out; None takes what was measured here, else the shipped table.

    Look for: scopes in which something escapes, and whether they are the large ones; the distance between
    the two curves, which is what the trace does not say; the share of lifetimes longer than a scope.
    Drag a box or a lasso around points: `selection` has them as a numpy record array, and the curves are
    those of their objects alone. Ctrl + wheel zooms, a click on a name hides its points.
    """

    kind = traitlets.Unicode("", help="of the scopes that are shown; empty where the trace has none")
    selected = traitlets.Tuple(help="numbers of the scopes that are selected, from 0 by their ends")
    name = "Advice"

    def __init__(
        self, trace: TraceSource, *, kind: str | None = None, costs: CostTable | None = None
    ) -> None:
        """Read the trace and draw the first picture."""
        super().__init__(trace)
        self._costs = costs
        self._quiet = True
        self._known: dict[str, tuple[Verdict, ScopePoints]] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        self.set_trait("kind", usual_kind(self.run.scopes()) if kind is None else kind)
        self.chart_page = ChartPage(shown(self, self._hear))
        self.words = widgets.HTML()
        self._build()
        self._quiet = False
        self.render()

    def _build(self) -> None:
        kinds = kinds_chooser([*self.run.scopes()], self.kind)
        traitlets.link((self, "kind"), (kinds, "value"))
        self.select = dropdown(
            [NONE, *SELECTS, LARGEST, BY_HAND], "Which scopes are selected", "220px", description="select",
            style={"description_width": "initial"},
        )  # fmt: skip
        self.select.observe(shown(self, self._choose), "value")
        self.widget = alive(
            "figure",
            row(kinds, self.select, widgets.Label(RECORDED)),
            self._error,
            self.chart_page,
            self.words,
        )

    @cached_property
    def _nothing(self) -> tuple[Verdict, ScopePoints]:
        empty = np.zeros(0, np.int64)
        its = Verdict("no scopes", 0, empty, empty, empty.astype(np.int8), empty, empty, [], 0, 0)
        return its, scope_points(self.run.log, its, [])

    def _of_kind(self) -> tuple[Verdict, ScopePoints]:
        """Return the verdict of the kind and its scopes, worked out once."""
        if not self.kind:
            return self._nothing
        if self.kind not in self._known:
            its = self.run.verdict(self.kind)
            self._known[self.kind] = its, scope_points(self.run.log, its, of_kind(self.run.found, self.kind))
        return self._known[self.kind]

    def view(self) -> ScopePicture:
        """Return what is shown: a pure function of the trace and the traits."""
        its, points = self._of_kind()
        mine = np.isin(its.of, self.selected) if self.selected else slice(None)
        curves = ages(self.run.log, self.run.objects, self.run.lifetimes, its.objects[mine])
        return ScopePicture(self.kind or "no scopes", points, tuple(self.selected), curves, self._said())

    def _said(self) -> tuple[str, ...]:
        """Return what an arena for each scope would cost or save, and what became of the objects; worked out once."""
        if not self.kind:
            return ("this trace holds no scopes",)
        if self.kind not in self._words:
            try:
                advised = tuple(self.run.advise(self.kind, costs=self._costs).lines())
            except (
                ArenaLabError
            ) as trouble:  # such as no costs of this Go; the points can be seen all the same
                advised = (f"no forecast: {trouble}",)
            self._words[self.kind] = advised + tuple(self._of_kind()[0].lines())
        return self._words[self.kind]

    @property
    def selection(self) -> np.recarray[Any, Any]:
        """The selected scopes, a row each: scope, goroutine, begin, lasts, objects, bytes, dead, escapes, undecided."""
        return self._of_kind()[1].records(list(self.selected))

    def render(self) -> None:
        """Draw what the traits say."""
        view = self.view()
        self.chart_page.show(chart_state(advice_plots(view)))
        told = "\n".join(view.words)
        self.words.value = (
            f'<pre class="arenalab-verdict" tabindex="0" aria-label="verdict">{escape(told)}</pre>'
        )

    def _hear(self, content: dict[str, Any]) -> None:
        """Follow the page's theme and what is selected there; its failure is an error like any other."""
        if content["kind"] == "paper":
            self.paper = "dark" if content["dark"] else "light"
        elif content["kind"] == "do" and content.get("name") == "select":
            self.selected = tuple(int(row) for row in content["rows"])
        elif content["kind"] == "failed":
            raise RuntimeError(f"the page could not draw: {content.get('text')}")

    def _choose(self, change: dict[str, Any]) -> None:
        what, points = change["new"], self._of_kind()[1]
        if what == BY_HAND or self._quiet:
            return
        if what in SELECTS:
            rows = np.flatnonzero(points.sort == SELECTS[what])
        else:
            most = len(points) // 10 if what == LARGEST else 0
            rows = np.sort(np.argsort(-points.bytes, kind="stable")[:most])
        self.set_trait("selected", tuple(rows.tolist()))
        self._show_choice(what)

    def _show_choice(self, what: str) -> None:
        self._quiet, before = True, self._quiet
        self.select.value, self._quiet = what, before

    @traitlets.validate("kind")
    def _there(self, proposal: dict[str, Any]) -> str:
        return there_is(self.run, proposal["value"])

    @traitlets.validate("selected")
    def _scopes(self, proposal: dict[str, Any]) -> tuple[int, ...]:
        numbers, count = proposal["value"], len(self._of_kind()[1])
        if not isinstance(numbers, tuple):
            raise ArgumentError("selected", numbers, "a tuple of numbers of scopes")
        return tuple(position("selected", number, count, "the number of a scope") for number in numbers)

    @traitlets.observe("kind", "selected")
    def _changed(self, change: dict[str, Any]) -> None:
        if change["name"] == "kind":
            self.set_trait("selected", ())
        if not self._quiet:
            self._show_choice(BY_HAND if self.selected else NONE)
            self.render()

    def draw_still(self, view: ScopePicture, paper: Paper) -> Still:
        """Draw a view as SVG: the points, the two curves, the words."""
        return advice_still(view, f"{self.name}, {view.text()}", paper)

    def save_html(self, path: str | Path) -> Path:
        """Write the charts, which can be zoomed and pointed at, and all words as a page without kernel or network.

        Raises:
            ScenarioError: the file can't be written.

        """
        return write_page(path_of("path", path), self.name, self.page_part(), player_html(charts=True))

    def page_part(self) -> str:
        """Return the charts, and the words."""
        return chart_html(self.chart()) + words_html(self.text(), REACHED)

    def chart(self) -> dict[str, Any]:
        """Return the charts as data."""
        return chart_state(advice_plots(self.view()))

    def release(self) -> None:
        """Forget that a page shows it."""
        self.chart_page.forget()
