"""The page of the command line: what each command's own parser says of it, so that it cannot differ from that."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch

from arenalab import cli
from arenalab.cli_commands import COMMANDS, PARTS, STATUSES, Command

HEAD = f"""\
# Command line

{cli.ABOUT} `arenalab --help` lists the commands, `arenalab COMMAND --help` says what stands here.

What is optional needs an *extra* of the package: `pip install 'arenalab[go]'`. Errors are one line on stderr.
Colours obey `NO_COLOR` and `FORCE_COLOR`. The exit status is
"""


def page() -> str:
    """Return the page."""
    parts = [HEAD, *(f"- **{status}**: {said}" for status, said in STATUSES.items())]
    group = ""
    for name, command in COMMANDS.items():
        if command.group != group:
            group = command.group
            parts.append(f"\n## {group[:1].upper()}{group[1:]}")
        parts += _command(command)
        parts += [
            line for part in PARTS.values() if part.name.startswith(f"{name} ") for line in _command(part)
        ]
    return "\n".join(parts) + "\n"


def parser_of(command: Command) -> argparse.ArgumentParser:
    """Return the parser that a command makes when it is asked for help."""
    made: list[argparse.ArgumentParser] = []

    def kept(parser: argparse.ArgumentParser, _file: object = None) -> NoReturn:
        made.append(parser)
        raise SystemExit

    try:
        with patch.object(argparse.ArgumentParser, "print_help", kept):
            command.run(["--help"])
    except SystemExit:
        pass
    return made[0]


def _command(command: Command) -> Iterator[str]:
    parser = parser_of(command)
    yield f"\n### arenalab {command.name}\n"
    yield from _parser(parser)
    for action in parser._actions:  # noqa: SLF001  # argparse has no other way to its parts
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, part in action.choices.items():
                yield f"\n#### arenalab {command.name} {name}\n"
                yield from _parser(part)
    yield "```sh"
    yield from command.examples
    yield "```\n"
    if command.differs:
        yield f"Exit status 1: {command.differs}.\n"
    if command.status:
        yield f"{command.status[:1].upper()}{command.status[1:]}.\n"


def _parser(parser: argparse.ArgumentParser) -> Iterator[str]:
    if parser.description:
        yield f"{_plain(' '.join(parser.description.split()))}\n"
    usage = " ".join(parser.format_usage().removeprefix("usage: ").split())
    yield f"```text\n{_plain(usage)}\n```\n"
    for group in parser._action_groups:  # noqa: SLF001
        rows = [
            row
            for action in group._group_actions  # noqa: SLF001
            if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)  # noqa: SLF001
            and (row := _row(parser, action))
        ]
        if rows:
            yield f"**{(group.title or '').capitalize()}**\n\n| | |\n|---|---|"
            yield from (*rows, "")


def _row(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    if action.help == argparse.SUPPRESS:
        return ""
    formatter = parser._get_formatter()  # noqa: SLF001
    called = formatter._format_action_invocation(action)  # noqa: SLF001
    said = _plain(formatter._expand_help(action)) if action.help else ""  # noqa: SLF001
    return f"| `{called.replace('|', chr(92) + '|')}` | {_escaped(said)} |"


def _plain(text: str) -> str:
    """Return a text without this machine's own folder."""
    return text.replace(str(Path.home()), "~")


def _escaped(text: str) -> str:
    return re.sub(r"([|*<>\[\]])", r"\\\1", text)
