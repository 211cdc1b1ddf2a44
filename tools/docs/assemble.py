"""Put the site's sources into one folder: docs/, the notebooks, and the pages that are made of the package itself.

Documents link to each other as files of the repository; here each link is turned to where its page is on the site,
and a link to a file that has no page becomes plain text.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from os.path import normpath, relpath
from pathlib import Path

from arenalab.world.event import EVENTS
from tools.docs import api, commands

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = ("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md")
MADE = ("reference/", "project/", "course/")  #: what has no file in docs/.
CALLS = re.compile(
    r"^```console\n(?=(?:(?!\$ ).*\n)*?```$)", re.MULTILINE
)  #: shell, where no line has a prompt.
LINK = re.compile(r"(?<!!)\[([^\]\[]*)\]\(([^)#:\s]*)(#[^)\s]*)?\)")


def pages() -> dict[str, str]:
    """Return path in the repository -> path on the site, of everything that is shown."""
    found = {
        path.relative_to(ROOT).as_posix(): path.relative_to(ROOT / "docs").as_posix()
        for path in sorted((ROOT / "docs").rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    for path in sorted((*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("notebooks/*.md"))):
        found[path.relative_to(ROOT).as_posix()] = f"course/{path.name}"
    return found | {name: f"project/{name.lower()}" for name in PROJECT} | {"README.md": "index.md"}


def assemble(folder: Path) -> None:
    """Write all sources.

    A file that would be the same is left alone, so that Sphinx reads only what changed.
    """
    where = pages()
    made = {**api.pages(), "reference/cli.md": commands.page()}
    for repository, site in where.items():
        if repository == "README.md":
            continue
        path = ROOT / repository
        if path.suffix == ".md":
            made[site] = events_linked(relinked(path.read_text(encoding="utf-8"), repository, where), site)
        elif path.suffix == ".ipynb":
            made[site] = notebook(path.read_text(encoding="utf-8"), repository, where)
        else:
            _copy(path, folder / site)
    for site, text in made.items():
        _write(folder / site, text)
    _forget(folder, {*made, *where.values()})


def relinked(text: str, repository: str, where: dict[str, str]) -> str:
    """Return a document of the repository with its links as they must be on the site."""
    here = where[repository]

    def turned(found: re.Match[str]) -> str:
        label, target, anchor = found[1], found[2], (found[3] or "").lower()
        if not target:
            return f"[{label}]({anchor})" if anchor else found[0]
        path = normpath(f"{Path(repository).parent.as_posix()}/{target}")
        if path.removeprefix("docs/").startswith(MADE):
            return found[0]
        if path not in where:
            return label
        return f"[{label}]({relpath(where[path], Path(here).parent.as_posix() or '.')}{anchor})"

    text = CALLS.sub("```sh\n", text)
    return "".join(LINK.sub(turned, part) if prose else part for prose, part in _parts(text))


def events_linked(text: str, site: str) -> str:
    """Return the glossary with each kind of event as a link to what the reference says of its fields."""
    if site != "glossary.md":
        return text

    def linked(found: re.Match[str]) -> str:
        kind = EVENTS.get(found[1])
        return f"- {{py:obj}}`{found[1]} <{kind.__module__}.{found[1]}>`" if kind else found[0]

    return re.sub(r"^- \*\*(\w+)\*\*", linked, text, flags=re.MULTILINE)


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """Yield (is prose, part) of a Markdown text: fenced blocks and code in a line are no prose."""
    for number, part in enumerate(re.split(r"(^```.*?^```|`[^`\n]+`)", text, flags=re.MULTILINE | re.DOTALL)):
        yield number % 2 == 0, part


def notebook(text: str, repository: str, where: dict[str, str]) -> str:
    """Return a saved notebook for the site: links turned, and no output that needs a kernel."""
    book = json.loads(text)
    for cell in book["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = relinked("".join(cell["source"]), repository, where)
    return json.dumps(book)


def _copy(path: Path, to: Path) -> None:
    if not to.exists() or to.stat().st_mtime < path.stat().st_mtime:
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, to)


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _forget(folder: Path, kept: set[str]) -> None:
    """Remove what an earlier run left and nothing has now."""
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in kept:
            path.unlink()
