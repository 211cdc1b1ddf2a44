"""Wiring: what a widget's callback does with an error: it stands, as one line, beside the widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def shown(teller: Any, act: Callable[..., None]) -> Callable[..., None]:
    """Return a callback that puts its error into `teller.error`: ipywidgets would hide it in a log."""

    def careful(*args: Any) -> None:
        try:
            teller.error = ""
            act(*args)
        except Exception as error:  # noqa: BLE001  # whatever it is, the reader must see it
            teller.error = f"{type(error).__name__}: {error}"

    return careful
