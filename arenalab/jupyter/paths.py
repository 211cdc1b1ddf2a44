"""Where a file lies that the page names: the contents manager's rules, none of our own."""

from __future__ import annotations

from typing import Any

from jupyter_core.utils import ensure_async
from tornado import web

NOWHERE = "ArenaLab reads files of a file system, and this server keeps its files elsewhere"


def os_path(contents: Any, path: str) -> str:
    """Return the file system's path of a path below the server's root.

    Raises:
        HTTPError: 404, it lies outside the root; 501, the server keeps its files elsewhere than in a file system.

    """
    if not hasattr(contents, "_get_os_path"):
        raise web.HTTPError(501, NOWHERE)
    found: str = contents._get_os_path(path)  # noqa: SLF001  # the one place where Jupyter decides it
    return found


async def readable(contents: Any, path: str) -> str:
    """Return the file system's path of a file that the server would show.

    Raises:
        HTTPError: 404, there is none, it is hidden or lies outside the root; 501, as `os_path`.

    """
    await ensure_async(contents.get(path, content=False))
    return os_path(contents, path)
