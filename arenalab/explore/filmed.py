"""Filmed: what makes an explorer's picture a page that steps without a kernel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from arenalab.asked import path_of
from arenalab.explore.cells import close_all
from arenalab.explore.film import Reel, film
from arenalab.explore.saved import save_page
from arenalab.explore.traited import Traited

if TYPE_CHECKING:
    from arenalab.explore.shell import Explorer


class Filmed(Traited):
    """The part of an `Explorer` that saves all steps, and takes itself away."""

    name: ClassVar[str]
    widget: Any

    def reels(self) -> list[Reel]:
        """Return fresh reels for a film, one for each part of the picture; see `film`."""
        raise NotImplementedError

    def close(self) -> None:
        """Take all widgets out of the page and the kernel's memory; shown again, it comes back."""
        close_all(self.widget)
        cast("Explorer", self).release()

    def save_html(
        self, path: str | Path, *, unit: str | None = None, first: int = 0, last: int | None = None
    ) -> Path:
        """Write the picture with its step controls as one HTML file that needs no kernel and no network.

        Args:
            path: the file; an earlier one stays untouched until all is written.
            unit: "operation" or "event"; what the explorer steps by now.
            first: position of the first step.
            last: position of the last step; the end of the history.

        Raises:
            ArgumentError: no such unit, or no such steps.
            ScenarioError: more steps than a page can hold, or the file can't be written.

        """
        return save_page(
            path_of("path", path),
            self.name,
            [film(cast("Explorer", self), unit=unit, first=first, last=last)],
        )
