"""Wiring: what each control, key and click makes an explorer do.

Law of this file: no error is swallowed; it stands, as one line, in the explorer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arenalab.explore.shell import Explorer

Change = dict[str, Any]
IDLE = {"kind": "idle"}  #: what the page tells when it has time.


def shown(explorer: Explorer, act: Callable[..., None]) -> Callable[..., None]:
    """Return a callback that shows its error in the explorer: ipywidgets would hide it in a log."""

    def careful(*args: Any) -> None:
        try:
            if args[:1] != (IDLE,):  # the reader has done nothing: what went wrong before still stands
                explorer.error = ""
            act(*args)
        except Exception as error:  # noqa: BLE001  # whatever it is, the reader must see it
            explorer.error = f"{type(error).__name__}: {error}"

    return careful


def connect(explorer: Explorer) -> None:
    """Give the controls their meaning."""
    controls = explorer.controls
    clicks: dict[Any, Callable[[], None]] = {
        controls.first: explorer.first,
        controls.back: explorer.back,
        controls.step: explorer.step,
        controls.last: explorer.last,
        controls.find_next: explorer.find,
        controls.find_back: lambda: explorer.find(forwards=False),
    }
    for button, act in clicks.items():
        button.on_click(shown(explorer, lambda _, act=act: act()))
    changes: dict[Any, Callable[[Change], None]] = {
        controls.slider: lambda change: _go(explorer, change),
        controls.jump: lambda change: _go(explorer, change),
        controls.unit: lambda change: _choose_unit(explorer, change),
        controls.speed: lambda change: setattr(controls.play, "interval", change["new"]),
        controls.chunk: lambda change: _choose_chunk(explorer, change),
        controls.follow: lambda change: _choose_follow(explorer, change),
        controls.who: lambda change: _choose_who(explorer, change),
        controls.target: lambda _: _show_stop(explorer),
        controls.stop: lambda change: _choose_stop(explorer, change),
    }
    for control, answer in changes.items():
        control.observe(shown(explorer, answer), "value")


def _go(explorer: Explorer, change: Change) -> None:
    if explorer.drawing:
        return
    place = explorer.stepper.place(change["new"])
    if explorer.controls.play.playing and _is_choosy(explorer) and place.cursor > explorer.cursor:
        explorer.go_playing(place)
    else:
        explorer.go(place)


def _is_choosy(explorer: Explorer) -> bool:
    """Whether playing must not just go where the slider goes."""
    return bool(explorer.breakpoints or explorer.who)


def _show_stop(explorer: Explorer) -> None:
    explorer.controls.stop.value = explorer.controls.target.value in explorer.breakpoints


def _choose_stop(explorer: Explorer, change: Change) -> None:
    target = explorer.controls.target.value
    if change["new"]:
        explorer.breakpoints.add(target)
    else:
        explorer.breakpoints.discard(target)


def _choose_unit(explorer: Explorer, change: Change) -> None:
    explorer.stepper.unit = change["new"]
    explorer.render()


def _choose_chunk(explorer: Explorer, change: Change) -> None:
    if not explorer.drawing:
        explorer.chunk = change["new"]


def _choose_who(explorer: Explorer, change: Change) -> None:
    if not explorer.drawing:
        explorer.who = change["new"]


def _choose_follow(explorer: Explorer, change: Change) -> None:
    if not explorer.drawing:
        explorer.chunk = None if change["new"] else explorer.controls.chunk.value


def listener(explorer: Explorer) -> Callable[[dict[str, Any]], None]:
    """Return what answers the page: keys, clicks, zooming, the theme, its idling, its own failure."""

    def hear(content: dict[str, Any]) -> None:
        kind = content.get("kind")
        if kind == "key":
            keys(explorer).get(str(content.get("key")), lambda: None)()
        elif kind == "paper":
            explorer.paper = "dark" if content.get("dark") else "light"
        elif kind == "zoom":
            explorer.on_zoom(str(content["name"]), float(content["start"]), float(content["end"]))
        elif kind == "choose":
            explorer.on_choose(str(content["key"]))
        elif content == IDLE:
            explorer.look_ahead()
        elif kind == "failed":
            raise RuntimeError(f"the page could not draw: {content.get('text')}")

    return shown(explorer, hear)


def keys(explorer: Explorer) -> dict[str, Callable[[], None]]:
    """Return what each key does, by the browser's name for it."""
    play = explorer.controls.play
    return {
        "ArrowLeft": explorer.back,
        "ArrowRight": explorer.step,
        "Home": explorer.first,
        "End": explorer.last,
        " ": lambda: setattr(play, "playing", not play.playing),
        "n": explorer.find,
        "p": lambda: explorer.find(forwards=False),
        **explorer.more_keys(),
    }
