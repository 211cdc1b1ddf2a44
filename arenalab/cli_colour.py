"""Colours on a terminal: none where nobody sees them, or where NO_COLOR says so; FORCE_COLOR has them anywhere.

What a colour says is said in words, too: whoever sees none misses nothing.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO

BOLD, RED, GREEN, YELLOW = "1", "31", "32", "33"


def coloured(stream: TextIO) -> bool:
    """Return whether a stream takes colours: as no-color.org and force-color.org have it, then as a terminal does."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def painted(text: str, colour: str, stream: TextIO | None = None) -> str:
    """Return a text in a colour for a stream, stdout unless another is named."""
    return f"\x1b[{colour}m{text}\x1b[0m" if text and coloured(stream or sys.stdout) else text


def emphasised(text: str) -> str:
    """Return a heading for stdout."""
    return painted(text, BOLD)
