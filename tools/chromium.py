"""Where Chromium is: for tests that look at pages, and for the pictures of README's gallery."""

from __future__ import annotations

import os
import shutil

#: The first of them has no window to draw: it takes a tenth less time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """Return the browser that ARENALAB_CHROMIUM names, else the first on PATH; None where there is none."""
    return os.environ.get("ARENALAB_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
