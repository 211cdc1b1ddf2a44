"""What a built page must not do: fetch anything from a network, or lead to what isn't there."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

#: Tags whose attribute makes a browser fetch something.
FETCHED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "video": "src"}


class Page(HTMLParser):
    """One page: what it fetches, where its links lead, what in it can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetches: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag fetches, where it leads and what it is called."""
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag in FETCHED and FETCHED[tag] in given:
            self.fetches.append(given[FETCHED[tag]])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])


def complaints(folder: Path) -> list[str]:
    """Return what is wrong with the pages of a folder, [] for nothing."""
    pages = {
        path.resolve(): Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))
    }
    return [
        f"{path.relative_to(folder.resolve())}: {said}"
        for path, page in pages.items()
        for said in _of(path, page, pages)
    ]


def _of(path: Path, page: Page, pages: dict[Path, Page]) -> Iterator[str]:
    for target in page.fetches:
        if urlsplit(target).scheme in ("http", "https") or target.startswith("//"):
            yield f"fetches {target}"
        elif not target.startswith("data:") and not _file(path, target).exists():
            yield f"has no {target}"
    for link in page.links:
        if not urlsplit(link).scheme and (trouble := _dead(path, link, pages)):
            yield f"links to {link}, {trouble}"


def _file(path: Path, target: str) -> Path:
    return (path.parent / unquote(urlsplit(target).path)).resolve()


def _dead(path: Path, link: str, pages: dict[Path, Page]) -> str:
    target, anchor = urldefrag(link)
    file = _file(path, target) if target else path
    if not file.exists():
        return "which is not there"
    return (
        "where nothing is called so"
        if anchor and file in pages and unquote(anchor) not in pages[file].ids
        else ""
    )
