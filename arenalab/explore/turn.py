"""Turn: whose turn it is, the kernel's to send a picture or the page's to paint the last one."""

from __future__ import annotations

from time import monotonic

PATIENCE = 3.0  #: seconds after which a picture that the page has not told of is taken to be lost.


class Turn:
    """The kernel sends when the page has painted, or has been silent for `PATIENCE`."""

    def __init__(self) -> None:
        """Begin with the kernel."""
        self._sent_at: float | None = None

    @property
    def waits(self) -> bool:
        """Whether the page is still painting."""
        return self._sent_at is not None and monotonic() - self._sent_at < PATIENCE

    def sent(self) -> None:
        """Take note that a picture is on its way."""
        self._sent_at = monotonic()

    def painted(self) -> None:
        """Take note that the page has painted, or that it is a new one."""
        self._sent_at = None
