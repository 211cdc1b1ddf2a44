"""Wire: stands where a kernel's comm stands, between a Player and whoever carries its messages to a page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any
from uuid import uuid4

Message = dict[str, Any]


class Wire:
    """What ipywidgets asks of a comm; what the widget sends to its page's script is handed to `carry`."""

    def __init__(self, carry: Callable[[Message], None]) -> None:
        """Carry nothing yet."""
        self.comm_id = uuid4().hex
        self._carry = carry
        self._hear: Callable[[Message], None] = lambda _: None

    def on_msg(self, hear: Callable[[Message], None]) -> None:
        """Take whom the page's messages are for."""
        self._hear = hear

    def send(self, data: Message, buffers: list[Any] | None = None, **_: Any) -> None:
        """Carry what the widget says to its script; its state goes in the page's own words."""
        if data.get("method") == "custom":
            told = [b64encode(part).decode("ascii") for part in buffers or ()]
            self._carry({"content": data["content"], "buffers": told})

    def deliver(self, content: Message) -> None:
        """Let the widget hear what its script says; it answers meanwhile."""
        self._hear({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})

    def close(self, *_: Any, **__: Any) -> None:
        """Have nobody hear any more."""
        self._hear = lambda _: None
