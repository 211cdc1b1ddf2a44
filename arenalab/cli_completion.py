"""`arenalab completion SHELL`: a script by which a shell completes commands, options and what they may be."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import NamedTuple

from arenalab.cli_commands import COMMANDS, PARTS
from arenalab.cli_parser import Parser

ABOUT = """Print a script for your shell, which then completes commands, options, their values, and files. To have it
always, write it where the shell looks: see the examples."""


class Option(NamedTuple):
    """An option of a command."""

    names: tuple[str, ...]
    what: str
    values: tuple[str, ...]  #: what it may be; none for anything.
    takes: bool  #: whether a value follows.


class Known(NamedTuple):
    """What a shell needs to know of a command."""

    name: str
    what: str
    options: tuple[Option, ...]
    firsts: tuple[str, ...]  #: what its first argument may be; none for a file.
    closed: bool  #: whether it can be nothing else, no file either.


def main_completion(argv: Sequence[str]) -> int:
    """Print the script; return the exit status."""
    options = parser().parse_args(list(argv))
    print("\n".join(SCRIPTS[options.shell](list(known()))))
    return 0


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("completion", ABOUT)
    made.add_argument("shell", choices=tuple(SCRIPTS), help="which shell")
    return made


def known() -> Iterator[Known]:
    """Yield what is known of each command, from its own parser."""
    for command in (COMMANDS | PARTS).values():
        its = import_module(command.home.partition(":")[0]).parser()
        actions = list(_actions(its))
        choices = next((each.choices for each in actions if not each.option_strings and each.choices), ())
        firsts = (*_parts(command.name), *map(str, choices))
        options = {option.names: option for option in map(_option, actions) if option.names}
        yield Known(command.name, command.what, tuple(options.values()), firsts, closed=bool(choices))


def _parts(command: str) -> list[str]:
    """Return the commands of a command."""
    return [part for name, _, part in (each.partition(" ") for each in PARTS) if name == command]


def _actions(its: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield all that a parser takes, and what the parsers of its own commands take."""
    for action in its._actions:  # noqa: SLF001  # argparse tells it nowhere else
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for part in action.choices.values():
                yield from (each for each in part._actions if each.option_strings)  # noqa: SLF001


def _option(action: argparse.Action) -> Option:
    what = " ".join((action.help or "").replace("%%", "%").split())
    return Option(
        tuple(action.option_strings), what, tuple(map(str, action.choices or ())), takes=action.nargs != 0
    )


def quoted(text: str) -> str:
    """Return a text in single quotes, as these shells have them."""
    return "'" + text.replace("'", "'\\''") + "'"


def _names(options: Sequence[Option]) -> str:
    return " ".join(name for option in options for name in option.names)


def _valued(commands: Sequence[Known]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield of each option that has values what stands before one, as a pattern of a case, and the values."""
    for each in commands:
        for option in each.options:
            if option.values:
                yield "|".join(quoted(f"{each.name} {name}") for name in option.names), option.values


def _bash(commands: Sequence[Known]) -> Iterator[str]:
    names = " ".join(each.name for each in commands if " " not in each.name)
    yield f"""\
# bash completion of arenalab
_arenalab() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
  local command=${{COMP_WORDS[1]}} at=$COMP_CWORD
  local options="" values=""
  COMPREPLY=()
  if ((at == 1)); then
    COMPREPLY=($(compgen -W {quoted(names + " --help --version")} -- "$current"))
    return
  fi
  if ((at > 2)) && [[ "$command ${{COMP_WORDS[2]}}" == {_either(PARTS)} ]]; then
    command="$command ${{COMP_WORDS[2]}}" at=$((at - 1))
  fi
  case "$command $before" in"""
    for ways, values in _valued(commands):
        yield f"    {ways}) values={quoted(' '.join(values))} ;;"
    yield '  esac\n  case "$command" in'
    for each in commands:
        firsts = f" ((at == 2)) && values={quoted(' '.join(each.firsts))}" if each.firsts else ""
        yield f"    {quoted(each.name)}) options={quoted(_names(each.options))};{firsts} ;;"
    yield """\
  esac
  [[ $current == -* ]] && values=$options
  [[ -n $values ]] && COMPREPLY=($(compgen -W "$values" -- "$current"))
}
complete -o default -F _arenalab arenalab"""


def _either(names: Iterable[str]) -> str:
    return "@(" + "|".join(quoted(name) for name in names) + ")"


def _zsh(commands: Sequence[Known]) -> Iterator[str]:
    tops = " ".join(quoted(f"{each.name}:{each.what}") for each in commands if " " not in each.name)
    yield f"""\
#compdef arenalab
_arenalab() {{
  local command=$words[2] at=$CURRENT
  local -a offered
  if (( at == 2 )); then
    offered=({tops})
    _describe command offered
    return
  fi
  if (( at > 3 )); then
    case "$command $words[3]" in
      {"|".join(map(quoted, PARTS))}) command="$command $words[3]" at=$(( at - 1 )) ;;
    esac
  fi
  case "$command $words[CURRENT-1]" in"""
    for ways, values in _valued(commands):
        yield f"    {ways}) compadd -- {' '.join(map(quoted, values))}; return ;;"
    yield '  esac\n  if [[ $PREFIX == -* ]]; then\n    case "$command" in'
    for each in commands:
        pairs = " ".join(quoted(f"{name}:{option.what}") for option in each.options for name in option.names)
        yield f"      {quoted(each.name)}) offered=({pairs}) ;;"
    yield '    esac\n    _describe -o option offered\n    return\n  fi\n  case "$command $at" in'
    for each in commands:
        if each.firsts:
            alone = "; return" if each.closed else ""
            yield f"    {quoted(f'{each.name} 3')}) compadd -- {' '.join(map(quoted, each.firsts))}{alone} ;;"
    yield """\
  esac
  _files
}
if [ "$funcstack[1]" = _arenalab ]; then _arenalab "$@"; else compdef _arenalab arenalab; fi"""


def _fish(commands: Sequence[Known]) -> Iterator[str]:
    yield "# fish completion of arenalab"
    for each in commands:
        first, _, part = each.name.partition(" ")
        seen = f"__fish_seen_subcommand_from {first}"
        if part:
            seen += f"; and __fish_seen_subcommand_from {part}"
        else:
            yield f"complete -c arenalab -n __fish_use_subcommand -f -a {first} -d {quoted(each.what)}"
        if each.firsts:
            here = f"{seen}; and test (count (commandline -opc)) -eq 2"
            alone = " -f" if each.closed else ""
            yield f"complete -c arenalab -n {quoted(here)}{alone} -a {quoted(' '.join(each.firsts))}"
        seen += "".join(f"; and not __fish_seen_subcommand_from {name}" for name in _parts(each.name))
        for option in each.options:
            yield f"complete -c arenalab -n {quoted(seen)}{_fish_option(option)}"


def _fish_option(option: Option) -> str:
    """Return the part of a fish command that describes an option."""
    parts = [f" -{_fish_form(name)} {name.lstrip('-')}" for name in option.names]
    if option.values:
        parts.append(f" -x -a {quoted(' '.join(option.values))}")
    elif option.takes:
        parts.append(" -r")
    return "".join(parts) + f" -d {quoted(option.what)}"


def _fish_form(name: str) -> str:
    """Return how fish calls an option: long, of a letter, or long with one dash as Go's are."""
    if name.startswith("--"):
        return "l"
    return "s" if len(name) == len("-x") else "o"


SCRIPTS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
