"""The `arenalab` command: finds the command that is asked for and loads that one alone; `cli_commands` lists them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from arenalab.cli_colour import emphasised
from arenalab.cli_commands import COMMANDS, INTERRUPTED, REFUSED, STATUSES
from arenalab.errors import ArenaLabError

ABOUT = "Go's user arenas, step by step, as the real runtime runs them."
MORE = """`arenalab COMMAND --help` says more of each. Colours: NO_COLOR turns them off, FORCE_COLOR on."""
HELP = ("help", "-h", "--help")
VERSION = ("version", "-V", "--version")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; print errors as one line and return the exit status."""
    command, *arguments = list(sys.argv[1:] if argv is None else argv) or [""]
    try:
        return _run(command, arguments)
    except ArenaLabError as trouble:
        print(f"arenalab {command}: {trouble}", file=sys.stderr)
        return REFUSED
    except ModuleNotFoundError as trouble:
        from arenalab.install import missing_module  # noqa: PLC0415  # rarely needed

        if not (said := missing_module(trouble)):
            raise
        print(f"arenalab {command}: {said}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print(f"arenalab {command}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        sys.stderr.close()
        return 0
    except OSError as trouble:  # a file or folder that isn't there, is full or may not be written
        print(f"arenalab {command}: {trouble}", file=sys.stderr)
        return REFUSED


def _run(command: str, arguments: list[str]) -> int:
    if command in HELP:
        if not arguments:
            return _help()
        command, arguments = arguments[0], ["--help"]
    if command in VERSION:
        print(f"arenalab {version()} ({Path(__file__).parent}, Python {sys.version.split()[0]})")
        return 0
    if command in COMMANDS:
        return COMMANDS[command].run(arguments)
    print(_unknown(command), file=sys.stderr)
    return REFUSED


def version() -> str:
    """Return ArenaLab's version, as it was installed."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  # rarely asked for, slow to load

    try:
        return version("arenalab")
    except PackageNotFoundError:  # run from its sources
        return "0 (not installed)"


def _unknown(command: str) -> str:
    """Report an unknown command, and which one may have been meant."""
    if not command:
        return "arenalab: name a command; try arenalab --help"
    if command.startswith("-"):
        return f"arenalab: there is no option {command!r} before a command; try arenalab --help"
    from difflib import get_close_matches  # noqa: PLC0415  # rarely needed

    near = get_close_matches(command.lower(), COMMANDS, 1)
    meant = f"did you mean {near[0]!r}? If not," if near else "to see all,"
    return f"arenalab: no command {command!r}; {meant} try arenalab --help"


def _help() -> int:
    print("\n".join(help_lines()))
    return 0


def help_lines() -> Iterator[str]:
    """Yield the help: the commands by what they are for, and what exit statuses mean."""
    yield f"usage: arenalab COMMAND [ARGUMENTS]   or: arenalab --version\n\n{ABOUT}"
    width = max(map(len, COMMANDS))
    group = ""
    for command in COMMANDS.values():
        if command.group != group:
            group = command.group
            yield f"\n{emphasised(group)}"
        yield f"  {command.name:<{width}}  {command.what}"
    yield f"\n{emphasised('examples')}"
    yield from (f"  {command.examples[0].partition('  # ')[0]}" for command in COMMANDS.values())
    yield f"\n{MORE}\n\n{emphasised('exit status')}"
    yield from (f"  {status:>3}  {what}" for status, what in STATUSES.items())


if __name__ == "__main__":
    sys.exit(main())
