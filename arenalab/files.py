"""Files as they are written everywhere: whole or not at all, with the user's umask.

Rule: nothing else in the package makes a temporary file to rename it; `tempfile` would make it 0600.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from arenalab.errors import ScenarioError


def cache_dir() -> Path:
    """Where builds and measured costs are kept: $ARENALAB_CACHE, else the user's cache directory."""
    named = os.environ.get("ARENALAB_CACHE")
    if named:
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "arenalab"


@contextmanager
def written_whole(target: str | Path) -> Iterator[IO[str]]:
    """Yield a UTF-8 text file that takes the name `target` once all of it is written.

    An earlier file of that name stays untouched until then and hands on its permissions; a link is
    followed. A device or a pipe, such as /dev/stdout, is written in place.

    Raises:
        OSError: the folder is missing or can't be written; names `target`.

    """
    with bytes_written_whole(target) as file:
        text = os.fdopen(os.dup(file.fileno()), "w", encoding="utf-8", newline="")
        with text:
            yield text


@contextmanager
def bytes_written_whole(target: str | Path) -> Iterator[IO[bytes]]:
    """Yield a binary file that takes the name `target` once all of it is written; see `written_whole`."""
    path = Path(target).resolve()
    if path.exists() and not path.is_file():
        with path.open("wb") as file:  # a folder is refused here, by its name
            yield file
        return
    part = _beside(path)
    try:
        with _opened(part, path) as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def keep_what_is_there(out: Path, *, force: bool) -> None:
    """Refuse to replace a file that nobody said may go; make the folder of a new one.

    Raises:
        ScenarioError: the file is there. A device or a pipe is written, never replaced.

    """
    if out.is_dir() or (out.is_file() and not force):
        what = "a folder" if out.is_dir() else "there already"
        raise ScenarioError(f"{out} is {what}; name another file{'' if out.is_dir() else ' or use --force'}")
    out.parent.mkdir(parents=True, exist_ok=True)


def _opened(part: Path, path: Path) -> IO[bytes]:
    try:
        file = part.open("xb")  # 0666 less the umask
    except OSError as trouble:
        raise type(trouble)(trouble.errno, trouble.strerror, str(path)) from None
    if path.exists():
        part.chmod(stat.S_IMODE(path.stat().st_mode))
    return file


@contextmanager
def folder_written_whole(target: str | Path) -> Iterator[Path]:
    """Yield a new folder that takes the name `target`, which must be free, once all of it is written."""
    part = _beside(Path(target).absolute())
    part.mkdir()
    try:
        yield part
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _beside(path: Path) -> Path:
    """Name an unfinished file in the same folder, hence on the same disk, that no other process names."""
    return path.with_name(f".{path.name[:100]}.{os.getpid()}-{os.urandom(4).hex()}.part")
