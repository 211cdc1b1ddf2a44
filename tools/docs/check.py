"""What a built page must not do: fetch anything from a network, or lead to what isn't there."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath
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
    files: dict[str, Page | None] = {
        path.relative_to(folder).as_posix(): _page(path) for path in [folder, *sorted(folder.rglob("*"))]
    }
    return [f"{name}: {said}" for name, page in files.items() if page for said in _of(name, page, files)]


def _page(path: Path) -> Page | None:
    return Page(path.read_text(encoding="utf-8")) if path.suffix == ".html" else None


def _of(name: str, page: Page, files: dict[str, Page | None]) -> Iterator[str]:
    for target in page.fetches:
        if urlsplit(target).scheme in ("http", "https") or target.startswith("//"):
            yield f"fetches {target}"
        elif not target.startswith("data:") and _file(name, target) not in files:
            yield f"has no {target}"
    for link in page.links:
        if not urlsplit(link).scheme and (trouble := _dead(name, link, files)):
            yield f"links to {link}, {trouble}"


def _file(name: str, target: str) -> str:
    """Return the path below the folder of what a page names; what is outside is on no site."""
    return normpath(str(PurePosixPath(name).parent / unquote(urlsplit(target).path)))


def _dead(name: str, link: str, files: dict[str, Page | None]) -> str:
    target, anchor = urldefrag(link)
    file = _file(name, target) if target else name
    if file not in files:
        return "which is not there"
    page = files[file]
    return "where nothing is called so" if anchor and page and unquote(anchor) not in page.ids else ""
