"""Waiting for what another process does, no longer than needed."""

import time


def within(seconds, condition):
    """Return whether a condition comes true in so many seconds."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()
