"""Which part of the axis that runs along a history a picture shows, and how it is chosen."""

from __future__ import annotations

from arenalab.view.windows import MOVED, Part

SMALLEST = 10  #: steps of a part, where the run has as many.
SHARE, LEAST_AROUND = 20, 40  #: the part around the cursor: one of so many, but not fewer steps than these.
WHOLE, AROUND = "whole run", "around the cursor"
FITS = (WHOLE, AROUND, MOVED)


def fitted_part(fit: str, at: float, end: int) -> Part:
    """Return the part of an axis from 0 to `end` for a choice of FITS, with the cursor at `at`.

    Around the cursor, a part stands still until the cursor leaves its middle quarter: what changes in the
    picture then changed in the run. "custom" without anything moved yet is the whole run.
    """
    if fit != AROUND:
        return 0, end
    width = max(LEAST_AROUND, end // SHARE)
    quarter = width // 4
    return _placed(int(at // quarter) * quarter - (width - quarter) // 2, width, end)


def inside(part: tuple[float, float], end: int) -> Part:
    """Return a part that lies on the axis, of whole steps and of `SMALLEST` or more where it can."""
    first, last = sorted(part)
    wanted = round(last - first)
    width = max(wanted, SMALLEST)
    return _placed(round(first) - (width - wanted) // 2, width, end)


def scaled(part: Part, factor: float, end: int, at: float) -> Part:
    """Return a part `factor` times as wide; the place `at`, or the middle without it, stays where it is."""
    first, last = part
    fixed = at if first <= at <= last else (first + last) / 2
    width = min(max(round((last - first) * factor), SMALLEST), end)
    share = (fixed - first) / max(1, last - first)
    return _placed(round(fixed - share * width), width, end)


def _placed(first: int, width: int, end: int) -> Part:
    width = min(width, end)
    first = min(max(first, 0), end - width)
    return first, first + width
