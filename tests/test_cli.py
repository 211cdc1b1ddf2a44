"""The `arenalab` command as a whole: its list of commands, its help, its colours, what it says to a wrong name."""

import io
import subprocess
import sys
from importlib import import_module

import pytest

from arenalab import cli_colour
from arenalab.cli import main
from arenalab.cli_commands import COMMANDS, PARTS, STATUSES, Command
from arenalab.errors import ScenarioError

ALL = COMMANDS | PARTS
#: What the list of commands needs of ours: no command's module.
FIRST = {
    "arenalab",
    *(f"arenalab.{name}" for name in ("cli", "cli_colour", "cli_commands", "errors", "names")),
}
#: What some command needs and takes a while to load.
LATER = {"numpy", "json", "argparse", "subprocess"}


def test_version_is_the_installed_one(capsys):
    from importlib.metadata import version  # noqa: PLC0415

    assert main(["--version"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"arenalab {version('arenalab')} (")
    assert main(["version"]) == 0
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("command", [["--version"], ["--help"]])
def test_list_of_commands_and_version_load_no_command(command):
    program = f"import sys\nfrom arenalab.cli import main\nmain({command!r})\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert {name for name in loaded if name.startswith("arenalab")} == FIRST
    assert not loaded & LATER


def test_help_names_every_command_in_its_group_and_every_status(capsys):
    assert main(["help"]) == 0
    said = capsys.readouterr().out
    assert main(["--help"]) == 0
    assert capsys.readouterr().out == said
    for command in COMMANDS.values():
        assert f"\n  {command.name:<6}" in said
        assert command.what in said
        assert f"\n{command.group}\n" in said
    assert all(what in said for what in STATUSES.values())
    assert max(map(len, said.splitlines())) <= 100


@pytest.mark.parametrize("name", ALL)
def test_help_of_each_command_has_its_examples_and_what_its_statuses_mean(capsys, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "400")
    command = ALL[name]
    with pytest.raises(SystemExit) as end:
        main([*name.split(), "--help"])
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith(f"usage: arenalab {name} ")
    assert all(example.partition("  # ")[0] in said for example in command.examples)
    assert command.differs in said
    assert "exit status: 0 done; " in " ".join(said.split())


@pytest.mark.parametrize("name", ALL)
def test_examples_of_a_command_are_understood_by_its_parser(name):
    import shlex  # noqa: PLC0415

    parser = import_module(ALL[name].home.partition(":")[0]).parser()
    for example in ALL[name].examples:
        words = shlex.split(example, comments=True)[1:]
        if words[: len(name.split())] != name.split() or words[1:2] == ["capture"] != name.split()[1:]:
            continue  # an example of one of its parts
        words = words[len(name.split()) :]
        parser.parse_known_args(words[: words.index("--")] if "--" in words else words)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "arenalab: name a command; try arenalab --help"),
        (["chekk"], "no command 'chekk'; did you mean 'check'?"),
        (["inspect"], "no command 'inspect'; to see all, try arenalab --help"),
        (["--jsno"], "there is no option '--jsno' before a command"),
    ],
)
def test_wrong_command_is_one_line_that_helps(capsys, given, said):
    assert main(given) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert (told.out, told.err.count("\n")) == ("", 1)


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (ScenarioError("no such thing"), 2, "arenalab check: no such thing\n"),
        (KeyboardInterrupt(), 130, "arenalab check: interrupted\n"),
        (
            OSError(28, "No space left on device", "x"),
            2,
            "arenalab check: [Errno 28] No space left on device: 'x'\n",
        ),
    ],
)
def test_what_goes_wrong_is_one_line_with_its_status(monkeypatch, capsys, raised, status, said):
    def run(_):
        raise raised

    monkeypatch.setattr(Command, "run", property(lambda _: run))
    assert main(["check", "x"]) == status
    assert capsys.readouterr().err == said


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "set_", "coloured"),
    [
        (Terminal, {}, True),
        (io.StringIO, {}, False),
        (Terminal, {"NO_COLOR": "1"}, False),
        (Terminal, {"NO_COLOR": ""}, True),
        (io.StringIO, {"FORCE_COLOR": "1"}, True),
        (io.StringIO, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (Terminal, {"TERM": "dumb"}, False),
    ],
)
def test_colours_are_for_terminals_and_for_whoever_asks(monkeypatch, stream, set_, coloured):
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in set_.items():
        monkeypatch.setenv(name, value)
    painted = cli_colour.painted("agrees", cli_colour.GREEN, stream())
    assert painted == ("\x1b[32magrees\x1b[0m" if coloured else "agrees")


@pytest.mark.parametrize(("given", "meant"), [("--jsom", " (did you mean --json?)"), ("--zzzzzz", "")])
def test_mistyped_option_is_answered_with_the_one_that_was_meant(capsys, given, meant):
    with pytest.raises(SystemExit) as end:
        main(["check", given, "x"])
    assert end.value.code == 2
    told = f"arenalab check: unrecognized arguments: {given}{meant}; try arenalab check --help\n"
    assert capsys.readouterr().err == told
