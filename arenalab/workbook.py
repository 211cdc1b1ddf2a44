"""The reader's own copy of the workbook: made once, kept, brought up to date; nothing of the reader's is lost.

    python -m arenalab.workbook [FOLDER]

Rules:
1. The folder belongs to the reader. What stands there and did not come from here is never touched.
2. A chapter is the reader's once a cell of it differs from the edition that was copied; that it was run is no change.
   What the reader changed stays, and the new edition comes beside it, under a name that says so.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arenalab.errors import ArenaLabError, reason
from arenalab.files import bytes_written_whole, written_whole

ROOT = Path(__file__).resolve().parent.parent
PROGRESS = "arenalab-progress.json"
COURSE = "arenalab-course"  #: the copy's folder, where a reader names none.
GIVEN = ".arenalab-workbook.json"  #: what was copied: name -> Edition, so that a change is seen.
FORM = "arenalab workbook"
NEW = "new-edition"
CHAPTERS = re.compile(r"(\d\d_\w+|index)\.ipynb")


class WorkbookError(ArenaLabError):
    """The workbook can't be copied; the text says from where or to where, and why."""


@dataclass(frozen=True)
class Edition:
    """Digests of a file: of all its bytes, and of what a person wrote in it (cells without their outputs)."""

    whole: str
    written: str

    @classmethod
    def of(cls, content: bytes) -> Edition:
        """Return the digests of a file's content."""
        return cls(_digest(content), _digest(_written(content)))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _written(content: bytes) -> bytes:
    """Return the cells of a notebook without outputs and numbers; any other file as it is."""
    try:
        cells = json.loads(content)["cells"]
        told = [[cell["cell_type"], "".join(cell["source"]), cell.get("attachments")] for cell in cells]
    except (ValueError, KeyError, TypeError, RecursionError):
        return content
    return json.dumps(told, sort_keys=True).encode()


@dataclass
class Update:
    """What bringing a workbook up to date has done, by names of files."""

    folder: Path
    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)  #: the reader's file -> the new edition beside it.

    def lines(self) -> list[str]:
        """Return a line for each change; none when nothing was done."""
        told = [f"{self.folder}: your copy of the workbook, {len(self.new)} files"] if self.new else []
        if self.updated:
            told.append(f"{self.folder}: brought up to date: {', '.join(self.updated)}")
        told += [
            f"{self.folder}: {name} has your changes and is kept; its new edition is {beside}"
            for name, beside in self.beside.items()
        ]
        return told


def source_folder() -> Path:
    """Return the folder of the chapters that came with ArenaLab.

    Raises:
        WorkbookError: this copy of ArenaLab came without them.

    """
    folders = [ROOT / "notebooks", ROOT / "arenalab" / "notebooks"]  # of a clone; of a wheel
    found = next((folder for folder in folders if (folder / "index.ipynb").is_file()), None)
    if found is None:
        raise WorkbookError(
            f"the chapters are neither in {folders[0]} nor in {folders[1]}; reinstall ArenaLab"
        )
    return found


def reader_folder() -> Path:
    """Return where the reader's copy is by default: in a clone, else below where one stands, or there if it is one."""
    if (ROOT / "pyproject.toml").is_file():
        return ROOT / "workbook"
    return Path() if Path(GIVEN).is_file() else Path(COURSE)


def parts(source: Path) -> Iterator[Path]:
    """Yield what a reader needs, by path below `source`: chapters, glossary, data."""
    yield from sorted(Path(path.name) for path in source.glob("*.ipynb") if CHAPTERS.fullmatch(path.name))
    yield Path("glossary.md")
    yield from sorted(path.relative_to(source) for path in (source / "data").iterdir() if path.is_file())


def bring_up_to_date(folder: Path, source: Path | None = None) -> Update:
    """Make the reader's copy in `folder`, or bring it up to date with `source`.

    Raises:
        WorkbookError: a file can't be read or written; what was done before is whole.

    """
    source, update = source or source_folder(), Update(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        copy, named = _Copy(folder, update), list(parts(source))
        for part in named:
            copy.bring(part, (source / part).read_bytes())
        copy.keep_progress(source / PROGRESS)
        copy.close({part.as_posix() for part in named})
    except OSError as trouble:
        raise WorkbookError(f"the workbook can't be copied to {folder}: {reason(trouble)}") from None
    return update


class _Copy:
    """The reader's folder, and what was copied into it before."""

    def __init__(self, folder: Path, update: Update) -> None:
        self.folder, self.update = folder, update
        self.given = _read_given(folder / GIVEN)

    def bring(self, part: Path, content: bytes) -> None:
        """Let one file be there in its present edition; leave the reader's own alone."""
        name, now = part.as_posix(), Edition.of(content)
        there, before = self._there(name), self.given.get(name)
        self.given[name] = now
        if there is None:
            self.update.new.append(name)
            self._put(name, content)
        elif there.written == now.written:
            if there == before:  # else it was run since, and keeps its outputs
                self._put(name, content, unless=now)
            self._drop_beside(part)
        elif _same(there, before):
            self.update.updated.append(name)
            self._put(name, content)
        elif not _same(now, before):
            self._beside(part, content, now)

    def keep_progress(self, old: Path) -> None:
        """Bring how the exercises went from where it was kept before there was a copy."""
        if old.is_file() and self._there(PROGRESS) is None:
            self._put(PROGRESS, old.read_bytes())

    def close(self, names: Collection[str]) -> None:
        """Take away what is no part of the workbook any more, unless it was changed; remember what was copied."""
        for name in [name for name in self.given if name not in names and NEW not in name]:
            if _same(self._there(name), self.given.pop(name)):
                (self.folder / name).unlink()
        rows = {name: [edition.whole, edition.written] for name, edition in sorted(self.given.items())}
        with written_whole(self.folder / GIVEN) as out:
            out.write(json.dumps({FORM: 1, "files": rows}, indent=1) + "\n")

    def _there(self, name: str) -> Edition | None:
        path = self.folder / name
        return Edition.of(path.read_bytes()) if path.exists() else None

    def _put(self, name: str, content: bytes, *, unless: Edition | None = None) -> None:
        path = self.folder / name
        if unless is None or self._there(name) != unless:
            path.parent.mkdir(exist_ok=True)
            with bytes_written_whole(path) as out:
                out.write(content)

    def _beside(self, part: Path, content: bytes, now: Edition) -> None:
        """Put the new edition beside the reader's file, in place of the last one there, if nobody changed that."""
        name = next(
            name
            for name in _names_beside(part)
            if (there := self._there(name)) is None or _same(there, self.given.get(name)) or _same(there, now)
        )
        self._put(name, content)
        self.update.beside[part.as_posix()] = name
        self.given[name] = now

    def _drop_beside(self, part: Path) -> None:
        """Take away editions beside a file that is up to date, as long as nobody changed them."""
        for name in _names_beside(part):
            there = self._there(name)
            if there is None:
                return
            if _same(there, self.given.pop(name, None)):
                (self.folder / name).unlink()


def _same(one: Edition | None, other: Edition | None) -> bool:
    """Return whether a person has written the same in both; to have been run is no difference."""
    return one is not None and other is not None and one.written == other.written


def _names_beside(part: Path) -> Iterator[str]:
    for number in ("", *(f"-{number}" for number in range(2, 1000))):
        yield part.with_name(f"{part.stem}.{NEW}{number}{part.suffix}").as_posix()


def _read_given(path: Path) -> dict[str, Edition]:
    """Return what was copied before; nothing when the file is damaged, so that all that differs is kept."""
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
        if told[FORM] != 1:
            return {}
        return {
            str(name): Edition(str(whole), str(written)) for name, (whole, written) in told["files"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def main(argv: Sequence[str] | None = None) -> int:
    """Bring the copy in the folder that is named, or the usual one, up to date and say what was done."""
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        update = bring_up_to_date(Path(given[0]) if given else reader_folder())
    except ArenaLabError as trouble:
        print(f"arenalab: {trouble}", file=sys.stderr)
        return 2
    print("".join(f"ArenaLab: {line}\n" for line in update.lines()), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
