"""What to say of a program that is built already: nothing can be put into it any more."""

from __future__ import annotations

import mmap
import os
import re
from pathlib import Path

from arenalab.errors import ToolchainError

BUILD_INFO = b"\xff Go buildinf:"  # how Go's linker marks a Go program (debug/buildinfo)
VERSION = re.compile(rb"go1\.\d+(?:\.\d+)?")
NEAR = 64  # bytes after the mark in which Go's version stands
SERVES, TRACES = (
    b"net/http/pprof.Trace",
    b"runtime/trace.Start",
)  # functions as a Go program's tables name them
SET = "GODEBUG=traceallocfree=1"


def refuse_an_executable(program: str) -> None:
    """Do nothing for what is not an executable file.

    Raises:
        ToolchainError: it is one, and can't be made to trace itself; the text says what can be done.
    """
    path = Path(program)
    if program.endswith(".go") or not path.is_file():
        return
    if not os.access(path, os.X_OK) or not path.stat().st_size:
        raise ToolchainError(
            f"{program} is neither Go source nor a program; name a package, its folder or a .go file"
        )
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        raise ToolchainError(
            f"{program} is built already, and can't be made to trace itself any more; {_instead(text, program)}"
        )


def _instead(text: mmap.mmap, program: str) -> str:
    mark = text.find(BUILD_INFO)
    if mark < 0:
        return "nor is it a Go program: only those have such traces"
    version = VERSION.search(text[mark : mark + NEAR])
    source = "name its package instead of it, as in: arenalab trace capture -- ./cmd/server"
    if text.find(SERVES) >= 0:
        return (
            f"{source}; or, since it serves net/http/pprof, start it as {SET} {program}, and take the trace from it: "
            "arenalab trace capture --url HOST:PORT --seconds 5"
        )
    if text.find(TRACES) >= 0:
        return f"{source}; or, since it calls trace.Start, run it as {SET} {program}, asking it for its trace"
    built_by = version[0].decode() if version else "Go"
    return f"{source} (it is {built_by}, and calls neither trace.Start nor net/http/pprof)"
