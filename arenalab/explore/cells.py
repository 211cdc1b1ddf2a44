"""Cells: what a cell of a notebook has shown goes when the cell is run again.

Three keep it alive otherwise: ipywidgets' table of all widgets, IPython's numbered results, and the page. With each
run of a cell another explorer would stay, and all that it looks at.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol
from weakref import ref

import ipywidgets as widgets


class Showable(Protocol):
    """What a cell can show."""

    def release(self) -> None:
        """Forget what can be redrawn."""


class Run(NamedTuple):
    """One run of a cell."""

    cell: str  #: what the front end calls the cell, or its text where it does not say.
    number: str  #: another one for each run.


class View(NamedTuple):
    """Something that a run of a cell has shown, and its widget."""

    of: ref[Any]
    widget: Any


_SHOWN: dict[str, tuple[Run, list[View]]] = {}  #: cell -> what its latest run has shown.


def showing(thing: Showable, widget: Any) -> None:
    """Note that the cell under way shows something, and close what its run before has shown and no other cell shows."""
    shell = _shell()
    run = None if shell is None else _run(shell)
    if run is None:
        return
    before, views = _SHOWN.get(run.cell, (run, []))
    old, views = ([], views) if before == run else (views, [])
    _SHOWN[run.cell] = (run, [*views, View(ref(thing), widget)])
    still = {id(view.widget) for _, views in _SHOWN.values() for view in views}
    for view in old:
        if id(view.widget) not in still:
            _close(shell, view)


def _close(shell: Any, view: View) -> None:
    thing = view.of()
    close_all(view.widget)
    if thing is not None:
        thing.release()
        _forget(shell, thing)


def every_widget(top: Any) -> list[Any]:
    """Return a widget with all that belongs to it: children, their layouts and styles, links between them.

    What others name comes before those.
    """
    every = [top]
    for widget in every:
        every.extend(getattr(widget, "children", ()))
    looks = [getattr(widget, name, None) for widget in every for name in ("layout", "style")]
    links = [link for widget in every for link in getattr(widget, "links", ())]
    looks = [look for look in looks if isinstance(look, widgets.Widget)]
    return [*looks, *reversed(every), *links]


def close_all(top: Any) -> None:
    """Take a widget and all that belongs to it out of the page and the kernel's memory."""
    for widget in every_widget(top):
        widget.close()


def reopen_all(top: Any) -> bool:
    """Let a widget and all that belongs to it be known to the page again; return whether they were closed."""
    closed = [widget for widget in every_widget(top) if widget.comm is None]
    for widget in closed:
        vars(widget).pop("_repr_mimebundle_", None)  # what `close` puts in its place
        widget.open()
    return bool(closed)


def _shell() -> Any:
    """Return IPython's shell, None where there is none."""
    try:
        from IPython.core.getipython import get_ipython  # noqa: PLC0415  # only in a notebook is it there
    except ImportError:
        return None
    return get_ipython()


def _run(shell: Any) -> Run | None:
    """Return which cell runs now; None for what a click in the page does."""
    request = getattr(shell, "parent_header", None) or {}
    if not request:  # IPython in a terminal
        cells = shell.user_ns.get("In") or [""]
        return Run(cells[-1], str(shell.execution_count))
    code = request.get("content", {}).get("code")
    if code is None:
        return None
    return Run(request.get("metadata", {}).get("cellId") or code, request["header"]["msg_id"])


def _forget(shell: Any, thing: Any) -> None:
    """Take something out of IPython's numbered results; names that the reader gave it stay."""
    results = shell.user_ns.get("_oh", {})
    for number in [number for number, result in results.items() if result is thing]:
        del results[number]
        for names in (shell.user_ns, shell.user_ns_hidden):
            names.pop(f"_{number}", None)
    for name in ("_", "__", "___"):
        for names in (vars(shell.displayhook), shell.user_ns, shell.user_ns_hidden):
            if names.get(name) is thing:
                names[name] = ""
