"""Buttons that turn pages of chunks, or of bitmap words."""

from __future__ import annotations


def page_buttons(what: str, first: int, size: int, whole: int) -> list[tuple[str, str]]:
    """Return words and tap of the buttons that show what is before a page and after it; "" taps lead nowhere.

    Args:
        what: "chunk" or "word"; a tap is this and the number of the first of the page that it leads to.
        first: of those that are shown, which are `size`.
        size: how many a page has.
        whole: how many there are.

    """
    before, behind = first - size, first + size
    last = min(behind + size, whole) - 1
    return [
        (f"◂ {what}s {before:,}–{first - 1:,}", f"{what} {before}") if first else (f"◂ earlier {what}s", ""),
        (f"{what}s {behind:,}–{last:,} ▸", f"{what} {behind}")
        if behind < whole
        else (f"later {what}s ▸", ""),
    ]
