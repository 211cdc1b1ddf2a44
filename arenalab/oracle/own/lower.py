"""Copies of go.mod and go.work that ask for an older Go than the person's own do.

The Go command takes them from a build overlay (or, for a workspace, from GOWORK), so that the
person's folder stays untouched. Lines that the older Go doesn't know are left out.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from arenalab.oracle.releases import line_of, number_of, serves

NEWER = r"toolchain|godebug|tool|ignore"  # directives that came after Go 1.21, or name a later Go
_LEFT_OUT = re.compile(rf"^[ \t]*(?:{NEWER})[ \t]*\([^)]*\)|^[ \t]*(?:{NEWER})[ \t][^\n(]*$", re.MULTILINE)
_GO_LINE = re.compile(r"^[ \t]*go[ \t]+(\d+\.\d+(?:\.\d+)?)\S*", re.MULTILINE)
_TOOLCHAIN_LINE = re.compile(r"^[ \t]*toolchain[ \t]+go(\d+\.\d+(?:\.\d+)?)\S*", re.MULTILINE)
#: A folder, as it stands or in quotes.
_QUOTED = r"(?:\.{1,2}(?:/[^\"`\n]*)?|/[^\"`\n]*)"
_FOLDER = rf'(\.{{1,2}}(?:/[^\s"`]*)?|/[^\s"`/][^\s"`]*|"{_QUOTED}"|`{_QUOTED}`)'
_LOCAL = re.compile(rf"=>[ \t]*{_FOLDER}")
_USED = re.compile(rf"^[ \t]*(?:use[ \t]+)?{_FOLDER}[ \t]*(?://.*)?\r?$", re.MULTILINE)


def newer_go(package: Path, version: str) -> tuple[Path, str] | None:
    """The first file of the package's tree that asks for a newer Go than `version` ("1.21.13"), and for which."""
    for path in [*_workspaces(package), *_modules(package)]:
        for found in _GO_LINE.findall(_text(path)):
            if not serves(version, found):
                return path, found
    return None


def asked_go(package: Path) -> tuple[Path, str] | None:
    """The file of the package's own module or workspace that asks for the newest Go, and which that is.

    As the Go command has it, a `toolchain` line counts as a `go` line does, unless GOTOOLCHAIN says
    to use the installed Go.
    """
    patterns = [_GO_LINE]
    if os.environ.get("GOTOOLCHAIN", "").split("+")[0] not in ("local", "path"):
        patterns.append(_TOOLCHAIN_LINE)
    own = _above(package, "go.mod")
    asked = [
        (path, version)
        for path in [*_workspaces(package), *([] if own is None else [own])]
        for pattern in patterns
        for version in pattern.findall(_text(path))
    ]
    return max(asked, key=lambda each: number_of(each[1]), default=None)


def lowered(text: str, version: str) -> str:
    """The text of a go.mod or go.work whose go line asks for the language level of `version` at most."""

    def line(found: re.Match[str]) -> str:
        return found[0] if serves(version, found[1]) else f"go {line_of(version)}"

    return _GO_LINE.sub(line, _LEFT_OUT.sub("", text))


def lowered_files(package: Path, folder: Path, version: str) -> dict[str, str]:
    """The overlay's entries: each go.mod that belongs to the person's tree, and its lowered copy in `folder`."""
    replace: dict[str, str] = {}
    for number, module in enumerate(_modules(package)):
        copy = folder / f"lowered-{number}.mod"
        _write(copy, lowered(_text(module), version))
        replace[str(module)] = str(copy)
    return replace


def lowered_workspace(package: Path, folder: Path, version: str) -> dict[str, str]:
    """GOWORK for a lowered copy of the workspace that holds `package`; nothing when there is none."""
    work = _workspace(package)
    if work is None:
        return {}
    copy = folder / "go.work"

    def absolute(found: re.Match[str]) -> str:
        return found[0].replace(found[1], f'"{(work.parent / _bare(found[1])).resolve()}"')

    text = lowered(_text(work), version)
    _write(copy, _LOCAL.sub(absolute, _USED.sub(absolute, text)))
    return {"GOWORK": str(copy)}


def _modules(package: Path) -> list[Path]:
    """The package's go.mod, those of the workspace, and those of folders that they put in other modules' place."""
    work, own = _workspace(package), _above(package, "go.mod")
    found = [] if own is None else [own]
    if work is not None:
        text = _text(work)
        found += [work.parent / _bare(used) / "go.mod" for used in _USED.findall(text) + _LOCAL.findall(text)]
    for module in tuple(found):
        if module.is_file():
            found += [module.parent / _bare(there) / "go.mod" for there in _LOCAL.findall(_text(module))]
    return list(dict.fromkeys(path.resolve() for path in found if path.is_file()))


def _bare(folder: str) -> str:
    return folder.strip('"`')


def _text(path: Path) -> str:
    """Its text; the Go command reads any bytes in a comment, so they are kept as they are."""
    return path.read_text(encoding="utf-8", errors="surrogateescape")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="surrogateescape")


def _workspace(package: Path) -> Path | None:
    named = os.environ.get("GOWORK", "")
    return None if named == "off" else Path(named) if named else _above(package, "go.work")


def _workspaces(package: Path) -> list[Path]:
    work = _workspace(package)
    return [] if work is None or not work.is_file() else [work]


def _above(folder: Path, name: str) -> Path | None:
    return next((up / name for up in (folder, *folder.parents) if (up / name).is_file()), None)
