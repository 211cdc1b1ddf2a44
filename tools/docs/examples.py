"""The examples on a page: each file is written, each program and command run, each output compared.

* A block with a `:caption:` is a file of that name.
* `python` is run, all of a page in one namespace, in a folder of its own.
* In `console` a line after `$ ` is run where it begins with `arenalab`; an exit status other than 0 is said behind it:
  `# exit status 1`. Lines without `$` are for the reader; a test looks whether their options exist.
* A `text` block directly after one of them is what it prints; `...` stands for anything.

`python -m tools.docs.examples PAGE...` writes what is printed now into the pages.
"""

from __future__ import annotations

import contextlib
import doctest
import gzip
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from arenalab.cli import main as arenalab

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(
    r"^```(?P<kind>[^\n]*)\n(?P<options>(?::[a-z-]+:[^\n]*\n)*)\n?(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
STATUS = re.compile(r"\s+# exit status (\d+)$")
#: Files that pages use, by the names that they have there.
FILES = {
    "server.rec": "notebooks/data/server-1.27.jsonl.gz",
    "mended.rec": "notebooks/data/server_mended-1.27.jsonl.gz",
    "run.jsonl": "notebooks/data/refill-1.21.jsonl.gz",
    "x.trace": "notebooks/data/shop_audit.trace.gz",
}


class Block(NamedTuple):
    """A fenced block of a page."""

    kind: str  #: its language: "python", "console", "text"; of a file whatever it is.
    text: str
    file: str  #: name, "" where it is none.
    start: int  #: where its text begins on the page, and ends.
    end: int


class Difference(NamedTuple):
    """An example that prints something else than the page says."""

    block: Block  #: the `text` on the page.
    printed: str


def blocks_of(page: str) -> list[Block]:
    """Return a page's fenced blocks."""
    found = []
    for each in BLOCK.finditer(page):
        caption = re.search(r":caption: (.*)", each["options"])
        kind = each["kind"].removeprefix("{code-block}").strip()
        found.append(
            Block(kind, each["text"], caption[1] if caption else "", each.start("text"), each.end("text"))
        )
    return found


def run(page: str, folder: Path) -> Iterator[Difference]:
    """Run all examples of a page in a folder; yield what differs.

    Raises:
        AssertionError: a command ends with another status than the page says.
        Exception: whatever a program raises.

    """
    names: dict[str, Any] = {"__name__": "example"}
    blocks = blocks_of(page)
    with contextlib.chdir(folder):
        for name, path in FILES.items():
            if name in page and (ROOT / path).exists():
                _copy(ROOT / path, Path(name))
        for block, after in zip_longest(blocks, blocks[1:]):
            printed = _printed(block, names)
            said = (
                after is not None
                and after.kind == "text"
                and not page[block.end : after.start].strip("`\ntex")
            )
            if said and after is not None and not _alike(after.text, printed):
                yield Difference(after, printed)


def _copy(source: Path, name: Path) -> None:
    """Copy a file that a page uses; a recording is unpacked."""
    if source.suffixes[-2:] == [".jsonl", ".gz"]:
        name.write_bytes(gzip.decompress(source.read_bytes()))
    else:
        shutil.copy(source, name)


def _printed(block: Block, names: dict[str, Any]) -> str:
    if block.file:
        Path(block.file).write_text(block.text, encoding="utf-8")
        return ""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        if block.kind == "python":
            exec(compile(block.text, "example", "exec"), names)  # noqa: S102  # our own pages
        elif block.kind == "console":
            for line in block.text.splitlines():
                if line.startswith("$ arenalab"):
                    _command(line.removeprefix("$ "))
    return out.getvalue()


def _command(line: str) -> None:
    expected = STATUS.search(line)
    arguments = shlex.split(STATUS.sub("", line), comments=True)[1:]
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            status = arenalab(arguments)
        except SystemExit as ended:
            status = int(ended.code or 0)
    wanted = int(expected[1]) if expected else 0
    if status != wanted:
        raise AssertionError(f"{line}: exit status {status}, the page says {wanted}: {said.getvalue()}")


def _alike(said: str, printed: str) -> bool:
    return doctest.OutputChecker().check_output(
        said, printed, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )


def written(path: Path) -> None:
    """Write into a page what its examples print now."""
    page = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        different = list(run(page, Path(folder)))
    for each in reversed(different):
        page = page[: each.block.start] + each.printed.rstrip() + "\n" + page[each.block.end :]
    path.write_text(page, encoding="utf-8")
    print(f"{path}: {len(different)} outputs written")


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"
    for name in sys.argv[1:]:
        written(Path(name))
