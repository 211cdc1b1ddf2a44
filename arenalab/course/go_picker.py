"""The Go of a chapter: the reader picks a version, and every cell below is run with it.

Rules of this module:
1. A pick changes no cell that has run. The picker says so, fades what stands below, and offers to run all cells.
2. A pick is kept in the progress file: all chapters, and the next kernel, begin with it.
3. A chapter that does not hold for what was picked takes its own newest Go, and says so.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Any, ClassVar

import ipywidgets as widgets
from IPython.display import display

from arenalab.asked import called, instance, one_of
from arenalab.course.progress import Progress
from arenalab.errors import ArgumentError
from arenalab.explore.bundle import Shown, alive
from arenalab.explore.controls import AS_LONG, dropdown
from arenalab.go.versions import GO, VERSIONS
from arenalab.scenarios.values import EVERY_GO, go_of, holds_in

NAME = "Go"  #: of the picker that all chapters share.
NEWEST = "newest"  #: asks by the environment for what a chapter takes by itself, whatever was picked.
RUN_ALL = (
    "notebook:run-all-cells"  #: JupyterLab's command; a click on what names it in this attribute performs it.
)
#: The pictures below are still those of the Go before; a page without JupyterLab's classes stays as it is.
FADED = "<style>.jp-Cell:has(.arenalab-waiting) ~ .jp-Cell .jp-Cell-outputArea { opacity: 0.3; }</style>"
WAITING = (
    '<div class="arenalab-waiting" role="status">{faded}The cells below were run with Go {before}. '
    '<button class="jupyter-button mod-primary" style="width: auto" data-commandlinker-command="{command}">'
    "Run all cells</button> with Go {go} (menu <i>Run</i>, <i>Run All Cells</i>).</div>"
)


class GoPicker(Shown):
    """A choice of versions of Go; `go` is the one that is picked.

    Args:
        versions: those that the chapter holds for, as a scenario says it: ">=1.22", "1.21".
        default: where nothing was picked; None is the newest of them.
        name: what stands before the choice; pickers of one name share what is picked.
        folder: where the pick is kept; None is the notebook's folder.

    Raises:
        ScenarioError: `versions` is neither a version nor a range of them.
        NoSuchError: the default is not among them.

    """

    picks: ClassVar[dict[str, str]] = {}  #: of this kernel, by name.

    def __init__(
        self,
        versions: str = EVERY_GO,
        *,
        default: str | None = None,
        name: str = NAME,
        folder: Path | None = None,
    ) -> None:
        """Take what was picked before: in this kernel, by the environment, or in the progress file."""
        go_of({GO: versions}, "pick_go")
        self.name, self._progress = instance("name", name, str, 'a text, such as "Go"'), Progress(folder)
        self.offered = [each for each in VERSIONS if holds_in(versions, each)]
        if not self.offered:
            raise ArgumentError(
                "versions", versions, f"one that holds for a Go that is modelled: {', '.join(VERSIONS)}"
            )
        if default is not None:
            one_of("default", default, self.offered, "a version that the chapter holds for")
        asked = self.picks.get(name) or os.environ.get(variable(name)) or self._progress.picked(name)
        self.go = asked if asked in self.offered else default or self.offered[-1]
        self._refused = "" if asked in ("", NEWEST, self.go) else asked
        self._choice = dropdown(
            [(f"Go {each}", each) for each in self.offered],
            "The version of Go that the cells below are run with",
            "190px",
            value=self.go,
            description=name,
            style=AS_LONG,
        )
        self._note = widgets.HTML(self._about())
        self._choice.observe(self._picked, "value")
        self.widget = alive("go", widgets.HBox([self._choice, self._note]))

    def _picked(self, change: Any) -> None:
        """Keep a pick, and say that the cells below know nothing of it yet."""
        self.picks[self.name] = change.new
        trouble = escape(self._progress.note_pick(self.name, change.new))
        waiting = WAITING.format(faded=FADED, before=self.go, go=change.new, command=RUN_ALL)
        self._note.value = (self._about() if change.new == self.go else waiting) + trouble

    def _about(self) -> str:
        if not self._refused:
            return ""
        return f"This chapter holds for Go {escape(self._range())}, not for Go {escape(self._refused)}."

    def _range(self) -> str:
        return " to ".join(dict.fromkeys((self.offered[0], self.offered[-1])))

    def __repr__(self) -> str:
        """Describe which Go is picked, and of which."""
        return f"{self.name} {self.go}, picked from {', '.join(self.offered)}"

    def shown_widget(self) -> Any:
        """Return the live widget."""
        return self.widget

    def kept(self) -> str:
        """Return which Go the page was run with."""
        more = f"With a kernel, this cell picks another: {self._range()}." if len(self.offered) > 1 else ""
        return f"<p><b>{escape(self.name)} {self.go}.</b> {more} {self._about()}</p>"


def variable(name: str) -> str:
    """Return the environment's variable that picks for a fresh kernel: ARENALAB_GO."""
    return f"ARENALAB_{name.upper().replace(' ', '_')}"


@called
def pick_go(versions: str = EVERY_GO, *, default: str | None = None, name: str = NAME) -> str:
    """Show a picker in a notebook, and return the version of Go that is picked.

    It is what was picked last, in this chapter or another. For a fresh kernel the variable ARENALAB_GO says it: a
    version, or "newest" for what the notebook takes by itself.

    Args:
        versions: those that the notebook holds for, as a scenario says it: ">=1.22", "1.21".
        default: where nothing was picked; None is the newest of them.
        name: what stands before the choice; pickers of one name share what is picked.

    Raises:
        ScenarioError: neither a version nor a range of them.
        NoSuchError: the default is not among them.

    """
    picker = GoPicker(versions, default=default, name=name)
    display(picker)
    return picker.go
